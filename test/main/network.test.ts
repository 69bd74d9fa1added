import { expect, test } from 'vitest'
import { forbidsPlaintext, isLoopback, problemOfNetworkError, tlsOptions } from '../../main/network.ts'
import type { ServerSettings } from '../../shared/model.ts'

const settings: ServerSettings = {
  host: 'mail.example.org',
  port: 465,
  tls: 'implicit',
  user: 'yuki',
  pinnedCertificate: null,
  plaintextConsent: false,
}
const where = { host: 'mail.example.org', port: 465, phase: 'connecting' }

test('a certificate is always verified and TLS is never older than 1.2', () => {
  for (const pinnedCertificate of [null, 'PEM']) {
    expect(tlsOptions({ ...settings, pinnedCertificate })).toMatchObject({
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
      servername: 'mail.example.org',
    })
  }
})

test('an address is no server name', () => {
  expect(tlsOptions({ ...settings, host: '192.0.2.7' }).servername).toBeUndefined()
})

test('a pinned certificate replaces the list of authorities', () => {
  expect(tlsOptions({ ...settings, pinnedCertificate: 'PEM' }).ca).toEqual(['PEM'])
})

test.each(['localhost', '127.0.0.1', '127.8.9.10', '::1'])('%s is this machine', host => {
  expect(isLoopback(host)).toBe(true)
})

test.each(['127.0.0.1.example.org', 'localhost.example.org', '10.0.0.1', ''])(
  '"%s" is not this machine',
  host => {
    expect(isLoopback(host)).toBe(false)
  },
)

test('a password goes unencrypted only to this machine or after consent', () => {
  expect(forbidsPlaintext({ ...settings, tls: 'none' })).toBe(true)
  expect(forbidsPlaintext({ ...settings, tls: 'none', plaintextConsent: true })).toBe(false)
  expect(forbidsPlaintext({ ...settings, tls: 'none', host: '127.0.0.1' })).toBe(false)
  expect(forbidsPlaintext({ ...settings, tls: 'starttls' })).toBe(false)
})

test.each([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'connection-lost'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
  ['CERT_HAS_EXPIRED', 'certificate'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['SOMETHING_NEW', 'connection-lost'],
])('%s means %s', (code, kind) => {
  expect(problemOfNetworkError(Object.assign(new Error(code), { code }), where).kind).toBe(kind)
})

test('the reason of a connection tried over several addresses is the first one', () => {
  const error = new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })])
  expect(problemOfNetworkError(error, where)).toMatchObject({ kind: 'unreachable', detail: 'ECONNREFUSED' })
})
