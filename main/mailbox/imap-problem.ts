/** What an IMAP connection complains of, as a Problem. Knows the shapes of imapflow's errors, not imapflow. Pure. */

import type { Problem } from '../../shared/problem.ts'
import { problemOfNetworkError } from '../network.ts'

type ImapError = {
  code?: unknown
  message?: unknown
  authenticationFailed?: boolean
  tlsFailed?: boolean
  responseStatus?: string
  responseText?: string
  serverResponseCode?: string
}

type Where = { host: string; port: number; user: string; phase: string }

/** `first` is what the connection itself complained of, if it did: it says more than the command that died of it. */
export function problemOfImap(first: unknown, thrown: unknown, { host, port, user, phase }: Where): Problem {
  const error = thrown as ImapError
  const text = error.responseText ?? ''
  if (/^(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)$/i.test(error.serverResponseCode ?? '')) {
    return { kind: 'throttled', host, text }
  }
  if (error.authenticationFailed) return { kind: 'authentication', host, user, text }
  if (error.code === 'ETHROTTLE') return { kind: 'throttled', host, text }
  if (error.responseStatus === 'NO' || error.responseStatus === 'BAD') {
    return { kind: 'protocol', host, detail: text }
  }
  const cause = first as ImapError
  const message = String(cause.message ?? '')
  switch (cause.code) {
    case 'CONNECT_TIMEOUT':
    case 'GREETING_TIMEOUT':
    case 'UPGRADE_TIMEOUT':
    case 'ETIMEOUT':
      return { kind: 'timeout', host, port, phase }
    case 'LiteralTooLarge':
    case 'ResponseTooLarge':
    case 'LineTooLarge':
    case 'TooManyTokens':
    case 'TooManyResponses':
      return { kind: 'protocol', host, detail: `an answer beyond every measure (${cause.code})` }
    case 'STARTTLS_INJECTION':
      return { kind: 'tls', host, detail: 'the server spoke between STARTTLS and the handshake' }
  }
  const network = problemOfNetworkError(cause, { host, port, phase })
  if (network.kind !== 'connection-lost' || !cause.tlsFailed) return network
  if (/does not support STARTTLS|PREAUTH/i.test(message)) return { kind: 'tls-not-offered', host }
  return { kind: 'tls', host, detail: message }
}
