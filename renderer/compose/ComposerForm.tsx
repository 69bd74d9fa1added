/** The form of a composer: rows, text, attachments, and the way to Send. */

import { IconPaperclip } from '@tabler/icons-react'
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  lazy,
  Suspense,
  type SyntheticEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import type { Account, Draft } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { MergeStrip } from '../merge/MergeStrip.tsx'
import { useMerge } from '../merge/use-merge.ts'
import { useTemplates } from '../templates/use-templates.ts'
import { isComposing } from '../ui/ime.ts'
import { AttachmentList } from './AttachmentList.tsx'
import css from './Composer.module.css'
import { ComposerBar, SaveNote } from './ComposerBar.tsx'
import { type ComposerDialog, ComposerDialogs } from './ComposerDialogs.tsx'
import { ComposerNotes } from './ComposerNotes.tsx'
import { ComposerQuestions } from './ComposerQuestions.tsx'
import { type ComposerSize, nameComposer, type OpenComposer, raiseComposer } from './composers.ts'
import type { SnippetSource } from './editor/surface.ts'
import { FromField } from './FromField.tsx'
import { filesUnder } from './folder-files.ts'
import { IdentityNote } from './IdentityNote.tsx'
import { hasMailFile, mailFileIn } from './mail-file-drag.ts'
import { RecipientRows } from './RecipientRows.tsx'
import { RedirectNote } from './RedirectNote.tsx'
import { SendRow } from './SendRow.tsx'
import { SizeMeter } from './SizeMeter.tsx'
import { type Composer, useComposer } from './use-composer.ts'
import { useFocusReturn } from './use-focus-return.ts'
import { useWarmAccount } from './use-warm-account.ts'
import { WishBadges } from './WishBadges.tsx'
import type { HeldDraft } from './writing.ts'

const LetterSurface = lazy(async () => ({
  default: (await import('./editor/LetterSurface.tsx')).LetterSurface,
}))

const MergeDialog = lazy(async () => ({ default: (await import('../merge/MergeDialog.tsx')).MergeDialog }))

type Props = {
  composer: OpenComposer
  size: ComposerSize
  draft: Draft
  isNew: boolean
  accounts: readonly Account[]
} & HeldDraft

export function ComposerForm({ composer: open, size, draft, isNew, accounts, ...held }: Props) {
  const words = useWords()
  const titleId = useId()
  const composer = useComposer(open, draft, isNew, accounts, held)
  const merge = useMerge(open.isToMany === true, isNew ? null : draft.id)
  const templates = useTemplates(composer, accounts, {
    draftId: draft.id,
    isToMany: merge.chosen !== null,
    isAnswer: draft.answers != null,
  })
  const send = (sendAt: number | null) => {
    if (merge.isReading) return
    if (merge.chosen === null) composer.send(sendAt)
    else merge.check(composer.written())
  }
  const drop = useDrop(composer, () => size === 'minimised' && raiseComposer(open.key))
  const [isDiscarding, setDiscarding] = useState(false)
  const [dialog, show] = useState<ComposerDialog | null>(null)
  const { fields } = composer
  const isFrozen = composer.sending.step === 'going' || composer.sending.step === 'looks'
  const isRedirect = draft.answers?.kind === 'redirect'

  useWarmAccount(fields.accountId, size !== 'minimised')
  useEffect(() => nameComposer(open.key, draft.id), [open.key, draft.id])

  /** Dialogs and menus of a composer are its children to React, but not on the page. */
  const isWithin = (event: SyntheticEvent) =>
    event.target instanceof Node && event.currentTarget.contains(event.target)
  /** A menu that hangs in the composer has its keys to itself: Escape closes the menu, not the mail. */
  const isInMenu = ({ target }: SyntheticEvent) =>
    target instanceof Element && target.closest('[role="menu"]') !== null

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event) || event.defaultPrevented || !isWithin(event) || isInMenu(event)) return
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      // A key that is held down sends nothing twice, and answers no question.
      if (!event.repeat) send(null)
    } else if (event.key === 'Escape' && size !== 'minimised') {
      event.preventDefault()
      // The browser may be a moment late with taking the focus from the field.
      if (composer.sending.step === 'looks') composer.doNotSend()
      else composer.close()
    }
  }

  function onPaste(event: ClipboardEvent): void {
    const files = [...event.clipboardData.files]
    // A copied table brings a picture of itself along: text wins.
    if (
      isRedirect ||
      files.length === 0 ||
      !isWithin(event) ||
      event.clipboardData.types.includes('text/plain')
    )
      return
    event.preventDefault()
    composer.attachments.add(files)
  }

  return (
    <section
      className={css.composer}
      data-size={size}
      aria-labelledby={titleId}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onBlur={event => {
        if (isWithin(event) && !event.currentTarget.contains(event.relatedTarget)) composer.saveNow()
      }}
      {...(isRedirect ? {} : drop.handlers)}
    >
      <ComposerBar
        composerKey={open.key}
        titleId={titleId}
        title={fields.subject.trim() === '' ? words('compose.newMail') : fields.subject}
        size={size}
        close={{
          name: words(isNew && !composer.isTouched ? 'compose.closePlain' : 'compose.close'),
          act: composer.close,
        }}
      >
        <SaveNote saving={composer.saving} isTouched={composer.isTouched || !isNew} />
      </ComposerBar>
      <div className={css.form} hidden={size === 'minimised'} inert={isFrozen || composer.isLettingGo}>
        <MergeStrip merge={merge} composer={composer} />
        <Rows
          composer={composer}
          draft={draft}
          accounts={accounts}
          snippets={templates.snippets}
          isMinimised={size === 'minimised'}
          isNew={isNew}
          isRedirect={isRedirect}
        />
        {isRedirect ? (
          <RedirectNote draft={draft} />
        ) : (
          <AttachmentList attachments={composer.files} draftId={draft.id} />
        )}
        <SizeMeter
          meter={composer.meter}
          hasFiles={composer.attachments.attached.length + composer.attachments.uploads.length > 0}
          onWaysOut={composer.showWaysOut}
        />
        <ComposerNotes composer={composer} hasAccounts={accounts.length > 0} />
        <WishBadges composer={composer} />
        <SendRow
          composer={composer}
          canAttach={!isRedirect}
          merge={merge}
          onSend={send}
          onShow={show}
          onDiscard={() => (composer.hasSomething() ? setDiscarding(true) : composer.discard())}
        />
        {drop.isOver && (
          <div className={css.drop} aria-hidden>
            <IconPaperclip size={22} stroke={1.6} />
            {words('compose.dropHere')}
          </div>
        )}
      </div>
      <ComposerQuestions
        composer={composer}
        accounts={accounts}
        draftId={draft.id}
        isDiscarding={isDiscarding}
        onKeep={() => setDiscarding(false)}
      />
      {merge.step !== 'closed' && (
        <Suspense fallback={null}>
          <MergeDialog merge={merge} composer={composer} draftId={draft.id} accounts={accounts} />
        </Suspense>
      )}
      <ComposerDialogs
        open={dialog}
        composer={composer}
        draftId={draft.id}
        templates={templates}
        accounts={accounts}
        onClose={() => show(null)}
      />
    </section>
  )
}

