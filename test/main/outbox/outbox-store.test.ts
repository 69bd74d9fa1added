/** The rows of the outbox: a ledger that only goes on lawfully, and columns that say the same. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { freeze } from '../../../main/mime/recipe.ts'
import {
  createOutboxStore,
  LISTED_MS,
  type NewEvent,
  type OutboxStore,
} from '../../../main/outbox/outbox-store.ts'
import { deskMigrations } from '../../../main/schema.ts'
import { isLegalAfter, type Journey } from '../../../shared/journey.ts'
import { LEGAL_NEXT } from '../../../shared/ledger.ts'
import type { ServerReply } from '../../../shared/problem.ts'

let folder = ''
let db: Db
let store: OutboxStore

function open(): Db {
  const opened = openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations })
  if (!opened.ok) throw new Error(opened.problem.kind)
  return opened.value
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-store-'))
  db = open()
  store = createOutboxStore(db)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const now = 1_800_000_000_000
const people = ['bob@example.org']
const reply: ServerReply = { code: 250, enhanced: null, text: 'Ok' }
const written: NewEvent = { at: now, type: 'written', bytes: 10, sha256: 'f', recipients: people }
const held = (dueAt: number): NewEvent => ({ at: now, type: 'held', dueAt, why: 'undo' })

function insert(id: string, events: NewEvent[] = [written, held(now)], accountId = 'account') {
  const recipe = freeze(
    {
      from: { name: '', address: 'yuki@example.org' },
      to: [{ name: '', address: 'bob@example.org' }],
      cc: [],
      bcc: [],
      subject: id,
      text: '',
      references: [],
      attachments: [],
    },
    now,
  )
  store.insert({ id, accountId, recipe, sha256: 'f', bytes: 10, createdAt: now, fingerprint: null }, events)
}
const server = { host: 'mx.test', port: 465 }
const columns = (id: string) =>
  db.get('SELECT state, due_at, attempt, copy_state, lease_owner FROM outbox_item WHERE id = ?', id)

describe('the ledger', () => {
  test('refuses what may not follow, and then nothing of the transaction stays', () => {
    insert('a')
    expect(() =>
      store.append('a', [{ at: now, type: 'accepted', reply, queueId: null, recipients: people }]),
    ).toThrow(/held cannot go on with accepted/)
    const half: NewEvent[] = [
      { at: now, type: 'paused', why: 'person', problem: null },
      { at: now, type: 'terminating', bytes: 1, recipients: people },
    ]
    expect(() => store.append('a', half)).toThrow(/paused cannot go on with terminating/)
    expect(store.get('a')?.events.map(({ type }) => type)).toEqual(['written', 'held'])
    expect(columns('a')).toMatchObject({ state: 'held' })
  })

  test('refuses to take a mail back once its last bytes may be out', () => {
    insert('a')
    store.claim('a', 'me', now, server)
    store.append('a', [{ at: now, type: 'terminating', bytes: 10, recipients: people }])
    for (const event of [
      { at: now, type: 'released', by: 'window' },
      { at: now, type: 'terminating', bytes: 10, recipients: people },
    ] satisfies NewEvent[]) {
      expect(() => store.append('a', [event])).toThrow(/sending cannot go on/)
    }
    store.append('a', [{ at: now, type: 'uncertain', problem: { kind: 'outcome-unknown' } }])
    expect(store.get('a')?.journey.state).toBe('uncertain')
  })

  test('gives every event back as it was written, after the file was closed and opened', () => {
    insert('a')
    store.claim('a', 'me', now, server)
    const events: NewEvent[] = [
      { at: now + 1, type: 'secured', protocol: 'TLSv1.3', cipher: 'X', ms: 12, isResumed: true },
      { at: now + 2, type: 'recipient-refused', recipient: 'bob@example.org', reply },
      { at: now + 3, type: 'deferred', problem: { kind: 'server-busy', reply }, dueAt: now + 9 },
    ]
    store.append('a', events)
    db.close()
    db = open()
    store = createOutboxStore(db)
    const stored = store.get('a')?.events.slice(-3)
    expect(stored).toMatchObject(events.map(event => ({ ...event, attempt: 1 })))
    expect(stored?.map(({ seq }) => seq)).toEqual([4, 5, 6])
  })

  test('and the columns say the same after any lawful walk', () => {
    const sample: { [T in NewEvent['type']]?: NewEvent } = {
      held: held(now + 5),
      released: { at: now, type: 'released', by: 'person' },
      claimed: { at: now, type: 'claimed', ...server },
      terminating: { at: now, type: 'terminating', bytes: 10, recipients: people },
      accepted: { at: now, type: 'accepted', reply, queueId: 'Q', recipients: people },
      refused: { at: now, type: 'refused', problem: { kind: 'refused', reply } },
      deferred: { at: now, type: 'deferred', problem: { kind: 'offline' }, dueAt: now + 7 },
      paused: { at: now, type: 'paused', why: 'person', problem: null },
      resumed: { at: now, type: 'resumed', dueAt: now + 3, by: 'person' },
      chosen: { at: now, type: 'chosen', choice: 'send-to-others', dropped: [] },
      uncertain: { at: now, type: 'uncertain', problem: { kind: 'outcome-unknown' } },
      reconciled: { at: now, type: 'reconciled', proof: 'person', verdict: 'send-again' },
      cancelled: { at: now, type: 'cancelled', by: 'person' },
    }
    let run = 0
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 25 }), picks => {
        const id = `walk-${run++}`
        insert(id)
        let journey: Journey | null = store.get(id)?.journey ?? null
        for (const pick of picks) {
          const open = LEGAL_NEXT[journey?.state ?? 'nothing'].flatMap(type => {
            const event = sample[type]
            return event !== undefined && isLegalAfter(journey, event) ? [event] : []
          })
          const event = open[pick % Math.max(1, open.length)]
          if (event === undefined) break
          journey = store.append(id, [event])
          expect(columns(id)).toMatchObject({
            state: journey.state,
            due_at: journey.dueAt,
            attempt: journey.attempt,
            copy_state: journey.sentCopy.state,
          })
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a claim', () => {
  test('is given once', () => {
    insert('a')
    expect(store.claim('a', 'me', now, server)).toBe(true)
    expect(store.claim('a', 'you', now, server)).toBe(false)
    expect(columns('a')).toMatchObject({ state: 'sending', attempt: 1, lease_owner: 'me' })
    expect(store.get('a')?.events.filter(({ type }) => type === 'claimed')).toHaveLength(1)
  })

  test('is given once between two connections to the file', () => {
    insert('a')
    const other = open()
    expect(createOutboxStore(other).claim('a', 'you', now, server)).toBe(true)
    expect(store.claim('a', 'me', now, server)).toBe(false)
    other.close()
  })

  test('is not given before its time, nor for what is paused or over', () => {
    insert('a', [written, held(now + 1)])
    expect(store.claim('a', 'me', now, server)).toBe(false)
    store.append('a', [{ at: now, type: 'paused', why: 'person', problem: null }])
    expect(store.claim('a', 'me', now + 2, server)).toBe(false)
    store.append('a', [{ at: now, type: 'cancelled', by: 'person' }])
    expect(store.claim('a', 'me', now + 2, server)).toBe(false)
  })

  test('ends with the outcome, and one of somebody who is gone is found', () => {
    insert('a')
    insert('b')
    store.claim('a', 'gone', now, server)
    store.claim('b', 'me', now, server)
    expect(store.orphans('me')).toEqual(['a'])
    store.append('a', [{ at: now, type: 'released', by: 'window' }])
    expect(store.orphans('me')).toEqual([])
    expect(columns('a')).toMatchObject({ state: 'queued', lease_owner: null })
  })
})

describe('the queue', () => {
  test('names for each account when it has something to do', () => {
    insert('a', [written, held(now + 50)])
    insert('b', [written, held(now + 20)])
    insert('c', [written, held(now + 70)], 'other')
    insert('d', [written, { at: now, type: 'paused', why: 'person', problem: null }], 'third')
    expect(store.nextDue()).toEqual([
      { accountId: 'account', dueAt: now + 20 },
      { accountId: 'other', dueAt: now + 70 },
    ])
    expect(store.dueIds('account', now + 60, 9)).toEqual(['b', 'a'])
    expect(store.dueIds('account', now + 49, 9)).toEqual(['b'])
    expect(store.dueIds('account', now + 19, 9)).toEqual([])
  })

  test('lists what is not over and what ended lately, newest first', () => {
    insert('a')
    insert('b')
    store.append('a', [{ at: now, type: 'cancelled', by: 'person' }])
    expect(store.list(now).map(({ id }) => id)).toEqual(['b', 'a'])
    expect(store.list(now + LISTED_MS + 1).map(({ id }) => id)).toEqual(['b'])
    store.dismiss('b', now)
    expect(store.list(now).map(({ id }) => id)).toEqual(['a'])
  })

  test('a row that holds no recipe is still a row', () => {
    insert('a')
    db.run("UPDATE outbox_item SET recipe = '{}' WHERE id = 'a'")
    expect(store.get('a')).toMatchObject({ recipe: null, journey: { state: 'held' } })
  })

  test('removing a row takes its ledger and its transcript along', () => {
    insert('a')
    store.addTranscript('a', [{ at: now, attempt: 1, side: 'client', text: 'EHLO' }])
    expect(store.transcript('a')).toEqual([{ at: now, attempt: 1, side: 'client', text: 'EHLO' }])
    store.remove('a')
    expect(db.all('SELECT * FROM ledger')).toEqual([])
    expect(db.all('SELECT * FROM transcript')).toEqual([])
  })
})
