// Kills the program at moments drawn from a seed while it sends, again and again on the same data: each start has to
// repair what the death before it left. A run's moments follow from the seed and its number alone.

import type { Act } from '../servers/acts.ts'
import { faultsOf } from './matrix.ts'
import { Died } from './program.ts'
import { type Composed, lastOfAll, recipients, rowOf, settle, type World } from './world.ts'

export type RandomKills = {
  mails: number
  lost: number
  doubled: number
  otherBytes: number
  /** From the start of a new program until its last mail had come to its end. */
  slowestMs: number
  /** Seen after a start; and those of them whose end had not been begun, which there must not be. */
  uncertain: number
  uncertainTooEarly: number
  /** How far the mails had come when the program died, by the steps of the matrix. */
  diedAt: Map<string, number>
  errors: string[]
}

const STATES = ['accepted', 'queued', 'uncertain']
const MOST_MAILS = 3
const LATEST_KILL_MS = 700
/** A server that takes its time, so that the moments fall on all that lies between. */
const SLOWEST_REPLY_MS = 60

export const noKills = (): RandomKills => ({
  mails: 0,
  lost: 0,
  doubled: 0,
  otherBytes: 0,
  slowestMs: 0,
  uncertain: 0,
  uncertainTooEarly: 0,
  diedAt: new Map(),
  errors: [],
})

/** One run of a seed; what it found is added to `found`. */
export async function killAtRandom(
  world: World,
  seed: number,
  run: number,
  found: RandomKills,
): Promise<void> {
  const random = randomFrom(seed * 1_009 + run)
  try {
    await killOnce(world, random, found)
  } catch (error) {
    found.errors.push(`run ${run}: ${error instanceof Error ? error.message : String(error)}`)
    await world.restart()
  }
  world.office.behave()
}

async function killOnce(world: World, random: () => number, found: RandomKills): Promise<void> {
  const drafts: Composed[] = []
  const count = 1 + Math.floor(random() * MOST_MAILS)
  for (let mail = 0; mail < count; mail += 1) drafts.push(await world.compose(random() < 0.3 ? 900_000 : 0))
  const killAfter = random() * LATEST_KILL_MS
  dawdle(world, random)
  const known = new Set((await world.program.call('outbox.list')).map(({ id }) => id))
  const answers = drafts.map(({ draftId, revision }) =>
    world.program.ask('outbox.send', draftId, revision, null).catch(error => {
      if (error instanceof Died) return null
      throw error
    }),
  )
  await new Promise(resolve => setTimeout(resolve, killAfter))
  await world.program.kill()
  const queued = (await Promise.all(answers)).map(answer => (answer?.ok ? answer.value.itemId : null))
  const atDeath = lastOfAll(world)
  world.office.behave()
  await world.restart()

  const items = (await world.program.call('outbox.list')).map(({ id }) => id).filter(id => !known.has(id))
  const kept = await Promise.all(drafts.map(async ({ draftId }) => world.program.ask('drafts.get', draftId)))
  const drafted = kept.filter(({ ok }) => ok).length
  if (items.length + drafted !== count)
    found.errors.push(`${count} mails became ${items.length} and ${drafted} drafts`)
  for (const itemId of queued) {
    if (itemId !== null && !items.includes(itemId)) found.errors.push(`lost: ${itemId} was said to be queued`)
  }
  note(found, 's1–s2', drafted)
  for (const itemId of items) await judge(world, itemId, atDeath.get(itemId) ?? 'written', found)
  for (const answer of kept) if (answer.ok) await world.program.ask('drafts.discard', answer.value.id)
}

async function judge(world: World, itemId: string, last: string, found: RandomKills): Promise<void> {
  const { messageIdHeader } = await world.program.call('outbox.get', itemId)
  const wasTaken = world.office.taken(messageIdHeader).size > 0
  const step = stepOf(last, wasTaken)
  note(found, step, 1)
  const verdict = await settle(world, itemId, recipients)
  found.mails += 1
  found.lost += verdict.lost
  found.doubled += verdict.doubled
  if (verdict.seen === 'uncertain') found.uncertain += 1
  if (!verdict.hasSameBytes) found.otherBytes += 1
  const late = performance.now() - world.restartedAt
  found.slowestMs = Math.max(found.slowestMs, late)
  const errors = faultsOf({ ...verdict, drainMs: late }, { allowed: STATES })
  if ((verdict.seen === 'uncertain') !== (last === 'terminating')) {
    found.uncertainTooEarly += 1
    errors.push(`died after ${last} and was ${verdict.seen}`)
  }
  if (errors.length > 0) found.errors.push(`${errors.join(', ')} (${rowOf(world, itemId)?.sha256})`)
}

/** By the last event on the disk, and by whether the server has it. */
function stepOf(last: string, wasTaken: boolean): string {
  switch (last) {
    case 'claimed':
      return 's6–s11'
    case 'terminating':
      return wasTaken ? 's14' : 's12–s13'
    case 'accepted':
    case 'copy-filing':
      return 's15–s16'
    case 'copy-filed':
      return 's17–s18'
    default:
      return 's3–s5'
  }
}

export const DEATHS = ['s1–s2', 's3–s5', 's6–s11', 's12–s13', 's14', 's15–s16', 's17–s18'] as const

function note(found: RandomKills, step: string, times: number): void {
  found.diedAt.set(step, (found.diedAt.get(step) ?? 0) + times)
}

/** Every reply of the servers comes after a while of its own. */
function dawdle({ office }: World, random: () => number): void {
  const late = () => new Promise<void>(resolve => setTimeout(resolve, random() ** 2 * SLOWEST_REPLY_MS))
  const lateReply = () => ({
    async perform(stage: Parameters<Act['perform']>[0]) {
      await late()
      await stage.say(stage.usual)
    },
  })
  for (const key of ['ehlo', 'auth', 'mail', 'rcpt', 'data', 'body'] as const) office.script[key] = lateReply
  office.onAppend.before = late
  office.onAppend.after = late
}

/** Mulberry32: the same numbers in [0, 1) from the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
