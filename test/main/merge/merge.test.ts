/** From a table to mails in the queue, and what can end the program in between, against a scripted server. */

import { afterEach, describe, expect, test } from 'vitest'
import { createEventHub } from '../../../main/events.ts'
import { createMerge, type Merge } from '../../../main/merge/merge.ts'
import type { MergeBatch, MergeColumns, MergeTable } from '../../../shared/merge.ts'
import type { Draft } from '../../../shared/model.ts'
import type { Result } from '../../../shared/problem.ts'
import { sayAndDrop } from '../../servers/acts.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from '../outbox/house.ts'

type Desk = { house: House; server: ScriptedSmtp; merge: Merge; restart(): void }

const desks: Desk[] = []
afterEach(async () => {
  for (const { house, server, merge } of desks.splice(0)) {
    await merge.stop()
    await house.close()
    await server.stop()
    expect(house.bugs).toEqual([])
  }
})

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

function mergeOf(house: House): Merge {
  return createMerge({
    db: house.db,
    clock: house.clock,
    emit: createEventHub().emit,
    accounts: { get: id => (id === 'account' ? accountFor({ port: 1 }) : null) },
    drafts: house.drafts,
    undoSeconds: () => house.undoSeconds,
    batches: house.outbox.batches,
    reportBug: (_where, error) => house.bugs.push(error),
  })
}

async function open(script: SmtpScript = {}): Promise<Desk> {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  const house = buildHouse(accountFor(server))
  const desk: Desk = {
    house,
    server,
    merge: mergeOf(house),
    restart() {
      void this.merge.stop()
      house.restart()
      this.merge = mergeOf(house)
      this.merge.start()
    },
  }
  desks.push(desk)
  return desk
}

const columns: MergeColumns = { address: 0, name: 1 }
const people = (count: number): MergeTable => ({
  columns: ['mail', 'name'],
  rows: Array.from({ length: count }, (_, at) => [`person${at}@x.test`, `Person ${at}`]),
})

async function begin({ house, merge }: Desk, table: MergeTable, leaveOut = false) {
  const { draftId, revision } = await house.draft({
    to: [],
    subject: 'For {{name}}',
    text: 'Dear {{name}},\nhello.',
    html: '<p>Dear <strong>{{name}}</strong></p>',
  })
  const begun = await merge.begin(draftId, revision, { table, columns, from: 'guests.csv' }, leaveOut)
  return { draftId, revision, begun }
}

/** Asked again after every change of a mail; time goes on meanwhile, as far as somebody waits for it. */
async function until(desk: Desk, batchId: string, look: (batch: MergeBatch) => boolean): Promise<MergeBatch> {
  for (let turn = 0; turn < 200_000; turn += 1) {
    const batch = value(desk.merge.get(batchId))
    if (look(batch)) return batch
    await new Promise(resolve => setImmediate(resolve))
    if (turn % 50 === 0) desk.house.clock.advance(1_000)
  }
  throw new Error(`never so: ${JSON.stringify(value(desk.merge.get(batchId)))}`)
}

const isDone = ({ state }: MergeBatch) => state === 'done'

