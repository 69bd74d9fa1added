/** Reads files of contacts in the sorting room, and hands what they hold over in pages. Knows one file at a time. */

import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { guessColumns, type MergeTable } from '../../shared/merge.ts'
import type { ImportPreview } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { readTable } from './contact-csv.ts'
import { readContactFile } from './contact-file.ts'
import { decodeFile } from './decode-file.ts'
import type { FileContact } from './file-contact.ts'

export type ReadContacts = Pick<ImportPreview, 'format' | 'encoding' | 'unreadable'> & {
  readId: string
  count: number
}

/** What the desk may ask. */
export type ReadingCommands = {
  /** `invalid` where the file is neither a vCard nor a table with addresses, `too-big` above 32 MiB. */
  readContacts(path: string): Promise<Result<ReadContacts>>
  readContactsPage(readId: string, offset: number, limit: number): Promise<Result<FileContact[]>>
  /** A file, or text that was pasted. `invalid` without a column of addresses or above `MOST_TABLE_ROWS` rows. */
  readTable(from: { path: string } | { text: string }): Promise<Result<MergeTable>>
}

const MOST_BYTES = 32 * 1024 * 1024
const MOST_LISTED = 100
const MOST_TABLE_ROWS = 10_000

export function createReading(): ReadingCommands {
  let last: { readId: string; contacts: FileContact[] } | null = null
  return {
    async readContacts(path) {
      try {
        const { size } = await stat(path)
        if (size > MOST_BYTES) return fail({ kind: 'too-big', bytes: size, limit: MOST_BYTES })
        const file = readContactFile(await readFile(path))
        if (file === null) return fail({ kind: 'invalid', field: 'file', reason: 'no-contacts' })
        last = { readId: randomUUID(), contacts: file.contacts }
        return ok({
          readId: last.readId,
          count: file.contacts.length,
          format: file.format,
          encoding: file.encoding,
          unreadable: { count: file.unreadable.length, lines: file.unreadable.slice(0, MOST_LISTED) },
        })
      } catch (error) {
        return fail({ kind: 'disk', detail: (error as NodeJS.ErrnoException).code ?? String(error) })
      }
    },
    async readContactsPage(readId, offset, limit) {
      if (last?.readId !== readId) return fail({ kind: 'not-found', what: 'file' })
      const page = last.contacts.slice(offset, offset + limit)
      if (offset + limit >= last.contacts.length) last = null
      return ok(page)
    },
    async readTable(from) {
      try {
        const text = 'text' in from ? from.text : await textOf(from.path)
        if (text === null) return fail({ kind: 'invalid', field: 'table', reason: 'too-big' })
        const table = readTable(text)
        if (table.rows.length > MOST_TABLE_ROWS)
          return fail({ kind: 'invalid', field: 'table', reason: 'too-many-rows' })
        return guessColumns(table) === null
          ? fail({ kind: 'invalid', field: 'table', reason: 'no-addresses' })
          : ok(table)
      } catch (error) {
        return fail({ kind: 'disk', detail: (error as NodeJS.ErrnoException).code ?? String(error) })
      }
    },
  }
}

async function textOf(path: string): Promise<string | null> {
  const { size } = await stat(path)
  return size > MOST_BYTES ? null : decodeFile(await readFile(path)).text
}
