/** Each account with its colour and unread mails; opened, its folders by their roles. */

import {
  IconChevronRight,
  IconFolderPlus,
  IconListCheck,
  IconPlayerPause,
  IconUserCog,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Folder } from '../../shared/folder.ts'
import type { Account, AccountStatus } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { openFolderDialog } from '../folders/folder-dialogs.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { problemWords } from '../ui/problem-words.ts'
import { useNow } from '../ui/use-now.ts'
import { Count } from './Count.tsx'
import { FolderTree } from './FolderTree.tsx'
import { isSamePlace } from './folders.ts'
import { useNavigation } from './navigation.tsx'
import styles from './Places.module.css'

export function AccountPlaces() {
  const words = useWords()
  const { go } = useNavigation()
  const accounts = useAsk('accounts.list', [])
  const folders = useAsk('mailbox.folders', [])
  const statuses = useAsk('app.status', [])
  if (accounts.data === undefined || accounts.data.length === 0) return null
  return (
    <>
      <div className={styles.heading}>
        <h2 id="places-accounts">{words('frame.accounts')}</h2>
        <IconButton
          icon={IconUserCog}
          name={words('frame.manageAccounts')}
          size="small"
          onClick={() => go({ view: 'accounts' })}
        />
      </div>
      <ul className={styles.list} aria-labelledby="places-accounts">
        {accounts.data.map(account => (
          <AccountPlace
            key={account.id}
            account={account}
            outgoing={statuses.data?.find(({ accountId }) => accountId === account.id)?.outgoing}
            folders={(folders.data ?? []).filter(folder => folder.accountId === account.id)}
          />
        ))}
      </ul>
    </>
  )
}

type Outgoing = AccountStatus['outgoing']

/** Why and how long nothing leaves from this account; a click leads to its mails. */
function RestingLine({ outgoing }: { outgoing: Extract<Outgoing, { state: 'paused' }> }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const { go } = useNavigation()
  const until =
    outgoing.until === null
      ? words('frame.foot.sendingPaused')
      : words('frame.foot.sendingRests', { time: format.due(Math.max(now, outgoing.until), now) })
  return (
    <button type="button" className={styles.resting} onClick={() => go({ view: 'outbox' })}>
      <IconPlayerPause size={12} stroke={2.4} aria-hidden />
      <span>
        <b>{until}</b>
        {problemWords(outgoing.problem, words, format).title}
      </span>
    </button>
  )
}

type AccountPlaceProps = { account: Account; folders: Folder[]; outgoing: Outgoing | undefined }

function AccountPlace({ account, folders, outgoing }: AccountPlaceProps) {
  const words = useWords()
  const { where } = useNavigation()
  const isInside =
    where.view === 'mail' &&
    where.place.kind === 'folder' &&
    folders.some(folder => isSamePlace({ kind: 'folder', folderId: folder.id }, where.place))
  /** Open where one is, until somebody opens or closes it. */
  const [chosen, setChosen] = useState<boolean | null>(null)
  const isOpen = chosen ?? isInside
  const unread = folders.find(folder => folder.role === 'inbox')?.unread ?? 0
  return (
    <li>
      <button
        type="button"
        className={styles.place}
        aria-expanded={isOpen}
        title={account.identity.address}
        onClick={() => setChosen(!isOpen)}
      >
        <span className={styles.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
        <span className={styles.name}>{account.label}</span>
        <IconChevronRight size={13} stroke={2.2} className={styles.chevron} aria-hidden />
        <Count number={unread} ears={words('frame.unreadCount', { count: unread })} />
      </button>
      {outgoing?.state === 'paused' && <RestingLine outgoing={outgoing} />}
      {isOpen && (
        <>
          <FolderTree folders={folders} />
          <div className={styles.folderActs}>
            <IconButton
              icon={IconFolderPlus}
              size="small"
              name={words('folders.create')}
              onClick={() => openFolderDialog({ kind: 'create', accountId: account.id, parent: null })}
            />
            {account.incoming.kind === 'imap' && (
              <IconButton
                icon={IconListCheck}
                size="small"
                name={words('folders.shown')}
                onClick={() => openFolderDialog({ kind: 'shown', accountId: account.id })}
              />
            )}
          </div>
        </>
      )}
    </li>
  )
}
