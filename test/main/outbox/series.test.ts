// Mails of one account in a row: the next speaks behind the final dot of the one before, and still no more than one of
// them is ever in doubt, none is lost and none goes twice.

import { afterEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../shared/model.ts'
import { type Act, drop, type Hold, hold } from '../../servers/acts.ts'
import {
  type ScriptedSmtp,
  type SmtpOptions,
  type SmtpScript,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build(script: SmtpScript, options: SmtpOptions = {}, more: Partial<Account> = {}) {
  const server = await startScriptedSmtp(script, { users: { yuki: password }, ...options })
  servers.push(server)
  const house = buildHouse(accountFor(server, more))
  houses.push(house)
  return { server, house }
}

/** Answers a final dot only after the next mail has spoken behind it, and when the test says so. */
function holdForNext(then: Act | string = ''): Hold {
  const held = hold(typeof then === 'string' && then !== '' ? then : undefined)
  let arrive = () => {}
  const reached = new Promise<void>(resolve => {
    arrive = resolve
  })
  return {
    reached,
    release: held.release,
    async perform(stage) {
      const line = await stage.wire.line()
      if (!line?.startsWith('MAIL FROM:<')) throw new Error(`not the next mail: ${line}`)
      stage.wire.putBack(Buffer.from(`${line}\r\n`))
      arrive()
      await (typeof then === 'string' ? held.perform(stage) : then.perform(stage))
    },
  }
}

/** So many small mails that are due together. */
async function due(house: House, count: number, large?: number): Promise<string[]> {
  const items: string[] = []
  for (let mail = 0; mail < count; mail += 1) {
    const file = mail === large ? Buffer.alloc(2 * 1024 * 1024, 'todoke') : undefined
    items.push(await house.send({ subject: `mail ${mail}` }, null, file))
  }
  house.clock.advance(10_000)
  return items
}
const stateOf = (house: House, itemId = '') => house.item(itemId).journey.state
const subjects = (server: ScriptedSmtp) =>
  server.messages
    .filter(({ accepted }) => accepted)
    .map(({ data }) => /^Subject: (.*)\r$/m.exec(data.toString())?.[1])

test('the next mail speaks behind the final dot, and ends only after the outcome of the one before', async () => {
  const end = holdForNext()
  const { server, house } = await build({ body: [end] })
  const items = await due(house, 4)
  await end.reached
  expect(items.map(itemId => stateOf(house, itemId))).toEqual(['sending', 'sending', 'held', 'held'])
  end.release()
  for (const itemId of items) await house.untilState(itemId, 'accepted')
  expect(server.sessions).toHaveLength(1)
  expect(subjects(server)).toEqual(['mail 0', 'mail 1', 'mail 2', 'mail 3'])
  // The whole ledger in its order: an outcome before the next point of no return.
  const ends = house.db
    .all("SELECT type FROM ledger WHERE type IN ('terminating', 'accepted') ORDER BY seq")
    .map(({ type }) => type)
  expect(ends).toEqual(Array.from({ length: 4 }, () => ['terminating', 'accepted']).flat())
})

test('while the disk does not take an outcome, the next mail keeps its last lines', async () => {
  const end = holdForNext()
  const { server, house } = await build({ body: [end] })
  const [first = '', second = ''] = await due(house, 2)
  await end.reached
  house.db.run(
    "CREATE TRIGGER full BEFORE INSERT ON ledger WHEN NEW.type = 'accepted' BEGIN SELECT raise(ABORT, 'full'); END",
  )
  end.release()
  await house.until(second, ({ journey }) => journey.phase === 'body')
  for (let turn = 0; turn < 50; turn += 1) await new Promise(resolve => setImmediate(resolve))
  expect([house.types(first).at(-1), house.types(second)]).toEqual([
    'terminating',
    ['written', 'held', 'released', 'claimed'],
  ])
  house.db.run('DROP TRIGGER full')
  house.clock.advance(5_000)
  for (const itemId of [first, second]) await house.untilState(itemId, 'accepted')
  expect(subjects(server)).toEqual(['mail 0', 'mail 1'])
})

test('where PIPELINING is not offered, the next mail waits for the reply', async () => {
  const end = hold()
  const { server, house } = await build({ body: [end] }, { pipelining: false })
  const items = await due(house, 3)
  await end.reached
  end.release()
  for (const itemId of items) await house.untilState(itemId, 'accepted')
  expect(server.sessions.map(({ hasSpokenTooEarly }) => hasSpokenTooEarly)).toEqual([false])
  expect(subjects(server)).toEqual(['mail 0', 'mail 1', 'mail 2'])
})

test.each([
  ['refused', '554 5.7.1 spam', 'refused'],
  ['asked to come later', '451 4.3.0 disk', 'queued'],
] as const)('a mail that is %s at its end does not take the next one with it', async (_how, reply, state) => {
  const end = holdForNext(reply)
  const { server, house } = await build({ body: [end] })
  const [first, second] = await due(house, 2)
  await end.reached
  end.release()
  await house.untilState(second ?? '', 'accepted')
  expect(stateOf(house, first)).toBe(state)
  expect(server.sessions).toHaveLength(1)
  expect(subjects(server)).toEqual(['mail 1'])
})

test('a connection lost after the final dot: the one is uncertain, the next goes over a new one, once', async () => {
  const { server, house } = await build({ body: [holdForNext(drop())] })
  const [first, second] = await due(house, 2)
  await house.untilState(second ?? '', 'accepted')
  expect(stateOf(house, first)).toBe('uncertain')
  expect(house.types(second ?? '')).not.toContain('deferred')
  expect(server.sessions).toHaveLength(2)
  expect(subjects(server)).toEqual(['mail 1'])
})

test.each(['cancel', 'pause'] as const)(
  '%s for the next mail does not touch the one whose outcome is outstanding',
  async what => {
    const end = holdForNext()
    const { server, house } = await build({ body: [end] })
    const [first = '', second = '', third = ''] = await due(house, 3)
    await end.reached
    expect((await house.outbox[what](second)).ok).toBe(true)
    expect(stateOf(house, first)).toBe('sending')
    end.release()
    await house.untilState(first, 'accepted')
    await house.untilState(third, 'accepted')
    expect(subjects(server)).toEqual(['mail 0', 'mail 2'])
    if (what === 'pause') expect(stateOf(house, second)).toBe('paused')
  },
)

test('an account that has to rest after one mail keeps the next one, which spoke already', async () => {
  const end = holdForNext('454 4.7.0 too many mails, rest')
  const { server, house } = await build({ body: [end] })
  const [first = '', second = ''] = await due(house, 2)
  await end.reached
  end.release()
  await house.untilState(second, 'paused')
  expect([stateOf(house, first), house.item(second).journey.pausedFor]).toEqual(['paused', 'account'])
  expect(house.types(second)).not.toContain('terminating')
  expect(subjects(server)).toEqual([])
})

test('a program that ends between two mails: one is uncertain, the next was not sent and goes once', async () => {
  const end = holdForNext()
  const { server, house } = await build({ body: [end] })
  const [first = '', second = ''] = await due(house, 2)
  await end.reached
  house.restart()
  expect(stateOf(house, first)).toBe('uncertain')
  await house.untilState(second, 'accepted')
  end.release()
  await server.waitFor(() => server.messages.length === 2)
  expect(house.types(second).filter(type => type === 'accepted')).toHaveLength(1)
  expect(subjects(server).filter(subject => subject === 'mail 1')).toHaveLength(1)
})

test('stopping waits for the one and takes the next one back', async () => {
  const end = holdForNext()
  const { server, house } = await build({ body: [end] })
  const [first = '', second = ''] = await due(house, 2)
  await end.reached
  const stopped = house.outbox.stop()
  house.clock.advance(10_000)
  await house.untilState(second, 'queued')
  end.release()
  await stopped
  expect(stateOf(house, first)).toBe('accepted')
  expect(subjects(server)).toEqual(['mail 0'])
})

test('a stop that has come to its end leaves no timer behind', async () => {
  const end = hold()
  const { server, house } = await build({ body: [end] })
  const [only = ''] = await due(house, 1)
  await end.reached
  const stopped = house.outbox.stop()
  end.release()
  await stopped
  expect(stateOf(house, only)).toBe('accepted')
  // QUIT was answered, and what is announced together was announced.
  await server.sessions[0]?.closed
  house.clock.advance(1_000)
  expect(house.clock.pending()).toBe(0)
})

test('the next mail is not taken ahead where its account has sent enough for this minute', async () => {
  const end = hold()
  const { house } = await build({ body: [end] }, {}, { pace: { connections: 2, perMinute: 1 } })
  const [first = '', second = ''] = await due(house, 2)
  await end.reached
  expect([stateOf(house, first), house.types(second)]).toEqual(['sending', ['written', 'held']])
  end.release()
  await house.untilState(first, 'accepted')
  house.clock.advance(60_000)
  await house.untilState(second, 'accepted')
})

test('a large mail is not taken ahead: small ones may go past it', async () => {
  const end = hold()
  const { house } = await build({ body: [end] })
  const [first = '', second = ''] = await due(house, 2, 1)
  await end.reached
  expect([stateOf(house, first), house.types(second)]).toEqual(['sending', ['written', 'held']])
  end.release()
  await house.untilState(second, 'accepted')
})

describe('many small mails', () => {
  test('go in two rows over two connections and no third, each once', async () => {
    const [one, other] = [hold(), hold()]
    const { server, house } = await build({ body: [one, other] })
    const items = await due(house, 14)
    await Promise.all([one.reached, other.reached])
    expect(server.sessions).toHaveLength(2)
    // Of each row one on its last lines and one behind it.
    expect(items.filter(itemId => stateOf(house, itemId) === 'sending')).toHaveLength(4)
    one.release()
    other.release()
    for (const itemId of items) await house.untilState(itemId, 'accepted')
    expect(server.sessions).toHaveLength(2)
    expect(subjects(server).toSorted()).toEqual(items.map((_, mail) => `mail ${mail}`).toSorted())
  })

  test('go in one row where the account allows one connection, or where they are not that many', async () => {
    const single = await build({}, {}, { pace: { connections: 1, perMinute: null } })
    const few = await build({})
    for (const { house, server, items } of [
      { ...single, items: await due(single.house, 14) },
      { ...few, items: await due(few.house, 7) },
    ]) {
      for (const itemId of items) await house.untilState(itemId, 'accepted')
      expect(server.sessions).toHaveLength(1)
      expect(subjects(server)).toEqual(items.map((_, mail) => `mail ${mail}`))
    }
  })

  test('rest together when the server asks for it on one of the connections', async () => {
    const [one, other] = [hold('454 4.7.0 too many mails, rest'), hold()]
    const { server, house } = await build({ body: [one, other] })
    const items = await due(house, 14)
    await Promise.all([one.reached, other.reached])
    one.release()
    for (const itemId of items)
      await house.until(itemId, ({ journey }) => journey.state === 'paused' || journey.isPastNoReturn)
    other.release()
    for (const itemId of items)
      await house.until(itemId, ({ journey }) => ['paused', 'accepted'].includes(journey.state))
    expect(items.filter(itemId => stateOf(house, itemId) === 'accepted')).toHaveLength(1)
    expect(subjects(server)).toHaveLength(1)
    expect(house.outbox.outgoing('account').state).toBe('paused')
  })

  test('of a program that ends among them no more than two are uncertain, and none goes twice', async () => {
    const [one, other] = [hold(), hold()]
    const { server, house } = await build({ body: [one, other] })
    const items = await due(house, 14)
    await Promise.all([one.reached, other.reached])
    house.restart()
    const uncertain = items.filter(itemId => stateOf(house, itemId) === 'uncertain')
    expect(uncertain).toHaveLength(2)
    for (const itemId of items) if (!uncertain.includes(itemId)) await house.untilState(itemId, 'accepted')
    one.release()
    other.release()
    await server.waitFor(() => server.messages.filter(({ accepted }) => accepted).length === 14)
    expect(new Set(subjects(server)).size).toBe(14)
  })
})
