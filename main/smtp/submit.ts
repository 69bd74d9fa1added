/**
 * Hands a mail to a submission server: the only door to nodemailer's SMTPConnection. It keeps one connection per
 * account warm, and says of every end whether the mail can have been taken. Refuses to decide what happens next.
 */

import { createHash } from 'node:crypto'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { MailEvent, RecipientEvent } from '../../shared/ledger.ts'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result, type ServerReply, troubleOf } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { Clock } from '../host.ts'
import { type ConnectEvent, EHLO_NAME, type Opened, openConnection, type Side } from './connect.ts'
import { type Conversation, createConversation, offeredMechanisms } from './conversation.ts'
import {
  type Context,
  type Credentials,
  MECHANISMS,
  type Mechanism,
  mechanismsFor,
  SignInFault,
  signIn,
} from './sign-in.ts'
import { DATA_END_MS, type Link, problemOfError, REPLY_MS, type SmtpError, transact } from './transaction.ts'
import { type WireWishes, wireEnvelope } from './wire-envelope.ts'

export type { Credentials } from './sign-in.ts'

export type WireEvent =
  | ConnectEvent
  | Extract<
      MailEvent,
      { type: 'greeted' | 'authenticated' | 'reused-connection' | 'sender-accepted' | 'body-started' }
    >
  | Extract<RecipientEvent, { type: 'recipient-accepted' | 'recipient-refused' }>

export type Order = {
  accountId: string
  settings: ServerSettings
  credentials: Credentials
  envelope: { from: string; to: string[] }
  wishes: WireWishes
  /** What the bytes were at Send; checked before the last chunk is let go. */
  bytes: number
  sha256: string
  /** In pieces that are worth a write; the last one is kept back. */
  openBody: () => AsyncIterable<Buffer>
  /** Calls the attempt off; without effect once the last chunk is out. */
  signal: AbortSignal
}

export type SubmitHooks = {
  onEvent: (event: WireEvent) => void
  onLine: (side: Side, text: string) => void
  /** Bytes of the mail that the operating system has taken. */
  onProgress: (sent: number) => void
  /** Must be on the disk when it resolves. What it throws stops the mail before its end. */
  commitTerminating: (facts: { bytes: number; recipients: string[] }) => Promise<void>
  /** What broke `openBody` off, as a problem. */
  problemOfBody: (error: unknown) => Problem
}

/** How an attempt ended. Only `unknown` may have been taken without our knowing. */
export type Outcome =
  | { kind: 'accepted'; reply: ServerReply; queueId: string | null; recipients: string[] }
  /** Proved not taken. `cancelled` is the problem of one that was called off. */
  | { kind: 'not accepted'; problem: Problem }
  /** Not all recipients were taken, so nothing was sent; `accepted` would be. */
  | { kind: 'recipients refused'; accepted: string[]; refused: { address: string; reply: ServerReply }[] }
  | { kind: 'unknown'; problem: Problem }

export type Submitter = {
  /** Connects and logs in ahead of Send, silently; a failure shows when the mail goes. */
  warm(account: Pick<Order, 'accountId' | 'settings' | 'credentials'>): void
  submit(order: Order, hooks: SubmitHooks): Promise<Outcome>
  /** Drops the account's kept connection: its settings or its password are no longer what they were. */
  forget(accountId: string): void
  /** Closes every kept connection. Running submissions go on to their end. */
  close(): void
}

const KEEP_WARM_MS = 30_000
const REST_MS = 60_000
const QUIT_MS = 5_000
/** A kept connection that says nothing for so long is taken for dead. */
const STALE_MS = 30_000
/** nodemailer's own clock only stands behind ours. */
const SOCKET_MS = DATA_END_MS + 60_000

type LinkDeps = {
  clock: Clock
  tickets: Map<string, Buffer>
  signal: AbortSignal
  onEvent: (event: WireEvent) => void
  onLine: (side: Side, text: string) => void
}

const nobody = { onLine: () => {}, onReply: () => {} }

