/**
 * The only door to postal-mime: the source of a mail into what a person reads. Takes anything (broken, hostile,
 * cut) and never throws; what it had to guess or leave out it says with `isDamaged`. Refuses to make html safe:
 * that is the work of each place where it is shown.
 */

import PostalMime, { type Attachment, addressParser, decodeWords } from 'postal-mime'
import type { Address, MessageAttachment, ReceivedHop } from '../../shared/model.ts'
import { decodeText, decodeTransfer, guessText, htmlToText, oneLine, previewOf } from './mail-text.ts'

/** What the head of a mail says, decoded. `sentAt` in epoch ms; Message-IDs without angle brackets. */
export type MailHead = {
  from: Address
  to: Address[]
  cc: Address[]
  bcc: Address[]
  replyTo: Address[]
  subject: string
  sentAt: number | null
  messageIdHeader: string
  /** Oldest first; the last is what this mail answers. */
  references: string[]
  /** The stations it came through, newest last (RFC 5321 section 4.4). */
  received: ReceivedHop[]
}

/** A row of a list, from the source alone. */
export type ScannedMail = MailHead & { preview: string; hasAttachments: boolean }

export type ParsedMail = MailHead & {
  text: string
  /** As it came, NOT safe. */
  unsafeHtml: string | null
  /** Content-ID (without angle brackets) to data URL, of the images that the html names. */
  inlineImages: Record<string, string>
  attachments: MessageAttachment[]
  preview: string
  isDamaged: boolean
}

export type AttachmentContent = { name: string; type: string; content: Uint8Array }

const MAX_SOURCE_BYTES = 100_000_000
/** Lines that may begin a part; beyond them the mail is cut. */
const MAX_DASH_LINES = 5_000
const MAX_HEAD_BYTES = 1_000_000
const MAX_TEXT_LENGTH = 2_000_000
const MAX_HTML_LENGTH = 8_000_000
const MAX_ATTACHMENTS = 500
const MAX_ADDRESSES = 2_000
const MAX_INLINE_BYTES = 8_000_000
const INLINE_IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'])

/** Reads the whole mail. Never throws; a mail that cannot be read gives its head and its source as text. */
export async function readMail(source: Uint8Array): Promise<ParsedMail> {
  const head = readHead(headerLines(source))
  const bounded = withBearableParts(source)
  const parts = await parse(bounded)
  if (parts === null) {
    const text = guessText(source.subarray(0, 256_000))
    return {
      ...head,
      text,
      unsafeHtml: null,
      inlineImages: {},
      attachments: [],
      preview: previewOf(bodyOf(text)),
      isDamaged: true,
    }
  }
  const html = parts.html === undefined ? null : repair(parts.html, source)
  const plain = parts.text === undefined ? null : repair(parts.text, source)
  const fullText =
    plain !== null && plain.trim() !== '' ? plain : html === null ? (plain ?? '') : htmlToText(html)
  const isCut =
    bounded.length < source.length ||
    fullText.length > MAX_TEXT_LENGTH ||
    (html?.length ?? 0) > MAX_HTML_LENGTH ||
    parts.attachments.length > MAX_ATTACHMENTS
  const attachments = parts.attachments.slice(0, MAX_ATTACHMENTS)
  const unsafeHtml = html === null ? null : html.slice(0, MAX_HTML_LENGTH)
  return {
    ...head,
    text: fullText.slice(0, MAX_TEXT_LENGTH).replaceAll('\r\n', '\n'),
    unsafeHtml,
    inlineImages: inlineImages(attachments, unsafeHtml),
    attachments: attachments.map((attachment, index) => describeAttachment(attachment, index, unsafeHtml)),
    preview: previewOf(fullText),
    isDamaged: isCut || fullText.includes('\ufffd') || isUnfinished(source),
  }
}

