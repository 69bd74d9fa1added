/**
 * How much of an account may be under way at a time, and how fast: large mails one after the other, small ones past
 * them, many small ones in two rows, and no more in a minute than its server takes. Knows nothing of mails but their size.
 */

import { type Account, DEFAULT_PACE } from '../../shared/model.ts'
import type { Clock } from '../host.ts'

/** A mail of this size takes so long that a small one should not wait for it. */
export const LARGE_BYTES = 1024 * 1024
/** Where so many small mails wait, a second connection is worth its opening. */
const MANY = 8
/** More would not be faster, and each row of mails has one that may be in doubt. */
const MOST_SMALL_ROWS = 2
const MINUTE_MS = 60_000

/** A mail under way; those of one `lane` go one behind the other over one connection. */
type UnderWay = { bytes: number; lane: symbol }

export type Pace = {
  /** What may be begun beside what is running: anything, only a small mail, or nothing. */
  room(
    account: Account | null,
    running: readonly UnderWay[],
    /** How many small mails are due, counted up to `most`. */
    waiting: (most: number) => number,
  ): 'any' | 'small' | 'none'
  /** How long the next mail has to wait; 0 for not at all. */
  wait(account: Account): number
  note(accountId: string): void
}

/** `recentClaims` gives the times (wall clock) of what an earlier run began in the last minute. */
export function createPace(clock: Clock, recentClaims: (accountId: string, since: number) => number[]): Pace {
  const begun = new Map<string, number[]>()

  const recent = (accountId: string): number[] => {
    const now = clock.monotonic()
    const earlier = () =>
      recentClaims(accountId, clock.now() - MINUTE_MS).map(at => now - Math.max(0, clock.now() - at))
    const times = (begun.get(accountId) ?? earlier()).filter(at => now - at < MINUTE_MS)
    begun.set(accountId, times)
    return times
  }

  return {
    room(account, running, waiting) {
      if (running.length === 0) return 'any'
      const { connections } = account?.pace ?? DEFAULT_PACE
      if (lanesOf(running) >= connections) return 'none'
      const rows = lanesOf(running.filter(({ bytes }) => bytes < LARGE_BYTES))
      return rows === 0 || (rows < MOST_SMALL_ROWS && waiting(MANY) >= MANY) ? 'small' : 'none'
    },

    wait({ id, pace }) {
      const most = pace?.perMinute ?? null
      if (most === null) return 0
      const times = recent(id)
      const oldest = times[times.length - most]
      return oldest === undefined ? 0 : oldest + MINUTE_MS - clock.monotonic()
    },

    note(accountId) {
      begun.get(accountId)?.push(clock.monotonic())
    },
  }
}

function lanesOf(running: readonly UnderWay[]): number {
  return new Set(running.map(({ lane }) => lane)).size
}
