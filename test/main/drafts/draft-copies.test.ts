import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { IDLE_MS, type KeepDraftCopy } from '../../../main/drafts/draft-copies.ts'
import { createDrafts, type Drafts } from '../../../main/drafts/drafts.ts'
import { createEventHub } from '../../../main/events.ts'
import { freeze } from '../../../main/mime/recipe.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { Account, DraftContent } from '../../../shared/model.ts'
import { fail, ok, type Result } from '../../../shared/problem.ts'
import { anAccount } from '../../support/builders.ts'
import { manualClock } from '../../support/manual-clock.ts'

let db: Db
let clock: ReturnType<typeof manualClock>
let accounts: Account[]
/** What the servers were told: account, draft, text or null. */
let told: [string, string | null][]
let answer: Result<true>
let drafts: Drafts
/** How many letters were frozen on another thread. */
let elsewhere: number

const keep: KeepDraftCopy = async ({ accountId, copy }) => {
  told.push([accountId, copy?.recipe.text ?? null])
  return answer
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

function open(): Drafts {
  return createDrafts({
    db,
    spool: {
      finish: async () => fail({ kind: 'not-found', what: 'file' }),
      read: async () => fail({ kind: 'not-found', what: 'file' }),
    },
    clock,
    emit: createEventHub().emit,
    accounts: { list: () => accounts },
    readMessage: async () => fail({ kind: 'not-found', what: 'message' }),
    preferences: () => ({ language: 'en', defaultAccountId: null }),
    keepCopy: keep,
    freezeElsewhere: async (written, now) => {
      elsewhere += 1
      return freeze(written, now)
    },
  })
}

beforeEach(() => {
  db = value(openDatabase(':memory:', { durability: 'full', migrations: deskMigrations }))
  clock = manualClock()
  accounts = [anAccount({ id: 'one' }), anAccount({ id: 'two' })]
  told = []
  answer = ok(true)
  elsewhere = 0
  drafts = open()
})
afterEach(async () => {
  await drafts.copies.stop()
  db.close()
})

const content = (text: string, accountId = 'one'): DraftContent => ({
  accountId,
  to: [{ name: '', address: 'half@' }],
  cc: [],
  bcc: [],
  subject: 'S',
  text,
})
async function begin(text: string): Promise<string> {
  const { id } = value(await drafts.create({ kind: 'empty', accountId: 'one' }))
  value(drafts.save(id, 1, content(text)))
  return id
}
/** Time passes, and what is under way ends. */
async function pass(ms: number): Promise<void> {
  clock.advance(ms)
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

test('a draft is copied once nobody has typed for a while, as it is then', async () => {
  const id = await begin('a')
  await pass(IDLE_MS - 1)
  value(drafts.save(id, 2, content('ab')))
  await pass(IDLE_MS - 1)
  expect(told).toEqual([])
  await pass(1)
  expect(told).toEqual([['one', 'ab']])
  await pass(10 * IDLE_MS)
  expect(told).toHaveLength(1)
})

test('a long letter is frozen on the other thread for its copy, a short one here', async () => {
  await begin('short')
  await pass(IDLE_MS)
  expect([told.length, elsewhere]).toEqual([1, 0])
  const { id } = value(await drafts.create({ kind: 'empty', accountId: 'one' }))
  value(drafts.save(id, 1, { ...content('long'), html: '<p>long</p>'.repeat(1_000) }))
  await pass(IDLE_MS)
  expect([told.length, elsewhere]).toEqual([2, 1])
})

test('an empty draft, and one of an account that has no Drafts folder, is not copied', async () => {
  value(await drafts.create({ kind: 'empty', accountId: 'one' }))
  const { incoming } = accounts[0] as Account
  accounts = [
    accounts[0] as Account,
    anAccount({
      id: 'two',
      incoming: { ...incoming, kind: 'pop3', leaveOnServer: true, deleteAfterDays: null },
    }),
  ]
  const other = value(await drafts.create({ kind: 'empty', accountId: 'two' }))
  value(drafts.save(other.id, 1, content('pop', 'two')))
  await pass(IDLE_MS)
  expect(told).toEqual([])
})

test('the copy goes at once when the draft was sent or discarded', async () => {
  const [one, two] = [await begin('a'), await begin('b')]
  await pass(IDLE_MS)
  told = []
  drafts.discard(one)
  await pass(0)
  expect(told).toEqual([['one', null]])
  db.transaction(() => drafts.removeWithin(two))
  await pass(0)
  expect(told).toEqual([
    ['one', null],
    ['one', null],
  ])
})

test('a draft that changes its account leaves the Drafts of the old one', async () => {
  const id = await begin('a')
  await pass(IDLE_MS)
  value(drafts.save(id, 2, content('a', 'two')))
  await pass(IDLE_MS)
  expect(told).toEqual([
    ['one', 'a'],
    ['one', null],
    ['two', 'a'],
  ])
})

test('without a connection it is tried again, later each time, and at the next start', async () => {
  answer = fail({ kind: 'offline' })
  await begin('a')
  await pass(IDLE_MS)
  await pass(60_000)
  expect(told).toHaveLength(2)
  await pass(60_000)
  expect(told).toHaveLength(2)
  await drafts.copies.stop()
  answer = ok(true)
  drafts = open()
  drafts.copies.start()
  await pass(IDLE_MS)
  expect(told).toHaveLength(3)
  await pass(60 * 60_000)
  expect(told).toHaveLength(3)
})

test('a copy that was left behind when the program ended goes at the next start', async () => {
  const id = await begin('a')
  await pass(IDLE_MS)
  await drafts.copies.stop()
  drafts.discard(id)
  drafts = open()
  drafts.copies.start()
  await pass(IDLE_MS)
  expect(told).toEqual([
    ['one', 'a'],
    ['one', null],
  ])
})

test('the copy of a draft that a newer version of the program wrote stays as it is', async () => {
  await begin('a')
  await pass(IDLE_MS)
  await drafts.copies.stop()
  told = []
  db.run(`UPDATE draft SET content = replace(content, '{"version":1', '{"version":2')`)
  drafts = open()
  drafts.copies.start()
  await pass(IDLE_MS)
  expect(told).toEqual([])
  expect(db.get('SELECT count(*) AS copies FROM draft_copy')).toMatchObject({ copies: 1 })
})
