/** How a draft begins, and what it keeps of the mail it was made from. */

import type { Address } from './model.ts'

/** How a draft begins: empty, or as an answer to a message. */
export type DraftStart =
  | { kind: 'empty'; accountId: string | null }
  | { kind: 'reply'; messageId: string; all: boolean }
  | { kind: 'forward'; messageId: string; as?: 'inline' | 'attachment' | undefined }
  | { kind: 'edit-as-new'; messageId: string }
  /** On to somebody else as it is (RFC 5322 section 3.6.6): only the recipients are written. */
  | { kind: 'redirect'; messageId: string }
  /** A mail of the outbox once more, as a new draft. */
  | { kind: 'resend'; itemId: string }

export type DraftAnswer = {
  messageId: string
  kind: 'reply' | 'reply-all' | 'forward' | 'edit-as-new' | 'redirect'
  /**
   * The address of the writer that the mail was sent to; null where nothing tells. A draft that leaves under another
   * one shows it.
   */
  expected: Address | null
  /** Everybody the mail went to or came from, the writer left out. */
  recipients: Address[]
}