/** The decoded content of one attachment; `partId` as `readMail` gave it. Null where there is none of that name. */
export async function readAttachment(source: Uint8Array, partId: string): Promise<AttachmentContent | null> {
  const parts = await parse(withBearableParts(source))
  const index = Number(partId) - 1
  const attachment = parts?.attachments[index]
  if (attachment === undefined) return null
  return { name: nameOf(attachment, index), type: attachment.mimeType, content: bytesOf(attachment) }
}

/** The lean reading for a list row: head and first words, without building the whole mail. Never throws. */
export function scanHead(source: Uint8Array): ScannedMail {
  const head = readHead(headerLines(source))
  const found: Found = { plain: null, html: null, hasAttachments: false, parts: 0 }
  walk(latin1(source.subarray(0, 512_000)), 0, found)
  const text = found.plain ?? (found.html === null ? '' : htmlToText(found.html.slice(0, 64_000)))
  return { ...head, preview: previewOf(text), hasAttachments: found.hasAttachments }
}

/** The list text from the beginning of one text part, as an IMAP server gives it. */
export function previewOfPart(
  bytes: Uint8Array,
  part: { charset: string; encoding: string; isHtml: boolean },
): string {
  const text = decodeText(wholeCharacters(decodeTransfer(bytes, part.encoding), part.charset), part.charset)
  return previewOf(part.isHtml ? htmlToText(text) : text)
}

