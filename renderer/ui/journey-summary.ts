/** A whole journey in one state and a count, for rows and headings. Pure; the proof stays in shared/journey.ts. */

import type { Journey } from '../../shared/journey.ts'
import type { RecipientState } from '../../shared/ledger.ts'

/** `count` is null where all recipients share the state (or the mail has one). */
export type JourneySummary = { state: RecipientState; count: { some: number; all: number } | null }

/**
 * What a glance must say. Trouble first: one recipient that was not reached is more worth a look than two that
 * were. Then the furthest station somebody reached, with how many did.
 */
export function summaryOf(journey: Journey): JourneySummary {
  if (journey.state !== 'accepted') return { state: journey.state, count: null }
  const all = journey.recipients.length
  const number = (...states: RecipientState[]) =>
    journey.recipients.filter(recipient => states.includes(recipient.state)).length
  const say = (state: RecipientState, some: number): JourneySummary => ({
    state,
    count: some === all ? null : { some, all },
  })

  const failed = number('failed', 'refused')
  if (failed > 0) return say(number('failed') > 0 ? 'failed' : 'refused', failed)
  const delayed = number('delayed')
  if (delayed > 0) return say('delayed', delayed)
  const opened = number('opened')
  if (opened > 0) return say('opened', opened)
  const expanded = number('expanded')
  const arrived = number('delivered') + expanded
  const relayed = number('relayed')
  // A delivered mail has been relayed as well: while some are under way, the station that more have passed is said.
  if (relayed > 0) return say('relayed', relayed + arrived)
  if (arrived > 0) return say(arrived === expanded ? 'expanded' : 'delivered', arrived)
  return say('accepted', all - number('cancelled'))
}
