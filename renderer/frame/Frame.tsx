/**
 * The window: places, and beside them the view one is in; below 900 px a stack of the two. Opens composers, listens to
 * the keys of the whole window. Heavy views are loaded when first opened.
 */

import { IconArrowLeft, IconMenu2, IconPencilPlus } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useAsk } from '../ask.ts'
import { onEvent } from '../bridge.ts'
import { openComposer } from '../compose/composers.ts'
import { FolderDialogs } from '../folders/FolderDialogs.tsx'
import { useRefusals } from '../folders/use-refusals.tsx'
import { useUndo } from '../folders/use-undo.tsx'
import { useWords } from '../i18n/words.ts'
import { MailView } from '../mailbox/MailView.tsx'
import { Announcer } from '../ui/announce.tsx'
import { Boundary } from '../ui/Boundary.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useKeys } from '../ui/keys.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useShowProblem } from '../ui/use-act.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { Everything, openEverything } from './Everything.tsx'
import styles from './Frame.module.css'
import { searchFrom, useNavigation, type Where } from './navigation.tsx'
import { PaneHandle } from './PaneHandle.tsx'
import { Places } from './Places.tsx'
import { type Panes, PLACES_LIMITS, usePanes } from './panes.ts'

const OutboxView = lazy(async () => ({ default: (await import('../outbox/OutboxView.tsx')).OutboxView }))
const DraftsView = lazy(async () => ({ default: (await import('../mailbox/DraftsView.tsx')).DraftsView }))
const PeopleView = lazy(async () => ({ default: (await import('../people/PeopleView.tsx')).PeopleView }))
const TemplatesView = lazy(async () => ({
  default: (await import('../templates/TemplatesView.tsx')).TemplatesView,
}))
const SettingsView = lazy(async () => ({
  default: (await import('../settings/SettingsView.tsx')).SettingsView,
}))
const AccountsView = lazy(async () => ({
  default: (await import('../accounts/AccountsView.tsx')).AccountsView,
}))
const WelcomeView = lazy(async () => ({ default: (await import('../accounts/WelcomeView.tsx')).WelcomeView }))
const ComposerDock = lazy(async () => ({
  default: (await import('../compose/ComposerDock.tsx')).ComposerDock,
}))

/** The first thing to know is whether there is an account: without one, the welcome is the window. */
export function Frame() {
  const accounts = useAsk('accounts.list', [])
  const isSlow = useIsSlow(accounts.isPending)
  // The first account is there before its check has been read: the welcome stays until the person is done with it.
  const [isAdding, setAdding] = useState(false)
  const words = useWords()
  if (accounts.isPending) {
    return (
      <main className={styles.view} aria-busy>
        {isSlow && <DeskShape />}
      </main>
    )
  }
  if (accounts.isError) {
    return (
      <main className={styles.alone}>
        <h1 className="for-ears">{words('frame.name')}</h1>
        <ProblemNote problem={accounts.error.problem} onRetry={() => void accounts.refetch()} />
      </main>
    )
  }
  return (
    <>
      {accounts.data.length === 0 || isAdding ? (
        <Boundary>
          <Suspense fallback={<main aria-busy />}>
            <WelcomeView isAdding={isAdding} onAdding={setAdding} />
          </Suspense>
        </Boundary>
      ) : (
        <Desk />
      )}
      <Boundary>
        <Suspense fallback={null}>
          <ComposerDock />
        </Suspense>
      </Boundary>
      <Announcer />
    </>
  )
}

/** The shape of the desk, while the program opens its files. */
function DeskShape() {
  const words = useWords()
  return (
    <div className={styles.shape}>
      <h1 className="for-ears">{words('frame.name')}</h1>
      <p className={styles.opening} role="status">
        <span className={styles.seal} aria-hidden lang="ja">
          届
        </span>
        {words('frame.opening')}
      </p>
      <div className={styles.shapeList}>
        <SkeletonRows rows={9} />
      </div>
    </div>
  )
}

