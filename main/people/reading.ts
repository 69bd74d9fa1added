/** Reads files of contacts in the sorting room, and hands what they hold over in pages. Knows one file at a time. */

import { randomUUID } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { ImportPreview } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { readContactFile } from './contact-file.ts'
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
}

const MOST_BYTES = 32 * 1024 * 1024
const MOST_LISTED = 100

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
  }
}
