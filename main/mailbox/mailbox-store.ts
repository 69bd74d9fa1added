/**
 * Every write to mail.db, and what the sorting room has to know of it. SQL and columns stay in here.
 * What a person wants (flags, moves) is written down as pending before the server hears of it; what a server says
 * never overwrites a pending wish.
 */

import type { Address, FolderRole } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import { rowId } from './mailbox-list-store.ts'
import type { PackRef } from './pack.ts'

export type StoredFolder = {
  id: number
  accountId: string
  path: string
  name: string
  role: FolderRole | null
  isLocal: boolean
  uidValidity: string | null
  uidNext: number | null
  highestModseq: string | null
}

/** A new row. `uid` null where the mail lies only here (POP3, own copies). */
export type NewMessage = {
  uid: number | null
  sentAt: number
  messageIdHeader: string
  from: Address
  to: Address[]
  subject: string
  preview: string
  hasAttachments: boolean
  bytes: number
  isSeen: boolean
  isFlagged: boolean
  isDeleted: boolean
  source: PackRef | null
}

export type StoredMessage = {
  id: number
  accountId: string
  folderId: number
  uid: number | null
  bytes: number
  messageIdHeader: string
  isSeen: boolean
  isFlagged: boolean
  pendingSeen: boolean | null
  pendingFlagged: boolean | null
  movingTo: number | null
  source: PackRef | null
}

export type ServerFlags = { uid: number; isSeen: boolean; isFlagged: boolean; isDeleted: boolean }

export type Cursor = { uidValidity: string; uidNext: number | null; highestModseq: string | null }

export type MailStore = ReturnType<typeof createMailStore>

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
    ...takenPart(db),
  }
}

// ----------------------------------------------------------------- folders

