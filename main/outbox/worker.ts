/**
 * Works the queue: claims what is due, one mail at a time per account, lets it be submitted and commits what came
 * of it together with the next claim. Refuses to send what may have been taken, and to hold an account up for another.
 */

import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Account, AccountStatus, TranscriptLine } from '../../shared/model.ts'
import { fail, type Problem, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Clock } from '../host.ts'
import { envelopeOf, problemOfWriting, writeMail } from '../mime/write-mail.ts'
import type { Credentials, Order, Outcome, SubmitHooks, Submitter } from '../smtp/submit.ts'
import { type AccountPauses, createAccountPauses } from './account-pauses.ts'
import { nextStep, type Step, type Tries } from './next-step.ts'
import { isDiskError, type NewEvent, type OutboxStore, type StoredItem } from './outbox-store.ts'

export type WorkerDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  submitter: Submitter
  accounts: {
    get(accountId: string): Account | null
    credentials(accountId: string, server: 'smtp'): Result<Credentials>
  }
  openPath: (sha256: string) => string
  /** Names this run of the program in a claim. */
  owner: string
  /** In [0, 1). */
  random: () => number
  announce: (itemId: string) => void
  /** Like `announce`, for what changes many times a second. */
  pulse: (itemId: string) => void
  announceStatus: (accountId: string) => void
  /** Must not write secrets. */
  reportBug: (where: string, error: unknown) => void
  /** An attempt ended and is on the disk. */
  onEnd: (itemId: string) => void
}

/** What somebody wants of a mail while it is being sent; heard only before the point of no return. */
type Wish = 'pause' | 'cancel' | 'release'

type Running = {
  itemId: string
  attempt: number
  /** What happened and is not on the disk yet; harmless to lose. */
  pending: NewEvent[]
  lines: TranscriptLine[]
  progress: { sent: number; total: number } | null
  isPastNoReturn: boolean
  wish: Wish | null
  controller: AbortController
  done: Promise<void>
}

export type Worker = {
  start(): void
  /** Lets a running mail come to its end; one that takes too long is taken back, if it still can be. */
  stop(): Promise<void>
  /** Looks at the queue, because something in it changed. */
  wake(): void
  /** What is known of a running mail beyond its ledger. */
  live(
    itemId: string,
  ): { events: LedgerEvent[]; lines: TranscriptLine[]; progress: Running['progress'] } | null
  /** Takes a running mail back; false where it is not running or past the point of no return. */
  takeBack(itemId: string, wish: Wish): Promise<boolean>
  /** Its row is about to go. */
  abandon(itemId: string): void
  unfinished(): number
  /** Somebody looked after the account: its mails may go. */
  resumeAccount(accountId: string): void
  outgoing(accountId: string): AccountStatus['outgoing']
}

const DISK_RETRY_MS = 5_000
/** A machine that slept must not wait for a timer that slept with it. */
const LONGEST_SLEEP_MS = 60_000
const STOP_SENDING_MS = 10_000
const STOP_WAITING_MS = 30_000

