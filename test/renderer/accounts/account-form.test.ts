import { describe, expect, it } from 'vitest'
import {
  type AccountForm,
  blankForm,
  checkForm,
  formOf,
  freeColor,
  inputOf,
  isLoopback,
  withAddress,
  withConsent,
  withKind,
  withOneLogin,
  withPin,
  withServerField,
  withTls,
} from '../../../renderer/accounts/account-form.ts'
import { DEFAULT_PACE } from '../../../shared/model.ts'
import { anAccount, aServer } from '../../support/builders.ts'

const blank = blankForm('indigo')
const filled: AccountForm = withServerField(
  withAddress(blank, 'yuki@example.co.jp'),
  'smtp',
  'password',
  'secret',
)

describe('the form of an account', () => {
  it('fills in servers, ports and users from the address', () => {
    expect(filled.smtp).toMatchObject({ host: 'smtp.example.co.jp', port: '465', user: 'yuki@example.co.jp' })
    expect(filled.incoming).toMatchObject({ host: 'imap.example.co.jp', port: '993' })
  })

  it('leaves alone what was typed by hand when the address changes', () => {
    const typed = withServerField(filled, 'smtp', 'host', 'mail.example.net')
    const changed = withAddress(typed, 'yuki@other.example')
    expect(changed.smtp.host).toBe('mail.example.net')
    expect(changed.incoming.host).toBe('imap.other.example')
  })

  it('follows the protocol with host and port, but keeps an unusual port', () => {
    expect(withKind(filled, 'pop3').incoming).toMatchObject({ host: 'pop.example.co.jp', port: '995' })
    const odd = withServerField(filled, 'incoming', 'port', '2993')
    expect(withKind(odd, 'pop3').incoming.port).toBe('2993')
  })

  it('brings the usual port along with another kind of TLS', () => {
    expect(withTls(filled, 'smtp', 'starttls').smtp.port).toBe('587')
    expect(withTls(filled, 'incoming', 'starttls').incoming.port).toBe('143')
  })

  it('asks for consent before a password goes in the clear, for this host alone', () => {
    const plain = withTls(filled, 'smtp', 'none')
    expect(checkForm(plain).get('smtp.plaintextConsent')).toBe('consent-needed')
    const allowed = withConsent(plain, 'smtp', true)
    expect(checkForm(allowed).has('smtp.plaintextConsent')).toBe(false)
    expect(inputOf(allowed).smtp.plaintextConsent).toBe(true)
    const elsewhere = withServerField(allowed, 'smtp', 'host', 'other.example')
    expect(checkForm(elsewhere).get('smtp.plaintextConsent')).toBe('consent-needed')
  })

  it('needs no consent on loopback', () => {
    expect(['localhost', '127.0.0.1', '::1', '[::1]'].every(isLoopback)).toBe(true)
    expect(['127.0.0.1.example.com', 'localhost.example.com', '10.0.0.1'].some(isLoopback)).toBe(false)
    const local = withServerField(withTls(filled, 'smtp', 'none'), 'smtp', 'host', 'localhost')
    expect(checkForm(local).has('smtp.plaintextConsent')).toBe(false)
  })

  it('drops a pinned certificate with the host it was pinned for', () => {
    const pinned = withPin(filled, 'incoming', 'PEM')
    expect(inputOf(pinned).incoming.pinnedCertificate).toBe('PEM')
    const moved = withServerField(pinned, 'incoming', 'host', 'other.example')
    expect(inputOf(moved).incoming.pinnedCertificate).toBeNull()
  })

  it('names every field that is wrong, in the order of the form', () => {
    expect([...checkForm(blank).keys()]).toEqual([
      'address',
      'smtp.host',
      'smtp.user',
      'smtp.password',
      'incoming.host',
    ])
    const wrong = withServerField(filled, 'smtp', 'port', '70000')
    expect(checkForm(wrong).get('smtp.port')).toBe('no-port')
    expect(checkForm(withAddress(filled, 'yuki@')).get('address')).toBe('no-address')
    expect(checkForm(filled).size).toBe(0)
  })

  it('gives both servers the one login, until it is opened up', () => {
    expect(inputOf(filled)).toMatchObject({
      incoming: { user: 'yuki@example.co.jp' },
      passwords: { smtp: 'secret', incoming: 'secret' },
    })
    const two = withServerField(withOneLogin(filled, false), 'incoming', 'password', 'other')
    expect(inputOf(two).passwords).toEqual({ smtp: 'secret', incoming: 'other' })
  })

  it('keeps POP3 mail on the server, and deletes after days only where that is asked', () => {
    const pop = withKind(filled, 'pop3')
    expect(inputOf(pop).incoming).toMatchObject({ kind: 'pop3', leaveOnServer: true, deleteAfterDays: null })
    expect(inputOf({ ...pop, deleteAfterDays: '30' }).incoming).toMatchObject({ deleteAfterDays: 30 })
    expect(inputOf({ ...pop, deleteAfterDays: '30', leaveOnServer: false }).incoming).toMatchObject({
      leaveOnServer: false,
      deleteAfterDays: null,
    })
    expect(checkForm({ ...pop, deleteAfterDays: 'soon' }).get('deleteAfterDays')).toBe('no-days')
  })
})

describe('the form of a stored account', () => {
  const account = anAccount()

  it('never shows a password, and keeps the stored one where none is typed', () => {
    const form = formOf(account)
    expect([form.smtp.password, form.incoming.password]).toEqual(['', ''])
    expect(checkForm(form).size).toBe(0)
    expect(inputOf(form).passwords).toEqual({ smtp: null, incoming: null })
  })

  it('gives back the account as it was', () => {
    const { sentCopy: _sentCopy, isPractice: _isPractice, ...stored } = account
    expect(inputOf(formOf(account))).toEqual({
      ...stored,
      pace: DEFAULT_PACE,
      passwords: { smtp: null, incoming: null },
    })
  })

  it('asks for the password again when two logins become one', () => {
    const two = anAccount({ incoming: { kind: 'imap', ...aServer({ user: 'somebody-else' }) } })
    const form = withOneLogin(formOf(two), true)
    expect(checkForm(form).get('smtp.password')).toBe('password-again')
  })
})

describe('the colour of a new account', () => {
  it('is one that no account wears yet', () => {
    expect(freeColor([anAccount({ color: 'indigo' }), anAccount({ color: 'green' })])).toBe('gold')
    expect(freeColor([])).toBe('indigo')
  })

  it('keeps pace and leaves the Sent copy to what is learned, until the person chooses', () => {
    const stored = formOf(anAccount({ pace: { connections: 4, perMinute: 30 }, sentCopy: 'unknown' }))
    expect(inputOf(stored).pace).toEqual({ connections: 4, perMinute: 30 })
    expect(inputOf(stored)).not.toHaveProperty('sentCopy')
    expect(inputOf({ ...stored, sentCopy: 'server-files-it' }).sentCopy).toBe('server-files-it')
    expect(inputOf({ ...stored, perMinute: ' ' }).pace).toEqual({ connections: 4, perMinute: null })
  })

  it.each(['0', '-1', '1.5', 'many', '10001'])('"%s" mails a minute are no pace', perMinute => {
    expect(checkForm({ ...filled, perMinute }).get('perMinute')).toBe('no-rate')
  })
})
