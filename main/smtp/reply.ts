/**
 * What a server's reply means: parsed, and told whose trouble it is (RFC 5321 section 4.2, RFC 3463).
 * Pure. Refuses to decide what happens next: that is `outbox/next-step.ts`.
 */

import type { Problem, ServerReply } from '../../shared/problem.ts'

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
    .slice(0, LONGEST_TEXT)
  return { code, enhanced, text }
}

/** What was asked when the reply came. */
export type ReplyStep = 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'sender' | 'recipient' | 'data' | 'body'

export type ReplyContext = { step: ReplyStep; host: string; user: string }

const THROTTLE_WORDS =
  /\b(rate limit|ratelimit|throttl|too many (messages|connections|e?mails|login|auth)|sending (limit|quota)|(message|submission|sending|daily)\b.{0,30}\b(limit|quota) (is )?(exceeded|reached))/i
const LOGIN_WORDS = /\b(authentication (is )?required|must (be )?authenticat|log ?in first|not logged in)/i

/**
 * A refusing reply as a problem; `troubleOf` then says whose: the weather (try again), this mail, or the account.
 * Grey-listing is weather (450, 451, also with 4.7.1); a slowed-down account is 421 with 4.7.x or says so in words.
 */
export function classifyReply(reply: ServerReply, { step, host, user }: ReplyContext): Problem {
  const { code, enhanced, text } = reply
  const isLater = code >= 400 && code < 500
  const isNever = code >= 500 && code < 600
  if (!isLater && !isNever) {
    return { kind: 'protocol', host, detail: `${step}: ${code === 0 ? '' : `${code} `}${text}`.trim() }
  }
  if (isThrottle(reply)) return { kind: 'throttled', host, text }
  if (isLater) return { kind: 'server-busy', reply }
  if (step === 'starttls') return { kind: 'tls-not-offered', host }
  if (step === 'auth') {
    // 504, 502: the mechanism, not the password (RFC 4954 section 6).
    if (code === 504 || code === 502) return { kind: 'authentication-unavailable', host, offered: [] }
    return { kind: 'authentication', host, user, text }
  }
  if (code === 530 || code === 535 || enhanced === '5.7.8' || (code !== 552 && LOGIN_WORDS.test(text))) {
    return { kind: 'authentication', host, user, text }
  }
  return { kind: 'refused', reply }
}

function isThrottle({ code, enhanced, text }: ServerReply): boolean {
  if (code === 421 && enhanced?.startsWith('4.7.')) return true
  // X.2.x speaks of the recipient's mailbox, whose limits are not ours.
  if (/^[45]\.2\./.test(enhanced ?? '')) return false
  return THROTTLE_WORDS.test(text)
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
