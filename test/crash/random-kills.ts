// Kills the program at moments drawn from a seed while it sends, again and again on the same data: each start has to
// repair what the death before it left. The same seed gives the same moments.

import { faultsOf } from './matrix.ts'
import { Died } from './program.ts'
import { openWorld, rowOf, settle, type World } from './world.ts'

export type RandomKills = {
  mails: number
  lost: number
  doubled: number
  otherBytes: number
  slowestMs: number
  /** Seen after a start. */
  uncertain: number
  errors: string[]
}

const STATES = ['accepted', 'queued', 'uncertain']
const MOST_MAILS = 3
const LATEST_KILL_MS = 700

export async function killAtRandom(
  seed: number,
  runs: number,
  say: (line: string) => void = () => {},
  existing: World | null = null,
): Promise<RandomKills> {
  const random = randomFrom(seed)
  const found: RandomKills = {
    mails: 0,
    lost: 0,
    doubled: 0,
    otherBytes: 0,
    slowestMs: 0,
    uncertain: 0,
    errors: [],
  }
  const world = existing ?? (await openWorld())
  try {
    for (let run = 1; run <= runs; run += 1) {
      const before = found.errors.length
      await oneRun(world, random, found).catch(error => found.errors.push(`run ${run}: ${error}`))
      const isBad = found.errors.length > before
      if (isBad || run % 20 === 0)
        say(`${isBad ? 'WRONG' : 'ok   '} after ${run} kills, ${found.mails} mails`)
    }
  } finally {
    if (existing === null) await world.close()
  }
  return found
}

async function oneRun(world: World, random: () => number, found: RandomKills): Promise<void> {
  const drafts: { draftId: string; revision: number }[] = []
  const count = 1 + Math.floor(random() * MOST_MAILS)
  for (let mail = 0; mail < count; mail += 1) drafts.push(await world.compose(random() < 0.3 ? 900_000 : 0))
  const killAfter = random() * LATEST_KILL_MS
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
  await world.restart()

  const startedAt = performance.now()
  const items = (await world.program.call('outbox.list')).map(({ id }) => id).filter(id => !known.has(id))
  const kept = await Promise.all(drafts.map(async ({ draftId }) => world.program.ask('drafts.get', draftId)))
  const drafted = kept.filter(({ ok }) => ok).length
  if (items.length + drafted !== count)
    found.errors.push(`${count} mails became ${items.length} and ${drafted} drafts`)
  for (const itemId of queued) {
    if (itemId !== null && !items.includes(itemId)) found.errors.push(`lost: ${itemId} was said to be queued`)
  }
  for (const itemId of items) {
    const verdict = await settle(world, itemId)
    found.mails += 1
    found.lost += verdict.lost
    found.doubled += verdict.doubled
    if (verdict.seen === 'uncertain') found.uncertain += 1
    if (!verdict.hasSameBytes) found.otherBytes += 1
    const late = performance.now() - startedAt
    found.slowestMs = Math.max(found.slowestMs, late)
    const errors = faultsOf({ ...verdict, drainMs: late }, { allowed: STATES })
    if (errors.length > 0) found.errors.push(`${errors.join(', ')} (${rowOf(world, itemId)?.sha256})`)
  }
  for (const answer of kept) if (answer.ok) await world.program.ask('drafts.discard', answer.value.id)
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
