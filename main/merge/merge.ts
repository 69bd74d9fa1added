/**
 * One letter to many: makes a mail of the outbox of every row, a few at a time, and goes on where it stopped after any
 * end of the program. Refuses to make a row twice: the row and its mail are written in one transaction. How one begins
 * is in beginning.ts, how it becomes a draft again in taking-back.ts.
 */

import type { Journey } from '../../shared/journey.ts'
import type { MergeBatch, MergeBatchRow, MergeColumns, MergePeople, MergeTable } from '../../shared/merge.ts'
import type { Account, Draft, DraftContent } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { beginMerge } from './beginning.ts'
import { headOfRow, mailOfRow } from './merge-mail.ts'
import { createMergeStore, type StoredMerge, type StoredTemplate } from './merge-store.ts'
import { takeBackMerge } from './taking-back.ts'

/** So many mails are frozen and committed at once: short enough for the desk, and few commits. */
const AT_ONCE = 5
/** While the disk refuses, it is asked again so often. */
const RETRY_MS = 30_000

export type MergeDeps = {
  db: Db
  clock: Clock
  emit: Emit
  accounts: { get(accountId: string): Account | null }
  drafts: {
    get(draftId: string): Draft | null
    removeWithin(draftId: string): unknown
    restore(
      content: DraftContent,
      attachments: Draft['attachments'],
      references: string[],
      answers?: Draft['answers'],
    ): Draft
  }
  undoSeconds: () => number
  /** The outbox's, see main/outbox/batch.ts. */
  batches: {
    enqueue(
      batchId: string,
      mails: readonly StoredTemplate[],
      dueAt: number,
      keptWithin: (items: (string | Problem)[]) => void,
    ): Promise<Result<unknown>>
    counts(batchId: string): Map<Journey['state'], number>
    steer(batchId: string, wish: 'pause' | 'resume' | 'cancel', isWanted: () => boolean): Promise<void>
    stateOf(itemId: string): Journey['state'] | null
    isTakenBack(itemId: string): boolean
    removeWithin(itemId: string): void
  }
  reportBug(where: string, error: unknown): void
}

export type Merge = ReturnType<typeof createMerge>

