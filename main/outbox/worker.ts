/**
 * Works the queue: claims what is due, one mail after the other per account, lets it be submitted and commits what came
 * of it. A small mail is claimed with the `terminating` of the one before, so that it may speak behind its dot, but
 * ends only after its outcome. Refuses to send what may have been taken, and to hold an account up for another.
 */

import { randomBytes } from 'node:crypto'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Account, AccountStatus, Settings, TranscriptLine } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Clock } from '../host.ts'
import { problemOfWriting } from '../mime/write-mail.ts'
import type { Credentials, Ending, Outcome, SubmitHooks, Submitter } from '../smtp/submit.ts'
import { type AccountPauses, createAccountPauses } from './account-pauses.ts'
import { type Attempt, attemptOf, callOff, liveOf, orderOf } from './attempt.ts'
import { type ClockWatch, createClockWatch } from './clock-watch.ts'
import { nameDamage } from './damage.ts'
import { nextStep, type Step } from './next-step.ts'
import type { StoredItem } from './outbox-row.ts'
import { isDiskError, type OutboxStore } from './outbox-store.ts'
import { eventsOf, outstanding, triesOf, type Wish } from './outcome-events.ts'
import { createPace, LARGE_BYTES } from './pace.ts'

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
  dueAsleep: () => Settings['dueAsleep']
  whenSomeRefused: () => Settings['whenSomeRefused']
  announce: (itemId: string) => void
  /** Like `announce`, for what changes many times a second. */
  pulse: (itemId: string) => void
  announceStatus: (accountId: string) => void
  /** Must not write secrets. */
  reportBug: (where: string, error: unknown) => void
  /** An attempt ended and is on the disk. */
  onEnd: (itemId: string) => void
}

/** Where a claimed mail has its place. */
type Place = {
  /** Only mails smaller than that come after it. */
  below: number | undefined
  lane: symbol
  /** The one on its last lines that it comes behind, and where that is on the wire. */
  ahead: { attempt: Attempt; ending: Ending } | null
  /** Its claim is on the disk. */
  isOnDisk: boolean
}

