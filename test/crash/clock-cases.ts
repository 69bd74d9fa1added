// Somebody sets the machine's clock by an hour, a day or a year, in both directions, at each step.

import { hold } from '../servers/acts.ts'
import { type Case, places, sendThrough } from './crash-case.ts'
import { settle, type World } from './world.ts'

const COMMITS: { step: string; at: string; when: 'before' | 'after' }[] = [
  { step: 's1 Send pressed', at: 'nothing', when: 'before' },
  { step: 's2 frozen', at: 'written', when: 'before' },
  { step: 's3 committed', at: 'written', when: 'after' },
  { step: 's4 page told', at: 'nothing', when: 'after' },
  { step: 's6 claimed', at: 'claimed', when: 'after' },
  { step: 's12 terminating', at: 'terminating', when: 'after' },
  { step: 's14 250 read', at: 'accepted', when: 'before' },
  { step: 's15 accepted', at: 'accepted', when: 'after' },
  { step: 's16 filing', at: 'copy-filing', when: 'after' },
  { step: 's17 filed', at: 'copy-filed', when: 'after' },
  { step: 's18 purge', at: 'purge', when: 'after' },
]

const HOUR_MS = 3_600_000
const MOVES: Record<string, number> = {
  'hour back': -HOUR_MS,
  'hour ahead': HOUR_MS,
  'day back': -24 * HOUR_MS,
  'day ahead': 24 * HOUR_MS,
  'year back': -365 * 24 * HOUR_MS,
  'year ahead': 365 * 24 * HOUR_MS,
}

/** The clock is moved at a step and moved back afterwards; what is measured is measured by the test's own. */
export function clockCases(): Case[] {
  return Object.entries(MOVES).flatMap(([fault, ms]) => {
    const move = async (world: World) => {
      await world.program.order({ do: 'move clock', ms })
      return async () => world.program.order({ do: 'move clock', ms: -ms })
    }
    const common = { fault, isDeadly: false } as const
    /** How long it took until the server had it. */
    const arrival = async (world: World, itemId: string, startedAt: number) => {
      const { messageIdHeader } = await world.program.call('outbox.get', itemId)
      await world.office.smtp.waitFor(() => world.office.taken(messageIdHeader).size > 0, 'the mail')
      return performance.now() - startedAt
    }
    return [
      {
        ...common,
        step: 's5 undo window',
        allowed: ['accepted'],
        async run(world) {
          await world.program.call('settings.set', { undoSeconds: 3 })
          const itemId = await world.send()
          const startedAt = performance.now()
          await world.program.call('settings.set', { undoSeconds: 0 })
          const back = await move(world)
          // Whatever makes the program look at its queue.
          await world.program.ask('outbox.resume', itemId)
          const other = await world.send()
          const took = await arrival(world, itemId, startedAt)
          if (took < 2_500 || took > 8_000)
            throw new Error(`left after ${Math.round(took)} ms instead of 3 s`)
          await settle(world, other)
          await back()
          return itemId
        },
      },
      {
        ...common,
        step: 's5 schedule',
        allowed: ms > 0 ? ['paused'] : ['accepted'],
        async run(world) {
          const dueAt = Date.now() + 3_000
          const itemId = await world.send(0, dueAt)
          const back = await move(world)
          const other = await world.send()
          await settle(world, other)
          const { journey } = await world.program.call('outbox.get', itemId)
          const isRight = ms > 0 ? journey.pausedFor === 'overdue' : journey.state === 'held'
          if (!isRight) throw new Error(`${journey.state} for ${journey.pausedFor}`)
          await back()
          return itemId
        },
      },
      ...atCommits(fault, ms),
      ...atPlaces(fault, ms),
      {
        ...common,
        step: 's6 between tries',
        allowed: ms > 0 ? ['queued', 'accepted'] : ['queued'],
        async run(world) {
          const itemId = await sendThrough(world, { step: '', key: 'data' }, '451 4.3.0 Later')
          const { journey } = await world.program.until(itemId, item => item.journey.problem !== null)
          const back = await move(world)
          const other = await world.send()
          await settle(world, other)
          const now = await world.program.call('outbox.get', itemId)
          const wait = (now.journey.dueAt ?? 0) - (Date.now() + ms)
          if (ms < 0 && (wait < 40_000 || wait > 75_000)) {
            throw new Error(`waits ${wait} ms instead of a minute, was ${journey.dueAt}`)
          }
          await back()
          return itemId
        },
      },
    ] satisfies Case[]
  })
}

/** The clock is another from the very commit on, or just before it. */
function atCommits(fault: string, ms: number): Case[] {
  return COMMITS.map(({ step, at, when }) => ({
    step,
    fault,
    isDeadly: false,
    allowed: ['accepted'],
    async run(world) {
      const { program } = world
      const isPurge = at === 'purge'
      const composed = await world.compose()
      const isAtOnce = step.startsWith('s1 ')
      if (isAtOnce) await program.order({ do: 'move clock', ms })
      else if (at !== 'nothing') await program.order({ do: 'move clock', ms, when, at })
      const { itemId } = await program.call('outbox.send', composed.draftId, composed.revision, null)
      if (at === 'nothing' && !isAtOnce) await program.order({ do: 'move clock', ms })
      const filed = await program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
      if (isPurge) await program.call('outbox.remove', filed.id)
      await program.order({ do: 'move clock', ms: -ms })
      return itemId
    },
  }))
}

/** While the server has not answered yet. */
function atPlaces(fault: string, ms: number): Case[] {
  return places.map(place => ({
    step: place.step,
    fault,
    isDeadly: false,
    allowed: ['accepted'],
    async run(world) {
      const act = hold()
      const isSilent = place.key === 'midBody'
      const held = isSilent
        ? {
            perform: (stage: Parameters<typeof act.perform>[0]) =>
              act.perform({ ...stage, say: async () => {} }),
          }
        : act
      const itemId = await sendThrough(world, place, held)
      await act.reached
      await world.program.order({ do: 'move clock', ms })
      act.release()
      await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
      await world.program.order({ do: 'move clock', ms: -ms })
      return itemId
    },
  }))
}
