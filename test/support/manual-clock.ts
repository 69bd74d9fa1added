// A clock that only goes when a test says so.

import type { Clock } from '../../main/host.ts'

export type ManualClock = Clock & {
  /** Lets time pass and calls what became due, in order. */
  advance(ms: number): void
  /** Somebody sets the clock of the machine: no time passes. */
  move(ms: number): void
  pending(): number
}

export function manualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let now = start
  let moved = 0
  const timers = new Map<symbol, { at: number; callback: () => void }>()
  return {
    now: () => now + moved,
    monotonic: () => now - start,
    after(ms, callback) {
      const key = Symbol('timer')
      timers.set(key, { at: now + Math.max(0, ms), callback })
      return () => timers.delete(key)
    },
    advance(ms) {
      const end = now + ms
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0]
        if (due === undefined) break
        timers.delete(due[0])
        now = due[1].at
        due[1].callback()
      }
      now = end
    },
    move(ms) {
      moved += ms
    },
    pending: () => timers.size,
  }
}