export function createWorker(deps: WorkerDeps): Worker {
  const { db, store, clock, submitter, accounts, owner, announce } = deps
  const running = new Map<string, Running>()
  const pauses: AccountPauses = createAccountPauses({ ...deps, onResumed: () => wake() })
  let isOpen = false
  let cancelTimer = () => {}

  /** One query, one timer. */
  const wake = () => {
    cancelTimer()
    if (!isOpen) return
    const now = clock.now()
    let earliest = Number.POSITIVE_INFINITY
    for (const { accountId, dueAt } of store.nextDue()) {
      if (running.has(accountId)) continue
      if (dueAt > now) earliest = Math.min(earliest, dueAt)
      else
        void work(accountId)
          .catch(error => stumble(accountId, error))
          .catch(error => deps.reportBug('outbox.worker', error))
    }
    if (earliest < Number.POSITIVE_INFINITY) {
      cancelTimer = clock.after(Math.min(earliest - now, LONGEST_SLEEP_MS), wake)
    }
  }

  /** The due mails of an account, one after the other, until none is left. */
  const work = async (accountId: string) => {
    let claimed = db.transaction(() => claimNext(accountId))
    while (claimed !== null) {
      const item = claimed
      const attempt: Running = {
        itemId: item.id,
        attempt: item.journey.attempt,
        pending: [],
        lines: [],
        progress: null,
        isPastNoReturn: false,
        wish: null,
        controller: new AbortController(),
        done: Promise.resolve(),
      }
      running.set(accountId, attempt)
      announce(item.id)
      const ended = run(item, attempt)
      attempt.done = ended.then(
        () => {},
        () => {},
      )
      claimed = await ended
      running.delete(accountId)
      announce(item.id)
      deps.onEnd(item.id)
    }
    wake()
  }

  /** A full disk passes. Anything else is a bug: the mail is left where a person can see and steer it. */
  const stumble = (accountId: string, error: unknown) => {
    const attempt = running.get(accountId)
    running.delete(accountId)
    cancelTimer()
    if (isOpen) cancelTimer = clock.after(DISK_RETRY_MS, wake)
    if (isDiskError(error)) return
    deps.reportBug('outbox.worker', error)
    if (attempt === undefined || store.get(attempt.itemId)?.journey.state !== 'sending') return
    const at = clock.now()
    const problem: Problem = {
      kind: 'internal',
      detail: error instanceof Error ? error.message : String(error),
    }
    store.append(attempt.itemId, [
      attempt.isPastNoReturn
        ? { at, type: 'uncertain', problem: { kind: 'outcome-unknown' } }
        : { at, type: 'paused', why: 'mail', problem },
    ])
    announce(attempt.itemId)
    deps.onEnd(attempt.itemId)
  }

  /** Inside a transaction: the next mail of the account that may go, claimed. */
  const claimNext = (accountId: string): StoredItem | null => {
    const now = clock.now()
    for (;;) {
      const [itemId] = store.dueIds(accountId, now, 1)
      const item = itemId === undefined ? null : store.get(itemId)
      if (item === null) return null
      const account = accounts.get(accountId)
      const problem = pauses.problemOf(accountId)
      if (account === null) {
        store.append(item.id, [
          { at: now, type: 'paused', why: 'mail', problem: { kind: 'not-found', what: 'account' } },
        ])
        announce(item.id)
      } else if (problem !== null) {
        store.append(item.id, [{ at: now, type: 'paused', why: 'account', problem }])
        announce(item.id)
      } else {
        if (item.journey.state === 'held')
          store.append(item.id, [{ at: now, type: 'released', by: 'window' }])
        const { host, port } = account.smtp
        if (!store.claim(item.id, owner, now, { host, port })) throw new Error('a due mail cannot be claimed')
        return store.get(item.id)
      }
    }
  }

  /** One attempt; answers the next mail that was claimed with its end. */
  const run = async (item: StoredItem, attempt: Running): Promise<StoredItem | null> => {
    const outcome = await submit(item, attempt)
    const isProvedNotTaken = outcome.kind === 'not accepted' || outcome.kind === 'recipients refused'
    const account = accounts.get(item.accountId)
    const tries = triesOf(item, account?.smtp.host ?? '', account?.smtp.user ?? '')
    const step: Step =
      attempt.wish !== null && isProvedNotTaken
        ? { do: 'take back' }
        : nextStep(outcome, tries, clock.now(), deps.random())
    for (;;) {
      try {
        return conclude(item, attempt, step)
      } catch (error) {
        if (!isDiskError(error)) throw error
        // The outcome is known and must reach the disk, however long that is full.
        await new Promise<void>(resolve => clock.after(DISK_RETRY_MS, resolve))
      }
    }
  }

  /** One commit: the outcome of this mail and the claim of the next. */
  const conclude = (item: StoredItem, attempt: Running, step: Step): StoredItem | null => {
    const now = clock.now()
    const next = db.transaction(() => {
      // Gone with its account.
      if (store.get(item.id) === null) return isOpen ? claimNext(item.accountId) : null
      store.addTranscript(item.id, attempt.lines)
      store.append(item.id, [...attempt.pending, ...eventsOf(step, now, attempt.wish)])
      if (step.do === 'accept') store.setCopyDue(item.id, now)
      if (step.do === 'pause account') pauses.pauseWaiting(item.accountId, step.problem)
      return isOpen && step.do !== 'pause account' ? claimNext(item.accountId) : null
    })
    attempt.pending = []
    attempt.lines = []
    if (step.do === 'pause account') pauses.pause(item.accountId, step.problem, step.until)
    return next
  }

  const submit = async (item: StoredItem, attempt: Running): Promise<Outcome> => {
    const order = orderOf(item, attempt)
    if (!order.ok) return { kind: 'not accepted', problem: order.problem }
    return submitter.submit(order.value, hooksOf(item, attempt))
  }

  const orderOf = (
    { accountId, recipe, bytes, sha256, events }: StoredItem,
    attempt: Running,
  ): Result<Order> => {
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
      bytes,
      sha256,
      openBody: () => writeMail(recipe, { for: 'wire', openPath: deps.openPath }),
      signal: attempt.controller.signal,
    }
    return { ok: true, value: order }
  }

  const hooksOf = (item: StoredItem, attempt: Running): SubmitHooks => ({
    onEvent(event) {
      attempt.pending.push({ at: clock.now(), ...event })
      announce(item.id)
    },
    onLine: (side, text) => attempt.lines.push({ at: clock.now(), attempt: attempt.attempt, side, text }),
    onProgress(sent) {
      attempt.progress = { sent, total: item.bytes }
      deps.pulse(item.id)
    },
    commitTerminating(facts) {
      try {
        db.transaction(() => {
          store.addTranscript(item.id, attempt.lines)
          store.append(item.id, [...attempt.pending, { at: clock.now(), type: 'terminating', ...facts }])
        })
      } catch (error) {
        throw new Error('not on the disk', { cause: problemOfDbError(error, 'desk.db') })
      }
      attempt.pending = []
      attempt.lines = []
      attempt.isPastNoReturn = true
      announce(item.id)
    },
    problemOfBody: problemOfWriting,
  })

  /** A claim left behind by a run that is gone: before the last bytes it counts for nothing, after them it is unknown. */
  const recover = () => {
    for (const itemId of store.orphans(owner)) {
      const at = clock.now()
      const isPastNoReturn = store.get(itemId)?.journey.isPastNoReturn ?? false
      const problem: Problem = { kind: 'outcome-unknown' }
      store.append(itemId, [
        isPastNoReturn ? { at, type: 'uncertain', problem } : { at, type: 'released', by: 'window' },
      ])
      announce(itemId)
      deps.onEnd(itemId)
    }
  }

  return {
    start() {
      if (isOpen) return
      isOpen = true
      db.transaction(recover)
      pauses.recall()
      wake()
    },

    async stop() {
      isOpen = false
      cancelTimer()
      pauses.close()
      const all = [...running.values()]
      const ended = Promise.all(all.map(({ done }) => done))
      const late = (ms: number) => new Promise<false>(resolve => clock.after(ms, () => resolve(false)))
      if ((await Promise.race([ended, late(STOP_SENDING_MS)])) === false) {
        for (const attempt of all) if (!attempt.isPastNoReturn) callOff(attempt, 'release')
        await Promise.race([ended, late(STOP_WAITING_MS)])
      }
    },

    wake,

    live(itemId) {
      const attempt = [...running.values()].find(one => one.itemId === itemId)
      if (attempt === undefined) return null
      const events = attempt.pending.map(
        (event, index): LedgerEvent => ({
          ...event,
          // Beyond every row; the true number comes with the commit.
          seq: Number.MAX_SAFE_INTEGER - attempt.pending.length + index,
          attempt: attempt.attempt,
        }),
      )
      return { events, lines: attempt.lines, progress: attempt.progress }
    },

    abandon(itemId) {
      const attempt = [...running.values()].find(one => one.itemId === itemId)
      if (attempt !== undefined) callOff(attempt, 'release')
    },

    async takeBack(itemId, wish) {
      const attempt = [...running.values()].find(one => one.itemId === itemId)
      if (attempt === undefined || attempt.isPastNoReturn) return false
      callOff(attempt, wish)
      await attempt.done
      return !attempt.isPastNoReturn
    },

    unfinished: () => running.size,
    resumeAccount: pauses.resume,
    outgoing: pauses.outgoing,
  }
}

