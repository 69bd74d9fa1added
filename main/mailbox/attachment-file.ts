/**
 * An attachment onto the disk: a name that harms nobody, and a file that is new, ours alone and never executable.
 * The path comes from the person's own choice; refuses to overwrite.
 */

import { open, rm } from 'node:fs/promises'
import { fail, ok, type Result } from '../../shared/problem.ts'

const MAX_NAME_BYTES = 255
const RESERVED = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
// Separators, what Windows forbids, control characters, and marks that turn the direction or are not seen.
const FORBIDDEN =
  /[/\\:*?"<>|\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff0-\uffff]/gu

/**
 * A file name to suggest for what a stranger named: one part, NFC, at most 255 bytes with its ending kept, no
 * separators, control or direction characters, no name that a system reserves, no leading dot. Never ''.
 */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .normalize('NFC')
    .replace(FORBIDDEN, '_')
    .replace(/^[\s.]+|[\s.]+$/gu, '')
  const named = clean === '' || /^_+$/.test(clean) ? 'attachment' : clean
  const allowed = RESERVED.test(named) ? `_${named}` : named
  return cutToBytes(allowed)
}

function cutToBytes(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name
  const dot = name.lastIndexOf('.')
  const ending = dot > 0 && Buffer.byteLength(name.slice(dot)) <= 32 ? name.slice(dot) : ''
  const limit = MAX_NAME_BYTES - Buffer.byteLength(ending)
  let stem = ''
  let bytes = 0
  for (const letter of ending === '' ? name : name.slice(0, dot)) {
    bytes += Buffer.byteLength(letter)
    if (bytes > limit) break
    stem += letter
  }
  return stem.replace(/[\s.]+$/u, '') + ending
}

/** Writes a new file of mode 0600. A file that is there already stays as it is and answers `disk`. */
export async function writeNewFile(path: string, content: Uint8Array): Promise<Result<{ savedAs: string }>> {
  let isOurs = false
  try {
    const file = await open(path, 'wx', 0o600)
    isOurs = true
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    return ok({ savedAs: path })
  } catch (error) {
    if (isOurs) await rm(path, { force: true })
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOSPC' || code === 'EDQUOT') return fail({ kind: 'disk-full' })
    return fail({ kind: 'disk', detail: code ?? String(error) })
  }
}
