/** Every `Problem` in words: what happened, what it means, what can be done; and the server's own words apart. */

import { assertNever, type CertificateReason, type Problem, type ServerReply } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { english, Words } from '../i18n/words.ts'
import type { Format } from './format.ts'
import { type ReplyWords, replyWords } from './reply-words.ts'

export type ProblemWords = {
  title: string
  meaning: string
  remedy: string
  /** As it came, in the server's or system's language; null where nobody said anything. */
  serverWords: string | null
  /** Whose trouble it is and what becomes of a mail, where a server's reply is known. */
  whose: string | null
  next: string | null
  /** A page of the provider that helps. */
  help: ReplyWords['help']
}

/** `550 5.1.1 no such user`; the reply of nobody (code 0) is only its text. */
export function formatReply({ code, enhanced, text }: ServerReply): string {
  return [code === 0 ? null : code, enhanced, text].filter(part => part !== null && part !== '').join(' ')
}

type Sentences = typeof english.problem
type Certificates = Sentences['certificate']
/** The keys of problem.ts that hold a title, a meaning and a remedy. */
type Key =
  | { [K in keyof Sentences]: Sentences[K] extends { remedy: string } ? K : never }[keyof Sentences]
  | `certificate.${keyof Certificates}`

/** A reply that explains itself: its cause has words of its own. */
type Replied = { reply: ServerReply; step: ReplyStep | null; host: string }

/** Which sentences, with what filled in. A test says every kind in both languages and looks for holes. */
type Facts =
  | { key: Key; values?: Record<string, string | number>; serverWords?: string }
  | { replied: Replied }

const REASONS = {
  untrusted: 'untrusted',
  'self-signed': 'selfSigned',
  expired: 'expired',
  'not-yet-valid': 'notYetValid',
  'name-mismatch': 'nameMismatch',
  changed: 'changed',
  other: 'other',
} as const satisfies Record<CertificateReason, keyof Certificates>

/** The phases that main names; one that is not known is only "waiting for an answer". */
const PHASES: Record<string, keyof Sentences['phase']> = {
  dns: 'dns',
  resolving: 'dns',
  connect: 'connect',
  connecting: 'connect',
  tcp: 'connect',
  tls: 'tls',
  securing: 'tls',
  greeting: 'greeting',
  auth: 'auth',
  authenticating: 'auth',
  authentication: 'auth',
  envelope: 'envelope',
  body: 'body',
  reply: 'reply',
  'awaiting-reply': 'reply',
}

function phaseWords(words: Words, phase: string): string {
  return words(`problem.phase.${PHASES[phase] ?? 'command'}`)
}

function repliedOf({ reply, step, host }: Partial<Replied> & { host: string }): Facts | null {
  return reply === undefined ? null : { replied: { reply, step: step ?? null, host } }
}

