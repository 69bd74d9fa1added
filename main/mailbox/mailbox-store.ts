/**
 * Every write to mail.db, and what the sorting room has to know of it. SQL and columns stay in here.
 * What a person wants (flags, moves) is written down as pending before the server hears of it; what a server says
 * never overwrites a pending wish.
 */

import type { Place } from '../../shared/model.ts'
import type { Db } from '../db.ts'
import { folderPart } from './folder-store.ts'
import { rowId } from './mailbox-list-store.ts'
import {
  type NewMessage,
  type ServerFlags,
  type StoredFolder,
  type StoredMessage,
  toMessage,
} from './mailbox-rows.ts'
import { movePart } from './move-store.ts'
import type { PackRef } from './pack.ts'
import { writeReferences } from './thread-names.ts'
import { takenPart, wishPart } from './wish-store.ts'

export type MailStore = ReturnType<typeof createMailStore>

/** A mail that lies only on the server. */
export type UnfetchedMail = { id: number; folderId: number; uid: number; bytes: number; sentAt: number }

export function createMailStore(db: Db) {
  /** A commit after which ours may be the only copy (DESIGN section 7): on the disk when it returns. */
  const durably = <T>(work: () => T): T => {
    db.run('PRAGMA synchronous = FULL')
    try {
      return db.transaction(work)
    } finally {
      db.run('PRAGMA synchronous = NORMAL')
    }
  }
  return {
    transaction: <T>(work: () => T): T => db.transaction(work),
    durably,
    ...folderPart(db),
    ...messagePart(db),
    ...wishPart(db),
    ...movePart(db),
    ...takenPart(db),
  }
}

// ---------------------------------------------------------------- messages

