/**
 * What a server's reply means: its cause, whose trouble it is and what happens next (RFC 5321, RFC 3463, the registry
 * of RFC 5248, and the texts of large providers). Pure, so that the outbox decides and the page explains by the same
 * rules. Refuses to guess: a reply that nobody knows has the cause `unknown`, and no link ever comes from its text.
 */

import type { ServerReply } from './problem.ts'
import { type Page, pageFor } from './provider-pages.ts'
import { CAUSES, type ReplyCause, type ReplyNext, type ReplyStep, type Whose } from './reply-causes.ts'

export type ReplyMeaning = {
  cause: ReplyCause
  whose: Whose
  next: ReplyNext
  /** Help of the provider for app passwords or signing in; from our own list, never from the reply. */
  link: Page | null
}

/** `step` null where nobody wrote it down; `host` is the name in the account's settings. */
export function meaningOf(reply: ServerReply, step: ReplyStep | null, host = ''): ReplyMeaning {
  const cause = causeOf(reply, step)
  const { whose, next } = CAUSES[cause]
  return {
    cause,
    whose,
    next: next ?? nextByClass(reply.code, step),
    link: pageFor(cause, host, reply.text),
  }
}

/** What happens to a refused mail follows from the first digit alone. */
function nextByClass(code: number, step: ReplyStep | null): ReplyNext {
  if (code >= 400 && code < 500) return 'tries-again'
  return step === 'auth' ? 'waits-for-you' : 'stays-here'
}

type Rule = {
  cause: ReplyCause
  /** Against "550 5.1.1"; the enhanced code is "-" where there was none. */
  codes?: RegExp
  text?: RegExp
  steps?: readonly ReplyStep[]
}

const AT_RECIPIENT: readonly ReplyStep[] = ['recipient', 'data', 'body']

/**
 * The words of servers, before their codes: many say 5.7.1 to everything. The first rule that fits counts, so the
 * narrow ones stand above the wide ones.
 */