export type Worker = {
  start(): void
  /** Lets a running mail come to its end; one that takes too long is taken back, if it still can be. */
  stop(): Promise<void>
  /** Looks at the queue, because something in it changed. */
  wake(): void
  /** Before a time is written, outside of any transaction: has the clock been moved? */
  lookAtClock(): void
  /** What is known of a running mail beyond its ledger. */
  live(
    itemId: string,
  ): { events: LedgerEvent[]; lines: TranscriptLine[]; progress: Attempt['progress'] } | null
  /** Takes a running mail back; false where it is not running or past the point of no return. */
  takeBack(itemId: string, wish: Wish): Promise<boolean>
  /** Its row is about to go. */
  abandon(itemId: string): void
  unfinished(): number
  isBusy(accountId: string): boolean
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
  const running = new Map<string, Attempt>()
  const runningOf = (accountId: string) => [...running.values()].filter(one => one.accountId === accountId)
  const pace = createPace(clock, store.claimsSince)
  const watch: ClockWatch = createClockWatch({ ...deps, onMoved: () => wake() })
  const pauses: AccountPauses = createAccountPauses({ ...deps, onResumed: () => wake() })
  let isOpen = false
  let cancelTimer = () => {}

  /** One query, one timer. */
  const wake = () => {
    cancelTimer()
    if (!isOpen) return
    watch.look()
    const now = clock.now()
    let earliest = Number.POSITIVE_INFINITY
    for (const { accountId, dueAt } of store.nextDue()) {
      const account = accounts.get(accountId)
      const pausedFor = account === null ? 0 : pace.wait(account)
      const room = roomFor(accountId, account)
      if (room === 'none') continue
      if (dueAt > now || pausedFor > 0) earliest = Math.min(earliest, Math.max(dueAt, now + pausedFor))
      else fill(accountId, account)
    }
    if (earliest < Number.POSITIVE_INFINITY) {
      cancelTimer = clock.after(Math.min(earliest - now, LONGEST_SLEEP_MS), wake)
    }
  }

  const roomFor = (accountId: string, account: Account | null) =>
    pace.room(
      account,
      runningOf(accountId),
      most => store.dueIds(accountId, clock.now(), most, LARGE_BYTES).length,
    )

  /** Begins as many rows of mails as there is room for. */
  const fill = (accountId: string, account: Account | null) => {
    for (;;) {
      const room = roomFor(accountId, account)
      if (room === 'none' || !work(accountId, room === 'small' ? LARGE_BYTES : undefined)) return
    }
  }

  /** The due mails of an account, one after the other, until none is left; only those smaller than `below`. */
  const work = (accountId: string, below?: number): boolean => {
    try {
      const claimed = db.transactionUnsynced(() => claimNext(accountId, below))
      if (claimed !== null) begin(claimed, { below, lane: Symbol('lane'), ahead: null, isOnDisk: false })
      return claimed !== null
    } catch (error) {
      stumble(null, error)
      return false
    }
  }

  const begin = (item: StoredItem, place: Place): Attempt => {
    const attempt = attemptOf(item, place.lane)
    running.set(item.id, attempt)
    announce(item.id)
    // Claimed ahead of a stop.
    if (!isOpen) callOff(attempt, 'release')
    // Small ones go past it.
    if (item.bytes >= LARGE_BYTES) wake()
    attempt.done = run(item, attempt, place)
      .finally(attempt.concluded.resolve)
      .then(async next => {
        // The one behind it has waited for the same sync, and goes first.
        if (attempt.follower !== null) await new Promise(resolve => setImmediate(resolve))
        running.delete(item.id)
        announce(item.id)
        deps.onEnd(item.id)
        if (next !== null) begin(next, { ...place, ahead: null, isOnDisk: true })
        else if (attempt.follower === null) wake()
      })
      .catch(error => stumble(attempt, error))
      .catch(error => deps.reportBug('outbox.worker', error))
    return attempt
  }

  /** A full disk passes. Anything else is a bug: the mail is left where a person can see and steer it. */
  const stumble = (attempt: Attempt | null, error: unknown) => {
    if (attempt !== null) running.delete(attempt.itemId)
    cancelTimer()
    if (isOpen) cancelTimer = clock.after(DISK_RETRY_MS, wake)
    if (isDiskError(error)) return
    deps.reportBug('outbox.worker', error)
    if (attempt === null || store.get(attempt.itemId)?.journey.state !== 'sending') return
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

  /** Inside a transaction: the next mail of the account that may go, claimed. `smallOnly`: none where that is large. */
  const claimNext = (accountId: string, below?: number, smallOnly = false): StoredItem | null => {
    const now = clock.now()
    for (;;) {
      const [itemId] = store.dueIds(accountId, now, 1, below)
      if (itemId === undefined) return null
      const account = accounts.get(accountId)
      const paused = pauses.of(accountId)
      if (account === null) {
        const problem: Problem = { kind: 'not-found', what: 'account' }
        store.append(itemId, [{ at: now, type: 'paused', why: 'mail', problem }])
        announce(itemId)
      } else if (paused !== null) {
        const { problem, until } = paused
        store.append(itemId, [{ at: now, type: 'paused', why: 'account', problem, until }])
        announce(itemId)
      } else if (pace.wait(account) > 0) return null
      else {
        const item = store.get(itemId)
        if (item === null || (smallOnly && item.bytes >= LARGE_BYTES)) return null
        if (item.journey.state === 'held') store.append(itemId, [{ at: now, type: 'released', by: 'window' }])
        const { host, port } = account.smtp
        // Unguessable, and on the disk before it is on the wire: a report that names it is about this attempt.
        const wantsReport = item.recipe?.options.wantsReport === true
        const envelopeId = wantsReport ? randomBytes(18).toString('base64url') : null
        if (!store.claim(itemId, owner, now, { host, port, ...(envelopeId === null ? {} : { envelopeId }) }))
          throw new Error('a due mail cannot be claimed')
        pace.note(accountId)
        return store.withNewEvents(item)
      }
    }
  }

  /** One attempt; answers the next mail that was claimed with its end, where none had followed before. */
  const run = async (item: StoredItem, attempt: Attempt, place: Place): Promise<StoredItem | null> => {
    if (!place.isOnDisk) await onDisk()
    const outcome = await submit(item, attempt, place)
    attempt.isOver = true
    // What is put off from now on is put off by the clock as it is now.
    watch.look()
    const isProvedNotTaken = outcome.kind === 'not accepted' || outcome.kind === 'recipients refused'
    const account = accounts.get(item.accountId)
    const tries = triesOf(item, account?.smtp.host ?? '', account?.smtp.user ?? '')
    const step: Step =
      attempt.wish !== null && isProvedNotTaken
        ? { do: 'take back' }
        : nextStep(outcome, tries, clock.now(), deps.random())
    for (;;) {
      try {
        watch.look()
        const next = conclude(item, attempt, step, place.below)
        attempt.concluded.resolve()
        await onDisk()
        return next
      } catch (error) {
        if (!isDiskError(error)) throw error
        // The outcome is known and must reach the disk, however long that is full.
        await new Promise<void>(resolve => clock.after(DISK_RETRY_MS, resolve))
      }
    }
  }

  /** What was committed is kept, however long the disk takes for it: the claim before a word is said, the outcome. */
  const onDisk = async (): Promise<void> => {
    for (;;) {
      try {
        return await db.synced()
      } catch (error) {
        if (!isDiskError(error)) throw error
        await new Promise<void>(resolve => clock.after(DISK_RETRY_MS, resolve))
      }
    }
  }

  /** One commit: the outcome of this mail, and the claim of the next where none follows yet. */
  const conclude = (item: StoredItem, attempt: Attempt, step: Step, below?: number): StoredItem | null => {
    const now = clock.now()
    const mayClaim = isOpen && attempt.follower === null
    const next = db.transactionUnsynced(() => {
      // Gone with its account.
      if (store.stateOf(item.id) === null) return mayClaim ? claimNext(item.accountId, below) : null
      store.addTranscript(item.id, attempt.lines)
      const events = eventsOf(step, now, {
        wish: attempt.wish,
        rest: pauses.of(item.accountId),
        whenSomeRefused: deps.whenSomeRefused(),
        outstanding: outstanding(item.events),
      })
      store.append(item.id, [...attempt.pending, ...events])
      if (step.do === 'accept') store.setCopyDue(item.id, now)
      if (step.do === 'pause account') pauses.pauseWaiting(item.accountId, step.problem, step.until)
      return mayClaim && step.do !== 'pause account' ? claimNext(item.accountId, below) : null
    })
    attempt.pending = []
    attempt.lines = []
    if (step.do === 'pause account') {
      pauses.pause(item.accountId, step.problem, step.until)
      // The small ones that are under way wait with the others; what the person wanted of one comes first.
      for (const other of runningOf(item.accountId)) {
        const mayStop = other !== attempt && !other.isPastNoReturn && other.wish === null
        if (mayStop && other.bytes < LARGE_BYTES) callOff(other, 'release')
      }
    }
    return next
  }

  const submit = async (item: StoredItem, attempt: Attempt, place: Place): Promise<Outcome> => {
    const order = orderOf(item, attempt, { ...deps, behind: place.ahead?.ending ?? null })
    if (!order.ok) return { kind: 'not accepted', problem: order.problem }
    const outcome = await submitter.submit(order.value, hooksOf(item, attempt, place))
    const isDamaged = outcome.kind === 'not accepted' && outcome.problem.kind === 'bytes-changed'
    if (!isDamaged || item.recipe === null) return outcome
    return { kind: 'not accepted', problem: await nameDamage(item.recipe, deps.openPath) }
  }

  const hooksOf = (item: StoredItem, attempt: Attempt, { below, lane, ahead }: Place): SubmitHooks => ({
    onEvent(event) {
      attempt.pending.push({ at: clock.now(), ...event })
      announce(item.id)
    },
    onLine: (side, text) => attempt.lines.push({ at: clock.now(), attempt: attempt.attempt, side, text }),
    onProgress(sent) {
      attempt.progress = { sent, total: item.bytes }
      deps.pulse(item.id)
    },
    async commitTerminating(facts, ending) {
      // Of a row of mails no more than one is in doubt.
      await ahead?.attempt.concluded.promise
      if (attempt.isOver || attempt.wish !== null) throw new Error('called off')
      const { accountId } = item
      const isSmall = item.bytes < LARGE_BYTES
      let next: StoredItem | null = null
      let isOnDisk = false
      try {
        next = db.transactionUnsynced(() => {
          store.addTranscript(item.id, attempt.lines)
          store.append(item.id, [...attempt.pending, { at: clock.now(), type: 'terminating', ...facts }])
          return isOpen && isSmall ? claimNext(accountId, below, true) : null
        })
        attempt.pending = []
        attempt.lines = []
        attempt.isPastNoReturn = true
        await db.synced()
        isOnDisk = true
      } catch (error) {
        throw new Error('not on the disk', { cause: problemOfDbError(error, 'desk.db') })
      } finally {
        // Whatever became of that: it is claimed.
        if (next !== null)
          attempt.follower = begin(next, { below, lane, ahead: { attempt, ending }, isOnDisk })
      }
      announce(item.id)
    },
    problemOfBody: problemOfWriting,
  })

  const untilIdle = async (): Promise<void> => {
    while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done))
  }

  const isWithin = async (work: Promise<void>, ms: number): Promise<boolean> => {
    const late = Promise.withResolvers<boolean>()
    const cancel = clock.after(ms, () => late.resolve(false))
    const isDone = await Promise.race([work.then(() => true), late.promise])
    cancel()
    return isDone
  }

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
      watch.start()
      pauses.recall()
      wake()
    },

    async stop() {
      isOpen = false
      cancelTimer()
      watch.stop()
      pauses.close()
      const ended = untilIdle()
      if (!(await isWithin(ended, STOP_SENDING_MS))) {
        for (const attempt of running.values()) if (!attempt.isPastNoReturn) callOff(attempt, 'release')
        await isWithin(ended, STOP_WAITING_MS)
      }
    },

    wake,
    lookAtClock: watch.look,

    live(itemId) {
      const attempt = running.get(itemId)
      return attempt === undefined ? null : liveOf(attempt)
    },

    abandon(itemId) {
      const attempt = running.get(itemId)
      if (attempt !== undefined) callOff(attempt, 'release')
    },

    async takeBack(itemId, wish) {
      const attempt = running.get(itemId)
      if (attempt === undefined || attempt.isPastNoReturn) return false
      callOff(attempt, wish)
      await attempt.done
      return !attempt.isPastNoReturn
    },

    unfinished: () => running.size,
    isBusy: accountId => runningOf(accountId).length > 0,
    resumeAccount: pauses.resume,
    outgoing: pauses.outgoing,
  }
}
