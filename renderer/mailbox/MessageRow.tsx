/** One row of a list: who, when, what about, how it begins; unread, flagged, attachments and the way as shapes. */

import { IconArrowBackUp, IconFlagFilled, IconPaperclip } from '@tabler/icons-react'
import { memo } from 'react'
import type { ConversationHead } from '../../shared/conversation.ts'
import type { Journey } from '../../shared/journey.ts'
import type { Account, MessageHead } from '../../shared/model.ts'
import { wordsToMark } from '../../shared/search-marks.ts'
import type { SearchTerm } from '../../shared/search-query.ts'
import { useWords, type Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'
import { JourneyPill } from '../ui/JourneyPill.tsx'
import { Marked } from '../ui/Marked.tsx'
import styles from './MessageRow.module.css'
import { nameOf } from './people.ts'

/** All rows are this high, so that a list of any length knows its height. */
export const ROW_HEIGHT = 87

type Props = {
  head: MessageHead
  /** Where the row stands for more than one mail. */
  conversation?: ConversationHead | null
  /** In Sent it is the recipients that tell mails apart. */
  showsRecipients: boolean
  isChosen: boolean
  now: number
  format: Format
  journey: Journey | null
  /** Whose mail it is, where several accounts are mixed. */
  account: Account | null
  /** Of a search: where it lies, what was looked for, and the line with it. */
  folder?: string | null
  terms?: readonly SearchTerm[]
  excerpt?: string | null
}

const NO_TERMS: readonly SearchTerm[] = []

function whoOf(head: MessageHead, showsRecipients: boolean, words: Words): string {
  if (!showsRecipients) return nameOf(head.from)
  const [first, ...others] = head.to
  if (first === undefined) return words('mailbox.nobody')
  return others.length === 0
    ? nameOf(first)
    : words('mailbox.andMore', { name: nameOf(first), count: others.length })
}

/** "Mika, Novak and you". */
function peopleOf({ people }: ConversationHead, format: Format, words: Words): string {
  return format.list(
    people.map(({ person, isOwn }) => (isOwn ? words('mailbox.conversation.me') : nameOf(person))),
  )
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { head, showsRecipients, isChosen, now, format, journey, account } = props
  const { conversation = null, folder = null, terms = NO_TERMS, excerpt = null } = props
  const words = useWords()
  const isMany = conversation !== null && conversation.mails > 1
  const isUnread = conversation === null ? !head.isSeen : conversation.unread > 0
  const isFlagged = conversation?.isFlagged ?? head.isFlagged
  const hasAttachments = conversation?.hasAttachments ?? head.hasAttachments
  const who = isMany ? peopleOf(conversation, format, words) : whoOf(head, showsRecipients, words)
  return (
    <div
      className={styles.row}
      data-chosen={isChosen || undefined}
      data-unread={isUnread || undefined}
      data-sent={showsRecipients || undefined}
    >
      {isUnread && <i className={styles.unread} aria-hidden />}
      {isUnread && <span className="for-ears">{words('mailbox.unread')}</span>}
      <div className={styles.who}>
        <Marked text={who} terms={wordsToMark(terms, showsRecipients ? 'to' : 'from')} />
      </div>
      <div className={styles.marks}>
        {isMany && (
          <>
            <span className={styles.mails} aria-hidden>
              {conversation.mails}
            </span>
            <span className="for-ears">
              {words('mailbox.conversation.mails', { count: conversation.mails })}
            </span>
          </>
        )}
        {isMany && conversation.own?.isLast === true && journey === null && (
          <>
            <IconArrowBackUp size={14} stroke={1.8} aria-hidden />
            <span className="for-ears">{words('mailbox.conversation.answered')}</span>
          </>
        )}
        {isFlagged && (
          <>
            <IconFlagFilled size={13} className={styles.flag} aria-hidden />
            <span className="for-ears">{words('mailbox.flagged')}</span>
          </>
        )}
        {hasAttachments && (
          <>
            <IconPaperclip size={14} stroke={1.8} aria-hidden />
            <span className="for-ears">{words('mailbox.hasAttachments')}</span>
          </>
        )}
        {folder !== null && <span className={styles.folder}>{folder}</span>}
        {account !== null && (
          <>
            <i className={styles.dot} style={{ background: `var(--account-${account.color})` }} aria-hidden />
            <span className="for-ears">{account.label}</span>
          </>
        )}
        <time dateTime={new Date(head.sentAt).toISOString()}>{format.listTime(head.sentAt, now)}</time>
      </div>
      <div className={styles.subject}>
        <Marked text={head.subject || words('mailbox.noSubject')} terms={wordsToMark(terms, 'subject')} />
      </div>
      <div className={styles.preview} data-alone={journey === null || undefined}>
        <Marked
          text={excerpt ?? head.preview}
          terms={terms.filter(({ field }) => field === 'any' || field === 'file')}
        />
      </div>
      {journey !== null && (
        <div className={styles.state}>
          <JourneyPill journey={journey} />
        </div>
      )}
    </div>
  )
})