function folderPart(db: Db) {
  const folders = (accountId: string): StoredFolder[] =>
    db.all('SELECT * FROM folder WHERE account_id = ? ORDER BY id', accountId).map(toFolder)
  return {
    folders,
    folder(folderId: number): StoredFolder | null {
      const row = db.get('SELECT * FROM folder WHERE id = ?', folderId)
      return row === undefined ? null : toFolder(row)
    },
    folderOfRole(accountId: string, role: FolderRole): StoredFolder | null {
      const row = db.get(
        'SELECT * FROM folder WHERE account_id = ? AND role = ? ORDER BY id LIMIT 1',
        accountId,
        role,
      )
      return row === undefined ? null : toFolder(row)
    },
    accountIds: (): string[] =>
      db.all('SELECT DISTINCT account_id FROM folder').map(row => String(row.account_id)),
    /** Makes the account's folders be these; what is no longer there goes with its messages. True where anything changed. */
    keepFolders(
      accountId: string,
      listed: { path: string; name: string; role: FolderRole | null; isLocal: boolean }[],
    ): boolean {
      return db.transaction(() => {
        let isChanged = false
        const known = new Map(folders(accountId).map(folder => [folder.path, folder]))
        for (const { path, name, role, isLocal } of listed) {
          const folder = known.get(path)
          known.delete(path)
          if (folder !== undefined && folder.name === name && folder.role === role) continue
          isChanged = true
          if (folder === undefined) {
            db.run(
              'INSERT INTO folder (account_id, path, name, role, is_local) VALUES (?, ?, ?, ?, ?)',
              accountId,
              path,
              name,
              role,
              isLocal ? 1 : 0,
            )
          } else {
            db.run('UPDATE folder SET name = ?, role = ? WHERE id = ?', name, role, folder.id)
            db.run('UPDATE message SET role = ? WHERE folder_id = ?', role, folder.id)
          }
        }
        for (const gone of known.values()) {
          isChanged = true
          db.run(
            'UPDATE message SET moving_to = NULL, is_shown = (is_deleted = 0) WHERE moving_to = ?',
            gone.id,
          )
          db.run('DELETE FROM folder WHERE id = ?', gone.id)
        }
        return isChanged
      })
    },
    setCursor(folderId: number, { uidValidity, uidNext, highestModseq }: Cursor): void {
      db.run(
        'UPDATE folder SET uid_validity = ?, uid_next = ?, highest_modseq = ? WHERE id = ?',
        uidValidity,
        uidNext,
        highestModseq,
        folderId,
      )
    },
    /** The server numbers anew: nothing that was known of this folder holds any more. */
    rebuildFolder(folderId: number, uidValidity: string): void {
      db.transaction(() => {
        db.run('DELETE FROM message WHERE folder_id = ?', folderId)
        db.run(
          'UPDATE folder SET uid_validity = ?, uid_next = NULL, highest_modseq = NULL WHERE id = ?',
          uidValidity,
          folderId,
        )
      })
    },
    removeAccount(accountId: string): void {
      db.transaction(() => {
        db.run('DELETE FROM message WHERE account_id = ?', accountId)
        db.run('DELETE FROM folder WHERE account_id = ?', accountId)
        db.run('DELETE FROM pop3_taken WHERE account_id = ?', accountId)
      })
    },
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
    /** Highest first. */
    uids: (folderId: number): number[] =>
      db
        .all('SELECT uid FROM message WHERE folder_id = ? AND uid IS NOT NULL ORDER BY uid DESC', folderId)
        .map(row => Number(row.uid)),
    uidCount: (folderId: number): number =>
      Number(
        db.get('SELECT count(*) AS count FROM message WHERE folder_id = ? AND uid IS NOT NULL', folderId)
          ?.count,
      ),
    unread: (folderId: number): number =>
      Number(db.get('SELECT unread FROM folder WHERE id = ?', folderId)?.unread ?? 0),
    /** Adds the rows of one batch; a UID that is already there is left alone. Returns how many were new. */
    add(folder: StoredFolder, messages: NewMessage[]): number {
      return db.transaction(() => {
        let added = 0
        for (const message of messages) added += insert(db, folder, message)
        return added
      })
    },
    removeUids(folderId: number, uids: number[]): void {
      db.transaction(() => {
        for (const uid of uids) db.run('DELETE FROM message WHERE folder_id = ? AND uid = ?', folderId, uid)
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
             WHERE folder_id = ?4 AND uid = ?5 AND (is_seen <> coalesce(pending_seen, ?1)
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

function insert(db: Db, folder: StoredFolder, message: NewMessage): number {
  const { source } = message
  return db.run(
    `INSERT INTO message (account_id, folder_id, role, uid, sent_at, message_id, from_address, to_addresses,
       subject, preview, has_attachments, bytes, is_seen, is_flagged, is_deleted, is_shown, pack, pack_offset, pack_length,
       sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (folder_id, uid) DO NOTHING`,
    folder.accountId,
    folder.id,
    folder.role,
    message.uid,
    message.sentAt,
    message.messageIdHeader,
    JSON.stringify(message.from),
    JSON.stringify(message.to.slice(0, 20)),
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
  ).changes
}

// ------------------------------------------------------------------ wishes

export type FlagWish = { isSeen?: boolean | undefined; isFlagged?: boolean | undefined }

function wishPart(db: Db) {
  return {
    /** The flags as the person wants them, shown at once and pending where a server has to hear. Returns the changed. */
    wishFlags(messageIds: string[], wish: FlagWish): StoredMessage[] {
      return db.transaction(() =>
        messageIds.flatMap(messageId => {
          const row = db.get('SELECT * FROM message WHERE id = ?', rowId(messageId))
          if (row === undefined) return []
          const before = toMessage(row)
          const isSeen = wish.isSeen ?? before.isSeen
          const isFlagged = wish.isFlagged ?? before.isFlagged
          if (isSeen === before.isSeen && isFlagged === before.isFlagged) return []
          const onServer = before.uid !== null
          const pendingSeen = onServer && isSeen !== before.isSeen ? isSeen : before.pendingSeen
          const pendingFlagged =
            onServer && isFlagged !== before.isFlagged ? isFlagged : before.pendingFlagged
          db.run(
            'UPDATE message SET is_seen = ?, is_flagged = ?, pending_seen = ?, pending_flagged = ? WHERE id = ?',
            isSeen ? 1 : 0,
            isFlagged ? 1 : 0,
            toSql(pendingSeen),
            toSql(pendingFlagged),
            before.id,
          )
          return [{ ...before, isSeen, isFlagged, pendingSeen, pendingFlagged }]
        }),
      )
    },
    pending: (accountId: string): StoredMessage[] =>
      db
        .all(
          `SELECT * FROM message WHERE account_id = ?
             AND (pending_seen IS NOT NULL OR pending_flagged IS NOT NULL OR moving_to IS NOT NULL)`,
          accountId,
        )
        .map(toMessage),
    /** The server took these values. A newer wish stays pending. */
    settleFlags(messageIds: number[], taken: { isSeen: boolean | null; isFlagged: boolean | null }): void {
      db.transaction(() => {
        for (const id of messageIds) {
          if (taken.isSeen !== null) {
            const seen = toSql(taken.isSeen)
            db.run('UPDATE message SET pending_seen = NULL WHERE id = ? AND pending_seen = ?', id, seen)
          }
          if (taken.isFlagged !== null) {
            const flagged = toSql(taken.isFlagged)
            db.run(
              'UPDATE message SET pending_flagged = NULL WHERE id = ? AND pending_flagged = ?',
              id,
              flagged,
            )
          }
        }
      })
    },
    /** Refused: the wishes go; `applyFlags` with what the server has follows. */
    dropFlagWishes(messageIds: number[]): void {
      db.transaction(() => {
        for (const id of messageIds) {
          db.run('UPDATE message SET pending_seen = NULL, pending_flagged = NULL WHERE id = ?', id)
        }
      })
    },
    wishMove(messageIds: string[], movingTo: number): StoredMessage[] {
      return db.transaction(() =>
        messageIds.flatMap(messageId => {
          const row = db.get(
            `UPDATE message SET moving_to = ?, is_shown = 0
             WHERE id = ? AND moving_to IS NULL AND folder_id <> ? RETURNING *`,
            movingTo,
            rowId(messageId),
            movingTo,
          )
          return row === undefined ? [] : [toMessage(row)]
        }),
      )
    },
    undoMove(messageIds: number[]): void {
      db.transaction(() => {
        for (const id of messageIds)
          db.run('UPDATE message SET moving_to = NULL, is_shown = (is_deleted = 0) WHERE id = ?', id)
      })
    },
    /** The mail lies in its new folder, under the UID it has there. A row the sync already made gives way to ours. */
    finishMove(messageId: number, target: StoredFolder, uid: number | null): void {
      db.transaction(() => {
        if (uid !== null) db.run('DELETE FROM message WHERE folder_id = ? AND uid = ?', target.id, uid)
        db.run(
          `UPDATE message SET folder_id = ?, role = ?, uid = ?, moving_to = NULL, is_deleted = 0, is_shown = 1
           WHERE id = ?`,
          target.id,
          target.role,
          uid,
          messageId,
        )
      })
    },
  }
}

// -------------------------------------------------------------------- POP3

function takenPart(db: Db) {
  return {
    /** UIDL to the time it was stored here. */
    taken: (accountId: string): Map<string, number> =>
      new Map(
        db
          .all('SELECT uidl, taken_at FROM pop3_taken WHERE account_id = ?', accountId)
          .map(row => [String(row.uidl), Number(row.taken_at)]),
      ),
    take(accountId: string, uidl: string, takenAt: number): void {
      db.run('INSERT OR IGNORE INTO pop3_taken VALUES (?, ?, ?)', accountId, uidl, takenAt)
    },
    forgetTaken(accountId: string, uidls: string[]): void {
      db.transaction(() => {
        for (const uidl of uidls) {
          db.run('DELETE FROM pop3_taken WHERE account_id = ? AND uidl = ?', accountId, uidl)
        }
      })
    },
  }
}

// -------------------------------------------------------------------- rows

function toSql(value: boolean | null): number | null {
  return value === null ? null : value ? 1 : 0
}

function toFlag(value: unknown): boolean | null {
  return value === null ? null : value === 1
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value)
}

function toFolder(row: Row): StoredFolder {
  return {
    id: Number(row.id),
    accountId: String(row.account_id),
    path: String(row.path),
    name: String(row.name),
    role: row.role as FolderRole | null,
    isLocal: row.is_local === 1,
    uidValidity: row.uid_validity as string | null,
    uidNext: toNumber(row.uid_next),
    highestModseq: row.highest_modseq as string | null,
  }
}

function toMessage(row: Row): StoredMessage {
  return {
    id: Number(row.id),
    accountId: String(row.account_id),
    folderId: Number(row.folder_id),
    uid: toNumber(row.uid),
    bytes: Number(row.bytes),
    messageIdHeader: String(row.message_id),
    isSeen: row.is_seen === 1,
    isFlagged: row.is_flagged === 1,
    pendingSeen: toFlag(row.pending_seen),
    pendingFlagged: toFlag(row.pending_flagged),
    movingTo: toNumber(row.moving_to),
    source:
      row.pack === null
        ? null
        : {
            pack: String(row.pack),
            offset: Number(row.pack_offset),
            length: Number(row.pack_length),
            sha256: String(row.sha256),
          },
  }
}
