/**
 * The copy in Sent, a step of its own after a mail was handed over: whoever files it, it shall lie there once.
 * Refuses to touch SMTP: a copy that cannot be filed never sends anything again.
 */

import type { CopyEvent, LedgerEvent } from '../../shared/ledger.ts'
import type { Account, SentCopyPolicy } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Clock } from '../host.ts'
import type { Recipe } from '../mime/recipe.ts'
import type { StoredItem } from './outbox-row.ts'
import { isDiskError, type OutboxStore } from './outbox-store.ts'
import type { FindSentCopy } from './uncertain.ts'

/** Searches Sent for the Message-ID and appends the copy only where it is not there; locally for POP3. */
export type FileSentCopy = (copy: {
  accountId: string
  messageIdHeader: string
  recipe: Recipe
}) => Promise<Result<{ how: 'appended' | 'found' | 'local'; folder: string }>>

type SentCopyDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  accounts: {
    get(accountId: string): Account | null
    learnSentCopy(accountId: string, policy: SentCopyPolicy): void
  }
  fileSentCopy: FileSentCopy
  findSentCopy: FindSentCopy
  announce: (itemId: string) => void
}

/** How long a server that files by itself may take, from the 250 on. */
const LOOKS_MS = [0, 5_000, 15_000, 30_000]
const RETRY_MS = [30_000, 120_000, 600_000, 1_800_000, 3_600_000]
const GIVE_UP_AFTER_MS = 7 * 24 * 3_600_000
/** A machine that was off, or whose clock was moved, has not tried for a week. */
const LEAST_FAILURES = 12
const DISK_RETRY_MS = 5_000
const LONGEST_SLEEP_MS = 60_000

export function createSentCopy(deps: SentCopyDeps) {
  const { db, store, clock, accounts, fileSentCopy, findSentCopy, announce } = deps
  let isOpen = false
  const busy = new Set<string>()
  let cancelTimer = () => {}

  /** One query, one timer; one copy at a time for each account. */
  const wake = () => {
    cancelTimer()
    if (!isOpen) return
    let earliest = Number.POSITIVE_INFINITY
    for (const { itemId, accountId, dueAt } of store.nextCopiesDue()) {
      if (busy.has(accountId)) continue
      if (dueAt > clock.now()) {
        earliest = Math.min(earliest, dueAt)
        continue
      }
      busy.add(accountId)
      const free = () => {
        busy.delete(accountId)
        wake()
      }
      void file(itemId)
        .catch(error => {
          // A full disk is no failure of the copy and passes.
          if (isDiskError(error)) throw error
          failed(itemId, { kind: 'internal', detail: String(error) })
        })
        // Where nothing can be written, the disk gets a rest.
        .then(free, () => void clock.after(DISK_RETRY_MS, free))
    }
    if (earliest < Number.POSITIVE_INFINITY) {
      cancelTimer = clock.after(Math.min(earliest - clock.now(), LONGEST_SLEEP_MS), wake)
    }
  }

  /** Writes what happened and when to come back, null for not at all. */
  const note = (itemId: string, event: CopyEvent | null, dueAt: number | null) => {
    // The row may have gone from the list while we were away.
    if (store.get(itemId) === null) return
    db.transaction(() => {
      if (event !== null) store.append(itemId, [{ at: clock.now(), ...event }])
      store.setCopyDue(itemId, dueAt)
    })
    announce(itemId)
  }

  const failed = (itemId: string, problem: Problem) => {
    const item = store.get(itemId)
    if (item === null) return
    const acceptedAt = handedOverAt(item.events)
    const failures = item.events.filter(({ type }) => type === 'copy-failed').length
    const delay = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? GIVE_UP_AFTER_MS
    const isOver = clock.now() + delay > acceptedAt + GIVE_UP_AFTER_MS && failures >= LEAST_FAILURES
    const retryAt = isOver ? null : clock.now() + delay
    note(item.id, { type: 'copy-failed', problem, retryAt }, retryAt)
  }

  const file = async (itemId: string) => {
    const item = store.get(itemId)
    if (item?.journey.state !== 'accepted' || item.journey.sentCopy.state === 'filed') {
      store.setCopyDue(itemId, null)
      return
    }
    const account = accounts.get(item.accountId)
    if (account === null || item.recipe === null) {
      const problem: Problem =
        account === null
          ? { kind: 'not-found', what: 'account' }
          : { kind: 'mail-unreadable', detail: 'recipe' }
      return note(itemId, { type: 'copy-failed', problem, retryAt: null }, null)
    }
    const isLocal = account.incoming.kind === 'pop3'
    if (item.journey.sentCopy.state !== 'filing') {
      note(itemId, { type: 'copy-filing', how: isLocal ? 'local' : 'append' }, clock.now())
    }
    if (!isLocal && account.sentCopy !== 'we-file-it') {
      const isSettled = await lookFirst(item, account)
      if (isSettled) return
    }
    const { accountId, messageId, recipe } = item
    const filed = await fileSentCopy({ accountId, messageIdHeader: messageId, recipe })
    if (!filed.ok) return failed(itemId, filed.problem)
    const { how, folder } = filed.value
    note(itemId, { type: 'copy-filed', how, folder }, null)
    if (account.sentCopy === 'unknown' && !isLocal) {
      accounts.learnSentCopy(accountId, how === 'found' ? 'server-files-it' : 'we-file-it')
    }
  }

  /** Whether the server has filed it, or may still do so; false when it is our turn. */
  const lookFirst = async (item: StoredItem, account: Account): Promise<boolean> => {
    const found = await findSentCopy({ accountId: item.accountId, messageIdHeader: item.messageId })
    if (!found.ok) {
      failed(item.id, found.problem)
      return true
    }
    if (found.value.isThere) {
      note(item.id, { type: 'copy-filed', how: 'found', folder: found.value.folder ?? '' }, null)
      if (account.sentCopy === 'unknown') accounts.learnSentCopy(account.id, 'server-files-it')
      return true
    }
    // The clock may have gone back since.
    const acceptedAt = Math.min(handedOverAt(item.events), clock.now())
    const next = LOOKS_MS.find(after => acceptedAt + after > clock.now())
    if (next === undefined) return false
    store.setCopyDue(item.id, acceptedAt + next)
    return true
  }

  return {
    start(): void {
      isOpen = true
      wake()
    },
    stop(): void {
      isOpen = false
      cancelTimer()
    },
    wake,
  }
}

function handedOverAt(events: readonly LedgerEvent[]): number {
  return events.find(({ type }) => type === 'accepted' || type === 'reconciled')?.at ?? 0
}