// A cut in the middle of a UTF-8 character would make the guess think that it is not UTF-8.
function wholeCharacters(bytes: Uint8Array, charset: string): Uint8Array {
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

// ------------------------------------------------------------------- parts

type Parts = { text?: string | undefined; html?: string | undefined; attachments: Attachment[] }

async function parse(source: Uint8Array): Promise<Parts | null> {
  if (source.length > MAX_SOURCE_BYTES) return null
  try {
    // Forwarded mails stay attachments: they are opened on demand and cannot nest without end.
    return await PostalMime.parse(source, {
      forceRfc822Attachments: true,
      maxNestingDepth: 60,
      maxHeadersSize: 4_000_000,
    })
  } catch {
    return null
  }
}

/** A hundred thousand parts cost seconds and help nobody. */
function withBearableParts(source: Uint8Array): Uint8Array {
  const buffer = viewOf(source)
  let at = 0
  for (let count = 0; count < MAX_DASH_LINES; count += 1) {
    at = buffer.indexOf('\n--', at, 'latin1') + 1
    if (at === 0) return source
  }
  return source.subarray(0, at)
}

/** Text whose charset was not declared or wrongly: ISO-2022-JP shows its escapes, 8-bit shows U+FFFD. */
function repair(text: string, source: Uint8Array): string {
  if (/\x1b[$(]/.test(text) && !/[^\x00-\xff]/.test(text)) return guessText(Buffer.from(text, 'latin1'))
  if (!text.includes('\ufffd')) return text
  const head = headerLines(source)
  const type = headerOf(head, 'content-type') ?? 'text/plain'
  if (!/^text\//i.test(type)) return text
  const encoding = encodingOf(head)
  const body = source.subarray(endOfHead(source))
  return decodeText(decodeTransfer(body, encoding), parameter(type, 'charset') ?? '')
}

function bytesOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return Buffer.from(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}

function idOf(attachment: Attachment): string | null {
  const id = attachment.contentId?.trim().replace(/^<|>$/g, '')
  return id === undefined || id === '' ? null : id
}

function isNamedBy(html: string | null, contentId: string | null): boolean {
  if (html === null || contentId === null) return false
  return html.includes(`cid:${contentId}`) || html.includes(`cid:${encodeURIComponent(contentId)}`)
}

function describeAttachment(attachment: Attachment, index: number, html: string | null): MessageAttachment {
  const contentId = idOf(attachment)
  return {
    partId: String(index + 1),
    name: nameOf(attachment, index),
    type: attachment.mimeType,
    bytes: bytesOf(attachment).length,
    contentId,
    isInline: isNamedBy(html, contentId),
  }
}

const EXTENSIONS: Record<string, string> = {
  'message/rfc822': 'eml',
  'text/calendar': 'ics',
  'text/plain': 'txt',
  'text/html': 'html',
  'text/csv': 'csv',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'application/pkcs7-signature': 'p7s',
  'application/pgp-signature': 'asc',
}

function nameOf(attachment: Attachment, index: number): string {
  const name = oneLine(attachment.filename ?? '').normalize('NFC')
  if (name !== '') return name
  return `attachment-${index + 1}.${EXTENSIONS[attachment.mimeType] ?? 'bin'}`
}

function inlineImages(attachments: Attachment[], html: string | null): Record<string, string> {
  const images: Record<string, string> = {}
  let left = MAX_INLINE_BYTES
  for (const attachment of attachments) {
    const contentId = idOf(attachment)
    if (contentId === null || !isNamedBy(html, contentId)) continue
    const type = attachment.mimeType === 'image/jpg' ? 'image/jpeg' : attachment.mimeType
    const bytes = bytesOf(attachment)
    if (!INLINE_IMAGE_TYPES.has(type) || bytes.length > left) continue
    left -= bytes.length
    images[contentId] = `data:${type};base64,${Buffer.from(bytes).toString('base64')}`
  }
  return images
}

/** The outermost multipart never closed: the mail was cut on its way. */
function isUnfinished(source: Uint8Array): boolean {
  const type = headerOf(headerLines(source), 'content-type') ?? ''
  if (!/^multipart\//i.test(type)) return false
  const boundary = parameter(type, 'boundary')
  return boundary === null || viewOf(source).lastIndexOf(`--${boundary}--`, undefined, 'latin1') < 0
}

// -------------------------------------------------------------------- head

type Line = { name: string; value: string }

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function latin1(bytes: Uint8Array): string {
  return viewOf(bytes).toString('latin1')
}

function endOfHead(source: Uint8Array): number {
  const buffer = viewOf(source)
  const crlf = buffer.indexOf('\r\n\r\n')
  const lf = buffer.indexOf('\n\n')
  if (crlf < 0 && lf < 0) return source.length
  return lf < 0 || (crlf >= 0 && crlf < lf) ? crlf + 4 : lf + 2
}

/** Unfolded header lines (RFC 5322 section 2.2.3), values decoded from bytes but not yet from encoded words. */
function headerLines(source: Uint8Array): Line[] {
  const head = latin1(source.subarray(0, Math.min(endOfHead(source), MAX_HEAD_BYTES)))
  return linesOf(head)
}

function linesOf(head: string): Line[] {
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

const WORD_RUN = /(?:=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=(?:\s+(?==\?))?){2,}/g
const WORD = /=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=/g

/** Many programs cut encoded words in the middle of a character: neighbours of one charset become one word. */
function joinWords(value: string): string {
  return value.replace(WORD_RUN, run => {
    const joined: { charset: string; bytes: Buffer[] }[] = []
    for (const [, charset = '', encoding = '', text = ''] of run.matchAll(WORD)) {
      const isBase64 = encoding.toUpperCase() === 'B'
      const packed = Buffer.from(isBase64 ? text : text.replaceAll('_', ' '), 'latin1')
      const bytes = Buffer.from(decodeTransfer(packed, isBase64 ? 'base64' : 'quoted-printable'))
      const last = joined.at(-1)
      if (last?.charset.toLowerCase() === charset.toLowerCase()) last.bytes.push(bytes)
      else joined.push({ charset, bytes: [bytes] })
    }
    const words = joined.map(
      ({ charset, bytes }) => `=?${charset}?B?${Buffer.concat(bytes).toString('base64')}?=`,
    )
    return /\s$/.test(run) ? `${words.join(' ')} ` : words.join(' ')
  })
}

function encodingOf(lines: Line[]): string {
  return (headerOf(lines, 'content-transfer-encoding') ?? '').slice(0, 200).replace(/\([^()]*\)/g, '')
}

function headerOf(lines: Line[], name: string): string | null {
  return lines.find(line => line.name === name)?.value ?? null
}

function readHead(lines: Line[]): MailHead {
  const addresses = (name: string) =>
    lines.filter(line => line.name === name).flatMap(line => parseAddresses(line.value))
  const inReplyTo = messageIds(headerOf(lines, 'in-reply-to') ?? '')
  const references = messageIds(headerOf(lines, 'references') ?? '').filter(id => id !== inReplyTo[0])
  return {
    from: addresses('from')[0] ?? addresses('sender')[0] ?? { name: '', address: '' },
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    replyTo: addresses('reply-to'),
    subject: oneLine(safely(() => decodeWords((headerOf(lines, 'subject') ?? '').slice(0, 20_000)), '')),
    sentAt: parseDate(headerOf(lines, 'date') ?? ''),
    messageIdHeader: messageIds(headerOf(lines, 'message-id') ?? '')[0] ?? '',
    references: [...references.slice(-100), ...inReplyTo.slice(0, 1)],
    received: lines
      .filter(line => line.name === 'received')
      .slice(0, 100)
      .map(line => parseReceived(line.value))
      .reverse(),
  }
}

function safely<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}

function parseAddresses(value: string): Address[] {
  const parsed = safely(() => addressParser(value.slice(0, 200_000), { flatten: true }), [])
  return parsed.slice(0, MAX_ADDRESSES).flatMap(({ name, address }) => {
    if (address === undefined || (address === '' && name === '')) return []
    return { name: oneLine(name), address: oneLine(address) }
  })
}

function messageIds(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>\s]{1,998})>/g)].map(match => match[1] as string)
  if (bracketed.length > 0) return [...new Set(bracketed)]
  return value.trim() === '' ? [] : value.trim().split(/\s+/).slice(0, 1)
}

