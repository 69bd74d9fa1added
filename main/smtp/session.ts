/**
 * A session with a submission server up to where mail may be spoken of: the greeting, EHLO and signing in, over a way
 * that `connect` has opened. Refuses to sign in by what the server does not offer, and to keep a session that failed.
 */

import { createHash } from 'node:crypto'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result, type ServerReply } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { Clock } from '../host.ts'
import {
  type Context,
  type Credentials,
  type Mechanism,
  mechanismsFor,
  SignInFault,
  signIn,
} from '../sasl/sign-in.ts'
import { type ConnectDeps, EHLO_NAME, type Opened, openConnection } from './connect.ts'
import {
  type Command,
  type Conversation,
  createConversation,
  type Fault,
  type Hearing,
  offeredMechanisms,
} from './conversation.ts'
import { classifyReply } from './reply.ts'
import type { WireEvent } from './submit.ts'
import { type Link, problemOfFault, REPLY_MS } from './transaction.ts'

export type Login = { settings: ServerSettings; credentials: Credentials }
export type SessionDeps = Omit<ConnectDeps, 'onEvent'> & { onEvent: (event: WireEvent) => void }

const QUIT_MS = 5_000
const nobody: Hearing = { onLine: () => {}, onReply: () => {}, onEnd: () => {} }

/** A kept connection is good only for the same server and the same login. */
export function keyOf({ settings, credentials }: Login): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, credentials]))
    .digest('hex')
}

/** Connects, says EHLO and logs in. */
export async function establish(login: Login, deps: SessionDeps): Promise<Result<Link>> {
  const { settings, credentials } = login
  const opened = await openConnection(settings, deps)
  if (!opened.ok) return opened
  const answers = createAnswers(deps.onLine)
  const link = linkOf(opened.value, answers.hearing, login, deps.clock)
  const session: Session = { link, answers, settings, deps }
  const greeted = await step(session, 'ehlo', () => greet(session))
  if (!greeted.ok) return greeted
  const { greeting, extensions } = link.conversation
  deps.onEvent({ type: 'greeted', text: greeting, extensions })
  opened.value.hurry()
  const entered = await logIn(session, credentials)
  return entered.ok ? ok(link) : entered
}

type Session = { link: Link; answers: Answers; settings: ServerSettings; deps: SessionDeps }

/** A reply that was asked for, with its secrets in `raw`. */
type Answer = { reply: ServerReply; raw: string }
type Answers = { hearing: Hearing; next: () => Promise<Answer> }

/** No answer comes any more. */
class Ended extends Error {
  readonly fault: Fault | null
  constructor(fault: Fault | null) {
    super('the connection ended')
    this.fault = fault
  }
}

/** An answer that ends the attempt. */
class Refused extends Error {
  readonly reply: ServerReply
  constructor(reply: ServerReply) {
    super('refused')
    this.reply = reply
  }
}

