/**
 * One mail over a ready connection: MAIL, RCPT, DATA and the end, and what is proved by how it ended.
 * Refuses to take a library's word for it: only replies, our own withheld chunk and our own commit count.
 */

import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import type { ServerSettings } from '../../shared/model.ts'
import type { Problem, ServerReply } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { Clock } from '../host.ts'
import { problemOfNetworkError } from '../network.ts'
import { type Conversation, offers, sizeLimit, type Verb } from './conversation.ts'
import { classifyReply, parseReply, queueIdOf } from './reply.ts'
import type { Order, Outcome, SubmitHooks } from './submit.ts'
import { unmetWish, type WireWishes } from './wire-envelope.ts'
import { BytesChanged, Stopped, withheldBody } from './withheld-body.ts'

/** RFC 5321 section 4.5.3.2. */
export const REPLY_MS = 5 * 60_000
export const DATA_END_MS = 10 * 60_000

/** A connection that is logged in. */
export type Link = {
  key: string
  conversation: Conversation
  socket: Socket
  protocol: string | null
  isDead: boolean
  /** Called once when it ends by itself. */
  onDead: () => void
  /** The reply to the final dot, or the error; may stay silent when the connection ends. */
  send: (
    envelope: { from: string; to: string[] },
    wishes: WireWishes,
    size: number,
    body: Readable,
    done: (error: SmtpError | null, response?: string) => void,
  ) => void
  /** Ends at once, without a word. */
  close: () => void
  /** Says QUIT. */
  leave: () => void
}

/** nodemailer's error, of which only a reply and the code of the system are believed. */
export type SmtpError = {
  message: string
  code?: unknown
  originalCode?: unknown
  response?: unknown
  command?: unknown
}

export function problemOfError(error: SmtpError, settings: ServerSettings, step: ReplyStep): Problem {
  const { host, port, user } = settings
  if (typeof error.response === 'string') {
    return classifyReply(parseReply(error.response), { step, host, user })
  }
  if (error.code === 'EPROTOCOL') return { kind: 'protocol', host, detail: error.message }
  const code = error.originalCode ?? error.code
  return problemOfNetworkError({ code, message: error.message }, { host, port, phase: step })
}

/** What is known of a mail on its way; everything that an outcome is read from. */
type Facts = {
  phase: 'envelope' | 'body' | 'awaiting-reply'
  sender: ServerReply | null
  accepted: string[]
  refused: { address: string; reply: ServerReply }[]
  /** The reply that ended it for all recipients. */
  refusal: { step: ReplyStep; reply: ServerReply } | null
  /** Why we ended it ourselves. */
  stop: Problem | 'recipients' | null
}

const isGood = ({ code }: ServerReply) => code >= 200 && code < 400

/** Takes down a reply of the envelope, in the order of the commands. */
function hear(facts: Facts, order: Order, hooks: SubmitHooks, verb: Verb, reply: ServerReply): void {
  // 421 speaks of the connection, whatever it answers.
  const endsAll = !isGood(reply) && (verb === 'MAIL' || reply.code === 421)
  if (verb === 'MAIL') {
    facts.sender = reply
    if (isGood(reply)) hooks.onEvent({ type: 'sender-accepted', reply })
  } else if (verb === 'RCPT' && facts.refusal === null && !endsAll) {
    const recipient = order.envelope.to[facts.accepted.length + facts.refused.length] ?? ''
    if (isGood(reply)) facts.accepted.push(recipient)
    else facts.refused.push({ address: recipient, reply })
    hooks.onEvent({ type: isGood(reply) ? 'recipient-accepted' : 'recipient-refused', recipient, reply })
  } else if (verb === 'DATA' && isGood(reply)) hooks.onEvent({ type: 'body-started', reply })
  else if (verb === 'DATA' && facts.accepted.length > 0) facts.refusal ??= { step: 'data', reply }
  else if (verb === 'body' && facts.phase !== 'awaiting-reply' && !isGood(reply)) {
    // A word before the end: what the server refuses so early, it has not taken.
    facts.refusal ??= { step: 'body', reply }
  }
  if (endsAll) facts.refusal ??= { step: verb === 'RCPT' ? 'recipient' : 'sender', reply }
}

/** What is proved by how it ended; `error` null where we or the server ended it without a word. */
function outcomeOf(facts: Facts, { settings, envelope }: Order, error: SmtpError | null): Outcome {
  const { host, user } = settings
  const { phase, sender, accepted, refused, refusal, stop } = facts
  if (phase === 'awaiting-reply') {
    // Only a refusal in so many words proves that the mail was not taken.
    const final =
      error?.code === 'EMESSAGE' && typeof error.response === 'string' ? parseReply(error.response) : null
    if (final === null || final.code < 400 || final.code > 599) {
      return { kind: 'unknown', problem: { kind: 'outcome-unknown' } }
    }
    return { kind: 'not accepted', problem: classifyReply(final, { step: 'body', host, user }) }
  }
  if (stop === 'recipients') return { kind: 'recipients refused', accepted, refused }
  if (stop !== null) return { kind: 'not accepted', problem: stop }
  if (refusal !== null) {
    return { kind: 'not accepted', problem: classifyReply(refusal.reply, { step: refusal.step, host, user }) }
  }
  // Who has not been answered has not been refused: then it is the lost connection that counts.
  const isAllAnswered = accepted.length + refused.length === envelope.to.length
  if (refused.length > 0 && isAllAnswered) return { kind: 'recipients refused', accepted, refused }
  if (error === null) return { kind: 'not accepted', problem: { kind: 'connection-lost', host, phase } }
  const step = phase === 'body' ? 'body' : sender === null ? 'sender' : 'recipient'
  return { kind: 'not accepted', problem: problemOfError(error, settings, step) }
}