const WORDS: readonly Rule[] = [
  // Signing in.
  {
    cause: 'slowed-down',
    codes: /^[45]/,
    text: /too many (failed |bad |invalid |unsuccessful )*(login|log-in|sign-?in|auth|password)/i,
  },
  {
    cause: 'app-password-needed',
    codes: /^5/,
    text: /application[- ]specific password|app[- ]?(specific[- ])?password/i,
  },
  {
    cause: 'browser-sign-in-needed',
    codes: /^5/,
    text: /log ?in (with|via) your (web )?browser|web ?login required/i,
  },
  {
    cause: 'password-sign-in-off',
    codes: /^5/,
    text: /basic authentication is (disabled|not supported)|SmtpClientAuthentication is disabled|smtp_auth_disabled|security defaults policy|less secure app/i,
  },
  {
    cause: 'password-change-needed',
    codes: /^[45]/,
    text: /password (has |is )?(expired|transition)|change your password/i,
  },
  {
    cause: 'account-locked',
    codes: /^5/,
    steps: ['auth', 'sender'],
    text: /account (has been |is |was )?(temporarily )?(disabled|suspended|locked|blocked|inactive)|user (is )?(disabled|locked|suspended)/i,
  },
  {
    cause: 'encryption-required',
    codes: /^5(30|38|35|54|50)/,
    text: /must issue a starttls|starttls (first|is required|command first)|encryption (is )?required|requires? (tls|encryption)/i,
  },
  {
    cause: 'mechanism-refused',
    codes: /^5/,
    steps: ['auth'],
    text: /mechanism.{0,40}(too weak|not (supported|available|enabled)|unsupported|invalid)|unrecogni[sz]ed auth|unsupported auth/i,
  },
  { cause: 'recipient-declines', codes: /^5/, steps: AT_RECIPIENT, text: /RESOLVER\.RST/ },
  {
    cause: 'login-required',
    codes: /^5(?!52)/,
    text: /authentication (is )?required|must (be )?authenticat|must (log|login) ?in first|log ?in first|not logged in|client (was|is) not authenticated|not authenticated to send|please (authenticate|log in)|pop before smtp|smtp.?auth.{0,20}required/i,
  },
  // How much and how fast.
  { cause: 'account-locked', codes: /^[45]/, text: /bad outbound sender|outbound spam|restricted entit/i },
  {
    cause: 'recipient-overrun',
    text: /user you are trying to contact is receiving mail|recipient thread limit|receiving mail (too quickly|at a rate)|recipient.{0,20}rate limit/i,
  },
  {
    cause: 'sending-limit',
    codes: /^[45](?!\d\d [45]\.2\.2)/,
    text: /(daily|hourly|monthly|24.hour).{0,40}(limit|quota)|(sending|relay|submission|message|recipient rate) (limit|quota)s?.{0,20}(exceeded|reached)|exceeded.{0,40}(sending|message|recipient|mail) (limit|quota|rate)|limit on the number of (allowed )?(outgoing )?messages|sending limits?/i,
  },
  {
    cause: 'slowed-down',
    codes: /^[45](?!\d\d [45]\.2\.)/,
    text: /rate.?limit|throttl|too many (concurrent )?(smtp )?(connections|sessions|messages|e?mails|errors|commands)|sending too (fast|quickly)|slow down|unusual rate|message rate/i,
  },
  { cause: 'login-not-now', codes: /^4(?!21 4\.7\.)/, steps: ['auth'] },
  { cause: 'tls-not-now', codes: /^4/, steps: ['starttls'] },
  {
    cause: 'going-down',
    codes: /^4/,
    text: /shutting down|going down|(idle|connection|session|command) time(d)? ?-?out|timeout (exceeded|waiting)|closing (transmission )?channel$/i,
  },
  { cause: 'busy', codes: /^4/, text: /server (is )?(too )?busy|concurrent connections/i },
  {
    cause: 'too-many-recipients',
    text: /too many recipients|recipients? (count|limit)|maximum (number of )?recipients/i,
  },
  {
    cause: 'greylisted',
    codes: /^4/,
    text: /gr[ae]y.?list|postgrey|try again in \d+ ?(s|sec|min)|please (re)?try (again )?(in|after) \d+/i,
  },
  {
    cause: 'server-full',
    codes: /^4/,
    text: /insufficient (system )?(storage|disk|resources)|out of (disk|space)|no space left|disk full/i,
  },
  // The person at the other end.
  {
    cause: 'mailbox-full',
    text: /(mailbox|quota|inbox|account|user|recipient).{0,40}(is full|full\b|over.?quota|out of storage|exceed)|over.?quota|quota exceeded|too much mail data|(not|insufficient) enough (disk )?(space|storage)|メールボックス.{0,12}(容量|一杯|いっぱい)/i,
    codes: /^[45](?!\d\d [45]\.(3|7|5)\.)/,
    steps: AT_RECIPIENT,
  },
  {
    cause: 'recipient-unknown',
    steps: AT_RECIPIENT,
    text: /(user|recipient|mailbox|account|address|addressee)\b.{0,60}(unknown|does ?n[o']t exist|not found|not exist|no longer (valid|available|in use)|invalid|not listed|unroutable|cannot be found)|(unknown|no such|invalid|unrouteable|unroutable|nonexistent) (local )?(user|recipient|mailbox|address|account|person)|no mailbox here|not a valid (user|mailbox|recipient)|relay recipient table|not our customer|宛先.{0,20}(存在|不明|見つか)/i,
    codes: /^5(?!\d\d [45]\.(1\.[2378]|2\.1|7\.)\b)/,
  },
  {
    cause: 'recipient-unknown',
    codes: /^5/,
    steps: ['recipient'],
    text: /mailbox unavailable|can't accept user/i,
  },
  {
    cause: 'recipient-unchecked',
    codes: /^4/,
    steps: ['recipient'],
    text: /(mailbox|user|recipient|address).{0,40}(unavailable|unverified|verification|busy|locked)/i,
  },
  {
    cause: 'mailbox-closed',
    steps: AT_RECIPIENT,
    text: /(mailbox|account|user|recipient).{0,60}(disabled|suspended|inactive|deactivated|closed|expired|discontinued)/i,
  },
  {
    cause: 'recipient-declines',
    steps: AT_RECIPIENT,
    text: /(sender|you).{0,40}not (allowed|authori[sz]ed|permitted) to (send|post|mail)|only accepts? (mail|messages) from|restricted (recipient|to members)|members? only|does not accept (mail|messages) from|blocked by (the )?recipient|recipient.{0,30}(rejects|refuses|blocked)/i,
    codes: /^5/,
  },
  // Who it is from.
  {
    cause: 'sender-not-yours',
    text: /not owned by|owner.?ship|send ?as|does not have permissions? to send as|not (allowed|authori[sz]ed|permitted) to (send|use).{0,30}(from|as|address|sender)|sender.{0,40}(does not match|mismatch|not (match|belong|verified|allowed|permitted))|from address.{0,40}(not|must|mismatch)|envelope.?from.{0,30}(not|mismatch)|差出人.{0,30}(一致|許可)/i,
    codes: /^5/,
  },
  {
    cause: 'sender-unproven',
    text: /dmarc|\bspf\b|\bdkim\b|unauthenticated (email|mail|message)|not (pass|authenticated)|sender.{0,20}unauthenticated/i,
  },
  {
    cause: 'sender-unknown',
    text: /sender.{0,60}(domain (not|of sender|does not)|does ?n[o']t (exist|resolve)|verify failed|unknown|not found)|domain of sender|sender domain|invalid sender|does not exist$/i,
    codes: /^[45]\d\d (-|[45]\.(1\.[78]|7\.1|0\.0|4\.1)\b)/,
    steps: ['sender', 'recipient'],
  },
  // What it is.
  { cause: 'virus', text: /virus|malware|infected|trojan|phish/i },
  {
    cause: 'attachment-forbidden',
    text: /(attachment|file|content).{0,60}(not (allowed|accepted|permitted)|prohibited|blocked|forbidden|potential security)|(blocked|forbidden|banned|prohibited|illegal).{0,30}(attachment|file)/i,
    codes: /^5/,
  },
  {
    cause: 'address-blocked',
    text: /block ?list|black ?list|spamhaus|spamcop|barracuda|sorbs|\b(dns)?[rp]bl\b|(ip|client|host|network).{0,40}(blocked|banned|listed|poor reputation|bad reputation)|banned sending ip|part of their network|dynamic (ip|address)|reverse dns|\bptr\b/i,
  },
  {
    cause: 'taken-for-spam',
    text: /\bspam|unsolicited|\bjunk\b|bulk mail|suspicious (content|message)|content (rejected|filter)|message content|迷惑メール/i,
  },
  {
    cause: 'relay-denied',
    codes: /^5/,
    text: /relay(ing)? (access )?(denied|not (permitted|allowed)|prohibited)|unable to relay|not (permitted|allowed) to relay|relay not|rcpthosts|we do not relay|not a gateway/i,
  },
  {
    cause: 'too-big',
    codes: /^(?!421)/,
    text: /(message|mail|size|attachment).{0,40}(too (big|large|long)|exceeds?|larger)|too (big|large) (message|mail)|size limit|maximum (message )?size/i,
  },
  { cause: 'looping', text: /\bloop(s|ing)?\b|too many (hops|received)|hop count/i },
  {
    cause: 'letters-not-taken',
    text: /smtputf8|non-ascii|8.?bit (data|mime)|internationali[sz]ed/i,
    codes: /^5/,
  },
  {
    cause: 'malformed-mail',
    text: /rfc ?(5322|2822|822)|(missing|invalid|duplicate|multiple|malformed|no|bad).{0,20}(header|from:|message-id|date:|to:)|header.{0,30}(missing|invalid|syntax|malformed)|bare (lf|cr|newline)|line (is )?too long/i,
    codes: /^5/,
  },
  // The far servers.
  {
    cause: 'way-trouble',
    codes: /^4/,
    text: /(dns|name server|name service|mx|host|domain).{0,50}(timed? ?out|lookup|not (found|resolve)|temporar|fail)|could not connect|connection (refused|timed out) to|lookup failed/i,
  },
  {
    cause: 'domain-unknown',
    steps: AT_RECIPIENT,
    text: /(domain|host).{0,40}(unknown|not found|does ?n[o']t (exist|resolve)|no (valid )?mx)|unknown (host|domain)|unrouteable mail domain|host unknown|(nx|bad) ?domain/i,
    codes: /^5/,
  },
  {
    cause: 'server-trouble',
    codes: /^45[14]|^421/,
    text: /temporary (system |server |internal )?(problem|failure|error|lookup|local)|internal (server )?error|local (error|problem)|queue file|cannot (allocate|fork)|(lookup|table|configuration) (failure|error)/i,
  },
  {
    cause: 'against-policy',
    codes: /^5/,
    text: /polic(y|ies)|access denied|blocked by|administrat(or|ively)|rejected by rule|not accepted for (policy|delivery)/i,
  },
]

/** The enhanced code, then the basic one (RFC 5248's registry; what is not in it is not guessed from its neighbours). */
const CODES: readonly Rule[] = [
  // 421 ends the connection: with X.7.x because of who we are, else because of the server.
  { cause: 'slowed-down', codes: /^421 4\.7\./ },
  { cause: 'going-down', codes: /^421 (4\.4\.2|4\.3\.2)/ },
  { cause: 'busy', codes: /^421 4\.4\.5/ },
  { cause: 'recipient-unchecked', codes: /^4\d\d 4\.1\.1\b/ },
  { cause: 'recipient-unknown', codes: /^5\d\d 5\.1\.(1|0)\b/, steps: AT_RECIPIENT },
  { cause: 'domain-unknown', codes: /^5\d\d 5\.(1\.2|4\.4)\b/ },
  { cause: 'way-trouble', codes: /^4\d\d 4\.(1\.2|1\.8|4\.\d+)\b/ },
  { cause: 'recipient-malformed', codes: /^\d\d\d [45]\.1\.3\b/ },
  { cause: 'recipient-unknown', codes: /^5\d\d 5\.1\.4\b/ },
  { cause: 'recipient-moved', codes: /^(551 |5\d\d 5\.1\.6\b|5\d\d 5\.7\.19\b)/ },
  { cause: 'sender-unknown', codes: /^\d\d\d [45]\.1\.[78]\b/ },
  { cause: 'domain-takes-no-mail', codes: /^(556 |521 |5\d\d 5\.1\.10\b|5\d\d 5\.3\.2\b)/ },
  { cause: 'mailbox-closed', codes: /^5\d\d 5\.2\.(0|1)\b/ },
  { cause: 'mailbox-full', codes: /^\d\d\d [45]\.2\.2\b/ },
  { cause: 'too-big', codes: /^\d\d\d [45]\.(2\.3|3\.4)\b/ },
  { cause: 'recipient-overrun', codes: /^4\d\d 4\.2\.1\b/ },
  { cause: 'greylisted', codes: /^4\d\d 4\.2\.0\b/, steps: AT_RECIPIENT },
  { cause: 'server-full', codes: /^4\d\d 4\.3\.1\b/ },
  { cause: 'server-trouble', codes: /^4\d\d 4\.3\.(0|5)\b/ },
  { cause: 'busy', codes: /^4\d\d 4\.3\.2\b/ },
  { cause: 'looping', codes: /^5\d\d 5\.4\.(6|14)\b/ },
  { cause: 'too-many-recipients', codes: /^\d\d\d [45]\.5\.3\b/ },
  { cause: 'mechanism-refused', codes: /^5\d\d 5\.5\.[46]\b/, steps: ['auth'] },
  { cause: 'letters-not-taken', codes: /^5\d\d 5\.6\.([13579]|10)\b/ },
  { cause: 'malformed-mail', codes: /^5\d\d 5\.6\.[02]\b/ },
  { cause: 'password-change-needed', codes: /^4\d\d 4\.7\.12\b/ },
  { cause: 'account-locked', codes: /^5\d\d 5\.7\.13\b/ },
  { cause: 'sender-unproven', codes: /^\d\d\d [45]\.7\.(2[0-7])\b/ },
  { cause: 'slowed-down', codes: /^4\d\d 4\.7\.28\b/ },
  { cause: 'encryption-required', codes: /^(538 |5\d\d 5\.7\.1[01]\b)/ },
  { cause: 'mechanism-refused', codes: /^(504 |534 5\.7\.9\b)/, steps: ['auth'] },
  { cause: 'mechanism-refused', codes: /^502 /, steps: ['auth'] },
  { cause: 'wrong-password', codes: /^(535 |534 |5\d\d 5\.7\.8\b)/ },
  { cause: 'wrong-password', codes: /^5[35]\d /, steps: ['auth'] },
  { cause: 'login-required', codes: /^530 / },
  { cause: 'greylisted', codes: /^45[01] 4\.7\.1\b/, steps: AT_RECIPIENT },
  { cause: 'sender-doubted', codes: /^4\d\d 4\.7\./ },
  { cause: 'recipient-declines', codes: /^5\d\d 5\.7\.(2|124|133|134|136)\b/ },
  { cause: 'address-blocked', codes: /^5\d\d 5\.7\.60[5-9]\b/ },
  { cause: 'sender-not-yours', codes: /^5\d\d 5\.7\.60\b/ },
  { cause: 'against-policy', codes: /^5\d\d 5\.7\./ },
  { cause: 'out-of-step', codes: /^(50[0-3] |5\d\d 5\.5\.)/ },
  { cause: 'busy', codes: /^(421 |4\d\d 4\.3\.)/ },
  // Codes alone, as servers without RFC 2034 give them.
  { cause: 'recipient-unchecked', codes: /^450 -/, steps: ['recipient'] },
  { cause: 'server-trouble', codes: /^451 -/ },
  { cause: 'server-full', codes: /^452 -/, steps: ['sender', 'data', 'body'] },
  { cause: 'mailbox-full', codes: /^552 -/, steps: ['recipient'] },
  { cause: 'too-big', codes: /^552 -/, steps: ['sender', 'data', 'body'] },
  { cause: 'recipient-malformed', codes: /^553 -/, steps: ['recipient'] },
  { cause: 'recipient-unknown', codes: /^550 -/, steps: ['recipient'] },
]

function causeOf(reply: ServerReply, step: ReplyStep | null): ReplyCause {
  if (reply.code < 400 || reply.code > 599) return 'no-answer'
  const text = reply.text.replace(/\s+/g, ' ')
  // qmail writes it at the end of the line: "sorry, no mailbox here by that name. (#5.1.1)".
  const enhanced = reply.enhanced ?? /\(#([45]\.\d{1,3}\.\d{1,3})\)/.exec(text)?.[1] ?? '-'
  const codes = `${reply.code} ${enhanced}`
  const fits = (rule: Rule) =>
    (rule.codes?.test(codes) ?? true) &&
    (rule.text?.test(text) ?? true) &&
    (rule.steps === undefined || rule.steps.includes(step ?? 'body'))
  return (WORDS.find(fits) ?? CODES.find(fits))?.cause ?? 'unknown'
}
