// Delays are as long as they were said to be and times are kept, whatever the machine's clock does and whenever the
// program runs.

import { afterEach, describe, expect, test } from 'vitest'
import { drop, type Reply } from '../../servers/acts.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build(script: SmtpScript = {}) {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  return { server, house }
}
const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const moves = [-365 * DAY, -DAY, -HOUR, HOUR, DAY, 365 * DAY]
const state = (house: House, itemId: string) => house.item(itemId).journey.state

describe('the undo window', () => {
  test.each(moves)('is as long as it was when the clock is moved by %i ms', async ms => {
    const { house } = await build()
    house.undoSeconds = 60
    const itemId = await house.send()
    house.clock.advance(10 * SECOND)
    house.clock.move(ms)
    // Has the program look at its queue.
    await house.send({ subject: 'another' })
    house.clock.advance(49 * SECOND)
    expect(state(house, itemId)).toBe('held')
    house.clock.advance(1 * SECOND)
    await house.untilState(itemId, 'accepted')
  })

  test.each(moves.filter(ms => ms < 0))(
    'is no longer after a restart when the clock went by %i ms',
    async ms => {
      const { house } = await build()
      const itemId = await house.send()
      house.clock.move(ms)
      house.restart()
      expect(state(house, itemId)).toBe('held')
      house.clock.advance(10 * SECOND)
      await house.untilState(itemId, 'accepted')
    },
  )

  test('survives quitting, and what is left of it counts', async () => {
    const { house } = await build()
    house.undoSeconds = 60
    const itemId = await house.send()
    house.clock.advance(20 * SECOND)
    house.restart()
    house.clock.advance(39 * SECOND)
    expect(state(house, itemId)).toBe('held')
    house.clock.advance(2 * SECOND)
    await house.untilState(itemId, 'accepted')
  })

  test('that ended while the program was closed lets the mail go at the next start', async () => {
    const { house } = await build()
    const itemId = await house.send()
    house.clock.move(8 * HOUR)
    house.restart()
    await house.untilState(itemId, 'accepted')
  })
})

