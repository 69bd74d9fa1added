/**
 * The SQL of asking the index: a walk through what is found, from the newest on or by how near it is, with the
 * conditions of the question. Read-only; a part of `search-reader.ts`, which is the only file that uses it.
 */

import type { SearchQuery } from '../../shared/search-query.ts'
import type { Db, Row, SqlValue } from '../db.ts'
import { HEAD_COLUMNS, type ListedMessage, rowId, toHead } from './mailbox-list-store.ts'
import type { PackRef } from './pack.ts'
import type { SearchMatch } from './search-match.ts'
import { docOf } from './search-store.ts'

export type Wanted = {
  query: SearchQuery
  folderIds: string[] | null
  alsoIds: string[]
  match: SearchMatch
  isRanked: boolean
}

/** `cursor` goes on behind this one. */
export type Found = { id: number; head: ListedMessage; cursor: string; isFromServer: boolean }

export type Walk = {
  /** The next ones, at most so many; fewer only at the end. */
  next(limit: number): Found[]
  isOver(): boolean
  cursor(): string
}

/** Beyond this a number says no more than "many". */
const MOST_COUNTED = 10_000
const BEYOND = Number.MAX_SAFE_INTEGER

export function createFinder(db: Db) {
  /** Of one tier, behind `before`. */
  const step = (wanted: Wanted, match: string | null, before: number, limit: number): Row[] => {
    const { sql, values } = conditionsOf(wanted)
    if (match === null) {
      const none = wanted.match.none
      return db.all(
        `SELECT ${HEAD_COLUMNS}, m.search_doc FROM message m
         WHERE m.search_doc < ? AND ${sql}${none === null ? '' : ' AND m.search_doc NOT IN (SELECT rowid FROM search WHERE search MATCH ?)'}
         ORDER BY m.search_doc DESC LIMIT ?`,
        before,
        ...values,
        ...(none === null ? [] : [none]),
        limit,
      )
    }
    return db.all(
      `SELECT ${HEAD_COLUMNS}, m.search_doc FROM search CROSS JOIN message m ON m.search_doc = search.rowid
       WHERE search MATCH ? AND search.rowid < ? AND search.rowid >= ? AND ${sql}
       ORDER BY search.rowid DESC LIMIT ?`,
      match,
      before,
      wanted.query.after === null ? 0 : docOf(wanted.query.after),
      ...values,
      limit,
    )
  }
  const fromServer = (wanted: Wanted, before: number, limit: number): Row[] => {
    if (wanted.alsoIds.length === 0) return []
    const { sql, values } = conditionsOf(wanted)
    return db.all(
      `SELECT ${HEAD_COLUMNS}, m.search_doc FROM message m
       WHERE m.id IN (SELECT value FROM json_each(?)) AND m.search_doc < ? AND ${sql}
       ORDER BY m.search_doc DESC LIMIT ?`,
      JSON.stringify(wanted.alsoIds.map(rowId)),
      before,
      ...values,
      limit,
    )
  }

  return {
    walk(wanted: Wanted, cursor: string | null): Walk {
      const tiers = wanted.isRanked && wanted.match.tiers.length > 0 ? wanted.match.tiers : [wanted.match.all]
      let { tier, doc } = readCursor(cursor)
      let isOver = false
      return {
        isOver: () => isOver,
        cursor: () => `${tier}:${doc}`,
        next(limit) {
          const found: Found[] = []
          while (found.length < limit && !isOver) {
            const isLast = tier >= tiers.length - 1
            const rest = limit - found.length
            const own = step(wanted, tiers[tier] ?? null, doc, rest)
            const rows = isLast
              ? merged(own, fromServer(wanted, doc, rest), rest)
              : own.map(row => ({ row, isFromServer: false }))
            for (const { row, isFromServer } of rows) {
              doc = Number(row.search_doc)
              found.push({ id: Number(row.id), head: toHead(row), cursor: `${tier}:${doc}`, isFromServer })
            }
            if (rows.length >= rest) break
            if (isLast) isOver = true
            else {
              tier += 1
              doc = BEYOND
            }
          }
          return found
        },
      }
    },
    count(wanted: Wanted): { total: number; isWhole: boolean } {
      const { sql, values } = conditionsOf(wanted)
      const { all, none } = wanted.match
      const also = wanted.alsoIds.map(rowId)
      const own =
        all === null
          ? `SELECT m.id FROM message m WHERE m.search_doc IS NOT NULL AND ${sql}${none === null ? '' : ' AND m.search_doc NOT IN (SELECT rowid FROM search WHERE search MATCH ?)'}`
          : `SELECT m.id FROM search CROSS JOIN message m ON m.search_doc = search.rowid WHERE search MATCH ? AND ${sql}`
      const ownValues = all === null ? [...values, ...(none === null ? [] : [none])] : [all, ...values]
      if (also.length === 0) {
        const row = db.get(`SELECT count(*) AS count FROM (${own} LIMIT ?)`, ...ownValues, MOST_COUNTED + 1)
        return wholeOf(Number(row?.count ?? 0))
      }
      const row = db.get(
        `SELECT count(*) AS count FROM (${own} UNION
         SELECT m.id FROM message m WHERE m.id IN (SELECT value FROM json_each(?)) AND ${sql} LIMIT ?)`,
        ...ownValues,
        JSON.stringify(also),
        ...values,
        MOST_COUNTED + 1,
      )
      return wholeOf(Number(row?.count ?? 0))
    },
    waiting: (): number =>
      Number(db.get('SELECT count(*) AS count FROM message WHERE is_indexed = 0')?.count ?? 0),
    /** What is known of a message without its source, and where that lies. */
    wordsOf(
      messageId: number,
    ): { accountId: string; words: string; preview: string; source: PackRef | null } | null {
      const row = db.get(
        'SELECT account_id, subject, preview, pack, pack_offset, pack_length, sha256 FROM message WHERE id = ?',
        messageId,
      )
      if (row === undefined) return null
      const source =
        row.pack === null
          ? null
          : {
              pack: String(row.pack),
              offset: Number(row.pack_offset),
              length: Number(row.pack_length),
              sha256: String(row.sha256),
            }
      return {
        accountId: String(row.account_id),
        words: String(row.subject),
        preview: String(row.preview),
        source,
      }
    },
  }
}

