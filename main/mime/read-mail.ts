/**
 * The only door to postal-mime: the source of a mail into what a person reads. Takes anything (broken, hostile,
 * cut) and never throws; what it had to guess or leave out it says with `isDamaged`. Refuses to make html safe:
 * that is the work of each place where it is shown.
 */

import PostalMime, { type Attachment, addressParser, decodeWords } from 'postal-mime'
import { cutText } from '../../shared/cut-text.ts'
import type { ListLeaving } from '../../shared/list-leaving.ts'
import type { Address, MessageAttachment, ReceivedHop } from '../../shared/model.ts'
import { attachmentName } from './attachment-name.ts'
import { type AuthenticationTrace, traceOf } from './authentication.ts'
import { readFlowed } from './flowed.ts'
import { isBearable } from './html-tree.ts'
import { listLeavingOf } from './list-leaving.ts'
import {
  encodingOf,
  endOfHead,
  headerLines,
  headerOf,
  type Line,
  latin1,
  messageIds,
  parameter,
  parseDate,
  parseReceived,
  viewOf,
} from './mail-header.ts'
import {
  decodeText,
  decodeTransfer,
  guessText,
  htmlToText,
  oneLine,
  previewOf,
  wholeCharacters,
} from './mail-text.ts'
import { type Found, leavesOf, scanParts, unflowed } from './scan-parts.ts'

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

/** A row of a list, from the source alone. `isBulk`: sent by a list or a machine, by its own headers. */
export type ScannedMail = MailHead & { preview: string; hasAttachments: boolean; isBulk: boolean }

export type ParsedMail = MailHead & {
  text: string
  /** As it came, NOT safe. Null also where a page could not show it without standing still. */
  unsafeHtml: string | null
  /** Content-ID (without angle brackets) to data URL, of the images that the html names. */
  inlineImages: Record<string, string>
  attachments: MessageAttachment[]
  preview: string
  /** How its mailing list can be left; null where it came over none that says so. */
  leaving: ListLeaving | null
  /** What servers wrote of its sender, not yet judged. */
  trace: AuthenticationTrace
  isDamaged: boolean
}

export type AttachmentContent = { name: string; type: string; content: Uint8Array }

const MAX_SOURCE_BYTES = 100_000_000
/** Lines that may begin a part; beyond them the mail is cut. */
const MAX_DASH_LINES = 5_000
const MAX_TEXT_LENGTH = 2_000_000
const MAX_SUBJECT_LENGTH = 2_000
const MAX_ATTACHMENTS = 500
const MAX_ADDRESSES = 2_000
const MAX_INLINE_BYTES = 8_000_000
const INLINE_IMAGE_TYPES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp'])

/** Reads the whole mail. Never throws; a mail that cannot be read gives its head and its source as text. */
export async function readMail(source: Uint8Array): Promise<ParsedMail> {
  const lines = headerLines(source)
  const head = readHead(lines)
  const leaving = listLeavingOf(lines, head.from.address)
  const trace = traceOf(lines, authorsOf(lines))
  const bounded = withBearableParts(source)
  const parts = await parse(bounded)
  if (parts === null) return asSource(source, head, { leaving, trace })
  const html = parts.html === undefined ? null : repair(parts.html, source)
  const plain = parts.text === undefined ? null : (flowedText(source) ?? repair(parts.text, source))
  const fullText =
    plain !== null && plain.trim() !== '' ? plain : html === null ? (plain ?? '') : htmlToText(html)
  const isCut =
    bounded.length < source.length ||
    fullText.length > MAX_TEXT_LENGTH ||
    parts.attachments.length > MAX_ATTACHMENTS
  const attachments = parts.attachments.slice(0, MAX_ATTACHMENTS)
  const unsafeHtml = html !== null && isBearable(html) ? html : null
  return {
    ...head,
    text: cutText(fullText, MAX_TEXT_LENGTH).replaceAll('\r\n', '\n'),
    unsafeHtml,
    inlineImages: inlineImages(attachments, unsafeHtml),
    attachments: attachments.map((attachment, index) => describeAttachment(attachment, index, unsafeHtml)),
    preview: previewOf(fullText),
    leaving,
    trace,
    isDamaged: isCut || unsafeHtml !== html || fullText.includes('\ufffd') || isUnfinished(source),
  }
}

/** The head of a mail and its source as text, for one that costs too much to be read. */
export function readMailAsSource(source: Uint8Array): ParsedMail {
  const lines = headerLines(source)
  const head = readHead(lines)
  return asSource(source, head, {
    leaving: listLeavingOf(lines, head.from.address),
    trace: traceOf(lines, authorsOf(lines)),
  })
}

