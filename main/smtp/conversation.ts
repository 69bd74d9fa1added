/**
 * Listens to what nodemailer says and hears (its logger is public API): pairs each reply with its command and makes
 * the transcript. Refuses to let a secret through: what follows AUTH is never written down.
 */

import type { ServerReply } from '../../shared/problem.ts'
import type { Side } from './connect.ts'
import { parseReply } from './reply.ts'

export type Verb =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'body'
  | 'RSET'
  | 'QUIT'
  | 'other'

export type Hearing = {
  onLine: (side: Side, text: string) => void
  onReply: (verb: Verb, reply: ServerReply) => void
}

type LogEntry = { tnx?: unknown } | undefined
type Log = (entry: LogEntry, message: unknown) => void

export type Conversation = {
  /** What nodemailer wants as `logger`, together with `transactionLog: true`. */
  logger: Record<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal', Log>
  /** Who hears now; a kept connection changes hands with each mail. */
  hearing: Hearing
  /** Lines of the last EHLO reply after its first: "PIPELINING", "SIZE 10240000" … */
  extensions: string[]
  /** Text of the greeting. */
  greeting: string
  /** A text of the server without our secrets. */
  clean: (text: string) => string
  /** One more secret that shall be cut out from now on. */
  hide: (secret: string) => void
}

const HIDDEN = '***'

/** `secrets` are cut out of every line, even where a server repeats them. `isGreetingKnown`: it stands in the transcript. */
export function createConversation(
  hearing: Hearing,
  secrets: string[],
  isGreetingKnown: boolean,
): Conversation {
  const unanswered: Verb[] = ['greeting']
  let isInAuth = false
  let skipsLine = isGreetingKnown
  const hidden: string[] = []
  const hide = (secret: string) => {
    if (secret.length > 3) hidden.push(secret, Buffer.from(secret).toString('base64'))
  }
  for (const secret of secrets) hide(secret)

  const clean = (text: string) => hidden.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)

  const write = (side: Side, text: string) => {
    for (const line of text.split(/\r?\n/)) conversation.hearing.onLine(side, clean(line))
  }

  const onClient = (text: string) => {
    const verb = verbOf(text)
    if (isInAuth && verb !== 'AUTH') {
      unanswered.push('AUTH')
      return write('client', HIDDEN)
    }
    unanswered.push(verb)
    if (verb !== 'AUTH') return write('client', text)
    isInAuth = true
    const [, mechanism = '', initial] = text.split(' ')
    write('client', `AUTH ${mechanism}${initial === undefined ? '' : ` ${HIDDEN}`}`)
  }

  const onServer = (text: string) => {
    const verb = unanswered.shift() ?? 'other'
    const reply = parseReply(clean(text))
    if (skipsLine) skipsLine = false
    // Salts, nonces and proofs: with them a password can be guessed at home.
    else if (verb === 'AUTH' && reply.code === 334) write('server', `334 ${HIDDEN}`)
    else write('server', text)
    if (verb === 'greeting') conversation.greeting = reply.text
    if (verb === 'EHLO' && reply.code === 250) conversation.extensions = reply.text.split('\n').slice(1)
    if (verb === 'AUTH' && reply.code !== 334) isInAuth = false
    if (verb === 'DATA' && reply.code >= 200 && reply.code < 400) unanswered.push('body')
    conversation.hearing.onReply(verb, reply)
  }

  const nothing: Log = () => {}
  const conversation: Conversation = {
    logger: {
      trace: nothing,
      debug(entry, message) {
        if (entry?.tnx === 'client') onClient(String(message))
        else if (entry?.tnx === 'server') onServer(String(message))
      },
      info: nothing,
      warn: nothing,
      error: nothing,
      fatal: nothing,
    },
    hearing,
    extensions: [],
    greeting: '',
    clean,
    hide,
  }
  return conversation
}

function verbOf(line: string): Verb {
  const word = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? ''
  switch (word) {
    case 'EHLO':
    case 'HELO':
    case 'AUTH':
    case 'MAIL':
    case 'RCPT':
    case 'DATA':
    case 'RSET':
    case 'QUIT':
      return word
    default:
      return 'other'
  }
}

/** The mechanisms of the AUTH line, in upper case. */
export function offeredMechanisms(extensions: readonly string[]): string[] {
  const lines = extensions.filter(line => /^AUTH[ =]/i.test(line))
  return [
    ...new Set(
      lines.flatMap(line =>
        line
          .slice(5)
          .toUpperCase()
          .split(/[\s=]+/)
          .filter(word => word !== ''),
      ),
    ),
  ]
}

export function offers(extensions: readonly string[], keyword: string): boolean {
  return extensions.some(line => line.split(' ', 1)[0]?.toUpperCase() === keyword)
}

/** The largest mail the server takes (RFC 1870); null where it does not say. */
export function sizeLimit(extensions: readonly string[]): number | null {
  const stated = extensions
    .map(line => /^SIZE\s+(\d+)$/i.exec(line.trim())?.[1])
    .find(found => found !== undefined)
  return stated === undefined || Number(stated) === 0 ? null : Number(stated)
}
