/** The places: Write, the four places of all accounts, the accounts with their folders, and how everything stands. */

import type { Icon } from '@tabler/icons-react'
import { IconInbox, IconPencil, IconSend, IconSettings, IconUpload, IconUsers } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useAsk } from '../ask.ts'
import { openComposer } from '../compose/composers.ts'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { showKey } from '../ui/keys.ts'
import { Pill } from '../ui/StatePill.tsx'
import { AccountPlaces } from './AccountPlaces.tsx'
import { Count } from './Count.tsx'
import { INBOX, SENT, useNavigation, type Where } from './navigation.tsx'
import styles from './Places.module.css'
import { StatusLine } from './StatusLine.tsx'

export function Places() {
  const words = useWords()
  const settings = useAsk('settings.get', [])
  const { where, go } = useNavigation()
  return (
    <nav className={styles.places} aria-label={words('frame.places')}>
      <div className={styles.brand}>
        <span className={styles.seal} aria-hidden lang="ja">
          届
        </span>
        {words('frame.name')}
      </div>
      <button
        type="button"
        className={styles.write}
        aria-keyshortcuts="c"
        onClick={() => openComposer({ kind: 'empty', accountId: null })}
      >
        {words('frame.write')}
        {settings.data?.singleKeys !== false && <kbd aria-hidden>{showKey('c')}</kbd>}
      </button>
      <div className={styles.scroll}>
        <ul className={styles.list}>
          <li>
            <PlaceButton icon={IconInbox} name={words('frame.inbox')} where={INBOX}>
              <InboxCount />
            </PlaceButton>
          </li>
          <li>
            <PlaceButton icon={IconUpload} name={words('frame.outbox')} where={{ view: 'outbox' }}>
              <OutboxPill />
            </PlaceButton>
          </li>
          <li>
            <PlaceButton icon={IconSend} name={words('frame.sent')} where={SENT} />
          </li>
          <li>
            <PlaceButton icon={IconPencil} name={words('frame.drafts')} where={{ view: 'drafts' }}>
              <DraftCount />
            </PlaceButton>
          </li>
          <li>
            <PlaceButton icon={IconUsers} name={words('frame.people')} where={{ view: 'people' }} />
          </li>
        </ul>
        <AccountPlaces />
      </div>
      <div className={styles.foot}>
        <StatusLine />
        <span className={styles.gear} data-on={where.view === 'settings' || undefined}>
          <IconButton
            icon={IconSettings}
            name={words('frame.settings')}
            keyHint="Mod+,"
            size="small"
            onClick={() => go({ view: 'settings' })}
          />
        </span>
      </div>
    </nav>
  )
}

function isHere(where: Where, target: Where): boolean {
  if (where.view !== 'mail' || target.view !== 'mail') return where.view === target.view
  return (
    where.place.kind === 'unified' &&
    target.place.kind === 'unified' &&
    where.place.role === target.place.role
  )
}

type PlaceProps = { icon: Icon; name: string; where: Where; children?: ReactNode }

function PlaceButton({ icon: Shape, name, where: target, children }: PlaceProps) {
  const { where, go } = useNavigation()
  const isOn = isHere(where, target)
  return (
    <button
      type="button"
      className={styles.place}
      {...(isOn && { 'aria-current': 'page' as const })}
      onClick={() => go(target)}
    >
      <Shape size={18} stroke={1.7} aria-hidden />
      <span className={styles.name}>{name}</span>
      {children}
    </button>
  )
}

function InboxCount() {
  const words = useWords()
  const count = useAsk('mailbox.count', [{ kind: 'unified', role: 'inbox' }])
  const unread = count.data?.unread ?? 0
  return <Count number={unread} ears={words('frame.unreadCount', { count: unread })} />
}

function DraftCount() {
  const words = useWords()
  const drafts = useAsk('drafts.list', [])
  const number = drafts.data?.length ?? 0
  return <Count number={number} ears={words('frame.draftCount', { count: number })} />
}

function OutboxPill() {
  const words = useWords()
  const counts = useAsk('outbox.counts', [])
  const { sending, waiting, needsYou } = counts.data ?? { sending: 0, waiting: 0, needsYou: 0 }
  if (sending + waiting + needsYou === 0) return null
  const text =
    needsYou > 0
      ? words('frame.pill.needsYou', { count: needsYou })
      : sending > 0 && waiting > 0
        ? words('frame.pill.both', { sending, waiting })
        : sending > 0
          ? words('frame.pill.sending', { count: sending })
          : words('frame.pill.waiting', { count: waiting })
  return (
    <span className={styles.pill}>
      <span aria-hidden>
        <Pill tone={needsYou > 0 ? 'trouble' : 'waits'}>{text}</Pill>
      </span>
      <span className="for-ears">{words('frame.pill.ears', { sending, waiting, needsYou })}</span>
    </span>
  )
}
