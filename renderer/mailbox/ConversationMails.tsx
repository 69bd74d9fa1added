/**
 * The mails of a conversation in their order: those that were read folded to one line, the unread and the newest open,
 * each with its answers; own mails show how far they came.
 */

import { IconChevronRight } from '@tabler/icons-react'
import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { MessageHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { Boundary } from '../ui/Boundary.tsx'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { JourneyPill } from '../ui/JourneyPill.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRow } from '../ui/SkeletonRows.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './ConversationMails.module.css'
import { MailBody } from './MailBody.tsx'
import { ROW_HEIGHT } from './MessageRow.tsx'
import { nameOf } from './people.ts'
import { answering } from './use-message-actions.ts'

/** However many are unread: each open mail is a letter that is fetched and drawn. */
const MOST_OPEN = 8

type Props = { mails: readonly MessageHead[]; chosenId: string }

export function ConversationMails({ mails, chosenId }: Props) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const items = useAsk('outbox.list', [], { isEnabled: mails.some(mail => mail.outboxItemId !== null) }).data
  const [opened, setOpened] = useState(() => openAtFirst(mails, chosenId))
  const first = useRef<HTMLLIElement>(null)
  const firstOpen = mails.find(mail => opened.has(mail.id))?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, where it begins
  useLayoutEffect(() => {
    if (mails[0]?.id !== firstOpen) first.current?.scrollIntoView({ block: 'start' })
  }, [])
  const toggle = (id: string) => {
    const next = new Set(opened)
    if (!next.delete(id)) next.add(id)
    setOpened(next)
  }
  return (
    <>
      <h2 className={styles.subject}>{mails[0]?.subject || words('mailbox.noSubject')}</h2>
      <p className={styles.count}>{words('mailbox.conversation.mails', { count: mails.length })}</p>
      <ol className={styles.mails}>
        {mails.map(mail => {
          const isOpen = opened.has(mail.id)
          const item = items?.find(({ id }) => id === mail.outboxItemId)
          return (
            <li
              key={mail.id}
              ref={mail.id === firstOpen ? first : undefined}
              className={styles.mail}
              data-open={isOpen || undefined}
            >
              <button
                type="button"
                className={styles.line}
                aria-expanded={isOpen}
                data-unread={!mail.isSeen || undefined}
                onClick={() => toggle(mail.id)}
              >
                <IconChevronRight size={15} stroke={2} className={styles.chevron} aria-hidden />
                <span className={styles.who}>{nameOf(mail.from)}</span>
                {!mail.isSeen && <span className="for-ears">{words('mailbox.unread')}</span>}
                <span className={styles.preview}>{isOpen ? '' : mail.preview}</span>
                {item !== undefined && <JourneyPill journey={item.journey} />}
                <time dateTime={new Date(mail.sentAt).toISOString()}>
                  {format.listTime(mail.sentAt, now)}
                </time>
              </button>
              {isOpen && (
                <Boundary>
                  <OpenMail head={mail} />
                </Boundary>
              )}
            </li>
          )
        })}
      </ol>
    </>
  )
}

function openAtFirst(mails: readonly MessageHead[], chosenId: string): Set<string> {
  const unread = mails.filter(mail => !mail.isSeen).slice(1 - MOST_OPEN)
  const newest = mails.at(-1)
  return new Set([...unread.map(({ id }) => id), chosenId, ...(newest === undefined ? [] : [newest.id])])
}

function OpenMail({ head }: { head: MessageHead }) {
  const words = useWords()
  const message = useAsk('mailbox.message', [head.id])
  const answers = useMemo(
    () => answering(head, words).filter(({ id }) => id === 'reply' || id === 'reply-all' || id === 'forward'),
    [head, words],
  )
  return (
    <div className={styles.body} aria-busy={message.isPending}>
      {message.isPending && <SkeletonRow height={ROW_HEIGHT} seed={1} />}
      {message.isError && (
        <ProblemNote problem={message.error.problem} onRetry={() => void message.refetch()} />
      )}
      {message.data !== undefined && (
        <>
          <MailBody message={message.data} hasSubject={false} />
          <div className={styles.answers}>
            {answers.map(({ id, name, icon, run }) => (
              <IconButton key={id} icon={icon} name={name} size="small" onClick={run} />
            ))}
          </div>
        </>
      )}
    </div>
  )
}
