// Loaded into the program before its own code (node --import): lets a test end it, fill its disk or move its clock at
// an exact event of the ledger. The program knows nothing of it. Refuses to do anything unless it is told to.

import { DatabaseSync, type SQLInputValue, type StatementResultingChanges, StatementSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'

/** `at` names an event of the ledger, or `copy` for the appended copy: before or after the commit that holds it. */
export type Order =
  | { do: 'kill'; when: 'before' | 'after'; at: string }
  | { do: 'fill disk'; at: string; times: number }
  | { do: 'move clock'; ms: number }
  /** Long waits for a server (half a minute to eleven) take a two-hundredth of their time. */
  | { do: 'hurry' }

if (isMainThread && process.send !== undefined) follow()

function follow(): void {
  let kill: { when: 'before' | 'after'; at: string } | null = null
  const full = new Map<string, number>()
  let offset = 0
  let written = new Set<string>()

  const realNow = Date.now
  Date.now = () => realNow() + offset

  process.on('message', (order: Order) => {
    if (order.do === 'kill') kill = order
    else if (order.do === 'fill disk') full.set(order.at, order.times)
    else if (order.do === 'hurry') hurry()
    else offset += order.ms
    process.send?.(process.pid)
  })
  process.channel?.unref()

  const hurry = () => {
    const realTimeout = globalThis.setTimeout
    const hurried = (callback: () => void, ms = 0) =>
      realTimeout(callback, ms >= 30_000 && ms <= 660_000 ? ms / 200 : ms)
    globalThis.setTimeout = Object.assign(hurried, realTimeout) as typeof setTimeout
  }
  const end = () => {
    process.kill(process.pid, 'SIGKILL')
    // The signal is on its way: nothing more may happen.
    for (;;);
  }
  const reachedBy = (when: 'before' | 'after') => kill?.when === when && written.has(kill.at)
  const spaceFor = () => {
    for (const [at, times] of full) {
      if (times <= 0 || !written.has(at)) continue
      full.set(at, times - 1)
      throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
    }
  }

  const run: (...values: SQLInputValue[]) => StatementResultingChanges = StatementSync.prototype.run
  const noting = function (this: StatementSync, ...values: SQLInputValue[]) {
    if (this.sourceSQL.startsWith('INSERT INTO ledger')) written.add(String(values[3]))
    return run.apply(this, values)
  }
  Object.assign(StatementSync.prototype, { run: noting })
  const exec = DatabaseSync.prototype.exec
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
    if (sql !== 'COMMIT') {
      if (sql.startsWith('BEGIN')) written = new Set()
      return exec.call(this, sql)
    }
    spaceFor()
    if (reachedBy('before')) end()
    exec.call(this, sql)
    if (reachedBy('after')) end()
    written = new Set()
  }
}