export function createMerge(deps: MergeDeps) {
  const { db, clock, emit, batches } = deps
  const store = createMergeStore(db)
  const announce = (batchId: string) => emit('merge.changed', { batchIds: [batchId] })
  /** One at a time: what is being made, paused or cancelled. */
  let running: Promise<void> = Promise.resolve()
  let isStopped = false
  let cancelRetry = () => {}

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    running = running.then(async () => {
      try {
        if (!isStopped) await work()
      } catch (error) {
        // What is met while the program ends is no bug: the next start carries it through.
        if (!isStopped) deps.reportBug('merge', error)
      }
    })
    return running
  }

  /** Makes mails of the rows that are none yet, for as long as the batch is wanted. */
  const make = async (batchId: string): Promise<void> => {
    while (!isStopped) {
      const merge = store.get(batchId)
      const rows = merge?.state === 'running' ? store.rowsToMake(batchId, AT_ONCE) : []
      if (merge === null || rows.length === 0) return
      const mails = rows.map(({ cells }) => mailOfRow(merge, cells))
      const queued = await batches.enqueue(batchId, mails, merge.dueAt, items => {
        for (const [at, item] of items.entries()) {
          const position = rows[at]?.position as number
          if (typeof item === 'string') store.setMade(batchId, position, item)
          else store.setFault(batchId, position, { faults: [], problem: item })
        }
      })
      announce(batchId)
      if (!queued.ok) {
        // A full disk passes; nothing was made and nothing is lost.
        cancelRetry = clock.after(RETRY_MS, () => void inTurn(() => make(batchId)))
        return
      }
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  const steer = (batchId: string, wish: 'pause' | 'resume' | 'cancel'): Promise<void> =>
    inTurn(async () => {
      await batches.steer(batchId, wish, () => !isStopped)
      announce(batchId)
      if (wish === 'resume') await make(batchId)
    })

  const takeBack = (batchId: string): Promise<Result<{ draftId: string }>> => {
    const answer = Promise.withResolvers<Result<{ draftId: string }>>()
    void inTurn(async () => {
      answer.resolve(await takeBackMerge(batchId, { ...deps, store, isStopped: () => isStopped }))
      announce(batchId)
    }).then(() => answer.resolve(fail({ kind: 'cancelled' })))
    return answer.promise
  }

  const batchOf = (merge: StoredMerge): MergeBatch => {
    const { rows, made, left } = store.counts(merge.id)
    const states = batches.counts(merge.id)
    const of = (...names: Journey['state'][]) => names.reduce((sum, name) => sum + (states.get(name) ?? 0), 0)
    const counts = {
      toMake: merge.state === 'cancelled' || merge.state === 'taking-back' ? 0 : rows - made - left,
      waiting: of('held', 'queued', 'paused'),
      sending: of('sending'),
      accepted: of('accepted'),
      needsYou: of('uncertain', 'refused'),
      cancelled: 0,
      left,
    }
    const { toMake, waiting, sending, accepted, needsYou } = counts
    // What was taken back, before it was a mail or as one, and the rows that are gone with it.
    counts.cancelled = rows - left - toMake - waiting - sending - accepted - needsYou
    return {
      id: merge.id,
      accountId: merge.accountId,
      subject: merge.template.subject,
      createdAt: merge.createdAt,
      leavesAt: merge.dueAt,
      rows,
      counts,
      state: stateOf(merge.state, counts),
    }
  }

  const found = <T>(batchId: string, work: (merge: StoredMerge) => T): Result<T> => {
    const merge = store.get(batchId)
    return merge === null ? fail({ kind: 'not-found', what: 'batch' }) : ok(work(merge))
  }

  const wanted = (batchId: string, state: StoredMerge['state'], wish: 'pause' | 'resume' | 'cancel') =>
    found(batchId, merge => {
      const isOpen = merge.state === 'running' || merge.state === 'paused'
      if (isOpen && merge.state !== state) {
        store.setState(batchId, state)
        void steer(batchId, wish)
        announce(batchId)
      }
      return batchOf(store.get(batchId) ?? merge)
    })

  return {
    /** Takes up what an earlier run left. */
    start(): void {
      store.removeUnprepared()
      for (const { id, state } of store.list()) {
        if (state === 'running') void inTurn(() => make(id))
        else if (state === 'taking-back') void takeBack(id)
        else void steer(id, state === 'paused' ? 'pause' : 'cancel')
      }
    },

    async stop(): Promise<void> {
      isStopped = true
      cancelRetry()
      await running
    },

    /** The draft becomes a batch. `leaveOut` the rows with a fault, else nothing begins where there is one. */
    async begin(
      draftId: string,
      revision: number,
      people: { table: MergeTable; columns: MergeColumns; from: string },
      leaveOut: boolean,
    ): Promise<Result<{ batchId: string; dueAt: number }>> {
      const begun = await beginMerge(draftId, revision, people, leaveOut, {
        ...deps,
        store,
        isStopped: () => isStopped,
      })
      if (!begun.ok) return begun
      const { batchId } = begun.value
      emit('drafts.changed', { draftIds: [draftId] })
      announce(batchId)
      void inTurn(() => make(batchId))
      return begun
    },

    /** What has not left becomes a draft again, with its people; see taking-back.ts. */
    async takeBack(batchId: string): Promise<Result<{ draftId: string }>> {
      const merge = store.get(batchId)
      if (merge === null) return fail({ kind: 'not-found', what: 'batch' })
      if (merge.state !== 'running' && merge.state !== 'paused')
        return fail({ kind: 'not-now', what: merge.state })
      store.setState(batchId, 'taking-back')
      return takeBack(batchId)
    },

    /** The people that came back with a draft; null where there are none. */
    peopleOf(draftId: string): MergePeople | null {
      const merge = store.ofDraft(draftId)
      if (merge === null) return null
      const { headings, address, name } = merge.columns
      return { headings, columns: { address, name }, from: merge.source, rows: store.counts(merge.id).rows }
    },

    peopleRows(draftId: string, offset: number, limit: number): string[][] {
      const merge = store.ofDraft(draftId)
      return merge === null ? [] : store.rows(merge.id, offset, limit).map(({ cells }) => cells)
    },

    /** The letter goes to one, or to others. */
    forgetPeople(draftId: string): { forgotten: boolean } {
      const hasPeople = store.ofDraft(draftId) !== null
      store.removeOfDraft(draftId)
      return { forgotten: hasPeople }
    },

    list: (): MergeBatch[] => store.list().map(batchOf),
    get: (batchId: string): Result<MergeBatch> => found(batchId, batchOf),

    rows: (batchId: string, offset: number, limit: number): Result<MergeBatchRow[]> =>
      found(batchId, merge =>
        store.rows(batchId, offset, limit).map(({ position, cells, itemId, fault }) => {
          const { to, subject } = headOfRow(merge, cells)
          const state = itemId === null ? null : batches.stateOf(itemId)
          const { faults = [], problem = null } = fault ?? {}
          return { row: position, to, subject, itemId, state, faults, problem }
        }),
      ),

    pause: (batchId: string) => wanted(batchId, 'paused', 'pause'),
    resume: (batchId: string) => wanted(batchId, 'running', 'resume'),
    cancel: (batchId: string) => wanted(batchId, 'cancelled', 'cancel'),

    dismiss(batchId: string): Result<{ dismissed: boolean }> {
      const merge = store.get(batchId)
      if (merge === null) return fail({ kind: 'not-found', what: 'batch' })
      const { state } = batchOf(merge)
      if (state !== 'done' && state !== 'cancelled') return fail({ kind: 'not-now', what: state })
      store.dismiss(batchId, clock.now())
      announce(batchId)
      return ok({ dismissed: true })
    },

    /** Inside the transaction that removes the account. */
    removeOfAccountWithin: (accountId: string): void => store.removeOfAccount(accountId),

    /** SHA-256 of the files of every letter that is still being made, for `spool.sweep`. */
    hashes: (): string[] =>
      store.templates().flatMap(({ attachments }) => attachments.map(({ sha256 }) => sha256)),
  }
}

function stateOf(
  wish: StoredMerge['state'],
  { toMake, waiting, sending }: MergeBatch['counts'],
): MergeBatch['state'] {
  if (wish === 'cancelled' || wish === 'taking-back') return sending > 0 ? 'sending' : 'cancelled'
  if (toMake + waiting + sending === 0) return 'done'
  if (wish === 'paused') return 'paused'
  return toMake > 0 ? 'making' : 'sending'
}
