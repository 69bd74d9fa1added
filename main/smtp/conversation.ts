/**
 * The conversation with a submission server (RFC 5321, 2920, 4954): commands go out, in one write where they belong
 * together, and each reply goes to whoever asked for it. Refuses to let a secret into the transcript (what follows AUTH
 * is never written down) and a command of more than one line onto the wire.
 */

import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import type { ServerReply } from '../../shared/problem.ts'
import type { Side } from './connect.ts'
import { parseReply } from './reply.ts'
import { createReplyReader, ENDLESS_REPLY, type RawReply } from './reply-reader.ts'

export type Verb = 'greeting' | 'EHLO' | 'HELO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'body' | 'QUIT'
export type Command = { verb: Exclude<Verb, 'greeting' | 'body'>; line: string }

/** Why a connection ended: an error of the system, or `EPROTOCOL` with what was wrong. */
export type Fault = { code?: unknown; message: string }

/** Who has asked, and hears of that alone: two mails may be under way behind each other. */
export type Hearing = {
  onLine: (side: Side, text: string) => void
  /** In the order of the commands; `raw` is the reply as it came, with its secrets. */
  onReply: (verb: Verb, reply: ServerReply, raw: string) => void
  /** No reply comes any more; null where the connection ended without an error. */
  onEnd: (fault: Fault | null) => void
}

export type Conversation = {
  readonly isOver: boolean
  /** Lines of the last EHLO reply after its first: "PIPELINING", "SIZE 10240000" … */
  extensions: string[]
  /** Text of the greeting. */
  greeting: string
  /** Says commands in one write. After the end, `hearing` is only told that. */
  say: (commands: readonly Command[], hearing: Hearing) => void
  /** Ends the connection at once, without a word. */
  close: () => void
  /** A text of the server without our secrets. */
  clean: (text: string) => string
  /** One more secret that shall be cut out from now on. */
  hide: (secret: string) => void
}

const HIDDEN = '***'

/** A word of the server that does not fit, at the length of a line of text. */
const LONGEST_DETAIL = 200

/**
 * `hearing` gets the greeting. `secrets` are cut out of every line, even where a server repeats them.
 * `isGreetingKnown`: it stands in the transcript. `onOver` is called once.
 */
export function createConversation(
  socket: Socket,
  hearing: Hearing,
  about: { secrets: string[]; isGreetingKnown: boolean; onOver: () => void },
): Conversation {
  const unanswered: { verb: Verb; hearing: Hearing }[] = [{ verb: 'greeting', hearing }]
  let last = hearing
  let isInAuth = false
  let skipsLine = about.isGreetingKnown
  const hidden: string[] = []
  const hide = (secret: string) => {
    if (secret.length > 3) hidden.push(secret, Buffer.from(secret).toString('base64'))
  }
  for (const secret of about.secrets) hide(secret)
  const clean = (text: string) => hidden.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  const write = (to: Hearing, side: Side, text: string) => {
    for (const line of text.split(/\r?\n/)) to.onLine(side, clean(line))
  }

  const state = { isOver: false, extensions: [] as string[], greeting: '' }

  const end = (fault: Fault | null, also: Hearing[] = []) => {
    if (state.isOver) return
    state.isOver = true
    socket.destroy()
    const all = new Set([...also, ...unanswered.map(one => one.hearing)])
    unanswered.length = 0
    for (const one of all) one.onEnd(fault)
    about.onOver()
  }

  const onReply = (text: string) => {
    const reply = parseReply(clean(text))
    const asked = unanswered.shift()
    if (asked === undefined) {
      write(last, 'server', text)
      // A server may say good-bye at any time (RFC 5321 section 3.8).
      return end(reply.code === 421 ? null : outOfStep(clean(text)))
    }
    const { verb } = asked
    if (skipsLine) skipsLine = false
    // Salts, nonces and proofs: with them a password can be guessed at home.
    else if (verb === 'AUTH' && reply.code === 334) write(asked.hearing, 'server', `334 ${HIDDEN}`)
    else write(asked.hearing, 'server', text)
    if (verb === 'greeting') state.greeting = reply.text
    if (verb === 'EHLO' && reply.code === 250) state.extensions = reply.text.split('\n').slice(1)
    if (verb === 'AUTH' && reply.code !== 334) isInAuth = false
    if (verb === 'DATA' && reply.code >= 200 && reply.code < 400)
      unanswered.unshift({ verb: 'body', hearing: asked.hearing })
    asked.hearing.onReply(verb, reply, text)
    if (reply.code === 421) end(null, [asked.hearing])
    else if (verb === 'QUIT') end(null)
  }

  const onRaw = (raw: RawReply) => {
    if (!raw.ok) return end(faultOf(raw.error))
    onReply(raw.value.toString(isUtf8(raw.value) ? 'utf8' : 'latin1').trimEnd())
    if (!state.isOver) reader.next(onRaw)
  }
  const reader = createReplyReader(socket)
  reader.next(onRaw)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  socket.resume()

  const note = ({ verb, line }: Command, to: Hearing) => {
    if (verb !== 'AUTH') return write(to, 'client', line)
    if (isInAuth) return write(to, 'client', HIDDEN)
    isInAuth = true
    const [, mechanism = '', initial] = line.split(' ')
    write(to, 'client', `AUTH ${mechanism}${initial === undefined ? '' : ` ${HIDDEN}`}`)
  }

  return Object.assign(state, {
    say(commands: readonly Command[], to: Hearing) {
      if (state.isOver) return to.onEnd(null)
      if (commands.some(({ line }) => /[\r\n]/.test(line))) throw new Error('a command of more than one line')
      last = to
      for (const command of commands) {
        unanswered.push({ verb: command.verb, hearing: to })
        note(command, to)
      }
      socket.write(commands.map(({ line }) => `${line}\r\n`).join(''))
    },
    close: () => end(null),
    clean,
    hide,
  })
}

const KEEP_ALIVE_MS = 60_000

function faultOf(error: unknown): Fault | null {
  if (error === null) return null
  const { code, message } = error as { code?: unknown; message?: unknown }
  const words = typeof message === 'string' ? message : ''
  // The reader's own word for a reply that does not end; of TLS it is known by more.
  return words === ENDLESS_REPLY ? { code: 'EPROTOCOL', message: words } : { code, message: words }
}

function outOfStep(text: string): Fault {
  return { code: 'EPROTOCOL', message: `unexpected reply: ${text.slice(0, LONGEST_DETAIL)}` }
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

/** RCPTMAX of LIMITS (RFC 9422 section 4.2); null where none is stated. */
export function recipientLimit(extensions: readonly string[]): number | null {
  const limits = extensions.find(line => /^LIMITS /i.test(line)) ?? ''
  return Number(/\bRCPTMAX=(\d{1,6})\b/i.exec(limits)?.[1] ?? 0) || null
}
