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
  /**
   * What the person wants of it; whether it is over is told by its mails. `preparing` while its rows are written,
   * `taking-back` until its letter is a draft again, `draft` where it lies with that draft.
   */
  state: 'preparing' | 'running' | 'paused' | 'cancelled' | 'taking-back' | 'draft'
  /** The file or group its people come from, as the person knows it. */
  source: string
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
    insert(merge: StoredMerge): void {
      db.run(
        `INSERT INTO merge (id, account_id, state, source, template, columns, due_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        merge.id,
        merge.accountId,
        merge.state,
        merge.source,
        JSON.stringify(merge.template),
        JSON.stringify(merge.columns),
        merge.dueAt,
        merge.createdAt,
      )
    },

    insertRow(mergeId: string, { position, cells, fault }: Omit<StoredRow, 'itemId'>): void {
      db.run(
        'INSERT INTO merge_row (merge_id, position, cells, fault) VALUES (?, ?, ?, ?)',
        mergeId,
        position,
        JSON.stringify(cells),
        fault === null ? null : JSON.stringify(fault),
      )
    },

    /** All that began and was not put away; what is a draft or no whole merge yet is not in it. */
    list: (): StoredMerge[] =>
      db
        .all(
          `SELECT * FROM merge WHERE dismissed_at IS NULL AND state NOT IN ('preparing', 'draft')
           ORDER BY created_at DESC, rowid DESC`,
        )
        .map(mergeOf),

    /** Whole letters that are still wanted: of what was not put away, and of those that lie with a draft. */
    templates: (): StoredTemplate[] =>
      db
        .all('SELECT template FROM merge WHERE dismissed_at IS NULL')
        .map(row => JSON.parse(String(row.template)) as StoredTemplate),

    ofDraft(draftId: string): StoredMerge | null {
      const row = db.get(`SELECT * FROM merge WHERE draft_id = ? AND state = 'draft'`, draftId)
      return row === undefined ? null : mergeOf(row)
    },

    /** Lays it beside a draft. */
    setDraft(mergeId: string, draftId: string): void {
      db.run(`UPDATE merge SET state = 'draft', draft_id = ? WHERE id = ?`, draftId, mergeId)
    },

    removeOfDraft(draftId: string): void {
      db.run('DELETE FROM merge WHERE draft_id = ?', draftId)
    },

    remove(mergeId: string): void {
      db.run('DELETE FROM merge WHERE id = ?', mergeId)
    },

    /** What the end of the program kept from becoming whole. */
    removeUnprepared(): void {
      db.run(`DELETE FROM merge WHERE state = 'preparing'`)
    },

    begin(mergeId: string, dueAt: number, at: number): void {
      db.run(
        `UPDATE merge SET state = 'running', due_at = ?, created_at = ? WHERE id = ?`,
        dueAt,
        at,
        mergeId,
      )
    },

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

    /** The mails that are in the queue stay there; so do people that lie with a draft. */
    removeOfAccount(accountId: string): void {
      db.run(`DELETE FROM merge WHERE account_id = ? AND state <> 'draft'`, accountId)
    },
  }
}

function mergeOf(row: Row): StoredMerge {
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    state: row.state as StoredMerge['state'],
    source: String(row.source),
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
