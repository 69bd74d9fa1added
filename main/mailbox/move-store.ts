/**
 * The SQL of moves that a server was asked for: what was written down before the command went out, and what came of
 * it. A part of `mailbox-store.ts`, which is the only file that uses it.
 */

import type { Db, Row } from '../db.ts'
import { type StoredFolder, type StoredMessage, toMessage } from './mailbox-rows.ts'

/** What a mail is known by in whichever folder it lies. */
export type MailMark = {
  /** The name that a server gives it for good (RFC 8474, X-GM-MSGID); null where it has none. */
  emailId: string | null
  /** Of the head as it is fetched for the list. */
  headHash: string
  bytes: number
  arrivedAt: number
}

export type BegunMove = MailMark & {
  message: StoredMessage
  sourceFolder: number
  sourceUid: number
  sourceValidity: string
  targetFolder: number
  targetValidity: string
  /** The lowest UID that it may have in the target. */
  fromUid: number
  /** The server said that its copy has this UID; null where it did not. */
  copiedUid: number | null
}

export type MoveToBegin = Omit<BegunMove, 'message' | 'copiedUid'> & { messageId: number }

export function movePart(db: Db) {
  return {
    /** Before the command goes out, by whoever has the disk be waited for. */
    beginMoves(moves: MoveToBegin[]): void {
      db.transaction(() => {
        for (const move of moves) {
          db.run(
            'INSERT OR REPLACE INTO move_begun VALUES (?, ?, ?, ?, ?, ?, ?, NULL, ?, ?, ?, ?)',
            move.messageId,
            move.sourceFolder,
            move.sourceUid,
            move.sourceValidity,
            move.targetFolder,
            move.targetValidity,
            move.fromUid,
            move.emailId,
            move.headHash,
            move.bytes,
            move.arrivedAt,
          )
        }
      })
    },
    /** Of which nobody has heard yet what came. */
    begunMoves: (accountId: string): BegunMove[] =>
      db
        .all(
          `SELECT * FROM move_begun JOIN message ON message.id = begun_id WHERE account_id = ? ORDER BY begun_id`,
          accountId,
        )
        .map(toBegunMove),
    noteCopied(messageId: number, uid: number): void {
      db.run('UPDATE move_begun SET copied_uid = ? WHERE begun_id = ?', uid, messageId)
    },
    /** The server has not done it. */
    forgetMoves(messageIds: number[]): void {
      db.transaction(() => {
        for (const id of messageIds) db.run('DELETE FROM move_begun WHERE begun_id = ?', id)
      })
    },
    /**
     * The server has it in `target` now, under this UID where it told one. What the person wished meanwhile stays: it
     * is moved on from there. A row the sync already made gives way to ours.
     */
    finishMove(messageId: number, target: StoredFolder, uid: number | null): void {
      db.transaction(() => {
        db.run('DELETE FROM move_begun WHERE begun_id = ?', messageId)
        const theirs =
          uid === null
            ? undefined
            : db.get(
                `SELECT * FROM message WHERE (folder_id = ?1 AND uid = ?2)
                   OR (origin_folder = ?1 AND origin_uid = ?2)`,
                target.id,
                uid,
              )
        // It was listed before we heard, and the person has moved that one on.
        const isMovedOn = theirs !== undefined && (theirs.origin_folder !== null || theirs.moving_to !== null)
        if (isMovedOn) return void db.run('DELETE FROM message WHERE id = ?', messageId)
        // It was told with its flags, and those are not told again.
        if (theirs !== undefined) {
          db.run('DELETE FROM message WHERE id = ?', Number(theirs.id))
          db.run(
            `UPDATE message SET is_seen = coalesce(pending_seen, ?), is_flagged = coalesce(pending_flagged, ?)
             WHERE id = ?`,
            Number(theirs.is_seen),
            Number(theirs.is_flagged),
            messageId,
          )
        }
        const row = db.get('SELECT folder_id FROM message WHERE id = ?', messageId)
        if (row === undefined) return
        const isThere = row.folder_id === target.id
        // Wished elsewhere meanwhile, but without a name in the target: the sync brings it, and it is moved from there.
        if (!isThere && uid === null) return void db.run('DELETE FROM message WHERE id = ?', messageId)
        db.run(
          `UPDATE message SET uid = ?, origin_folder = ?, origin_uid = ?, is_deleted = 0,
             is_shown = (moving_to IS NULL) WHERE id = ?`,
          isThere ? uid : null,
          isThere ? null : target.id,
          isThere ? null : uid,
          messageId,
        )
      })
    },
  }
}

function toBegunMove(row: Row): BegunMove {
  return {
    message: toMessage(row),
    sourceFolder: Number(row.source_folder),
    sourceUid: Number(row.source_uid),
    sourceValidity: String(row.source_validity),
    targetFolder: Number(row.target_folder),
    targetValidity: String(row.target_validity),
    fromUid: Number(row.from_uid),
    copiedUid: row.copied_uid === null ? null : Number(row.copied_uid),
    emailId: row.email_id as string | null,
    headHash: String(row.head_hash),
    bytes: Number(row.size),
    arrivedAt: Number(row.arrived_at),
  }
}
