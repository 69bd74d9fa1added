/** What a mail becomes in the list: rows from a whole source or from the head that an IMAP server gives. Pure. */

import { scanHead } from '../mime/read-mail.ts'
import type { RemoteHead } from './imap-row.ts'
import type { NewMessage } from './mailbox-rows.ts'
import type { PackRef } from './pack.ts'

/** A mail that lies only here (POP3, own copies); `now` is when it came. */
export function rowOfSource(source: Buffer, ref: PackRef, now: number, isOwn: boolean): NewMessage {
  const head = scanHead(source)
  const { received, messageIdHeader, references, from, to, cc, isBulk, subject, preview, sentAt } = head
  return {
    uid: null,
    sentAt: saneDate(sentAt, received.at(-1)?.at ?? now),
    messageIdHeader,
    references,
    from,
    to,
    cc,
    isBulk,
    subject,
    preview,
    hasAttachments: head.hasAttachments,
    bytes: source.length,
    isSeen: isOwn,
    isFlagged: false,
    isDeleted: false,
    source: ref,
  }
}

/** A mail on an IMAP server; its preview and source come later. */
export function rowOfHead(head: RemoteHead): NewMessage {
  const { messageIdHeader, references, from, to, cc, isBulk, subject, sentAt } = scanHead(head.headers)
  return {
    uid: head.uid,
    serverThread: head.serverThread,
    sentAt: saneDate(sentAt, head.internalDate),
    messageIdHeader,
    references,
    from,
    to,
    cc,
    isBulk,
    subject,
    preview: '',
    hasAttachments: head.hasAttachments,
    bytes: head.bytes,
    isSeen: head.isSeen,
    isFlagged: head.isFlagged,
    isDeleted: head.isDeleted,
    source: null,
  }
}

const EARLIEST = Date.UTC(1990, 0)
const DAY_MS = 86_400_000

/** The Date header where it can be true: not before mail as we know it, not after it came. */
function saneDate(sentAt: number | null, arrivedAt: number): number {
  if (sentAt === null || sentAt < EARLIEST || sentAt > arrivedAt + DAY_MS) return arrivedAt
  return sentAt
}
