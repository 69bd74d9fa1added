/** Everybody who can be written to as a file: vCard 4.0 or CSV, where the person chooses. Written in slices; never over a file. */

import { type FileHandle, open, rm } from 'node:fs/promises'
import type { Person } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { writeCsv } from './contact-csv.ts'
import { writeVcards } from './vcard.ts'

const SLICE = 500

/** `page` gives the next people from `offset`, none behind the last. Lists and machines are left out. */
export async function exportContacts(
  format: 'vcard' | 'csv',
  page: (offset: number, limit: number) => Person[],
  ask: (suggestedName: string) => Promise<string | null>,
): Promise<Result<{ savedAs: string | null; people: number }>> {
  const path = await ask(format === 'vcard' ? 'contacts.vcf' : 'contacts.csv')
  if (path === null) return ok({ savedAs: null, people: 0 })
  let file: FileHandle | null = null
  try {
    file = await open(path, 'wx', 0o600)
    let people = 0
    for (let offset = 0; ; offset += SLICE) {
      const some = page(offset, SLICE)
      const written = some.filter(({ demotedFor }) => demotedFor !== 'automatic')
      await file.writeFile(format === 'vcard' ? writeVcards(written) : writeCsv(written, offset === 0))
      people += written.length
      if (some.length < SLICE) break
    }
    await file.close()
    return ok({ savedAs: path, people })
  } catch (error) {
    await file?.close().catch(() => {})
    if (file !== null) await rm(path, { force: true }).catch(() => {})
    const { code } = error as NodeJS.ErrnoException
    return fail(
      code === 'ENOSPC' || code === 'EDQUOT' ? { kind: 'disk-full' } : { kind: 'disk', detail: code ?? '' },
    )
  }
}
