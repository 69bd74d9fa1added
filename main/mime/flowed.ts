/**
 * Plain text as format=flowed (RFC 3676): wrapped for narrow readers, and given back exactly by those who know the
 * format. Writes and reads. Columns are counted as they look: a full-width character is two. Pure.
 */

import { eastAsianWidth } from 'get-east-asian-width'
import { SIGNATURE_MARK } from '../../shared/signature.ts'

export type Flowed = {
  /** Lines end in CRLF; none is wider than 78 columns unless it is one word that cannot be broken. */
  body: string
  /** Content-Type with its parameters. */
  type: string
}

/** Lines are broken here, and left alone up to the most that RFC 5322 section 2.1.1 wants. */
const WRAP = 72
const WIDEST = 78
/** However deep a quote is, so much of it stands on each line. */
const NARROWEST = 16

/** Written without spaces between words: only there a line must be broken where there is none (DelSp). */
const UNSPACED = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f]|[\ud840-\ud8bf][\udc00-\udfff]/

/** The text of a mail, of any length and any line ends, as the body of a text/plain part. */
export function writeFlowed(text: string): Flowed {
  const flowing = flow(text)
  for (;;) {
    const { done, value } = flowing.next()
    if (done === true) return value
  }
}

/** Characters that take a few milliseconds at most. */
const SLICE = 20_000

/** The same with a stop now and then, for who has other things to do; a letter of usual length has none. */
export function* flow(text: string): Generator<undefined, Flowed, void> {
  const lines = text.replace(/\r\n?/g, '\n').split('\n')
  const deletesSpace = UNSPACED.test(text) || (yield* haveLongWord(lines))
  const flowed: string[] = []
  let left = SLICE
  for (const line of lines) {
    const parts = flowLine(line, deletesSpace)
    for (let part = parts.next(); ; part = parts.next()) {
      if (part.done === true) {
        flowed.push(part.value)
        break
      }
      left -= part.value
      if (left > 0) continue
      yield
      left = SLICE
    }
  }
  return {
    body: flowed.join('\r\n'),
    type: `text/plain; charset=utf-8; format=flowed${deletesSpace ? '; delsp=yes' : ''}`,
  }
}

function* haveLongWord(lines: readonly string[]): Generator<undefined, boolean, void> {
  // Looking is much cheaper than breaking lines.
  let left = 10 * SLICE
  for (const line of lines) {
    if (hasLongWord(line)) return true
    left -= line.length
    if (left > 0) continue
    yield
    left = 10 * SLICE
  }
  return false
}

/** The quoted depth of a line and what stands behind it; what is not written `>> words` is not a quote of ours. */
function parted(line: string): { depth: number; words: string } {
  const marks = /^>+(?= (?!$)|$)/.exec(line)?.[0] ?? ''
  return marks === ''
    ? { depth: 0, words: line }
    : { depth: marks.length, words: line.slice(marks.length + 1) }
}

function hasLongWord(line: string): boolean {
  if (line.length <= WIDEST / 4) return false
  const { depth, words } = parted(line)
  const room = roomFor(depth, WIDEST) - 1
  return (words.match(/[^ ]+/g) ?? []).some(word => word.length > room / 2 && widthOf(word) > room)
}

/** Columns left on a line for words: the marks, and one for a space that stuffs or ends it. */
function roomFor(depth: number, width: number): number {
  return Math.max(NARROWEST, width - depth - 1)
}

/** Says how many characters it has done since it last said so. */
function* flowLine(line: string, deletesSpace: boolean): Generator<number, string, void> {
  const { depth, words } = parted(line)
  const marks = '>'.repeat(depth)
  const pieces: string[] = []
  let rest = words
  if (rest !== SIGNATURE_MARK) {
    for (;;) {
      const length = pieceLength(rest, depth, deletesSpace)
      if (length >= rest.length) break
      pieces.push(rest.slice(0, length))
      rest = rest.slice(length)
      yield length
    }
    // A hard line end must not follow a space: the space is flowed into an empty line.
    if (rest.endsWith(' ')) {
      pieces.push(rest)
      rest = ''
    }
  }
  const soft = pieces.map(piece => `${marks}${stuffed(piece, depth)}${deletesSpace ? ' ' : ''}\r\n`)
  yield rest.length
  return `${soft.join('')}${marks}${stuffed(rest, depth)}`
}

/** RFC 3676 section 4.4; quoted words are set off by a space, as everybody writes them. */
function stuffed(piece: string, depth: number): string {
  if (depth > 0) return piece === '' ? '' : ` ${piece}`
  return /^(?: |>|From )/.test(piece) ? ` ${piece}` : piece
}

