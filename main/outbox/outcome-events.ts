/** Steps as events of the ledger, and what the ledger says of tries and of people left. Pure; decides nothing. */

import { sameAddress } from '../../shared/address.ts'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Settings } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Step, Tries } from './next-step.ts'
import type { StoredItem } from './outbox-row.ts'
import type { NewEvent } from './outbox-store.ts'

/** What somebody wants of a mail while it is being sent; heard only before the point of no return. */
export type Wish = 'pause' | 'cancel' | 'release'

type Circumstances = {
  wish: Wish | null
  /** What the account rests for meanwhile: a mail that is let go of waits with its others. */
  rest: { problem: Problem; until: number | null } | null
  whenSomeRefused: Settings['whenSomeRefused']
  /** Who has not been handed over or given up. */
  outstanding: readonly string[]
}

export function eventsOf(step: Step, at: number, circumstances: Circumstances): NewEvent[] {
  switch (step.do) {
    case 'accept': {
      const { reply, queueId, recipients } = step
      return [{ at, type: 'accepted', reply, queueId, recipients }]
    }
    case 'try again':
      return [{ at, type: 'deferred', problem: step.problem, dueAt: step.dueAt }]
    case 'refuse':
      return [{ at, type: 'refused', problem: step.problem }]
    case 'ask':
      return [
        { at, type: 'paused', why: 'recipients', problem: step.problem },
        ...chosenAhead(step, at, circumstances),
      ]
    case 'pause mail':
      return [{ at, type: 'paused', why: 'mail', problem: step.problem }]
    case 'pause account':
      return [{ at, type: 'paused', why: 'account', problem: step.problem, until: step.until }]
    case 'hold as uncertain':
      return [{ at, type: 'uncertain', problem: step.problem }]
    case 'take back': {
      const { wish, rest } = circumstances
      if (wish === 'release' || wish === null)
        return [
          rest === null
            ? { at, type: 'released', by: 'window' }
            : { at, type: 'paused', why: 'account', ...rest },
        ]
      const paused: NewEvent = { at, type: 'paused', why: 'person', problem: null }
      return wish === 'pause' ? [paused] : [paused, { at, type: 'cancelled', by: 'person' }]
    }
  }
}

/** The writer's preference, where it can be followed: with nobody left to send to, they are asked all the same. */
function chosenAhead(
  { problem }: Extract<Step, { do: 'ask' }>,
  at: number,
  { whenSomeRefused, outstanding }: Circumstances,
): NewEvent[] {
  if (whenSomeRefused === 'cancel') return [{ at, type: 'chosen', choice: 'cancel', dropped: [] }]
  if (whenSomeRefused === 'ask' || problem.kind !== 'recipients-refused') return []
  const dropped = problem.recipients.map(({ address }) => address)
  if (outstanding.every(address => dropped.includes(address))) return []
  return [{ at, type: 'chosen', choice: 'send-to-others', dropped }]
}

/** Who has not been handed over and was not given up by the writer; as in RCPT TO. */
export function outstanding(events: readonly LedgerEvent[]): string[] {
  let people: string[] = []
  for (const event of events) {
    if (event.type === 'written') people = [...event.recipients]
    else if (event.type === 'accepted') people = people.filter(person => !event.recipients.includes(person))
    else if (event.type === 'corrected') {
      const others = people.filter(person => !sameAddress(person, event.from))
      const place = people.findIndex(person => sameAddress(person, event.from))
      people = others.toSpliced(place < 0 ? others.length : place, 0, event.to)
    } else if (event.type === 'chosen' && event.choice === 'send-to-others') {
      people = people.filter(person => !event.dropped.includes(person))
    }
  }
  return people
}

/** Counted since a person last wanted it sent, so that after five days "try again" means five days more. */
export function triesOf({ events, createdAt }: StoredItem, host: string, user: string): Tries {
  let deferrals = 0
  let since: number | null = null
  for (const event of events) {
    const isWanted =
      ((event.type === 'resumed' || event.type === 'released') && event.by === 'person') ||
      event.type === 'chosen' ||
      event.type === 'corrected' ||
      event.type === 'reconciled'
    if (isWanted) {
      deferrals = 0
      since = null
    } else if (event.type === 'claimed') since ??= event.at
    else if (event.type === 'deferred') deferrals += 1
  }
  return { deferrals, since: since ?? createdAt, host, user }
}
