/**
 * Bytes of a mail into readable text: charsets (also wrong or undeclared ones), html into plain text, the line for
 * a list. Pure and linear in the size of its input. Refuses UTF-7 (never decoded) and knows no MIME structure.
 */

import { TextDecoder } from 'node:util'
import { cutText } from '../../shared/cut-text.ts'
import { joinBrokenLines } from '../../shared/search-terms.ts'

const ALIASES: Record<string, string> = {
  cp932: 'shift_jis',
  'windows-932': 'shift_jis',
  'x-windows-31j': 'shift_jis',
  'shift-jis': 'shift_jis',
  'x-shift-jis': 'shift_jis',
  cp51932: 'euc-jp',
  eucjp: 'euc-jp',
  'x-eucjp': 'euc-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  'x-iso-2022-jp': 'iso-2022-jp',
  cp936: 'gbk',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
}

/** Labels that claim nothing: what stands behind them is guessed from the bytes. */
const CLAIMS_NOTHING = new Set(['', 'us-ascii', 'ascii', 'default', 'unknown', 'unknown-8bit', 'x-unknown'])

/** Decodes with the declared charset; where none is declared, or it cannot be right, the bytes decide. */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const label = charset.trim().toLowerCase()
  if (CLAIMS_NOTHING.has(label)) return guessText(bytes)
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(ALIASES[label] ?? label)
  } catch {
    return guessText(bytes)
  }
  // "UTF-8" on top of Shift_JIS is common enough to look twice.
  if (decoder.encoding === 'utf-8') {
    const text = decodeStrictly(bytes, 'utf-8')
    return text ?? (isJapanese(bytes) ? guessText(bytes) : decoder.decode(bytes))
  }
  // ISO-2022-JP is written in seven bits: with eight it is something else under its name.
  if (decoder.encoding === 'iso-2022-jp' && bytes.some(byte => byte > 0x7f)) return guessText(bytes)
  return decoder.decode(bytes)
}

/** For bytes that nobody vouches for: ISO-2022-JP by its escapes, UTF-8 if valid, then EUC-JP or Shift_JIS, else Latin. */
export function guessText(bytes: Uint8Array): string {
  const mark = bytes.indexOf(0x1b)
  if (mark >= 0 && (bytes[mark + 1] === 0x24 || bytes[mark + 1] === 0x28)) {
    const text = decodeStrictly(bytes, 'iso-2022-jp')
    if (text !== null) return text
  }
  return (
    decodeStrictly(bytes, 'utf-8') ?? guessJapanese(bytes) ?? new TextDecoder('windows-1252').decode(bytes)
  )
}

function guessJapanese(bytes: Uint8Array): string | null {
  const candidates = ['euc-jp', 'shift_jis'].flatMap(label => decodeStrictly(bytes, label) ?? [])
  candidates.sort((left, right) => kanaShare(right) - kanaShare(left))
  const best = candidates[0]
  return best !== undefined && kanaShare(best) > 0 ? best : null
}

function isJapanese(bytes: Uint8Array): boolean {
  return guessJapanese(bytes) !== null
}

// Full-width kana and kanji speak for a reading, half-width katakana (what a wrong reading gives) against it.
function kanaShare(text: string): number {
  const sample = text.slice(0, 4_000)
  const likely = sample.match(/[\u3040-\u30ff\u3001\u3002]/gu)?.length ?? 0
  const ideographs = sample.match(/[\u4e00-\u9fff]/gu)?.length ?? 0
  const unlikely = sample.match(/[\uff61-\uff9f]/gu)?.length ?? 0
  return likely * 2 + ideographs - unlikely * 3
}

function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Undoes the transfer encoding of a (perhaps cut) part. Never throws. */
export function decodeTransfer(bytes: Uint8Array, encoding: string): Uint8Array {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(
        Buffer.from(bytes)
          .toString('latin1')
          .replace(/[^A-Za-z0-9+/]/g, ''),
        'base64',
      )
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    default:
      return bytes
  }
}

function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array {
  const out = Buffer.alloc(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte !== 0x3d) {
      out[length++] = byte
      continue
    }
    const pair = String.fromCharCode(bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)
    if (/^[0-9A-Fa-f]{2}$/.test(pair)) {
      out[length++] = Number.parseInt(pair, 16)
      at += 2
    } else if (bytes[at + 1] === 0x0d && bytes[at + 2] === 0x0a) at += 2
    else if (bytes[at + 1] === 0x0a) at += 1
    else if (at + 2 < bytes.length) out[length++] = byte
  }
  return out.subarray(0, length)
}

const ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  copy: '©',
  reg: '®',
  trade: '™',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  laquo: '«',
  raquo: '»',
  bull: '•',
  middot: '·',
  euro: '€',
  pound: '£',
  yen: '¥',
  sect: '§',
  deg: '°',
  times: '×',
  auml: 'ä',
  ouml: 'ö',
  uuml: 'ü',
  Auml: 'Ä',
  Ouml: 'Ö',
  Uuml: 'Ü',
  szlig: 'ß',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  ccedil: 'ç',
  zwnj: '',
  zwj: '',
  shy: '',
}

const SILENT = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'svg'])
const LINE = new Set(['br', 'div', 'tr', 'hr', 'dt', 'dd', 'section', 'article', 'header', 'footer'])
const PARAGRAPH = new Set(['p', 'table', 'ul', 'ol', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/** What a person would read of html: no markup, no styles, paragraphs kept. One pass; for text, never for display as html. */
export function htmlToText(html: string): string {
  const out: string[] = []
  let at = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    const end = open < 0 ? html.length : open
    if (end > at) out.push(decodeEntities(html.slice(at, end)).replace(/[ \t\r\n\f]+/g, ' '))
    if (open < 0) break
    at = skipTag(html, open, out)
  }
  return tidyLines(out.join(''))
}

/** Pushes what the tag at `open` means for the text and returns where the text goes on. */
function skipTag(html: string, open: number, out: string[]): number {
  if (html.startsWith('<!--', open)) {
    const end = html.indexOf('-->', open + 4)
    return end < 0 ? html.length : end + 3
  }
  const name = /^<\/?([a-zA-Z][a-zA-Z0-9]{0,20})/.exec(html.slice(open, open + 24))?.[1]?.toLowerCase()
  if (name === undefined && html[open + 1] !== '!' && html[open + 1] !== '?' && html[open + 1] !== '/') {
    out.push('<')
    return open + 1
  }
  const close = html.indexOf('>', open)
  if (close < 0) return html.length
  if (name === undefined) return close + 1
  const isEnd = html[open + 1] === '/'
  if (SILENT.has(name) && !isEnd) return endOfSilent(html, name, close + 1)
  if (LINE.has(name)) out.push('\n')
  else if (PARAGRAPH.has(name)) out.push('\n\n')
  else if (name === 'li' && !isEnd) out.push('\n• ')
  else if ((name === 'td' || name === 'th') && isEnd) out.push(' ')
  return close + 1
}

function endOfSilent(html: string, name: string, from: number): number {
  let at = from
  for (;;) {
    const end = html.indexOf('</', at)
    if (end < 0) return html.length
    if (html.slice(end + 2, end + 2 + name.length).toLowerCase() === name) {
      const close = html.indexOf('>', end)
      return close < 0 ? html.length : close + 1
    }
    at = end + 2
  }
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|[a-zA-Z]{2,8});/g, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
  })
}

function tidyLines(text: string): string {
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const trimmed = line.replaceAll('\u00a0', ' ').trim()
    if (trimmed !== '' || (lines.length > 0 && lines.at(-1) !== '')) lines.push(trimmed)
  }
  return lines.join('\n').trim()
}

const PREVIEW_LENGTH = 160

/** The first words for a list row: one line, without quotes of what is answered, no control or direction marks. */
export function previewOf(text: string): string {
  const start = cutText(text, 4_000)
  const own = start
    .split(/\r?\n/)
    .filter(line => !line.startsWith('>'))
    .join('\n')
  const line = oneLine(joinBrokenLines(own))
  return [...(line === '' ? oneLine(start) : line)].slice(0, PREVIEW_LENGTH).join('')
}

/** Header text for one line of the screen: white space folded, control and direction-turning characters out. */
export function oneLine(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\s\u2028\u2029]+/gu, ' ')
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/gu, '')
    .trim()
}

/** Without the rest of a UTF-8 character at the end of a cut: the guess would think that it is not UTF-8. */
export function wholeCharacters(bytes: Uint8Array, charset: string): Uint8Array {
  if (!/^(utf-?8|us-ascii|)$/i.test(charset)) return bytes
  let end = bytes.length
  for (let back = 1; back <= 4 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      if (needs > back) end = bytes.length - back
      break
    }
  }
  return bytes.subarray(0, end)
}
