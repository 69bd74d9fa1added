/**
 * When the hand that types rests. What no key waits for is put off until then: whatever the page does between two keys,
 * the second one may have to wait for it.
 */

/** Longer than the time between two keys of somebody who writes, and too short to be noticed in a pause. */
export const REST_MS = 400

export type Rest = {
  /** Something was typed. */
  typed(): void
  /** Runs it at once where nobody types, else as soon as the hand rests. Returns how to take it back. */
  at(run: () => void): () => void
}

/** `after` is a timer: it gives how to stop it. */
export function createRest(after: (ms: number, run: () => void) => () => void): Rest {
  let stopTimer: (() => void) | null = null
  const waiting = new Set<() => void>()

  function rest(): void {
    stopTimer = null
    const due = [...waiting]
    waiting.clear()
    for (const run of due) run()
  }

  return {
    typed() {
      stopTimer?.()
      stopTimer = after(REST_MS, rest)
    },
    at(run) {
      if (stopTimer === null) {
        run()
        return () => {}
      }
      // One of its own for each who asks, so that taking back one takes back no other.
      const mine = () => run()
      waiting.add(mine)
      return () => void waiting.delete(mine)
    },
  }
}

let ofWindow: Rest | null = null

/** Of this window: every field in it counts. */
export function theRest(): Rest {
  if (ofWindow === null) {
    ofWindow = createRest((ms, run) => {
      const id = setTimeout(run, ms)
      return () => clearTimeout(id)
    })
    window.addEventListener('input', ofWindow.typed, { capture: true })
  }
  return ofWindow
}
