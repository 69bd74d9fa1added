/** The mail that is read: its actions, its heading, its way, its letter, its attachments. */

import { Menu } from '@mantine/core'
import { IconCode, IconCopy, IconDots, IconDownload, IconMailOpened } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { Message, Place } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { Boundary } from '../ui/Boundary.tsx'
import { Empty } from '../ui/Empty.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { useKeys } from '../ui/keys.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { ConversationMails } from './ConversationMails.tsx'
import { MailBody } from './MailBody.tsx'
import styles from './ReadingPane.module.css'
import { SourceDialog } from './SourceDialog.tsx'
import { useConversation } from './use-conversation.ts'
import { type MessageAction, useMessageActions } from './use-message-actions.ts'

type Props = {
  messageId: string | null
  /** Where it is read: what is done with a conversation is done with its mails in there. */
  place: Place
  /** There are mails to choose from: without one chosen, the pane says so. */
  isInvited: boolean
  onRemoved(): void
}

export function ReadingPane({ messageId, place, isInvited, onRemoved }: Props) {
  const words = useWords()
  const settings = useAsk('settings.get', [])
  const message = useAsk('mailbox.message', [messageId ?? ''], { isEnabled: messageId !== null })
  const isSlow = useIsSlow(messageId !== null && message.isPending)
  if (messageId === null) {
    const text = settings.data?.singleKeys === false ? 'mailbox.noneTextPlain' : 'mailbox.noneText'
    return (
      <div className={styles.pane}>
        {isInvited && <Empty icon={IconMailOpened} title={words('mailbox.noneTitle')} text={words(text)} />}
      </div>
    )
  }
  return (
    <article
      className={styles.pane}
      aria-busy={message.isPending}
      aria-label={message.data?.subject ?? words('mailbox.opening')}
    >
      {message.data !== undefined && (
        <Boundary>
          <Opened message={message.data} place={place} onRemoved={onRemoved} />
        </Boundary>
      )}
      {isSlow && <MessageShape />}
      {message.isError && (
        <div className={styles.problem}>
          <ProblemNote problem={message.error.problem} onRetry={() => void message.refetch()} />
        </div>
      )}
    </article>
  )
}

type OpenedProps = { message: Message; place: Place; onRemoved(): void }

function Opened({ message, place, onRemoved }: OpenedProps) {
  const words = useWords()
  const conversation = useConversation(message.id, place)
  const actions = useMessageActions(message, onRemoved, conversation)
  const [isSourceOpen, setSourceOpen] = useState(false)
  useKeys(
    useMemo(() => {
      const bindings: Record<string, () => void> = {}
      for (const action of actions) if (action.key !== undefined) bindings[action.key] = action.run
      return bindings
    }, [actions]),
  )
  return (
    <>
      <Toolbar actions={actions} message={message} onSource={() => setSourceOpen(true)} />
      {/* The letter scrolls by the keyboard too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable */}
      <section className={styles.body} tabIndex={0} aria-label={words('mailbox.htmlFrame')}>
        <div className={styles.column}>
          {conversation === null ? (
            <MailBody message={message} />
          ) : (
            <ConversationMails key={conversation.threadId} mails={conversation.mails} chosenId={message.id} />
          )}
        </div>
      </section>
      <SourceDialog messageId={isSourceOpen ? message.id : null} onClose={() => setSourceOpen(false)} />
    </>
  )
}

type ToolbarProps = { actions: MessageAction[]; message: Message; onSource(): void }

function Toolbar({ actions, message, onSource }: ToolbarProps) {
  const words = useWords()
  const act = useAct()
  async function copyAddress(): Promise<void> {
    await navigator.clipboard.writeText(message.from.address)
    announce(words('mailbox.copied'))
  }
  async function saveMail(): Promise<void> {
    const saved = await act('mailbox.saveAs', message.id)
    if (saved?.savedAs != null) announce(words('mailbox.savedAs', { name: saved.savedAs }))
  }
  const answers = actions.filter(({ id }) => id === 'reply' || id === 'reply-all' || id === 'forward')
  const rare = actions.filter(({ isRare }) => isRare === true)
  const others = actions.filter(action => !answers.includes(action) && !rare.includes(action))
  return (
    <div className={styles.bar} role="toolbar" aria-label={words('mailbox.actions')}>
      {answers.map(action => (
        <ActionButton key={action.id} action={action} />
      ))}
      <span className={styles.gap} />
      {others.map(action => (
        <ActionButton key={action.id} action={action} />
      ))}
      <span className={styles.space} />
      <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <IconButton icon={IconDots} name={words('mailbox.more')} />
        </Menu.Target>
        <Menu.Dropdown>
          {rare.map(({ id, name, icon: Shape, run }) => (
            <Menu.Item key={id} leftSection={<Shape size={16} stroke={1.7} />} onClick={run}>
              {name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconCode size={16} stroke={1.7} />} onClick={onSource}>
            {words('mailbox.showSource')}
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} stroke={1.7} />} onClick={() => void saveMail()}>
            {words('mailbox.saveMail')}
          </Menu.Item>
          <Menu.Item leftSection={<IconCopy size={16} stroke={1.7} />} onClick={() => void copyAddress()}>
            {words('mailbox.copyAddress')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

function ActionButton({ action }: { action: MessageAction }) {
  return (
    <IconButton
      icon={action.icon}
      name={action.name}
      onClick={action.run}
      {...(action.key !== undefined && { keyHint: action.key })}
      {...(action.isOn !== undefined && { isOn: action.isOn })}
    />
  )
}

function MessageShape() {
  const words = useWords()
  return (
    <div className={styles.body}>
      <span className="for-ears" role="status">
        {words('mailbox.opening')}
      </span>
      <div className={styles.shape} aria-hidden>
        <i style={{ width: '62%', height: 20 }} />
        <i style={{ width: '38%' }} />
        <i style={{ width: '100%', height: 74, borderRadius: 14 }} />
        <i style={{ width: '94%' }} />
        <i style={{ width: '88%' }} />
        <i style={{ width: '91%' }} />
        <i style={{ width: '46%' }} />
      </div>
    </div>
  )
}