/** One question, one answer. */
function createAnswers(onLine: Hearing['onLine']): Answers {
  const come: Answer[] = []
  let ended: Ended | null = null
  let wake = () => {}
  return {
    hearing: {
      onLine,
      onReply(_verb, reply, raw) {
        come.push({ reply, raw })
        wake()
      },
      onEnd(fault) {
        ended = new Ended(fault)
        wake()
      },
    },
    async next() {
      for (;;) {
        const answer = come.shift()
        if (answer !== undefined) return answer
        if (ended !== null) throw ended
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
  }
}

function ask({ link, answers }: Session, command: Command): Promise<Answer> {
  link.conversation.say([command], answers.hearing)
  return answers.next()
}

/** The greeting and EHLO; HELO to a server that knows no EHLO. */
async function greet(session: Session): Promise<void> {
  const { reply: greeting } = await session.answers.next()
  if (greeting.code !== 220) throw new Refused(greeting)
  const ehlo = await ask(session, { verb: 'EHLO', line: `EHLO ${EHLO_NAME}` })
  if (isYes(ehlo)) return
  if (ehlo.reply.code === 421) throw new Refused(ehlo.reply)
  const helo = await ask(session, { verb: 'HELO', line: `HELO ${EHLO_NAME}` })
  if (!isYes(helo)) throw new Refused(helo.reply)
}

const isYes = ({ reply: { code } }: Answer) => code >= 200 && code < 300

function linkOf(
  { socket, protocol }: Opened,
  hearing: Hearing,
  { settings, credentials }: Login,
  clock: Clock,
): Link {
  const conversation = createConversation(socket, hearing, {
    secrets: [credentials.password],
    isGreetingKnown: settings.tls === 'starttls',
    onOver: () => link.onOver(),
  })
  const link: Link = {
    key: keyOf({ settings, credentials }),
    conversation,
    socket,
    protocol,
    users: 0,
    isAwaiting: false,
    isSpoiled: false,
    isLeaving: false,
    onOver: () => {},
    leave() {
      if (conversation.isOver || link.isLeaving) return
      link.isLeaving = true
      // A server that does not answer QUIT is left all the same.
      link.onOver = clock.after(QUIT_MS, conversation.close)
      conversation.say([{ verb: 'QUIT', line: 'QUIT' }], nobody)
    },
  }
  return link
}

async function logIn(session: Session, credentials: Credentials): Promise<Result<true>> {
  const { link, settings, deps } = session
  // A server on the own network may want no login at all.
  if (credentials.user === '') return ok(true)
  const offered = offeredMechanisms(link.conversation.extensions)
  const [best, ...others] = mechanismsFor(offered, credentials, link.socket)
  if (best === undefined) {
    link.leave()
    return fail({ kind: 'authentication-unavailable', host: settings.host, offered })
  }
  // Servers offer SCRAM to all, but know only those whose password they keep in its form: over TLS one more try.
  const second = best.startsWith('SCRAM') ? others.find(one => one === 'PLAIN' || one === 'LOGIN') : undefined
  const mayTryAgain = second !== undefined && link.protocol !== null
  const startedAt = deps.clock.now()
  let mechanism = best
  const entered = await step(session, 'auth', async () => {
    try {
      await signInBy(session, best, credentials)
    } catch (error) {
      if (!mayTryAgain || !(error instanceof Refused) || error.reply.code !== 535) throw error
      mechanism = second
      await signInBy(session, second, credentials)
    }
  })
  if (!entered.ok) return fail(cleaned(entered.problem, link.conversation))
  deps.onEvent({ type: 'authenticated', mechanism, ms: deps.clock.now() - startedAt })
  return ok(true)
}

/** Throws `SignInFault`, `Refused` with the server's last word, or `Ended`. */
async function signInBy(session: Session, mechanism: Mechanism, credentials: Credentials): Promise<void> {
  const { link, settings } = session
  let last: ServerReply | null = null
  const context: Context = {
    async sendCommand(line) {
      const { reply, raw } = await ask(session, { verb: 'AUTH', line })
      last = reply
      return { status: reply.code, text: raw.replace(/^\d{3}[ -]?/, '') }
    },
  }
  const words = {
    credentials,
    socket: link.socket,
    host: settings.host,
    onSecret: link.conversation.hide,
  }
  try {
    await signIn(context, mechanism, words)
  } catch (error) {
    if (error instanceof SignInFault || error instanceof Ended || last === null) throw error
    throw new Refused(last)
  }
}

/** Servers repeat what they were told, at any time. */
function cleaned(problem: Problem, { clean }: Conversation): Problem {
  switch (problem.kind) {
    case 'authentication':
    case 'authentication-unavailable':
    case 'throttled':
    case 'server-busy':
    case 'refused':
      return {
        ...problem,
        ...('text' in problem ? { text: clean(problem.text) } : {}),
        ...(problem.reply === undefined
          ? {}
          : { reply: { ...problem.reply, text: clean(problem.reply.text) } }),
      }
    case 'protocol':
      return { ...problem, detail: clean(problem.detail) }
    default:
      return problem
  }
}

/** Some questions of the session with a deadline; on failure the connection is closed. */
function step(session: Session, name: ReplyStep, work: () => Promise<void>): Promise<Result<true>> {
  const { link, settings, deps } = session
  const { host, port, user } = settings
  const { clock, signal } = deps
  const problemOf = (error: unknown): Problem => {
    if (error instanceof SignInFault) return error.problem
    if (error instanceof Refused) return classifyReply(error.reply, { step: name, host, user })
    const fault = error instanceof Ended ? error.fault : null
    if (fault !== null) return problemOfFault(fault, settings, name)
    if (error instanceof Ended) return { kind: 'connection-lost', host, phase: name }
    return { kind: 'internal', detail: error instanceof Error ? error.message : String(error) }
  }
  return new Promise(resolve => {
    let isDone = false
    const finish = (result: Result<true>) => {
      if (isDone) return
      isDone = true
      cancel()
      signal.removeEventListener('abort', onAbort)
      resolve(result)
      if (!result.ok) link.conversation.close()
    }
    const onAbort = () => finish(fail({ kind: 'cancelled' }))
    const cancel = clock.after(REPLY_MS, () => finish(fail({ kind: 'timeout', host, port, phase: name })))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    work().then(
      () => finish(ok(true)),
      error => finish(fail(problemOf(error))),
    )
  })
}
