/**
 * One letter to many: the fields of a template, what a row of the table makes of them, and what forbids a row. Pure.
 * Refuses to guess: an empty cell is a fault, unless the writer named what to put there.
 */

import { parseAddressList, sameAddress } from './address.ts'
import type { Journey } from './journey.ts'
import type { Address, DraftContent } from './model.ts'
import type { Problem } from './problem.ts'

/** As read from a CSV file or a group; every row has as many cells as there are columns. */
export type MergeTable = { columns: string[]; rows: string[][] }

/** Which columns say to whom a row goes; positions in `columns`. */
export type MergeColumns = { address: number; name: number | null }

/** People that lie with a draft; their rows are asked for beside it. `rows` counts them. */
export type MergePeople = { headings: string[]; columns: MergeColumns; from: string; rows: number }

export type MergeTemplate = Pick<DraftContent, 'subject' | 'text' | 'html'>

export type MergeFault =
  /** The cell is empty. */
  | { kind: 'no-address' }
  | { kind: 'bad-address'; text: string }
  /** An earlier row goes there already; rows count from 0. */
  | { kind: 'address-twice'; address: string; row: number }
  /** A field that is no column of the table. */
  | { kind: 'no-column'; field: string }
  | { kind: 'empty-field'; field: string }

export type MergedMail = MergeTemplate & { to: Address[] }

/** One letter to many, as it stands: every row is a mail of its own in the outbox. */
export type MergeBatch = {
  id: string
  accountId: string
  subject: string
  createdAt: number
  /** Until then nothing leaves. */
  leavesAt: number
  /** `making` while rows become mails, `sending` while some are not over, `done` when all are. */
  state: 'making' | 'sending' | 'paused' | 'cancelled' | 'done'
  rows: number
  /** Rows by what became of them; together they are `rows`. `toMake` is no mail yet, `left` was left out. */
  counts: {
    toMake: number
    waiting: number
    sending: number
    accepted: number
    needsYou: number
    cancelled: number
    left: number
  }
}

/** A row of a batch: to whom, and what became of it. */
export type MergeBatchRow = {
  row: number
  to: Address[]
  subject: string
  itemId: string | null
  state: Journey['state'] | null
  /** Why it is no mail: what was wrong with the row, or what the program met. */
  faults: MergeFault[]
  problem: Problem | null
}

/** `{{Name}}`, or `{{Name|friend}}` with what stands in for an empty cell. No field reaches over a line. */
const FIELD = /\{\{([^{}|\r\n<>]{1,200})(?:\|([^{}\r\n<>]{0,500}))?\}\}/g

/** Where fields stand in a text, without what is between them. */
export function fieldPlaces(text: string): { from: number; to: number }[] {
  return [...text.matchAll(FIELD)].map(({ 0: whole, index }) => ({ from: index, to: index + whole.length }))
}

type Field = { name: string; hasStandIn: boolean }

/** Every field as it stands in the text, more than once where it stands there more than once. */
function fieldsIn(text: string, isHtml: boolean): Field[] {
  const plain = isHtml ? plainOf : (raw: string) => raw
  return [...text.matchAll(FIELD)].map(([, name = '', standIn]) => ({
    name: plain(name).trim(),
    hasStandIn: standIn !== undefined,
  }))
}

/** Where there is html, it is the letter; the plain words beside it are made the same way. */
function fieldsOfLetter({ subject, text, html }: MergeTemplate): Field[] {
  const hasHtml = html !== null && html !== undefined
  return [...fieldsIn(subject, false), ...(hasHtml ? fieldsIn(html, true) : fieldsIn(text, false))]
}

/** The fields that the template names, each once, as they are first written. */
export function fieldsOf(template: MergeTemplate): string[] {
  const names: string[] = []
  for (const { name } of fieldsOfLetter(template)) {
    if (!names.some(known => sameField(known, name))) names.push(name)
  }
  return names
}

/**
 * The letter with its fields filled in by `valueFor`. Where that is '', what stands in for it is put there; a field for
 * which there is neither, or whose value is null, is left as it was written.
 */
export function fillFields(
  template: MergeTemplate,
  valueFor: (field: string) => string | null,
): Required<MergeTemplate> {
  const filled = (text: string, plain: (raw: string) => string, write: (value: string) => string) =>
    text.replace(FIELD, (whole, name: string, standIn?: string) => {
      const value = valueFor(plain(name))
      const known = value === '' && standIn !== undefined ? plain(standIn) : value
      return known === null || (known === '' && standIn === undefined) ? whole : write(known)
    })
  const asItIs = (text: string) => text
  return {
    // A value may hold several lines; a header may not.
    subject: filled(template.subject, asItIs, asItIs).replace(/[\r\n\u2028\u2029]+/g, ' '),
    text: filled(template.text, asItIs, asItIs),
    html: template.html == null ? null : filled(template.html, plainOf, htmlOf),
  }
}