function messagePart(db: Db) {
  return {
    message(messageId: number | string): StoredMessage | null {
      const id = typeof messageId === 'number' ? messageId : rowId(messageId)
      const row = db.get('SELECT * FROM message WHERE id = ?', id)
      return row === undefined ? null : toMessage(row)
    },
    messageIds: (folderId: number): string[] =>
      db.all('SELECT id FROM message WHERE folder_id = ?', folderId).map(row => String(row.id)),
    /** What is shown and unread in a place. */
    unseen(place: Place): StoredMessage[] {
      const isFolder = place.kind === 'folder'
      return db
        .all(
          `SELECT * FROM message WHERE ${isFolder ? 'folder_id' : 'role'} = ? AND is_shown = 1 AND is_seen = 0`,
          isFolder ? rowId(place.folderId) : place.role,
        )
        .map(toMessage)
    },
    /** What the server is known to have in this folder, highest first; also what was moved away and it has not heard. */
    uids: (folderId: number): number[] => db.all(UIDS, folderId, folderId).map(row => Number(row.uid)),
    /** The ids of those that are listed here. */
    messagesOfUids: (folderId: number, uids: number[]): string[] =>
      db
        .all(
          'SELECT id FROM message WHERE folder_id = ? AND uid IN (SELECT value FROM json_each(?))',
          folderId,
          JSON.stringify(uids),
        )
        .map(row => String(row.id)),
    uidCount: (folderId: number): number =>
      Number(db.get(`SELECT count(*) AS count FROM (${UIDS})`, folderId, folderId)?.count),
    unread: (folderId: number): number =>
      Number(db.get('SELECT unread FROM folder WHERE id = ?', folderId)?.unread ?? 0),
    /** Adds the rows of one batch; a UID that is already there is left alone. Returns how many were new. */
    add(folder: StoredFolder, messages: NewMessage[]): number {
      return db.transaction(() => {
        const skip = skipOf(db, folder)
        return messages.reduce(
          (added, message) => added + (skip(message) ? 0 : insert(db, folder, message)),
          0,
        )
      })
    },
    /** A mail that is being moved by us is left to whoever asked for the move. */
    removeUids(folderId: number, uids: number[]): void {
      const isSettled = 'id NOT IN (SELECT begun_id FROM move_begun)'
      db.transaction(() => {
        for (const uid of uids) {
          db.run(`DELETE FROM message WHERE folder_id = ? AND uid = ? AND ${isSettled}`, folderId, uid)
          db.run(
            `DELETE FROM message WHERE origin_folder = ? AND origin_uid = ? AND ${isSettled}`,
            folderId,
            uid,
          )
        }
      })
    },
    remove(messageId: number): void {
      db.run('DELETE FROM message WHERE id = ?', messageId)
    },
    /** What the server says of flags; returns the ids of rows that look different now. */
    applyFlags(folderId: number, flags: ServerFlags[]): number[] {
      return db.transaction(() =>
        flags.flatMap(({ uid, isSeen, isFlagged, isDeleted }) => {
          const row = db.get(
            `UPDATE message SET is_seen = coalesce(pending_seen, ?1), is_flagged = coalesce(pending_flagged, ?2),
               is_deleted = ?3, is_shown = (?3 = 0 AND moving_to IS NULL)
             WHERE id IN (SELECT id FROM message WHERE folder_id = ?4 AND uid = ?5 UNION ALL
               SELECT id FROM message WHERE origin_folder = ?4 AND origin_uid = ?5) AND (is_seen <> coalesce(pending_seen, ?1)
               OR is_flagged <> coalesce(pending_flagged, ?2) OR is_deleted <> ?3)
             RETURNING id`,
            isSeen ? 1 : 0,
            isFlagged ? 1 : 0,
            isDeleted ? 1 : 0,
            folderId,
            uid,
          )
          return row === undefined ? [] : [Number(row.id)]
        }),
      )
    },
    setPreviews(folderId: number, previews: { uid: number; preview: string }[]): void {
      db.transaction(() => {
        for (const { uid, preview } of previews) {
          db.run('UPDATE message SET preview = ? WHERE folder_id = ? AND uid = ?', preview, folderId, uid)
        }
      })
    },
    /** The source is in the pack (and synced): from now on the mail can be read offline. */
    setSource(messageId: number, ref: PackRef, learned: { preview: string; hasAttachments: boolean }): void {
      db.run(
        `UPDATE message SET pack = ?, pack_offset = ?, pack_length = ?, sha256 = ?, preview = ?,
           has_attachments = ? WHERE id = ?`,
        ref.pack,
        ref.offset,
        ref.length,
        ref.sha256,
        learned.preview,
        learned.hasAttachments ? 1 : 0,
        messageId,
      )
    },
    /**
     * Mails of an IMAP account whose source is not here, the newest first, behind the one that was seen last. What is
     * on its way to another folder comes once it is there.
     */
    unfetched(
      accountId: string,
      since: number,
      behind: UnfetchedMail | null,
      mostBytes: number,
      limit: number,
    ): UnfetchedMail[] {
      const at = behind ?? { sentAt: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
      return db
        .all(
          `SELECT id, folder_id, uid, bytes, sent_at FROM message
           WHERE account_id = ? AND pack IS NULL AND uid IS NOT NULL AND sent_at >= ? AND (sent_at, id) < (?, ?)
             AND bytes <= ? AND is_deleted = 0
           ORDER BY sent_at DESC, id DESC LIMIT ?`,
          accountId,
          since,
          at.sentAt,
          at.id,
          mostBytes,
          limit,
        )
        .map(row => ({
          id: Number(row.id),
          folderId: Number(row.folder_id),
          uid: Number(row.uid),
          bytes: Number(row.bytes),
          sentAt: Number(row.sent_at),
        }))
    },
    /** A pack that cannot be read any more: the server is asked again. */
    forgetSource(messageId: number): void {
      db.run('UPDATE message SET pack = NULL, sha256 = NULL WHERE id = ? AND uid IS NOT NULL', messageId)
    },
    /** Whether these very bytes lie here already, in any folder. */
    hasSource: (accountId: string, messageIdHeader: string, sha256: string): boolean =>
      db.get(
        'SELECT 1 FROM message WHERE message_id = ? AND account_id = ? AND sha256 = ? LIMIT 1',
        messageIdHeader,
        accountId,
        sha256,
      ) !== undefined,
    findByMessageId(folderId: number, messageIdHeader: string): number | null {
      const row = db.get(
        'SELECT id FROM message WHERE message_id = ? AND folder_id = ? LIMIT 1',
        messageIdHeader,
        folderId,
      )
      return row === undefined ? null : Number(row.id)
    },
  }
}

const UIDS = `SELECT uid FROM message WHERE folder_id = ? AND uid IS NOT NULL
  UNION ALL SELECT origin_uid AS uid FROM message WHERE origin_folder = ? ORDER BY uid DESC`

/** A mail that is here under another name: moved away and the server has not heard, or moved here without its UID. */
function skipOf(db: Db, folder: StoredFolder): (message: NewMessage) => boolean {
  if (folder.isLocal) return () => false
  const away = new Set(
    db
      .all('SELECT origin_uid FROM message WHERE origin_folder = ?', folder.id)
      .map(row => Number(row.origin_uid)),
  )
  const hasNameless = db.get(`SELECT 1 FROM message WHERE ${NAMELESS} LIMIT 1`, folder.id) !== undefined
  return message =>
    away.has(message.uid ?? -1) ||
    (hasNameless &&
      message.messageIdHeader !== '' &&
      db.run(
        `UPDATE OR IGNORE message SET uid = ? WHERE id = (
           SELECT id FROM message WHERE ${NAMELESS} AND message_id = ? AND bytes = ? LIMIT 1)`,
        message.uid,
        folder.id,
        message.messageIdHeader,
        message.bytes,
      ).changes > 0)
}

/** Moved here by a server that did not say under which UID. */
const NAMELESS = 'folder_id = ? AND uid IS NULL AND origin_folder IS NULL'

function insert(db: Db, folder: StoredFolder, message: NewMessage): number {
  const { source } = message
  return db.run(
    `INSERT INTO message (account_id, folder_id, role, uid, sent_at, message_id, from_address, to_addresses,
       cc_addresses, is_bulk, subject, preview, has_attachments, bytes, is_seen, is_flagged, is_deleted, is_shown, pack, pack_offset, pack_length,
       sha256, thread_refs, server_thread)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (folder_id, uid) DO NOTHING`,
    folder.accountId,
    folder.id,
    folder.role,
    message.uid,
    message.sentAt,
    message.messageIdHeader,
    JSON.stringify(message.from),
    JSON.stringify(message.to.slice(0, 20)),
    JSON.stringify(message.cc.slice(0, 20)),
    message.isBulk ? 1 : 0,
    message.subject,
    message.preview,
    message.hasAttachments ? 1 : 0,
    message.bytes,
    message.isSeen ? 1 : 0,
    message.isFlagged ? 1 : 0,
    message.isDeleted ? 1 : 0,
    message.isDeleted ? 0 : 1,
    source?.pack ?? null,
    source?.offset ?? null,
    source?.length ?? null,
    source?.sha256 ?? null,
    message.references === undefined ? null : writeReferences(message.references),
    message.serverThread ?? null,
  ).changes
}
