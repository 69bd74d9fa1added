/**
 * The SQL of threads, writing: which mails wait to be put into one, the names that are known, and the rows of the list
 * of conversations. Triggers of mail.db say what waits and which threads look different. Part of `threads.ts`.
 */

import type { Address, FolderRole } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import type { PackRef } from './pack.ts'
import type { Joined, KnownThreads } from './thread-join.ts'
import { namesOf, readReferences, type SubjectMail, subjectOf } from './thread-names.ts'
import type { ConversationRow, ThreadMail } from './thread-rows.ts'

/** A mail that waits, with its names hashed. */
export type WaitingMail = {
  id: number
  messageId: string
  sentAt: number
  own: number
  others: number[]
  subjectKey: number | null
  /** It says "Re:" and does not say what it answers. */
  isOrphan: boolean
}

/** A mail as one that may be an answer sees it. */
export type SubjectNeighbour = SubjectMail & { id: number; thread: number; subjectKey: number }

/** So many mails of one subject are looked at. */
const MOST_NEIGHBOURS = 50

export type ThreadStore = ReturnType<typeof createThreadStore>

export function createThreadStore(db: Db) {
  const rows = (sql: string, values: Iterable<number>, ...more: number[]): Row[] =>
    db.all(sql, JSON.stringify([...values]), ...more)
  return {
    transaction: <T>(work: () => T): T => db.transaction(work),
    waiting: (limit: number): WaitingMail[] =>
      db
        .all(
          `SELECT id, account_id, message_id, thread_refs, server_thread, subject, sent_at FROM message
           WHERE id IN (SELECT message_id FROM unthreaded ORDER BY message_id LIMIT ?)`,
          limit,
        )
        .map(toWaiting),
    /** Other mails go by this name: a program that gives all its mails the same one. A copy has the same time. */
    isNameTaken: ({ id, messageId, sentAt }: WaitingMail): boolean =>
      db.get(
        'SELECT 1 FROM message WHERE message_id = ? AND id <> ? AND sent_at <> ? LIMIT 1',
        messageId,
        id,
        sentAt,
      ) !== undefined,
    /** What is known of these names, and of the threads that they stand for. */
    known(hashes: Iterable<number>): KnownThreads {
      const found = rows(
        `SELECT n.hash, coalesce(m.into_id, n.thread_id) AS thread FROM thread_name n
         LEFT JOIN thread_merged m ON m.thread_id = n.thread_id
         WHERE n.hash IN (SELECT value FROM json_each(?))`,
        hashes,
      )
      const names = new Map(found.map(row => [Number(row.hash), Number(row.thread)]))
      return { names, sizes: this.sizes(new Set(names.values())), next: this.next() }
    },
    sizes: (threads: Iterable<number>): Map<number, number> =>
      new Map(
        rows(
          `SELECT thread_id, count(*) AS mails FROM threaded
           WHERE thread_id IN (SELECT value FROM json_each(?)) GROUP BY thread_id`,
          threads,
        ).map(row => [Number(row.thread_id), Number(row.mails)]),
      ),
    /** The threads that these mails are in, each once. */
    threadsOf: (ids: readonly number[]): number[] =>
      rows(
        'SELECT DISTINCT thread_id FROM threaded WHERE message_id IN (SELECT value FROM json_each(?))',
        ids,
      ).map(row => Number(row.thread_id)),
    next: (): number => Number(db.get('SELECT next FROM thread_number')?.next ?? 1),
    write(mails: readonly WaitingMail[], joined: Joined): void {
      const touched = new Set<number>()
      for (const { id, subjectKey, isOrphan, sentAt } of mails) {
        const thread = joined.threads.get(id) as number
        touched.add(thread)
        db.run(
          `INSERT INTO threaded (message_id, thread_id, subject_key, sent_at, is_orphan) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (message_id) DO UPDATE SET thread_id = excluded.thread_id,
             subject_key = excluded.subject_key, is_orphan = excluded.is_orphan`,
          id,
          thread,
          subjectKey,
          sentAt,
          isOrphan ? 1 : 0,
        )
      }
      for (const [hash, thread] of [...joined.names].sort(byHash)) {
        db.run('INSERT OR REPLACE INTO thread_name (hash, thread_id) VALUES (?, ?)', hash, thread)
      }
      this.merge(joined.merged)
      rows(
        'DELETE FROM unthreaded WHERE message_id IN (SELECT value FROM json_each(?))',
        mails.map(({ id }) => id),
      )
      this.setStale(touched)
      db.run('UPDATE thread_number SET next = ?', joined.next)
    },
    /** These threads are parts of those now; their names lead there. */
    merge(merged: ReadonlyMap<number, number>): void {
      for (const [from, into] of merged) {
        db.run('UPDATE threaded SET thread_id = ? WHERE thread_id = ?', into, from)
        db.run('UPDATE thread_merged SET into_id = ? WHERE into_id = ?', into, from)
        db.run('INSERT OR REPLACE INTO thread_merged (thread_id, into_id) VALUES (?, ?)', from, into)
      }
      this.setStale(merged.keys())
      this.setStale(merged.values())
    },
    setStale(threads: Iterable<number>): void {
      rows('INSERT OR IGNORE INTO stale_thread SELECT value FROM json_each(?)', threads)
    },

    // ------------------------------------------------- by the subject alone

    /** Answers that do not say what they answer, of these subjects. */
    orphans: (keys: Iterable<number>): SubjectNeighbour[] =>
      rows(
        `${NEIGHBOUR} WHERE t.is_orphan = 1 AND t.subject_key IN (SELECT value FROM json_each(?))
         ORDER BY t.sent_at DESC LIMIT 500`,
        keys,
      ).map(toNeighbour),
    /** Mails of this subject between two times, the latest first. */
    neighbours: (key: number, from: number, to: number): SubjectNeighbour[] =>
      db
        .all(
          `${NEIGHBOUR} WHERE t.subject_key = ? AND t.sent_at BETWEEN ? AND ?
           ORDER BY t.sent_at DESC LIMIT ${MOST_NEIGHBOURS}`,
          key,
          from,
          to,
        )
        .map(toNeighbour),

    // --------------------------------------------------------- conversations

    stale: (limit: number): number[] =>
      db.all('SELECT thread_id FROM stale_thread LIMIT ?', limit).map(row => Number(row.thread_id)),
    /** All that is shown of these threads. */
    mails: (threads: readonly number[]): Map<number, ThreadMail[]> =>
      Map.groupBy(
        rows(
          `SELECT t.thread_id, m.id, m.account_id, m.folder_id, m.role, m.message_id, m.from_address, m.sent_at,
             m.is_seen, m.is_flagged, m.has_attachments
           FROM threaded t JOIN message m ON m.id = t.message_id
           WHERE t.thread_id IN (SELECT value FROM json_each(?)) AND m.is_shown = 1
           ORDER BY m.sent_at, m.id`,
          threads,
        ).map(toThreadMail),
        ({ thread }) => thread,
      ),
    /** The list has these rows of these threads and no others. */
    list(threads: readonly number[], conversations: readonly ConversationRow[]): void {
      rows('DELETE FROM conversation WHERE thread_id IN (SELECT value FROM json_each(?))', threads)
      for (const row of conversations) {
        db.run(
          `INSERT INTO conversation (thread_id, place, newest_at, newest_id, mails, unread, is_flagged,
             has_attachments, people, own_at, own_message_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          row.thread,
          row.place,
          row.newestAt,
          row.newestId,
          row.mails,
          row.unread,
          row.isFlagged ? 1 : 0,
          row.hasAttachments ? 1 : 0,
          row.people,
          row.ownAt,
          row.ownMessageId,
        )
      }
      rows('DELETE FROM stale_thread WHERE thread_id IN (SELECT value FROM json_each(?))', threads)
    },
    /** Names that lead to no mail any more. */
    forgetEmpty(): void {
      db.run(
        `DELETE FROM thread_name WHERE coalesce(
           (SELECT into_id FROM thread_merged m WHERE m.thread_id = thread_name.thread_id), thread_id)
           NOT IN (SELECT thread_id FROM threaded)`,
      )
      db.run('DELETE FROM thread_merged WHERE thread_id NOT IN (SELECT thread_id FROM thread_name)')
    },

    // --------------------------------------- mails from before there were threads

    /** Mails behind this one whose References were never read, and whose source is here. */
    unlinked: (after: number, limit: number): { id: number; accountId: string; source: PackRef }[] =>
      db
        .all(
          `SELECT id, account_id, pack, pack_offset, pack_length, sha256 FROM message
           WHERE thread_refs IS NULL AND pack IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
          after,
          limit,
        )
        .map(row => ({
          id: Number(row.id),
          accountId: String(row.account_id),
          source: {
            pack: String(row.pack),
            offset: Number(row.pack_offset),
            length: Number(row.pack_length),
            sha256: String(row.sha256),
          },
        })),
    link(id: number, references: string): void {
      db.run('UPDATE message SET thread_refs = ? WHERE id = ? AND thread_refs IS NULL', references, id)
    },
  }
}

/** In the order of the table, which is as quick again as in any other. */
const byHash = ([left]: [number, number], [right]: [number, number]) => left - right

const NEIGHBOUR = `SELECT t.message_id, t.thread_id, t.subject_key, t.sent_at, m.from_address, m.to_addresses,
  m.cc_addresses FROM threaded t JOIN message m ON m.id = t.message_id`

function toWaiting(row: Row): WaitingMail {
  const messageId = String(row.message_id)
  const references = readReferences(String(row.thread_refs ?? ''))
  const serverThread = String(row.server_thread ?? '')
  const { key, isAnswer } = subjectOf(String(row.subject))
  return {
    id: Number(row.id),
    messageId,
    sentAt: Number(row.sent_at),
    ...namesOf({ accountId: String(row.account_id), messageId, references, serverThread }),
    subjectKey: key,
    isOrphan: isAnswer && key !== null && references.length === 0 && serverThread === '',
  }
}

function toNeighbour(row: Row): SubjectNeighbour {
  return {
    id: Number(row.message_id),
    thread: Number(row.thread_id),
    subjectKey: Number(row.subject_key),
    sentAt: Number(row.sent_at),
    from: JSON.parse(String(row.from_address)) as Address,
    to: JSON.parse(String(row.to_addresses)) as Address[],
    cc: JSON.parse(String(row.cc_addresses)) as Address[],
  }
}

function toThreadMail(row: Row): ThreadMail {
  return {
    thread: Number(row.thread_id),
    id: Number(row.id),
    accountId: String(row.account_id),
    folderId: Number(row.folder_id),
    role: row.role as FolderRole | null,
    messageId: String(row.message_id),
    from: String(row.from_address),
    sentAt: Number(row.sent_at),
    isSeen: row.is_seen === 1,
    isFlagged: row.is_flagged === 1,
    hasAttachments: row.has_attachments === 1,
  }
}
