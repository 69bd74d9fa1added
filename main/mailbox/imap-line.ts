/**
 * One IMAP connection and who may speak on it: pieces of work take turns, a person's wishes first, and between them
 * the connection rests in IDLE on its folder. Decides nothing about mail.
 */

import { fail, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import type { ImapConnection } from './imap.ts'

export type ImapLine = {
  /** Runs the work alone on the connection. An urgent piece comes before all that only waits. */
  turn<T>(work: (imap: ImapConnection) => Promise<Result<T>>, isUrgent?: boolean): Promise<Result<T>>
  /** From now on it listens on this folder whenever nobody speaks. */
  restOn(path: string): void
  /**
   * Ends it; what still waits for its turn is cancelled. A person's wish that is under way gets a moment to end: cut
   * off, the server would go on with it, and the next connection would do it again. Resolves when nobody speaks.
   */
  close(): Promise<void>
}

/** An IDLE that ends by itself at once would otherwise be started without pause. */
const REST_AGAIN_MS = 2_000
const LAST_WORDS_MS = 2_000

export function createImapLine(imap: ImapConnection, clock: Clock): ImapLine {
  const queue: { isUrgent: boolean; run: () => Promise<void> }[] = []
  let isSpeaking = false
  let isUrgentNow = false
  let isClosed = false
  let silent = () => {}
  let restPath: string | null = null
  let resting: Promise<void> | null = null
  let cancelRest = () => {}

  /** What is spoken on: to be closed, it is as good as closed for whoever would say more. */
  const lent: ImapConnection = { ...imap, isUsable: () => !isClosed && imap.isUsable() }

  const next = async () => {
    if (isSpeaking) return
    isSpeaking = true
    for (;;) {
      const at = Math.max(
        0,
        queue.findIndex(entry => entry.isUrgent),
      )
      const [entry] = queue.splice(at, 1)
      if (entry === undefined) break
      isUrgentNow = entry.isUrgent
      await entry.run()
    }
    // Opening the folder to rest on is speaking too.
    if (restPath !== null && imap.isUsable() && imap.selected() !== restPath) await imap.open(restPath)
    isSpeaking = false
    silent()
    if (queue.length > 0) return void next()
    rest()
  }

  const rest = () => {
    cancelRest()
    if (resting !== null || restPath === null || !imap.isUsable() || imap.selected() !== restPath) return
    const since = clock.now()
    resting = imap.idle().then(() => {
      resting = null
      if (isSpeaking || queue.length > 0) return
      cancelRest = clock.after(clock.now() - since > REST_AGAIN_MS ? 0 : REST_AGAIN_MS, () => {
        if (!isSpeaking) rest()
      })
    })
  }

  const untilSilent = () =>
    new Promise<void>(resolve => {
      silent = resolve
    })
  const end = async () => {
    isClosed = true
    cancelRest()
    restPath = null
    if (isSpeaking && isUrgentNow && imap.isUsable()) {
      const cancel = clock.after(LAST_WORDS_MS, () => imap.close())
      await untilSilent()
      cancel()
    }
    imap.close()
    if (isSpeaking) await untilSilent()
    await resting
  }
  let closing: Promise<void> | null = null

  return {
    turn: (work, isUrgent = false) =>
      new Promise((resolve, reject) => {
        const run = () =>
          isClosed ? Promise.resolve(resolve(fail({ kind: 'cancelled' }))) : work(lent).then(resolve, reject)
        queue.push({ isUrgent, run })
        void next()
      }),
    restOn(path) {
      restPath = path
      void next()
    },
    // Where the server lets us have one connection only, it is both lines of an account, and closed as each of them.
    close() {
      closing ??= end()
      return closing
    },
  }
}
