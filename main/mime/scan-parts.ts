/**
 * The lean look through a mail for a list row: its first text and whether it carries files, without building the
 * parts. Bounded in depth and number; never throws. The whole reading is `read-mail.ts`.
 */

import { readFlowed } from './flowed.ts'
import { encodingOf, headerOf, linesOf, parameter } from './mail-header.ts'
import { decodeText, decodeTransfer, wholeCharacters } from './mail-text.ts'

export type Found = { plain: string | null; html: string | null; hasAttachments: boolean; parts: number }

const MAX_SCANNED_PARTS = 200

/** Looks through the parts without decoding what the list does not show. `mail` is Latin-1 of the bytes. */
export function scanParts(mail: string, depth: number, found: Found): void {
  found.parts += 1
  if (found.parts > MAX_SCANNED_PARTS || depth > 20) return
  const blank = /\r?\n\r?\n/.exec(mail)
  const lines = /^\r?\n/.test(mail) ? [] : linesOf(blank === null ? mail : mail.slice(0, blank.index))
  const body = /^\r?\n/.test(mail) ? mail : blank === null ? '' : mail.slice(blank.index + blank[0].length)
  const type = headerOf(lines, 'content-type') ?? 'text/plain'
  const boundary = parameter(type, 'boundary')
  if (/^multipart\//i.test(type) && boundary !== null && boundary !== '') {
    for (const part of splitParts(body, boundary)) scanParts(part, depth + 1, found)
    return
  }
  const disposition = headerOf(lines, 'content-disposition') ?? ''
  const isText = /^text\/(plain|html)/i.test(type)
  if (/^attachment/i.test(disposition) || (!isText && !/^inline/i.test(disposition))) {
    // What belongs to the html (a picture with an id) and signatures are no attachments to a person.
    const isCarried = headerOf(lines, 'content-id') !== null && /^image\//i.test(type) && depth > 1
    if (!isCarried && !/^application\/(pkcs7|pgp)-signature/i.test(type)) found.hasAttachments = true
    return
  }
  const isHtml = /^text\/html/i.test(type)
  if (!isText || (isHtml ? found.html : found.plain) !== null) return
  const encoding = encodingOf(lines)
  const bytes = decodeTransfer(Buffer.from(body.slice(0, 128_000), 'latin1'), encoding)
  const charset = parameter(type, 'charset') ?? ''
  const text = unflowed(decodeText(wholeCharacters(bytes, charset), charset), type)
  if (isHtml) found.html = text
  else if (text.trim() !== '') found.plain = text
}

/** The text of a part whose Content-Type is `type`: what was only wrapped for its way is one line again (RFC 3676). */
export function unflowed(text: string, type: string): string {
  if (!/^flowed$/i.test(parameter(type, 'format') ?? '')) return text
  return readFlowed(text, /^yes$/i.test(parameter(type, 'delsp') ?? ''))
}

export type Leaf = { type: string; disposition: string; encoding: string; body: string }

/** The parts that hold something, in their order, bodies as Latin-1 of their bytes and without the boundary's line end. */
export function leavesOf(mail: string, depth = 0, leaves: Leaf[] = []): Leaf[] {
  if (leaves.length > MAX_SCANNED_PARTS || depth > 20) return leaves
  const blank = /\r?\n\r?\n/.exec(mail)
  const isHeadless = /^\r?\n/.test(mail)
  const lines = isHeadless ? [] : linesOf(blank === null ? mail : mail.slice(0, blank.index))
  const start = isHeadless
    ? mail.indexOf('\n') + 1
    : blank === null
      ? mail.length
      : blank.index + blank[0].length
  const type = headerOf(lines, 'content-type') ?? 'text/plain'
  const boundary = parameter(type, 'boundary')
  if (/^multipart\//i.test(type) && boundary !== null && boundary !== '') {
    for (const part of splitParts(mail.slice(start), boundary)) leavesOf(part, depth + 1, leaves)
  } else {
    // The last line end belongs to the boundary behind it (RFC 2046 section 5.1.1).
    const body = depth === 0 ? mail.slice(start) : mail.slice(start).replace(/\r?\n$/, '')
    leaves.push({
      type,
      disposition: headerOf(lines, 'content-disposition') ?? '',
      encoding: encodingOf(lines).trim().toLowerCase(),
      body,
    })
  }
  return leaves
}

function* splitParts(body: string, boundary: string): Generator<string> {
  const marker = `--${boundary}`
  let start = -1
  let at = body.startsWith(marker) ? 0 : nextMarker(body, marker, 0)
  while (at >= 0) {
    if (start >= 0) yield body.slice(start, at)
    const lineEnd = body.indexOf('\n', at)
    if (body.startsWith('--', at + marker.length) || lineEnd < 0) return
    start = lineEnd + 1
    at = nextMarker(body, marker, lineEnd)
  }
  if (start >= 0) yield body.slice(start)
}

function nextMarker(body: string, marker: string, from: number): number {
  const at = body.indexOf(`\n${marker}`, from)
  return at < 0 ? -1 : at + 1
}