/** How much of `rest` goes on this line; all of it where it is the last one. */
function pieceLength(rest: string, depth: number, deletesSpace: boolean): number {
  const most = roomFor(depth, WIDEST)
  if (rest.length <= most / 2) return rest.length
  const spare = deletesSpace ? 1 : 0
  const unstuffed = depth === 0 && stuffed(rest, depth) === rest ? 1 : 0
  const whole = most + unstuffed - (rest.endsWith(' ') ? spare : 0)
  if (rest.length <= whole * 2 && widthOf(rest) <= whole) return rest.length
  const wanted = roomFor(depth, WRAP) - spare
  let width = columnsOf(rest, 0)
  let good = 0
  let anywhere = 0
  let stuffing = 0
  for (let at = nextAt(rest, 0); at < rest.length; at = nextAt(rest, at)) {
    const isTooWide = width > most - spare
    if (isTooWide && (good > 0 || anywhere > 0 || stuffing > 0)) break
    if (maySplit(rest, at)) {
      // Legal, but some readers show the space that would have to stuff the next line.
      if (depth === 0 && /^(?: |>|From )/.test(rest.slice(at, at + 5))) {
        if (deletesSpace || rest[at - 1] === ' ') stuffing = at
      } else if (isBreak(rest, at, deletesSpace)) {
        if (width > wanted) return good || at
        good = at
      } else if (deletesSpace && !isJoined(rest, at)) anywhere = at
    }
    width += columnsOf(rest, at)
  }
  return good || anywhere || stuffing || rest.length
}

/** Neither this line nor the rest may become a signature separator. */
function maySplit(rest: string, at: number): boolean {
  if (at <= SIGNATURE_MARK.length && /^--? ?$/.test(rest.slice(0, at))) return false
  return rest.length - at > SIGNATURE_MARK.length || rest.slice(at) !== SIGNATURE_MARK
}

function isBreak(rest: string, at: number, deletesSpace: boolean): boolean {
  const before = rest[at - 1] as string
  const after = rest[at] as string
  if (before === ' ') return after !== ' '
  if (!deletesSpace || after === ' ' || isJoined(rest, at)) return false
  const isWideBefore = isWide(codePointBefore(rest, at))
  const isWideAfter = isWide(rest.codePointAt(at) ?? 0)
  if (!isWideBefore && !isWideAfter) return false
  return !NEVER_FIRST.test(after) && !NEVER_LAST.test(before)
}

/** Kinsoku: what must not begin and what must not end a line. */
const NEVER_FIRST =
  /[、。，．・：；？！ー々ゝゞヽヾ）］｝〕〉》」』】’”〜…‥ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.!?:;)\]}%]/
const NEVER_LAST = /[（［｛〔〈《「『【‘“([{$¥￥#]/

/** Whether the character at `at` belongs to the one before: marks, joiners, the second half of a flag or a pair. */
function isJoined(rest: string, at: number): boolean {
  const after = rest.codePointAt(at) ?? 0
  if (after >= 0xdc00 && after <= 0xdfff) return true
  const sign = String.fromCodePoint(after)
  if (/\p{M}|\p{Cf}|\p{Emoji_Modifier}/u.test(sign)) return true
  const before = codePointBefore(rest, at)
  if (before === ZERO_WIDTH_JOINER) return true
  return isFlagHalf(after) && isFlagHalf(before)
}

const ZERO_WIDTH_JOINER = 0x200d
const isFlagHalf = (point: number) => point >= 0x1f1e6 && point <= 0x1f1ff

function codePointBefore(rest: string, at: number): number {
  const unit = rest.charCodeAt(at - 1)
  return unit >= 0xdc00 && unit <= 0xdfff && at > 1 ? (rest.codePointAt(at - 2) ?? unit) : unit
}

function nextAt(rest: string, at: number): number {
  return at + ((rest.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
}

function isWide(point: number): boolean {
  return columns(point) === 2
}

function columnsOf(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  return unit < 0x300 ? 1 : columns(text.codePointAt(at) ?? unit)
}

/** What was looked up once, plus one: asking Unicode of every character of a long mail takes too long. */
const known = new Uint8Array(0x110000)

function columns(point: number): number {
  const found = known[point]
  if (found !== undefined && found > 0) return found - 1
  const isZero = /\p{M}|\p{Cf}/u.test(String.fromCodePoint(point))
  const width = isZero ? 0 : point >= 0x1100 && eastAsianWidth(point) === 2 ? 2 : 1
  known[point] = width + 1
  return width
}

/** The columns that a line takes. */
export function widthOf(line: string): number {
  let width = 0
  for (let at = 0; at < line.length; at = nextAt(line, at)) width += columnsOf(line, at)
  return width
}

// -------------------------------------------------------------------- read

/** The text that a flowed body says. Quotes come back as `>> words`; a line that goes on at another depth ends there. */
export function readFlowed(body: string, deletesSpace: boolean): string {
  const out: string[] = []
  let pieces: string[] = []
  let open: number | null = null
  const end = () => {
    if (open !== null) out.push(quotedLine(open, pieces.join('')))
    pieces = []
    open = null
  }
  for (const line of body.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0
    const words = line[depth] === ' ' ? line.slice(depth + 1) : line.slice(depth)
    const isSignature = words === SIGNATURE_MARK
    if (open !== null && (open !== depth || isSignature)) end()
    open = depth
    const isSoft = words.endsWith(' ') && !isSignature
    pieces.push(isSoft && deletesSpace ? words.slice(0, -1) : words)
    if (!isSoft) end()
  }
  end()
  return out.join('\n')
}

function quotedLine(depth: number, words: string): string {
  if (depth === 0) return words
  return words === '' ? '>'.repeat(depth) : `${'>'.repeat(depth)} ${words}`
}
