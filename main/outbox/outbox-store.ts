/**
 * All SQL of the outbox: items, ledger, transcript. The ledger is only appended to, and only with what may follow;
 * the columns `state`, `due_at`, `attempt` and `copy_state` are what it folds to, written in the same transaction.
 */

import { isLegalAfter, type Journey, journeyOf } from '../../shared/journey.ts'
import type { CopyEvent, LedgerEvent, MailEvent, RecipientEvent } from '../../shared/ledger.ts'
import type { TranscriptLine } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import type { Recipe } from '../mime/recipe.ts'
import { eventOf, itemOf, recipeOf, type StoredItem } from './outbox-row.ts'

/** An event before it is in the ledger; `at` is when it happened. */
export type NewEvent = { at: number } & (MailEvent | RecipientEvent | CopyEvent)

export type NewItem = Pick<StoredItem, 'id' | 'accountId' | 'sha256' | 'bytes' | 'createdAt'> & {
  recipe: Recipe
  /** Null for a part of a mail that has one. */
  fingerprint: string | null
  /** The batch it is one of, else null. */
  batchId?: string | null
}

/** What ended less than so long ago is still on the list. */
export const LISTED_MS = 24 * 60 * 60 * 1000

/** A batch has a view of its own; here is only what needs the person. */
const IN_LIST = `(batch_id IS NULL OR state IN ('uncertain', 'refused'))`

const LISTED = `dismissed_at IS NULL AND (finished_at IS NULL OR finished_at > ? OR copy_state IN ('filing', 'failed'))`

export type OutboxStore = ReturnType<typeof createOutboxStore>

