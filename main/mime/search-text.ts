/**
 * What of a mail's source is searched: the words a person would read and the names of its files. Lean and bounded like
 * the scan for a list row; decodes no file; never throws.
 */

import { cutText } from '../../shared/cut-text.ts'
import { latin1, parameter } from './mail-header.ts'
import { decodeText, decodeTransfer, htmlToText, oneLine } from './mail-text.ts'
import { decodeHeaderText } from './read-mail.ts'
import { type Leaf, leavesOf, unflowed } from './scan-parts.ts'

export type SearchText = { text: string; files: string[] }

const MAX_SOURCE_BYTES = 40_000_000
const MAX_PART_LENGTH = 1_000_000
const MAX_TEXT_LENGTH = 400_000
const MAX_FILES = 200
/** A plain part shorter than this may only say that there is html. */
const SHORT_TEXT = 300

export function searchTextOf(source: Uint8Array): SearchText {
  const plain: string[] = []
  const html: string[] = []
  const files: string[] = []
  for (const leaf of leavesOf(latin1(source.subarray(0, MAX_SOURCE_BYTES)))) {
    const name = fileNameOf(leaf)
    if (name !== '' && files.length < MAX_FILES) files.push(name)
    if (/^attachment/i.test(leaf.disposition)) continue
    // What says nothing of its kind is text (RFC 2045 section 5.2).
    if (leaf.type === '' || /^text\/plain/i.test(leaf.type)) plain.push(textOf(leaf))
    else if (/^text\/html/i.test(leaf.type)) html.push(htmlToText(textOf(leaf)))
  }
  const written = plain.join('\n\n').trim()
  const parts = written.length < SHORT_TEXT ? [written, ...html] : [written]
  return {
    text: cutText(parts.filter(part => part !== '').join('\n\n'), MAX_TEXT_LENGTH),
    files,
  }
}

function textOf({ type, encoding, body }: Leaf): string {
  const bytes = decodeTransfer(Buffer.from(body.slice(0, MAX_PART_LENGTH), 'latin1'), encoding)
  return unflowed(decodeText(bytes, parameter(type, 'charset') ?? ''), type)
}

function fileNameOf({ type, disposition }: Leaf): string {
  const name =
    extendedParameter(disposition, 'filename') ??
    parameter(disposition, 'filename') ??
    extendedParameter(type, 'name') ??
    parameter(type, 'name')
  return name === null ? '' : cutText(oneLine(decodeHeaderText(name)), 400)
}

/** RFC 2231: `filename*=UTF-8''…`, in one piece or in numbered ones; null where there is none. */
function extendedParameter(value: string, name: string): string | null {
  const pattern = new RegExp(`;\\s*${name}\\*(?:(\\d{1,2})(\\*)?)?\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'gi')
  const pieces = [...value.slice(0, 4_000).matchAll(pattern)].map(match => ({
    order: Number(match[1] ?? 0),
    isEncoded: match[1] === undefined || match[2] !== undefined,
    text: match[3] ?? match[4] ?? '',
  }))
  if (pieces.length === 0) return null
  pieces.sort((left, right) => left.order - right.order)
  let charset = ''
  const bytes: Buffer[] = []
  for (const [index, { isEncoded, text }] of pieces.entries()) {
    const label = index === 0 && isEncoded ? /^([^']*)'[^']*'/.exec(text) : null
    if (label !== null) charset = label[1] ?? ''
    const rest = label === null ? text : text.slice(label[0].length)
    bytes.push(isEncoded ? percentDecoded(rest) : Buffer.from(rest))
  }
  return decodeText(Buffer.concat(bytes), charset)
}

function percentDecoded(text: string): Buffer {
  const signs = text.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(signs, 'latin1')
}
