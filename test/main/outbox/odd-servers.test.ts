// Servers that are slow, out of step or gone in the middle: what they say is believed only where it proves something, and
// nobody else waits for them.

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { drop, type rawBytes, sayAndDrop } from '../../servers/acts.ts'
import { type ScriptedSmtp, type SmtpScript, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  for (const step of undo.splice(0)) await step()
  expect(bugs).toEqual([])
})

async function build(script: SmtpScript) {
  const server = await startScriptedSmtp(script, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  house.undoSeconds = 0
  return { server, house }
}
const LARGE = Buffer.alloc(16 * 1024 * 1024, 'todoke')
const turn = () => new Promise(resolve => setTimeout(resolve, 2))

/** Says yes to everything up to the 354, and then reads a byte each time it is told to. */
async function startMiser() {
  const sockets: Socket[] = []
  const server = createServer(socket => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write('220 miser\r\n')
    const hear = (chunk: Buffer) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        if (/^EHLO/.test(line)) socket.write('250 miser\r\n')
        else if (/^DATA/.test(line)) {
          socket.off('data', hear)
          socket.pause()
          socket.write('354 go on\r\n')
        } else socket.write('250 2.0.0 Ok\r\n')
      }
    }
    socket.on('data', hear)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  undo.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {
    port: (server.address() as AddressInfo).port,
    takeByte: () => void sockets.at(-1)?.read(1),
    reached: async () => {
      while (!sockets.some(socket => socket.isPaused())) await turn()
    },
  }
}

describe('a server that takes a byte every ten seconds', () => {
  test.each([
    ['a large mail is put off, as nothing of it can have been taken', LARGE, 'queued'],
    ['of a small one nobody knows, as all of it is out', undefined, 'uncertain'],
  ] as const)('%s; other accounts do not wait', async (_name, attachment, state) => {
    const miser = await startMiser()
    const quick = await startScriptedSmtp({}, { users: { yuki: password } })
    servers.push(quick)
    const stingy = accountFor(miser)
    const house = buildHouse(
      { ...stingy, smtp: { ...stingy.smtp, user: '' } },
      { ...accountFor(quick), id: 'quick' },
    )
    houses.push(house)
    house.undoSeconds = 0
    const itemId = await house.send({}, null, attachment)
    await miser.reached()
    await house.untilState(await house.send({ accountId: 'quick' }), 'accepted')
    for (let seconds = 0; seconds < 1_500; seconds += 10) {
      miser.takeByte()
      house.clock.advance(10_000)
      await turn()
      if (house.item(itemId).journey.state !== 'sending') break
    }
    const item = await house.untilState(itemId, state)
    expect(house.types(itemId).includes('terminating')).toBe(state === 'uncertain')
    if (state === 'queued') expect(item.journey.problem).toMatchObject({ kind: 'timeout' })
  })
})

/** The usual reply and one more that nobody asked for. */
const twice = (more: string) => ({
  perform: async (stage: Parameters<ReturnType<typeof rawBytes>['perform']>[0]) => {
    await stage.say(stage.usual)
    await stage.wire.write(`${more}\r\n`)
  },
})

describe('a server that answers out of step', () => {
  test.each<[string, SmtpScript]>([
    ['a second yes to MAIL', { mail: [twice('250 2.1.0 Ok')] }],
    ['a 354 before DATA', { rcpt: [twice('354 go on')] }],
    ['a yes to the mail right after the 354', { data: [twice('250 2.0.0 Ok: queued as 99')] }],
    [
      'a no to the mail right after the 354, which it keeps to',
      {
        data: [twice('554 5.7.1 No')],
        body: ({ session }) => (session.id === servers.at(-1)?.sessions[0]?.id ? drop() : undefined),
      },
    ],
    ['words that are no reply', { mail: ['hello there'] }],
    ['a reply of another protocol', { mail: ['* OK IMAP4rev1'] }],
    ['a yes to what has not been asked yet', { greeting: [twice('250 2.0.0 Ok')] }],
  ])(
    '%s: the mail is never called accepted unless the server has it, and never sent twice',
    async (_name, script) => {
      const { server, house } = await build(script)
      const itemId = await house.send()
      const rest = await house.until(
        itemId,
        ({ journey }) =>
          journey.state !== 'sending' && (journey.state !== 'queued' || journey.problem !== null),
      )
      const taken = () => server.messages.filter(({ accepted }) => accepted).length
      if (rest.journey.state === 'accepted') expect(taken()).toBe(1)
      else if (rest.journey.state !== 'uncertain') expect(taken()).toBe(0)
      // Whatever it was, a person brings it home, once.
      if (rest.journey.state === 'queued' || rest.journey.state === 'refused') house.outbox.tryNow(itemId)
      else if (rest.journey.state === 'paused') house.outbox.resume(itemId)
      else if (rest.journey.state === 'uncertain')
        house.outbox.decideOutcome(itemId, taken() > 0 ? 'handed-over' : 'send-again')
      await house.untilState(itemId, 'accepted')
      expect(taken()).toBe(1)
    },
  )
})

describe('a server that closes with 421', () => {
  test.each<[string, SmtpScript, Buffer | undefined]>([
    ['to RCPT', { rcpt: [sayAndDrop('421 4.3.2 Closing')] }, undefined],
    ['to DATA', { data: [sayAndDrop('421 4.3.2 Closing')] }, undefined],
    [
      'in the middle of the body',
      { midBody: { afterBytes: 100_000, act: sayAndDrop('421 4.3.2 Closing') } },
      LARGE,
    ],
    ['to the mail', { body: [sayAndDrop('421 4.3.2 Closing')] }, undefined],
  ])('%s has not taken the mail, which comes again and goes once', async (_name, script, attachment) => {
    const { server, house } = await build(script)
    const itemId = await house.send({}, null, attachment)
    const item = await house.until(
      itemId,
      ({ journey }) => journey.state !== 'sending' && journey.problem !== null,
    )
    expect(['queued', 'paused']).toContain(item.journey.state)
    expect(item.journey.recipients.some(({ state }) => state === 'refused' || state === 'accepted')).toBe(
      false,
    )
    delete script.midBody
    if (item.journey.state === 'queued') house.outbox.tryNow(itemId)
    else house.outbox.resume(itemId)
    await house.untilState(itemId, 'accepted')
    expect(server.messages.filter(({ accepted }) => accepted)).toHaveLength(1)
  })
})
