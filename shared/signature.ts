/**
 * The signature of an identity in a letter: how it is written, where it stands when a letter begins, and whether a
 * letter says anything else. Pure. Refuses to look for one in a letter that was worked on: the editor does that.
 */

import type { Settings, Signature } from './model.ts'

/** The line by which a reader's program knows what follows as a signature (RFC 3676 section 4.3), space included. */
export const SIGNATURE_MARK = '-- '
const MARK_LINE = '<p>--&nbsp;</p>'
const FREE_LINE = '<p><br></p>'

/** Words, and the same as a letter (letter-html.ts). */
export type SignedPiece = { text: string; html: string }

/** Null for one that says nothing. */
export function worded(signature: Signature | null): Signature | null {
  return signature === null || signature.text.trim() === '' ? null : signature
}

/**
 * The signature as it is put into a letter. Only where it closes the letter it has its mark: a reader's program leaves
 * out of an answer whatever follows the mark, the mail that is quoted or forwarded below too.
 */
export function signatureBlock({ text, html }: Signature, closesLetter: boolean): SignedPiece {
  const lines =
    html ??
    text
      .split(/\r\n|\r|\n/)
      .map(lineHtml)
      .join('\n')
  return closesLetter
    ? { text: `${SIGNATURE_MARK}\n${text}`, html: `${MARK_LINE}\n${lines}` }
    : { text, html: lines }
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function linesHtml(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(lineHtml)
    .join('\n')
}

/** A line as the editor writes it: of a run of spaces all but the last are kept by name. */
function lineHtml(line: string): string {
  if (line === '') return FREE_LINE
  const words = line.replace(/[&<>"]/g, sign => SIGNS[sign] ?? '').replace(/ (?= )|^ | $/g, '&nbsp;')
  return `<p>${words}</p>`
}

export type LetterParts = {
  /** What is answered or forwarded, with the line that says so; null in a new mail. Html null where it is plain. */
  quote: { text: string; html: string | null } | null
  signature: Signature | null
} & Partial<Pick<Settings, 'quotes' | 'signatures'>>

/** A letter as it begins: room for the writer, what is quoted, and the signature where it belongs. */
export function beginLetter(parts: LetterParts): SignedPiece {
  const { quote, quotes = 'below', signatures = 'under-answer' } = parts
  const signature = worded(parts.signature)
  const isAbove = quote !== null && quotes === 'above'
  const isUnder = quote !== null && !isAbove && signatures === 'under-answer'
  const block = signature === null ? null : signatureBlock(signature, !isUnder)
  if (quote === null) return block === null ? { text: '', html: '' } : pieceOf(['', '', block])
  const quoted = { text: quote.text, html: quote.html ?? '' }
  if (isAbove) return pieceOf(block === null ? [quoted, '', ''] : [quoted, '', '', '', block])
  if (block === null) return withLastLine(pieceOf(['', '', quoted]))
  return isUnder ? withLastLine(pieceOf(['', '', block, '', quoted])) : pieceOf(['', '', quoted, '', block])
}

/** '' is a line left free. */
function pieceOf(pieces: readonly (SignedPiece | '')[]): SignedPiece {
  return {
    text: pieces.map(piece => (piece === '' ? '' : piece.text)).join('\n'),
    html: pieces.map(piece => (piece === '' ? FREE_LINE : piece.html)).join('\n'),
  }
}

/** The words of a quote end with a line end. */
function withLastLine({ text, html }: SignedPiece): SignedPiece {
  return { text: `${text}\n`, html }
}

/** A new letter with words that are there already, as a link to an address may bring them; html null is plain. */
export function begunWith<Letter extends { text: string; html?: string | null | undefined }>(
  words: string,
  letter: Letter,
): Letter {
  if (words === '') return letter
  const { text, html = null } = letter
  // Its first free line is where the words stand.
  const rest = html === null || html === '' ? '' : html.slice(FREE_LINE.length)
  return { ...letter, text: words + text, html: html === null ? null : linesHtml(words) + rest }
}

/** Whether these words of a letter are the signature and nothing else. */
export function isOnlySignature(text: string, signature: Signature | null): boolean {
  const known = worded(signature)
  if (known === null) return false
  const bare = text.trim().replace(/^--[ \t]*\n/, '')
  return linesOf(bare) === linesOf(known.text.trim())
}

const linesOf = (text: string) =>
  text
    .split(/\r\n|\r|\n/)
    .map(line => line.trimEnd())
    .join('\n')
