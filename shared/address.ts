/** Addresses: parse what a person types or pastes, check, format, compare. Refuses to guess: what is no address stays text. */

import type { Address } from './model.ts'

/** Two addresses reach the same mailbox for our purposes: domain without case, local part as it is but for ASCII case. */
export function sameAddress(left: string, right: string): boolean {
  return addressKey(left) === addressKey(right)
}

/** Equal for addresses that `sameAddress` holds for one: what a map or a table is keyed by. */
export function addressKey(address: string): string {
  return address.normalize('NFC').toLowerCase()
}

/** `Yuki Tanaka <yuki@example.co.jp>`, or the bare address where there is no name. Parses back to the same. */
export function formatAddress({ name, address }: Address): string {
  if (name === '') return address
  const shown = NEEDS_QUOTES.test(name) ? `"${name.replace(/[\\"]/g, '\\$&')}"` : name
  return `${shown} <${address}>`
}

/** What is wrong with an address, the first thing found. `bad-domain` is a domain that no DNS can hold. */
export type AddressVerdict =
  | 'ok'
  | 'no-at'
  | 'no-local'
  | 'no-domain'
  | 'bad-character'
  | 'bad-domain'
  | 'too-long'

// Names whose characters mean something in a list of addresses.
const NEEDS_QUOTES = /[,;<>"@()[\]\\:，；＜＞＠、“”]|^'|'$/
// What ends or turns around a line, or is no character at all: never part of anything that reaches a server.
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]/
// Invisible characters that come along with a paste.
const EDGES =
  /^[ \u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+|[ \u00a0\u1680\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+$/g
// RFC 5321 atext and dots, and RFC 6531 letters, marks, numbers and symbols of any language.
const LOCAL = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.\p{L}\p{M}\p{N}\p{So}]+$/u
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u
const LITERAL = /^\[(?:(?:\d{1,3}\.){3}\d{1,3}|IPv6:[0-9A-Fa-f:.]{2,45})\]$/
const LONGEST_LOCAL = 64
const LONGEST_ADDRESS = 254

/**
 * Judges `local@domain` (RFC 5321 section 4.1.2, RFC 6531). Dots may stand anywhere in the local part, because
 * Japanese mobile carriers gave out such addresses. Quoted local parts are refused: parsers on the way read
 * other recipients out of them. A domain needs a dot, but for `localhost`.
 */
export function checkAddress(address: string): AddressVerdict {
  const at = address.lastIndexOf('@')
  if (at < 0) return 'no-at'
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (FORBIDDEN.test(address) || !address.isWellFormed()) return 'bad-character'
  if (local === '') return 'no-local'
  if (domain === '') return 'no-domain'
  if (!LOCAL.test(local)) return 'bad-character'
  if (utf8Length(local) > LONGEST_LOCAL || utf8Length(address) > LONGEST_ADDRESS) return 'too-long'
  return checkDomain(domain)
}

function checkDomain(domain: string): AddressVerdict {
  if (domain.toLowerCase() === 'localhost' || LITERAL.test(domain)) return 'ok'
  if (/[^\p{L}\p{M}\p{N}.-]/u.test(domain)) return 'bad-character'
  const labels = domain.split('.')
  const isSound = labels.every(label => LABEL.test(label) && utf8Length(label) <= 63)
  // A last label of digits alone is a number, not a name: 192.0.2.1 has to stand in brackets.
  return isSound && labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '') ? 'ok' : 'bad-domain'
}

/** The local part is not ASCII, so every server on the way must speak SMTPUTF8 (RFC 6531). Domains have punycode. */
export function needsSmtputf8(address: string): boolean {
  return /[^\u0000-\u007f]/.test(address.slice(0, Math.max(0, address.lastIndexOf('@'))))
}

/**
 * One address: `a@b`, `<a@b>`, `Name <a@b>`, `"Name, quoted" <a@b>`, `a@b (Name)`; the signs also in full width.
 * Null for anything else, and for every control character, also at the ends.
 */
