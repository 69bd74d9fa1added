/**
 * The closed list of what can go wrong. An expected failure is a value of this list and never thrown;
 * it carries facts (host, reply, sizes), never sentences: the words are the renderer's.
 */

import type { ReplyStep } from './reply-causes.ts'

/** A reply of a server as it came: RFC 5321 code, RFC 3463 enhanced code where there was one, and its text. */
export type ServerReply = { code: number; enhanced: string | null; text: string }

/** The reply behind a problem and what it answered, so that the page can say what it means (`reply-meaning.ts`). */
type Said = { reply?: ServerReply; step?: ReplyStep }

/** What is known of a certificate that was not believed. Times in epoch ms. */
export type CertificateFacts = {
  subject: string
  issuer: string
  validFrom: number
  validTo: number
  fingerprint256: string
  pem: string
}

export type CertificateReason =
  | 'untrusted'
  | 'self-signed'
  | 'expired'
  | 'not-yet-valid'
  | 'name-mismatch'
  | 'changed'
  | 'other'

export type Problem =
  // The weather: the network and the far server. Trying again may help.
  | { kind: 'offline' }
  | { kind: 'dns'; host: string }
  | { kind: 'unreachable'; host: string; port: number; detail: string }
  | { kind: 'timeout'; host: string; port: number; phase: string }
  | { kind: 'connection-lost'; host: string; phase: string }
  | { kind: 'server-busy'; reply: ServerReply; step?: ReplyStep }
  | { kind: 'protocol'; host: string; detail: string }
  // The account: nothing goes until somebody looks at it.
  | {
      kind: 'certificate'
      host: string
      reason: CertificateReason
      certificate: CertificateFacts | null
    }
  | { kind: 'tls'; host: string; detail: string }
  | { kind: 'tls-not-offered'; host: string }
  | { kind: 'plaintext-forbidden'; host: string }
  | ({ kind: 'authentication'; host: string; user: string; text: string } & Said)
  | ({ kind: 'authentication-unavailable'; host: string; offered: string[] } & Said)
  | ({ kind: 'throttled'; host: string; text: string } & Said)
  | { kind: 'password-missing'; accountId: string }
  | { kind: 'secrets-unavailable'; detail: string }
  // This mail.
  | { kind: 'refused'; reply: ServerReply; step?: ReplyStep }
  | { kind: 'recipients-refused'; recipients: { address: string; reply: ServerReply }[] }
  | { kind: 'gave-up'; last: Problem; afterMs: number }
  | { kind: 'no-recipients' }
  | { kind: 'address-invalid'; address: string; field: 'from' | 'to' | 'cc' | 'bcc' }
  | { kind: 'address-needs-smtputf8'; address: string }
  | { kind: 'server-lacks'; host: string; extension: 'REQUIRETLS' | '8BITMIME' }
  | { kind: 'forbidden-character'; field: string }
  | { kind: 'too-big'; bytes: number; limit: number }
  | { kind: 'too-many-recipients'; count: number; limit: number }
  | { kind: 'attachment-missing'; name: string }
  | { kind: 'attachment-unreadable'; name: string }
  | { kind: 'bytes-changed' }
  | { kind: 'outcome-unknown' }
  | { kind: 'past-no-return' }
  | { kind: 'same-mail'; itemId: string }
  // Our own house.
  | { kind: 'disk-full' }
  | { kind: 'disk'; detail: string }
  | { kind: 'database-newer'; file: string }
  | { kind: 'database-corrupt'; file: string }
  | { kind: 'settings-corrupt'; keptAs: string }
  | { kind: 'already-running' }
  // The request.
  | { kind: 'invalid'; field: string; reason: string }
  | {
      kind: 'not-found'
      what:
        | 'account'
        | 'draft'
        | 'mail'
        | 'message'
        | 'folder'
        | 'attachment'
        | 'file'
        | 'check'
        | 'batch'
        | 'template'
    }
  | { kind: 'conflict'; what: 'draft'; revision: number }
  | { kind: 'written-elsewhere' }
  | { kind: 'draft-newer' }
  | { kind: 'not-now'; what: string }
  | { kind: 'no-folder'; role: 'archive' | 'trash' | 'sent' | 'junk' | 'drafts' }
  | { kind: 'message-gone' }
  | { kind: 'mail-unreadable'; detail: string }
  /** A web server that a mail leads to did not do what it was asked; `detail` in its words or ours. */
  | { kind: 'web-refused'; host: string; detail: string }
  | { kind: 'cancelled' }
  | { kind: 'internal'; detail: string }

export type ProblemKind = Problem['kind']

/** A problem of one kind: `ProblemOf<'dns'>` is `{ kind: 'dns'; host: string }`. */
export type ProblemOf<K extends ProblemKind> = Extract<Problem, { kind: K }>

/** The one shape of an answer, inside the program and across the bridge. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value }
}

export function fail(problem: Problem): { ok: false; problem: Problem } {
  return { ok: false, problem }
}

/** Closes a switch over a union: a case that was forgotten does not compile. Throws, as it is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`)
}

/** Whose trouble a problem is; decides what happens to a mail on its way (DESIGN section 5). */
export type Trouble = 'weather' | 'mail' | 'account'

const ACCOUNT_KINDS: ReadonlySet<ProblemKind> = new Set<ProblemKind>([
  'certificate',
  'tls',
  'tls-not-offered',
  'plaintext-forbidden',
  'authentication',
  'authentication-unavailable',
  'throttled',
  'password-missing',
  'secrets-unavailable',
])

const WEATHER_KINDS: ReadonlySet<ProblemKind> = new Set<ProblemKind>([
  'offline',
  'dns',
  'unreachable',
  'timeout',
  'connection-lost',
  'server-busy',
  'protocol',
  'disk-full',
  'disk',
])

/** Weather passes and is tried again; the account's trouble pauses it; anything else is this mail's own. */
export function troubleOf(problem: Problem): Trouble {
  if (ACCOUNT_KINDS.has(problem.kind)) return 'account'
  return WEATHER_KINDS.has(problem.kind) ? 'weather' : 'mail'
}
