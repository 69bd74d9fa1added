/**
 * The outbox: freezes a draft into a mail, keeps it until it is in exactly one known state, and lets the person
 * steer it. Refuses to lose what was written: whatever fails, the draft or the row is still there.
 */

import { randomUUID } from 'node:crypto'
import type { DraftAnswer } from '../../shared/draft-start.ts'
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
  Settings,
  TranscriptLine,
} from '../../shared/model.ts'
import { needsPerson } from '../../shared/outbox-abilities.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { SentMail } from '../drafts/drafts.ts'
import type { Freezing } from '../drafts/frozen-draft.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { type Credentials, createSubmitter } from '../smtp/submit.ts'
import { type Answers, answersOf } from './answers.ts'
import { createBatches } from './batch.ts'
import { createCorrection } from './correction.ts'
import { createDeparture } from './departure.ts'
import { exportLedger, type LedgerExport, saveExport } from './ledger-export.ts'
import { outboxItem } from './outbox-item.ts'
import type { StoredItem } from './outbox-row.ts'
import { createOutboxStore } from './outbox-store.ts'
import { createPulse } from './pulse.ts'
import { saveMail } from './save-mail.ts'
import { createSentCopy, type FileSentCopy } from './sent-copy.ts'
import { createSteering } from './steering.ts'
import { contentOf, draftAnswerOf } from './taken-back.ts'
import { createUncertain, type FindSentCopy } from './uncertain.ts'
import { createWorker } from './worker.ts'

export type { Answers } from './answers.ts'
export type { FileSentCopy } from './sent-copy.ts'
export type { FindSentCopy } from './uncertain.ts'

