/**
 * A mail as bytes: freezes what was written into a recipe, and makes the same bytes of it every time, streamed.
 * The only door to nodemailer's MailComposer. Refuses to read anything but spooled files, and to put Bcc on the wire.
 */

import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { domainToASCII } from 'node:url'
import MailComposer from 'nodemailer/lib/mail-composer'
import type MimeNode from 'nodemailer/lib/mime-node'
import { Encoder as QuotedPrintable } from 'nodemailer/lib/qp'
import { sameAddress } from '../../shared/address.ts'
import type { Address } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { BASE64_READ_BYTES, base64Lines } from './base64-lines.ts'

export type RecipeAttachment = { name: string; type: string; bytes: number; sha256: string }

/** A frozen mail: JSON, from which the same bytes come every time. */
export type Recipe = {
  version: 1
  from: Address
  to: Address[]
  cc: Address[]
  bcc: Address[]
  subject: string
  text: string
  /** The Date header, epoch ms; written in UTC, so that the writer's time zone is nobody's business. */
  date: number
  /** Without angle brackets, as in `references`. */
  messageId: string
  /** Seed of the MIME boundaries. */
  boundary: string
  /** Message-IDs without angle brackets, oldest first; the last is In-Reply-To. */
  references: string[]
  attachments: RecipeAttachment[]
}

export type Written = Pick<
  Recipe,
  'from' | 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'references' | 'attachments'
>

/** The longest piece of text that goes in one. */
const PIECE_BYTES = 64 * 1024
const MOST_REFERENCES = 50
const MESSAGE_ID = /^[\x21-\x3b\x3d\x3f-\x7e]{1,250}$/

/** Freezes what was written at `now` (epoch ms). Everything that is not the writer's is decided here, once. */
export function freeze(written: Written, now: number): Recipe {
  // Half a surrogate pair has no UTF-8: it becomes the same replacement character in every copy of the mail.
  const clean = (text: string) => text.toWellFormed().normalize('NFC')
  const nfc = ({ name, address }: Address): Address => ({
    name: clean(name).trim(),
    address: clean(address).trim(),
  })
  const known = written.references.filter(id => MESSAGE_ID.test(id))
  const [first] = known
  return {
    version: 1,
    from: nfc(written.from),
    to: written.to.map(nfc),
    cc: written.cc.map(nfc),
    bcc: written.bcc.map(nfc),
    subject: clean(written.subject),
    text: written.text.toWellFormed(),
    // Headers carry whole seconds.
    date: Math.floor(now / 1000) * 1000,
    messageId: `${randomUUID()}@${domainOf(written.from.address)}`,
    boundary: randomBytes(12).toString('hex'),
    references:
      first !== undefined && known.length > MOST_REFERENCES
        ? [first, ...known.slice(1 - MOST_REFERENCES)]
        : known,
    attachments: written.attachments.map(({ name, type, bytes, sha256 }) => ({
      name: clean(name),
      type,
      bytes,
      sha256,
    })),
  }
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return domainToASCII(domain) || 'localhost.invalid'
}

/** The address as RCPT TO carries it: an international domain in ASCII, unless the local part needs SMTPUTF8 anyway. */
export function wireAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  if (/[^\x00-\x7f]/.test(local) || !/[^\x00-\x7f]/.test(domain)) return address
  const ascii = domainToASCII(domain)
  return ascii === '' ? address : `${local}@${ascii}`
}

/** Who gets it: the chips, as they stand in RCPT TO, each once, in the order To, Cc, Bcc. */
export function envelopeOf(recipe: Recipe): { from: string; to: string[] } {
  const to: string[] = []
  for (const { address } of [...recipe.to, ...recipe.cc, ...recipe.bcc]) {
    const wire = wireAddress(address)
    if (!to.some(known => sameAddress(known, wire))) to.push(wire)
  }
  return { from: wireAddress(recipe.from.address), to }
}

