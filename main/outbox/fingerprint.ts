/** What makes two mails the same for a reader: the words, the files and the people, whoever sends them. Pure. */

import { createHash } from 'node:crypto'
import type { Address } from '../../shared/model.ts'
import { wireAddress } from '../mime/recipe.ts'

/** So long the same mail is asked about. */
export const SAME_MAIL_MS = 30 * 60_000

type Compared = {
  to: Address[]
  cc: Address[]
  bcc: Address[]
  subject: string
  text: string
  attachments: { name: string; sha256: string }[]
}

/** SHA-256 in hex. Neither the order of the people nor their names, nor To or Cc or Bcc, make another mail. */
export function fingerprintOf({ to, cc, bcc, subject, text, attachments }: Compared): string {
  const people = [...to, ...cc, ...bcc].map(({ address }) => wireAddress(address.trim()).toLowerCase())
  const content = {
    people: [...new Set(people)].sort(),
    subject: tidy(subject),
    text: tidy(text),
    files: attachments.map(({ name, sha256 }) => [name, sha256]).sort(),
  }
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

const tidy = (text: string) => text.toWellFormed().normalize('NFC').replace(/\s+/g, ' ').trim()
