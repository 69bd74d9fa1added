/** SEARCH over the mails of one folder (RFC 3501 section 6.4.4), as far as a mail client asks a practice server. */

import type { StoredMail } from './imap-store.ts'
import { numbersIn, type Token, textOf } from './imap-syntax.ts'
import { headerOf } from './mime-tree.ts'

type Test = (stored: StoredMail, sequence: number) => boolean

const FLAGS: Record<string, string> = {
  ANSWERED: '\\Answered',
  DELETED: '\\Deleted',
  DRAFT: '\\Draft',
  FLAGGED: '\\Flagged',
  SEEN: '\\Seen',
}
const HEADERS: ReadonlySet<string> = new Set(['SUBJECT', 'FROM', 'TO', 'CC', 'BCC'])

/** The test that the keys describe; null where one of them is not known here. */
export function parseSearch(tokens: Token[], mails: StoredMail[]): Test | null {
  const rest = [...tokens]
  if (textOf(rest[0])?.toUpperCase() === 'CHARSET') rest.splice(0, 2)
  const tests: Test[] = []
  while (rest.length > 0) {
    const test = parseKey(rest, mails, 0)
    if (test === null) return null
    tests.push(test)
  }
  return tests.length === 0 ? null : (stored, sequence) => tests.every(test => test(stored, sequence))
}

/** Takes one key and what belongs to it from the front. */
function parseKey(rest: Token[], mails: StoredMail[], depth: number): Test | null {
  const token = rest.shift()
  if (token === undefined || depth > 20) return null
  if (token.kind === 'list') return parseSearch(token.items, mails)
  const key = token.text.toUpperCase()
  const flag = FLAGS[key.replace(/^UN/, '')]
  if (flag !== undefined) return stored => stored.flags.has(flag) !== key.startsWith('UN')
  if (HEADERS.has(key)) return headerTest(key, textOf(rest.shift()))
  switch (key) {
    case 'ALL':
      return () => true
    case 'HEADER':
      return headerTest(textOf(rest.shift()), textOf(rest.shift()))
    case 'UID': {
      const uids = numbersIn(
        textOf(rest.shift()) ?? '',
        mails.map(({ uid }) => uid),
      )
      return uids === null ? null : stored => uids.has(stored.uid)
    }
    case 'NOT': {
      const test = parseKey(rest, mails, depth + 1)
      return test === null ? null : (stored, sequence) => !test(stored, sequence)
    }
    case 'OR': {
      const [left, right] = [parseKey(rest, mails, depth + 1), parseKey(rest, mails, depth + 1)]
      return left === null || right === null ? null : (one, place) => left(one, place) || right(one, place)
    }
    default: {
      const sequences = numbersIn(
        key,
        mails.map((_, index) => index + 1),
      )
      return sequences === null ? null : (_, sequence) => sequences.has(sequence)
    }
  }
}

function headerTest(name: string | null, text: string | null): Test | null {
  if (name === null || text === null) return null
  const wanted = text.toLowerCase()
  return stored => headerOf(stored.tree(), name.toLowerCase())?.toLowerCase().includes(wanted) ?? false
}
