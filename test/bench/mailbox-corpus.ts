// The mails of the generator as files, for Dovecot and for the peers that read a Maildir. Refuses to be anybody's store.

import { chownSync, linkSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createMailmaker } from './mailbox-generator.ts'

export const SEED = 20_261_124

export type Corpus = {
  /** A Maildir with all of the mails in `cur`. */
  maildir: string
  mails: number
  bytes: number
  textBytes: number
}

/** Writes the first `mails` of the seed. */
export function writeCorpus(maildir: string, mails: number): Corpus {
  makeMaildir(maildir)
  const maker = createMailmaker(SEED)
  let bytes = 0
  let textBytes = 0
  for (let index = 0; index < mails; index += 1) {
    const { source, text, subject, sentAt } = maker.mail(index)
    bytes += source.length
    textBytes += Buffer.byteLength(text) + Buffer.byteLength(subject)
    const file = join(maildir, 'cur', nameOf(index))
    writeFileSync(file, source)
    utimesSync(file, sentAt / 1_000, sentAt / 1_000)
  }
  return { maildir, mails, bytes, textBytes }
}

/** The same files as a mailbox of Dovecot, which owns them with `owner`. No byte is copied. */
export function lendCorpus({ maildir }: Corpus, mailbox: string, owner: number): void {
  makeMaildir(mailbox)
  for (const name of readdirSync(join(maildir, 'cur'))) {
    const file = join(mailbox, 'cur', name)
    linkSync(join(maildir, 'cur', name), file)
    chownSync(file, owner, owner)
  }
  for (const part of ['', 'cur', 'new', 'tmp']) chownSync(join(mailbox, part), owner, owner)
}

/** Puts mails behind those of the corpus into a mailbox of Dovecot, as a server would. */
export function addMails(mailbox: string, from: number, count: number, owner: number): void {
  const maker = createMailmaker(SEED)
  for (let index = from; index < from + count; index += 1) {
    const file = join(mailbox, 'new', nameOf(index).replace(':2,', ''))
    writeFileSync(file, maker.mail(index).source)
    chownSync(file, owner, owner)
  }
}

/** Bytes of all files below a folder. */
export function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

function makeMaildir(folder: string): void {
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, part), { recursive: true })
}

/** Dovecot numbers by the time in the name. */
function nameOf(index: number): string {
  return `${1_700_000_000 + index}.M1P1.bench:2,`
}