const MAX_SOURCE_SHOWN = 256_000

function asSource(
  source: Uint8Array,
  head: MailHead,
  said: Pick<ParsedMail, 'leaving' | 'trace'>,
): ParsedMail {
  // A head that alone fills what is shown would hide the words behind it.
  const start = endOfHead(source)
  const text = guessText(
    start > MAX_SOURCE_SHOWN / 2
      ? source.subarray(start, start + MAX_SOURCE_SHOWN)
      : source.subarray(0, MAX_SOURCE_SHOWN),
  )
  return {
    ...head,
    text,
    unsafeHtml: null,
    inlineImages: {},
    attachments: [],
    preview: previewOf(bodyOf(text)),
    ...said,
    isDamaged: true,
  }
}

/** The decoded content of one attachment; `partId` as `readMail` gave it. Null where there is none of that name. */
export async function readAttachment(source: Uint8Array, partId: string): Promise<AttachmentContent | null> {
  return (await readAttachments(source, [partId]))?.[0] ?? null
}

/** Several at once, the mail read once; null where one of them is not there. */
export async function readAttachments(
  source: Uint8Array,
  partIds: readonly string[],
): Promise<AttachmentContent[] | null> {
  const parts = await parse(withBearableParts(source))
  const contents = partIds.map((partId): AttachmentContent | null => {
    const index = Number(partId) - 1
    const attachment = parts?.attachments[index]
    if (attachment === undefined) return null
    const content = asCarried(bytesOf(attachment), source)
    return {
      name: attachmentName(attachment.filename ?? '', attachment.mimeType, index),
      type: attachment.mimeType,
      content,
    }
  })
  return contents.includes(null) ? null : contents.filter(content => content !== null)
}

/**
 * postal-mime joins the lines of a part that is not base64 with LF and puts one more behind the last. Such a file is
 * given as the mail carries it: the part with the same lines is looked up in the source.
 */
function asCarried(read: Uint8Array, source: Uint8Array): Uint8Array {
  if (read.at(-1) !== LF) return read
  const lines = linesOnly(latin1(read))
  for (const { encoding, body } of leavesOf(latin1(source))) {
    if (encoding === 'base64') continue
    const bytes = decodeTransfer(Buffer.from(body, 'latin1'), encoding)
    if (linesOnly(latin1(bytes)) === lines) return bytes
  }
  return read
}

const LF = 10

function linesOnly(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n+$/, '')
}

/** The lean reading for a list row: head and first words, without building the whole mail. Never throws. */
export function scanHead(source: Uint8Array): ScannedMail {
  const lines = headerLines(source)
  return { ...readHead(lines), ...scanList(source), isBulk: isBulk(lines) }
}

/** The same for a row that is known already: what only the text and the parts say. */
export function scanList(source: Uint8Array): { preview: string; hasAttachments: boolean } {
  const found: Found = { plain: null, html: null, hasAttachments: false, parts: 0 }
  scanParts(latin1(source.subarray(0, 512_000)), 0, found)
  const text = found.plain ?? (found.html === null ? '' : htmlToText(found.html.slice(0, 64_000)))
  return { preview: previewOf(text), hasAttachments: found.hasAttachments }
}

/** RFC 2919, RFC 3834; Precedence is older than either and not in any RFC. */
function isBulk(lines: Line[]): boolean {
  return (
    headerOf(lines, 'list-id') !== null ||
    /^(bulk|list|junk)\b/i.test(headerOf(lines, 'precedence') ?? '') ||
    /^auto-generated\b/i.test(headerOf(lines, 'auto-submitted') ?? '')
  )
}

/** How a text part is written; `isFlowed` and `deletesSpace` as in RFC 3676. */
export type PartForm = {
  charset: string
  encoding: string
  isHtml: boolean
  isFlowed?: boolean
  deletesSpace?: boolean
}

/** Of the parameters of a Content-Type. */
export function flowOf({ format = '', delsp = '' }: Record<string, string>) {
  return { isFlowed: format.toLowerCase() === 'flowed', deletesSpace: delsp.toLowerCase() === 'yes' }
}

/** The list text from the beginning of one text part, as an IMAP server gives it. */
export function previewOfPart(bytes: Uint8Array, part: PartForm): string {
  const text = decodeText(wholeCharacters(decodeTransfer(bytes, part.encoding), part.charset), part.charset)
  if (part.isHtml) return previewOf(htmlToText(text))
  return previewOf(part.isFlowed === true ? readFlowed(text, part.deletesSpace === true) : text)
}

