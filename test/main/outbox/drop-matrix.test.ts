// The connection ends at eight places of a submission, in three ways, with and without PIPELINING: before the last bytes
// the mail is known not to have been taken, after them nobody knows.

import { afterAll, afterEach, expect, test } from 'vitest'
import { type Act, drop, hold, reset, stall } from '../../servers/acts.ts'
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

const PLACES = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'mid body', 'final dot'] as const
type Place = (typeof PLACES)[number]
const WAYS = { FIN: drop, RST: reset, stall } as const
/** A server that says nothing is waited for, by RFC 5321, at most ten minutes. */
const LONG_ENOUGH_MS = 11 * 60_000
const verdicts = new Map<string, number>()

function scriptFor(place: Place, act: Act): SmtpScript {
  switch (place) {
    case 'greeting':
      return { greeting: [act] }
    case 'EHLO':
      return { ehlo: [act] }
    case 'AUTH':
      return { auth: [act] }
    case 'MAIL':
      return { mail: [act] }
    case 'RCPT':
      return { rcpt: [act] }
    case 'DATA':
      return { data: [act] }
    case 'mid body':
      return { midBody: { afterBytes: 100_000, act } }
    case 'final dot':
      return { body: [act] }
  }
}

/** The act, and a promise for the moment it begins. */
function watched(end: () => Act): { act: Act; reached: Promise<void> } {
  const signal = hold()
  const act = end()
  return {
    reached: signal.reached,
    act: {
      perform: async stage => {
        signal.release()
        await signal.perform({ ...stage, say: async () => {} })
        await act.perform(stage)
      },
    },
  }
}

const matrix = PLACES.flatMap(place =>
  [true, false].flatMap(pipelining =>
    Object.keys(WAYS).map(way => ({ place, pipelining, way: way as keyof typeof WAYS })),
  ),
)

test.each(matrix)('$way at $place, PIPELINING $pipelining', async ({ place, pipelining, way }) => {
  const { act, reached } = watched(WAYS[way])
  const server = await startScriptedSmtp(scriptFor(place, act), { users: { yuki: password }, pipelining })
  servers.push(server)
  const house = buildHouse(accountFor(server))
  houses.push(house)
  house.undoSeconds = 0
  const isLarge = place === 'mid body'
  const itemId = await house.send({}, null, isLarge ? Buffer.alloc(8 * 1024 * 1024, 'todoke') : undefined)
  await reached
  if (way === 'stall') {
    if (isLarge) await house.until(itemId, ({ progress }) => (progress?.sent ?? 0) > 0)
    house.clock.advance(LONG_ENOUGH_MS)
  }
  const item = await house.until(itemId, ({ journey }) => journey.state !== 'sending')
  const isUnknown = place === 'final dot'
  expect(item.journey.state).toBe(isUnknown ? 'uncertain' : 'queued')
  expect(house.types(itemId).includes('terminating')).toBe(isUnknown)
  expect(server.messages.some(({ accepted }) => accepted)).toBe(false)
  verdicts.set(item.journey.state, (verdicts.get(item.journey.state) ?? 0) + 1)
})

afterAll(() => {
  console.log(
    `Shows 3: not sent ${verdicts.get('queued')}, uncertain ${verdicts.get('uncertain')} of ${matrix.length} drops`,
  )
})
