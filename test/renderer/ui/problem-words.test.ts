import { describe, expect, test } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import {
  type Format,
  formatClock,
  formatDateTime,
  formatDue,
  formatDuration,
  formatList,
  formatListTime,
  formatNumber,
  formatSentences,
  formatSize,
} from '../../../renderer/ui/format.ts'
import { problemWords } from '../../../renderer/ui/problem-words.ts'
import type { Problem, ProblemKind } from '../../../shared/problem.ts'

const reply = { code: 550, enhanced: '5.1.1', text: 'no such user' }
const host = 'mail.example.org'

/** One of every kind: a kind that is missing here does not compile. */
const ALL: { [K in ProblemKind]: Extract<Problem, { kind: K }> } = {
  offline: { kind: 'offline' },
  dns: { kind: 'dns', host },
  unreachable: { kind: 'unreachable', host, port: 465, detail: 'ECONNREFUSED' },
  timeout: { kind: 'timeout', host, port: 465, phase: 'greeting' },
  'connection-lost': { kind: 'connection-lost', host, phase: 'no such phase' },
  'server-busy': { kind: 'server-busy', reply },
  'server-lacks': { kind: 'server-lacks', host, extension: 'REQUIRETLS' },
  protocol: { kind: 'protocol', host, detail: 'HTTP/1.1 400' },
  certificate: { kind: 'certificate', host, reason: 'self-signed', certificate: null },
  tls: { kind: 'tls', host, detail: 'alert 70' },
  'tls-not-offered': { kind: 'tls-not-offered', host },
  'plaintext-forbidden': { kind: 'plaintext-forbidden', host },
  authentication: { kind: 'authentication', host, user: 'yuki', text: '535 wrong' },
  'authentication-unavailable': { kind: 'authentication-unavailable', host, offered: ['XOAUTH2'] },
  throttled: { kind: 'throttled', host, text: 'too many' },
  'password-missing': { kind: 'password-missing', accountId: 'a' },
  'secrets-unavailable': { kind: 'secrets-unavailable', detail: 'locked' },
  refused: { kind: 'refused', reply },
  'recipients-refused': { kind: 'recipients-refused', recipients: [{ address: 'a@b.example', reply }] },
  'gave-up': { kind: 'gave-up', last: { kind: 'server-busy', reply }, afterMs: 5 * 86_400_000 },
  'no-recipients': { kind: 'no-recipients' },
  'address-invalid': { kind: 'address-invalid', address: 'nobody@', field: 'to' },
  'address-needs-smtputf8': { kind: 'address-needs-smtputf8', address: 'ゆき@example.jp' },
  'forbidden-character': { kind: 'forbidden-character', field: 'subject' },
  'too-big': { kind: 'too-big', bytes: 30_000_000, limit: 10_000_000 },
  'too-many-recipients': { kind: 'too-many-recipients', count: 500, limit: 100 },
  'attachment-missing': { kind: 'attachment-missing', name: 'a.pdf' },
  'attachment-unreadable': { kind: 'attachment-unreadable', name: 'a.pdf' },
  'bytes-changed': { kind: 'bytes-changed' },
  'outcome-unknown': { kind: 'outcome-unknown' },
  'past-no-return': { kind: 'past-no-return' },
  'same-mail': { kind: 'same-mail', itemId: 'i' },
  'disk-full': { kind: 'disk-full' },
  disk: { kind: 'disk', detail: 'EIO' },
  'database-newer': { kind: 'database-newer', file: 'desk.db' },
  'database-corrupt': { kind: 'database-corrupt', file: 'desk.db' },
  'settings-corrupt': { kind: 'settings-corrupt', keptAs: 'settings.old' },
  'already-running': { kind: 'already-running' },
  invalid: { kind: 'invalid', field: 'port', reason: 'not a number' },
  'not-found': { kind: 'not-found', what: 'draft' },
  'draft-newer': { kind: 'draft-newer' },
  'written-elsewhere': { kind: 'written-elsewhere' },
  conflict: { kind: 'conflict', what: 'draft', revision: 3 },
  'not-now': { kind: 'not-now', what: 'sending' },
  'no-folder': { kind: 'no-folder', role: 'archive' },
  'message-gone': { kind: 'message-gone' },
  'web-refused': { kind: 'web-refused', host: 'print.example', detail: 'HTTP 404' },
  'mail-unreadable': { kind: 'mail-unreadable', detail: 'nesting' },
  cancelled: { kind: 'cancelled' },
  internal: { kind: 'internal', detail: 'x is undefined' },
}

function formatFor(language: 'en' | 'ja'): Format {
  return {
    clock: (at, withSeconds) => formatClock(at, language, withSeconds),
    listTime: (at, now) => formatListTime(at, now, language),
    dateTime: at => formatDateTime(at, language),
    due: (at, now) => formatDue(at, now, language),
    duration: ms => formatDuration(ms, language),
    size: bytes => formatSize(bytes, language),
    number: value => formatNumber(value, language),
    list: items => formatList(items, language),
    sentences: sentences => formatSentences(sentences, language),
  }
}

describe.each(['en', 'ja'] as const)('a problem in words, %s', language => {
  const words = wordsOf(createWords(language))
  const format = formatFor(language)

  test.each(Object.values(ALL))('$kind says what happened, what it means and what can be done', problem => {
    const said = problemWords(problem, words, format)
    for (const sentence of [said.title, said.meaning, said.remedy]) {
      expect(sentence).not.toMatch(/\{\{|\}\}|^problem\.|undefined/)
      expect(sentence.length).toBeGreaterThan(1)
      expect(sentence).not.toContain('!')
    }
  })

  test('every reason to disbelieve a certificate has its own words', () => {
    const reasons = [
      'untrusted',
      'self-signed',
      'expired',
      'not-yet-valid',
      'name-mismatch',
      'changed',
      'other',
    ] as const
    const titles = reasons.map(reason => problemWords({ ...ALL.certificate, reason }, words, format).title)
    expect(new Set(titles).size).toBe(reasons.length)
  })
})

describe("the server's own words", () => {
  const words = wordsOf(createWords('en'))
  const format = formatFor('en')

  test('are kept as they came, code first', () => {
    expect(problemWords(ALL.refused, words, format).serverWords).toBe('550 5.1.1 no such user')
  })

  test('of the last trouble are kept when it was given up', () => {
    expect(problemWords(ALL['gave-up'], words, format).serverWords).toBe('550 5.1.1 no such user')
    expect(problemWords(ALL['gave-up'], words, format).title).toBe('Given up after 5 days')
  })

  test('are null where nobody said anything', () => {
    expect(problemWords({ ...ALL.tls, detail: '  ' }, words, format).serverWords).toBeNull()
  })
})
