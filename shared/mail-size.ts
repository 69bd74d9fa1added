/**
 * How big a draft will be once it is a mail: what a server's SIZE counts (RFC 1870), a third more than its files.
 * Pure, for the composer's meter. Refuses to be exact: Send counts the frozen bytes themselves.
 */

import type { Address, DraftContent } from './model.ts'

type Measured = Pick<DraftContent, 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'html'> & {
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
export function mailSize({ from, to, cc, subject, text, html, attachments, references }: Measured): number {
  const people = [from, ...to, ...cc].reduce(
    (sum, { name, address }) => sum + word(name) + address.length + 6,
    0,
  )
  const thread =
    references.reduce((sum, id) => sum + id.length + 5, 0) + (references.at(-1)?.length ?? -20) + 20
  const files = attachments.reduce((sum, attachment) => sum + attachmentSize(attachment), 0)
  const rich = html == null || html === '' ? 0 : 2 * PART_HEADER + BOUNDARY + textSize(html)
  const parts = attachments.length === 0 ? 0 : PART_HEADER + BOUNDARY
  return FIXED_HEADER + people + thread + word(subject) + textSize(text) + rich + parts + files
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
  const lines = text.replace(/\r\n|\r|\n/g, '\r\n')
  const bytes = utf8Length(lines)
  if (/^[\t\r\n\x20-\x7e]*$/.test(lines) && !/[^\r\n]{77}/.test(lines)) return bytes + 2
  const foreign = lines.match(/[^\t\r\n\x20-\x7e]/gu)?.length ?? 0
  const latin = lines.match(/[a-z]/gi)?.length ?? 0
  if (foreign >= latin && foreign > 0) return base64Size(bytes)
  const ascii = lines.length - (lines.match(/[^\x00-\x7f]/g)?.length ?? 0)
  const escaped = ascii + (bytes - ascii) * 3 + (lines.match(/=/g)?.length ?? 0) * 2
  return escaped + Math.ceil(escaped / (LINE - 3)) * 3
}
