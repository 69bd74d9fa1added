/**
 * SQL of what is counted from mail (tables of mail.db). The sorting room writes, the desk only reads; each takes its
 * own half.
 */

import { addressKey } from '../../shared/address.ts'
import type { Address } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import { rankAfter, WEIGHT } from './frecency.ts'

/** Somebody as mail shows them. Times in epoch ms, null where it never happened. */
export type Correspondent = {
  key: string
  address: Address
  firstSentAt: number | null
  lastSentAt: number | null
  lastReceivedAt: number | null
  /** When a list or a machine last wrote from here. */
  bulkAt: number | null
  rank: number
}

/** How a mail touches an address. */
export type Part = keyof typeof WEIGHT

/** A row of `message`, as far as people are concerned. */
export type MessagePeople = {
  id: number
  isSent: boolean
  isCounted: boolean
  isBulk: boolean
  messageId: string
  sentAt: number
  from: Address
  to: Address[]
  cc: Address[]
}

const NAME_SOURCE: Record<Part, number> = { received: 3, sent: 2, named: 1, bulk: 3 }

// ------------------------------------------------------------ for writing

export function createCorrespondentStore(db: Db) {
  return {
    transaction: <T>(work: () => T): T => db.transaction(work),

    /** The next messages to count, in the order of their ids. */
    messagesAfter(id: number, limit: number): MessagePeople[] {
      return db
        .all(
          `SELECT id, role, is_bulk, message_id, sent_at, from_address, to_addresses, cc_addresses
           FROM message WHERE id > ? ORDER BY id LIMIT ?`,
          id,
          limit,
        )
        .map(row => ({
          id: Number(row.id),
          isSent: row.role === 'sent',
          isCounted: row.role === 'sent' || row.role === 'inbox',
          isBulk: row.is_bulk === 1,
          messageId: String(row.message_id),
          sentAt: Number(row.sent_at),
          from: JSON.parse(String(row.from_address)) as Address,
          to: JSON.parse(String(row.to_addresses)) as Address[],
          cc: JSON.parse(String(row.cc_addresses)) as Address[],
        }))
    },

    /** True the first time this mail is counted for this address; `hash` stands for both. */
    markCounted: (hash: number): boolean =>
      db.run('INSERT OR IGNORE INTO counted_mail (hash) VALUES (?)', hash).changes === 1,

    count({ name, address }: Address, part: Part, at: number): void {
      const key = addressKey(address)
      const before = db.get(
        'SELECT rank, name_source, named_at FROM correspondent WHERE address_key = ?',
        key,
      )
      const rank = rankAfter(before === undefined ? null : Number(before.rank), WEIGHT[part], at)
      if (before === undefined) {
        db.run(
          `INSERT INTO correspondent (address_key, address, name, name_source, named_at, rank) VALUES (?, ?, ?, ?, ?, ?)`,
          key,
          address,
          name,
          name === '' ? 0 : NAME_SOURCE[part],
          at,
          rank,
        )
      } else {
        const source = Number(before.name_source)
        const isBetter =
          NAME_SOURCE[part] > source || (NAME_SOURCE[part] === source && at >= Number(before.named_at))
        db.run('UPDATE correspondent SET rank = ? WHERE address_key = ?', rank, key)
        if (name !== '' && isBetter) {
          db.run(
            'UPDATE correspondent SET name = ?, name_source = ?, named_at = ? WHERE address_key = ?',
            name,
            NAME_SOURCE[part],
            at,
            key,
          )
        }
      }
      stamp(db, key, part, at)
    },

    countedUntil: (source: 'messages' | 'outbox'): number => countedUntil(db, source),
    setCountedUntil(source: 'messages' | 'outbox', position: number): void {
      db.run(
        `INSERT INTO counted_until (source, position) VALUES (?1, ?2)
         ON CONFLICT (source) DO UPDATE SET position = max(position, ?2)`,
        source,
        position,
      )
    },
  }
}

function stamp(db: Db, key: string, part: Part, at: number): void {
  if (part === 'sent') {
    db.run(
      `UPDATE correspondent SET first_sent_at = min(coalesce(first_sent_at, ?1), ?1),
         last_sent_at = max(coalesce(last_sent_at, ?1), ?1) WHERE address_key = ?2`,
      at,
      key,
    )
  } else if (part !== 'named') {
    db.run(
      'UPDATE correspondent SET last_received_at = max(coalesce(last_received_at, ?1), ?1) WHERE address_key = ?2',
      at,
      key,
    )
  }
  if (part === 'bulk') {
    db.run(
      'UPDATE correspondent SET bulk_at = max(coalesce(bulk_at, ?1), ?1) WHERE address_key = ?2',
      at,
      key,
    )
  }
}

function countedUntil(db: Db, source: 'messages' | 'outbox'): number {
  return Number(db.get('SELECT position FROM counted_until WHERE source = ?', source)?.position ?? 0)
}

// ------------------------------------------------------------ for reading

/** A place in the order of ranks, to go on from. */
export type RankMark = { rank: number; id: number }
export const TOP: RankMark = { rank: Number.MAX_VALUE, id: Number.MAX_SAFE_INTEGER }

export type CorrespondentList = ReturnType<typeof createCorrespondentList>

export function createCorrespondentList(db: Db) {
  return {
    byKey(key: string): Correspondent | null {
      const row = db.get('SELECT * FROM correspondent WHERE address_key = ?', key)
      return row === undefined ? null : toCorrespondent(row)
    },
    /** The nearest first. `next` is null behind the last one. */
    below(mark: RankMark, limit: number): { people: Correspondent[]; next: RankMark | null } {
      const rows = db.all(
        `SELECT * FROM correspondent WHERE (rank, id) < (?, ?) ORDER BY rank DESC, id DESC LIMIT ?`,
        mark.rank,
        mark.id,
        limit,
      )
      const last = rows.at(-1)
      const isEnd = last === undefined || rows.length < limit
      return {
        people: rows.map(toCorrespondent),
        next: isEnd ? null : { rank: Number(last.rank), id: Number(last.id) },
      }
    },
    countedUntil: (source: 'messages' | 'outbox'): number => countedUntil(db, source),

    /** Domains that were written to on several days, or for several addresses; the latest first. */
    settledDomains: (apartMs: number, limit: number): string[] =>
      db
        .all(
          `SELECT substr(address_key, instr(address_key, '@') + 1) AS domain FROM correspondent
           WHERE first_sent_at IS NOT NULL GROUP BY domain
           HAVING count(*) > 1 OR max(last_sent_at) - min(first_sent_at) >= ?
           ORDER BY max(last_sent_at) DESC LIMIT ?`,
          apartMs,
          limit,
        )
        .map(row => String(row.domain)),
  }
}

function toCorrespondent(row: Row): Correspondent {
  const time = (value: unknown) => (value === null ? null : Number(value))
  return {
    key: String(row.address_key),
    address: { name: String(row.name), address: String(row.address) },
    firstSentAt: time(row.first_sent_at),
    lastSentAt: time(row.last_sent_at),
    lastReceivedAt: time(row.last_received_at),
    bulkAt: time(row.bulk_at),
    rank: Number(row.rank),
  }
}
