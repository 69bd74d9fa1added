/**
 * What forbids sending a draft, before anything is frozen or asked of a server. Pure: the composer asks while one
 * types, `outbox.send` asks again. Refuses to repair: a doubtful address is named, never guessed at.
 */

import { needsSmtputf8 } from './address.ts'
import type { Address, DraftContent, ServerAbilities } from './model.ts'
import type { Problem } from './problem.ts'

type Field = 'from' | 'to' | 'cc' | 'bcc'

/** What SMTP and a header can carry at all: no white space, no control or invisible separator, no angle bracket. */
const NEVER_IN_AN_ADDRESS =
  /[\s<>\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u
/** RFC 5322 dot-atom, with RFC 6531's UTF-8. */
const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u
const QUOTED = /^"([\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e]|\\[\x21-\x3b\x3d\x3f-\x7e])+"$/
const LABEL = /^(?!-)[\p{L}\p{M}\p{N}-]{1,63}(?<!-)$/u
const LITERAL = /^\[(\d{1,3}(\.\d{1,3}){3}|IPv6:[0-9a-fA-F:.]+)\]$/
const LONGEST_LOCAL = 64
const LONGEST_ADDRESS = 254

/** Whether this is one address that RCPT TO can carry (RFC 5321 section 4.1.2, RFC 6531). A domain without a dot is one. */
export function isSendableAddress(address: string): boolean {
  if (address.length > LONGEST_ADDRESS || !address.isWellFormed() || NEVER_IN_AN_ADDRESS.test(address))
    return false
  const at = address.lastIndexOf('@')
  if (at < 1) return false
  const local = address.slice(0, at)
  const domain = address.slice(at + 1)
  if (local.length > LONGEST_LOCAL || !(DOT_ATOM.test(local) || QUOTED.test(local))) return false
  return LITERAL.test(domain) || domain.split('.').every(label => LABEL.test(label))
}

const hasForbidden = (text: string) => /[\u0000\r\n]/.test(text)

function faultsOfAddress({ name, address }: Address, field: Field): Problem[] {
  const faults: Problem[] = []
  if (!isSendableAddress(address)) faults.push({ kind: 'address-invalid', address, field })
  if (hasForbidden(name)) faults.push({ kind: 'forbidden-character', field })
  return faults
}

/**
 * Everything that forbids sending, in the order of the form; empty where it may go. `from` is the identity
 * of the account it would leave from.
 */
export function draftFaults(
  content: Pick<DraftContent, 'to' | 'cc' | 'bcc' | 'subject' | 'text'> & {
    attachments?: { name: string }[]
  },
  from: Address,
): Problem[] {
  const { to, cc, bcc, subject, text, attachments = [] } = content
  const faults = [
    ...faultsOfAddress(from, 'from'),
    ...to.flatMap(address => faultsOfAddress(address, 'to')),
    ...cc.flatMap(address => faultsOfAddress(address, 'cc')),
    ...bcc.flatMap(address => faultsOfAddress(address, 'bcc')),
  ]
  if (to.length + cc.length + bcc.length === 0) faults.push({ kind: 'no-recipients' })
  if (hasForbidden(subject)) faults.push({ kind: 'forbidden-character', field: 'subject' })
  // RFC 5321 lets no NUL through, in whatever encoding the reader would meet it again.
  if (text.includes('\u0000')) faults.push({ kind: 'forbidden-character', field: 'text' })
  if (attachments.some(({ name }) => hasForbidden(name))) {
    faults.push({ kind: 'forbidden-character', field: 'attachments' })
  }
  return faults
}

/**
 * What the sending server is known not to take: the whole mail (`bytes` as encoded, see mail-size.ts), or an address.
 * The composer asks about an address while it is typed; a mail that is too big is not begun.
 */
export function serverFaults(
  addresses: readonly Address[],
  bytes: number,
  abilities: ServerAbilities | null,
): Problem[] {
  if (abilities === null) return []
  const { size, hasSmtputf8 } = abilities
  const faults: Problem[] = size !== null && bytes > size ? [{ kind: 'too-big', bytes, limit: size }] : []
  for (const { address } of addresses) {
    if (!hasSmtputf8 && needsSmtputf8(address)) faults.push({ kind: 'address-needs-smtputf8', address })
  }
  return faults
}
