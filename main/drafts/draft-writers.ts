/**
 * Who writes which draft: one window at a time. A lease is kept in memory alone, so that a program that ended leaves
 * none behind; a window that died without a word loses its own in a while, or at once to whoever asks for it.
 */

import type { DraftEnd, DraftWriter } from '../../shared/draft-writer.ts'
import type { Clock } from '../host.ts'

/** Longer than the minute at which a browser lets a hidden page do anything. */
export const LEASE_MS = 150_000
/** So long a window has to save its last words once another one asks for the draft. */
export const LETTING_GO_MS = 4_000
/** Drafts that are no more and of which it is known why; the oldest are forgotten. */
const MOST_ENDS = 500

type Lease = { windowId: string; until: number; wantedBy: string | null }

export type DraftWriters = ReturnType<typeof createDraftWriters>

/** `announce` is told whenever another window may or must do something. */
export function createDraftWriters(clock: Clock, announce: (draftId: string) => void) {
  const leases = new Map<string, Lease>()
  const ends = new Map<string, DraftEnd>()
  /** Windows that wait for a draft to be let go. */
  const waiting = new Map<string, Set<() => void>>()

  const leaseOf = (draftId: string): Lease | null => {
    const lease = leases.get(draftId)
    if (lease === undefined) return null
    if (lease.until > clock.monotonic()) return lease
    leases.delete(draftId)
    return null
  }

  const give = (draftId: string, windowId: string): void => {
    leases.set(draftId, { windowId, until: clock.monotonic() + LEASE_MS, wantedBy: null })
  }

  const wake = (draftId: string): void => {
    for (const go of waiting.get(draftId) ?? []) go()
    waiting.delete(draftId)
  }

  /** Takes the draft where nobody writes it, and keeps it for whoever does. */
  const claim = (draftId: string, windowId: string): DraftWriter => {
    const lease = leaseOf(draftId)
    if (lease === null) give(draftId, windowId)
    else if (lease.windowId !== windowId) return 'other'
    else {
      lease.until = clock.monotonic() + LEASE_MS
      if (lease.wantedBy !== null) return 'wanted'
    }
    return 'you'
  }

  const letGo = (draftId: string): Promise<void> =>
    new Promise(resolve => {
      const all = waiting.get(draftId) ?? new Set()
      waiting.set(draftId, all)
      const cancel = clock.after(LETTING_GO_MS, () => {
        all.delete(go)
        resolve()
      })
      const go = () => {
        cancel()
        resolve()
      }
      all.add(go)
    })

  return {
    claim,

    /** Asks the window that writes to let go, waits for its last words, and writes then whatever it did. */
    async takeOver(draftId: string, windowId: string): Promise<DraftWriter> {
      const lease = leaseOf(draftId)
      if (lease === null || lease.windowId === windowId) {
        if (lease !== null) lease.wantedBy = null
        return claim(draftId, windowId)
      }
      lease.wantedBy = windowId
      announce(draftId)
      await letGo(draftId)
      const left = leaseOf(draftId)
      // Of several that asked, the last one has it.
      if (left !== null && left.windowId !== windowId && left.wantedBy !== windowId) return 'other'
      give(draftId, windowId)
      announce(draftId)
      return 'you'
    },

    release(draftId: string, windowId: string): boolean {
      const lease = leaseOf(draftId)
      if (lease?.windowId !== windowId) return false
      if (lease.wantedBy === null) leases.delete(draftId)
      else give(draftId, lease.wantedBy)
      wake(draftId)
      announce(draftId)
      return true
    },

    /** Whether a change may come from here; null is no window. A window that writes keeps the draft by it. */
    mayWrite(draftId: string, windowId: string | null): boolean {
      if (windowId !== null) return claim(draftId, windowId) !== 'other'
      return leaseOf(draftId) === null
    },

    /** The draft is no more. */
    end(draftId: string, why: DraftEnd): void {
      leases.delete(draftId)
      ends.delete(draftId)
      ends.set(draftId, why)
      const [oldest] = ends.keys()
      if (ends.size > MOST_ENDS && oldest !== undefined) ends.delete(oldest)
      wake(draftId)
    },

    endOf: (draftId: string): DraftEnd => ends.get(draftId) ?? 'discarded',
  }
}
