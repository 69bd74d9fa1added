/** The calls of a letter to many, and what the page may hand over: as rows, never as a file. */

import type { MergeTable } from '../../shared/merge.ts'
import { ok } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Merge } from './merge.ts'

const MOST_ROWS = 10_000
const MOST_COLUMNS = 500
const LONGEST_CELL = 100_000

const batchId = z.tuple([z.string().max(100)])
const draftId = batchId
const column = z.int().nonnegative()
const table: z.ZodType<MergeTable> = z.object({
  columns: z.array(z.string().max(1_000)).max(MOST_COLUMNS),
  // Cell by cell through zod takes longer than a task may.
  rows: z.custom<string[][]>(areRows),
})

function areRows(value: unknown): boolean {
  const isCell = (cell: unknown) => typeof cell === 'string' && cell.length <= LONGEST_CELL
  const isRow = (row: unknown) => Array.isArray(row) && row.length <= MOST_COLUMNS && row.every(isCell)
  return Array.isArray(value) && value.length <= MOST_ROWS && value.every(isRow)
}

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
  | 'merge.takeBack'
  | 'merge.people'
  | 'merge.peopleRows'
  | 'merge.forgetPeople'
> {
  return {
    'merge.start': {
      args: z.tuple([
        z.string().max(100),
        z.int().positive(),
        table,
        z.object({ address: column, name: column.nullable() }),
        z.string().max(1_000),
        z.boolean(),
      ]),
      run: (draftId, revision, rows, columns, from, leaveOut) =>
        merge.begin(draftId, revision, { table: rows, columns, from }, leaveOut),
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
    'merge.takeBack': { args: batchId, run: id => merge.takeBack(id) },
    'merge.people': { args: draftId, run: id => ok(merge.peopleOf(id)) },
    'merge.peopleRows': {
      args: z.tuple([z.string().max(100), z.int().nonnegative(), z.int().min(1).max(1_000)]),
      run: (id, offset, limit) => ok(merge.peopleRows(id, offset, limit)),
    },
    'merge.forgetPeople': { args: draftId, run: id => ok(merge.forgetPeople(id)) },
    'merge.dismiss': { args: batchId, run: id => merge.dismiss(id) },
  }
}