export function parseAddress(text: string): Address | null {
  if (FORBIDDEN.test(text) || !text.isWellFormed()) return null
  const whole = text.replace(EDGES, '')
  const angled = /^(.*?)[<＜]([^<>＜＞]*)[>＞]$/u.exec(whole)
  if (angled !== null) return withName(angled[1] as string, angled[2] as string)
  const commented = /^([^\s()（）"]+)\s*[(（]([^()（）]*)[)）]$/u.exec(whole)
  if (commented !== null)
    return withName(`"${(commented[2] as string).replace(/["\\]/g, '')}"`, commented[1] as string)
  return withName('', whole.replace(/^mailto:/i, ''))
}

/**
 * Many addresses, separated by commas, semicolons or line ends, in full width too; bare ones also by spaces. A name
 * may stand beside its address without signs, as in a row of a table: `田中 優希<tab>yuki@example.jp`. `rest` is what is no address, piece by piece, for the person to mend. Nothing is dropped.
 */
export function parseAddressList(text: string): { addresses: Address[]; rest: string[] } {
  const addresses: Address[] = []
  const rest: string[] = []
  for (const piece of pieces(text)) {
    const found = parseAddress(piece)
    if (found !== null) addresses.push(found)
    else {
      const words = wordsIn(piece)
      if (words === null) rest.push(piece)
      else addresses.push(...words)
    }
  }
  return { addresses, rest }
}

/** Addresses with nothing between them, or one with its name before or behind it. Null for anything else. */
function wordsIn(piece: string): Address[] | null {
  const words = piece.split(/[ \u00a0\u3000]+/u)
  const found = words.map(word => parseAddress(word))
  if (words.length > 1 && found.every(word => word !== null)) return found
  const at = found.findIndex(word => word !== null)
  const address = found[at]
  const isAlone = found.filter(word => word !== null).length === 1
  if (!isAlone || address === undefined || address === null) return null
  if (at !== 0 && at !== words.length - 1) return null
  const name = words.toSpliced(at, 1).join(' ')
  // What looks like half an address is not a name: a person has to see it.
  return NEEDS_QUOTES.test(name) ? null : [{ name: tidy(name), address: address.address }]
}

/** Outlook copies `Tanaka, Yuki <y@x>; Mori, Haruka <h@x>`: where semicolons separate, such a comma is of the name. */
function pieces(text: string): string[] {
  const lines = split(text, /[\r\n]/).flatMap(cells)
  const parts = lines.flatMap(line => split(line, /[;；]/))
  const hasSemicolons = parts.length > lines.length || /[;；]\s*$/.test(text)
  return parts
    .flatMap(part => (hasSemicolons && hasOneAngled(part) ? [withQuotedName(part)] : split(part, /[,，、]/)))
    .map(part => part.replaceAll('\t', ' ').replace(EDGES, ''))
    .filter(part => part !== '')
}

/** A row of a table: its addresses, each with the cell before it as its name. Other cells come along as they are. */
function cells(line: string): string[] {
  if (!line.includes('\t')) return [line]
  const row = line
    .split('\t')
    .map(cell => cell.trim())
    .filter(cell => cell !== '')
  const joined: string[] = []
  for (const cell of row) {
    const name = joined.at(-1)
    const isNamed = name !== undefined && !/[@＠]/u.test(name) && /^[^<＜]*[@＠][^<＜]*$/u.test(cell)
    if (isNamed && parseAddress(cell) !== null) {
      joined[joined.length - 1] = formatAddress({ name: name.replace(/^"(.*)"$/u, '$1'), address: cell })
    } else joined.push(cell)
  }
  return joined
}

function hasOneAngled(part: string): boolean {
  return /^[^<＜"@＠]*[,，][^<＜"@＠]*[<＜][^<>＜＞]*[>＞]\s*$/u.test(part)
}

function withQuotedName(part: string): string {
  const at = part.search(/[<＜]/)
  return `"${part.slice(0, at).trim().replaceAll('\\', '\\\\')}" ${part.slice(at)}`
}

/** Splits outside of quotes and angle brackets; neither reaches over the end of a line. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = []
  let part = ''
  let isQuoted = false
  let isAngled = false
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index] as string
    if (sign === '\r' || sign === '\n') isQuoted = isAngled = false
    else if (isQuoted && sign === '\\') {
      part += sign + (text[index + 1] ?? '')
      index += 1
      continue
    } else if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && (sign === '<' || sign === '＜')) isAngled = true
    else if (!isQuoted && (sign === '>' || sign === '＞')) isAngled = false
    if (!isQuoted && !isAngled && separator.test(sign)) {
      parts.push(part)
      part = ''
    } else part += sign
  }
  parts.push(part)
  return parts
}

function withName(rawName: string, rawAddress: string): Address | null {
  const address = narrow(rawAddress.replace(EDGES, '')).normalize('NFC')
  if (checkAddress(address) !== 'ok') return null
  const name = nameOf(rawName.replace(EDGES, ''), address)
  if (name === null) return null
  return { name: sameAddress(narrow(name), address) ? '' : name, address }
}

/** Null where the name could be read as something else: stray quotes, brackets, or an address that is not this one. */
function nameOf(raw: string, address: string): string | null {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/u.exec(raw)
  if (quoted !== null) return tidy((quoted[1] as string).replace(/\\(.)/gu, '$1'))
  const bare = /^'(.*)'$/u.exec(raw)?.[1] ?? raw
  if (/["<>＜＞]/u.test(bare)) return null
  if (/[@＠]/u.test(bare) && !sameAddress(narrow(bare), address)) return null
  return tidy(bare)
}

function tidy(name: string): string {
  return name.replace(/\s+/gu, ' ').trim().normalize('NFC')
}

/** What a Japanese input method leaves in full width, in the width a server reads. */
function narrow(address: string): string {
  const ascii = address.replace(/[\uff01-\uff5e]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
  const at = ascii.lastIndexOf('@')
  return ascii.slice(0, at + 1) + ascii.slice(at + 1).replace(/[。｡]/g, '.')
}

function utf8Length(text: string): number {
  let bytes = 0
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
