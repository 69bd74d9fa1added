// Waiting for processes outside of ours, which announce nothing: asks again until the answer is yes.
// Refuses to be used for our own code: that has events and promises to await.

import { setTimeout as pause } from 'node:timers/promises'

const defaultDeadlineMs = 10_000
const pollMs = 20

/** What a check says while it has to be asked again. Everything else is the answer. */
export type NotYet = undefined | null | false

/**
 * Resolves with the first answer that is not undefined, null or false. A check that throws counts as
 * "not yet"; when the deadline passes, its last error is the cause of ours.
 */
export async function eventually<T>(
  check: () => T | NotYet | Promise<T | NotYet>,
  deadlineMs: number = defaultDeadlineMs,
): Promise<T> {
  const deadline = performance.now() + deadlineMs
  let lastError: unknown
  for (;;) {
    try {
      const answer = await check()
      if (answer !== undefined && answer !== null && answer !== false) return answer
      lastError = undefined
    } catch (error) {
      lastError = error
    }
    if (performance.now() >= deadline) {
      const why = lastError instanceof Error ? `: ${lastError.message}` : ''
      throw new Error(`not true within ${deadlineMs} ms${why}`, { cause: lastError })
    }
    await pause(pollMs)
  }
}
