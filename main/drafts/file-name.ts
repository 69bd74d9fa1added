/** Owns what a file that comes from outside may be called. Refuses paths, control characters and made-up types. */

const LONGEST_NAME = 200
// C0, DEL, C1, line and paragraph separators, and the characters that turn the writing direction around.
const NEVER_IN_A_NAME =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g
const TOKEN = "[a-z0-9!#$%&'*+.^_`|~-]+"
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}$`)

/** The last part of a path, NFC, readable and of bearable length; the ending survives a cut. Never ''. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.toWellFormed().replace(NEVER_IN_A_NAME, '').normalize('NFC').trim()
  if (clean === '' || clean === '.' || clean === '..') return 'attachment'
  const letters = [...clean]
  if (letters.length <= LONGEST_NAME) return clean
  const ending = /\.[^.]{1,10}$/u.exec(clean)?.[0] ?? ''
  return letters.slice(0, LONGEST_NAME - [...ending].length).join('') + ending
}

/** `type/subtype` in lower case (RFC 2045 tokens), without parameters; else application/octet-stream. */
export function cleanFileType(type: string): string {
  const bare = (type.split(';')[0] ?? '').trim().toLowerCase()
  return bare.length <= 127 && MEDIA_TYPE.test(bare) ? bare : 'application/octet-stream'
}