// ------------------------------------------------------------------- parts

type Parts = { text?: string | undefined; html?: string | undefined; attachments: Attachment[] }

async function parse(source: Uint8Array): Promise<Parts | null> {
  if (source.length > MAX_SOURCE_BYTES) return null
  try {
    // Forwarded mails stay attachments: they are opened on demand and cannot nest without end.
    const parts = await PostalMime.parse(source, {
      forceRfc822Attachments: true,
      maxNestingDepth: 60,
      maxHeadersSize: 4_000_000,
    })
    return { ...parts, attachments: withRepairedNames(parts.attachments, source) }
  } catch {
    return null
  }
}

/** The parser reads a name that nobody encoded as UTF-8 alone, and loses the escapes of ISO-2022-JP. */
const MISREAD = /\ufffd|\$[@B]/

/** Names written raw in some charset of Japan, read again from the source; where it is not clear which is whose, left. */
function withRepairedNames(attachments: Attachment[], source: Uint8Array): Attachment[] {
  const isMisread = ({ filename }: Attachment) => MISREAD.test(filename ?? '')
  const misread = attachments.filter(isMisread)
  if (misread.length === 0) return attachments
  const raw = leavesOf(latin1(source)).flatMap(({ type, disposition }) => {
    const name = parameter(disposition, 'filename') ?? parameter(type, 'name') ?? ''
    return /[^\x00-\x7f]/.test(name) ? [name] : []
  })
  // Those that were UTF-8 all along are among them.
  const known = new Set(attachments.map(({ filename }) => filename))
  const unknown = raw.filter(name => !known.has(name))
  if (unknown.length !== misread.length) return attachments
  return attachments.map(attachment => {
    const name = isMisread(attachment) ? unknown[misread.indexOf(attachment)] : undefined
    return name === undefined ? attachment : { ...attachment, filename: name }
  })
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

/**
 * The text of a mail whose one text part is flowed: the parser joins its lines too, but leaves the marks of a quote in
 * the middle of them.
 */
function flowedText(source: Uint8Array): string | null {
  if (viewOf(source).indexOf('flowed') < 0) return null
  const texts = leavesOf(latin1(source)).filter(
    ({ type, disposition }) => /^text\/plain/i.test(type) && !/^attachment/i.test(disposition),
  )
  const [only] = texts
  if (texts.length !== 1 || only === undefined || !/^flowed$/i.test(parameter(only.type, 'format') ?? ''))
    return null
  const bytes = decodeTransfer(Buffer.from(only.body, 'latin1'), only.encoding)
  return unflowed(decodeText(bytes, parameter(only.type, 'charset') ?? ''), only.type)
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
    name: attachmentName(attachment.filename ?? '', attachment.mimeType, index),
    type: attachment.mimeType,
    bytes: bytesOf(attachment).length,
    contentId,
    isInline: isNamedBy(html, contentId),
  }
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
    subject: cutText(
      oneLine(safely(() => decodeWords((headerOf(lines, 'subject') ?? '').slice(0, 20_000)), '')),
      MAX_SUBJECT_LENGTH,
    ).toWellFormed(),
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

/** The addresses of all fields named From. */
function authorsOf(lines: readonly Line[]): string[] {
  return lines
    .filter(({ name }) => name === 'from')
    .flatMap(({ value }) => parseAddresses(value).map(({ address }) => address))
}

/** Every field of a head with its name as it stands there and its value decoded, in their order. */
export function readHeaders(source: Uint8Array): [name: string, value: string][] {
  const names = [...latin1(source.subarray(0, endOfHead(source))).matchAll(/^([!-9;-~]+)[ \t]*:/gm)]
  return headerLines(source).map(({ name, value }, index) => [
    names[index]?.[1] ?? name,
    oneLine(decodeHeaderText(value)),
  ])
}

/** The value of a header with its encoded words (RFC 2047) read. */
export function decodeHeaderText(value: string): string {
  return safely(() => decodeWords(value), value)
}

function safely<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}

/** The mailboxes of a header of addresses, groups opened. */
export function parseAddresses(value: string): Address[] {
  const parsed = safely(() => addressParser(value.slice(0, 200_000), { flatten: true }), [])
  return parsed.slice(0, MAX_ADDRESSES).flatMap(({ name, address }) => {
    if (address === undefined || (address === '' && name === '')) return []
    return { name: oneLine(name), address: oneLine(address) }
  })
}

function bodyOf(text: string): string {
  const blank = /\r?\n\r?\n/.exec(text)
  return blank === null ? text : text.slice(blank.index + blank[0].length)
}
