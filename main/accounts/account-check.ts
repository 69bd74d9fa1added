/** The verdict on what an account form gives: what forbids saving or trying it. Pure but for reading a certificate. */

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { checkAddress } from '../../shared/address.ts'
import type { AccountInput, Identity, IncomingSettings, ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { forbidsPlaintext } from '../network.ts'

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** The input trimmed and in the form it is kept (host names in ASCII), or the first thing that is wrong with it. */
export function checkAccountInput(input: AccountInput): Result<AccountInput> {
  const identity = { name: input.identity.name.trim(), address: input.identity.address.trim() }
  if (checkAddress(identity.address) !== 'ok') {
    return fail({ kind: 'address-invalid', address: identity.address, field: 'from' })
  }
  for (const [field, text] of [
    ['identity.name', identity.name],
    ['label', input.label],
  ] as const) {
    if (CONTROL.test(text) || !text.isWellFormed()) return fail({ kind: 'forbidden-character', field })
  }
  const smtp = checkServer(input.smtp, 'smtp')
  if (!smtp.ok) return smtp
  const incoming = checkServer(input.incoming, 'incoming')
  if (!incoming.ok) return incoming
  const days = input.incoming.kind === 'pop3' ? input.incoming.deleteAfterDays : null
  if (days !== null && (!Number.isInteger(days) || days < 1 || days > 3650)) {
    return fail({ kind: 'invalid', field: 'incoming.deleteAfterDays', reason: 'range' })
  }
  const password = checkPasswords(input)
  if (password !== null) return fail(password)
  return ok({
    ...input,
    label: input.label.trim() === '' ? identity.address : input.label.trim(),
    identity,
    smtp: smtp.value,
    incoming: incoming.value,
  })
}

/** The identities trimmed, each id once, or the first thing that is wrong with them. */
export function checkIdentities(identities: readonly Identity[]): Result<Identity[]> {
  const trimmed = identities.map(identity => ({
    ...identity,
    name: identity.name.trim(),
    address: identity.address.trim(),
    organisation: identity.organisation.trim(),
  }))
  if (new Set(trimmed.map(({ id }) => id)).size !== trimmed.length)
    return fail({ kind: 'invalid', field: 'identities.id', reason: 'twice' })
  for (const { name, address, organisation, replyTo, signature } of trimmed) {
    for (const each of [{ name, address }, ...replyTo]) {
      if (checkAddress(each.address) !== 'ok')
        return fail({ kind: 'address-invalid', address: each.address, field: 'from' })
      if (CONTROL.test(each.name) || !each.name.isWellFormed())
        return fail({ kind: 'forbidden-character', field: 'identity.name' })
    }
    if (CONTROL.test(organisation) || !organisation.isWellFormed())
      return fail({ kind: 'forbidden-character', field: 'identity.organisation' })
    if (signature?.text.includes('\0')) return fail({ kind: 'forbidden-character', field: 'signature' })
  }
  return ok(trimmed)
}

function checkServer<S extends ServerSettings | IncomingSettings>(
  server: S,
  which: 'smtp' | 'incoming',
): Result<S> {
  const invalid = (field: string, reason: string) =>
    fail({ kind: 'invalid', field: `${which}.${field}`, reason })
  const host = asciiHost(server.host)
  if (host === null) return invalid('host', server.host.trim() === '' ? 'missing' : 'host')
  if (!Number.isInteger(server.port) || server.port < 1 || server.port > 65_535)
    return invalid('port', 'range')
  const user = server.user.trim()
  if (user === '') return invalid('user', 'missing')
  if (CONTROL.test(user)) return fail({ kind: 'forbidden-character', field: `${which}.user` })
  const pinnedCertificate = server.pinnedCertificate === null ? null : readPem(server.pinnedCertificate)
  if (server.pinnedCertificate !== null && pinnedCertificate === null)
    return invalid('pinnedCertificate', 'shape')
  const checked: S = { ...server, host, user, pinnedCertificate }
  if (forbidsPlaintext(checked)) return fail({ kind: 'plaintext-forbidden', host })
  return ok(checked)
}

/** A host name in ASCII or an IP address without brackets; null for what is neither. */
function asciiHost(typed: string): string | null {
  const host = typed.trim().replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) !== 0) return host
  const ascii = domainToASCII(host).replace(/\.$/, '')
  const isName =
    ascii.length <= 253 &&
    ascii.split('.').every(label => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
  return isName && ascii !== '' ? ascii : null
}

/** In the same form in which network.ts compares it. */
function readPem(pem: string): string | null {
  try {
    return new X509Certificate(pem).toString()
  } catch {
    return null
  }
}

function checkPasswords({ id, passwords }: AccountInput): Problem | null {
  if (id === null && passwords.smtp === null) return { kind: 'password-missing', accountId: '' }
  for (const which of ['smtp', 'incoming'] as const) {
    const password = passwords[which]
    if (password === null) continue
    if (password === '') return { kind: 'password-missing', accountId: id ?? '' }
    // These three end a line or a string in SASL PLAIN, SMTP, IMAP and POP3.
    if (/[\0\r\n]/.test(password)) return { kind: 'forbidden-character', field: `passwords.${which}` }
  }
  return null
}
