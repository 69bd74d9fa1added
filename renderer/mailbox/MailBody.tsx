/** One mail, opened: its heading, its way, its letter, its attachments. Alone in the pane, or in a conversation. */

import { lazy, Suspense, useEffect, useState } from 'react'
import type { Message } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Attachments } from './Attachments.tsx'
import { Letter } from './Letter.tsx'
import { ListLine } from './ListLine.tsx'
import { MessageHeading } from './MessageHeading.tsx'
import styles from './ReadingPane.module.css'
import { ReceivedCard } from './ReceivedCard.tsx'

const JourneyCard = lazy(async () => ({ default: (await import('../journey/JourneyCard.tsx')).JourneyCard }))

/** A mail counts as read once it has been looked at this long. */
const SEEN_AFTER_MS = 1200

export function MailBody({ message, hasSubject = true }: { message: Message; hasSubject?: boolean }) {
  const words = useWords()
  useSeenMark(message)
  return (
    <>
      <MessageHeading message={message} hasSubject={hasSubject} />
      {message.leaving !== null && <ListLine message={message} leaving={message.leaving} />}
      {message.isDamaged && (
        <p className={styles.damaged} role="note">
          {words('mailbox.damaged')}
        </p>
      )}
      {message.outboxItemId !== null && (
        <div className={styles.card}>
          <Suspense fallback={null}>
            <JourneyCard itemId={message.outboxItemId} />
          </Suspense>
        </div>
      )}
      {message.outboxItemId === null && message.received.length > 0 && (
        <ReceivedCard hops={message.received} />
      )}
      <Letter message={message} />
      <Attachments message={message} />
    </>
  )
}

/** Marks it seen after a moment of reading, once: marking it unread again must hold. */
function useSeenMark({ id, isSeen }: Message): void {
  const act = useAct()
  const [wasSeen] = useState(isSeen)
  useEffect(() => {
    if (wasSeen) return
    const timer = setTimeout(() => {
      if (document.visibilityState === 'visible') void act('mailbox.setFlags', [id], { isSeen: true })
    }, SEEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [act, id, wasSeen])
}
