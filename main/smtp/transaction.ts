/**
 * One mail over a ready connection: MAIL, RCPT, DATA and the end, and what is proved by how it ended. The next mail may
 * speak behind the final dot (RFC 2920 section 3.1), before that is answered.
 * Refuses to take anything for an outcome but replies, our own withheld lines and our own commit.
 */

import type { Socket } from 'node:net'
import type { ServerSettings } from '../../shared/model.ts'
import type { Problem, ServerReply } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { Clock } from '../host.ts'
import { problemOfNetworkError } from '../network.ts'
import {
  type Command,
  type Conversation,
  type Fault,
  offers,
  recipientLimit,
  sizeLimit,
  type Verb,
} from './conversation.ts'
import { classifyReply, queueIdOf } from './reply.ts'
import type { Order, Outcome, SubmitHooks } from './submit.ts'
import { envelopeLines, unmetWish, unspeakable } from './wire-envelope.ts'
import { BytesChanged, Stopped, sendBody } from './withheld-body.ts'

/** RFC 5321 section 4.5.3.2. */
export const REPLY_MS = 5 * 60_000
export const DATA_END_MS = 10 * 60_000

/** A mail up to this size is written while the server thinks about its envelope. */
const SMALL_BYTES = 64 * 1024

/** A connection that is logged in. */
export type Link = {
  key: string
  conversation: Conversation
  socket: Socket
  protocol: string | null
  /** Mails that go or shall go over it; with none it is kept or left. */
  users: number
  /** The reply to a final dot is outstanding: whatever becomes of another mail, the connection stays for that. */
  isAwaiting: boolean
  /** Another mail was called off behind it: then the connection is of no use any more. */
  isSpoiled: boolean
  /** QUIT was said. */
  isLeaving: boolean
  /** Called once when it ends. */
  onOver: () => void
  /** Says QUIT. */
  leave: () => void
}

export const isUsable = ({ conversation, isLeaving, isSpoiled }: Link): boolean =>
  !conversation.isOver && !isLeaving && !isSpoiled

