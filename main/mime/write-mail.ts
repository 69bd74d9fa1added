/**
 * A mail as bytes: makes the same bytes of a recipe every time, streamed.
 * The only door to nodemailer's MailComposer. Refuses to read anything but spooled files, and to put Bcc on the wire.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import MailComposer from 'nodemailer/lib/mail-composer'
import type MimeNode from 'nodemailer/lib/mime-node'
import { Encoder as QuotedPrintable } from 'nodemailer/lib/qp'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { BASE64_READ_BYTES, base64Lines } from './base64-lines.ts'
import { type Flowed, flow } from './flowed.ts'
import { letterDocument } from './letter.ts'
import { type Recipe, type RecipeAttachment, wireAddress } from './recipe.ts'

/** Characters that take the composer several milliseconds, and to write them out as many again. */
const LONG_TEXT = 100_000

/** The longest piece of text that goes in one. */
const PIECE_BYTES = 64 * 1024

export type WriteOptions = {
  /** Bcc stays in the Sent copy and never goes on the wire. */
  for: 'wire' | 'sent-copy'
  /** Where the spool keeps the bytes of a hash. */
  openPath: (sha256: string) => string
  /** Each piece is done with when the next but one is asked for: then large mails take hardly any memory. */
  isFleeting?: boolean
}

/**
 * The bytes of the mail: CRLF line ends only, a CRLF at the end, and the same bytes for the same recipe and purpose,
 * in pieces that are worth a write. An error on the way is told by `problemOfWriting`.
 */
