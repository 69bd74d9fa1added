/**
 * A file of contacts: what kind it is, whom it names, and which of its entries give no address. One bad entry never
 * takes the others with it. Runs in the sorting room, as a large file takes a while; pure.
 */

import { addressKey } from '../../shared/address.ts'
import { cutText } from '../../shared/cut-text.ts'
import type { ImportPreview } from '../../shared/model.ts'
import { readCsv } from './contact-csv.ts'
import { decodeFile } from './decode-file.ts'
import type { FileContact, Found } from './file-contact.ts'
import { readVcards } from './vcard.ts'

export type ContactFile = Found & Pick<ImportPreview, 'format' | 'encoding'>

const LONGEST_NAME = 300

/** Null where it is neither a vCard nor a table with a column of addresses. */
export function readContactFile(bytes: Uint8Array): ContactFile | null {
  const { text, encoding } = decodeFile(bytes)
  const isVcard = /^\s*BEGIN:VCARD\s*$/im.test(text.slice(0, 100_000))
  const found = isVcard ? readVcards(text) : readCsv(text)
  if (found === null) return null
  return { format: isVcard ? 'vcard' : 'csv', encoding, ...found, contacts: merged(found.contacts) }
}

/** An address once, with the fullest name and reading the file gives it. */
function merged(contacts: readonly FileContact[]): FileContact[] {
  const byKey = new Map<string, FileContact>()
  for (const { address, reading } of contacts) {
    const key = addressKey(address.address)
    const known = byKey.get(key)
    byKey.set(key, {
      address: {
        address: known?.address.address ?? address.address,
        name: known?.address.name || tidy(address.name),
      },
      reading: known?.reading || tidy(reading),
    })
  }
  return [...byKey.values()]
}

function tidy(text: string): string {
  const clean = text
    .replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .trim()
    .normalize('NFC')
  return cutText(clean, LONGEST_NAME)
}