export function problemOfFault(fault: Fault, { host, port }: ServerSettings, step: ReplyStep): Problem {
  if (fault.code === 'EPROTOCOL') return { kind: 'protocol', host, detail: fault.message }
  return problemOfNetworkError(fault, { host, port, phase: step })
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
function hear(facts: Facts, order: Order, hooks: WireHooks, verb: Verb, reply: ServerReply): void {
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

/** What is proved by how it ended; `fault` null where we or the server ended it without a word. */
function outcomeOf(facts: Facts, { settings, envelope }: Order, fault: Fault | null): Outcome {
  const { host, user } = settings
  const { phase, sender, accepted, refused, refusal, stop } = facts
  if (phase === 'awaiting-reply') return { kind: 'unknown', problem: { kind: 'outcome-unknown' } }
  if (stop === 'recipients') return { kind: 'recipients refused', accepted, refused }
  if (stop !== null) return { kind: 'not accepted', problem: stop }
  if (refusal !== null) {
    return { kind: 'not accepted', problem: classifyReply(refusal.reply, { step: refusal.step, host, user }) }
  }
  // Who has not been answered has not been refused: then it is the lost connection that counts.
  const isAllAnswered = accepted.length + refused.length === envelope.to.length
  if (refused.length > 0 && isAllAnswered) return { kind: 'recipients refused', accepted, refused }
  if (fault === null) return { kind: 'not accepted', problem: { kind: 'connection-lost', host, phase } }
  const step = phase === 'body' ? 'body' : sender === null ? 'sender' : 'recipient'
  return { kind: 'not accepted', problem: problemOfFault(fault, settings, step) }
}

/** The server's word after the final dot. Only yes or no in so many words prove anything. */
function outcomeOfEnd(reply: ServerReply, facts: Facts, { settings: { host, user } }: Order): Outcome {
  if (reply.code >= 200 && reply.code < 300) {
    return { kind: 'accepted', reply, queueId: queueIdOf(reply.text), recipients: [...facts.accepted] }
  }
  return reply.code >= 400 && reply.code < 600
    ? { kind: 'not accepted', problem: classifyReply(reply, { step: 'body', host, user }) }
    : { kind: 'unknown', problem: { kind: 'outcome-unknown' } }
}

/** A kept connection that had ended before it heard of this mail: the mail may go over a new one at once. */
function isStale({ sender }: Facts, outcome: Outcome): boolean {
  if (outcome.kind !== 'not accepted' || (sender !== null && sender.code !== 421)) return false
  return ['connection-lost', 'timeout', 'server-busy', 'unreachable'].includes(outcome.problem.kind)
}

export type Transacted = {
  outcome: Outcome
  isStale: boolean
  /** The server has said yes or no to the whole mail, and the connection is where it was before. */
  isClean: boolean
}

/** What the wire tells and asks while one mail goes over it. */
type WireHooks = Omit<SubmitHooks, 'commitTerminating'> & {
  commitTerminating: (facts: { bytes: number; recipients: string[] }) => Promise<void>
}

export type Turn = {
  /** How long the server may take for its first word. */
  firstReplyMs?: number
  /** Resolves when the mail before is over; until then nobody is late. */
  after?: Promise<void>
  /** The final dot is on its way (true), or will never be. May be called twice; the first time counts. */
  onEnded?: (isOut: boolean) => void
}

/** One mail over a ready connection, whose turn it is to speak; afterwards that is free (`isClean`) or left or closed. */
export function transact(
  link: Link,
  order: Order,
  hooks: WireHooks,
  clock: Clock,
  { firstReplyMs = REPLY_MS, after = Promise.resolve(), onEnded = () => {} }: Turn = {},
): Promise<Transacted> {
  const unfit = unfitFor(link, order)
  if (unfit !== null) {
    onEnded(false)
    link.leave()
    const outcome: Outcome = { kind: 'not accepted', problem: unfit }
    return Promise.resolve({ outcome, isStale: false, isClean: false })
  }
  const { settings, envelope, signal } = order
  const { host, port } = settings
  const { conversation } = link
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
      if (!isDone)
        cancelWatch = clock.after(ms, () => end({ kind: 'timeout', host, port, phase: facts.phase }))
    }
    const finish = (outcome: Outcome, isClean = false) => {
      if (isDone) return
      isDone = true
      cancelWatch()
      signal.removeEventListener('abort', onAbort)
      onEnded(false)
      if (facts.phase === 'awaiting-reply') link.isAwaiting = false
      if (link.isAwaiting) link.isSpoiled = true
      else if (isClean && !link.isSpoiled) {
        // Free for the next.
      }
      // A QUIT in the middle of the body would be read as a part of it.
      else if (facts.phase === 'envelope') link.leave()
      else conversation.close()
      resolve({ outcome, isStale: isStale(facts, outcome), isClean })
    }
    const end = (why: Problem) => {
      facts.stop ??= why
      const outcome = outcomeOf(facts, order, null)
      if (!link.isAwaiting || facts.phase === 'awaiting-reply') conversation.close()
      finish(outcome)
    }
    const isEnded = () => isDone || facts.stop !== null || facts.refusal !== null || conversation.isOver
    const onAbort = () => {
      if (facts.phase !== 'awaiting-reply') end({ kind: 'cancelled' })
    }

    let written: (() => AsyncGenerator<Buffer>) | null = null
    const sendMail = async () => {
      try {
        await sendBody({
          open: written ?? order.openBody,
          sha256: order.sha256,
          bytes: order.bytes,
          socket: link.socket,
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
            link.isAwaiting = true
            watch(DATA_END_MS)
          },
          onEnded: () => onEnded(true),
        })
      } catch (error) {
        // After the last lines only the server's word or its silence counts, and who stopped has said why.
        if (facts.phase === 'awaiting-reply' || error instanceof Stopped) return
        end(error instanceof BytesChanged ? { kind: 'bytes-changed' } : hooks.problemOfBody(error))
      }
    }

    const { mail, rcpt } = envelopeLines(envelope, order.bytes, order.wishes, conversation.extensions)
    const isPipelined = offers(conversation.extensions, 'PIPELINING')
    const waiting: Command[] = [
      { verb: 'MAIL', line: mail },
      ...rcpt.map((line): Command => ({ verb: 'RCPT', line })),
      { verb: 'DATA', line: 'DATA' },
    ]
    const sayNext = () => conversation.say(waiting.splice(0, isPipelined ? waiting.length : 1), hearing)

    /** The envelope is answered: the mail, or why not. */
    const onData = (reply: ServerReply) => {
      if (!isGood(reply)) return finish(outcomeOf(facts, order, null))
      facts.phase = 'body'
      if (facts.refused.length > 0) facts.stop = 'recipients'
      // The server waits for a mail that it shall not get: only the end of the connection tells it so.
      if (isEnded()) return finish(outcomeOf(facts, order, null))
      watch(REPLY_MS)
      void sendMail()
    }

    const hearing = {
      onLine: hooks.onLine,
      onEnd: (fault: Fault | null) => finish(outcomeOf(facts, order, fault)),
      onReply(verb: Verb, reply: ServerReply) {
        if (isDone) return
        watch(facts.phase === 'awaiting-reply' ? DATA_END_MS : REPLY_MS)
        if (verb === 'body' && facts.phase === 'awaiting-reply') {
          const outcome = outcomeOfEnd(reply, facts, order)
          if (outcome.kind === 'accepted') hooks.onProgress(order.bytes)
          return finish(outcome, outcome.kind !== 'unknown')
        }
        hear(facts, order, hooks, verb, reply)
        if (verb === 'DATA') return onData(reply)
        // A word before the end of the mail.
        if (verb === 'body' && isGood(reply))
          return end({ kind: 'protocol', host, detail: 'reply before the end of the mail' })
        if (verb === 'body') return finish(outcomeOf(facts, order, null))
        if (reply.code === 421 || waiting.length === 0) return
        // Where commands go one by one, none is said that cannot succeed.
        const isHopeless = facts.refusal !== null || (waiting.length === 1 && facts.accepted.length === 0)
        if (isHopeless) finish(outcomeOf(facts, order, null))
        else sayNext()
      },
    }

    signal.addEventListener('abort', onAbort)
    void after.then(() => watch(firstReplyMs))
    sayNext()
    if (order.bytes <= SMALL_BYTES) written = writtenAhead(order)
  })
}

