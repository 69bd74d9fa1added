/** When an incoming account connects again after a failure. Pure. */

import type { Problem } from '../../shared/problem.ts'

/** By number of failures so far; the last one stays, so that an account is back within a minute of the network. */
const RECONNECT_MS = [2_000, 5_000, 15_000, 30_000, 60_000] as const
const THROTTLED_MS = 5 * 60_000

/** Milliseconds to wait; null where only a person can help: a wrong password is not tried again and again. */
export function delayAfter(problem: Problem, failures: number): number | null {
  switch (problem.kind) {
    case 'authentication':
    case 'authentication-unavailable':
    case 'password-missing':
    case 'secrets-unavailable':
    case 'plaintext-forbidden':
    case 'forbidden-character':
      return null
    case 'throttled':
      return THROTTLED_MS
    default:
      return RECONNECT_MS[Math.min(failures, RECONNECT_MS.length - 1)] as number
  }
}
