/**
 * What of a received mail may travel on in an answer: its words and its letter as far as they were seen, and what its
 * head says about who is answered. Refuses whatever was hidden, remote or too much to be weighed.
 */

import type { Address, MessageAttachment } from '../../shared/model.ts'
import { TooMuchStyle } from './css-rules.ts'
import { escapeHtml, parseDocument, TooDeep } from './html-tree.ts'
import { type LetterNode, letterOfNodes, picturesOf, writeLetter } from './letter.ts'
import { letterText } from './letter-text.ts'
import { headerLines, type Line } from './mail-header.ts'
import { type MailHead, parseAddresses, readMail } from './read-mail.ts'
import { visibilityOf } from './visible.ts'

export type Quotable = MailHead & {
  /** What a reader saw, in plain text. */
  text: string
  /** The same as a letter (shared/letter-html.ts); null where the mail has no html, or not one that can be quoted. */
  html: string | null
  /** Content-IDs of the pictures that the letter shows. */
  pictures: string[]
  attachments: MessageAttachment[]
  /** Whom the envelope named on the way, as servers noted it, the last one first. */
  deliveredTo: string[]
  /** Where its writer wants answers; empty where nothing is said. */
  mailReplyTo: Address[]
  followupTo: Address[]
  /** The address that posts to the list it came over (RFC 2369), else null. */
  listPost: string | null
}

/** More html is no letter, and reading it would hold up the mail that comes in. */
const LONGEST_HTML = 4_000_000
/** More words are not quoted. */
const LONGEST_QUOTE = 400_000

export async function readQuotable(source: Uint8Array): Promise<Quotable> {
  const {
    text,
    unsafeHtml,
    inlineImages: _,
    preview: __,
    isDamaged: ___,
    trace: ____,
    attachments,
    ...head
  } = await readMail(source)
  const contentIds = attachments.flatMap(({ contentId }) => contentId ?? [])
  const letter = unsafeHtml === null ? null : seenLetter(unsafeHtml, new Set(contentIds))
  const html = letter === null ? null : writeLetter(letter)
  const isQuotable = html !== null && html.length <= LONGEST_QUOTE
  return {
    ...head,
    // Where html was shown, the text beside it was not: it may say anything.
    text: cut(unsafeHtml === null ? text : letter === null ? '' : letterText(letter)),
    html: isQuotable ? html : null,
    pictures: letter === null || !isQuotable ? [] : picturesOf(letter),
    attachments,
    ...wishesOf(headerLines(source)),
  }
}

/** The letter of what was seen; null where that cannot be said. */
export function seenLetter(html: string, pictures: ReadonlySet<string>): LetterNode[] | null {
  if (html.length > LONGEST_HTML) return null
  try {
    const document = parseDocument(html)
    const { isHidden, isUnreadable } = visibilityOf(document)
    return letterOfNodes(document.children, { pictures, isForeign: true, isHidden, isUnreadable })
  } catch (error) {
    if (error instanceof TooDeep || error instanceof TooMuchStyle) return null
    throw error
  }
}

function cut(text: string): string {
  if (text.length <= LONGEST_QUOTE) return text
  return `${text.slice(0, LONGEST_QUOTE).toWellFormed()}\n[…]`
}

/** Plain lines as a letter: an empty one stays free. */
export function linesAsLetter(lines: readonly string[]): string {
  return lines.map(line => (line === '' ? '<p><br></p>' : `<p>${escapeHtml(line)}</p>`)).join('\n')
}

// -------------------------------------------------------------------- head

function wishesOf(lines: readonly Line[]) {
  const values = (name: string) => lines.filter(line => line.name === name).map(({ value }) => value)
  const addresses = (name: string) =>
    values(name)
      .flatMap(parseAddresses)
      .filter(({ address }) => address !== '')
  const post = values('list-post')[0] ?? ''
  return {
    deliveredTo: DELIVERY_HEADERS.flatMap(addresses).map(({ address }) => address),
    mailReplyTo: addresses('mail-reply-to'),
    followupTo: addresses('mail-followup-to'),
    listPost: /<mailto:([^?>\s]+@[^?>\s]+)/i.exec(post)?.[1] ?? null,
  }
}

/** The first says most about the address that was written to: a server that rewrites notes it there. */
const DELIVERY_HEADERS = ['x-original-to', 'envelope-to', 'x-envelope-to', 'delivered-to']
