/**
 * What of a draft its writer wrote: without quotes, forwarded mails, code and signature, and the links in it. Pure and
 * linear in the length of the draft. Refuses to judge the words.
 */

import type { DraftContent, Signature } from './model.ts'

export type OwnLink = { text: string; href: string }

export type OwnWords = {
  /** Own lines in their order; a line longer than `LONGEST_LINE` is cut. */
  lines: string[]
  links: OwnLink[]
  hasPicture: boolean
  /** There are words of somebody else too: a quote, or a mail that is forwarded. */
  hasQuote: boolean
}

/** Nobody writes such a line; what a program put there is not worth asking about. */
const LONGEST_LINE = 4_000

export function ownWords(
  { text, html }: Pick<DraftContent, 'text' | 'html'>,
  signature: Signature | null,
): OwnWords {
  const read = html == null ? readText(text) : readHtml(html)
  const { lines, hasQuote } = withoutQuotes(read.lines)
  const own = withoutSignature(lines, signature === null ? [] : linesOfSignature(signature, html != null))
  return { ...read, lines: own.map(line => line.slice(0, LONGEST_LINE)), hasQuote }
}

function readText(text: string): Omit<OwnWords, 'hasQuote'> {
  return { lines: withoutCode(text.split(/\r\n|\r|\n/)), links: [], hasPicture: false }
}

/** Fenced blocks go; a fence that is never closed is only a line. */
function withoutCode(lines: readonly string[]): string[] {
  const lastFence = lines.findLastIndex(line => line.startsWith(FENCE))
  let isCode = false
  return lines.flatMap((line, index) => {
    const isFence = line.startsWith(FENCE) && (isCode || index < lastFence)
    if (isFence) isCode = !isCode
    return isFence || isCode ? [] : [withoutTicks(line)]
  })
}

const FENCE = '```'