export type OutboxDeps = {
  db: Db
  clock: Clock
  emit: Emit
  accounts: {
    get(accountId: string): Account | null
    credentials(accountId: string, server: 'smtp' | 'incoming'): Result<Credentials>
    learnSentCopy(accountId: string, policy: SentCopyPolicy): void
  }
  drafts: {
    get(draftId: string): Draft | null
    removeWithin(draftId: string): unknown
    restore(
      content: DraftContent,
      attachments: Omit<DraftAttachment, 'id'>[],
      references: string[],
      answers?: DraftAnswer | null,
    ): Draft
  }
  spool: { pathOf(sha256: string): string }
  /** 0 to 60, asked at each Send. */
  undoSeconds: () => number
  /** Both 'ask' where nothing is said; asked each time. */
  whenSomeRefused?: () => Settings['whenSomeRefused']
  dueAsleep?: () => Settings['dueAsleep']
  fileSentCopy: FileSentCopy
  findSentCopy: FindSentCopy
  /** Asks where; gives a path that does not exist yet, or null. */
  saveAs: (suggestedName: string) => Promise<string | null>
  /** Keeps what a server said it can do. */
  learnAbilities?: (accountId: string, settings: ServerSettings, extensions: readonly string[]) => void
  /** `too-big` where the account's server is known not to take so many bytes. */
  fitsServer?: (accountId: string, bytes: number) => Result<true>
  /** Servers answered for people of a mail; may be told more than once. */
  onAnswers?: (answers: Answers) => void
  /** Whether the account's server is known to take 8-bit octets as they are (RFC 6152); no where nothing is said. */
  takes8bit?: (accountId: string) => boolean
  /** Freezes long letters in another thread. */
  freezeElsewhere?: Freezing['elsewhere']
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
    whenSomeRefused: deps.whenSomeRefused ?? (() => 'ask'),
    dueAsleep: deps.dueAsleep ?? (() => 'ask'),
    announce,
    pulse,
    announceStatus: accountId => emit('status.changed', { accountIds: [accountId] }),
    reportBug: deps.reportBug ?? ((where, error) => console.error('bug', where, error)),
    onEnd(itemId) {
      const item = store.get(itemId)
      const answers = item === null ? null : answersOf(item)
      if (answers !== null) deps.onAnswers?.(answers)
      batches.ended(itemId)
      uncertain.consider(itemId)
      sentCopy.wake()
    },
  })
  const sentCopy = createSentCopy({ ...deps, store, announce })
  const uncertain = createUncertain({
    store,
    clock,
    findSentCopy: deps.findSentCopy,
    announce,
    onFound(itemId, folder) {
      const at = clock.now()
      store.append(itemId, [
        { at, type: 'reconciled', proof: 'sent-copy', verdict: 'handed-over' },
        { at, type: 'copy-filed', how: 'found', folder },
      ])
      announce(itemId)
    },
  })

  const onQueued = () => worker.wake()
  const fitsServer = deps.fitsServer ?? (() => ok(true))
  const takes8bit = deps.takes8bit ?? (() => false)
  const departure = createDeparture({
    ...deps,
    fitsServer,
    takes8bit,
    store,
    openPath,
    announce,
    onQueued,
    lookAtClock: worker.lookAtClock,
  })
  const correction = createCorrection({ ...deps, fitsServer, store, openPath, announce, onQueued })

  const steering = createSteering({
    db,
    store,
    clock,
    worker,
    accounts,
    restore: drafts.restore,
    draftsChanged: draftIds => emit('drafts.changed', { draftIds }),
    announce,
    copiesChanged: () => sentCopy.wake(),
  })

  const batches = createBatches(
    {
      ...deps,
      fitsServer,
      takes8bit,
      store,
      openPath,
      announceAll: itemIds => emit('outbox.changed', { itemIds }),
      onQueued,
      lookAtClock: worker.lookAtClock,
    },
    steering,
  )

  const exportOf = (itemId: string): Result<LedgerExport> => {
    const item = store.get(itemId)
    if (item === null) return fail({ kind: 'not-found', what: 'mail' })
    const lines = [...store.transcript(itemId), ...(worker.live(itemId)?.lines ?? [])]
    // The server of the Sent copy speaks too, and may repeat what it was told.
    const secrets = (['smtp', 'incoming'] as const).flatMap(server => {
      const credentials = accounts.credentials(item.accountId, server)
      return credentials.ok ? [credentials.value] : []
    })
    return ok(exportLedger(item, lines, secrets))
  }

  const view = (item: StoredItem): OutboxItem =>
    outboxItem(item, { attempt: worker.live(item.id), search: uncertain.search(item.id) })

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

    /** A mail as it was written, for another draft of it. */
    written(itemId: string): Result<SentMail> {
      const item = store.get(itemId)
      if (item === null) return fail({ kind: 'not-found', what: 'mail' })
      const { recipe } = item
      if (recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
      const content = contentOf(item, recipe, accounts.get(item.accountId))
      const { attachments, references } = recipe
      return ok({ content, attachments, references, answers: draftAnswerOf(recipe) })
    },
    batches,

    list: (): OutboxItem[] => store.list(clock.now()).map(view),

    get(itemId: string): OutboxItem | null {
      const item = store.get(itemId)
      return item === null ? null : view(item)
    },

    counts(): OutboxCounts {
      const states = store.countByState()
      const count = (state: string) => states.get(state) ?? 0
      const pausedForPerson = store.idsPausedForCare().filter(itemId => {
        const item = store.get(itemId)
        return item !== null && needsPerson(item.journey)
      }).length
      return {
        sending: count('sending'),
        waiting: count('held') + count('queued') + count('paused') - pausedForPerson,
        needsYou: count('uncertain') + count('refused') + pausedForPerson,
      }
    },

    ...steering,
    correctRecipient: correction.correctRecipient,

    transcript(itemId: string): Result<TranscriptLine[]> {
      if (store.get(itemId) === null) return fail({ kind: 'not-found', what: 'mail' })
      return ok([...store.transcript(itemId), ...(worker.live(itemId)?.lines ?? [])])
    },

    async saveAs(itemId: string): Promise<Result<{ savedAs: string | null; leftOut: string[] }>> {
      const item = store.get(itemId)
      const recipe = item?.recipe ?? item?.remains ?? null
      if (recipe === null) return fail({ kind: 'not-found', what: 'mail' })
      return saveMail(recipe, openPath, deps.saveAs)
    },

    export: exportOf,
    async saveExport(itemId: string, format: 'text' | 'json'): Promise<Result<{ savedAs: string | null }>> {
      const made = exportOf(itemId)
      return made.ok ? saveExport(made.value, format, deps.saveAs) : made
    },

    /** A composer was opened: the connection is made ready, so that Send costs two round trips. */
    warm(accountId: string): void {
      const account = accounts.get(accountId)
      if (account === null || worker.outgoing(accountId).state === 'paused') return
      // Its connection is in use and stays afterwards.
      if (worker.isBusy(accountId)) return
      const credentials = accounts.credentials(accountId, 'smtp')
      if (!credentials.ok && account.smtp.user !== '') return
      const login = credentials.ok ? credentials.value : { user: '', password: '' }
      submitter.warm({ accountId, settings: account.smtp, credentials: login })
    },

    /** What came in was fetched: a mail whose outcome is unknown may lie in Sent by now. */
    mailboxSynced: (accountId: string): void => uncertain.synced(accountId),

    /** Somebody looked after the account: what was paused for it goes on. */
    resumeAccount: (accountId: string): void => worker.resumeAccount(accountId),
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

    /** What was answered for mails handed over since then, oldest first: for who was not there to hear it. */
    answersSince(at: number, limit: number): { answers: Answers[]; until: number | null } {
      const ids = store.handedOverSince(at, limit)
      const items = ids.flatMap(({ id }) => store.get(id) ?? [])
      return { answers: items.flatMap(item => answersOf(item) ?? []), until: ids.at(-1)?.finishedAt ?? null }
    },

    /** SHA-256 of every attachment that may still be needed, for `spool.sweep`. */
    hashes: (): string[] =>
      store.recipesInUse(clock.now()).flatMap(({ attachments }) => attachments.map(({ sha256 }) => sha256)),

    unfinished(): { sending: number; held: number } {
      const states = store.countByState()
      return { sending: worker.unfinished(), held: (states.get('held') ?? 0) + (states.get('queued') ?? 0) }
    },
  }
}
