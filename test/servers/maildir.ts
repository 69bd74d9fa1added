// Reads what a mail server stored in a Maildir, as files. Refuses to write: mail comes in by protocol.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type StoredMail = {
  raw: Buffer
  /** IMAP system flags by the letters of the file name; a keyword is not among them. */
  flags: string[]
}

const flagOfLetter: Record<string, string> = {
  D: '\\Draft',
  F: '\\Flagged',
  R: '\\Answered',
  S: '\\Seen',
  T: '\\Deleted',
}

/** The mails of one folder, oldest first; none when the folder is not there yet. */
export function readMaildir(root: string, folder: string): StoredMail[] {
  const place = folder.toUpperCase() === 'INBOX' ? root : join(root, folder)
  const files = ['new', 'cur'].flatMap(part => filesIn(join(place, part)))
  files.sort((a, b) => a.seconds - b.seconds || a.micros - b.micros)
  return files.flatMap(({ path, name }) => {
    const raw = readIfThere(path)
    const letters = name.split(':2,')[1] ?? ''
    const flags = [...letters].flatMap(letter => flagOfLetter[letter] ?? [])
    return raw ? [{ raw, flags }] : []
  })
}

function filesIn(folder: string) {
  let names: string[] = []
  try {
    names = readdirSync(folder)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  return names.map(name => {
    const [, seconds = '0', micros = '0'] = /^(\d+)\.M(\d+)/.exec(name) ?? []
    return { path: join(folder, name), name, seconds: Number(seconds), micros: Number(micros) }
  })
}

// A mail may move from new/ to cur/, or be renamed by a flag, between our look and our read.
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (!isMissing(error)) throw error
    return undefined
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
