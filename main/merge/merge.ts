/**
 * One letter to many: makes a mail of the outbox of every row, a few at a time, and goes on where it stopped after any
 * end of the program. Refuses to make a row twice: the row and its mail are written in one transaction.
 */

import { randomUUID } from 'node:crypto'
import { draftFaults } from '../../shared/draft-check.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Journey } from '../../shared/journey.ts'
import {
  type MergeBatch,
  type MergeBatchRow,
  type MergeColumns,
  type MergeTable,
  mergeFaults,
  mergeRow,
} from '../../shared/merge.ts'
import type { Account, Draft } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { createMergeStore, type StoredMerge, type StoredTemplate } from './merge-store.ts'

export const MOST_ROWS = 10_000
/** So many mails are frozen and committed at once: short enough for the desk, and few commits. */
const AT_ONCE = 5
/** While the disk refuses, it is asked again so often. */
const RETRY_MS = 30_000

export type MergeDeps = {
  db: Db
  clock: Clock
  emit: Emit
  accounts: { get(accountId: string): Account | null }
  drafts: { get(draftId: string): Draft | null; removeWithin(draftId: string): unknown }
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
    steer(batchId: string, wish: 'pause' | 'resume' | 'cancel'): Promise<void>
    stateOf(itemId: string): Journey['state'] | null
  }
  reportBug(where: string, error: unknown): void
}

export type Merge = ReturnType<typeof createMerge>

export function createMerge(deps: MergeDeps) {
  const { db, clock, emit, accounts, drafts, batches } = deps
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
        deps.reportBug('merge', error)
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
      const mails = rows.map(({ cells }) => mailOf(merge, cells))
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
      await batches.steer(batchId, wish)
      announce(batchId)
      if (wish === 'resume') await make(batchId)
    })

  const batchOf = (merge: StoredMerge): MergeBatch => {
    const { rows, made, left } = store.counts(merge.id)
    const states = batches.counts(merge.id)
    const of = (...names: Journey['state'][]) => names.reduce((sum, name) => sum + (states.get(name) ?? 0), 0)
    const counts = {
      toMake: merge.state === 'cancelled' ? 0 : rows - made - left,
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
      if (merge.state !== 'cancelled' && merge.state !== state) {
        store.setState(batchId, state)
        void steer(batchId, wish)
        announce(batchId)
      }
      return batchOf(store.get(batchId) ?? merge)
    })

  return {
    /** Takes up what an earlier run left. */
    start(): void {
      for (const { id, state } of store.list()) {
        if (state === 'running') void inTurn(() => make(id))
        else void steer(id, state === 'paused' ? 'pause' : 'cancel')
      }
    },

    async stop(): Promise<void> {
      isStopped = true
      cancelRetry()
      await running
    },

    begin(
      draftId: string,
      revision: number,
      table: MergeTable,
      columns: MergeColumns,
      leaveOut: boolean,
    ): Result<{ batchId: string; dueAt: number }> {
      const draft = drafts.get(draftId)
      if (draft === null) return fail({ kind: 'not-found', what: 'draft' })
      if (draft.revision !== revision)
        return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
      const account = accounts.get(draft.accountId)
      if (account === null) return fail({ kind: 'not-found', what: 'account' })
      const faults = mergeFaults(draft, table, columns)
      if (faults.size > 0 && !leaveOut)
        return fail({ kind: 'invalid', field: `rows.${[...faults.keys()][0]}`, reason: 'fault' })
      if (table.rows.length === faults.size) return fail({ kind: 'no-recipients' })
      const { id: _, revision: __, savedAt: ___, createdAt: ____, ...written } = draft
      const template: StoredTemplate = { ...written, to: [], cc: draft.cc, bcc: draft.bcc }
      const merge: StoredMerge = {
        id: randomUUID(),
        accountId: account.id,
        state: 'running',
        template,
        columns: { ...columns, headings: table.columns },
        dueAt: clock.now() + deps.undoSeconds() * 1000,
        createdAt: clock.now(),
      }
      const first = [...table.rows.keys()].find(row => !faults.has(row)) ?? 0
      const [fault] = draftFaults(
        mailOf(merge, table.rows[first] ?? []),
        identityOf(account, draft.identityId),
      )
      if (fault !== undefined) return fail(fault)
      try {
        db.transaction(() => {
          store.insert(
            merge,
            table.rows.map((cells, row) => {
              const known = faults.get(row)
              return { cells, fault: known === undefined ? null : { faults: known, problem: null } }
            }),
          )
          drafts.removeWithin(draftId)
        })
      } catch (error) {
        if (!(error instanceof Error) || !('errcode' in error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
      emit('drafts.changed', { draftIds: [draftId] })
      announce(merge.id)
      void inTurn(() => make(merge.id))
      return ok({ batchId: merge.id, dueAt: merge.dueAt })
    },

    list: (): MergeBatch[] => store.list().map(batchOf),
    get: (batchId: string): Result<MergeBatch> => found(batchId, batchOf),

    rows: (batchId: string, offset: number, limit: number): Result<MergeBatchRow[]> =>
      found(batchId, merge =>
        store.rows(batchId, offset, limit).map(({ position, cells, itemId, fault }) => {
          const { to, subject } = mailOf(merge, cells)
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
      store.list().flatMap(({ template }) => template.attachments.map(({ sha256 }) => sha256)),
  }
}

function mailOf(
  { template, columns }: Pick<StoredMerge, 'template' | 'columns'>,
  cells: string[],
): StoredTemplate {
  return { ...template, ...mergeRow(template, { columns: columns.headings, rows: [cells] }, columns, 0) }
}

function stateOf(
  wish: StoredMerge['state'],
  { toMake, waiting, sending }: MergeBatch['counts'],
): MergeBatch['state'] {
  if (wish === 'cancelled') return sending > 0 ? 'sending' : 'cancelled'
  if (toMake + waiting + sending === 0) return 'done'
  if (wish === 'paused') return 'paused'
  return toMake > 0 ? 'making' : 'sending'
}

const batchId = z.tuple([z.string().max(100)])
const column = z.int().nonnegative()
const table: z.ZodType<MergeTable> = z.object({
  columns: z.array(z.string().max(1_000)).max(500),
  rows: z.array(z.array(z.string().max(100_000)).max(500)).max(MOST_ROWS),
})

export function mergeCalls(
  merge: Merge,
): Calls<
  | 'merge.start'
  | 'merge.list'
  | 'merge.get'
  | 'merge.rows'
  | 'merge.pause'
  | 'merge.resume'
  | 'merge.cancel'
  | 'merge.dismiss'
> {
  return {
    'merge.start': {
      args: z.tuple([
        z.string().max(100),
        z.int().positive(),
        table,
        z.object({ address: column, name: column.nullable() }),
        z.boolean(),
      ]),
      run: (draftId, revision, rows, columns, leaveOut) =>
        merge.begin(draftId, revision, rows, columns, leaveOut),
    },
    'merge.list': { args: z.tuple([]), run: () => ok(merge.list()) },
    'merge.get': { args: batchId, run: id => merge.get(id) },
    'merge.rows': {
      args: z.tuple([z.string().max(100), z.int().nonnegative(), z.int().min(1).max(200)]),
      run: (id, offset, limit) => merge.rows(id, offset, limit),
    },
    'merge.pause': { args: batchId, run: id => merge.pause(id) },
    'merge.resume': { args: batchId, run: id => merge.resume(id) },
    'merge.cancel': { args: batchId, run: id => merge.cancel(id) },
    'merge.dismiss': { args: batchId, run: id => merge.dismiss(id) },
  }
}
