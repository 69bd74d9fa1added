/** One mail while it is being sent: what is known of it beyond its ledger, and what is handed to the wire. Decides nothing. */

import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Account, TranscriptLine } from '../../shared/model.ts'
import { fail, type Result } from '../../shared/problem.ts'
import { envelopeOf } from '../mime/recipe.ts'
import { writeMail } from '../mime/write-mail.ts'
import type { Credentials, Ending, Order } from '../smtp/submit.ts'
import type { StoredItem } from './outbox-row.ts'
import type { NewEvent } from './outbox-store.ts'
import { outstanding, type Wish } from './outcome-events.ts'

export type Attempt = {
  itemId: string
  accountId: string
  bytes: number
  attempt: number
  /** Mails that go one behind the other, over one connection at a time. */
  lane: symbol
  /** What happened and is not on the disk yet; harmless to lose. */
  pending: NewEvent[]
  lines: TranscriptLine[]
  progress: { sent: number; total: number } | null
  isPastNoReturn: boolean
  /** The wire has no more to say of it. */
  isOver: boolean
  wish: Wish | null
  controller: AbortController
  /** Its outcome is committed, or will never be. */
  concluded: PromiseWithResolvers<void>
  /** Claimed with its `terminating`, and under way behind it. */
  follower: Attempt | null
  done: Promise<void>
}

export const attemptOf = ({ id, accountId, bytes, journey }: StoredItem, lane: symbol): Attempt => ({
  itemId: id,
  accountId,
  bytes,
  attempt: journey.attempt,
  lane,
  pending: [],
  lines: [],
  progress: null,
  isPastNoReturn: false,
  isOver: false,
  wish: null,
  controller: new AbortController(),
  concluded: Promise.withResolvers(),
  follower: null,
  done: Promise.resolve(),
})

/** Its events that are not on the disk yet, its conversation and how far it is. */
export function liveOf({ pending, attempt, lines, progress }: Attempt) {
  const events = pending.map(
    (event, index): LedgerEvent => ({
      ...event,
      // Beyond every row; the true number comes with the commit.
      seq: Number.MAX_SAFE_INTEGER - pending.length + index,
      attempt,
    }),
  )
  return { events, lines, progress }
}

type OrderDeps = {
  accounts: {
    get(accountId: string): Account | null
    credentials(accountId: string, server: 'smtp'): Result<Credentials>
  }
  openPath: (sha256: string) => string
  behind: Ending | null
}

/** What is to be submitted, as the account and its password are now. */
export function orderOf(
  { accountId, recipe, bytes, sha256, events }: StoredItem,
  attempt: Attempt,
  { accounts, openPath, behind }: OrderDeps,
): Result<Order> {
  const account = accounts.get(accountId)
  if (account === null) return fail({ kind: 'not-found', what: 'account' })
  if (recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
  const credentials = accounts.credentials(accountId, 'smtp')
  if (!credentials.ok && account.smtp.user !== '') return credentials
  const order: Order = {
    accountId,
    settings: account.smtp,
    credentials: credentials.ok ? credentials.value : { user: '', password: '' },
    envelope: { from: envelopeOf(recipe).from, to: outstanding(events) },
    wishes: {
      envelopeId: envelopeIdOf(events),
      requiresTls: recipe.options.requiresTls,
      is8bit: recipe.attachments.some(({ encoding }) => encoding === '8bit'),
    },
    bytes,
    sha256,
    openBody: () => writeMail(recipe, { for: 'wire', openPath, isFleeting: true }),
    signal: attempt.controller.signal,
    ...(behind === null ? {} : { behind }),
  }
  return { ok: true, value: order }
}

/** The token of the attempt that runs. */
function envelopeIdOf(events: readonly LedgerEvent[]): string | null {
  const claim = events.findLast(event => event.type === 'claimed')
  return claim?.type === 'claimed' ? (claim.envelopeId ?? null) : null
}

/** Heard only before the last lines are out. */
export function callOff(attempt: Attempt, wish: Wish): void {
  attempt.wish = wish
  attempt.controller.abort()
}
