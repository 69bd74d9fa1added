/** The state of all accounts in one line. Pure: from statuses to what the foot says. */

import type { AccountStatus } from '../../shared/model.ts'

export type FootState =
  | { kind: 'fine' | 'connecting' | 'offline' }
  | { kind: 'syncing'; done: number; total: number | null }
  | { kind: 'stopped'; done: number; total: number }
  | { kind: 'failing'; accountIds: string[] }

function needsSomebody({ incoming, outgoing }: AccountStatus): boolean {
  // One that only rests goes on by itself, and its own line says when.
  if (outgoing.state === 'paused' && outgoing.until === null) return true
  return incoming.state === 'failing' && incoming.problem.kind !== 'offline'
}

/**
 * What needs a person comes first, then that there is no network, then work. Several syncs add up; a total that
 * one of them does not know is known by none.
 */
export function footOf(statuses: readonly AccountStatus[], isOnline: boolean): FootState {
  const failing = statuses.filter(needsSomebody).map(status => status.accountId)
  const isOffline =
    !isOnline ||
    (statuses.length > 0 &&
      statuses.every(({ incoming }) => incoming.state === 'failing' && incoming.problem.kind === 'offline'))
  if (isOffline) return { kind: 'offline' }
  if (failing.length > 0) return { kind: 'failing', accountIds: failing }
  const syncing = statuses.flatMap(({ incoming }) => (incoming.state === 'syncing' ? incoming : []))
  if (syncing.length > 0) {
    const done = syncing.reduce((sum, { done }) => sum + done, 0)
    const total = syncing.reduce<number | null>(
      (sum, { total }) => (sum === null || total === null ? null : sum + total),
      0,
    )
    return { kind: 'syncing', done, total }
  }
  const stopped = statuses.flatMap(({ incoming }) => (incoming.state === 'stopped' ? incoming : []))
  if (stopped.length > 0) {
    return {
      kind: 'stopped',
      done: stopped.reduce((sum, { done }) => sum + done, 0),
      total: stopped.reduce((sum, { total }) => sum + total, 0),
    }
  }
  if (statuses.some(({ incoming }) => incoming.state === 'connecting')) return { kind: 'connecting' }
  return { kind: 'fine' }
}
