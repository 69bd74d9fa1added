/**
 * Tables of contacts as Google, Outlook and Thunderbird export them, in English and Japanese, and any other with a
 * column of addresses. csv-parse reads the cells (this file is its only door); what the headings mean is ours.
 */

import { parse } from 'csv-parse/sync'
import { parseAddress } from '../../shared/address.ts'
import { cutText } from '../../shared/cut-text.ts'
import { foldText } from '../../shared/fold.ts'
import type { MergeTable } from '../../shared/merge.ts'
import { type FileContact, type Found, fullName } from './file-contact.ts'

type Column =
  | 'address'
  | 'name'
  | 'family'
  | 'given'
  | 'middle'
  | 'reading'
  | 'familyReading'
  | 'givenReading'

/** Folded headings, without what stands around words. */
const HEADINGS: readonly [Column, RegExp][] = [
  [
    'address',
    /^(?:e ?mail(?: ?\d* ?(?:address|value))?|(?:primary|secondary|first|second) e ?mail|(?:電子|第 ?\d ?|別の)?めーる(?: ?\d)?(?: ?あどれす)?(?: ?\d)?|mail|address)$/,
  ],
  [
    'familyReading',
    /^(?:phonetic last name|(?:last|family) name (?:phonetic|yomi)|姓 ?(?:の ?)?(?:ふりがな|よみ|かな)|せい)$/,
  ],
  [
    'givenReading',
    /^(?:phonetic first name|(?:first|given) name (?:phonetic|yomi)|名 ?(?:の ?)?(?:ふりがな|よみ|かな)|めい)$/,
  ],
  ['reading', /^(?:phonetic name|yomi name|(?:氏名|名前)? ?(?:ふりがな|よみ(?:がな)?|かな))$/],
  ['family', /^(?:last name|family name|surname|姓|苗字)$/],
  ['given', /^(?:first name|given name|名)$/],
  ['middle', /^(?:middle name|additional name|みどる ?ねーむ)$/],
  ['name', /^(?:name|full name|display name|file as|氏名|(?:お)?名前|表示名)$/],
]

const MOST_SHOWN = 120

/** Null where there is no column of addresses. */
export function readCsv(text: string): Found | null {
  const rows = parseRows(text)
  const [first, ...rest] = rows
  if (first === undefined) return null
  const columns = columnsOf(first.record)
  if (columns !== null) return readRows(rest, columns)
  // A bare list of names and addresses without headings is a table too.
  const guessed = guessColumns(first.record)
  return guessed === null ? null : readRows(rows, guessed)
}

/**
 * A table as it stands, for a letter to many: as many cells in each row as there are columns. A first row with an
 * address in it is no heading; the columns are called by letters then, as spreadsheets call them.
 */
export function readTable(text: string): MergeTable {
  const records = parseRows(text).map(({ record }) => record)
  const width = Math.max(0, ...records.map(({ length }) => length))
  const isBare = records[0]?.some(cell => parseAddress(cell) !== null) ?? true
  const headings = isBare ? [] : (records.shift() ?? [])
  const columns = Array.from({ length: width }, (_, at) => headings[at] || letterOf(at))
  return { columns, rows: records.map(record => columns.map((_, at) => record[at] ?? '')) }
}

function letterOf(at: number): string {
  const last = String.fromCharCode(65 + (at % 26))
  return at < 26 ? last : letterOf(Math.floor(at / 26) - 1) + last
}

type TableRow = { record: string[]; line: number }

/** `relax` all that real exports get wrong; a row of its own length is a row. */
function parseRows(text: string): TableRow[] {
  const heading = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = ['\t', ';', ','].toSorted(
    (left, right) => countOf(heading, right) - countOf(heading, left),
  )[0]
  const parsed = parse(text, {
    bom: true,
    delimiter: delimiter ?? ',',
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    trim: true,
  }) as unknown as { record: string[]; info: { lines: number } }[]
  // The library tells where a row ends; it begins where the one before ended.
  let end = 0
  return parsed.map(({ record, info }) => {
    const line = end + 1
    end = info.lines
    return { record, line }
  })
}

function countOf(text: string, sign: string): number {
  return text.split(sign).length - 1
}

function columnsOf(headings: readonly string[]): Map<Column, number[]> | null {
  const columns = new Map<Column, number[]>()
  for (const [index, heading] of headings.entries()) {
    const words = foldText(heading)
      .replace(/[-_:()（）・/]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
    const column = HEADINGS.find(([, pattern]) => pattern.test(words))?.[0]
    if (column !== undefined) columns.set(column, [...(columns.get(column) ?? []), index])
  }
  return columns.has('address') ? columns : null
}

function guessColumns(record: readonly string[]): Map<Column, number[]> | null {
  const at = record.findIndex(cell => parseAddress(cell) !== null)
  if (at < 0) return null
  const name = record.findIndex((cell, index) => index !== at && cell !== '')
  return new Map<Column, number[]>([['address', [at]], ...(name < 0 ? [] : [['name', [name]] as const])] as [
    Column,
    number[],
  ][])
}

function readRows(rows: readonly TableRow[], columns: Map<Column, number[]>): Found {
  const found: Found = { contacts: [], unreadable: [] }
  for (const { record, line } of rows) {
    const first = (column: Column) =>
      (columns.get(column) ?? []).map(at => record[at] ?? '').find(cell => cell !== '') ?? ''
    const name = first('name') || fullName(first('family'), first('given'), first('middle'))
    const reading = first('reading') || fullName(first('familyReading'), first('givenReading'))
    const contacts = (columns.get('address') ?? [])
      // Google writes several values of one kind with ::: between them.
      .flatMap(at => (record[at] ?? '').split(':::'))
      .flatMap(cell => parseAddress(cell) ?? [])
      .map(({ address, name: own }): FileContact => ({ address: { name: name || own, address }, reading }))
    if (contacts.length > 0) found.contacts.push(...contacts)
    else
      found.unreadable.push({
        line,
        text: cutText(record.filter(cell => cell !== '').join(', '), MOST_SHOWN),
      })
  }
  return found
}

/** With headings and a mark in front where it is the beginning, so that Excel reads it as UTF-8. */
export function writeCsv(contacts: readonly FileContact[], isBeginning = true): string {
  const rows = contacts.map(({ address, reading }) => [address.name, reading, address.address])
  const all = isBeginning ? [['Name', 'Phonetic Name', 'E-mail Address'], ...rows] : rows
  const text = all.map(row => `${row.map(cellOf).join(',')}\r\n`).join('')
  return isBeginning ? `\ufeff${text}` : text
}

/** What a table would reckon with is made text. */
function cellOf(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