describe('a merge', () => {
  test('makes a mail of every row, filled and addressed, each with a ledger of its own', async () => {
    const desk = await open()
    const { draftId, begun } = await begin(desk, people(7))
    const { batchId } = value(begun)
    expect(desk.house.drafts.get(draftId)).toBeNull()
    expect(await until(desk, batchId, isDone)).toMatchObject({
      rows: 7,
      counts: { toMake: 0, waiting: 0, sending: 0, accepted: 7, needsYou: 0, cancelled: 0, left: 0 },
    })
    const messages = desk.server.messages.toSorted((a, b) => (a.to[0] ?? '').localeCompare(b.to[0] ?? ''))
    expect(messages.map(({ to }) => to)).toEqual(people(7).rows.map(([mail]) => [mail]))
    const third = messages[3]?.data.toString() ?? ''
    expect(third).toMatch(/^To: "?Person 3"? <person3@x\.test>\r\nSubject: For Person 3\r\n/m)
    expect(third).toContain('Person 3')
    expect(third).not.toContain('{{')
    const rows = value(desk.merge.rows(batchId, 0, 200))
    expect(new Set(rows.map(({ itemId }) => itemId)).size).toBe(7)
    expect(rows.map(({ state }) => state)).toEqual(Array(7).fill('accepted'))
    expect(desk.house.types(rows[0]?.itemId ?? '')).toContain('accepted')
    expect(desk.house.outbox.list()).toEqual([])
  })

  test('of 100 rows against a server that says 421 after 20, through two restarts: 100 unique deliveries', async () => {
    let taken = 0
    let isTired = true
    const desk = await open({
      mail: () => {
        if (isTired && taken >= 20) {
          isTired = false
          return sayAndDrop('421 4.7.0 Too many messages, slow down')
        }
        taken += 1
        return undefined
      },
    })
    const { batchId } = value((await begin(desk, people(100))).begun)
    await until(desk, batchId, ({ counts }) => counts.toMake < 100 && counts.toMake > 0)
    desk.restart()
    await until(desk, batchId, () => desk.house.outbox.outgoing('account').state === 'paused')
    expect(desk.house.outbox.outgoing('account')).toMatchObject({
      problem: { reply: { code: 421 } },
      until: expect.any(Number),
    })
    // What the other connection carries may be out: killed now, it would rightly be of unknown outcome.
    await until(desk, batchId, ({ counts }) => counts.sending === 0)
    desk.restart()
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 100 } })
    const delivered = desk.server.messages.filter(({ accepted }) => accepted).flatMap(({ to }) => to)
    expect(delivered).toHaveLength(100)
    expect(new Set(delivered).size).toBe(100)
  })

  test('that is paused sends nothing more, also after a restart, and goes on where it stopped', async () => {
    const desk = await open()
    const { batchId } = value((await begin(desk, people(30))).begun)
    await until(desk, batchId, ({ counts }) => counts.accepted >= 5)
    expect(value(desk.merge.pause(batchId)).state).not.toBe('done')
    await until(desk, batchId, ({ state, counts }) => state === 'paused' && counts.sending === 0)
    desk.restart()
    const paused = await until(desk, batchId, ({ counts }) => counts.sending === 0)
    desk.house.clock.advance(24 * 60 * 60_000)
    for (let turn = 0; turn < 200; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(value(desk.merge.get(batchId))).toEqual(paused)
    value(desk.merge.resume(batchId))
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 30 } })
    expect(new Set(desk.server.messages.flatMap(({ to }) => to)).size).toBe(30)
  })

  test('that a server slowed down can be paused, and is neither sent then nor hurried by going on', async () => {
    let taken = 0
    const desk = await open({
      mail: () => {
        taken += 1
        return taken === 4 ? sayAndDrop('421 4.7.0 Too many messages, slow down') : undefined
      },
    })
    const { house, server } = desk
    const { batchId } = value((await begin(desk, people(10))).begun)
    await until(desk, batchId, () => house.outbox.outgoing('account').state === 'paused')
    const slowed = house.outbox.outgoing('account')
    const end = slowed.state === 'paused' ? (slowed.until ?? 0) : 0
    const settle = async () => {
      for (let turn = 0; turn < 300; turn += 1) await new Promise(resolve => setImmediate(resolve))
    }
    value(desk.merge.pause(batchId))
    await until(desk, batchId, ({ counts }) => counts.sending === 0)
    await settle()
    // The server's time is over, but not the person's.
    house.clock.advance(end - house.clock.now() + 1_000)
    await settle()
    const states = value(desk.merge.rows(batchId, 0, 200)).map(({ state }) => state)
    // Three before it asked, and what the other connection carried at that moment.
    const sent = states.filter(state => state === 'accepted').length
    expect([3, 4]).toContain(sent)
    expect(states.filter(state => state === 'paused')).toHaveLength(10 - sent)
    expect(server.messages).toHaveLength(sent)
    value(desk.merge.resume(batchId))
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 10 } })
  })

  test('that goes on after a restart still keeps to the time its server asked for', async () => {
    let taken = 0
    const desk = await open({
      mail: () => {
        taken += 1
        return taken === 4 ? sayAndDrop('421 4.7.0 Too many messages, slow down') : undefined
      },
    })
    const { batchId } = value((await begin(desk, people(10))).begun)
    await until(desk, batchId, () => desk.house.outbox.outgoing('account').state === 'paused')
    value(desk.merge.pause(batchId))
    // The other connection may carry one more.
    await until(desk, batchId, ({ counts }) => counts.sending === 0)
    const before = desk.server.messages.length
    expect(before).toBeLessThanOrEqual(4)
    desk.restart()
    value(desk.merge.resume(batchId))
    for (let turn = 0; turn < 300; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(desk.house.outbox.outgoing('account')).toMatchObject({
      state: 'paused',
      problem: { reply: { code: 421 } },
    })
    expect(desk.server.messages).toHaveLength(before)
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 10 } })
  })

  test('that is cancelled in the undo window hands over nothing', async () => {
    const desk = await open()
    const { batchId } = value((await begin(desk, people(12))).begun)
    value(desk.merge.cancel(batchId))
    for (let turn = 0; turn < 500; turn += 1) await new Promise(resolve => setImmediate(resolve))
    desk.house.clock.advance(60_000)
    expect(await until(desk, batchId, ({ state }) => state === 'cancelled')).toMatchObject({
      counts: { accepted: 0, cancelled: 12, waiting: 0 },
    })
    expect(desk.server.messages).toEqual([])
    expect(desk.merge.dismiss(batchId)).toMatchObject({ ok: true })
    expect(desk.merge.list()).toEqual([])
  })

  test('that is taken back in the undo window is the draft it was, with its people and files', async () => {
    const desk = await open()
    const { house, merge } = desk
    house.undoSeconds = 600
    const { draftId: written, revision } = await house.draft(
      {
        to: [{ name: 'Emi', address: 'emi@x.test' }],
        cc: [{ name: '', address: 'cc@x.test' }],
        subject: 'For {{name}}',
        text: 'Dear {{name}}',
        html: '<p>Dear {{name}}</p>',
      },
      Buffer.from('the plan'),
    )
    const before = house.drafts.get(written)
    const table: MergeTable = { columns: ['mail', 'name'], rows: [...people(30).rows, ['nobody', 'N']] }
    const { batchId } = value(
      await merge.begin(written, revision, { table, columns, from: 'guests.csv' }, true),
    )
    await until(desk, batchId, ({ counts }) => counts.waiting > 5)
    const { draftId } = value(await merge.takeBack(batchId))
    const { id: _, revision: __, createdAt: ___, savedAt: ____, attachments, ...content } = before as Draft
    const back = house.drafts.get(draftId)
    expect(back).toMatchObject(content)
    expect(back?.attachments.map(({ name, sha256 }) => ({ name, sha256 }))).toEqual(
      attachments.map(({ name, sha256 }) => ({ name, sha256 })),
    )
    expect(merge.peopleOf(draftId)).toEqual({
      headings: table.columns,
      columns,
      from: 'guests.csv',
      rows: 31,
    })
    expect(merge.peopleRows(draftId, 0, 1_000)).toEqual(table.rows)
    expect(merge.list()).toEqual([])
    expect(house.db.get('SELECT count(*) AS n FROM outbox_item')).toEqual({ n: 0 })
    house.clock.advance(60 * 60_000)
    for (let turn = 0; turn < 200; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(desk.server.messages).toEqual([])
    // Sent again it goes to all of them, once.
    const again = value(
      await merge.begin(draftId, back?.revision ?? 0, { table, columns, from: 'guests.csv' }, true),
    )
    expect(merge.peopleOf(draftId)).toBeNull()
    expect(await until(desk, again.batchId, isDone)).toMatchObject({ counts: { accepted: 30, left: 1 } })
  })

  test('that is taken back when some have left brings back only the people who have not got it', async () => {
    const desk = await open()
    const { batchId } = value((await begin(desk, people(40))).begun)
    await until(desk, batchId, ({ counts }) => counts.accepted >= 10)
    const { draftId } = value(await desk.merge.takeBack(batchId))
    await until(desk, batchId, ({ counts }) => counts.sending === 0)
    const back = desk.merge.peopleRows(draftId, 0, 1_000).map(([mail]) => mail)
    const got = desk.server.messages.filter(({ accepted }) => accepted).flatMap(({ to }) => to)
    expect(back.length).toBeGreaterThan(0)
    expect([...got, ...back].toSorted()).toEqual(
      people(40)
        .rows.map(([mail]) => mail)
        .toSorted(),
    )
    expect(value(desk.merge.get(batchId))).toMatchObject({
      state: 'cancelled',
      counts: { accepted: got.length, waiting: 0, cancelled: back.length },
    })
  })

  test('whose taking back is cut off by the end of the program is a draft at the next start', async () => {
    const desk = await open()
    desk.house.undoSeconds = 600
    const { batchId } = value((await begin(desk, people(30))).begun)
    await until(desk, batchId, ({ counts }) => counts.waiting > 5)
    void desk.merge.takeBack(batchId)
    await new Promise(resolve => setImmediate(resolve))
    desk.restart()
    expect(desk.house.drafts.list()).toEqual([])
    for (let turn = 0; turn < 1_000 && desk.house.drafts.list().length === 0; turn += 1)
      await new Promise(resolve => setImmediate(resolve))
    const draftId = desk.house.drafts.list()[0]?.id ?? ''
    expect(desk.merge.peopleOf(draftId)).toMatchObject({ rows: 30 })
    desk.house.clock.advance(60_000)
    for (let turn = 0; turn < 200; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(desk.server.messages).toEqual([])
  })

  test('whose mails have all left cannot be taken back, and stands as it was', async () => {
    const desk = await open()
    const { batchId } = value((await begin(desk, people(3))).begun)
    await until(desk, batchId, isDone)
    expect(await desk.merge.takeBack(batchId)).toMatchObject({ problem: { kind: 'not-now' } })
    expect(value(desk.merge.get(batchId))).toMatchObject({ state: 'done', counts: { accepted: 3 } })
    expect(desk.house.drafts.list()).toEqual([])
  })

  test('that the end of the program met while it was written down leaves its draft, and no batch', async () => {
    const desk = await open()
    const { draftId, revision } = await desk.house.draft({ to: [], subject: 'x', text: 'y' })
    void desk.merge.begin(draftId, revision, { table: people(2_000), columns, from: '' }, true)
    for (let turn = 0; turn < 12; turn += 1) await new Promise(resolve => setImmediate(resolve))
    expect(desk.house.db.get('SELECT count(*) AS n FROM merge')).toEqual({ n: 1 })
    desk.restart()
    expect(desk.merge.list()).toEqual([])
    expect(desk.house.db.get('SELECT count(*) AS n FROM merge_row')).toEqual({ n: 0 })
    expect(desk.house.drafts.get(draftId)).not.toBeNull()
  })

  test('with rows that cannot go begins only when they are to be left out, and says why for each', async () => {
    const desk = await open()
    const table: MergeTable = {
      columns: ['mail', 'name'],
      rows: [
        ['a@x.test', 'A'],
        ['nobody', 'B'],
        ['c@x.test', ''],
      ],
    }
    const { draftId, revision, begun } = await begin(desk, table)
    expect(begun).toEqual({ ok: false, problem: { kind: 'invalid', field: 'rows.1', reason: 'fault' } })
    expect(desk.house.drafts.get(draftId)).not.toBeNull()
    const { batchId } = value(
      await desk.merge.begin(draftId, revision, { table, columns, from: 'guests.csv' }, true),
    )
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 1, left: 2 } })
    expect(value(desk.merge.rows(batchId, 1, 2)).map(({ faults }) => faults)).toEqual([
      [{ kind: 'bad-address', text: 'nobody' }],
      [{ kind: 'empty-field', field: 'name' }],
    ])
  })

  test('of a draft that changed, is gone or would reach nobody does not begin', async () => {
    const desk = await open()
    const { draftId, revision } = await desk.house.draft({ to: [] })
    const start = (id: string, at: number, table = people(1)) =>
      desk.merge.begin(id, at, { table, columns, from: 'guests.csv' }, true)
    expect(await start(draftId, revision - 1)).toMatchObject({ problem: { kind: 'conflict' } })
    expect(await start('gone', 1)).toMatchObject({ problem: { kind: 'not-found', what: 'draft' } })
    expect(await start(draftId, revision, { columns: ['mail'], rows: [['x']] })).toMatchObject({
      problem: { kind: 'no-recipients' },
    })
    expect(await start(draftId, revision, { columns: ['mail'], rows: [] })).toMatchObject({
      problem: { kind: 'no-recipients' },
    })
    expect(desk.house.drafts.get(draftId)).not.toBeNull()
  })

  test('whose row meets a server that refuses it names it among what needs the person', async () => {
    const desk = await open({ recipients: { 'person1@x.test': '550 5.1.1 No such user' } })
    const { batchId } = value((await begin(desk, people(3))).begun)
    const batch = await until(desk, batchId, isDone)
    expect(batch.counts).toMatchObject({ accepted: 2, needsYou: 1 })
    expect(desk.house.outbox.list().map(({ to }) => to[0]?.address)).toEqual(['person1@x.test'])
  })

  test('on a full disk makes nothing by half, and goes on when there is room', async () => {
    const desk = await open()
    const { batchId } = value((await begin(desk, people(4))).begun)
    desk.house.db.run(`PRAGMA max_page_count = ${desk.house.db.get('PRAGMA page_count')?.page_count}`)
    for (let turn = 0; turn < 500; turn += 1) await new Promise(resolve => setImmediate(resolve))
    const { counts } = value(desk.merge.get(batchId))
    expect(counts.toMake + counts.waiting).toBe(4)
    desk.house.db.run('PRAGMA max_page_count = 1000000')
    expect(await until(desk, batchId, isDone)).toMatchObject({ counts: { accepted: 4 } })
    expect(desk.server.messages).toHaveLength(4)
  })
})