/** Exhaustive over problem.ts: a kind without words does not compile. */
function factsOf(problem: Problem, words: Words, format: Format): Facts {
  switch (problem.kind) {
    case 'offline':
      return { key: 'offline' }
    case 'dns':
      return { key: 'dns', values: { host: problem.host } }
    case 'unreachable':
      return {
        key: 'unreachable',
        values: { host: problem.host, port: problem.port },
        serverWords: problem.detail,
      }
    case 'timeout': {
      const phase = phaseWords(words, problem.phase)
      return { key: 'timeout', values: { host: problem.host, port: problem.port, phase } }
    }
    case 'connection-lost':
      return {
        key: 'connectionLost',
        values: { host: problem.host, phase: phaseWords(words, problem.phase) },
      }
    case 'server-busy':
      return { replied: { reply: problem.reply, step: problem.step ?? null, host: '' } }
    case 'protocol':
      return { key: 'protocol', values: { host: problem.host }, serverWords: problem.detail }
    case 'certificate':
      return { key: `certificate.${REASONS[problem.reason]}`, values: { host: problem.host } }
    case 'tls':
      return { key: 'tls', values: { host: problem.host }, serverWords: problem.detail }
    case 'tls-not-offered':
      return { key: 'tlsNotOffered', values: { host: problem.host } }
    case 'plaintext-forbidden':
      return { key: 'plaintextForbidden', values: { host: problem.host } }
    case 'authentication':
      return (
        repliedOf(problem) ?? {
          key: 'authentication',
          values: { host: problem.host, user: problem.user },
          serverWords: problem.text,
        }
      )
    case 'authentication-unavailable': {
      const offered = problem.offered.length === 0 ? '–' : format.list(problem.offered)
      return (
        repliedOf(problem) ?? { key: 'authenticationUnavailable', values: { host: problem.host, offered } }
      )
    }
    case 'throttled':
      return (
        repliedOf(problem) ?? { key: 'throttled', values: { host: problem.host }, serverWords: problem.text }
      )
    case 'password-missing':
      return { key: 'passwordMissing' }
    case 'secrets-unavailable':
      return { key: 'secretsUnavailable', serverWords: problem.detail }
    case 'refused':
      return { replied: { reply: problem.reply, step: problem.step ?? null, host: '' } }
    case 'recipients-refused':
      return {
        key: 'recipientsRefused',
        values: {
          count: problem.recipients.length,
          addresses: format.list(problem.recipients.map(recipient => recipient.address)),
        },
        serverWords: problem.recipients
          .map(({ address, reply }) => `${address}: ${formatReply(reply)}`)
          .join('\n'),
      }
    case 'gave-up': {
      const last = problemWords(problem.last, words, format)
      return {
        key: 'gaveUp',
        values: { duration: format.duration(problem.afterMs), last: last.title },
        ...(last.serverWords !== null && { serverWords: last.serverWords }),
      }
    }
    case 'no-recipients':
      return { key: 'noRecipients' }
    case 'address-invalid':
      return {
        key: 'addressInvalid',
        values: { address: problem.address, field: words(`problem.field.${problem.field}`) },
      }
    case 'address-needs-smtputf8':
      return { key: 'addressNeedsSmtputf8', values: { address: problem.address } }
    case 'server-lacks':
      return {
        key: problem.extension === 'REQUIRETLS' ? 'serverLacksTlsAllTheWay' : 'serverLacksEightBits',
        values: { host: problem.host },
      }
    case 'forbidden-character':
      return { key: 'forbiddenCharacter', values: { field: problem.field } }
    case 'too-big':
      return {
        key: 'tooBig',
        values: { bytes: format.size(problem.bytes), limit: format.size(problem.limit) },
      }
    case 'too-many-recipients':
      return { key: 'tooManyRecipients', values: { count: problem.count, limit: problem.limit } }
    case 'attachment-missing':
      return { key: 'attachmentMissing', values: { name: problem.name } }
    case 'attachment-unreadable':
      return { key: 'attachmentUnreadable', values: { name: problem.name } }
    case 'bytes-changed':
      return { key: 'bytesChanged' }
    case 'outcome-unknown':
      return { key: 'outcomeUnknown' }
    case 'past-no-return':
      return { key: 'pastNoReturn' }
    case 'same-mail':
      return { key: 'sameMail' }
    case 'disk-full':
      return { key: 'diskFull' }
    case 'disk':
      return { key: 'disk', serverWords: problem.detail }
    case 'database-newer':
      return { key: 'databaseNewer', values: { file: problem.file } }
    case 'database-corrupt':
      return { key: 'databaseCorrupt', values: { file: problem.file } }
    case 'settings-corrupt':
      return { key: 'settingsCorrupt', values: { keptAs: problem.keptAs } }
    case 'already-running':
      return { key: 'alreadyRunning' }
    case 'invalid':
      return { key: 'invalid', values: { field: problem.field }, serverWords: problem.reason }
    case 'not-found':
      return { key: 'notFound', values: { what: words(`problem.notFound.what.${problem.what}`) } }
    case 'conflict':
      return { key: 'conflict' }
    case 'draft-newer':
      return { key: 'draftNewer' }
    case 'written-elsewhere':
      return { key: 'writtenElsewhere' }
    case 'not-now':
      return { key: 'notNow', serverWords: problem.what }
    case 'no-folder':
      return { key: 'noFolder', values: { role: words(`frame.role.${problem.role}`) } }
    case 'message-gone':
      return { key: 'messageGone' }
    case 'web-refused':
      return { key: 'webRefused', values: { host: problem.host }, serverWords: problem.detail }
    case 'mail-unreadable':
      return { key: 'mailUnreadable', serverWords: problem.detail }
    case 'cancelled':
      return { key: 'cancelled' }
    case 'internal':
      return { key: 'internal', serverWords: problem.detail }
    default:
      return assertNever(problem)
  }
}

export function problemWords(problem: Problem, words: Words, format: Format): ProblemWords {
  const facts = factsOf(problem, words, format)
  if ('replied' in facts) {
    const { reply, step, host } = facts.replied
    return { ...replyWords(reply, step, host, words), serverWords: formatReply(reply) || null }
  }
  const { key, values = {}, serverWords = '' } = facts
  // `key` and `values` go together by factsOf; the compiler cannot follow a key made of parts.
  const say = (part: 'title' | 'meaning' | 'remedy') =>
    (words as (key: string, values: Record<string, string | number>) => string)(
      `problem.${key}.${part}`,
      values,
    )
  return {
    title: say('title'),
    meaning: say('meaning'),
    remedy: say('remedy'),
    serverWords: serverWords.trim() === '' ? null : serverWords.trim(),
    whose: null,
    next: null,
    help: null,
  }
}
