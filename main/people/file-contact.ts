/** What a file of contacts gives, in whatever format it is. Pure. */

import type { Address, ImportPreview } from '../../shared/model.ts'

/** Somebody in a file; `reading` is '' where there is none. */
export type FileContact = { address: Address; reading: string }
export type Unreadable = ImportPreview['unreadable']['lines'][number]

/** What a reader of one format finds. */
export type Found = { contacts: FileContact[]; unreadable: Unreadable[] }

const KANJI_OR_KANA = /[\u3040-\u30ff\u3400-\u9fff]/

/** The family name first where it is written so. */
export function fullName(family: string, given: string, middle = ''): string {
  const parts = KANJI_OR_KANA.test(family + given) ? [family, given] : [given, middle, family]
  return parts
    .map(part => part.trim())
    .filter(part => part !== '')
    .join(' ')
}
