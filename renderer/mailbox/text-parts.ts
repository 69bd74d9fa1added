/** A text mail taken apart: lines by their depth of quotation, links within them. Pure; refuses to guess markup. */

export type TextPart = { kind: 'text'; text: string } | { kind: 'link'; text: string; url: string }
export type TextBlock = { depth: number; lines: TextPart[][] }

/** `>` and `> >` at the beginning of a line (RFC 3676 4.5); what follows is the quoted text. */
const QUOTE = /^(?:>[ \t]?)+/
const LINK = /\bhttps?:\/\/[^\s<>"'「」『』（）【】、。]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu
/** What ends a sentence rather than a link. */
const TRAILING = /[.,;:!?)\]}]+$/

export function partsOfLine(line: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of line.matchAll(LINK)) {
    let text = match[0]
    const tail = TRAILING.exec(text)?.[0] ?? ''
    // A closing bracket belongs to the link where the link opened one.
    if (tail !== '' && !(tail.startsWith(')') && text.includes('('))) text = text.slice(0, -tail.length)
    if (match.index > from) parts.push({ kind: 'text', text: line.slice(from, match.index) })
    parts.push({ kind: 'link', text, url: text.includes('://') ? text : `mailto:${text}` })
    from = match.index + text.length
  }
  if (from < line.length) parts.push({ kind: 'text', text: line.slice(from) })
  return parts
}

/** Blocks of lines of one depth, in order. Blank lines at either end of the text fall away. */
export function blocksOfText(text: string): TextBlock[] {
  const blocks: TextBlock[] = []
  for (const line of text
    .replace(/\r\n?/g, '\n')
    .replace(/^\n+|\s+$/g, '')
    .split('\n')) {
    const mark = QUOTE.exec(line)?.[0] ?? ''
    const depth = mark.split('>').length - 1
    const last = blocks.at(-1)
    const parts = partsOfLine(line.slice(mark.length))
    if (last !== undefined && last.depth === depth) last.lines.push(parts)
    else blocks.push({ depth, lines: [parts] })
  }
  return blocks
}

const PIECE_LENGTH = 40_000
const PIECE_LINES = 1_000
/** An address costs far more to draw than a word. */
const PIECE_LINKS = 400

/** A long text in pieces that can each be drawn without holding up the page, cut at the ends of lines where it has some. */
export function piecesOfText(text: string): string[] {
  const pieces: string[] = []
  let from = 0
  while (from < text.length) {
    const end = endOfPiece(text, from)
    pieces.push(text.slice(from, end))
    from = end
  }
  return pieces
}

function endOfPiece(text: string, from: number): number {
  const limit = Math.min(text.length, from + PIECE_LENGTH)
  let lines = 0
  let links = 0
  let lastLine = from
  for (let at = from; at < limit; at += 1) {
    const sign = text[at]
    if (sign === '@' || (sign === ':' && text.startsWith('//', at + 1))) links += 1
    if (sign === '\n') {
      lines += 1
      lastLine = at + 1
    }
    if (lines > PIECE_LINES || links > PIECE_LINKS) return lastLine > from ? lastLine : atWord(text, from, at)
  }
  if (limit === text.length) return limit
  return lastLine > from ? lastLine : atWord(text, from, limit)
}

/** Behind the last space before `end`; never in the middle of a character. */
function atWord(text: string, from: number, end: number): number {
  const space = text.lastIndexOf(' ', end - 1)
  if (space > from) return space + 1
  const code = text.charCodeAt(end - 1)
  return code >= 0xd800 && code <= 0xdbff && end - 1 > from ? end - 1 : end
}
