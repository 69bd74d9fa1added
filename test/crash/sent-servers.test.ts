// Four kinds of servers and one copy in Sent with each of them, by the whole program against a real IMAP conversation.

import { afterAll, afterEach, expect, test } from 'vitest'
import type { OutboxItem } from '../../shared/model.ts'
import { openWorld, type World } from './world.ts'

const WITHIN_MS = 180_000
const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
}, WITHIN_MS)

async function newWorld(): Promise<World> {
  const world = await openWorld({ isNew: true })
  worlds.push(world)
  return world
}
const filed = (world: World, itemId: string): Promise<OutboxItem> =>
  world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed', WITHIN_MS)
const policyOf = async ({ program }: World) => (await program.call('accounts.list'))[0]?.sentCopy
const countsOf = ({ office }: World, { messageIdHeader }: OutboxItem) => ({
  transactions: office.bytesOf(messageIdHeader).length,
  copies: office.filed(messageIdHeader),
})
const found: { transactions: number; copies: number }[] = []
afterAll(() => {
  const [most, copies] = [found.map(({ transactions }) => transactions), found.map(one => one.copies)]
  console.log(
    `Shows 5: ${found.length} Sent servers, transactions ${most.join(', ')}, copies ${copies.join(', ')}`,
  )
})
const ONE_EACH = { transactions: 1, copies: 1 }
const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test(
  'a server that files by itself, one that does not, and one that does so after 20 seconds: one copy each',
  async () => {
    const [itself, not, late] = [await newWorld(), await newWorld(), await newWorld()]
    itself.office.script.body = ({ message }) => {
      if (message !== undefined) itself.office.fileByItself(message.data)
      return undefined
    }
    late.office.script.body = ({ message }) => {
      if (message !== undefined) void later(20_000).then(() => late.office.fileByItself(message.data))
      return undefined
    }
    const items = await Promise.all([itself, not, late].map(async world => filed(world, await world.send())))
    expect(items.map(({ journey }) => journey.sentCopy.how)).toEqual(['found', 'appended', 'found'])
    found.push(...[itself, not, late].map((world, index) => countsOf(world, items[index] as OutboxItem)))
    expect(found).toEqual([ONE_EACH, ONE_EACH, ONE_EACH])
    expect(await Promise.all([itself, not, late].map(policyOf))).toEqual([
      'server-files-it',
      'we-file-it',
      'server-files-it',
    ])
    // What was learned holds for the next mail: where we file it, it lies there at once, and nothing goes twice.
    const next = await filed(not, await not.send())
    expect(countsOf(not, next)).toEqual(ONE_EACH)
  },
  WITHIN_MS,
)

test(
  'a server that refuses the copy: it stays with us and is tried again, also after a restart, and is one in the end',
  async () => {
    const world = await newWorld()
    await world.program.order({ do: 'hurry' })
    world.office.appendAnswer = 'NO [OVERQUOTA] Quota exceeded'
    const itemId = await world.send()
    await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filing')
    await world.program.order({ do: 'move clock', ms: 40_000 })
    const failed = await world.program.until(
      itemId,
      ({ journey }) => journey.sentCopy.state === 'failed',
      WITHIN_MS,
    )
    expect(failed.journey.state).toBe('accepted')
    expect(failed.journey.sentCopy.problem).not.toBeNull()
    await world.restart()
    const kept = (await world.program.call('outbox.list')).find(({ id }) => id === itemId)
    expect(kept?.journey.sentCopy.state).toBe('failed')
    expect(world.office.filed(failed.messageIdHeader)).toBe(0)
    world.office.behave()
    // Its time has come, and a mail that is handed over has the program look.
    await world.program.order({ do: 'move clock', ms: 120_000 })
    await world.send()
    const item = await filed(world, itemId)
    found.push(countsOf(world, item))
    expect(countsOf(world, item)).toEqual(ONE_EACH)
  },
  WITHIN_MS,
)