/** A kept connection that had ended before it heard of this mail: the mail may go over a new one at once. */
function isStale({ sender }: Facts, outcome: Outcome): boolean {
  if (outcome.kind !== 'not accepted' || (sender !== null && sender.code !== 421)) return false
  return ['connection-lost', 'timeout', 'server-busy', 'unreachable'].includes(outcome.problem.kind)
}

export type Transacted = { outcome: Outcome; isStale: boolean }

/**
 * One mail over a ready connection; afterwards that is free (accepted) or closed. `firstReplyMs` is how long the
 * server may take for its first word.
 */
export function transact(
  link: Link,
  order: Order,
  hooks: SubmitHooks,
  clock: Clock,
  firstReplyMs = REPLY_MS,
): Promise<Transacted> {
  const unfit = unfitFor(link, order)
  if (unfit !== null) {
    link.leave()
    return Promise.resolve({ outcome: { kind: 'not accepted', problem: unfit }, isStale: false })
  }
  const { settings, envelope, signal } = order
  const { host, port } = settings
  const facts: Facts = {
    phase: 'envelope',
    sender: null,
    accepted: [],
    refused: [],
    refusal: null,
    stop: null,
  }

  return new Promise(resolve => {
    let isDone = false
    let cancelWatch = () => {}
    const watch = (ms: number) => {
      cancelWatch()
      cancelWatch = clock.after(ms, () => end({ kind: 'timeout', host, port, phase: facts.phase }))
    }
    const finish = (outcome: Outcome) => {
      if (isDone) return
      isDone = true
      cancelWatch()
      signal.removeEventListener('abort', onAbort)
      link.conversation.hearing = { onLine: hooks.onLine, onReply: () => {} }
      link.onDead = () => {}
      // A QUIT in the middle of the body would be read as a part of it.
      if (outcome.kind !== 'accepted' && facts.phase === 'envelope') link.leave()
      else if (outcome.kind !== 'accepted') link.close()
      resolve({ outcome, isStale: isStale(facts, outcome) })
    }
    const end = (why: Problem) => {
      facts.stop ??= why
      link.close()
      finish(outcomeOf(facts, order, null))
    }
    const isEnded = () =>
      isDone || facts.stop !== null || facts.refusal !== null || link.isDead || link.socket.destroyed
    const onAbort = () => {
      if (facts.phase !== 'awaiting-reply') end({ kind: 'cancelled' })
    }
    const endTooEarly = () => end({ kind: 'protocol', host, detail: 'reply before the end of the mail' })

    const body = withheldBody({
      open: order.openBody,
      sha256: order.sha256,
      bytes: order.bytes,
      socket: link.socket,
      onFirstRead() {
        facts.phase = 'body'
        if (facts.refused.length === 0) return watch(REPLY_MS)
        facts.stop = 'recipients'
        throw new Stopped()
      },
      onTaken(sent) {
        watch(REPLY_MS)
        hooks.onProgress(sent)
      },
      async beforeLast() {
        if (isEnded()) throw new Stopped()
        await hooks.commitTerminating({ bytes: order.bytes, recipients: [...facts.accepted] })
        // Anything may have come while the disk was waited for; the last lines are still here.
        if (isEnded()) throw new Stopped()
        facts.phase = 'awaiting-reply'
        watch(DATA_END_MS)
      },
    })
    body.on('error', error => {
      if (facts.phase === 'awaiting-reply' || error instanceof Stopped) return
      facts.stop ??= error instanceof BytesChanged ? { kind: 'bytes-changed' } : hooks.problemOfBody(error)
    })

    if (signal.aborted) return end({ kind: 'cancelled' })
    signal.addEventListener('abort', onAbort)
    link.conversation.hearing = {
      onLine: hooks.onLine,
      onReply(verb, reply) {
        watch(facts.phase === 'awaiting-reply' ? DATA_END_MS : REPLY_MS)
        hear(facts, order, hooks, verb, reply)
      },
    }
    // nodemailer may end a connection without calling back.
    link.onDead = () => setImmediate(() => finish(outcomeOf(facts, order, null)))
    watch(firstReplyMs)
    link.send(envelope, order.wishes, order.bytes, body, (error, response) => {
      if (error !== null || response === undefined) return finish(outcomeOf(facts, order, error))
      if (facts.phase !== 'awaiting-reply') return endTooEarly()
      const reply = parseReply(response)
      hooks.onProgress(order.bytes)
      finish({ kind: 'accepted', reply, queueId: queueIdOf(reply.text), recipients: [...facts.accepted] })
    })
  })
}

/** What EHLO already tells: the server would not take this mail. */
function unfitFor(link: Link, { bytes, envelope, wishes, settings }: Order): Problem | null {
  const { extensions } = link.conversation
  const limit = sizeLimit(extensions)
  if (limit !== null && bytes > limit) return { kind: 'too-big', bytes, limit }
  const foreign = [envelope.from, ...envelope.to].find(address => /[^\x00-\x7f]/.test(address))
  if (foreign !== undefined && !offers(extensions, 'SMTPUTF8')) {
    return { kind: 'address-needs-smtputf8', address: foreign }
  }
  return unmetWish(wishes, { host: settings.host, isSecured: link.protocol !== null, extensions })
}
