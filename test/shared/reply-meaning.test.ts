/** What recorded replies of servers mean, and that it can be said in both languages. */

import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { classifyReply, parseReply } from '../../main/smtp/reply.ts'
import { createWords, wordsOf } from '../../renderer/i18n/words.ts'
import { replyWords } from '../../renderer/ui/reply-words.ts'
import { LANGUAGES } from '../../shared/model.ts'
import { troubleOf } from '../../shared/problem.ts'
import { REPLY_CAUSES, type ReplyCause, type ReplyNext, type ReplyStep } from '../../shared/reply-causes.ts'
import { meaningOf } from '../../shared/reply-meaning.ts'

type Recorded = {
  from: string
  step: ReplyStep
  raw: string
  cause: ReplyCause
  next: ReplyNext
  host?: string
  link?: string
}
const recorded: Recorded[] = JSON.parse(
  readFileSync(new URL('../fixtures/replies/replies.json', import.meta.url), 'utf8'),
)
const meaning = (raw: string, step: ReplyStep | null, host = '') => meaningOf(parseReply(raw), step, host)

test('at least 80 replies were recorded, and every cause but the rarest is among them', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(80)
  const seen = new Set(recorded.map(({ cause }) => cause))
  expect(REPLY_CAUSES.filter(cause => !seen.has(cause))).toEqual([])
})

describe.each(recorded)('$from at $step: $raw', ({ raw, step, cause, next, host, link }) => {
  test(`means ${cause} and ${next}`, () => {
    const found = meaning(raw, step, host)
    expect([found.cause, found.next]).toEqual([cause, next])
    if (link !== undefined) expect(found.link?.url).toBe(link)
  })

  test('is decided by the outbox as it is explained by the page', () => {
    const problem = classifyReply(parseReply(raw), { step, host: host ?? 'mx.test', user: 'yuki' })
    const trouble = {
      'tries-again': 'weather',
      'goes-on-by-itself': 'account',
      'waits-for-you': 'account',
      'stays-here': 'mail',
    } as const
    // A connection that cannot be encrypted is nobody's mail, whatever the server calls it.
    expect(troubleOf(problem)).toBe(problem.kind === 'tls-not-offered' ? 'account' : trouble[next])
  })

  test.each(LANGUAGES)('is said in %s without a hole', language => {
    const words = wordsOf(createWords(language))
    const said = replyWords(parseReply(raw), step, host ?? '', words)
    for (const text of [said.title, said.meaning, said.remedy, said.next, said.help?.text ?? 'x']) {
      expect(text).not.toBe('')
      expect(text).not.toMatch(/reply\.|\{\{|undefined/)
    }
    expect(/[\u3040-\u30ff\u4e00-\u9fff]/.test(said.title)).toBe(language === 'ja')
  })
})

test('no cause is without words of its own, in both languages', () => {
  for (const language of LANGUAGES) {
    const words = wordsOf(createWords(language))
    const titles = REPLY_CAUSES.map(cause => words(`reply.cause.${cause}.title`))
    expect(titles.filter(title => title.startsWith('reply.'))).toEqual([])
    expect(new Set(titles).size).toBe(REPLY_CAUSES.length)
  }
})

test('a full server is never taken for a trouble of the recipients', () => {
  for (const step of ['sender', 'recipient', 'data', 'body', null] as const) {
    expect(meaning('452 4.3.1 Insufficient system storage', step)).toMatchObject({
      cause: 'server-full',
      whose: 'weather',
    })
  }
  const words = wordsOf(createWords('en'))
  expect(words('reply.cause.server-full.title')).not.toMatch(/recipient|mailbox/i)
})

test('what nobody knows is unknown, and says so', () => {
  for (const raw of ['554 5.0.0 Xyzzy', '550 5.8.8 Xyzzy', '471 4.9.1 Xyzzy', '571 Xyzzy']) {
    expect(meaning(raw, 'body').cause).toBe('unknown')
  }
  expect(wordsOf(createWords('en'))('reply.cause.unknown.title')).toContain('unknown')
  expect(wordsOf(createWords('ja'))('reply.cause.unknown.title')).toContain('不明')
})

test('a throttled login is not a wrong password', () => {
  for (const raw of [
    '421 4.7.0 Too many login attempts',
    '454 4.7.0 Too many login attempts, please try again later',
    '535 5.7.0 (#AUTH005) Too many bad auth attempts',
    '421 4.7.0 Try again later',
  ]) {
    expect(meaning(raw, 'auth').cause).toBe('slowed-down')
  }
})

test('no link leads where a server wants it: our own list only, and only for a known provider', () => {
  const evil = '535 5.7.139 basic authentication is disabled, see https://evil.example/login'
  expect(meaning(evil, 'auth', 'mail.evil.example').link).toBeNull()
  expect(meaning(evil, 'auth', 'smtp.gmail.com.evil.example').link).toBeNull()
  expect(meaning(evil, 'auth', 'smtp.office365.com').link?.url).toMatch(/^https:\/\/learn\.microsoft\.com\//)
})

test('a text of the worst kind is judged at once', () => {
  for (const piece of [
    'user ',
    'a'.repeat(50),
    'mailbox full too many recipients message ',
    'limit exceeded ',
  ]) {
    const raw = `550 ${piece.repeat(2_000 / piece.length)}`
    const startedAt = performance.now()
    for (let round = 0; round < 20; round += 1) meaning(raw, 'body')
    expect((performance.now() - startedAt) / 20).toBeLessThan(16)
  }
})

afterAll(() =>
  console.log(`Shows 7: ${recorded.length} recorded replies read, each in ${LANGUAGES.join(' and ')}`),
)
