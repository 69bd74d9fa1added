/**
 * One Authentication-Results field (RFC 8601 section 2.2), read: who says it, and what came out of each method. Refuses
 * what does not follow the grammar as a whole: a field that was cut or forged badly is no word of a server.
 */

export type MethodResult = {
  /** In lower case, like `outcome` and the names of `properties`. */
  method: string
  outcome: string
  /** `header.d`, `smtp.mailfrom` …; of a name that comes twice, the first. */
  properties: Record<string, string>
}

export type AuthenticationResults = { server: string; results: MethodResult[] }

const LONGEST_FIELD = 16_000
const MOST_RESULTS = 100
const MOST_PROPERTIES = 40
const DEEPEST_COMMENT = 20

/** Null where it is malformed, beyond the limits, or of a version that is not ours. */
export function parseAuthenticationResults(value: string): AuthenticationResults | null {
  if (value.length > LONGEST_FIELD) return null
  const segments = segmentsOf(value)
  const [head = [], ...rest] = segments ?? []
  const [server, version = '1', ...beyond] = head
  if (server === undefined || server === '=' || version !== '1' || beyond.length > 0) return null
  const results: MethodResult[] = []
  for (const tokens of rest) {
    // A semicolon at the end, and "none", say nothing.
    if (tokens.length === 0 || (tokens.length === 1 && tokens[0]?.toLowerCase() === 'none')) continue
    const result = resultOf(tokens)
    if (result === null || results.length === MOST_RESULTS) return null
    if (result.isOurVersion) results.push(result.result)
  }
  return { server: server.toLowerCase(), results }
}

function resultOf(tokens: readonly string[]): { result: MethodResult; isOurVersion: boolean } | null {
  const pairs: [string, string][] = []
  for (let at = 0; at < tokens.length; at += 3) {
    const [name, equals, value] = tokens.slice(at, at + 3)
    if (name === undefined || name === '=' || equals !== '=' || value === undefined || value === '=')
      return null
    pairs.push([name.toLowerCase(), value])
  }
  const [first, ...properties] = pairs
  if (first === undefined || properties.length > MOST_PROPERTIES) return null
  const [method = '', version = '1'] = first[0].split('/')
  return {
    isOurVersion: version === '1',
    result: {
      method,
      outcome: first[1].toLowerCase(),
      properties: Object.fromEntries(properties.reverse()),
    },
  }
}

const SPACE = /[ \t\r\n]+/y
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y
const NAME = /[^\s;="()]+/y
/** The signature of `header.b` may hold "=" without being quoted. */
const VALUE = /[^\s;"()]+/y

/** Words between semicolons, "=" a word of its own, comments gone; null where a quote or a comment never ends. */
function segmentsOf(value: string): string[][] | null {
  const segments: string[][] = [[]]
  let at = 0
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const match = pattern.exec(value)
    if (match === null) return null
    at = pattern.lastIndex
    return match[1] ?? match[0]
  }
  while (at < value.length) {
    const words = segments.at(-1) as string[]
    const character = value[at]
    if (take(SPACE) !== null) continue
    if (character === '(') {
      const end = endOfComment(value, at)
      if (end === null) return null
      at = end
    } else if (character === ';') {
      segments.push([])
      at += 1
    } else if (character === '=' && words.at(-1) !== '=') {
      words.push('=')
      at += 1
    } else {
      const quoted = take(QUOTED)
      const word = quoted ?? take(words.at(-1) === '=' ? VALUE : NAME)
      if (word === null) return null
      const text = quoted === null ? word : quoted.replace(/\\([\s\S])/g, '$1')
      // "dkim / 1" and "header . d" may have room around their marks.
      const last = words.at(-1)
      const isJoined = last !== undefined && last !== '=' && words.at(-2) !== '='
      if (isJoined && (/[/.]$/.test(last) || /^[/.]/.test(text))) words[words.length - 1] = last + text
      else words.push(text)
    }
  }
  return segments
}

/** Behind the comment that begins here; null where it never ends or lies too deep. */
function endOfComment(value: string, start: number): number | null {
  let depth = 0
  for (let at = start; at < value.length; at += 1) {
    const character = value[at]
    if (character === '\\') at += 1
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    if (depth > DEEPEST_COMMENT) return null
    if (depth === 0) return at + 1
  }
  return null
}