function callOff(attempt: Running, wish: Wish): void {
  attempt.wish = wish
  attempt.controller.abort()
}

function eventsOf(step: Step, at: number, wish: Wish | null): NewEvent[] {
  switch (step.do) {
    case 'accept': {
      const { reply, queueId, recipients } = step
      return [{ at, type: 'accepted', reply, queueId, recipients }]
    }
    case 'try again':
      return [{ at, type: 'deferred', problem: step.problem, dueAt: step.dueAt }]
    case 'refuse':
      return [{ at, type: 'refused', problem: step.problem }]
    case 'ask':
      return [{ at, type: 'paused', why: 'recipients', problem: step.problem }]
    case 'pause mail':
      return [{ at, type: 'paused', why: 'mail', problem: step.problem }]
    case 'pause account':
      return [{ at, type: 'paused', why: 'account', problem: step.problem }]
    case 'hold as uncertain':
      return [{ at, type: 'uncertain', problem: step.problem }]
    case 'take back': {
      if (wish === 'release' || wish === null) return [{ at, type: 'released', by: 'window' }]
      const paused: NewEvent = { at, type: 'paused', why: 'person', problem: null }
      return wish === 'pause' ? [paused] : [paused, { at, type: 'cancelled', by: 'person' }]
    }
  }
}

/** Who has not been handed over and was not given up by the writer; as in RCPT TO. */
export function outstanding(events: readonly LedgerEvent[]): string[] {
  let people: string[] = []
  for (const event of events) {
    if (event.type === 'written') people = [...event.recipients]
    else if (event.type === 'accepted') people = people.filter(person => !event.recipients.includes(person))
    else if (event.type === 'chosen' && event.choice === 'send-to-others') {
      people = people.filter(person => !event.dropped.includes(person))
    }
  }
  return people
}

/** Counted since a person last wanted it sent, so that after five days "try again" means five days more. */
function triesOf({ events, createdAt }: StoredItem, host: string, user: string): Tries {
  let deferrals = 0
  let since: number | null = null
  for (const event of events) {
    const isWanted =
      ((event.type === 'resumed' || event.type === 'released') && event.by === 'person') ||
      event.type === 'chosen' ||
      event.type === 'reconciled'
    if (isWanted) {
      deferrals = 0
      since = null
    } else if (event.type === 'claimed') since ??= event.at
    else if (event.type === 'deferred') deferrals += 1
  }
  return { deferrals, since: since ?? createdAt, host, user }
}
