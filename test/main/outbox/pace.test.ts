// No server is fed faster than it takes, no large mail holds up a small one, and a server that does not want to talk is
// left alone for a while.

import { afterEach, describe, expect, test } from 'vitest'
import type { Account } from '../../../shared/model.ts'
import { hold, stall } from '../../servers/acts.ts'
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

async function build(script: SmtpScript = {}, more: Partial<Account> = {}, options: SmtpOptions = {}) {
  const server = await startScriptedSmtp(script, { users: { yuki: password }, ...options })
  servers.push(server)
  const house = buildHouse(accountFor(server, more))
  houses.push(house)
  house.undoSeconds = 0
  return { server, house }
}
const MINUTE = 60_000
const open = (server: ScriptedSmtp) => server.sessions.filter(({ wire }) => !wire.isClosed()).length
const LARGE = Buffer.alloc(8 * 1024 * 1024, 'todoke')

describe('connections', () => {
  test('a small mail goes past a large one, over a second connection and no third', async () => {
    const act = hold()
    const { server, house } = await build({ midBody: { afterBytes: 100_000, act: { perform: act.perform } } })
    const large = await house.send({ subject: 'large' }, null, LARGE)
    await act.reached
    const small = []
    for (let mail = 0; mail < 5; mail += 1) small.push(await house.send({ subject: `small ${mail}` }))
    let most = 0
    for (const itemId of small) {
      await house.untilState(itemId, 'accepted')
      most = Math.max(most, open(server))
    }
    expect(house.item(large).journey.state).toBe('sending')
    expect(most).toBe(2)
  })

  test('are no more than the account allows', async () => {
    const act = hold()
    const { server, house } = await build(
      { midBody: { afterBytes: 100_000, act: { perform: act.perform } } },
      { pace: { connections: 1, perMinute: null } },
    )
    await house.send({ subject: 'large' }, null, LARGE)
    await act.reached
    const small = await house.send({ subject: 'small' })
    expect([house.item(small).journey.state, open(server)]).toEqual(['queued', 1])
  })

  test('two large mails go one after the other', async () => {
    const act = hold()
    const { server, house } = await build({ midBody: { afterBytes: 100_000, act: { perform: act.perform } } })
    await house.send({ subject: 'large' }, null, LARGE)
    await act.reached
    const second = await house.send({ subject: 'as large' }, null, LARGE)
    expect([house.item(second).journey.state, open(server)]).toEqual(['queued', 1])
  })

  test('a large mail that stalls holds no other account up', async () => {
    const { server, house } = await build({ midBody: { afterBytes: 100_000, act: stall() } })
    const quick = await startScriptedSmtp({}, { users: { yuki: password } })
    servers.push(quick)
    house.accounts.set('quick', accountFor(quick, { id: 'quick', pace: { connections: 1, perMinute: null } }))
    house.passwords.set('quick', password)
    await house.send({}, null, LARGE)
    await server.nextCommand(/^DATA/)
    const itemId = await house.send({ accountId: 'quick' })
    await house.untilState(itemId, 'accepted')
  })
})

describe('mails in a minute', () => {
  const pace = { connections: 2, perMinute: 3 }
  test('are no more than the account says, and all of them go in time', async () => {
    const { server, house } = await build({}, { pace })
    const items: string[] = []
    for (let mail = 0; mail < 7; mail += 1) items.push(await house.send({ subject: String(mail) }))
    for (const [minute, count] of [3, 6, 7].entries()) {
      await house.untilState(items[count - 1] ?? '', 'accepted')
      await new Promise(resolve => setImmediate(resolve))
      expect([minute, server.messages.length]).toEqual([minute, count])
      house.clock.advance(59_000)
      await new Promise(resolve => setImmediate(resolve))
      expect([minute, server.messages.length]).toEqual([minute, count])
      house.clock.advance(1_001)
    }
  })

  test('are counted over a restart', async () => {
    const { server, house } = await build({}, { pace })
    for (let mail = 0; mail < 3; mail += 1) {
      await house.untilState(await house.send({ subject: String(mail) }), 'accepted')
    }
    house.restart()
    const fourth = await house.send({ subject: 'fourth' })
    await new Promise(resolve => setImmediate(resolve))
    expect([house.item(fourth).journey.state, server.messages.length]).toEqual(['queued', 3])
    house.clock.advance(MINUTE + 1_000)
    await house.untilState(fourth, 'accepted')
  })
})

describe('a server that turns everybody away', () => {
  test.each<[string, SmtpScript]>([
    ['421 in its greeting', { greeting: ['421 4.3.2 Too many connections'] }],
    ['421 to MAIL', { mail: ['421 4.4.5 Busy'] }],
    ['4.7.0 to MAIL', { mail: ['421 4.7.0 Slow down, too many messages'] }],
  ])('with %s is left alone, with reason and time, and then everything goes', async (_name, script) => {
    const { server, house } = await build(script)
    house.undoSeconds = 10
    const ids = [await house.send({ subject: 'one' }), await house.send({ subject: 'two' })]
    house.clock.advance(10_000)
    const paused = await house.untilState(ids[0] ?? '', 'paused')
    await house.untilState(ids[1] ?? '', 'paused')
    expect(server.commands.filter(line => line.startsWith('MAIL')).length).toBeLessThan(2)
    const status = house.outbox.outgoing('account')
    if (status.state !== 'paused') throw new Error('not paused')
    expect(status.until).toBeGreaterThan(house.clock.now())
    expect(paused.journey).toMatchObject({ pausedFor: 'account', dueAt: status.until })
    expect(['server-busy', 'throttled']).toContain(status.problem.kind)
    house.restart()
    expect(house.outbox.outgoing('account')).toEqual(status)
    house.clock.advance((status.until ?? 0) - house.clock.now())
    for (const itemId of ids) await house.untilState(itemId, 'accepted')
    expect(server.messages).toHaveLength(2)
  })

  test('in the middle of one mail is about that mail, and the others go', async () => {
    const { server, house } = await build({
      body: ({ message }) =>
        /Subject: poison/.test(message?.data.toString() ?? '') ? '421 4.3.0 Closing' : undefined,
    })
    const poison = await house.send({ subject: 'poison' })
    const other = await house.send({ subject: 'other' })
    await house.untilState(other, 'accepted')
    expect((await house.until(poison, ({ journey }) => journey.problem !== null)).journey.state).toBe(
      'queued',
    )
    expect(server.messages.filter(({ accepted }) => accepted)).toHaveLength(1)
  })
})
