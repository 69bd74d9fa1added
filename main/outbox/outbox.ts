/**
 * The outbox: freezes a draft into a mail, keeps it until it is in exactly one known state, and lets the person
 * steer it. Refuses to lose what was written: whatever fails, the draft or the row is still there.
 */

import { randomUUID } from 'node:crypto'
import type {
  Account,
  AccountStatus,
  Draft,
  DraftAttachment,
  DraftContent,
  OutboxCounts,
  OutboxItem,
  SentCopyPolicy,
  ServerSettings,
  TranscriptLine,
} from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { type Credentials, createSubmitter } from '../smtp/submit.ts'
import { createDeparture } from './departure.ts'
import { abilities, outboxItem } from './outbox-item.ts'
import { createOutboxStore, type NewEvent, type StoredItem } from './outbox-store.ts'
import { createPulse } from './pulse.ts'
import { saveMail } from './save-mail.ts'
import { createSentCopy, type FileSentCopy } from './sent-copy.ts'
import { createUncertain, type FindSentCopy } from './uncertain.ts'
import { createWorker, outstanding } from './worker.ts'

export type { FileSentCopy } from './sent-copy.ts'
export type { FindSentCopy } from './uncertain.ts'

export type OutboxDeps = {
  db: Db
  clock: Clock
  emit: Emit
  accounts: {
    get(accountId: string): Account | null
    credentials(accountId: string, server: 'smtp'): Result<Credentials>
    learnSentCopy(accountId: string, policy: SentCopyPolicy): void
  }
  drafts: {
    get(draftId: string): Draft | null
    removeWithin(draftId: string): unknown
    restore(content: DraftContent, attachments: Omit<DraftAttachment, 'id'>[], references: string[]): Draft
  }
  spool: { pathOf(sha256: string): string }
  /** 0 to 60, asked at each Send. */
  undoSeconds: () => number
  fileSentCopy: FileSentCopy
  findSentCopy: FindSentCopy
  /** Asks where; gives a path that does not exist yet, or null. */
  saveAs: (suggestedName: string) => Promise<string | null>
  /** Keeps what a server said it can do. */
  learnAbilities?: (accountId: string, settings: ServerSettings, extensions: readonly string[]) => void
  /** `too-big` where the account's server is known not to take so many bytes. */
  fitsServer?: (accountId: string, bytes: number) => Result<true>
  /** Must not write secrets. */
  reportBug?: (where: string, error: unknown) => void
  /** In [0, 1); spreads retries. */
  random?: () => number
}

