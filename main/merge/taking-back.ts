/**
 * How a letter to many becomes a draft again: what has not left is taken back, and the letter with its files and the
 * people who have not got it lies there as it was written. Refuses to bring back a row whose mail may be out. Begun, it
 * is carried through, also by the next start of the program.
 */

import { randomUUID } from 'node:crypto'
import type { Draft, DraftContent } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { nextTurn } from './beginning.ts'
import type { MergeStore, StoredMerge, StoredRow } from './merge-store.ts'

/** Rows in one task; of each the ledger is read. */
const ROWS_AT_ONCE = 25

type TakingBackDeps = {
  db: Db
  clock: Clock
  emit: Emit
  store: MergeStore
  drafts: {
    restore(
      content: DraftContent,
      attachments: Draft['attachments'],
      references: string[],
      answers?: Draft['answers'],
    ): Draft
  }
  batches: {
    steer(batchId: string, wish: 'cancel', isWanted: () => boolean): Promise<void>
    /** Whether nobody can have got it. */
    isTakenBack(itemId: string): boolean
    removeWithin(itemId: string): void
  }
  isStopped: () => boolean
}

/** `not-now` where everything has left already: then it goes on as it was. A full disk leaves it to be begun again. */
export async function takeBackMerge(
  batchId: string,
  deps: TakingBackDeps,
): Promise<Result<{ draftId: string }>> {
  const { store } = deps
  try {
    await deps.batches.steer(batchId, 'cancel', () => !deps.isStopped())
    if (deps.isStopped()) return fail({ kind: 'cancelled' })
    const merge = store.get(batchId)
    if (merge === null) return fail({ kind: 'not-found', what: 'batch' })
    return await laidDown(merge, deps)
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error
    return fail(problemOfDbError(error, 'desk.db'))
  }
}

async function laidDown(merge: StoredMerge, deps: TakingBackDeps): Promise<Result<{ draftId: string }>> {
  const { db, store, batches, clock } = deps
  const again: StoredMerge = { ...merge, id: randomUUID(), state: 'preparing' }
  store.insert(again)
  const taken: string[] = []
  let rows = 0
  let unwritten = 0
  for (let from = 0; ; from += ROWS_AT_ONCE) {
    await nextTurn()
    if (deps.isStopped()) return fail({ kind: 'cancelled' })
    const some = store.rows(merge.id, from, ROWS_AT_ONCE)
    if (some.length === 0) break
    rows += some.length
    const back = some.filter(({ itemId }) => itemId === null || batches.isTakenBack(itemId))
    taken.push(...back.flatMap(({ itemId }) => itemId ?? []))
    unwritten += back.filter(({ fault }) => fault === null).length
    db.transaction(() => {
      for (const row of back) store.insertRow(again.id, asWritten(row))
    })
  }
  if (unwritten === 0) {
    store.remove(again.id)
    store.setState(merge.id, 'running')
    return fail({ kind: 'not-now', what: 'sent' })
  }
  const draft = db.transaction(() => {
    const { attachments, references, answers, ...content } = merge.template
    const restored = deps.drafts.restore(content, attachments, references, answers)
    store.setDraft(again.id, restored.id)
    store.setState(merge.id, 'cancelled')
    // Where some have left, their batch is still to be seen.
    if (rows === unwritten + leftOut(merge.id, store)) store.dismiss(merge.id, clock.now())
    return restored
  })
  deps.emit('drafts.changed', { draftIds: [draft.id] })
  deps.emit('merge.changed', { batchIds: [merge.id] })
  for (let from = 0; from < taken.length && !deps.isStopped(); from += ROWS_AT_ONCE) {
    const some = taken.slice(from, from + ROWS_AT_ONCE)
    db.transaction(() => {
      for (const itemId of some) batches.removeWithin(itemId)
    })
    await nextTurn()
  }
  return ok({ draftId: draft.id })
}

const leftOut = (mergeId: string, store: MergeStore) => store.counts(mergeId).left

/** What was wrong with a row is found again when it is looked at again. */
const asWritten = ({ position, cells }: StoredRow) => ({ position, cells, fault: null })