export type WriteOptions = {
  /** Bcc stays in the Sent copy and never goes on the wire. */
  for: 'wire' | 'sent-copy'
  /** Where the spool keeps the bytes of a hash. */
  openPath: (sha256: string) => string
}

/**
 * The bytes of the mail: CRLF line ends only, a CRLF at the end, and the same bytes for the same recipe and purpose,
 * in pieces that are worth a write. An error on the way is told by `problemOfWriting`.
 */
export async function* writeMail(recipe: Recipe, options: WriteOptions): AsyncGenerator<Buffer> {
  let gathered = ''
  let last = ''
  for await (const part of partsOf(recipe, options)) {
    if (typeof part === 'string') {
      gathered += part
      continue
    }
    yield* inPieces(gathered)
    gathered = ''
    last = part.toString('latin1', part.length - 1)
    yield part
  }
  if (!(gathered === '' ? last : gathered).endsWith('\n')) gathered += '\r\n'
  yield* inPieces(gathered)
}

/** The end of a mail that is held back may not be all of it, only because that is text. */
function* inPieces(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) yield bytes.subarray(from, from + PIECE_BYTES)
}

/** `writeMail` for who reads streams. */
export function mailStream(recipe: Recipe, options: WriteOptions): Readable {
  return Readable.from(writeMail(recipe, options), { objectMode: false })
}

