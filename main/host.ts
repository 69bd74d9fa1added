/** What a shell must provide, and nothing of what it is. Everything below app.ts sees only this. */

import type { ShellInfo } from '../shared/model.ts'
import type { Result } from '../shared/problem.ts'

/** The only clock of the program. Tests bring their own. */
export type Clock = {
  /** Epoch ms, as the machine has it: it may be moved at any time. */
  now(): number
  /** Ms since some moment; never moved. */
  monotonic(): number
  /** Calls back once after `ms`; returns the cancel. Long delays are allowed. */
  after(ms: number, callback: () => void): () => void
}

/** Passwords and tokens, sealed by the operating system or by a key file. Keys are ours, e.g. `smtp:<accountId>`. */
export type Secrets = {
  get(key: string): Result<string | null>
  set(key: string, value: string): Result<true>
  remove(key: string): Result<true>
}

/** The settings file (electron-store or conf). Values are checked by `settings/settings.ts`, not here. */
export type SettingsFile = {
  get(key: string): unknown
  set(values: Record<string, unknown>): Result<true>
}

export type Host = {
  info: ShellInfo
  /** Holds the databases, the spool and the packs. Exists, mode 0700. */
  dataDir: string
  clock: Clock
  secrets: Secrets
  settings: SettingsFile
  /** Where the worker's entry lies; a built shell and a source shell pack it differently. */
  sortingRoomUrl: URL
  /** Opens a checked http(s) link outside. */
  openExternal(url: string): Promise<void>
  /** Ends the program, after the page has asked the person; left out where the shell asks. */
  quit?: (() => void) | undefined
  /** Where HTTPS may go that a mail leads to; the public internet where nothing is said. Tests have servers of their own. */
  mayConnectTo?: ((address: string, port: number) => boolean) | undefined
  /** Asks where to save; gives a path that does not exist yet, or null where the person turned away. */
  saveAs(suggestedName: string): Promise<string | null>
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The real clock. setTimeout counts only 31 bits, so a longer wait is taken in steps. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    let timer: NodeJS.Timeout
    let left = Math.max(0, ms)
    const step = () => {
      const wait = Math.min(left, LONGEST_TIMER_MS)
      left -= wait
      timer = setTimeout(() => (left > 0 ? step() : callback()), wait)
    }
    step()
    return () => clearTimeout(timer)
  },
}
