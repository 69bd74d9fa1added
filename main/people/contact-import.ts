/**
 * Takes a file of contacts in, in two steps: read (what would come, and what cannot), then import. Rows are written in
 * slices that nobody sees, and one last commit shows them all: no long task, and all or nothing.
 */

import { randomUUID } from 'node:crypto'
import { addressKey } from '../../shared/address.ts'
import type { ImportPreview } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { problemOfDbError } from '../db.ts'
import type { Clock } from '../host.ts'
import type { CorrespondentList } from './correspondent-store.ts'
import type { FileContact } from './file-contact.ts'
import type { PeopleStore } from './people-store.ts'
import type { ReadContacts, ReadingCommands } from './reading.ts'

const SLICE = 200
const SAMPLE = 5

type Pending = { importId: string; contacts: FileContact[]; fresh: number }

export type ContactImportDeps = {
  store: PeopleStore
  correspondents: CorrespondentList
  clock: Clock
  room: ReadingCommands
  /** The file behind a token, on this disk. */
  takeFile: (fileToken: string) => Promise<Result<{ path: string }>>
  onImported: (keys: string[]) => void
}

export type ContactImport = {
  read(fileToken: string): Promise<Result<ImportPreview>>
  /** `not-found` for any but the file that was read last. */
  run(importId: string): Promise<Result<{ added: number; renewed: number }>>
  /** Takes away what an import left that never came to its end. */
  clear(): Promise<void>
}

export function createContactImport(deps: ContactImportDeps): ContactImport {
  const { store, correspondents, clock, room } = deps
  let pending: Pending | null = null

  const isKnown = ({ address }: FileContact): boolean => {
    const key = addressKey(address.address)
    return correspondents.byKey(key) !== null || store.contact(key) !== null
  }

  /** All that the room has read, fetched and looked at a few at a time. */
  const collect = async (read: ReadContacts): Promise<{ contacts: FileContact[]; fresh: FileContact[] }> => {
    const contacts: FileContact[] = []
    const fresh: FileContact[] = []
    while (contacts.length < read.count) {
      const page = await room.readContactsPage(read.readId, contacts.length, SLICE)
      if (!page.ok || page.value.length === 0) break
      contacts.push(...page.value)
      fresh.push(...page.value.filter(contact => !isKnown(contact)))
    }
    return { contacts, fresh }
  }

  return {
    async read(fileToken) {
      const file = await deps.takeFile(fileToken)
      if (!file.ok) return file
      const read = await room.readContacts(file.value.path)
      if (!read.ok) return read
      const { contacts, fresh } = await collect(read.value)
      if (contacts.length < read.value.count) return fail({ kind: 'not-now', what: 'sorting-room' })
      const importId = randomUUID()
      pending = { importId, contacts, fresh: fresh.length }
      const { format, encoding, unreadable } = read.value
      return ok({
        importId,
        format,
        encoding,
        fresh: fresh.length,
        known: contacts.length - fresh.length,
        unreadable,
        sample: fresh.slice(0, SAMPLE).map(({ address }) => address),
      })
    },

    async run(importId) {
      if (pending?.importId !== importId) return fail({ kind: 'not-found', what: 'file' })
      const { contacts, fresh } = pending
      try {
        const rows = store.beginImport(clock.now())
        for (let at = 0; at < contacts.length; at += SLICE) {
          store.addToImport(rows, contacts.slice(at, at + SLICE))
          await nextTurn()
        }
        store.commitImport(rows, clock.now())
      } catch (error) {
        return fail(problemOfDbError(error, 'desk.db'))
      }
      pending = null
      deps.onImported(contacts.map(({ address }) => addressKey(address.address)))
      return ok({ added: fresh, renewed: contacts.length - fresh })
    },

    async clear() {
      while (store.clearSomeUnfinished(SLICE)) await nextTurn()
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