/** The mail of one row; a field without a value is left as it was written. */
export function mergeRow(
  template: MergeTemplate,
  table: MergeTable,
  columns: MergeColumns,
  row: number,
): MergedMail {
  const cells = table.rows[row] ?? []
  return {
    to: recipientsOf(cells, columns).to,
    ...fillFields(template, field => cellOf(table, cells, field) ?? ''),
  }
}

/** What forbids each row, by its position; a row that may go is not in the map. */
export function mergeFaults(
  template: MergeTemplate,
  table: MergeTable,
  columns: MergeColumns,
): Map<number, MergeFault[]> {
  const check = createRowCheck(template, table.columns, columns)
  const all = new Map<number, MergeFault[]>()
  for (const [row, cells] of table.rows.entries()) {
    const faults = check(cells)
    if (faults.length > 0) all.set(row, faults)
  }
  return all
}

/** What forbids a row, asked for one after the other in the order of the table: a long one is not looked at in one go. */
export function createRowCheck(
  template: MergeTemplate,
  headings: readonly string[],
  columns: MergeColumns,
): (cells: readonly string[]) => MergeFault[] {
  const fields = fieldsOfLetter(template).map(field => ({
    ...field,
    column: headings.findIndex(heading => sameField(heading, field.name)),
  }))
  const firstRow = new Map<string, number>()
  let row = -1
  return cells => {
    row += 1
    const { to, faults } = recipientsOf(cells, columns)
    faults.push(...faultsOfFields(fields, cells))
    for (const { address } of to) {
      const key = address.normalize('NFC').toLowerCase()
      const earlier = firstRow.get(key)
      if (earlier === undefined) firstRow.set(key, row)
      else if (earlier !== row) faults.push({ kind: 'address-twice', address, row: earlier })
    }
    return faults
  }
}

/** A `column` below 0 is none of the table. */
function faultsOfFields(
  fields: readonly (Field & { column: number })[],
  cells: readonly string[],
): MergeFault[] {
  const faults: MergeFault[] = []
  for (const { name, hasStandIn, column } of fields) {
    if (column >= 0 && (hasStandIn || (cells[column] ?? '').trim() !== '')) continue
    if (faults.some(fault => 'field' in fault && sameField(fault.field, name))) continue
    faults.push({ kind: column < 0 ? 'no-column' : 'empty-field', field: name })
  }
  return faults
}

/** What the row holds for a field, '' where the cell is empty; null where the table has no such column. */
function cellOf({ columns }: MergeTable, cells: readonly string[], field: string): string | null {
  const column = columns.findIndex(name => sameField(name, field))
  return column < 0 ? null : (cells[column] ?? '').trim()
}

/** Which columns they probably are, by their headings and by what the first rows hold; null where none has addresses. */
export function guessColumns({ columns, rows }: MergeTable): MergeColumns | null {
  const some = rows.slice(0, 20)
  const holdsAddresses = (column: number) =>
    some.some(cells => parseAddressList(cells[column] ?? '').addresses.length > 0)
  const named = (pattern: RegExp, except: number) =>
    columns.findIndex((heading, column) => column !== except && pattern.test(heading.trim()))
  const byHeading = named(/^(e-?mail|mail|address|メール|メールアドレス|宛先|to)/iu, -1)
  const address =
    byHeading >= 0 && holdsAddresses(byHeading) ? byHeading : columns.findIndex((_, at) => holdsAddresses(at))
  if (address < 0) return null
  const name = named(/^(name|full ?name|display ?name|氏名|名前|お名前|表示名|担当者名?)$/iu, address)
  return { address, name: name < 0 ? null : name }
}

function recipientsOf(
  cells: readonly string[],
  columns: MergeColumns,
): { to: Address[]; faults: MergeFault[] } {
  const typed = (cells[columns.address] ?? '').trim()
  if (typed === '') return { to: [], faults: [{ kind: 'no-address' }] }
  const { addresses, rest } = parseAddressList(typed)
  const name = columns.name === null ? '' : (cells[columns.name] ?? '').replace(/\s+/gu, ' ').trim()
  const distinct = addresses.filter(
    (one, at) => addresses.findIndex(other => sameAddress(other.address, one.address)) === at,
  )
  return {
    // One name cannot be that of several people.
    to: distinct.length === 1 ? distinct.map(one => ({ ...one, name: one.name || name })) : distinct,
    faults: rest.map(text => ({ kind: 'bad-address', text })),
  }
}

function sameField(left: string, right: string): boolean {
  const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase()
  return folded(left) === folded(right)
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
  nbsp: ' ',
}

function plainOf(html: string): string {
  return html.replace(/&(amp|lt|gt|quot|#39|apos|nbsp);/g, (_, name: string) => ENTITIES[name] as string)
}

/** A cell as text of an html letter: nothing in it can become an element, and its lines stay lines. */
function htmlOf(cell: string): string {
  return cell
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\r\n|\r|\n/g, '<br>')
}
