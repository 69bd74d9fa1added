/** Owns the tables merge and merge_row. Private to merge.ts; refuses to know what a row means. */

import type { MergeColumns, MergeFault } from '../../shared/merge.ts'
import type { Draft } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Db, Row } from '../db.ts'

/** The letter as it was when the merge began. */
export type StoredTemplate = Omit<Draft, 'id' | 'revision' | 'savedAt' | 'createdAt'>

export type StoredMerge = {
  id: string
  accountId: string
  /** What the person wants of it; whether it is over is told by its mails. */
  state: 'running' | 'paused' | 'cancelled'
  template: StoredTemplate
  columns: MergeColumns & { headings: string[] }
  dueAt: number
  createdAt: number
}

export type StoredRow = {
  position: number
  cells: string[]
  itemId: string | null
  /** Why it never becomes a mail. */
  fault: { faults: MergeFault[]; problem: Problem | null } | null
}

export type MergeStore = ReturnType<typeof createMergeStore>

export function createMergeStore(db: Db) {
  return {
    insert(merge: StoredMerge, rows: readonly Pick<StoredRow, 'cells' | 'fault'>[]): void {
      db.run(
        `INSERT INTO merge (id, account_id, state, template, columns, due_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
        merge.id,
        merge.accountId,
        merge.state,
        JSON.stringify(merge.template),
        JSON.stringify(merge.columns),
        merge.dueAt,
        merge.createdAt,
      )
      for (const [position, { cells, fault }] of rows.entries()) {
        db.run(
          'INSERT INTO merge_row (merge_id, position, cells, fault) VALUES (?, ?, ?, ?)',
          merge.id,
          position,
          JSON.stringify(cells),
          fault === null ? null : JSON.stringify(fault),
        )
      }
    },

    list: (): StoredMerge[] =>
      db
        .all('SELECT * FROM merge WHERE dismissed_at IS NULL ORDER BY created_at DESC, rowid DESC')
        .map(mergeOf),

    get(mergeId: string): StoredMerge | null {
      const row = db.get('SELECT * FROM merge WHERE id = ?', mergeId)
      return row === undefined ? null : mergeOf(row)
    },

    setState(mergeId: string, state: StoredMerge['state']): void {
      db.run('UPDATE merge SET state = ? WHERE id = ?', state, mergeId)
    },

    /** The next rows that are to become mails. */
    rowsToMake: (mergeId: string, limit: number): StoredRow[] =>
      db
        .all(
          `SELECT * FROM merge_row WHERE merge_id = ? AND item_id IS NULL AND fault IS NULL
           ORDER BY position LIMIT ?`,
          mergeId,
          limit,
        )
        .map(rowOf),

    rows: (mergeId: string, offset: number, limit: number): StoredRow[] =>
      db
        .all(
          'SELECT * FROM merge_row WHERE merge_id = ? ORDER BY position LIMIT ? OFFSET ?',
          mergeId,
          limit,
          offset,
        )
        .map(rowOf),

    counts(mergeId: string): { rows: number; made: number; left: number } {
      const row = db.get(
        `SELECT count(*) AS all_rows, count(item_id) AS made, count(fault) AS left_out
         FROM merge_row WHERE merge_id = ?`,
        mergeId,
      )
      return { rows: Number(row?.all_rows), made: Number(row?.made), left: Number(row?.left_out) }
    },

    /** Within the transaction that queues the mail. */
    setMade(mergeId: string, position: number, itemId: string): void {
      db.run(
        'UPDATE merge_row SET item_id = ? WHERE merge_id = ? AND position = ?',
        itemId,
        mergeId,
        position,
      )
    },

    setFault(mergeId: string, position: number, fault: NonNullable<StoredRow['fault']>): void {
      db.run(
        'UPDATE merge_row SET fault = ? WHERE merge_id = ? AND position = ?',
        JSON.stringify(fault),
        mergeId,
        position,
      )
    },

    dismiss(mergeId: string, at: number): void {
      db.run('UPDATE merge SET dismissed_at = ? WHERE id = ?', at, mergeId)
    },

    /** The mails that are in the queue stay there. */
    removeOfAccount(accountId: string): void {
      db.run('DELETE FROM merge WHERE account_id = ?', accountId)
    },
  }
}

function mergeOf(row: Row): StoredMerge {
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    state: row.state === 'paused' || row.state === 'cancelled' ? row.state : 'running',
    template: JSON.parse(String(row.template)) as StoredTemplate,
    columns: JSON.parse(String(row.columns)) as StoredMerge['columns'],
    dueAt: Number(row.due_at),
    createdAt: Number(row.created_at),
  }
}

function rowOf(row: Row): StoredRow {
  return {
    position: Number(row.position),
    cells: JSON.parse(String(row.cells)) as string[],
    itemId: row.item_id === null ? null : String(row.item_id),
    fault: row.fault === null ? null : (JSON.parse(String(row.fault)) as StoredRow['fault']),
  }
}
