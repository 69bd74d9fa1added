import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkAccountInput, checkIdentities } from '../../../main/accounts/account-check.ts'
import type { Identity, ServerSettings } from '../../../shared/model.ts'
import type { Problem } from '../../../shared/problem.ts'
import { createTestCa, type TestCa } from '../../support/test-ca.ts'
import { accountInput } from './account-input.ts'

let ca: TestCa
beforeAll(async () => {
  ca = await createTestCa()
})
afterAll(() => ca.dispose())

const usual = accountInput()
const withSmtp = (change: Partial<ServerSettings>) => accountInput({ smtp: { ...usual.smtp, ...change } })

test('a good form is kept as it is, tidied', () => {
  expect(checkAccountInput(usual)).toEqual({ ok: true, value: usual })
  const typed = accountInput({ label: '  ', identity: { name: ' 森 ', address: ' haruka@todoke.test ' } })
  expect(checkAccountInput(typed)).toMatchObject({
    value: { label: 'haruka@todoke.test', identity: { name: '森', address: 'haruka@todoke.test' } },
  })
})

test.each([
  ['MAIL.Todoke.test', 'mail.todoke.test'],
  [' mail.todoke.test. ', 'mail.todoke.test'],
  ['mail.例え.テスト', 'mail.xn--r8jz45g.xn--zckzah'],
  ['192.0.2.7', '192.0.2.7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['localhost', 'localhost'],
])('the host %j is %j', (host, kept) => {
  expect(checkAccountInput(withSmtp({ host }))).toMatchObject({ value: { smtp: { host: kept } } })
})

test('identities are tidied; one without an address, with a line break in it or twice there is refused', () => {
  const identity: Identity = {
    id: 'sales',
    name: ' 営業部 ',
    address: ' sales@todoke.test ',
    replyTo: [],
    organisation: ' Todoke ',
    copiesSelf: false,
    signature: null,
  }
  expect(checkIdentities([identity])).toEqual({
    ok: true,
    value: [{ ...identity, name: '営業部', address: 'sales@todoke.test', organisation: 'Todoke' }],
  })
  const refused: [Identity[], Partial<Problem>][] = [
    [[{ ...identity, address: 'sales' }], { kind: 'address-invalid', address: 'sales' }],
    [[{ ...identity, replyTo: [{ name: '', address: 'x' }] }], { kind: 'address-invalid', address: 'x' }],
    [[{ ...identity, name: 'a\r\nBcc: b' }], { kind: 'forbidden-character', field: 'identity.name' }],
    [[{ ...identity, organisation: 'a\nb' }], { kind: 'forbidden-character' }],
    [[{ ...identity, signature: { text: '\0', html: null } }], { kind: 'forbidden-character' }],
    [[identity, identity], { kind: 'invalid', reason: 'twice' }],
  ]
  for (const [wrong, problem] of refused) {
    expect(checkIdentities(wrong)).toMatchObject({ ok: false, problem })
  }
})

describe('refused is', () => {
  const refused: [string, Parameters<typeof checkAccountInput>[0], Partial<Problem>][] = [
    [
      'an address without a domain',
      accountInput({ identity: { name: '', address: 'haruka' } }),
      { kind: 'address-invalid', address: 'haruka', field: 'from' },
    ],
    [
      'a name over two lines',
      accountInput({ identity: { name: 'a\r\nBcc: b', address: 'a@b.test' } }),
      { kind: 'forbidden-character', field: 'identity.name' },
    ],
    ['no host', withSmtp({ host: ' ' }), { kind: 'invalid', field: 'smtp.host', reason: 'missing' }],
    [
      'a host with a space',
      withSmtp({ host: 'a b' }),
      { kind: 'invalid', field: 'smtp.host', reason: 'host' },
    ],
    ['a URL as host', withSmtp({ host: 'https://a.test/' }), { kind: 'invalid', field: 'smtp.host' }],
    ['port 0', withSmtp({ port: 0 }), { kind: 'invalid', field: 'smtp.port', reason: 'range' }],
    ['port 65536', withSmtp({ port: 65_536 }), { kind: 'invalid', field: 'smtp.port', reason: 'range' }],
    ['half a port', withSmtp({ port: 25.5 }), { kind: 'invalid', field: 'smtp.port', reason: 'range' }],
    ['no user', withSmtp({ user: '' }), { kind: 'invalid', field: 'smtp.user', reason: 'missing' }],
    [
      'a user over two lines',
      withSmtp({ user: 'a\r\nb' }),
      { kind: 'forbidden-character', field: 'smtp.user' },
    ],
    [
      'a certificate that is none',
      withSmtp({ pinnedCertificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' }),
      { kind: 'invalid', field: 'smtp.pinnedCertificate', reason: 'shape' },
    ],
    [
      'plaintext without consent',
      withSmtp({ tls: 'none' }),
      { kind: 'plaintext-forbidden', host: 'mail.todoke.test' },
    ],
    [
      'a new account without password',
      accountInput({ passwords: { smtp: null, incoming: 'x' } }),
      { kind: 'password-missing', accountId: '' },
    ],
    [
      'an empty password',
      accountInput({ id: 'one', passwords: { smtp: null, incoming: '' } }),
      { kind: 'password-missing', accountId: 'one' },
    ],
    [
      'a password over two lines',
      accountInput({ passwords: { smtp: 'a\nb', incoming: null } }),
      { kind: 'forbidden-character', field: 'passwords.smtp' },
    ],
    [
      'deleting after no days',
      accountInput({
        incoming: { ...usual.incoming, kind: 'pop3', leaveOnServer: true, deleteAfterDays: 0 },
      }),
      { kind: 'invalid', field: 'incoming.deleteAfterDays', reason: 'range' },
    ],
  ]
  test.each(refused)('%s', (_what, input, problem) => {
    expect(checkAccountInput(input)).toMatchObject({ ok: false, problem })
  })
})

test('plaintext is allowed on this machine, and elsewhere by consent', () => {
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) {
    expect(checkAccountInput(withSmtp({ tls: 'none', host })).ok).toBe(true)
  }
  expect(checkAccountInput(withSmtp({ tls: 'none', plaintextConsent: true })).ok).toBe(true)
})

test('a trusted certificate is kept in one form, however it was wrapped', () => {
  const { cert } = ca.selfSigned(['mail.todoke.test'])
  const unwrapped = `-----BEGIN CERTIFICATE-----\n${cert.replace(/-----[^-]+-----|\s/g, '')}\n-----END CERTIFICATE-----`
  const checked = checkAccountInput(withSmtp({ pinnedCertificate: unwrapped }))
  expect(checked.ok && checked.value.smtp.pinnedCertificate?.trim()).toBe(cert.trim())
})