function withoutTicks(line: string): string {
  return line.includes('`') ? line.replace(/`[^`]*`/g, ' ') : line
}

// ------------------------------------------------------------------- html

// The html of a letter (letter-html.ts) has `<` and `>` in tags alone, so a tag ends before the next `<`.
const TAG = /<(\/?)([a-z][a-z0-9]*)([^<>]*)>/gi
const ENDS_A_LINE = new Set(['p', 'h1', 'h2', 'h3', 'br', 'hr', 'li', 'tr', 'div', 'ul', 'ol', 'table'])
const HIDES = new Set(['blockquote', 'pre', 'code'])
/** What stands for a quote among the lines, so that the line that introduces it is known. */
const QUOTE_MARK = '>'

function readHtml(html: string): Omit<OwnWords, 'hasQuote'> {
  const lines: string[] = []
  const links: OwnLink[] = []
  const depth: Record<string, number> = { blockquote: 0, pre: 0, code: 0 }
  let line = ''
  let link: OwnLink | null = null
  let hasPicture = false
  let from = 0
  const isHidden = () => Object.values(depth).some(count => count > 0)
  // White space between two blocks is no line.
  const endLine = () => {
    if (line.trim() !== '') lines.push(line)
    line = ''
  }
  for (const tag of html.matchAll(TAG)) {
    const [whole, slash, rawName = '', attributes = ''] = tag
    const name = rawName.toLowerCase()
    if (!isHidden()) {
      const words = textOf(html.slice(from, tag.index))
      line += words
      if (link !== null) link.text += words
    }
    from = tag.index + whole.length
    if (HIDES.has(name)) {
      if (name === 'blockquote' && slash === '') {
        endLine()
        lines.push(QUOTE_MARK)
      }
      depth[name] = Math.max(0, (depth[name] ?? 0) + (slash === '' ? 1 : -1))
    } else if (isHidden()) continue
    else if (name === 'br') {
      lines.push(line)
      line = ''
    } else if (ENDS_A_LINE.has(name)) endLine()
    else if (name === 'td' || name === 'th') line += ' '
    else if (name === 'img') hasPicture = true
    else if (name === 'a' && slash === '') {
      link = { text: '', href: textOf(/\shref="([^"]*)"/i.exec(attributes)?.[1] ?? '') }
    } else if (name === 'a' && link !== null) {
      links.push(link)
      link = null
    }
  }
  if (!isHidden()) line += textOf(html.slice(from))
  endLine()
  return { lines, links, hasPicture }
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

function textOf(html: string): string {
  return html
    .replace(
      /&(?:#(\d{1,7})|([a-z]{2,6}));/gi,
      (whole, number: string | undefined, name: string | undefined) => {
        if (number === undefined) return ENTITIES[name?.toLowerCase() ?? ''] ?? whole
        const code = Number(number)
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
      },
    )
    .replace(/[\n\r]+/g, ' ')
}

// ----------------------------------------------------------------- quotes

const QUOTED = /^[ \t]{0,3}[>＞|](?!\S*[<@])/
/** From such a line on the mail is somebody else's. */
const OTHER_MAIL =
  /^[ \t]*(?:-{2,}|_{8,}|―{2,})[ \t]*(?:original message|original mail|forwarded message|begin forwarded message|元のメッセージ|転送メッセージ|転送されたメッセージ|ursprüngliche nachricht)/i
const OUTLOOK_RULE = /^_{20,}\s*$/
const MAIL_HEADER = /^(?:from|sent|to|subject|差出人|送信者|送信日時|宛先|件名|von|gesendet)\s{0,4}[:：]/i
const SIGNATURE_MARK = /^-- ?$/
const INTRODUCES = /[:：]\s*$/

function withoutQuotes(lines: readonly string[]): { lines: string[]; hasQuote: boolean } {
  const own: string[] = []
  let hasQuote = false
  let isSignature = false
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string
    if (opensOtherMail(lines, index)) return { lines: own, hasQuote: true }
    if (QUOTED.test(line)) {
      hasQuote = true
      isSignature = false
      dropIntroduction(own)
    } else if (SIGNATURE_MARK.test(line)) isSignature = true
    else if (!isSignature) own.push(line)
  }
  return { lines: own, hasQuote }
}

function opensOtherMail(lines: readonly string[], index: number): boolean {
  const line = lines[index] as string
  if (OTHER_MAIL.test(line)) return true
  if (OUTLOOK_RULE.test(line)) return MAIL_HEADER.test(lines[index + 1] ?? '')
  return (
    MAIL_HEADER.test(line) &&
    MAIL_HEADER.test(lines[index + 1] ?? '') &&
    MAIL_HEADER.test(lines[index + 2] ?? '')
  )
}

/** "On Tuesday, Haruka wrote:" above a quote is the program's line, not the writer's. */
function dropIntroduction(own: string[]): void {
  let last = own.length - 1
  while (last >= 0 && own[last]?.trim() === '') last -= 1
  if (last >= 0 && INTRODUCES.test((own[last] as string).slice(-8)) && own.length - last <= 2)
    own.length = last
}

// -------------------------------------------------------------- signature

const RULER = /^[ \t　]*[-=*＊＝―─━_~～☆★■□◆◇・…+＋]{4,}[ \t　]*$/
const SAYS_WHO =
  /〒|\b(?:tel|fax|mobile|phone)\b|電話|携帯|https?:\/\/|www\.|[\w.+-]{1,64}@[\w-]{1,63}\.|株式会社|有限会社|合同会社/i
const LONGEST_SIGNATURE = 14

/** Read like the letter that it stands in, so that its lines are the same ones. */
function linesOfSignature({ text, html }: Signature, isInHtml: boolean): string[] {
  return (isInHtml && html !== null ? readHtml(html) : readText(text)).lines
}

/** Cuts what closes the mail: the identity's own signature, or lines under a ruler that say where the writer is found. */
function withoutSignature(lines: readonly string[], signature: readonly string[]): string[] {
  const trimmed = lines.map(line => line.trim())
  const known = signature.map(line => line.trim())
  if (known.some(line => line !== '')) {
    const at = trimmed.findLastIndex((_, index) =>
      known.every((line, step) => trimmed[index + step] === line),
    )
    if (at >= 0) return [...lines.slice(0, at), ...lines.slice(at + known.length)]
  }
  let end = lines.length
  while (end > 0 && trimmed[end - 1] === '') end -= 1
  const lowest = Math.max(0, end - LONGEST_SIGNATURE)
  for (let index = lowest; index < end; index += 1) {
    if (
      RULER.test(lines[index] as string) &&
      lines.slice(index, end).some(line => SAYS_WHO.test(line.slice(0, 200)))
    )
      return lines.slice(0, index)
  }
  return [...lines]
}
