/**
 * Header lines of a mail from its bytes: unfolded, charsets guessed where they are raw, encoded words made whole,
 * dates, Message-IDs and Received stations understood. Linear in its input; never throws. Knows no body.
 */

import type { ReceivedHop } from '../../shared/model.ts'
import { decodeText, decodeTransfer, guessText, oneLine } from './mail-text.ts'

const MAX_HEAD_BYTES = 1_000_000

export type Line = { name: string; value: string }

export function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function latin1(bytes: Uint8Array): string {
  return viewOf(bytes).toString('latin1')
}

export function endOfHead(source: Uint8Array): number {
  const buffer = viewOf(source)
  const crlf = buffer.indexOf('\r\n\r\n')
  const lf = buffer.indexOf('\n\n')
  if (crlf < 0 && lf < 0) return source.length
  return lf < 0 || (crlf >= 0 && crlf < lf) ? crlf + 4 : lf + 2
}

/** Unfolded header lines (RFC 5322 section 2.2.3), values decoded from bytes but not yet from encoded words. */
export function headerLines(source: Uint8Array): Line[] {
  const head = latin1(source.subarray(0, Math.min(endOfHead(source), MAX_HEAD_BYTES)))
  return linesOf(head)
}

export function linesOf(head: string): Line[] {
  const raw: string[] = []
  for (const line of head.split(/\r?\n/)) {
    if (line === '') break
    if (/^[ \t]/.test(line) && raw.length > 0) raw[raw.length - 1] += line
    else raw.push(line)
  }
  return raw.flatMap(line => {
    const colon = line.indexOf(':')
    const name = colon < 0 ? '' : line.slice(0, colon).trimEnd().toLowerCase()
    if (!/^[!-9;-~]+$/.test(name)) return []
    return { name, value: decodeRaw(line.slice(colon + 1).trim()) }
  })
}

function decodeRaw(value: string): string {
  const decoded = /[\x1b\x80-\xff]/.test(value) ? guessText(Buffer.from(value, 'latin1')) : value
  return decoded.includes('=?') ? joinWords(decoded) : decoded
}

const WORD_RUN = /(?:=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=(?:\s+(?==\?))?)+/g
const WORD = /=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g
/** A word whose end was cut off with the rest of the line. */
const UNENDED = /(=\?[^?\s]+\?[BbQq]\?[^?\s]+?)\??$/

/**
 * Many programs cut encoded words in the middle of a character: neighbours of one charset become one word. Each is read
 * here, so that a wrong or a vendor's label of its charset does no harm, and written again as UTF-8.
 */
function joinWords(value: string): string {
  const ended = value.endsWith('?=') ? value : value.replace(UNENDED, '$1?=')
  return ended.replace(WORD_RUN, run => {
    const joined: { charset: string; bytes: Buffer[] }[] = []
    for (const [, label = '', encoding = '', text = ''] of run.matchAll(WORD)) {
      // RFC 2231 section 5: the language may stand behind it.
      const charset = label.replace(/\*.*$/, '').toLowerCase()
      const isBase64 = encoding.toUpperCase() === 'B'
      const packed = Buffer.from(isBase64 ? text : text.replaceAll('_', ' '), 'latin1')
      const bytes = Buffer.from(decodeTransfer(packed, isBase64 ? 'base64' : 'quoted-printable'))
      const last = joined.at(-1)
      if (last?.charset === charset) last.bytes.push(bytes)
      else joined.push({ charset, bytes: [bytes] })
    }
    const words = joined.map(({ charset, bytes }) => {
      const text = decodeText(Buffer.concat(bytes), charset)
      return `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`
    })
    return /\s$/.test(run) ? `${words.join(' ')} ` : words.join(' ')
  })
}

export function encodingOf(lines: Line[]): string {
  return (headerOf(lines, 'content-transfer-encoding') ?? '').slice(0, 200).replace(/\([^()]*\)/g, '')
}

export function headerOf(lines: Line[], name: string): string | null {
  return lines.find(line => line.name === name)?.value ?? null
}

/** A parameter of a structured header, quotes off; the scanner needs only `charset` and `boundary`. */
export function parameter(value: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(
    value.slice(0, 4_000),
  )
  if (match === null) return null
  return (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1')
}

export function messageIds(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>\s]{1,998})>/g)].map(match => match[1] as string)
  if (bracketed.length > 0) return [...new Set(bracketed)]
  return value.trim() === '' ? [] : value.trim().split(/\s+/).slice(0, 1)
}

export function parseDate(value: string): number | null {
  const time = Date.parse(
    value
      .slice(0, 200)
      .replace(/\([^()]*\)/g, ' ')
      .trim(),
  )
  return Number.isNaN(time) ? null : time
}

/** RFC 5321 section 4.4: `from X (…) by Y (…) with ESMTPS id …; date`. What is not there is ''. */
export function parseReceived(value: string): ReceivedHop {
  const line = value.slice(0, 4_000)
  const semicolon = line.lastIndexOf(';')
  const trace = semicolon < 0 ? line : line.slice(0, semicolon)
  const word = (name: string) => new RegExp(`(?:^|\\s)${name}\\s+([^\\s;()]+)`, 'i').exec(trace)?.[1] ?? ''
  const protocol = word('with').toUpperCase()
  const isSecured = /^(UTF8)?(ESMTP|SMTP|LMTP)SA?$/.test(protocol) || /\bTLS\s?v?1/i.test(trace)
  const isPlain = /^(UTF8)?(ESMTP|SMTP|LMTP)A?$/.test(protocol)
  return {
    from: oneLine(word('from')),
    by: oneLine(word('by')),
    at: semicolon < 0 ? null : parseDate(line.slice(semicolon + 1)),
    tls: isSecured ? true : isPlain ? false : null,
  }
}
