/**
 * What happens to a mail of the outbox now, as facts: one line's worth. Pure; the words and the clock are the view's.
 */

import type { Phase } from '../../shared/journey.ts'
import type { RecipientState } from '../../shared/ledger.ts'
import type { OutboxItem } from '../../shared/model.ts'
import { assertNever, type Problem } from '../../shared/problem.ts'

export type Happening =
  | { kind: 'held'; leavesInMs: number }
  | { kind: 'scheduled'; dueAt: number }
  | { kind: 'leaves-next' }
  | { kind: 'tries-again'; dueAt: number; isDue: boolean; number: number; atMost: number; problem: Problem }
  | { kind: 'on-the-line'; phase: Exclude<Phase, 'body'> }
  | { kind: 'uploading'; sent: number; total: number }
  | { kind: 'asks-recipients'; refused: number; total: number }
  | { kind: 'asks-outcome' }
  /** `until` is when an account goes on by itself. */
  | { kind: 'paused'; by: 'person' | 'account' | 'mail'; problem: Problem | null; until: number | null }
  | { kind: 'asks-time'; wasDueAt: number | null }
  | { kind: 'refused'; problem: Problem | null }
  | { kind: 'cancelled' }
  /** `some` of `total`, where the writer let the others go or the server did not take them. */
  | { kind: 'handed-over'; at: number; some: number; total: number }
  | { kind: 'reported'; state: ReportedState; count: number; total: number; at: number }

export type ReportedState = 'failed' | 'delayed' | 'opened' | 'delivered' | 'expanded' | 'relayed'

/** The worst news first, then the best: one line must not hide a failure behind a success. */
const REPORTS: readonly ReportedState[] = ['failed', 'delayed', 'opened', 'delivered', 'expanded', 'relayed']

/** `now` is epoch ms, for the count-down and for what is due. */
export function happeningOf(item: OutboxItem, now: number): Happening {
  const { journey } = item
  if (item.can.decideOutcome || journey.state === 'uncertain') return { kind: 'asks-outcome' }
  if (item.can.chooseRecipients) {
    return {
      kind: 'asks-recipients',
      refused: refusedAddresses(item).length,
      total: journey.recipients.length,
    }
  }
  switch (journey.state) {
    case 'held':
      return journey.heldFor === 'schedule'
        ? { kind: 'scheduled', dueAt: journey.dueAt ?? now }
        : { kind: 'held', leavesInMs: Math.max(0, (journey.dueAt ?? now) - now) }
    case 'queued':
      return queued(item, now)
    case 'sending':
      return sending(item)
    case 'paused':
      return paused(item)
    case 'refused':
      return { kind: 'refused', problem: journey.problem }
    case 'cancelled':
      return { kind: 'cancelled' }
    case 'accepted':
      return accepted(item)
    default:
      return assertNever(journey.state)
  }
}

function queued({ journey, retry }: OutboxItem, now: number): Happening {
  if (journey.problem === null || journey.dueAt === null || retry === null) return { kind: 'leaves-next' }
  return {
    kind: 'tries-again',
    dueAt: journey.dueAt,
    isDue: journey.dueAt <= now,
    number: retry.number,
    atMost: retry.atMost,
    problem: journey.problem,
  }
}

function sending({ journey, progress, bytes }: OutboxItem): Happening {
  if (journey.phase === 'body') {
    return { kind: 'uploading', sent: progress?.sent ?? 0, total: progress?.total ?? bytes }
  }
  return { kind: 'on-the-line', phase: journey.phase ?? 'connecting' }
}

function paused({ journey: { pausedFor, problem, dueAt } }: OutboxItem): Happening {
  switch (pausedFor) {
    case 'overdue':
      return { kind: 'asks-time', wasDueAt: dueAt }
    case 'person':
      return { kind: 'paused', by: 'person', problem, until: null }
    case 'account':
      return { kind: 'paused', by: 'account', problem, until: dueAt }
    default:
      return { kind: 'paused', by: 'mail', problem, until: null }
  }
}

function accepted({ journey }: OutboxItem): Happening {
  const total = journey.recipients.filter(recipient => recipient.state !== 'cancelled').length
  for (const state of REPORTS) {
    const those = journey.recipients.filter(recipient => recipient.state === state)
    if (those.length === 0) continue
    return { kind: 'reported', state, count: those.length, total, at: latest(those) }
  }
  const some = journey.recipients.filter(
    ({ state }) => state === 'accepted' || state === 'no report possible',
  ).length
  return { kind: 'handed-over', at: journey.stations.submitted?.at ?? 0, some, total }
}

function latest(those: readonly { at: number; state: RecipientState }[]): number {
  return Math.max(...those.map(recipient => recipient.at))
}

/** Those the server did not take, with its reply: from the problem, or where that is silent from the recipients. */
export function refusedAddresses(item: OutboxItem) {
  if (item.journey.problem?.kind === 'recipients-refused') return item.journey.problem.recipients
  return item.journey.recipients.flatMap(({ address, reply, state }) =>
    state === 'refused' && reply !== null ? [{ address, reply }] : [],
  )
}

/** Whether the line changes with the clock alone, so that the view must tick. */
export function isCountingDown(item: OutboxItem): boolean {
  return item.journey.state === 'held' && item.journey.heldFor !== 'schedule'
}
