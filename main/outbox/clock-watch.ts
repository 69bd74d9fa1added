/**
 * Notices that the machine's clock was moved or that the machine slept: delays stay as long as they were, and what was
 * scheduled for a time that passed meanwhile is not sent as if nothing had been. Refuses to trust the wall clock alone.
 */

import type { Settings } from '../../shared/model.ts'
import type { Db } from '../db.ts'
import type { Clock } from '../host.ts'
import type { StoredItem } from './outbox-row.ts'
import type { OutboxStore } from './outbox-store.ts'

export type ClockWatch = {
  /** After a start: the clock may have been moved and times may have passed while nobody looked. */
  start(): void
  stop(): void
  /** Cheap while nothing happened; called before the queue is looked at. */
  look(): void
}

type WatchDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  dueAsleep: () => Settings['dueAsleep']
  announce: (itemId: string) => void
  /** Something may be due now, or not any more. */
  onMoved: () => void
}

/** Less is the usual correction of a clock. */
const TOLERANCE_MS = 1_000
/** A scheduled mail that is later than this has been slept through. */
export const OVERDUE_MS = 60_000
const TICK_MS = 60_000
/** The longest time between two tries to file a copy. */
const LONGEST_COPY_WAIT_MS = 3_600_000

export function createClockWatch(deps: WatchDeps): ClockWatch {
  const { db, store, clock, announce } = deps
  let last = { wall: clock.now(), steady: clock.monotonic() }
  let cancelTick = () => {}
  let isOpen = false

  const shift = (item: StoredItem, ms: number, dueAt: number) => {
    store.append(item.id, [{ at: clock.now(), type: 'clock-moved', ms, dueAt }])
    announce(item.id)
  }
  const waiting = (state: 'held' | 'queued'): StoredItem[] =>
    store.idsInState(state).flatMap(itemId => store.get(itemId) ?? [])

  const moved = (ms: number) => {
    for (const item of waiting('held')) {
      const { heldFor, dueAt } = item.journey
      if (heldFor === 'undo' && dueAt !== null) shift(item, ms, dueAt + ms)
    }
    // Ahead, a retry only comes sooner; back, it would wait for the whole time once more.
    if (ms > 0) return
    for (const item of waiting('queued')) {
      if (item.journey.dueAt !== null) shift(item, ms, item.journey.dueAt + ms)
    }
    store.shiftCopies(ms)
  }

  const pauseOverdue = () => {
    if (deps.dueAsleep() === 'send') return
    const now = clock.now()
    for (const { id, journey } of waiting('held')) {
      const isLate = journey.heldFor === 'schedule' && now - (journey.dueAt ?? now) > OVERDUE_MS
      if (!isLate) continue
      store.append(id, [{ at: now, type: 'paused', why: 'overdue', problem: null }])
      announce(id)
    }
  }

  const look = () => {
    const now = { wall: clock.now(), steady: clock.monotonic() }
    const steady = now.steady - last.steady
    const ms = now.wall - last.wall - steady
    const isMoved = Math.abs(ms) > TOLERANCE_MS
    // Where the steady clock runs on in sleep, only our own tick tells that we were not there.
    const hasSlept = ms > TOLERANCE_MS || (isOpen && steady > TICK_MS + OVERDUE_MS)
    if (isMoved || hasSlept) {
      db.transaction(() => {
        if (isMoved) moved(Math.round(ms))
        if (hasSlept) pauseOverdue()
      })
    }
    // Only now: what could not be written is found once more.
    last = now
  }

  const tick = () => {
    look()
    cancelTick = clock.after(TICK_MS, () => {
      tick()
      deps.onMoved()
    })
  }

  return {
    start() {
      last = { wall: clock.now(), steady: clock.monotonic() }
      isOpen = true
      db.transaction(() => {
        for (const item of [...waiting('held'), ...waiting('queued')]) {
          const isDelay = item.journey.heldFor !== 'schedule'
          const from = item.events.findLast(event => 'dueAt' in event || event.type === 'released')?.at
          const { dueAt } = item.journey
          if (!isDelay || dueAt === null || from === undefined) continue
          // Longer ahead than it ever was: the clock is behind the one it was written by.
          const tooMuch = dueAt - clock.now() - Math.max(0, dueAt - from)
          if (tooMuch > TOLERANCE_MS) shift(item, -tooMuch, dueAt - tooMuch)
        }
        store.pullCopies(clock.now() + LONGEST_COPY_WAIT_MS, clock.now())
        pauseOverdue()
      })
      tick()
    },
    stop() {
      isOpen = false
      cancelTick()
    },
    look,
  }
}
