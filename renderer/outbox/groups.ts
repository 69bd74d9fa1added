/** The four groups of the outbox and their order. Pure. */

import type { OutboxItem } from '../../shared/model.ts'
import { needsPerson } from '../../shared/outbox-abilities.ts'

export const GROUP_NAMES = ['needs-you', 'sending', 'waiting', 'done'] as const
export type GroupName = (typeof GROUP_NAMES)[number]
export type Group = { name: GroupName; items: OutboxItem[] }

export function groupOf({ journey, can }: OutboxItem): GroupName {
  if (can.chooseRecipients || can.decideOutcome || needsPerson(journey)) return 'needs-you'
  switch (journey.state) {
    case 'sending':
      return 'sending'
    case 'held':
    case 'queued':
    case 'paused':
    case 'uncertain':
    case 'refused':
      return 'waiting'
    case 'accepted':
    case 'cancelled':
      return 'done'
  }
}

/** What waits: the one that leaves first stands first. Everything else: newest first. */
function order(name: GroupName): (left: OutboxItem, right: OutboxItem) => number {
  if (name !== 'waiting') return (left, right) => right.createdAt - left.createdAt
  const due = (item: OutboxItem) => item.journey.dueAt ?? Number.POSITIVE_INFINITY
  return (left, right) => {
    const [leftDue, rightDue] = [due(left), due(right)]
    return leftDue === rightDue ? left.createdAt - right.createdAt : leftDue - rightDue
  }
}

/** The groups that have rows, in the order of the page. */
export function groupsOf(items: readonly OutboxItem[]): Group[] {
  return GROUP_NAMES.map(name => ({
    name,
    items: items.filter(item => groupOf(item) === name).sort(order(name)),
  })).filter(group => group.items.length > 0)
}
