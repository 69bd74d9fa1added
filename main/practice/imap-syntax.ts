/** IMAP on the wire (RFC 3501 sections 4 and 9): commands with their literals out of bytes, strings into bytes. */

export type Token =
  | { kind: 'atom'; text: string }
  | { kind: 'string'; text: string; bytes: Buffer }
  | { kind: 'list'; items: Token[] }

export type Command = {
  tag: string
  /** In capitals; `UID FETCH` with its prefix. */
  name: string
  args: Token[]
  /** What follows the name, for FETCH, whose items are no tokens; literals are left out of it. */
  rest: string
}

export type Intake = {
  /** Takes what came and gives what is complete. */
  read(chunk: Buffer): void
}

const LONGEST_LINE = 64 * 1024
const LARGEST_LITERAL = 64 * 1024 * 1024
const LARGEST_STRANGE_LITERAL = 8 * 1024

export type IntakeDeps = {
  onLine(text: string, literals: Buffer[]): void
  /** A literal that waits for our go-ahead. */
  onGoAhead(): void
  /** What is too long; nothing more is read then. */
  onTooLong(): void
  isKnown(): boolean
}

// Stands in a line for the literal of that place; no line may have one of its own (RFC 3501: no NUL).
const LITERAL_MARK = '\u0000'

/** Cuts the stream into lines, with the literals that belong to each. */
export function createIntake({ onLine, onGoAhead, onTooLong, isKnown }: IntakeDeps): Intake {
  let chunks: Buffer[] = []
  let size = 0
  let line = ''
  let literals: Buffer[] = []
  /** Bytes of a literal still to come. */
  let wanted: number | null = null
  let isOver = false

  const held = (): Buffer => {
    if (chunks.length > 1) chunks = [Buffer.concat(chunks)]
    return chunks[0] ?? Buffer.alloc(0)
  }
  const keep = (rest: Buffer) => {
    chunks = rest.length === 0 ? [] : [rest]
    size = rest.length
  }
  const giveUp = (): false => {
    isOver = true
    keep(Buffer.alloc(0))
    onTooLong()
    return false
  }
  const step = (): boolean => {
    if (wanted !== null) {
      // Large literals are joined once, when they are whole.
      if (size < wanted) return false
      const bytes = held()
      literals.push(bytes.subarray(0, wanted))
      keep(bytes.subarray(wanted))
      wanted = null
      return true
    }
    const bytes = held()
    const end = bytes.indexOf(0x0a)
    if (end < 0) return line.length + size > LONGEST_LINE ? giveUp() : false
    const text = bytes.subarray(0, end).toString('utf8').replace(/\r$/, '')
    keep(bytes.subarray(end + 1))
    if (line.length + text.length > LONGEST_LINE || text.includes(LITERAL_MARK)) return giveUp()
    const literal = /\{(\d{1,15})(\+?)\}$/.exec(text)
    if (literal === null) {
      const [whole, taken] = [line + text, literals]
      line = ''
      literals = []
      onLine(whole, taken)
      return !isOver
    }
    wanted = Number(literal[1])
    const total = literals.reduce((sum, one) => sum + one.length, wanted)
    if (total > (isKnown() ? LARGEST_LITERAL : LARGEST_STRANGE_LITERAL)) return giveUp()
    line += text.slice(0, -literal[0].length) + LITERAL_MARK
    if (literal[2] === '') onGoAhead()
    return true
  }

  return {
    read(chunk) {
      if (isOver) return
      chunks.push(chunk)
      size += chunk.length
      while (step()) {}
    },
  }
}

/** A command line with its literals; null for what is none. */
export function parseCommand(line: string, literals: Buffer[]): Command | null {
  const match = /^([^\s(){%*"\\\]\u0000+]+) +((?:[Uu][Ii][Dd] +)?[A-Za-z]+)(?: (.*))?$/s.exec(line)
  if (match === null) return null
  const [, tag = '', name = '', rest = ''] = match
  const args = parseTokens(rest, literals)
  return args === null ? null : { tag, name: name.toUpperCase().replace(/ +/, ' '), args, rest }
}

function parseTokens(text: string, literals: Buffer[]): Token[] | null {
  const stack: Token[][] = [[]]
  let left = [...literals]
  // An atom takes its brackets with it: BODY[HEADER.FIELDS (DATE)] is one.
  const pattern = /[ ]+|(\()|(\))|"((?:[^"\\]|\\["\\])*)"|(\u0000)|((?:[^\s()"\u0000[]|\[[^\]]*\])+)/gy
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text)
    const top = stack.at(-1)
    if (match === null || top === undefined || stack.length > 20) return null
    if (match[1] !== undefined) stack.push([])
    else if (match[2] !== undefined) {
      stack.pop()
      const above = stack.at(-1)
      if (above === undefined) return null
      above.push({ kind: 'list', items: top })
    } else if (match[3] !== undefined) {
      const unescaped = match[3].replace(/\\(["\\])/g, '$1')
      top.push({ kind: 'string', text: unescaped, bytes: Buffer.from(unescaped) })
    } else if (match[4] !== undefined) {
      const [bytes = Buffer.alloc(0), ...others] = left
      left = others
      // Only small ones are names or words; a mail is not turned into a text.
      top.push({ kind: 'string', text: bytes.length > LONGEST_LINE ? '' : bytes.toString('utf8'), bytes })
    } else if (match[5] !== undefined) top.push({ kind: 'atom', text: match[5] })
  }
  return stack.length === 1 ? (stack[0] ?? []) : null
}

/** The text of an atom or string; null for a list or nothing. */
export function textOf(token: Token | undefined): string | null {
  return token === undefined || token.kind === 'list' ? null : token.text
}

/** NIL, a quoted string or a literal, as bytes that may follow anything. */
export function stringBytes(text: string | Buffer | null): Buffer {
  if (text === null) return Buffer.from('NIL')
  const bytes = Buffer.from(text)
  if (typeof text === 'string' && text.length < 1000 && /^[\x20-\x7e]*$/.test(text)) {
    return Buffer.from(`"${text.replace(/[\\"]/g, '\\$&')}"`)
  }
  return Buffer.concat([Buffer.from(`{${bytes.length}}\r\n`), bytes])
}

/** `1:4,7,9:*` over ascending numbers; `*` is the last of them. Null for what is no sequence set. */
export function numbersIn(set: string, numbers: number[]): Set<number> | null {
  if (!/^(?:\d+|\*)(?::(?:\d+|\*))?(?:,(?:\d+|\*)(?::(?:\d+|\*))?)*$/.test(set)) return null
  const last = numbers.at(-1) ?? 0
  const found = new Set<number>()
  for (const range of set.split(',')) {
    const [from = 0, to = from] = range.split(':').map(end => (end === '*' ? last : Number(end)))
    for (const number of numbers) {
      if (number >= Math.min(from, to) && number <= Math.max(from, to)) found.add(number)
    }
  }
  return found
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `" 5-Mar-2026 14:07:00 +0000"` without the quotes. */
export function internalDate(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
  return `${String(date.getUTCDate()).padStart(2, ' ')}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()} ${time} +0000`
}

/** Epoch ms of a date-time of APPEND; null for what is none. */
export function readInternalDate(text: string): number | null {
  const match = /^([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})$/.exec(text)
  if (match === null) return null
  const at = Date.parse(`${match[1]?.trim()} ${match[2]} ${match[3]} ${match[4]} ${match[5]}`)
  return Number.isNaN(at) ? null : at
}