function parseDate(value: string): number | null {
  const time = Date.parse(
    value
      .slice(0, 200)
      .replace(/\([^()]*\)/g, ' ')
      .trim(),
  )
  return Number.isNaN(time) ? null : time
}

/** RFC 5321 section 4.4: `from X (…) by Y (…) with ESMTPS id …; date`. What is not there is ''. */
function parseReceived(value: string): ReceivedHop {
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

// --------------------------------------------------------- the lean scanner

type Found = { plain: string | null; html: string | null; hasAttachments: boolean; parts: number }

const MAX_SCANNED_PARTS = 200

/** Looks through the parts without decoding what the list does not show. `mail` is Latin-1 of the bytes. */
function walk(mail: string, depth: number, found: Found): void {
  found.parts += 1
  if (found.parts > MAX_SCANNED_PARTS || depth > 20) return
  const blank = /\r?\n\r?\n/.exec(mail)
  const lines = /^\r?\n/.test(mail) ? [] : linesOf(blank === null ? mail : mail.slice(0, blank.index))
  const body = /^\r?\n/.test(mail) ? mail : blank === null ? '' : mail.slice(blank.index + blank[0].length)
  const type = headerOf(lines, 'content-type') ?? 'text/plain'
  const boundary = parameter(type, 'boundary')
  if (/^multipart\//i.test(type) && boundary !== null && boundary !== '') {
    for (const part of splitParts(body, boundary)) walk(part, depth + 1, found)
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
  const text = decodeText(wholeCharacters(bytes, charset), charset)
  if (isHtml) found.html = text
  else if (text.trim() !== '') found.plain = text
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

/** A parameter of a structured header, quotes off; the scanner needs only `charset` and `boundary`. */
function parameter(value: string, name: string): string | null {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(
    value.slice(0, 4_000),
  )
  if (match === null) return null
  return (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1')
}

function bodyOf(text: string): string {
  const blank = /\r?\n\r?\n/.exec(text)
  return blank === null ? text : text.slice(blank.index + blank[0].length)
}