export async function* writeMail(recipe: Recipe, options: WriteOptions): AsyncGenerator<Buffer> {
  let gathered = ''
  let last = ''
  const parts = recipe.isRedirect === true ? redirectParts(recipe, options) : partsOf(recipe, options)
  for await (const part of parts) {
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

/** The Resent fields before the source as it lies in the spool (RFC 5322 section 3.6.6); Resent-Bcc only in our copy. */
async function* redirectParts(recipe: Recipe, options: WriteOptions): AsyncGenerator<string | Buffer> {
  const { from, to, cc, bcc, messageId, date } = recipe
  const composer = new MailComposer({
    from,
    to: [...to],
    cc: [...cc],
    ...(options.for === 'sent-copy' ? { bcc: [...bcc] } : {}),
    messageId,
    date: new Date(date),
  })
  const message = composer.compile()
  message.keepBcc = options.for === 'sent-copy'
  const fields = message.buildHeaders().split(/\r\n(?![ \t])/)
  const resent = fields.filter(field => /^(?:From|To|Cc|Bcc|Date|Message-ID):/i.test(field))
  yield resent.map(field => `Resent-${field}\r\n`).join('')
  for (const source of recipe.attachments) yield* bytesOf(source, options.openPath, streamed)
}

/** MailComposer makes the headers and the parts and opens nothing: for an attachment it is given a sign. */
async function* partsOf(recipe: Recipe, options: WriteOptions): AsyncGenerator<string | Buffer> {
  const { to, cc, bcc } = recipe
  const words = await wordsOf(recipe)
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
    ...(recipe.replyTo.length > 0 ? { replyTo: [...recipe.replyTo] } : {}),
    subject: recipe.subject,
    messageId: recipe.messageId,
    date: new Date(recipe.date),
    ...threadOf(recipe.references),
    headers: wishesOf(recipe),
    ...words,
    attachments: recipe.attachments.map(attachment => ({
      filename: attachment.name,
      ...(attachment.contentId === undefined
        ? { contentDisposition: 'attachment' as const }
        : { contentDisposition: 'inline' as const, cid: attachment.contentId }),
      ...carriageOf(attachment),
      content: signOf(attachment),
    })),
    baseBoundary: recipe.boundary,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const message = composer.compile()
  message.keepBcc = options.for === 'sent-copy'
  if (recipe.text.length > LONG_TEXT) await turn()
  yield* nodeBytes(message, ({ content }) => {
    const attachment = files.get(content)
    if (attachment === undefined) return null
    if (attachment.encoding !== undefined) return bytesOf(attachment, options.openPath, streamed)
    return base64Lines(bytesOf(attachment, options.openPath, fleeting), options.isFleeting)
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
  if (file !== null) yield* file
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

type Header = { key: string; value: string }

/** What the mail asks for, in the words that programs listen to. */
function wishesOf({ options, organisation, from }: Recipe): Header[] {
  const headers: Header[] = []
  if (organisation !== '') headers.push({ key: 'Organization', value: organisation })
  if (options.priority === 'high') {
    headers.push({ key: 'X-Priority', value: '1 (Highest)' }, { key: 'Importance', value: 'high' })
  } else if (options.priority === 'low') {
    headers.push({ key: 'X-Priority', value: '5 (Lowest)' }, { key: 'Importance', value: 'low' })
  }
  // RFC 8098 section 2.1; an address beyond ASCII could only stand there raw, and few would understand it.
  const wanted = wireAddress(from.address)
  if (options.wantsReadReceipt && /^[\x21-\x7e]+$/.test(wanted)) {
    headers.push({ key: 'Disposition-Notification-To', value: `<${wanted}>` })
  }
  return headers
}

type Part = { contentType: string; content: string; contentTransferEncoding?: Encoding }
type Encoding = 'quoted-printable' | 'base64'

/** The words as plain text, and beside it as html where they are written with formats (RFC 2046 section 5.1.4). */
async function wordsOf({
  version,
  text,
  html,
}: Recipe): Promise<{ text: string } | { alternatives: Part[] }> {
  // An empty text is still a text part: without one the first attachment would become the whole mail.
  if (version === 1) return { text: text === '' ? '\r\n' : text.replace(/\r\n|\r|\n/g, '\r\n') }
  const { body, type } = await flowed(text)
  const plain = partOf(type, body === '' ? '\r\n' : body)
  if (html === null) return { alternatives: [plain] }
  const page = letterDocument(html, text).replaceAll('\n', '\r\n')
  return { alternatives: [plain, partOf('text/html; charset=utf-8', page)] }
}

/** A long text is wrapped in turns: whoever writes or sends something else meanwhile is not held up. */
async function flowed(text: string): Promise<Flowed> {
  const flowing = flow(text)
  let step = flowing.next()
  if (step.done === true) return step.value
  while (step.done !== true) {
    await turn()
    step = flowing.next()
  }
  // What is done with it next takes as long again.
  await turn()
  return step.value
}

/** Both parts as their readers get them; LF line ends. */
export async function wireWords({
  version,
  text,
  html,
}: Recipe): Promise<{ plain: string; html: string | null }> {
  const plain = version === 1 ? text : (await flowed(text)).body.replaceAll('\r\n', '\n')
  return { plain, html: html === null ? null : letterDocument(html, text) }
}

function partOf(contentType: string, content: string): Part {
  const encoding = encodingFor(content)
  return {
    contentType,
    content,
    ...(encoding === null ? {} : { contentTransferEncoding: encoding }),
  }
}

/**
 * Readable in the source where that costs little. Spaces at line ends carry meaning in flowed text, and there are
 * servers that cut them off (RFC 3676 section 4.2); null leaves short ASCII lines as they are.
 */
function encodingFor(content: string): Encoding | null {
  let foreign = 0
  for (let at = 0; at < content.length; at += 1) if (content.charCodeAt(at) > 0x7f) foreign += 1
  if (foreign > content.length / 8) return 'base64'
  return foreign > 0 || / \r\n| $|[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]/.test(content) ? 'quoted-printable' : null
}

/**
 * A message/* part may not be encoded (RFC 2046 section 5.2.1): a mail that the wire takes as it is goes as it is, any
 * other as a file, as only base64 brings its bytes over unchanged.
 */
function carriageOf({ type, encoding }: RecipeAttachment) {
  if (encoding !== undefined) return { contentType: type, contentTransferEncoding: encoding }
  const isWrapped = /^(message|multipart)\//i.test(type) || type === ''
  return {
    contentType: isWrapped ? 'application/octet-stream' : type,
    contentTransferEncoding: 'base64' as const,
  }
}

/** Opened when its turn has come. */
async function* bytesOf(
  { name, sha256, bytes }: RecipeAttachment,
  openPath: (sha256: string) => string,
  read: (path: string) => AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let count = 0
  try {
    for await (const chunk of read(openPath(sha256))) {
      count += chunk.length
      yield chunk
    }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw unwritable({ kind: isMissing ? 'attachment-missing' : 'attachment-unreadable', name })
  }
  if (count !== bytes) throw unwritable({ kind: 'attachment-unreadable', name })
}

const streamed = (path: string): AsyncIterable<Buffer> =>
  createReadStream(path, { highWaterMark: BASE64_READ_BYTES })

/** Reads ahead; a piece is good until the next is asked for. */
async function* fleeting(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    const buffers = [Buffer.allocUnsafeSlow(BASE64_READ_BYTES), Buffer.allocUnsafeSlow(BASE64_READ_BYTES)]
    let turn = 0
    const next = () => {
      turn = 1 - turn
      return file.read(buffers[turn] as Buffer, 0, BASE64_READ_BYTES)
    }
    let coming = next()
    for (;;) {
      const { bytesRead, buffer } = await coming
      if (bytesRead === 0) return
      coming = next()
      // Who stops listening never asks for it.
      coming.catch(() => {})
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
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
