import { expect, test } from 'vitest'
import { eventsOf } from '../../../main/outbox/outcome-events.ts'
import type { Problem } from '../../../shared/problem.ts'

const problem: Problem = { kind: 'disk-full' }
const taken = { whenSomeRefused: 'ask', outstanding: [] } as const

test('a mail that is let go of is queued again', () => {
  expect(eventsOf({ do: 'take back' }, 7, { ...taken, wish: 'release', rest: null })).toEqual([
    { at: 7, type: 'released', by: 'window' },
  ])
})

test('a mail that is let go of while its account rests waits with the others of it', () => {
  const rest = { problem, until: 900 }
  expect(eventsOf({ do: 'take back' }, 7, { ...taken, wish: 'release', rest })).toEqual([
    { at: 7, type: 'paused', why: 'account', problem, until: 900 },
  ])
})

test('what a person wants of a mail comes before the rest of its account', () => {
  const rest = { problem, until: 900 }
  expect(eventsOf({ do: 'take back' }, 7, { ...taken, wish: 'pause', rest })).toEqual([
    { at: 7, type: 'paused', why: 'person', problem: null },
  ])
})
