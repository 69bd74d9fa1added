/** A row of a stored merge as the mail it becomes. Pure. */

import { type MergedMail, mergeRow } from '../../shared/merge.ts'
import type { StoredMerge, StoredTemplate } from './merge-store.ts'

type Lettered = Pick<StoredMerge, 'template' | 'columns'>

export function mailOfRow({ template, columns }: Lettered, cells: string[]): StoredTemplate {
  return { ...template, ...mergeRow(template, { columns: columns.headings, rows: [cells] }, columns, 0) }
}

/** To whom, and under which subject: many rows are listed without filling their text. */
export function headOfRow(
  { template: { subject }, columns }: Lettered,
  cells: string[],
): Pick<MergedMail, 'to' | 'subject'> {
  const head = { subject, text: '', html: null }
  return mergeRow(head, { columns: columns.headings, rows: [cells] }, columns, 0)
}