export function createOutboxStore(db: Db) {
  const eventsOf = (itemId: string): LedgerEvent[] =>
    db
      .all('SELECT seq, at, attempt, type, data FROM ledger WHERE item_id = ? ORDER BY seq', itemId)
      .map(eventOf)

  const get = (itemId: string): StoredItem | null => {
    const row = db.get('SELECT * FROM outbox_item WHERE id = ?', itemId)
    return row === undefined ? null : itemOf(row, eventsOf(itemId))
  }

  /** Appends in one transaction and folds again. Throws for an event that may not follow: that is a bug. */
  const append = (itemId: string, events: readonly NewEvent[]): Journey =>
    db.transaction(() => {
      const known = eventsOf(itemId)
      let journey = journeyOf(known)
      let attempt = journey?.attempt ?? 0
      for (const event of events) {
        if (!isLegalAfter(journey, event)) {
          throw new Error(
            `the ledger of a mail that is ${journey?.state ?? 'not written'} cannot go on with ${event.type}`,
          )
        }
        if (event.type === 'claimed') attempt += 1
        const { at, type, ...data } = event
        const { lastId } = db.run(
          'INSERT INTO ledger (item_id, at, attempt, type, data) VALUES (?, ?, ?, ?, ?)',
          itemId,
          at,
          attempt,
          type,
          JSON.stringify(data),
        )
        known.push({ ...event, seq: lastId, attempt })
        journey = journeyOf(known)
      }
      if (journey === null) throw new Error('a mail without a ledger')
      const isOver = journey.state === 'accepted' || journey.state === 'cancelled'
      db.run(
        `UPDATE outbox_item SET state = ?, due_at = ?, attempt = ?, copy_state = ?, paused_for = ?,
           lease_owner = CASE WHEN ? = 'sending' THEN lease_owner ELSE NULL END,
           finished_at = CASE WHEN ? THEN coalesce(finished_at, ?) ELSE NULL END
         WHERE id = ?`,
        journey.state,
        journey.dueAt,
        journey.attempt,
        journey.sentCopy.state,
        journey.pausedFor,
        journey.state,
        isOver ? 1 : 0,
        known.at(-1)?.at ?? 0,
        itemId,
      )
      return journey
    })

  /** From account to account, however many mails each has: this is asked after every mail. `sql` takes the last id. */
  const firstOfEachAccount = (sql: string): Row[] => {
    const rows: Row[] = []
    for (let row = db.get(sql, ''); row !== undefined; row = db.get(sql, String(row.account_id)))
      rows.push(row)
    return rows
  }

  return {
    get,
    append,

    /** The same mail with its ledger as it is now; what was written of it stays, so it is not read again. */
    withNewEvents(item: StoredItem): StoredItem {
      const events = eventsOf(item.id)
      return { ...item, events, journey: journeyOf(events) ?? item.journey }
    },

    /** Null where there is no such mail. Much cheaper than `get`. */
    stateOf(itemId: string): Journey['state'] | null {
      const row = db.get('SELECT state FROM outbox_item WHERE id = ?', itemId)
      return row === undefined ? null : (String(row.state) as Journey['state'])
    },

    /** Within the transaction of Send. */
    insert(item: NewItem, events: readonly NewEvent[]): void {
      db.transaction(() => {
        db.run(
          `INSERT INTO outbox_item
             (id, account_id, state, recipe, sha256, bytes, message_id, created_at, fingerprint, batch_id)
           VALUES (?, ?, 'held', ?, ?, ?, ?, ?, ?, ?)`,
          item.id,
          item.accountId,
          JSON.stringify(item.recipe),
          item.sha256,
          item.bytes,
          item.recipe.messageId,
          item.createdAt,
          item.fingerprint,
          item.batchId ?? null,
        )
        append(item.id, events)
      })
    },

    /** Within the transaction of a correction: other bytes under the same Message-ID. Nobody has the mail. */
    rewrite(
      itemId: string,
      { recipe, sha256, bytes, fingerprint }: Omit<NewItem, 'id' | 'accountId' | 'createdAt'>,
    ) {
      db.run(
        'UPDATE outbox_item SET recipe = ?, sha256 = ?, bytes = ?, fingerprint = ? WHERE id = ?',
        JSON.stringify(recipe),
        sha256,
        bytes,
        fingerprint,
        itemId,
      )
    },

    /** The newest mail of the same words to the same people since then, unless it was taken back or refused. */
    sameMail(fingerprint: string, since: number): string | null {
      const row = db.get(
        `SELECT id FROM outbox_item
         WHERE fingerprint = ? AND created_at > ? AND state NOT IN ('cancelled', 'refused')
         ORDER BY created_at DESC LIMIT 1`,
        fingerprint,
        since,
      )
      return row === undefined ? null : String(row.id)
    },

    /** When mails of the account were begun since then. */
    claimsSince(accountId: string, since: number): number[] {
      return db
        .all(
          `SELECT ledger.at FROM outbox_item JOIN ledger ON ledger.item_id = outbox_item.id
           WHERE account_id = ? AND type = 'claimed' AND at > ? ORDER BY at`,
          accountId,
          since,
        )
        .map(row => Number(row.at))
    },

    /** Newest first: all that is not over, and what ended lately. */
    list(now: number): StoredItem[] {
      const since = now - LISTED_MS
      const rows = db.all(
        `SELECT * FROM outbox_item WHERE ${LISTED} AND ${IN_LIST} ORDER BY created_at DESC, rowid DESC`,
        since,
      )
      const events = new Map<string, LedgerEvent[]>()
      const all = db.all(
        `SELECT item_id, seq, at, attempt, type, data FROM ledger
         WHERE item_id IN (SELECT id FROM outbox_item WHERE ${LISTED} AND ${IN_LIST}) ORDER BY seq`,
        since,
      )
      for (const row of all) {
        const itemId = String(row.item_id)
        const list = events.get(itemId)
        if (list === undefined) events.set(itemId, [eventOf(row)])
        else list.push(eventOf(row))
      }
      return rows.map(row => itemOf(row, events.get(String(row.id)) ?? []))
    },

    idsInState(state: Journey['state'], accountId?: string): string[] {
      const rows =
        accountId === undefined
          ? db.all('SELECT id FROM outbox_item WHERE state = ? ORDER BY rowid', state)
          : db.all(
              'SELECT id FROM outbox_item WHERE state = ? AND account_id = ? ORDER BY rowid',
              state,
              accountId,
            )
      return rows.map(row => String(row.id))
    },

    /** What is paused, and not by the person. */
    idsPausedForCare(): string[] {
      return db
        .all(`SELECT id FROM outbox_item WHERE state = 'paused' AND paused_for <> 'person'`)
        .map(row => String(row.id))
    },

    countByState(): Map<string, number> {
      const rows = db.all(
        'SELECT state, count(*) AS n FROM outbox_item WHERE dismissed_at IS NULL GROUP BY state',
      )
      return new Map(rows.map(row => [String(row.state), Number(row.n)]))
    },

    /** When each account has something to do next. */
    nextDue(): { accountId: string; dueAt: number }[] {
      return firstOfEachAccount(
        `SELECT account_id, due_at FROM outbox_item INDEXED BY outbox_item_waiting
         WHERE state IN ('held', 'queued') AND due_at IS NOT NULL AND account_id > ?
         ORDER BY account_id, due_at LIMIT 1`,
      ).map(row => ({ accountId: String(row.account_id), dueAt: Number(row.due_at) }))
    },

    /** The due mails of an account, the longest due first; only those smaller than `below` bytes. */
    dueIds(accountId: string, now: number, limit: number, below = Number.MAX_SAFE_INTEGER): string[] {
      return db
        .all(
          `SELECT id FROM outbox_item
           WHERE state IN ('held', 'queued') AND due_at <= ? AND account_id = ? AND bytes < ?
           ORDER BY due_at, rowid LIMIT ?`,
          now,
          accountId,
          below,
          limit,
        )
        .map(row => String(row.id))
    },

    /**
     * Takes a due mail for one attempt, by one owner; false where it is not due any more or somebody has it.
     * The lease goes with the state `sending`.
     */
    claim(
      itemId: string,
      owner: string,
      now: number,
      facts: { host: string; port: number; envelopeId?: string },
    ): boolean {
      return db.transaction(() => {
        const { changes } = db.run(
          `UPDATE outbox_item SET lease_owner = ?
           WHERE id = ? AND lease_owner IS NULL AND state IN ('held', 'queued') AND due_at <= ?`,
          owner,
          itemId,
          now,
        )
        if (changes !== 1) return false
        append(itemId, [{ at: now, type: 'claimed', ...facts }])
        return true
      })
    },

    /** Mails that somebody who is gone was sending. */
    orphans(owner: string): string[] {
      return db
        .all(`SELECT id FROM outbox_item WHERE state = 'sending' AND lease_owner IS NOT ?`, owner)
        .map(row => String(row.id))
    },

    addTranscript(itemId: string, lines: readonly TranscriptLine[]): void {
      for (const { attempt, at, side, text } of lines) {
        db.run(
          'INSERT INTO transcript (item_id, attempt, at, side, text) VALUES (?, ?, ?, ?, ?)',
          itemId,
          attempt,
          at,
          side,
          text,
        )
      }
    },

    transcript(itemId: string): TranscriptLine[] {
      return db
        .all('SELECT attempt, at, side, text FROM transcript WHERE item_id = ? ORDER BY id', itemId)
        .map(row => ({
          attempt: Number(row.attempt),
          at: Number(row.at),
          side: sideOf(row.side),
          text: String(row.text),
        }))
    },

    setCopyDue(itemId: string, at: number | null): void {
      db.run('UPDATE outbox_item SET copy_due_at = ? WHERE id = ?', at, itemId)
    },

    /** The clock went back by so much. */
    shiftCopies(ms: number): void {
      db.run('UPDATE outbox_item SET copy_due_at = copy_due_at + ? WHERE copy_due_at IS NOT NULL', ms)
    },

    /** No copy waits longer than any would. */
    pullCopies(latest: number, to: number): void {
      db.run('UPDATE outbox_item SET copy_due_at = ? WHERE copy_due_at > ?', to, latest)
    },

    /** The copy of each account that is to be filed next. */
    nextCopiesDue(): { itemId: string; accountId: string; dueAt: number }[] {
      return firstOfEachAccount(
        `SELECT id, account_id, copy_due_at FROM outbox_item INDEXED BY outbox_item_copies
         WHERE copy_due_at IS NOT NULL AND account_id > ?
         ORDER BY account_id, copy_due_at, id LIMIT 1`,
      ).map(row => ({
        itemId: String(row.id),
        accountId: String(row.account_id),
        dueAt: Number(row.copy_due_at),
      }))
    },

    /** Deletes the row with its ledger. Only for a mail whose bytes never were out. */
    remove(itemId: string): void {
      db.run('DELETE FROM outbox_item WHERE id = ?', itemId)
    },

    dismiss(itemId: string, now: number): void {
      // A copy that is on its way is filed all the same; one that cannot be filed is given up.
      db.run(
        `UPDATE outbox_item SET dismissed_at = ?,
           copy_due_at = CASE WHEN copy_state = 'failed' THEN NULL ELSE copy_due_at END
         WHERE id = ?`,
        now,
        itemId,
      )
    },

    /** Only of mails that were handed over or may have been. */
    idOfMessage(messageId: string): string | null {
      const row = db.get(
        `SELECT id FROM outbox_item WHERE message_id = ? AND state IN ('sending', 'uncertain', 'accepted')
         ORDER BY rowid LIMIT 1`,
        messageId,
      )
      return row === undefined ? null : String(row.id)
    },

    /** By the time they were handed over. */
    handedOverSince(at: number, limit: number): { id: string; finishedAt: number }[] {
      return db
        .all(
          `SELECT id, finished_at FROM outbox_item WHERE state = 'accepted' AND finished_at > ?
           ORDER BY finished_at, rowid LIMIT ?`,
          at,
          limit,
        )
        .map(row => ({ id: String(row.id), finishedAt: Number(row.finished_at) }))
    },

    /** Of every mail that may still be sent, filed, saved or edited. */
    recipesInUse(now: number): Recipe[] {
      const rows = db.all(
        `SELECT recipe FROM outbox_item WHERE (${LISTED}) OR copy_due_at IS NOT NULL`,
        now - LISTED_MS,
      )
      return rows.map(recipeOf).filter(recipe => recipe !== null)
    },

    idsOfAccount(accountId: string): string[] {
      return db.all('SELECT id FROM outbox_item WHERE account_id = ?', accountId).map(row => String(row.id))
    },
  }
}

/** The database could not write: it passes with the full disk and is no bug. */
export function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error
}

function sideOf(value: unknown): TranscriptLine['side'] {
  return value === 'client' || value === 'server' ? value : 'note'
}
