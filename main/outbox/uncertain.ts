/**
 * A mail that may have been taken: looks for it among the sent ones, some times, and otherwise leaves it to the
 * person. Refuses to conclude anything from not finding it, and never sends.
 */

import type { OutboxItem } from '../../shared/model.ts'
import type { Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import type { OutboxStore } from './outbox-store.ts'

export type FindSentCopy = (wanted: {
  accountId: string
  messageIdHeader: string
}) => Promise<Result<{ isThere: boolean; folder?: string }>>

export const LOOKS_MS = [0, 10_000, 60_000, 300_000] as const

type UncertainDeps = {
  store: OutboxStore
  clock: Clock
  findSentCopy: FindSentCopy
  /** A look is over, so that the page can say what was seen. */
  announce: (itemId: string) => void
  /** The mail was there and is handed over now; it lies in `folder`. */
  onFound: (itemId: string, folder: string) => void
}

type Search = NonNullable<OutboxItem['search']>

export function createUncertain({ store, clock, findSentCopy, announce, onFound }: UncertainDeps) {
  const looking = new Map<string, () => void>()
  const searches = new Map<string, Search>()
  let isOpen = false

  const look = async (itemId: string, turn: number) => {
    const item = store.get(itemId)
    if (!isOpen || item?.journey.state !== 'uncertain') return forget(itemId)
    const found = await findSentCopy({ accountId: item.accountId, messageIdHeader: item.messageId })
    // The person may have decided meanwhile.
    if (!isOpen || store.get(itemId)?.journey.state !== 'uncertain') return forget(itemId)
    if (found.ok && found.value.isThere) {
      onFound(itemId, found.value.folder ?? '')
      return forget(itemId)
    }
    searches.set(itemId, {
      looks: (searches.get(itemId)?.looks ?? 0) + 1,
      lastAt: clock.now(),
      nextAt: null,
      problem: found.ok ? null : found.problem,
    })
    plan(itemId, turn + 1)
    announce(itemId)
  }

  const forget = (itemId: string) => {
    looking.delete(itemId)
    searches.delete(itemId)
  }

  const plan = (itemId: string, turn: number) => {
    if (!isOpen) return
    const at = LOOKS_MS[turn]
    if (at === undefined) return void looking.delete(itemId)
    const wait = at - (LOOKS_MS[turn - 1] ?? 0)
    const before = searches.get(itemId) ?? { looks: 0, lastAt: null, problem: null }
    searches.set(itemId, { ...before, nextAt: clock.now() + wait })
    looking.set(
      itemId,
      // What could not be written now is found again at the next look.
      clock.after(wait, () => void look(itemId, turn).catch(() => plan(itemId, turn + 1))),
    )
  }

  return {
    /** Begins to look for a mail that is uncertain, unless somebody looks already. */
    consider(itemId: string): void {
      if (isOpen && !looking.has(itemId) && store.stateOf(itemId) === 'uncertain') plan(itemId, 0)
    },
    /** What was seen so far; null for a mail that is not looked for. */
    search: (itemId: string): OutboxItem['search'] => searches.get(itemId) ?? null,
    /** The account's folders were looked through: so is Sent, where nobody waits to look anyway. */
    synced(accountId: string): void {
      if (!isOpen) return
      for (const itemId of store.idsInState('uncertain', accountId)) {
        if (looking.has(itemId)) continue
        looking.set(itemId, () => {})
        void look(itemId, LOOKS_MS.length).catch(() => looking.delete(itemId))
      }
    },
    start(): void {
      isOpen = true
      for (const itemId of store.idsInState('uncertain')) plan(itemId, 0)
    },
    stop(): void {
      isOpen = false
      for (const cancel of looking.values()) cancel()
      looking.clear()
      searches.clear()
    },
  }
}