describe('a scheduled mail', () => {
  test('never leaves early, and goes within a minute of its time', async () => {
    const { house, server } = await build()
    const itemId = await house.send({}, house.clock.now() + 3 * DAY)
    house.clock.advance(3 * DAY - 5 * SECOND)
    expect([state(house, itemId), server.messages.length]).toEqual(['held', 0])
    house.clock.advance(65 * SECOND)
    await house.untilState(itemId, 'accepted')
  })

  test('does not go along with another one of its account that is due a little before', async () => {
    const { house, server } = await build()
    const at = house.clock.now() + 10 * MINUTE
    const first = await house.send({ subject: 'first' }, at)
    const second = await house.send({ subject: 'second' }, at + 4 * SECOND)
    house.clock.advance(10 * MINUTE)
    await house.untilState(first, 'accepted')
    await new Promise(resolve => setImmediate(resolve))
    expect([state(house, second), server.messages.length]).toEqual(['held', 1])
    house.clock.advance(4 * SECOND)
    await house.untilState(second, 'accepted')
  })

  test.each(moves.filter(ms => ms > 0))(
    'that was slept through (%i ms) asks, and goes when it is wanted',
    async ms => {
      const { house, server } = await build()
      const itemId = await house.send({}, house.clock.now() + 10 * MINUTE)
      house.clock.move(ms)
      house.clock.advance(2 * MINUTE)
      expect(house.item(itemId).journey).toMatchObject({ state: 'paused', pausedFor: 'overdue' })
      expect(house.outbox.counts()).toMatchObject({ waiting: 0, needsYou: 1 })
      expect(house.item(itemId).can).toMatchObject({ resume: true, edit: true, cancel: true })
      expect(server.messages).toEqual([])
      house.outbox.resume(itemId)
      await house.untilState(itemId, 'accepted')
      expect(server.messages).toHaveLength(1)
    },
  )

  test('that was slept through is scheduled anew, and says until then when it was to go', async () => {
    const { house, server } = await build()
    const wasDueAt = house.clock.now() + 10 * MINUTE
    const itemId = await house.send({}, wasDueAt)
    house.clock.move(HOUR)
    house.clock.advance(2 * MINUTE)
    expect(house.item(itemId).journey).toMatchObject({ pausedFor: 'overdue', dueAt: wasDueAt })
    const dueAt = house.clock.now() + 3 * HOUR
    expect(house.outbox.holdUntil(itemId, house.clock.now())).toMatchObject({ problem: { kind: 'invalid' } })
    expect(house.outbox.holdUntil(itemId, dueAt)).toEqual({ ok: true, value: { dueAt } })
    expect(house.item(itemId).journey).toMatchObject({ state: 'held', heldFor: 'schedule', dueAt })
    house.clock.advance(3 * HOUR - 5 * SECOND)
    expect([state(house, itemId), server.messages.length]).toEqual(['held', 0])
    house.clock.advance(65 * SECOND)
    await house.untilState(itemId, 'accepted')
    expect(house.outbox.holdUntil(itemId, dueAt + DAY)).toMatchObject({ problem: { kind: 'not-now' } })
  })

  test('whose time passed while the program was closed asks too', async () => {
    const { house } = await build()
    const itemId = await house.send({}, house.clock.now() + 10 * MINUTE)
    house.clock.move(HOUR)
    house.restart()
    expect(house.item(itemId).journey.pausedFor).toBe('overdue')
  })

  test('goes by itself where that was chosen, or where it is hardly late', async () => {
    const { house } = await build()
    house.dueAsleep = 'send'
    const chosen = await house.send({}, house.clock.now() + 10 * MINUTE)
    house.clock.move(HOUR)
    house.restart()
    await house.untilState(chosen, 'accepted')
    house.dueAsleep = 'ask'
    const hardly = await house.send({}, house.clock.now() + 10 * MINUTE)
    house.clock.move(10 * MINUTE + 50 * SECOND)
    house.restart()
    await house.untilState(hardly, 'accepted')
  })

  test('that only had to wait for its turn does not ask', async () => {
    const { house, server } = await build({ body: [{ perform: async ({ wire }) => wire.closed }] })
    house.undoSeconds = 0
    const first = await house.send()
    await server.nextCommand(/^\.$/)
    const second = await house.send({ subject: 'second' }, house.clock.now() + MINUTE)
    house.clock.advance(9 * MINUTE)
    expect(state(house, second)).toBe('held')
    house.clock.advance(2 * MINUTE)
    await house.untilState(first, 'uncertain')
    await house.untilState(second, 'accepted')
  })
})

describe('a retry', () => {
  test.each(moves.filter(ms => ms < 0))('does not wait longer when the clock is moved by %i ms', async ms => {
    const { house, server } = await build({ mail: ['451 4.3.0 Later', '451 4.3.0 Later'] })
    house.undoSeconds = 0
    const itemId = await house.send()
    await house.until(itemId, ({ journey }) => journey.problem !== null)
    house.clock.move(ms)
    house.clock.advance(62 * SECOND)
    await server.waitFor(() => server.commands.filter(line => line.startsWith('MAIL')).length === 2)
    await house.until(itemId, ({ journey }) => journey.state === 'queued' && journey.attempt === 2)
    house.clock.move(ms)
    house.restart()
    house.clock.advance(6 * MINUTE)
    await house.untilState(itemId, 'accepted')
  })

  test('is not given up because the clock was moved by a year', async () => {
    const replies: Reply[] = Array.from({ length: 4 }, () => drop())
    const { house } = await build({ data: replies })
    house.undoSeconds = 0
    const itemId = await house.send()
    for (let turn = 1; turn <= 4; turn += 1) {
      await house.until(itemId, ({ journey }) => journey.state === 'queued' && journey.attempt === turn)
      house.clock.move(365 * DAY)
      house.clock.advance(MINUTE)
    }
    await house.untilState(itemId, 'accepted')
  })
})
