/**
 * Accounts whose mails wait for somebody to look after them: one problem, one notice, no attempt consumed.
 * Refuses to touch mails that are held for their own time: they are paused when that comes.
 */

import type { LedgerEvent } from '../../shared/ledger.ts'
import type { AccountStatus } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Clock } from '../host.ts'
import type { OutboxStore } from './outbox-store.ts'

type Pause = { problem: Problem; until: number | null; cancel: () => void }

export type AccountPauses = {
  of(accountId: string): { problem: Problem; until: number | null } | null
  /** Inside the transaction of the outcome: the other mails of the account that were waiting for their turn. */
  pauseWaiting(accountId: string, problem: Problem, until: number | null): void
  /** `until` null: until somebody looks after it. */
  pause(accountId: string, problem: Problem, until: number | null): void
  /** The account's mails are queued again. */
  resume(accountId: string): void
  /** After a start: what was paused stays so, except where only this machine was in the way. */
  recall(): void
  outgoing(accountId: string): AccountStatus['outgoing']
  close(): void
}

type PausesDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  announce: (itemId: string) => void
  announceStatus: (accountId: string) => void
  onResumed: () => void
}

/** The pause of the account that a mail still stands under, also where the person paused it on top of that. */
function lastAccountPause(events: readonly LedgerEvent[]): Extract<LedgerEvent, { type: 'paused' }> | null {
  const last = events.findLast(
    event => event.type === 'resumed' || (event.type === 'paused' && event.why === 'account'),
  )
  return last?.type === 'paused' ? last : null
}

export function createAccountPauses(deps: PausesDeps): AccountPauses {
  const { db, store, clock, announce, announceStatus, onResumed } = deps
  const pauses = new Map<string, Pause>()

  const forget = (accountId: string): boolean => {
    pauses.get(accountId)?.cancel()
    return pauses.delete(accountId)
  }

  const pause = (accountId: string, problem: Problem, until: number | null) => {
    forget(accountId)
    const cancel =
      until === null ? () => {} : clock.after(Math.max(0, until - clock.now()), () => resume(accountId))
    pauses.set(accountId, { problem, until, cancel })
    announceStatus(accountId)
  }

  const resume = (accountId: string) => {
    const wasPaused = forget(accountId)
    const at = clock.now()
    db.transaction(() => {
      for (const itemId of store.idsInState('paused', accountId)) {
        if (store.get(itemId)?.journey.pausedFor !== 'account') continue
        store.append(itemId, [{ at, type: 'resumed', dueAt: at, by: 'account' }])
        announce(itemId)
      }
    })
    if (wasPaused) announceStatus(accountId)
    onResumed()
  }

  return {
    of: accountId => pauses.get(accountId) ?? null,

    pauseWaiting(accountId, problem, until) {
      for (const itemId of store.idsInState('queued', accountId)) {
        store.append(itemId, [{ at: clock.now(), type: 'paused', why: 'account', problem, until }])
        announce(itemId)
      }
    },

    pause,
    resume,

    recall() {
      const found = new Map<string, { problem: Problem; at: number; ms: number | null }>()
      for (const itemId of store.idsInState('paused')) {
        const item = store.get(itemId)
        const paused = item === null ? null : lastAccountPause(item.events)
        if (item === null || paused === null || paused.problem === null) continue
        const { at, problem } = paused
        const ms = typeof paused.until === 'number' ? paused.until - at : null
        // Under the person's own pause nothing tells whether somebody has looked after the account since.
        if (ms === null && item.journey.pausedFor !== 'account') continue
        if ((found.get(item.accountId)?.at ?? -1) < at) found.set(item.accountId, { problem, at, ms })
      }
      for (const [accountId, { problem, at, ms }] of found) {
        const isOurs = problem.kind === 'password-missing' || problem.kind === 'secrets-unavailable'
        // Never longer from now than it was to be, also where the clock went back meanwhile.
        if (isOurs) resume(accountId)
        else pause(accountId, problem, ms === null ? null : Math.min(at, clock.now()) + ms)
      }
    },

    outgoing(accountId) {
      const found = pauses.get(accountId)
      return found === undefined
        ? { state: 'ready' }
        : { state: 'paused', problem: found.problem, until: found.until }
    },

    close() {
      for (const { cancel } of pauses.values()) cancel()
    },
  }
}
