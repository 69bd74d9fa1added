import { describe, expect, test } from 'vitest'
import { foreignReplyTo, isFalseName } from '../../../renderer/mailbox/people.ts'

describe('the name of a sender', () => {
  test('that is another address is false', () => {
    expect(isFalseName({ name: 'boss@company.example', address: 'x@evil.example' })).toBe(true)
    expect(isFalseName({ name: 'The Boss <boss@company.example>', address: 'x@evil.example' })).toBe(true)
  })

  test('that is the same address, or a name, is not', () => {
    expect(isFalseName({ name: 'Yuki@Example.org', address: 'yuki@example.org' })).toBe(false)
    expect(isFalseName({ name: 'Yuki', address: 'yuki@example.org' })).toBe(false)
  })
})

describe('answers that would go elsewhere', () => {
  const mail = (from: string, ...replyTo: string[]) => ({
    from: { name: '', address: from },
    replyTo: replyTo.map(address => ({ name: '', address })),
    leaving: null,
  })
  test('are told where the domain is another one', () => {
    expect(foreignReplyTo(mail('ceo@company.example', 'ceo@company-mail.example'))).toBe(
      'ceo@company-mail.example',
    )
    expect(foreignReplyTo(mail('a@x.example', 'a@x.example', 'b@y.example'))).toBe('b@y.example')
  })

  test('are not told of the sender, of one house, or of a mailing list', () => {
    expect(foreignReplyTo(mail('a@x.example'))).toBeNull()
    expect(foreignReplyTo(mail('no-reply@news.x.example', 'help@X.example'))).toBeNull()
    expect(foreignReplyTo(mail('a@x.example', 'b@support.x.example'))).toBeNull()
    const leaving = { key: 'l', ways: { web: null, mail: 'mailto:l@y.example', browser: null } }
    expect(foreignReplyTo({ ...mail('a@x.example', 'list@y.example'), leaving })).toBeNull()
  })
})
