/**
 * What every connection of ours shares: TLS options that cannot be turned off by accident, and the meaning of
 * Node's network and certificate errors. Knows no mail protocol.
 */

import { isIP } from 'node:net'
import type { ConnectionOptions, PeerCertificate, TLSSocket } from 'node:tls'
import type { ServerSettings } from '../shared/model.ts'
import type { CertificateFacts, CertificateReason, Problem } from '../shared/problem.ts'

/** The account's own machine, where plaintext needs no consent (RFC 8314 speaks of the network). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** Whether these settings would put a password on the wire unencrypted without the person's consent. */
export function forbidsPlaintext(settings: ServerSettings): boolean {
  return settings.tls === 'none' && !settings.plaintextConsent && !isLoopback(settings.host)
}

/** Options for tls.connect, nodemailer's `tls` and imapflow's `tls` alike. A pinned certificate replaces the CA list. */
export function tlsOptions(settings: ServerSettings): ConnectionOptions {
  const base: ConnectionOptions = { minVersion: 'TLSv1.2', rejectUnauthorized: true }
  if (isIP(settings.host) === 0) base.servername = settings.host
  const pinned = settings.pinnedCertificate
  if (pinned === null) return base
  return {
    ...base,
    ca: [pinned],
    allowPartialTrustChain: true,
    // The person trusted this very certificate, whatever name is on it.
    checkServerIdentity: (_host, certificate) =>
      toPem(certificate).trim() === pinned.trim() ? undefined : new Error('PINNED_CERTIFICATE_CHANGED'),
  }
}

function toPem(certificate: PeerCertificate): string {
  const lines = certificate.raw.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** The facts of the far certificate for the person to look at; null before the handshake. */
export function certificateFacts(socket: TLSSocket): CertificateFacts | null {
  const certificate = socket.getPeerCertificate()
  if (!certificate || Object.keys(certificate).length === 0 || !certificate.raw) return null
  const name = (part: PeerCertificate['subject'] | undefined) => part?.CN ?? part?.O ?? ''
  return {
    subject: String(name(certificate.subject)),
    issuer: String(name(certificate.issuer)),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    fingerprint256: certificate.fingerprint256,
    pem: toPem(certificate),
  }
}

const CERTIFICATE_REASONS: Record<string, CertificateReason> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name-mismatch',
}

type NetworkError = { code?: unknown; message?: unknown; cause?: unknown; errors?: unknown }

function codesOf(error: unknown): { code: string; message: string } {
  let current = error as NetworkError
  // A happy-eyeballs failure is an AggregateError; the first of its errors names the reason.
  if (Array.isArray(current.errors) && current.errors.length > 0) current = current.errors[0] as NetworkError
  const code = typeof current.code === 'string' ? current.code : ''
  const message = typeof current.message === 'string' ? current.message : String(error)
  return { code, message }
}

export type Where = { host: string; port: number; phase: string }

/** A thrown network or TLS error as a problem. What is not known stays `connection-lost` with its phase. */
export function problemOfNetworkError(error: unknown, where: Where): Problem {
  const { code, message } = codesOf(error)
  const { host, port, phase } = where
  const reason = CERTIFICATE_REASONS[code]
  if (reason !== undefined) return { kind: 'certificate', host, reason, certificate: null }
  if (message === 'PINNED_CERTIFICATE_CHANGED') {
    return { kind: 'certificate', host, reason: 'changed', certificate: null }
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EDNS':
    case 'ENODATA':
      return { kind: 'dns', host }
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return { kind: 'unreachable', host, port, detail: code }
    case 'ETIMEDOUT':
      return { kind: 'timeout', host, port, phase }
    case 'ECONNRESET':
    case 'EPIPE':
      return { kind: 'connection-lost', host, phase }
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return { kind: 'tls', host, detail: message }
  return { kind: 'connection-lost', host, phase }
}
