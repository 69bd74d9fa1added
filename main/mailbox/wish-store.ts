/**
 * The SQL of what a person wants (flags, moves: pending until the server has taken them) and of what a POP3 server
 * has given. A part of `mailbox-store.ts`, which is the only file that uses it.
 */

import type { Db } from '../db.ts'
import { sendHome } from './folder-store.ts'
import { rowId } from './mailbox-list-store.ts'
import { type StoredFolder, type StoredMessage, toMessage, toSql } from './mailbox-rows.ts'

export type FlagWish = { isSeen?: boolean | undefined; isFlagged?: boolean | undefined }

export function wishPart(db: Db) {
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
          const onServer = before.onServer !== null
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
             AND (pending_seen IS NOT NULL OR pending_flagged IS NOT NULL OR moving_to IS NOT NULL
               OR origin_folder IS NOT NULL)`,
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
    /**
     * The mails lie in their new folder at once; the server hears later. One that is moved back to where the server has
     * it is not moved at all. Returns those that moved, as they are now.
     */
    wishMove(messageIds: string[], target: StoredFolder): StoredMessage[] {
      return db.transaction(() =>
        messageIds.flatMap(messageId => {
          const row = db.get('SELECT * FROM message WHERE id = ?', rowId(messageId))
          if (row === undefined || row.moving_to !== null) return []
          const { id, folderId, onServer } = toMessage(row)
          if (folderId === target.id) return []
          const isHome = onServer?.folderId === target.id
          const moved = db.get(
            `UPDATE message SET folder_id = ?, role = ?, uid = ?, origin_folder = ?, origin_uid = ? WHERE id = ?
             RETURNING *`,
            target.id,
            target.role,
            isHome ? onServer.uid : null,
            isHome || onServer === null ? null : onServer.folderId,
            isHome || onServer === null ? null : onServer.uid,
            id,
          )
          return moved === undefined ? [] : [toMessage(moved)]
        }),
      )
    },
    /** Refused: the mails are where the server has them. */
    undoMove(messageIds: number[]): void {
      db.transaction(() => {
        for (const id of messageIds) {
          sendHome(db, 'id = ?', id)
          db.run('DELETE FROM move_begun WHERE begun_id = ?', id)
        }
      })
    },
    /** Out of sight, and gone once the server has taken it. A mail that lies only here goes at once. */
    wishRemoval(messageIds: string[]): StoredMessage[] {
      return db.transaction(() =>
        messageIds.flatMap(messageId => {
          const row = db.get(
            'UPDATE message SET moving_to = 0, is_shown = 0 WHERE id = ? AND moving_to IS NULL RETURNING *',
            rowId(messageId),
          )
          if (row === undefined) return []
          const message = toMessage(row)
          if (message.onServer === null) db.run('DELETE FROM message WHERE id = ?', message.id)
          return [message]
        }),
      )
    },
    undoRemoval(messageIds: number[]): void {
      db.transaction(() => {
        for (const id of messageIds)
          db.run('UPDATE message SET moving_to = NULL, is_shown = (is_deleted = 0) WHERE id = ?', id)
      })
    },
  }
}

export function takenPart(db: Db) {
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
