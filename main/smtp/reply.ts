/**
 * A server's reply, parsed (RFC 5321 section 4.2, RFC 3463) and made a problem; what it means is `shared/reply-meaning.ts`.
 * Pure. Refuses to decide what happens to a mail: that is `outbox/next-step.ts`.
 */

import { cutText } from '../../shared/cut-text.ts'
import { assertNever, type Problem, type ServerReply } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import { meaningOf } from '../../shared/reply-meaning.ts'

const LONGEST_TEXT = 2_000

/** A whole reply as it came, all its lines. Code 0 where it did not begin with one. */
export function parseReply(raw: string): ServerReply {
  const lines = raw.split(/\r?\n/).filter(line => line !== '')
  const code = Number(/^\d{3}(?=[ -]|$)/.exec(lines[0] ?? '')?.[0] ?? 0)
  const texts = lines.map(line => (code === 0 ? line : line.replace(/^\d{3}[ -]?/, '')))
  const enhanced = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(texts[0] ?? '')?.[1] ?? null
  const bare = texts.map(text =>
    enhanced !== null && text.startsWith(enhanced) ? text.slice(enhanced.length) : text,
  )
  const text = bare
    .map(line => line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trim())
    .join('\n')
    .trim()
  return { code, enhanced, text: cutText(text, LONGEST_TEXT) }
}

export type ReplyContext = { step: ReplyStep; host: string; user: string }

/** A refusing reply as a problem, which `troubleOf` then sorts as `meaningOf` says: one rule for both. */
export function classifyReply(reply: ServerReply, { step, host, user }: ReplyContext): Problem {
  const { code, text } = reply
  const { cause, next } = meaningOf(reply, step, host)
  if (cause === 'no-answer') {
    return { kind: 'protocol', host, detail: `${step}: ${code === 0 ? '' : `${code} `}${text}`.trim() }
  }
  switch (next) {
    case 'tries-again':
      return { kind: 'server-busy', reply, step }
    case 'goes-on-by-itself':
      return { kind: 'throttled', host, text, reply, step }
    case 'stays-here':
      return step === 'starttls' ? { kind: 'tls-not-offered', host } : { kind: 'refused', reply, step }
    case 'waits-for-you':
      if (step === 'starttls') return { kind: 'tls-not-offered', host }
      return cause === 'mechanism-refused'
        ? { kind: 'authentication-unavailable', host, offered: [], reply, step }
        : { kind: 'authentication', host, user, text, reply, step }
    default:
      return assertNever(next)
  }
}

const QUEUE_ID_FORMS: readonly RegExp[] = [
  // Postfix, smtp-server and their kin: "Ok: queued as 4XyZ12"
  /\bqueued as\s+<?([\w.-]+)/i,
  // Exim: "OK id=1tAbCd-000001-2x"
  /\bid=([\w-]+)/i,
  // Exchange: "<message-id> [InternalId=123, Hostname=X] Queued mail for delivery"
  /\bInternalId=(\d+)/i,
  // Gmail: "OK  1732419200 d2e1a72fcca58-724de454b0esm62.74 - gsmtp"
  /^OK\s+\d+\s+(\S+)\s+-\s+gsmtp/i,
  // Sendmail, OpenSMTPD: "4AO38xyz012345 Message accepted for delivery"
  /^([\w-]+)\s+Message accepted for delivery/i,
  // qmail: "ok 1732419200 qp 12345"
  /^ok\s+\d+\s+qp\s+(\d+)/i,
  // Haraka: "Message Queued (5B7D0A7F-A1.1)"
  /\bqueued\s+\(([\w.-]+)\)/i,
  // Amazon SES and others that answer with the id alone: "Ok 0102018f-…"
  /^Ok\s+([\w-]{12,})$/i,
]

/** The number the server gave the mail, from the text of its 250; null where it told none. */
export function queueIdOf(text: string): string | null {
  for (const form of QUEUE_ID_FORMS) {
    const id = form.exec(text.trim())?.[1]
    if (id !== undefined) return id
  }
  return null
}

/** Servers known to put what was submitted into Sent by themselves: Gmail and Exchange say who they are in their 250. */
export function isServerThatFiles(text: string): boolean {
  return /- gsmtp\b/i.test(text) || /\bInternalId=\d+/i.test(text)
}
