/** What forbids sending a draft. */

import { describe, expect, test } from 'vitest'
import { draftFaults, isSendableAddress } from '../../shared/draft-check.ts'

const from = { name: 'Yuki', address: 'yuki@example.co.jp' }
const someone = { name: '', address: 'a@example.org' }
const draft = { to: [someone], cc: [], bcc: [], subject: 'Hello', text: 'Hi' }

describe('a draft that may go', () => {
  test('has one recipient in any of the three fields', () => {
    expect(draftFaults(draft, from)).toEqual([])
    expect(draftFaults({ ...draft, to: [], bcc: [someone] }, from)).toEqual([])
  })

  test('needs neither a subject nor a text', () => {
    expect(draftFaults({ ...draft, subject: '', text: '' }, from)).toEqual([])
  })

  test('may carry line ends in its text and U+2028 in a name, which are encoded', () => {
    const to = [{ name: 'a\u2028b', address: 'a@example.org' }]
    expect(draftFaults({ ...draft, to, text: 'one\r\ntwo\nthree' }, from)).toEqual([])
  })
})

describe('what forbids sending', () => {
  test('nobody to send to', () => {
    expect(draftFaults({ ...draft, to: [] }, from)).toEqual([{ kind: 'no-recipients' }])
  })

  test('an address without a domain, named with its field', () => {
    const wrong = { name: 'B', address: 'bob' }
    expect(draftFaults({ ...draft, cc: [wrong] }, from)).toEqual([
      { kind: 'address-invalid', address: 'bob', field: 'cc' },
    ])
  })

  test('an identity without an address', () => {
    expect(draftFaults(draft, { name: '', address: '' })[0]).toMatchObject({
      kind: 'address-invalid',
      field: 'from',
    })
  })

  test.each([
    ['a line end in a name', { ...draft, to: [{ name: 'a\r\nBcc: x@y', address: 'a@b.org' }] }, 'to'],
    ['a NUL in the subject', { ...draft, subject: 'a\u0000b' }, 'subject'],
    ['a line end in the subject', { ...draft, subject: 'a\nBcc: x@example.org' }, 'subject'],
    ['a NUL in the text', { ...draft, text: 'a\u0000b' }, 'text'],
    ['a line end in a file name', { ...draft, attachments: [{ name: 'a\r\nb.txt' }] }, 'attachments'],
  ])('%s', (_what, content, field) => {
    expect(draftFaults(content, from)).toEqual([{ kind: 'forbidden-character', field }])
  })
})

describe('an address that RCPT TO can carry', () => {
  test.each([
    'a@example.org',
    'a.b+c@example.org',
    "o'hara@example.org",
    'root@localhost',
    'a@[127.0.0.1]',
    'a@[IPv6:::1]',
    'user@日本語.jp',
    '用户@例子.公司',
    '"odd@local"@example.org',
  ])('%s', address => expect(isSendableAddress(address)).toBe(true))

  test.each([
    '',
    'a',
    'a@',
    '@example.org',
    'a b@example.org',
    'a@exa mple.org',
    'a@example.org\u2028b@example.net',
    'a@example.org,b@example.org',
    'a;b@example.org',
    '<a@example.org>',
    'a@example..org',
    'a@-example.org',
    '.a@example.org',
    'a..b@example.org',
    'a\u0000@example.org',
    'a\u200b@example.org',
    'a@example.org\r\nRCPT TO:<b@example.org>',
    'a@b@example.org',
    'a@example.org/x',
    'a\ud800@example.org',
    `${'x'.repeat(65)}@example.org`,
  ])('not %j', address => expect(isSendableAddress(address)).toBe(false))
})
