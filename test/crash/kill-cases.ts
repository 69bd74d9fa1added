// kill -9 at every step, at the very commit where there is one.

import { type Hold, hold } from '../servers/acts.ts'
import {
  type Case,
  dieAt,
  died,
  isUnknown,
  places,
  put,
  sendThrough,
  stallAfter,
  whatBecameOf,
} from './crash-case.ts'

export function killCases(): Case[] {
  const deadly = { fault: 'kill -9', isDeadly: true } as const
  const queued = ['accepted', 'queued'] as const
  const atPoint = (step: string, when: 'before' | 'after', at: string, allowed: readonly string[]): Case => ({
    ...deadly,
    step,
    allowed,
    run: world => dieAt(world, when, at),
  })
  return [
    {
      ...deadly,
      step: 's1 Send pressed',
      allowed: queued,
      async run(world) {
        const composed = await world.compose()
        const { draftId, revision } = composed
        const answer = world.program.ask('outbox.send', draftId, revision, null).catch(died)
        await world.program.kill()
        await answer
        await world.restart()
        return whatBecameOf(world, composed)
      },
    },
    atPoint('s2 frozen', 'before', 'written', []),
    atPoint('s3 committed', 'after', 'written', queued),
    {
      ...deadly,
      step: 's4 page told',
      allowed: queued,
      async run(world) {
        const itemId = await world.send()
        await world.restart()
        return itemId
      },
    },
    {
      ...deadly,
      step: 's5 undo window',
      allowed: queued,
      async run(world) {
        await world.program.call('settings.set', { undoSeconds: 2 })
        const itemId = await world.send()
        const { journey } = await world.program.call('outbox.get', itemId)
        if (journey.state !== 'held') throw new Error(`${journey.state} instead of held`)
        await world.program.call('settings.set', { undoSeconds: 0 })
        await world.restart()
        return itemId
      },
    },
    {
      ...deadly,
      step: 's5 schedule',
      allowed: queued,
      async run(world) {
        const dueAt = Date.now() + 4_000
        const itemId = await world.send(0, dueAt)
        await world.restart()
        const item = await world.program.until(itemId, ({ journey }) => journey.state === 'accepted')
        const at = item.journey.stations.submitted?.at ?? 0
        if (at < dueAt - 5_000) throw new Error(`left ${dueAt - at} ms too early`)
        return itemId
      },
    },
    atPoint('s6 claimed', 'after', 'claimed', queued),
    ...places.map(
      (place): Case => ({
        ...deadly,
        step: place.step,
        allowed: isUnknown(place) ? ['uncertain'] : queued,
        async run(world) {
          const act: Hold = hold()
          // Whoever dies before the server has answered is answered nothing.
          const taken = isUnknown(place) ? act : { ...act, perform: stallAfter(act) }
          const itemId = await sendThrough(world, place, taken)
          await act.reached
          await world.restart()
          return itemId
        },
      }),
    ),
    {
      ...deadly,
      step: 's13 not taken',
      allowed: ['uncertain'],
      async run(world) {
        const act = hold()
        put(world.office.script, 'body', { ...act, perform: stallAfter(act) })
        const itemId = await world.send()
        await act.reached
        await world.restart()
        return itemId
      },
    },
    atPoint('s11 all but the end', 'before', 'terminating', queued),
    atPoint('s12 terminating', 'after', 'terminating', ['uncertain']),
    atPoint('s14 250 read', 'before', 'accepted', ['uncertain']),
    atPoint('s15 accepted', 'after', 'accepted', ['accepted']),
    ...(['before', 'after'] as const).map(
      (when): Case => ({
        ...deadly,
        step: `s16 APPEND ${when === 'before' ? 'begun' : 'stored'}`,
        allowed: ['accepted'],
        async run(world) {
          const reached = new Promise<void>(resolve => {
            world.office.onAppend[when] = () => {
              resolve()
              return new Promise(() => {})
            }
          })
          const itemId = await world.send()
          await reached
          await world.program.kill()
          world.office.behave()
          await world.restart()
          return itemId
        },
      }),
    ),
    atPoint('s17 filed, not noted', 'before', 'copy-filed', ['accepted']),
    atPoint('s17 filed', 'after', 'copy-filed', ['accepted']),
    ...(['before', 'after'] as const).map(
      (when): Case => ({
        ...deadly,
        step: `s18 purge, ${when}`,
        allowed: ['accepted'],
        async run(world) {
          const itemId = await world.send()
          await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed')
          await world.program.order({ do: 'kill', when, at: 'purge' })
          await world.program.ask('outbox.remove', itemId).catch(died)
          await world.program.ended
          await world.restart()
          return itemId
        },
      }),
    ),
  ]
}
