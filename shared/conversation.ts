/** A conversation as the page knows it: a row of the list, and the mails that are read together. */

import type { Address, MessageHead } from './model.ts'

export type ConversationPerson = { person: Address; isOwn: boolean }

/** One row of a list that is collapsed to conversations. */
export type ConversationHead = {
  threadId: string
  /** The newest mail of it in the place that is listed. */
  newest: MessageHead
  /** Who wrote, in the order in which they first did; of many the first and the last. */
  people: ConversationPerson[]
  /** Of the whole conversation, wherever they lie; each once. */
  mails: number
  /** Of those in this place. */
  unread: number
  isFlagged: boolean
  hasAttachments: boolean
  /** The newest mail of the person's own; `isLast` where nothing came after it. */
  own: { sentAt: number; isLast: boolean; outboxItemId: string | null } | null
}

/** Oldest first. `threadId` null where the mail is in no thread yet: then it stands alone. */
export type Conversation = { threadId: string | null; mails: MessageHead[] }
