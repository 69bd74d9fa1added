/**
 * What the desk reads of mail.db: folders, counters, pages of the list. Read-only SQL and nothing else; the
 * sorting room writes through `mailbox-store.ts`.
 */

import type { Folder } from '../../shared/folder.ts'
import type { Address, FolderRole, MessageHead, Place } from '../../shared/model.ts'
import type { Db, Row, SqlValue } from '../db.ts'

/** A row of the list before the desk has marked own mails; with the Message-ID (no angle brackets) to find them. */
export type ListedMessage = MessageHead & { messageIdHeader: string }

export type MailList = {
  folders(): Folder[]
  count(place: Place): { total: number; unread: number }
  /** Newest first. */
  page(place: Place, offset: number, limit: number): ListedMessage[]
  message(messageId: string): ListedMessage | null
  /** The id of a mail with this Message-ID (no angle brackets) whose source is here, or null. */
  readable(messageIdHeader: string): string | null
  /** What lies here of an account; `localOnly` are mails of which no server is known to have a copy. */
  storedFor(accountId: string): { messages: number; localOnly: number }
}

export const HEAD_COLUMNS = `id, account_id, folder_id, from_address, to_addresses, subject, preview, sent_at, is_seen,
  is_flagged, has_attachments, bytes, message_id`

/** The ids come from one walk along a covering index, so that a deep OFFSET reads no rows. */
export function pageSql(by: 'role' | 'folder_id'): string {
  return `SELECT ${HEAD_COLUMNS} FROM message WHERE id IN (
    SELECT id FROM message INDEXED BY message_by_${by === 'role' ? 'role' : 'folder'}
    WHERE ${by} = ? AND is_shown = 1
    ORDER BY sent_at DESC, id DESC LIMIT ? OFFSET ?
  ) ORDER BY sent_at DESC, id DESC`
}

/** `'12'` to 12; what is not an id of ours finds nothing. */
export function rowId(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : -1
}

export function createMailList(db: Db): MailList {
  const placeOf = (place: Place): ['role' | 'folder_id', SqlValue] =>
    place.kind === 'unified' ? ['role', place.role] : ['folder_id', rowId(place.folderId)]
  return {
    folders: () =>
      db
        .all(
          // One that is to be removed is out of sight already.
          `SELECT * FROM folder WHERE id NOT IN (SELECT folder_id FROM folder_wish WHERE kind = 'remove')
           ORDER BY account_id, role IS NULL, name COLLATE NOCASE`,
        )
        .map((row, _at, all) => toFolder(row, all)),
    count(place) {
      const [column, value] = placeOf(place)
      const row = db.get(
        `SELECT coalesce(sum(total), 0) AS total, coalesce(sum(unread), 0) AS unread FROM folder
         WHERE ${column === 'role' ? 'role' : 'id'} = ?`,
        value,
      )
      return { total: Number(row?.total ?? 0), unread: Number(row?.unread ?? 0) }
    },
    page(place, offset, limit) {
      const [column, value] = placeOf(place)
      return db.all(pageSql(column), value, limit, offset).map(toHead)
    },
    message(messageId) {
      const row = db.get(`SELECT ${HEAD_COLUMNS} FROM message WHERE id = ?`, rowId(messageId))
      return row === undefined ? null : toHead(row)
    },
    readable(messageIdHeader) {
      const row = db.get(
        'SELECT id FROM message WHERE message_id = ? AND pack IS NOT NULL ORDER BY id DESC LIMIT 1',
        messageIdHeader,
      )
      return row === undefined ? null : String(row.id)
    },
    storedFor(accountId) {
      const row = db.get(
        `SELECT count(*) AS messages, coalesce(sum(message.uid IS NULL), 0) AS local_only
         FROM message WHERE account_id = ?`,
        accountId,
      )
      return { messages: Number(row?.messages ?? 0), localOnly: Number(row?.local_only ?? 0) }
    },
  }
}

function toFolder(row: Row, all: readonly Row[]): Folder {
  const path = String(row.path)
  const delimiter = String(row.delimiter)
  const end = delimiter === '' ? -1 : path.lastIndexOf(delimiter)
  const parent =
    end === -1
      ? undefined
      : all.find(other => other.account_id === row.account_id && other.path === path.slice(0, end))
  // Where all folders lie in the inbox (INBOX.Sent), that is the server's way and no order of a person.
  const isInside = parent !== undefined && parent.role !== 'inbox'
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    parentId: isInside ? String(parent.id) : null,
    name: isInside ? path.slice(end + 1) : String(row.name),
    role: row.role as FolderRole | null,
    total: Number(row.total),
    unread: Number(row.unread),
    isLocal: row.is_local === 1,
    isSubscribed: row.is_subscribed === 1,
    isContainer: row.is_container === 1,
  }
}

export function toHead(row: Row): ListedMessage {
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    folderId: String(row.folder_id),
    from: JSON.parse(String(row.from_address)) as Address,
    to: JSON.parse(String(row.to_addresses)) as Address[],
    subject: String(row.subject),
    preview: String(row.preview),
    sentAt: Number(row.sent_at),
    isSeen: row.is_seen === 1,
    isFlagged: row.is_flagged === 1,
    hasAttachments: row.has_attachments === 1,
    bytes: Number(row.bytes),
    outboxItemId: null,
    messageIdHeader: String(row.message_id),
  }
}