type RowsProps = {
  composer: Composer
  draft: Draft
  accounts: readonly Account[]
  snippets: SnippetSource
  isMinimised: boolean
  isNew: boolean
  /** The mail goes on as it is: only its recipients are written. */
  isRedirect: boolean
}

function Rows({ composer, draft, accounts, snippets, isMinimised, isNew, isRedirect }: RowsProps) {
  const words = useWords()
  const { fields, change, surface } = composer
  const to = useRef<HTMLInputElement>(null)
  const subjectId = useId()
  const hasRecipients = fields.to.chips.length > 0
  useFocusReturn(() => (hasRecipients ? (surface.current?.element ?? null) : to.current), isMinimised)

  return (
    <>
      <FromField accounts={accounts} identity={composer.identity} />
      <IdentityNote draft={draft} accounts={accounts} identity={composer.identity} />
      <RecipientRows composer={composer} draftId={draft.id} toRef={to} />
      {!isRedirect && (
        <>
          <div className={css.subjectRow}>
            <label className={css.label} htmlFor={subjectId}>
              {words('compose.subject')}
            </label>
            <input
              id={subjectId}
              data-place="subject"
              className={css.subject}
              type="text"
              autoComplete="off"
              spellCheck
              value={fields.subject}
              onChange={event => change({ subject: event.target.value })}
              onKeyDown={event => {
                if (event.key !== 'Enter' || isComposing(event) || event.ctrlKey || event.metaKey) return
                event.preventDefault()
                surface.current?.element.focus()
              }}
            />
          </div>
          <Suspense fallback={<div className={css.waiting} aria-busy />}>
            <LetterSurface
              key={composer.letterVersion}
              draftId={draft.id}
              letter={{ html: fields.html ?? null, text: fields.text }}
              isNew={isNew}
              takesFocus={hasRecipients && !isMinimised}
              attachments={composer.attachments}
              surface={surface}
              snippets={snippets}
              onReady={composer.identity.ready}
              onTyping={composer.typing}
              onLetter={change}
            />
          </Suspense>
        </>
      )}
    </>
  )
}

/** Files may be let go anywhere on the composer, folders too, and files of a mail that is read. */
function useDrop(composer: Composer, onDropped: () => void) {
  const [depth, setDepth] = useState(0)
  const hasFiles = ({ dataTransfer }: DragEvent) =>
    dataTransfer.types.includes('Files') || hasMailFile(dataTransfer)
  return {
    isOver: depth > 0,
    handlers: {
      onDragEnter(event: DragEvent) {
        if (hasFiles(event)) setDepth(current => current + 1)
      },
      onDragLeave(event: DragEvent) {
        if (hasFiles(event)) setDepth(current => Math.max(0, current - 1))
      },
      onDragOver(event: DragEvent) {
        if (!hasFiles(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
      },
      onDrop(event: DragEvent) {
        if (!hasFiles(event)) return
        setDepth(0)
        // Pictures that were let go in the text are in the text by now.
        if (event.defaultPrevented) return
        event.preventDefault()
        const mailFile = mailFileIn(event.dataTransfer)
        if (mailFile !== null) composer.attachments.addFromMail([mailFile])
        onDropped()
        const items = [...event.dataTransfer.items].filter(item => item.kind === 'file')
        const files: File[] = []
        for (const item of items) {
          const file = item.getAsFile()
          const entry = item.webkitGetAsEntry()
          if (entry?.isDirectory === true) {
            const folder = entry as FileSystemDirectoryEntry
            composer.attachments.addFolder(folder.name, () => filesUnder(folder))
          } else if (file !== null) files.push(file)
          else composer.attachments.addUnreadable(entry?.name ?? '')
        }
        composer.attachments.add(files)
      },
    },
  }
}