/** MailComposer makes the headers and the parts and opens nothing: for an attachment it is given a sign. */
function partsOf(recipe: Recipe, options: WriteOptions): AsyncGenerator<string | Buffer> {
  const { to, cc, bcc } = recipe
  const files = new Map<unknown, RecipeAttachment>()
  const signOf = (attachment: RecipeAttachment): Buffer => {
    const sign = Buffer.alloc(1)
    files.set(sign, attachment)
    return sign
  }
  const composer = new MailComposer({
    from: recipe.from,
    // A mail to hidden readers only says so, as RFC 5322 section 3.4 shows it.
    to: to.length + cc.length > 0 ? [...to] : 'Undisclosed recipients:;',
    cc: [...cc],
    ...(options.for === 'sent-copy' && bcc.length > 0 ? { bcc: [...bcc] } : {}),
    subject: recipe.subject,
    messageId: recipe.messageId,
    date: new Date(recipe.date),
    ...threadOf(recipe.references),
    // An empty text is still a text part: without one the first attachment would become the whole mail.
    text: recipe.text === '' ? '\r\n' : recipe.text.replace(/\r\n|\r|\n/g, '\r\n'),
    attachments: recipe.attachments.map(attachment => ({
      filename: attachment.name,
      contentType: carriedType(attachment.type),
      contentDisposition: 'attachment',
      contentTransferEncoding: 'base64',
      content: signOf(attachment),
    })),
    baseBoundary: recipe.boundary,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const message = composer.compile()
  message.keepBcc = options.for === 'sent-copy'
  return nodeBytes(message, ({ content }) => {
    const attachment = files.get(content)
    return attachment === undefined ? null : bytesOf(attachment, options.openPath)
  })
}

/**
 * What MimeNode's own stream gives (a test compares them byte by byte), but text as one string and attachments
 * encoded in large pieces: its stream of single lines through five transforms costs more than all the rest of sending.
 */
async function* nodeBytes(
  node: MimeNode,
  fileOf: (node: MimeNode) => AsyncIterable<Buffer> | null,
): AsyncGenerator<string | Buffer> {
  yield `${node.buildHeaders()}\r\n\r\n`
  const file = fileOf(node)
  if (file !== null) yield* base64Lines(file)
  else if (typeof node.content === 'string') yield* textBytes(node.content, node.getTransferEncoding())
  if (!node.multipart) return
  for (const [index, child] of node.childNodes.entries()) {
    yield `${index > 0 ? '\r\n' : ''}--${node.boundary}\r\n`
    yield* nodeBytes(child, fileOf)
  }
  yield `\r\n--${node.boundary}--\r\n`
}

async function* textBytes(text: string, encoding: string | false): AsyncGenerator<string | Buffer> {
  if (encoding === 'base64') yield* base64Lines(Readable.from([Buffer.from(text)]))
  else if (encoding === 'quoted-printable') {
    // Where its lines break depends on how it is fed: always with the whole text at once.
    const encoder = new QuotedPrintable()
    encoder.end(Buffer.from(text))
    for await (const chunk of encoder) yield chunk.toString('latin1')
  } else yield text
}

function threadOf(references: readonly string[]) {
  const last = references.at(-1)
  if (last === undefined) return {}
  return { inReplyTo: `<${last}>`, references: references.map(id => `<${id}>`) }
}

/** A message/* or multipart/* part may not be base64 (RFC 2046), and only base64 brings its bytes over unchanged. */
function carriedType(type: string): string {
  return /^(message|multipart)\//i.test(type) || type === '' ? 'application/octet-stream' : type
}

/** Opened when its turn has come. */
async function* bytesOf(
  { name, sha256, bytes }: RecipeAttachment,
  openPath: (sha256: string) => string,
): AsyncGenerator<Buffer> {
  let count = 0
  try {
    for await (const chunk of createReadStream(openPath(sha256), { highWaterMark: BASE64_READ_BYTES })) {
      count += chunk.length
      yield chunk
    }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw unwritable({ kind: isMissing ? 'attachment-missing' : 'attachment-unreadable', name })
  }
  if (count !== bytes) throw unwritable({ kind: 'attachment-unreadable', name })
}

function unwritable(problem: Problem): Error {
  return new Error(problem.kind, { cause: problem })
}

/** Why `writeMail` broke off. */
export function problemOfWriting(error: unknown): Problem {
  const cause = error instanceof Error ? error.cause : undefined
  if (typeof cause === 'object' && cause !== null && 'kind' in cause) return cause as Problem
  return { kind: 'internal', detail: error instanceof Error ? error.message : String(error) }
}

/** Reads all of it: its SHA-256 in lower-case hex and its length. */
export async function hashMail(
  mail: AsyncIterable<Buffer>,
): Promise<Result<{ sha256: string; bytes: number }>> {
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of mail) {
      hash.update(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    return fail(problemOfWriting(error))
  }
  return ok({ sha256: hash.digest('hex'), bytes })
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
const isAddress = (value: unknown): value is Address =>
  isRecord(value) && isText(value.name) && isText(value.address)
const isListOf = <T>(value: unknown, is: (entry: unknown) => entry is T): value is T[] =>
  Array.isArray(value) && value.every(is)
const isAttachment = (value: unknown): value is RecipeAttachment =>
  isRecord(value) &&
  isText(value.name) &&
  isText(value.type) &&
  isNumber(value.bytes) &&
  isText(value.sha256) &&
  /^[0-9a-f]{64}$/.test(value.sha256)

/** A recipe as it was stored. Answers `mail-unreadable` for anything that is not one, also of a later version. */
export function parseRecipe(value: unknown): Result<Recipe> {
  if (
    isRecord(value) &&
    value.version === 1 &&
    isAddress(value.from) &&
    isListOf(value.to, isAddress) &&
    isListOf(value.cc, isAddress) &&
    isListOf(value.bcc, isAddress) &&
    isText(value.subject) &&
    isText(value.text) &&
    isNumber(value.date) &&
    isText(value.messageId) &&
    isText(value.boundary) &&
    isListOf(value.references, isText) &&
    isListOf(value.attachments, isAttachment)
  ) {
    const { from, to, cc, bcc, subject, text, date, messageId, boundary, references, attachments } = value
    return ok({
      version: 1,
      from,
      to,
      cc,
      bcc,
      subject,
      text,
      date,
      messageId,
      boundary,
      references,
      attachments,
    })
  }
  return fail({ kind: 'mail-unreadable', detail: 'recipe' })
}
