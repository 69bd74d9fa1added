/** What a server's reply means. */

import { describe, expect, test } from 'vitest'
import { classifyReply, isServerThatFiles, parseReply, queueIdOf } from '../../../main/smtp/reply.ts'
import { troubleOf } from '../../../shared/problem.ts'
import type { ReplyStep } from '../../../shared/reply-causes.ts'

const context = (step: ReplyStep) => ({ step, host: 'mx.test', user: 'yuki' })
const meaning = (raw: string, step: ReplyStep) => classifyReply(parseReply(raw), context(step))

describe('a reply is read', () => {
  test('with its enhanced code and without it in the text', () => {
    expect(parseReply('250 2.1.5 Ok')).toEqual({ code: 250, enhanced: '2.1.5', text: 'Ok' })
    expect(parseReply('250 Ok')).toEqual({ code: 250, enhanced: null, text: 'Ok' })
    expect(parseReply('250')).toEqual({ code: 250, enhanced: null, text: '' })
  })

  test('over several lines, each with the same enhanced code', () => {
    expect(parseReply('550-5.1.1 The account\n550-5.1.1 does not exist\n550 5.1.1 at all')).toEqual({
      code: 550,
      enhanced: '5.1.1',
      text: 'The account\ndoes not exist\nat all',
    })
  })

  test('without control characters and never endlessly', () => {
    expect(parseReply('550 a\u0007b\u001b[31m').text).toBe('ab[31m')
    expect(parseReply(`550 ${'x'.repeat(9999)}`).text.length).toBe(2000)
  })

  test('that is none, as code 0', () => {
    expect(parseReply('hello there')).toEqual({ code: 0, enhanced: null, text: 'hello there' })
    expect(meaning('hello there', 'greeting')).toMatchObject({ kind: 'protocol' })
  })
})

describe('whose trouble a reply is', () => {
  test.each<[string, ReplyStep, string, string]>([
    ['450 4.2.0 Greylisted, try again', 'recipient', 'server-busy', 'weather'],
    ['451 4.7.1 Greylisting in action', 'recipient', 'server-busy', 'weather'],
    ['421 4.3.2 Shutting down', 'greeting', 'server-busy', 'weather'],
    ['452 4.2.2 Mailbox over quota limit exceeded', 'recipient', 'server-busy', 'weather'],
    ['454 4.7.0 Temporary authentication failure', 'auth', 'server-busy', 'weather'],
    ['454 4.3.0 TLS not available just now', 'starttls', 'server-busy', 'weather'],
    ['421 4.7.0 Try again later', 'greeting', 'throttled', 'account'],
    ['450 4.2.1 The user is receiving mail too quickly', 'recipient', 'server-busy', 'weather'],
    ['451 4.7.28 Rate limit for this sender', 'sender', 'throttled', 'account'],
    ['550 5.4.5 Daily user sending limit exceeded', 'body', 'throttled', 'account'],
    ['535 5.7.8 Bad credentials', 'auth', 'authentication', 'account'],
    ['530 5.7.0 Authentication required', 'sender', 'authentication', 'account'],
    ['504 5.5.4 Unrecognized authentication type', 'auth', 'authentication-unavailable', 'account'],
    ['502 5.5.1 not offered', 'starttls', 'tls-not-offered', 'account'],
    ['550 5.1.1 No such user', 'recipient', 'refused', 'mail'],
    ['552 5.3.4 Message too big', 'sender', 'refused', 'mail'],
    ['554 5.7.1 Spam', 'body', 'refused', 'mail'],
    ['250 Ok', 'body', 'protocol', 'weather'],
  ])('%s (%s) is %s', (raw, step, kind, trouble) => {
    const problem = meaning(raw, step)
    expect([problem.kind, troubleOf(problem)]).toEqual([kind, trouble])
  })
})

describe('the queue id', () => {
  test.each([
    ['2.0.0 Ok: queued as 4XyZ123abc', '4XyZ123abc'],
    ['OK id=1tAbCd-000001-2x', '1tAbCd-000001-2x'],
    [
      '2.0.0 OK  1732419200 d2e1a72fcca58-724de454b0esm6203846b3a.74 - gsmtp',
      'd2e1a72fcca58-724de454b0esm6203846b3a.74',
    ],
    [
      '2.6.0 <x@y> [InternalId=38302712340530, Hostname=TY.PROD.OUTLOOK.COM] Queued mail for delivery',
      '38302712340530',
    ],
    ['2.0.0 4AO38xyz012345 Message accepted for delivery', '4AO38xyz012345'],
    ['ok 1732419200 qp 12345', '12345'],
    ['Message Queued (5B7D0A7F-A1.1)', '5B7D0A7F-A1.1'],
    ['Ok 0102018f7f3c9d2e-000000', '0102018f7f3c9d2e-000000'],
    ['2.0.0 Ok', null],
    ['Thank you', null],
  ])('of %j is %j', (raw, id) => {
    expect(queueIdOf(parseReply(`250 ${raw}`).text)).toBe(id)
  })

  test('Gmail and Exchange are known to file the Sent copy themselves', () => {
    expect(isServerThatFiles('OK 173 abc - gsmtp')).toBe(true)
    expect(isServerThatFiles('[InternalId=3, Hostname=X] Queued')).toBe(true)
    expect(isServerThatFiles('Ok: queued as 4X')).toBe(false)
  })
})