function wholeOf(counted: number): { total: number; isWhole: boolean } {
  return { total: Math.min(counted, MOST_COUNTED), isWhole: counted <= MOST_COUNTED }
}

/** What this cannot be read is the beginning. */
function readCursor(cursor: string | null): { tier: number; doc: number } {
  const match = /^(\d):(\d{1,16})$/.exec(cursor ?? '')
  return match === null ? { tier: 0, doc: BEYOND } : { tier: Number(match[1]), doc: Number(match[2]) }
}

/** Two walks in one, a mail of both once. */
function merged(own: Row[], server: Row[], limit: number): { row: Row; isFromServer: boolean }[] {
  const known = new Set(own.map(row => row.search_doc))
  return [
    ...own.map(row => ({ row, isFromServer: false })),
    ...server.filter(row => !known.has(row.search_doc)).map(row => ({ row, isFromServer: true })),
  ]
    .sort((left, right) => Number(right.row.search_doc) - Number(left.row.search_doc))
    .slice(0, limit)
}

/** A folder of everything repeats what others have: its copy is shown where it is the only one. */
const NOT_REPEATED = `NOT (m.role IN ('all', 'flagged') AND m.message_id <> '' AND EXISTS (
  SELECT 1 FROM message o WHERE o.message_id = m.message_id AND o.account_id = m.account_id AND o.is_shown = 1
    AND (o.role IS NULL OR o.role NOT IN ('all', 'flagged'))))`

function conditionsOf({ query, folderIds }: Wanted): { sql: string; values: SqlValue[] } {
  const parts = ['m.is_shown = 1']
  const values: SqlValue[] = []
  const add = (sql: string, value: SqlValue) => {
    parts.push(sql)
    values.push(value)
  }
  const rows = (ids: string[]) => JSON.stringify(ids.map(rowId))
  if (folderIds !== null) add('m.folder_id IN (SELECT value FROM json_each(?))', rows(folderIds))
  else if (query.folderIds === null) parts.push(NOT_REPEATED)
  if (query.folderIds !== null) add('m.folder_id IN (SELECT value FROM json_each(?))', rows(query.folderIds))
  if (query.notFolderIds.length > 0)
    add('m.folder_id NOT IN (SELECT value FROM json_each(?))', rows(query.notFolderIds))
  if (query.accountIds !== null)
    add('m.account_id IN (SELECT value FROM json_each(?))', JSON.stringify(query.accountIds))
  if (query.notAccountIds.length > 0)
    add('m.account_id NOT IN (SELECT value FROM json_each(?))', JSON.stringify(query.notAccountIds))
  if (query.isUnread !== null) add('m.is_seen = ?', query.isUnread ? 0 : 1)
  if (query.isFlagged !== null) add('m.is_flagged = ?', query.isFlagged ? 1 : 0)
  if (query.hasAttachments !== null) add('m.has_attachments = ?', query.hasAttachments ? 1 : 0)
  if (query.after !== null) add('m.sent_at >= ?', query.after)
  if (query.before !== null) add('m.sent_at < ?', query.before)
  return { sql: parts.join(' AND '), values }
}