/** The program's one way out for mail. */
export function createSubmitter({
  clock,
  onAbilities = () => {},
}: {
  clock: Clock
  /** Told what a server can do, each time it was greeted. */
  onAbilities?: (accountId: string, settings: ServerSettings, extensions: readonly string[]) => void
}): Submitter {
  const tickets = new Map<string, Buffer>()
  const idle = new Map<string, { link: Link; cancel: () => void }>()
  const warming = new Map<string, { key: string; done: Promise<void> }>()
  /** Where warming failed: while somebody types it is asked for every moment, and a wrong password must not be. */
  const resting = new Map<string, { key: string; until: number }>()
  const closing = new AbortController()

  const note = ({ accountId, settings }: Pick<Order, 'accountId' | 'settings'>, event: WireEvent) => {
    if (event.type === 'greeted') onAbilities(accountId, settings, event.extensions)
  }

  const drop = (accountId: string): Link | null => {
    const kept = idle.get(accountId)
    idle.delete(accountId)
    kept?.cancel()
    if (kept !== undefined) kept.link.onDead = () => {}
    return kept?.link ?? null
  }

  const keep = (accountId: string, link: Link) => {
    const other = drop(accountId)
    if (other !== link) other?.leave()
    if (link.isDead) return
    link.conversation.hearing = nobody
    link.onDead = () => drop(accountId)
    idle.set(accountId, { link, cancel: clock.after(KEEP_WARM_MS, () => drop(accountId)?.leave()) })
  }

  const take = async (order: Order): Promise<Link | null> => {
    const key = keyOf(order)
    const coming = warming.get(order.accountId)
    if (coming?.key === key) await Promise.race([coming.done, calledOff(order.signal)])
    const link = drop(order.accountId)
    if (link === null || (link.key === key && !link.isDead)) return link
    link.leave()
    return null
  }

  return {
    warm(account) {
      const { accountId } = account
      const key = keyOf(account)
      const kept = idle.get(accountId)
      if (kept?.link.key === key) return keep(accountId, kept.link)
      if (warming.get(accountId)?.key === key) return
      const rest = resting.get(accountId)
      if (rest?.key === key && clock.monotonic() < rest.until) return
      const deps = {
        clock,
        tickets,
        signal: closing.signal,
        onEvent: (event: WireEvent) => note(account, event),
        onLine: () => {},
      }
      const attempt = {
        key,
        done: establish(account, deps).then(made => {
          const isWanted = warming.get(accountId) === attempt
          if (isWanted) warming.delete(accountId)
          if (made.ok) resting.delete(accountId)
          else resting.set(accountId, { key, until: restAfter(made.problem, clock.monotonic()) })
          if (made.ok && isWanted) keep(accountId, made.value)
          else if (made.ok) made.value.leave()
        }),
      }
      warming.set(accountId, attempt)
    },

    async submit(order, hooks) {
      const kept = await take(order)
      if (kept !== null) {
        hooks.onEvent({ type: 'reused-connection', protocol: kept.protocol })
        const { outcome, isStale } = await transact(kept, order, hooks, clock, STALE_MS)
        if (outcome.kind === 'accepted') keep(order.accountId, kept)
        if (!isStale) return outcome
        // The server had ended the kept connection; it never saw this mail.
        hooks.onLine('note', 'the kept connection had ended, connecting again')
      }
      const { signal } = order
      const made = await establish(order, {
        clock,
        tickets,
        signal,
        onEvent(event) {
          note(order, event)
          hooks.onEvent(event)
        },
        onLine: hooks.onLine,
      })
      if (!made.ok) return { kind: 'not accepted', problem: made.problem }
      const { outcome } = await transact(made.value, order, hooks, clock)
      if (outcome.kind === 'accepted') keep(order.accountId, made.value)
      return outcome
    },

    forget(accountId) {
      warming.delete(accountId)
      drop(accountId)?.leave()
    },

    close() {
      closing.abort()
      warming.clear()
      for (const accountId of [...idle.keys()]) drop(accountId)?.leave()
    },
  }
}

/** Only the weather changes by itself. */
function restAfter(problem: Problem, now: number): number {
  return troubleOf(problem) === 'weather' ? now + REST_MS : Number.POSITIVE_INFINITY
}