function Desk() {
  const words = useWords()
  const panes = usePanes()
  const { where, go } = useNavigation()
  const [isPlacesOpen, setPlacesOpen] = useState(false)
  useDeskKeys(panes.isStack)
  useComposeRequests()
  useSettingsProblem()
  useRefusals()

  // biome-ignore lint/correctness/useExhaustiveDependencies: a step to another place closes the list of places
  useEffect(() => setPlacesOpen(false), [where])

  if (panes.isStack) {
    return (
      <div className={styles.stack}>
        <StackBar isPlacesOpen={isPlacesOpen} onPlaces={setPlacesOpen} />
        {isPlacesOpen ? (
          <Places />
        ) : (
          <main className={styles.view}>
            <CurrentView panes={panes} />
          </main>
        )}
        <Everything go={go} />
        <FolderDialogs />
      </div>
    )
  }
  return (
    <div className={styles.desk} style={{ gridTemplateColumns: `${panes.widths.places}px minmax(0, 1fr)` }}>
      <Places />
      <main className={styles.view}>
        <CurrentView panes={panes} />
        <PaneHandle
          name={words('frame.resizePlaces')}
          width={panes.widths.places}
          limits={PLACES_LIMITS}
          onResize={places => panes.resize({ places })}
          onDone={panes.remember}
        />
      </main>
      <Everything go={go} />
      <FolderDialogs />
    </div>
  )
}

function CurrentView({ panes }: { panes: Panes }) {
  const { where } = useNavigation()
  return (
    <Boundary key={where.view}>
      <View where={where} panes={panes} />
    </Boundary>
  )
}

function View({ where, panes }: { where: Where; panes: Panes }) {
  if (where.view === 'mail') return <MailView where={where} panes={panes} />
  return (
    <Suspense fallback={null}>
      {where.view === 'outbox' && <OutboxView />}
      {where.view === 'drafts' && <DraftsView panes={panes} />}
      {where.view === 'people' && <PeopleView panes={panes} />}
      {where.view === 'templates' && <TemplatesView panes={panes} />}
      {where.view === 'settings' && <SettingsView />}
      {where.view === 'accounts' && <AccountsView />}
    </Suspense>
  )
}

/** In a stack: the way back and the way to everywhere, over whatever view is open. */
function StackBar({ isPlacesOpen, onPlaces }: { isPlacesOpen: boolean; onPlaces(isOpen: boolean): void }) {
  const words = useWords()
  const { where, go } = useNavigation()
  const isReading = where.view === 'mail' && where.messageId !== null && !isPlacesOpen
  return (
    <header className={styles.stackBar}>
      {isReading ? (
        <IconButton
          icon={IconArrowLeft}
          name={words('frame.back')}
          onClick={() => go({ ...where, messageId: null })}
        />
      ) : (
        <IconButton
          icon={IconMenu2}
          name={words('frame.openPlaces')}
          aria-expanded={isPlacesOpen}
          onClick={() => onPlaces(!isPlacesOpen)}
        />
      )}
      <span className={styles.stackName}>{words('frame.name')}</span>
      <IconButton
        icon={IconPencilPlus}
        name={words('frame.write')}
        keyHint="c"
        onClick={() => openComposer({ kind: 'empty', accountId: null })}
      />
    </header>
  )
}

function useDeskKeys(isStack: boolean): void {
  const { where, go } = useNavigation()
  const undo = useUndo()
  const searched = (): Where => {
    const there = searchFrom(where)
    // In a stack the field is over the list, not over the mail that is read.
    return isStack && there.view === 'mail' ? { ...there, messageId: null } : there
  }
  useKeys({
    c: () => openComposer({ kind: 'empty', accountId: null }),
    '/': () => go(searched()),
    'Mod+f': event => {
      // In a letter or a dialog it is not the mails that are looked through.
      if (!(event.target as Element).closest('[role="dialog"], [contenteditable]')) go(searched())
    },
    'Mod+k': () => openEverything(),
    'Mod+,': () => go({ view: 'settings' }),
    z: undo,
  })
}

/** A mailto: from outside, or a second start: the draft is there already and wants a window. */
function useComposeRequests(): void {
  useEffect(
    () =>
      onEvent(event => {
        if (event.name === 'compose.requested') openComposer({ draftId: event.payload.draftId })
      }),
    [],
  )
}

/** Settings that could not be read are said once, at the start. */
function useSettingsProblem(): void {
  const info = useAsk('app.info', [])
  const showProblem = useShowProblem()
  const problem = info.data?.settingsProblem ?? null
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per problem, not again in another language
  useEffect(() => {
    if (problem !== null) showProblem(problem)
  }, [problem])
}
