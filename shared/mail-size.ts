/**
 * How big a draft will be once it is a mail: what a server's SIZE counts (RFC 1870), a third more than its files.
 * Pure, for the composer's meter. Refuses to be exact: Send counts the frozen bytes themselves.
 */

import type { Address, DraftContent } from './model.ts'

type Letter = Pick<DraftContent, 'text' | 'html'>

/** A mail without its words. */
type Frame = Pick<DraftContent, 'to' | 'cc' | 'subject'> & {
  from: Address
  attachments: readonly { name: string; type: string; bytes: number }[]
  references: readonly string[]
}

const LINE = 76
/** Date, Message-ID, MIME-Version, content type and transfer encoding, with their line ends. */
const FIXED_HEADER = 290
const PART_HEADER = 190
const BOUNDARY = 60

/** Bytes in base64, in lines of 76 with CRLF (RFC 2045 section 6.8). */
export function base64Size(bytes: number): number {
  const letters = Math.ceil(bytes / 3) * 4
  return letters + Math.ceil(letters / LINE) * 2
}

/** Bytes that a file adds to a mail: its encoded bytes and the header of its part. */
export function attachmentSize({ name, type, bytes }: { name: string; type: string; bytes: number }): number {
  return PART_HEADER + word(name) * 2 + type.length + base64Size(bytes)
}

/** Bytes of the whole mail as it goes over the wire. */
export function mailSize(mail: Frame & Letter): number {
  return frameSize(mail) + letterSize(mail)
}

/** Bytes of all but the words: headers and files. Cheap, also where the letter is long. */
export function frameSize({ from, to, cc, subject, attachments, references }: Frame): number {
  const people = [from, ...to, ...cc].reduce(
    (sum, { name, address }) => sum + word(name) + address.length + 6,
    0,
  )
  const thread =
    references.reduce((sum, id) => sum + id.length + 5, 0) + (references.at(-1)?.length ?? -20) + 20
  const files = attachments.reduce((sum, attachment) => sum + attachmentSize(attachment), 0)
  const parts = attachments.length === 0 ? 0 : PART_HEADER + BOUNDARY
  return FIXED_HEADER + people + thread + word(subject) + parts + files
}

/** Bytes of the words in one form or both; reads all of them. */
export function letterSize({ text, html }: Letter): number {
  const rich = html == null || html === '' ? 0 : 2 * PART_HEADER + BOUNDARY + textSize(html)
  return textSize(text) + rich
}

const utf8Length = (text: string): number => {
  let bytes = 0
  for (const letter of text) {
    const point = letter.codePointAt(0) ?? 0
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

/** A word of a header: as it is, or as an encoded word (RFC 2047). */
function word(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : Math.ceil(utf8Length(text) * 1.75) + 12
}

/** The body as MailComposer encodes it: plain, quoted-printable, or base64 where few letters are Latin. */
function textSize(text: string): number {
  const { bytes, ascii, latin, foreign, equals, longest } = countsOf(text)
  if (foreign === 0 && longest <= LINE) return bytes + 2
  if (foreign >= latin && foreign > 0) return base64Size(bytes)
  const escaped = ascii + (bytes - ascii) * 3 + equals * 2
  return escaped + Math.ceil(escaped / (LINE - 3)) * 3
}

/** In one go, as a composer counts while somebody types. Every line end is CRLF. */
function countsOf(text: string) {
  let [bytes, ascii, latin, foreign, equals, longest] = [0, 0, 0, 0, 0, 0]
  let lineStart = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === 13 || unit === 10) {
      longest = Math.max(longest, at - lineStart)
      if (unit === 13 && text.charCodeAt(at + 1) === 10) at += 1
      lineStart = at + 1
      bytes += 2
      ascii += 2
    } else if (unit < 0x80) {
      bytes += 1
      ascii += 1
      if (unit === 61) equals += 1
      else if ((unit | 32) >= 97 && (unit | 32) <= 122) latin += 1
      else if ((unit < 32 && unit !== 9) || unit === 127) foreign += 1
    } else {
      foreign += 1
      const isPair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00
      if (isPair) at += 1
      bytes += unit < 0x800 ? 2 : isPair ? 4 : 3
    }
  }
  return { bytes, ascii, latin, foreign, equals, longest: Math.max(longest, text.length - lineStart) }
}