function calledOff(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

type Login = Pick<Order, 'settings' | 'credentials'>

/** A kept connection is good only for the same server and the same login. */
function keyOf({ settings, credentials }: Login): string {
  return createHash('sha256')
    .update(JSON.stringify([settings, credentials]))
    .digest('hex')
}

/** A link and the library behind it. */
type Session = { link: Link; connection: SMTPConnection }

/** Connects, says EHLO and logs in. */
async function establish(login: Login, deps: LinkDeps): Promise<Result<Link>> {
  const session = await enter(login, deps)
  return session.ok ? ok(session.value.link) : session
}

async function enter({ settings, credentials }: Login, deps: LinkDeps): Promise<Result<Session>> {
  const opened = await openConnection(settings, deps)
  if (!opened.ok) return opened
  const { socket, protocol } = opened.value
  const hearing = { onLine: deps.onLine, onReply: () => {} }
  const conversation = createConversation(hearing, [credentials.password], settings.tls === 'starttls')
  const fault: SignInFaults = { problem: null }
  const words = {
    credentials,
    socket,
    host: settings.host,
    onSecret: conversation.hide,
  }
  const handler = (method: Mechanism) => (context: Context) =>
    signIn(context, method, words).catch(error => {
      if (error instanceof SignInFault) fault.problem = error.problem
      throw error
    })
  const connection = new SMTPConnection({
    connection: socket,
    host: settings.host,
    port: settings.port,
    secure: protocol !== null,
    secured: protocol !== null,
    // Whether there is TLS was decided before; nodemailer must not have an opinion.
    ignoreTLS: true,
    name: EHLO_NAME,
    logger: conversation.logger,
    transactionLog: true,
    socketTimeout: SOCKET_MS,
    greetingTimeout: REPLY_MS,
    customAuth: Object.fromEntries(MECHANISMS.map(method => [method, handler(method)])),
  })
  const link = linkOf(connection, conversation, opened.value, keyOf({ settings, credentials }), deps.clock)
  const session = { link, connection }
  const greeted = await step(link, settings, 'ehlo', deps, done => {
    connection.once('error', done)
    connection.connect(error => done(error ?? null))
  })
  if (!greeted.ok) return greeted
  deps.onEvent({ type: 'greeted', text: conversation.greeting, extensions: conversation.extensions })
  const entered = await logIn(session, settings, credentials, deps, fault)
  return entered.ok ? ok(session) : entered
}

function linkOf(
  connection: SMTPConnection,
  conversation: Conversation,
  { socket, protocol }: Opened,
  key: string,
  clock: Clock,
): Link {
  const link: Link = {
    key,
    conversation,
    socket,
    protocol,
    isDead: false,
    onDead: () => {},
    send: (envelope, wishes, size, body, done) =>
      connection.send(wireEnvelope(envelope, size, wishes), body, (error, info) => {
        if (error !== null) return done(cleanedError(error, conversation))
        done(null, info === undefined ? undefined : conversation.clean(info.response))
      }),
    close: () => connection.close(),
    leave() {
      if (link.isDead) return
      // A server that does not answer QUIT is left all the same.
      link.onDead = clock.after(QUIT_MS, () => connection.close())
      connection.quit()
    },
  }
  // Errors reach us through the callbacks; without a listener they would end the program.
  connection.on('error', () => {})
  connection.on('end', () => {
    link.isDead = true
    link.onDead()
  })
  return link
}

async function logIn(
  { link, connection }: Session,
  settings: ServerSettings,
  credentials: Credentials,
  deps: LinkDeps,
  fault: SignInFaults,
): Promise<Result<true>> {
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
  const entered = await step(link, settings, 'auth', deps, done => {
    const say = (method: Mechanism, failed: (error: Error) => void) =>
      connection.login({ method, user: credentials.user, pass: credentials.password }, error =>
        error === null ? done(null) : failed(error),
      )
    say(best, error => {
      if (!mayTryAgain || fault.problem !== null || !isWrongPassword(error)) return done(error)
      mechanism = second
      say(second, done)
    })
  })
  if (!entered.ok) return fail(cleaned(fault.problem ?? entered.problem, link.conversation))
  deps.onEvent({ type: 'authenticated', mechanism, ms: deps.clock.now() - startedAt })
  return ok(true)
}

/** What went wrong while signing in and is not the server's reply. */
type SignInFaults = { problem: Problem | null }

function isWrongPassword(error: Error): boolean {
  return 'response' in error && typeof error.response === 'string' && /^535/.test(error.response)
}

/** Servers repeat what they were told, at any time. */
function cleanedError(error: SmtpError, { clean }: Conversation): SmtpError {
  const { message, code, originalCode, response, command } = error
  const words = typeof response === 'string' ? clean(response) : response
  return { message: clean(message), code, originalCode, response: words, command }
}

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

/** One question of the session with a deadline; on failure the connection is closed. */
function step(
  link: Link,
  settings: ServerSettings,
  name: ReplyStep,
  { clock, signal }: Pick<LinkDeps, 'clock' | 'signal'>,
  start: (done: (error: Error | null) => void) => void,
): Promise<Result<true>> {
  const { host, port } = settings
  return new Promise(resolve => {
    let isDone = false
    const finish = (result: Result<true>) => {
      if (isDone) return
      isDone = true
      cancel()
      signal.removeEventListener('abort', onAbort)
      link.onDead = () => {}
      if (!result.ok) link.close()
      resolve(result)
    }
    const onAbort = () => finish(fail({ kind: 'cancelled' }))
    const cancel = clock.after(REPLY_MS, () => finish(fail({ kind: 'timeout', host, port, phase: name })))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    // nodemailer may end a connection without calling back.
    link.onDead = () => setImmediate(() => finish(fail({ kind: 'connection-lost', host, phase: name })))
    start(error => finish(error === null ? ok(true) : fail(problemOfError(error, settings, name))))
  })
}