export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox(deps: OutboxDeps) {
  const { db, clock, emit, accounts, drafts, spool } = deps
  const store = createOutboxStore(db)
  const submitter = createSubmitter({
    clock,
    ...(deps.learnAbilities === undefined ? {} : { onAbilities: deps.learnAbilities }),
  })
  const announce = (itemId: string) => emit('outbox.changed', { itemIds: [itemId] })
  const pulse = createPulse(clock, announce)
  const openPath = (sha256: string) => spool.pathOf(sha256)
  const worker = createWorker({
    db,
    store,
    clock,
    submitter,
    accounts,
    openPath,
    owner: randomUUID(),
    random: deps.random ?? Math.random,
    announce,
    pulse,
    announceStatus: accountId => emit('status.changed', { accountIds: [accountId] }),
    reportBug: deps.reportBug ?? ((where, error) => console.error('bug', where, error)),
    onEnd(itemId) {
      uncertain.consider(itemId)
      sentCopy.wake()
    },
  })
  const sentCopy = createSentCopy({ ...deps, store, announce })
  const uncertain = createUncertain({
    store,
    clock,
    findSentCopy: deps.findSentCopy,
    onFound(itemId, folder) {
      const at = clock.now()
      store.append(itemId, [
        { at, type: 'reconciled', proof: 'sent-copy', verdict: 'handed-over' },
        { at, type: 'copy-filed', how: 'found', folder },
      ])
      announce(itemId)
    },
  })

  const departure = createDeparture({
    ...deps,
    fitsServer: deps.fitsServer ?? (() => ok(true)),
    store,
    openPath,
    announce,
    onQueued: () => worker.wake(),
  })

  /** Takes the row away, or only off the list where its bytes may be out and reports may come. */
  const retire = (item: StoredItem) => {
    const mayBeOut = item.events.some(({ type }) => type === 'terminating')
    if (mayBeOut) store.dismiss(item.id, clock.now())
    else store.remove(item.id)
  }

  const view = (item: StoredItem): OutboxItem => outboxItem(item, worker.live(item.id))

  /** Finds the mail and checks that this may be done now. */
  const allowed = (itemId: string, ability: keyof OutboxItem['can']): Result<StoredItem> => {
    const item = store.get(itemId)
    if (item === null) return fail({ kind: 'not-found', what: 'mail' })
    if (abilities(item.journey, item.recipe !== null)[ability]) return ok(item)
    const isTooLate = item.journey.isPastNoReturn && ['cancel', 'edit', 'pause'].includes(ability)
    return fail(isTooLate ? { kind: 'past-no-return' } : { kind: 'not-now', what: item.journey.state })
  }

  const append = (itemId: string, event: NewEvent) => {
    store.append(itemId, [event])
    announce(itemId)
    worker.wake()
  }

  /** Stops a running attempt first; `fail` where that came too late. */
  const stopRunning = async (
    item: StoredItem,
    wish: 'pause' | 'cancel',
  ): Promise<Result<'stopped' | 'was not running'>> => {
    if (item.journey.state !== 'sending') return ok('was not running')
    if (await worker.takeBack(item.id, wish)) return ok('stopped')
    const now = store.get(item.id)?.journey
    if (now !== undefined && now.state !== 'sending' && !now.isPastNoReturn) return ok('was not running')
    return fail(
      now?.isPastNoReturn === false ? { kind: 'not-now', what: 'sending' } : { kind: 'past-no-return' },
    )
  }

  return {
    /** Takes up what an earlier run left, and begins to send. */
    start(): void {
      worker.start()
      uncertain.start()
      sentCopy.start()
    },

    /** Resolves when nothing is on the wire any more, or its time is over. */
    async stop(): Promise<void> {
      uncertain.stop()
      sentCopy.stop()
      await worker.stop()
      submitter.close()
    },

    send: departure.send,

    list: (): OutboxItem[] => store.list(clock.now()).map(view),

    get(itemId: string): OutboxItem | null {
      const item = store.get(itemId)
      return item === null ? null : view(item)
    },

    counts(): OutboxCounts {
      const states = store.countByState()
      const count = (state: string) => states.get(state) ?? 0
      const pausedByPerson = store
        .idsInState('paused')
        .filter(itemId => store.get(itemId)?.journey.pausedFor === 'person').length
      return {
        sending: count('sending'),
        waiting: count('held') + count('queued') + pausedByPerson,
        needsYou: count('uncertain') + count('refused') + count('paused') - pausedByPerson,
      }
    },

    async cancel(itemId: string): Promise<Result<{ cancelled: boolean }>> {
      const found = allowed(itemId, 'cancel')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'cancel')
      if (!stopped.ok) return stopped
      if (stopped.value === 'stopped') return ok({ cancelled: true })
      const again = allowed(itemId, 'cancel')
      if (!again.ok) return again
      append(itemId, { at: clock.now(), type: 'cancelled', by: 'person' })
      return ok({ cancelled: true })
    },

    async edit(itemId: string): Promise<Result<{ draftId: string }>> {
      const found = allowed(itemId, 'edit')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'cancel')
      if (!stopped.ok) return stopped
      const again = allowed(itemId, 'edit')
      if (!again.ok) return again
      const item = again.value
      const { recipe } = item
      if (recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
      const { to, cc, bcc, subject, text, attachments, references } = recipe
      const content: DraftContent = { accountId: item.accountId, to, cc, bcc, subject, text }
      const draft = db.transaction(() => {
        if (item.journey.state !== 'cancelled') {
          store.append(itemId, [{ at: clock.now(), type: 'cancelled', by: 'person' }])
        }
        const restored = drafts.restore(content, attachments, references)
        retire(item)
        return restored
      })
      announce(itemId)
      emit('drafts.changed', { draftIds: [draft.id] })
      return ok({ draftId: draft.id })
    },

    tryNow(itemId: string): Result<{ dueAt: number }> {
      const found = allowed(itemId, 'tryNow')
      if (!found.ok) return found
      const at = clock.now()
      const isRefused = found.value.journey.state === 'refused'
      append(
        itemId,
        isRefused ? { at, type: 'resumed', dueAt: at, by: 'person' } : { at, type: 'released', by: 'person' },
      )
      return ok({ dueAt: at })
    },

    async pause(itemId: string): Promise<Result<{ paused: boolean }>> {
      const found = allowed(itemId, 'pause')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'pause')
      if (!stopped.ok) return stopped
      if (stopped.value === 'stopped') return ok({ paused: true })
      const again = allowed(itemId, 'pause')
      if (!again.ok) return again
      append(itemId, { at: clock.now(), type: 'paused', why: 'person', problem: null })
      return ok({ paused: true })
    },

    resume(itemId: string): Result<{ dueAt: number }> {
      const found = allowed(itemId, 'resume')
      if (!found.ok) return found
      const item = found.value
      const at = clock.now()
      if (item.journey.pausedFor === 'account') {
        // One notice for the account, one answer for all its mails.
        worker.resumeAccount(item.accountId)
        return ok({ dueAt: at })
      }
      const events: NewEvent[] = [{ at, type: 'resumed', dueAt: at, by: 'person' }]
      const held = scheduleAhead(item, at)
      if (held !== null) events.push(held)
      store.append(itemId, events)
      announce(itemId)
      worker.wake()
      return ok({ dueAt: held?.dueAt ?? at })
    },

    chooseRecipients(itemId: string, choice: 'send-to-others' | 'cancel'): Result<{ chosen: boolean }> {
      const found = allowed(itemId, 'chooseRecipients')
      if (!found.ok) return found
      const { events, journey } = found.value
      const refused = journey.recipients
        .filter(({ state }) => state === 'refused')
        .map(({ address }) => address)
      const left = outstanding(events).filter(address => !refused.includes(address))
      if (choice === 'send-to-others' && left.length === 0) return fail({ kind: 'no-recipients' })
      append(itemId, { at: clock.now(), type: 'chosen', choice, dropped: choice === 'cancel' ? [] : refused })
      return ok({ chosen: true })
    },

    decideOutcome(
      itemId: string,
      verdict: 'handed-over' | 'send-again' | 'do-not-send',
    ): Result<{ decided: boolean }> {
      const found = allowed(itemId, 'decideOutcome')
      if (!found.ok) return found
      const at = clock.now()
      db.transaction(() => {
        store.append(itemId, [{ at, type: 'reconciled', proof: 'person', verdict }])
        if (verdict === 'handed-over') store.setCopyDue(itemId, at)
      })
      announce(itemId)
      worker.wake()
      sentCopy.wake()
      return ok({ decided: true })
    },

    remove(itemId: string): Result<{ removed: boolean }> {
      const found = allowed(itemId, 'remove')
      if (!found.ok) return found
      retire(found.value)
      announce(itemId)
      return ok({ removed: true })
    },

    transcript(itemId: string): Result<TranscriptLine[]> {
      if (store.get(itemId) === null) return fail({ kind: 'not-found', what: 'mail' })
      return ok([...store.transcript(itemId), ...(worker.live(itemId)?.lines ?? [])])
    },

    async saveAs(itemId: string): Promise<Result<{ savedAs: string | null }>> {
      const item = store.get(itemId)
      if (item === null) return fail({ kind: 'not-found', what: 'mail' })
      if (item.recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
      return saveMail(item.recipe, openPath, deps.saveAs)
    },

    /** A composer was opened: the connection is made ready, so that Send costs two round trips. */
    warm(accountId: string): void {
      const account = accounts.get(accountId)
      if (account === null || worker.outgoing(accountId).state === 'paused') return
      const credentials = accounts.credentials(accountId, 'smtp')
      if (!credentials.ok && account.smtp.user !== '') return
      const login = credentials.ok ? credentials.value : { user: '', password: '' }
      submitter.warm({ accountId, settings: account.smtp, credentials: login })
    },

    /** Somebody looked after the account: what was paused for it goes on. */
    accountChanged: (accountId: string): void => worker.resumeAccount(accountId),
    outgoing: (accountId: string): AccountStatus['outgoing'] => worker.outgoing(accountId),

    /** What removing the account would throw away. */
    waitingOf: (accountId: string): number =>
      (['held', 'queued', 'sending', 'paused', 'uncertain'] as const)
        .map(state => store.idsInState(state, accountId).length)
        .reduce((sum, count) => sum + count, 0),

    /** Inside the transaction that removes the account. */
    removeOfAccountWithin(accountId: string): void {
      for (const itemId of store.idsOfAccount(accountId)) {
        worker.abandon(itemId)
        store.remove(itemId)
      }
      submitter.forget(accountId)
    },

    /** The mail with this Message-ID (without angle brackets), where it left through here. */
    itemOfMessageId: (messageIdHeader: string): string | null => store.idOfMessage(messageIdHeader),

    /** SHA-256 of every attachment that may still be needed, for `spool.sweep`. */
    hashes: (): string[] =>
      store.recipesInUse(clock.now()).flatMap(({ attachments }) => attachments.map(({ sha256 }) => sha256)),

    unfinished(): { sending: number; held: number } {
      const states = store.countByState()
      return { sending: worker.unfinished(), held: (states.get('held') ?? 0) + (states.get('queued') ?? 0) }
    },
  }
}

