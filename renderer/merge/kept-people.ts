/** The people who came back with a letter that was taken back: asked for piece by piece, as a table can be long. */

import { call } from '../bridge.ts'
import type { ChosenPeople } from './use-merge.ts'

const ROWS_AT_ONCE = 500

/** Null where the draft has none, or not all of them can be had. */
export async function keptPeople(draftId: string): Promise<ChosenPeople | null> {
  const kept = await call('merge.people', draftId)
  if (!kept.ok || kept.value === null) return null
  const { headings, columns, from, rows: count } = kept.value
  const rows: string[][] = []
  while (rows.length < count) {
    const some = await call('merge.peopleRows', draftId, rows.length, ROWS_AT_ONCE)
    if (!some.ok || some.value.length === 0) return null
    rows.push(...some.value)
  }
  return { table: { columns: headings, rows }, columns, from }
}
