/**
 * How a letter to many begins: every row is looked at and written down, a few at a time, and the draft goes in the one
 * transaction that makes them a batch. Refuses to begin by half: what ends before that leaves the draft as it was.
 */

import { randomUUID } from 'node:crypto'
import { draftFaults } from '../../shared/draft-check.ts'
import { identityOf } from '../../shared/identity.ts'
import { createRowCheck, type MergeColumns, type MergeFault, type MergeTable } from '../../shared/merge.ts'
import type { Account, Draft } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Clock } from '../host.ts'
import { mailOfRow } from './merge-mail.ts'
import type { MergeStore, StoredMerge } from './merge-store.ts'

/** Rows that are written in one task; they are looked at for so long. */
const ROWS_AT_ONCE = 100
const LOOK_MS = 3
export const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))

type BeginningDeps = {
  db: Db
  clock: Clock
  store: MergeStore
  accounts: { get(accountId: string): Account | null }
  drafts: { get(draftId: string): Draft | null; removeWithin(draftId: string): unknown }
  undoSeconds: () => number
  /** The program ends: nothing is touched any more. */
  isStopped: () => boolean
}

export type People = { table: MergeTable; columns: MergeColumns; from: string }

export async function beginMerge(
  draftId: string,
  revision: number,
  people: People,
  leaveOut: boolean,
  deps: BeginningDeps,
): Promise<Result<{ batchId: string; dueAt: number }>> {
  const { drafts, accounts } = deps
  const { table, columns } = people
  const draft = drafts.get(draftId)
  if (draft === null) return fail({ kind: 'not-found', what: 'draft' })
  if (draft.revision !== revision) return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
  const account = accounts.get(draft.accountId)
  if (account === null) return fail({ kind: 'not-found', what: 'account' })
  const faults = await faultsOf(draft, people)
  if (faults.size > 0 && !leaveOut)
    return fail({ kind: 'invalid', field: `rows.${[...faults.keys()][0]}`, reason: 'fault' })
  if (table.rows.length === faults.size) return fail({ kind: 'no-recipients' })
  const { id: _, revision: __, savedAt: ___, createdAt: ____, ...template } = draft
  const merge: StoredMerge = {
    id: randomUUID(),
    accountId: account.id,
    state: 'preparing',
    source: people.from,
    template,
    columns: { ...columns, headings: table.columns },
    dueAt: 0,
    createdAt: 0,
  }
  const first = [...table.rows.keys()].find(row => !faults.has(row)) ?? 0
  const [fault] = draftFaults(
    mailOfRow(merge, table.rows[first] ?? []),
    identityOf(account, draft.identityId),
  )
  if (fault !== undefined) return fail(fault)
  return written(merge, draft, table, faults, deps)
}

async function faultsOf(draft: Draft, { table, columns }: People): Promise<Map<number, MergeFault[]>> {
  const check = createRowCheck(draft, table.columns, columns)
  const faults = new Map<number, MergeFault[]>()
  let until = performance.now() + LOOK_MS
  for (const [row, cells] of table.rows.entries()) {
    if (performance.now() > until) {
      await nextTurn()
      until = performance.now() + LOOK_MS
    }
    const found = check(cells)
    if (found.length > 0) faults.set(row, found)
  }
  return faults
}

async function written(
  merge: StoredMerge,
  { id: draftId, revision }: Draft,
  { rows }: MergeTable,
  faults: ReadonlyMap<number, MergeFault[]>,
  { db, clock, store, drafts, undoSeconds, isStopped }: BeginningDeps,
): Promise<Result<{ batchId: string; dueAt: number }>> {
  try {
    store.insert(merge)
    for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      await nextTurn()
      if (isStopped()) return fail({ kind: 'cancelled' })
      db.transaction(() => {
        for (const [at, cells] of rows.slice(from, from + ROWS_AT_ONCE).entries()) {
          const known = faults.get(from + at)
          const fault = known === undefined ? null : { faults: known, problem: null }
          store.insertRow(merge.id, { position: from + at, cells, fault })
        }
      })
    }
    const begun = db.transaction((): Result<{ batchId: string; dueAt: number }> => {
      const now = drafts.get(draftId)
      if (now === null) return fail({ kind: 'not-found', what: 'draft' })
      if (now.revision !== revision) return fail({ kind: 'conflict', what: 'draft', revision: now.revision })
      const at = clock.now()
      const dueAt = at + undoSeconds() * 1000
      store.begin(merge.id, dueAt, at)
      store.removeOfDraft(draftId)
      drafts.removeWithin(draftId)
      return ok({ batchId: merge.id, dueAt })
    })
    if (!begun.ok) store.remove(merge.id)
    return begun
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error
    // Where the disk is full this may fail too; what is left is swept at the next start.
    try {
      store.remove(merge.id)
    } catch {}
    return fail(problemOfDbError(error, 'desk.db'))
  }
}
