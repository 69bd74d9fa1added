/**
 * What MAIL and RCPT say beside the addresses: delivery reports (RFC 3461), REQUIRETLS (RFC 8689), 8BITMIME (RFC 6152).
 * Pure. Refuses to leave the matter to the server: what the mail cannot go without is checked before MAIL.
 */

import type { Problem } from '../../shared/problem.ts'
import { offers } from './conversation.ts'

/** What one attempt wants of the server. */
export type WireWishes = {
  /** The token by which reports of this attempt are believed (ENVID); null asks for none. */
  envelopeId: string | null
  requiresTls: boolean
  /** The mail holds 8-bit octets as they are. */
  is8bit: boolean
}
export const NO_WISHES: WireWishes = { envelopeId: null, requiresTls: false, is8bit: false }

/** The first thing that the mail needs and this server does not have. */
export function unmetWish(
  { requiresTls, is8bit }: WireWishes,
  server: { host: string; isSecured: boolean; extensions: readonly string[] },
): Problem | null {
  const { host, isSecured, extensions } = server
  if (requiresTls && !(isSecured && offers(extensions, 'REQUIRETLS')))
    return { kind: 'server-lacks', host, extension: 'REQUIRETLS' }
  if (is8bit && !offers(extensions, '8BITMIME')) return { kind: 'server-lacks', host, extension: '8BITMIME' }
  return null
}

/** An address that would end a command, or begin another in it. */
const UNSPEAKABLE = /[\x00-\x1f\x7f<>]/

/** The first address that cannot stand in a command; the layers before should have stopped it. */
export function unspeakable({ from, to }: WireEnvelope): Problem | null {
  if (UNSPEAKABLE.test(from)) return { kind: 'address-invalid', address: from, field: 'from' }
  const address = to.find(one => one === '' || UNSPEAKABLE.test(one))
  return address === undefined ? null : { kind: 'address-invalid', address, field: 'to' }
}

export type WireEnvelope = { from: string; to: readonly string[] }

/** MAIL, and RCPT for each recipient in the order of the envelope; asks for nothing that the server does not offer. */
export function envelopeLines(
  { from, to }: WireEnvelope,
  size: number,
  { envelopeId, requiresTls, is8bit }: WireWishes,
  extensions: readonly string[],
): { mail: string; rcpt: string[] } {
  const isReported = envelopeId !== null && offers(extensions, 'DSN')
  const isForeign = [from, ...to].some(address => /[^\x00-\x7f]/.test(address))
  const wishes = [
    ...(isForeign && offers(extensions, 'SMTPUTF8') ? ['SMTPUTF8'] : []),
    ...(is8bit && offers(extensions, '8BITMIME') ? ['BODY=8BITMIME'] : []),
    ...(offers(extensions, 'SIZE') ? [`SIZE=${size}`] : []),
    ...(isReported ? ['RET=HDRS', `ENVID=${xtext(envelopeId)}`] : []),
    ...(requiresTls ? ['REQUIRETLS'] : []),
  ]
  const reportOf = (recipient: string) => {
    // RFC 3461 section 4.2: an address beyond ASCII has no such form.
    const isAscii = /^[\x21-\x7e]+$/.test(recipient)
    return ` NOTIFY=SUCCESS,FAILURE,DELAY${isAscii ? ` ORCPT=rfc822;${xtext(recipient)}` : ''}`
  }
  return {
    mail: [`MAIL FROM:<${from}>`, ...wishes].join(' '),
    rcpt: to.map(recipient => `RCPT TO:<${recipient}>${isReported ? reportOf(recipient) : ''}`),
  }
}

/** RFC 3461 section 4. */
function xtext(text: string): string {
  return text.replace(
    /[^\x21-\x2a\x2c-\x3c\x3e-\x7e]/g,
    character => `+${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