/** The whole mail, made in the next turn of the loop: what was just said goes out first. Fails where it is read. */
function writtenAhead({ openBody, bytes }: Order): () => AsyncGenerator<Buffer> {
  const whole = new Promise(resolve => setImmediate(resolve)).then(async () => {
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of openBody()) {
      pieces.push(Buffer.from(piece))
      size += piece.length
      // Not what was frozen, however long it goes on: it will be seen.
      if (size > bytes) break
    }
    return Buffer.concat(pieces)
  })
  whole.catch(() => {})
  return async function* () {
    yield await whole
  }
}

/** What EHLO already tells: the server would not take this mail. */
function unfitFor(link: Link, { bytes, envelope, wishes, settings }: Order): Problem | null {
  const { extensions } = link.conversation
  const limit = sizeLimit(extensions)
  if (limit !== null && bytes > limit) return { kind: 'too-big', bytes, limit }
  const most = recipientLimit(extensions)
  const count = envelope.to.length
  if (most !== null && count > most) return { kind: 'too-many-recipients', count, limit: most }
  const unspoken = unspeakable(envelope)
  if (unspoken !== null) return unspoken
  const foreign = [envelope.from, ...envelope.to].find(address => /[^\x00-\x7f]/.test(address))
  if (foreign !== undefined && !offers(extensions, 'SMTPUTF8')) {
    return { kind: 'address-needs-smtputf8', address: foreign }
  }
  return unmetWish(wishes, { host: settings.host, isSecured: link.protocol !== null, extensions })
}
