/** What a fetched row says of a mail, in our words; and sets of UIDs, in as few words as possible. Pure. */

import { flowOf, type PartForm } from '../mime/read-mail.ts'
import type { ServerFlags } from './mailbox-rows.ts'

/** Where the text of a mail lies, to fetch a few words of it. */
export type TextPart = PartForm & { part: string }

export type RemoteHead = ServerFlags & {
  /** The header fields of a list row, raw. */
  headers: Buffer
  internalDate: number
  bytes: number
  /** Its name for good, in whichever folder it lies (RFC 8474, X-GM-MSGID); null where the server has none. */
  emailId: string | null
  text: TextPart | null
  hasAttachments: boolean
  /** What the server calls the conversation (RFC 8474, X-GM-THRID); null where it says nothing of that. */
  serverThread: string | null
}

/** What is read of a row that the connection has fetched. */
export type FetchedRow = {
  uid: number
  flags?: Set<string> | undefined
  headers?: Buffer | undefined
  internalDate?: Date | string | undefined
  size?: number | undefined
  threadId?: string | undefined
  emailId?: string | undefined
  bodyStructure?: Structure | undefined
}

type Structure = {
  type: string
  part?: string | undefined
  id?: string | undefined
  disposition?: string | undefined
  encoding?: string | undefined
  parameters?: Record<string, string> | undefined
  childNodes?: Structure[] | undefined
}

export function toFlags(row: FetchedRow): ServerFlags | null {
  if (row.flags === undefined || !row.uid) return null
  return {
    uid: row.uid,
    isSeen: row.flags.has('\\Seen'),
    isFlagged: row.flags.has('\\Flagged'),
    isDeleted: row.flags.has('\\Deleted'),
  }
}

export function toHead(row: FetchedRow): RemoteHead | null {
  const flags = toFlags(row)
  // An untagged FETCH of somebody else's flag change has no headers, and a mail that was just expunged has NIL.
  if (flags === null || !Buffer.isBuffer(row.headers)) return null
  const arrived = row.internalDate === undefined ? Number.NaN : new Date(row.internalDate).getTime()
  const found: FoundParts = { plain: null, html: null, hasAttachments: false }
  if (row.bodyStructure !== undefined) walk(row.bodyStructure, false, 0, found)
  return {
    ...flags,
    headers: row.headers,
    internalDate: Number.isNaN(arrived) ? 0 : arrived,
    bytes: row.size ?? 0,
    emailId: row.emailId ?? null,
    text: found.plain ?? found.html,
    hasAttachments: found.hasAttachments,
    serverThread: row.threadId?.slice(0, 255) ?? null,
  }
}

type FoundParts = { plain: TextPart | null; html: TextPart | null; hasAttachments: boolean }

function walk(node: Structure, isRelated: boolean, depth: number, found: FoundParts): void {
  if (depth > 50) return
  const type = node.type.toLowerCase()
  if (node.childNodes !== undefined && type.startsWith('multipart/')) {
    for (const child of node.childNodes.slice(0, 200))
      walk(child, type === 'multipart/related', depth + 1, found)
    return
  }
  const isAttached = node.disposition?.toLowerCase() === 'attachment'
  const isText = type === 'text/plain' || type === 'text/html'
  if (isAttached || !isText) {
    const isCarried = isRelated && node.id !== undefined && !isAttached
    if (!isCarried && !/^application\/(pkcs7|pgp)-signature$/.test(type)) found.hasAttachments = true
    return
  }
  const text: TextPart = {
    part: node.part ?? '1',
    charset: node.parameters?.charset ?? '',
    encoding: node.encoding ?? '',
    isHtml: type === 'text/html',
    ...flowOf(node.parameters ?? {}),
  }
  if (text.isHtml) found.html ??= text
  else found.plain ??= text
}

/** `1,2,3,7` to `1:3,7`; the shorter a command is, the fewer servers refuse it. */
export function rangeOf(uids: number[]): string {
  const sorted = [...uids].sort((left, right) => left - right)
  const ranges: string[] = []
  let start = 0
  for (let at = 1; at <= sorted.length; at += 1) {
    if (at < sorted.length && sorted[at] === (sorted[at - 1] as number) + 1) continue
    ranges.push(start === at - 1 ? `${sorted[start]}` : `${sorted[start]}:${sorted[at - 1]}`)
    start = at
  }
  return ranges.join(',')
}

/** `1:3,7` to its numbers, or null where there are more than `most` or it is no such set. */
export function numbersOf(range: string, most: number): number[] | null {
  const numbers: number[] = []
  if (range === '') return numbers
  for (const part of range.split(',')) {
    const [, one, other = one] = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(part) ?? []
    if (one === undefined) return null
    const [first, last] = [Number(one), Number(other)].sort((left, right) => left - right) as [number, number]
    if (numbers.length + last - first + 1 > most) return null
    for (let number = first; number <= last; number += 1) numbers.push(number)
  }
  return numbers
}
