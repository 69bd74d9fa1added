// Loaded into the program before its own code (node --import): lets a test end it, fill its disk or move its clock at
// an exact event of the ledger. The program knows nothing of it. Refuses to do anything unless it is told to.

import { DatabaseSync, type SQLInputValue, type StatementResultingChanges, StatementSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'

/** `at` names an event of the ledger, or `purge` for taking a mail off the list; each with the commit that holds it. */
export type Order =
  | { do: 'kill'; when: 'before' | 'after'; at: string }
  | { do: 'fill disk'; at: string; times: number }
  /** At once, or at the next such commit. */
  | { do: 'move clock'; ms: number; when?: 'before' | 'after'; at?: string }
  /** The program stands still for so long, just after the next such commit. */
  | { do: 'stop'; at: string; ms: number }
  /** Long waits (half a minute to eleven) take a two-hundredth of their time. */
  | { do: 'hurry' }

const PURGE = /^(DELETE FROM outbox_item|UPDATE outbox_item SET dismissed_at)/

// In the other thread an answer comes from another process, which on a busy machine takes its time.
if (process.env.TODOKE_CRASH_HURRY === '1') hurry(isMainThread ? 200 : 15)
if (isMainThread && process.send !== undefined) follow()

function hurry(times = 200): void {
  const realTimeout = globalThis.setTimeout
  const hurried = (callback: () => void, ms = 0) =>
    realTimeout(callback, ms >= 30_000 && ms <= 660_000 ? ms / times : ms)
  globalThis.setTimeout = Object.assign(hurried, realTimeout) as typeof setTimeout
}

function follow(): void {
  let kill: Extract<Order, { do: 'kill' }> | null = null
  let move: Extract<Order, { do: 'move clock' }> | null = null
  let stop: Extract<Order, { do: 'stop' }> | null = null
  const full = new Map<string, number>()
  let offset = 0
  let written = new Set<string>()
  let isInTransaction = false

  const realNow = Date.now
  Date.now = () => realNow() + offset

  process.on('message', (order: Order) => {
    if (order.do === 'kill') kill = order
    else if (order.do === 'fill disk') full.set(order.at, order.times)
    else if (order.do === 'hurry') hurry()
    else if (order.do === 'stop') stop = order
    else if (order.at === undefined) offset += order.ms
    else move = order
    process.send?.(process.pid)
  })
  process.channel?.unref()

  const end = () => {
    process.kill(process.pid, 'SIGKILL')
    // The signal is on its way: nothing more may happen.
    for (;;);
  }
  const spaceFor = () => {
    for (const [at, times] of full) {
      if (times <= 0 || !written.has(at)) continue
      full.set(at, times - 1)
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
    }
  }
  const passing = (when: 'before' | 'after') => {
    if (kill?.when === when && written.has(kill.at)) end()
    if (move?.when === when && written.has(move.at ?? '')) {
      offset += move.ms
      move = null
    }
    if (stop === null || when === 'before' || !written.has(stop.at)) return
    const { ms } = stop
    stop = null
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  }
  /** What is about to be on the disk, `written`, between its two moments. */
  const committing = <T>(commit: () => T): T => {
    spaceFor()
    passing('before')
    const done = commit()
    passing('after')
    written = new Set()
    return done
  }

  const run: (...values: SQLInputValue[]) => StatementResultingChanges = StatementSync.prototype.run
  const noting = function (this: StatementSync, ...values: SQLInputValue[]) {
    if (this.sourceSQL.startsWith('INSERT INTO ledger')) written.add(String(values[3]))
    const isPurge = PURGE.test(this.sourceSQL)
    if (isPurge) written.add('purge')
    const go = () => run.apply(this, values)
    return isPurge && !isInTransaction ? committing(go) : go()
  }
  Object.assign(StatementSync.prototype, { run: noting })
  const exec = DatabaseSync.prototype.exec
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    if (sql === 'COMMIT') committing(() => exec.call(this, sql))
    else exec.call(this, sql)
    if (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) isInTransaction = sql.startsWith('BEGIN')
    if (sql.startsWith('BEGIN')) written = new Set()
  }
}
