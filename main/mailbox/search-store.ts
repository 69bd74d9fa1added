/**
 * The SQL of the search index, writing: which messages wait for it, and their terms. The rows of `search` go by
 * themselves when their message does (triggers of mail.db). Asking it is `search-reader.ts`.
 */

import type { Address } from '../../shared/model.ts'
import type { Db } from '../db.ts'
import type { PackRef } from './pack.ts'

/** A message whose words are not in the index as they are now. */
export type UnindexedMessage = {
  id: number
  accountId: string
  sentAt: number
  subject: string
  preview: string
  from: Address
  /** To and Cc. */
  to: Address[]
  source: PackRef | null
}

/** Mails of the same five minutes stand in the order in which they came. */
const SLOT_MS = 5 * 60_000
const FIRST_DAY = Date.UTC(1990, 0)

/** The first row of `search` for a mail of this time. Later mails never stand before it. */
export function docOf(sentAt: number): number {
  return Math.max(0, Math.floor((sentAt - FIRST_DAY) / SLOT_MS))
}

/** Of the index, merged in one step. */
const TIDY_PAGES = 200

export type SearchStore = ReturnType<typeof createSearchStore>

export function createSearchStore(db: Db) {
  /** Rows known to be taken without a gap: thousands of mails of one moment (a letter to many) ask only once. */
  let taken = { from: 0, to: -1 }
  /** The next free row at or after the time of the mail. */
  const freeDoc = (sentAt: number): number => {
    const first = docOf(sentAt)
    const isWithin = first >= taken.from && first <= taken.to
    let doc = isWithin ? taken.to + 1 : first
    while (db.get('SELECT 1 FROM message WHERE search_doc = ?', doc) !== undefined) doc += 1
    taken = { from: isWithin ? taken.from : first, to: doc }
    return doc
  }

  return {
    transaction: <T>(work: () => T): T => db.transaction(work),
    waiting: (): number =>
      Number(db.get('SELECT count(*) AS count FROM message WHERE is_indexed = 0')?.count ?? 0),
    /** The newest first. */
    unindexed: (limit: number): UnindexedMessage[] =>
      db
        .all(
          `SELECT id, account_id, sent_at, subject, preview, from_address, to_addresses, cc_addresses, pack,
             pack_offset, pack_length, sha256
           FROM message WHERE is_indexed = 0 ORDER BY sent_at DESC LIMIT ?`,
          limit,
        )
        .map(row => ({
          id: Number(row.id),
          accountId: String(row.account_id),
          sentAt: Number(row.sent_at),
          subject: String(row.subject),
          preview: String(row.preview),
          from: JSON.parse(String(row.from_address)) as Address,
          to: [
            ...(JSON.parse(String(row.to_addresses)) as Address[]),
            ...(JSON.parse(String(row.cc_addresses)) as Address[]),
          ],
          source:
            row.pack === null
              ? null
              : {
                  pack: String(row.pack),
                  offset: Number(row.pack_offset),
                  length: Number(row.pack_length),
                  sha256: String(row.sha256),
                },
        })),
    /** Writes the terms, unless the message has gone or got another source since it was read. */
    write({ id, sentAt, source }: UnindexedMessage, terms: string): void {
      const row = db.get('SELECT search_doc, sha256 FROM message WHERE id = ?', id)
      if (row === undefined || (row.sha256 ?? null) !== (source?.sha256 ?? null)) return
      const known = row.search_doc === null ? null : Number(row.search_doc)
      const doc = known ?? freeDoc(sentAt)
      if (known !== null) db.run('DELETE FROM search WHERE rowid = ?', doc)
      db.run('INSERT INTO search (rowid, terms) VALUES (?, ?)', doc, terms)
      db.run('UPDATE message SET search_doc = ?, is_indexed = 1 WHERE id = ?', doc, id)
    },
    /** Merges a little of what was written in pieces, to one in the end; false where nothing is left to merge. */
    tidy(isFirst: boolean): boolean {
      const before = Number(db.get('SELECT total_changes() AS count')?.count)
      // A negative number takes in all pieces, however few; the steps after it go on with that.
      db.run("INSERT INTO search (search, rank) VALUES ('merge', ?)", isFirst ? -TIDY_PAGES : TIDY_PAGES)
      return Number(db.get('SELECT total_changes() AS count')?.count) - before > 1
    },
  }
}