/** A mail paused while it was scheduled goes back to its time, if that is still to come. */
function scheduleAhead({ events }: StoredItem, at: number): (NewEvent & { type: 'held' }) | null {
  const last = events.findLast(event => event.type === 'held' || event.type === 'claimed')
  if (last?.type !== 'held' || last.why !== 'schedule' || last.dueAt <= at) return null
  return { at, type: 'held', dueAt: last.dueAt, why: 'schedule' }
}

const itemId = z.tuple([z.string().max(100)])

/** The page's way into the outbox. */
export function outboxCalls(
  outbox: Outbox,
): Calls<
  | 'outbox.send'
  | 'outbox.list'
  | 'outbox.get'
  | 'outbox.counts'
  | 'outbox.cancel'
  | 'outbox.edit'
  | 'outbox.tryNow'
  | 'outbox.pause'
  | 'outbox.resume'
  | 'outbox.chooseRecipients'
  | 'outbox.decideOutcome'
  | 'outbox.remove'
  | 'outbox.transcript'
  | 'outbox.saveAs'
> {
  return {
    'outbox.send': {
      args: z.tuple([z.string().max(100), z.int().nonnegative(), z.number().nullable()]),
      run: (draftId, revision, sendAt) => outbox.send(draftId, revision, sendAt),
    },
    'outbox.list': { args: z.tuple([]), run: () => ok(outbox.list()) },
    'outbox.get': {
      args: itemId,
      run(id) {
        const item = outbox.get(id)
        return item === null ? fail({ kind: 'not-found', what: 'mail' }) : ok(item)
      },
    },
    'outbox.counts': { args: z.tuple([]), run: () => ok(outbox.counts()) },
    'outbox.cancel': { args: itemId, run: id => outbox.cancel(id) },
    'outbox.edit': { args: itemId, run: id => outbox.edit(id) },
    'outbox.tryNow': { args: itemId, run: id => outbox.tryNow(id) },
    'outbox.pause': { args: itemId, run: id => outbox.pause(id) },
    'outbox.resume': { args: itemId, run: id => outbox.resume(id) },
    'outbox.chooseRecipients': {
      args: z.tuple([z.string().max(100), z.enum(['send-to-others', 'cancel'])]),
      run: (id, choice) => outbox.chooseRecipients(id, choice),
    },
    'outbox.decideOutcome': {
      args: z.tuple([z.string().max(100), z.enum(['handed-over', 'send-again', 'do-not-send'])]),
      run: (id, verdict) => outbox.decideOutcome(id, verdict),
    },
    'outbox.remove': { args: itemId, run: id => outbox.remove(id) },
    'outbox.transcript': { args: itemId, run: id => outbox.transcript(id) },
    'outbox.saveAs': { args: itemId, run: id => outbox.saveAs(id) },
  }
}
