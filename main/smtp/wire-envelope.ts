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

/** What nodemailer's `send` takes, and what it notes in it. */
type Envelope = {
  from: string
  to: string[]
  size: number
  use8BitMime: boolean
  requireTLSExtensionEnabled: boolean
  rcptQueue?: string[]
}
type Report = { ret: string; envid: string; notify: string; orcpt: string | null }

/**
 * The envelope with the wishes. nodemailer says one ORCPT for all recipients, but each has its own (RFC 3461 section
 * 4.2): so it is asked for again at each RCPT, when its queue tells which one that is. A test hears the commands.
 */
export function wireEnvelope(
  { from, to }: { from: string; to: readonly string[] },
  size: number,
  { envelopeId, requiresTls, is8bit }: WireWishes,
): Envelope & { dsn?: Report } {
  const envelope: Envelope = {
    from,
    to: [...to],
    size,
    use8BitMime: is8bit,
    requireTLSExtensionEnabled: requiresTls,
  }
  if (envelopeId === null) return envelope
  const report = (): Report => {
    const recipient = envelope.to[envelope.to.length - (envelope.rcptQueue?.length ?? 0) - 1] ?? ''
    const isAscii = /^[\x21-\x7e]+$/.test(recipient)
    return {
      ret: 'HDRS',
      envid: envelopeId,
      notify: 'SUCCESS,FAILURE,DELAY',
      orcpt: isAscii ? `rfc822;${recipient}` : null,
    }
  }
  return Object.defineProperty(envelope, 'dsn', { get: report, set: () => {}, enumerable: true })
}
