/** Announces what changes many times a second at most ten times a second, and the last change for certain. */

import type { Clock } from '../host.ts'

const PULSE_MS = 100

export function createPulse(clock: Clock, announce: (id: string) => void): (id: string) => void {
  const beats = new Map<string, { isAgain: boolean }>()
  const beat = (id: string) => {
    announce(id)
    const state = { isAgain: false }
    beats.set(id, state)
    clock.after(PULSE_MS, () => {
      beats.delete(id)
      if (state.isAgain) beat(id)
    })
  }
  return id => {
    const running = beats.get(id)
    if (running === undefined) beat(id)
    else running.isAgain = true
  }
}
