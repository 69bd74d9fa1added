/** Which folders of an account are fetched and shown. Each tick counts at once. */

import { Button, Checkbox, Modal } from '@mantine/core'
import { useAsk } from '../ask.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import styles from './Dialogs.module.css'
import { wholeName } from './folder-tree.ts'

export function ShownFoldersDialog({ accountId, onClose }: { accountId: string; onClose(): void }) {
  const words = useWords()
  const language = useLanguage()
  const act = useAct()
  const accounts = useAsk('accounts.list', [])
  const all = useAsk('mailbox.folders', [])
  const account = accounts.data?.find(({ id }) => id === accountId)?.label ?? ''
  const own = (all.data ?? []).filter(folder => folder.accountId === accountId)
  const choices = own
    .filter(({ role, isContainer, isLocal }) => role === null && !isContainer && !isLocal)
    .map(folder => ({ ...folder, name: wholeName(folder, own, words) }))
    .sort((left, right) => left.name.localeCompare(right.name, language))
  return (
    <Modal
      opened
      onClose={onClose}
      title={words('folders.shownTitle', { account })}
      withCloseButton={false}
      size={440}
      zIndex={400}
    >
      <p className={styles.text}>{words(choices.length === 0 ? 'folders.shownNone' : 'folders.shownText')}</p>
      <ul className={styles.choices}>
        {choices.map(folder => (
          <li key={folder.id}>
            <Checkbox
              label={folder.name}
              checked={folder.isSubscribed}
              onChange={event => void act('mailbox.subscribe', folder.id, event.currentTarget.checked)}
            />
          </li>
        ))}
      </ul>
      <div className={styles.answers}>
        <Button variant="filled" onClick={onClose} data-autofocus>
          {words('folders.done')}
        </Button>
      </div>
    </Modal>
  )
}
