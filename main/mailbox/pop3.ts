/**
 * A POP3 client (RFC 1939, 2449, 2595, 5034, 8314) over bytes: knows the protocol and nothing of mail or of what is
 * stored. Refuses a password over plaintext without consent, what was said before TLS, and to wait without end.
 */

import { createHash } from 'node:crypto'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { forbidsPlaintext, problemOfNetworkError, tlsOptions } from '../network.ts'
import { type Credentials, type Mechanism, mechanismsFor, SignInFault, signIn } from '../sasl/sign-in.ts'
import { createPop3Wire, type Pop3Wire } from './pop3-wire.ts'

/** One mail of the maildrop. `uidl` null where the server gave none that can be trusted. */
export type Pop3Entry = { number: number; bytes: number; uidl: string | null }

export type Pop3Session = {
  /** CAPA keywords in capitals, each with its arguments. */
  capabilities: ReadonlyMap<string, string>
  /** The maildrop as it was at login. UIDLs that are missing, double or not as RFC 1939 wants them are null. */
  list(): Promise<Result<Pop3Entry[]>>
  top(entry: Pop3Entry, lines: number): Promise<Result<Buffer>>
  /** Gives the mails in order, whole and unstuffed; asks ahead where PIPELINING is offered. Stops where `take` fails. */
  retrieve(
    entries: Pop3Entry[],
    take: (entry: Pop3Entry, source: Buffer) => Promise<Result<true>>,
  ): Promise<Result<true>>
  /** Marks; the server removes them at a QUIT that succeeds. */
  remove(entries: Pop3Entry[]): Promise<Result<true>>
  /** Ends the session in order. Only its ok says that what was marked is gone. */
  quit(): Promise<Result<true>>
  /** Ends it as it is; what was marked stays on the server. */
  close(): void
}

export type Pop3Limits = {
  connectMs: number
  /** For one command, and for every wait within a long one. */
  replyMs: number
  mailBytes: number
}

export const POP3_LIMITS: Pop3Limits = { connectMs: 30_000, replyMs: 45_000, mailBytes: 150_000_000 }

/** How many mails are asked for ahead, and how many bytes they may be together. */
const AHEAD = 64
const AHEAD_BYTES = 4_000_000
/** RFC 1939: one to 70 characters from 0x21 to 0x7E. */
const GOOD_UIDL = /^[\x21-\x7e]{1,70}$/

/** With `token` (a source of access tokens) the password is never used. */
export type Pop3Login = { settings: ServerSettings } & Credentials

/** Connects, secures, logs in. An aborted `signal` ends the attempt at once, and later the connection. */
export async function openPop3(
  login: Pop3Login,
  clock: Clock,
  signal: AbortSignal,
  limits: Pop3Limits = POP3_LIMITS,
): Promise<Result<Pop3Session>> {
  const { settings } = login
  if (forbidsPlaintext(settings)) return fail({ kind: 'plaintext-forbidden', host: settings.host })
  if (signal.aborted) return fail({ kind: 'cancelled' })
  const socket = await openSocket(settings, limits, clock, signal)
  if (!socket.ok) return socket
  const wire = createPop3Wire(socket.value, settings, clock, limits.replyMs)
  const opened = await greetAndLogIn(wire, login, limits, clock)
  if (!opened.ok) {
    wire.close()
    return opened
  }
  return ok(sessionOver(opened.value, limits))
}

// ----------------------------------------------------------------- opening

function openSocket(
  settings: ServerSettings,
  limits: Pop3Limits,
  clock: Clock,
  signal: AbortSignal,
): Promise<Result<Socket>> {
  const { host, port } = settings
  return new Promise(resolve => {
    const isImplicit = settings.tls === 'implicit'
    const socket: Socket = isImplicit
      ? connectTls({ ...tlsOptions(settings), host, port })
      : connectTcp({ host, port })
    // For STLS this is the transport of the later TLS socket too: all of it ends.
    signal.addEventListener('abort', () => socket.destroy())
    settle(socket, isImplicit ? 'secureConnect' : 'connect', { host, port, phase: 'connecting' }, resolve)
    const cancel = clock.after(limits.connectMs, () => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }))
    })
    socket.once('close', cancel)
    socket.once(isImplicit ? 'secureConnect' : 'connect', cancel)
  })
}

function settle(
  socket: Socket,
  event: 'secureConnect' | 'connect',
  where: { host: string; port: number; phase: string },
  resolve: (result: Result<Socket>) => void,
): void {
  const onError = (error: Error) => resolve(fail(problemOfNetworkError(error, where)))
  const onClose = () => resolve(fail({ kind: 'connection-lost', host: where.host, phase: where.phase }))
  socket.once('error', onError)
  socket.once('close', onClose)
  socket.once(event, () => {
    socket.off('error', onError)
    socket.off('close', onClose)
    resolve(ok(socket))
  })
}

type Opened = { wire: Pop3Wire; capabilities: Map<string, string> }

async function greetAndLogIn(
  plain: Pop3Wire,
  login: Pop3Login,
  limits: Pop3Limits,
  clock: Clock,
): Promise<Result<Opened>> {
  const { settings } = login
  const greeting = await plain.greeting()
  if (!greeting.ok) return greeting
  let wire = plain
  if (settings.tls === 'starttls') {
    const secured = await secure(plain, settings, limits, clock)
    if (!secured.ok) return secured
    wire = secured.value
  }
  // What was offered before TLS is not believed: the list is asked for now.
  const capabilities = await askCapabilities(wire)
  if (!capabilities.ok) return capabilities
  const timeStamp = settings.tls === 'none' ? (/<[^<>\s]+@[^<>\s]+>/.exec(greeting.value)?.[0] ?? null) : null
  const loggedIn = await logIn(wire, login, capabilities.value, timeStamp)
  if (!loggedIn.ok) {
    wire.close()
    return loggedIn
  }
  // Some servers offer more to whom they know.
  const known = await askCapabilities(wire)
  if (!known.ok) return known
  return ok({ wire, capabilities: known.value.size > 0 ? known.value : capabilities.value })
}

async function secure(
  plain: Pop3Wire,
  settings: ServerSettings,
  limits: Pop3Limits,
  clock: Clock,
): Promise<Result<Pop3Wire>> {
  const answer = await plain.ask('STLS')
  if (!answer.ok) return answer
  const { host, port } = settings
  if (!answer.value.isOk) return fail({ kind: 'tls-not-offered', host })
  const socket = plain.release()
  if (socket === null) {
    return fail({ kind: 'tls', host, detail: 'the server spoke between STLS and the handshake' })
  }
  return new Promise(resolve => {
    const secured: TLSSocket = connectTls({ ...tlsOptions(settings), socket, host })
    settle(secured, 'secureConnect', { host, port, phase: 'securing' }, result => {
      cancel()
      resolve(result.ok ? ok(createPop3Wire(secured, settings, clock, limits.replyMs)) : result)
    })
    const cancel = clock.after(limits.connectMs, () => {
      secured.destroy(Object.assign(new Error('no handshake in time'), { code: 'ETIMEDOUT' }))
    })
  })
}

async function askCapabilities(wire: Pop3Wire): Promise<Result<Map<string, string>>> {
  const answer = await wire.askLong('CAPA', 100_000)
  if (!answer.ok) return answer
  const lines = answer.value.isOk ? answer.value.body.toString('latin1').split(/\r?\n/) : []
  return ok(
    new Map(
      lines.flatMap(line => {
        const [word = '', ...rest] = line.trim().split(/\s+/)
        return word === '' ? [] : [[word.toUpperCase(), rest.join(' ').toUpperCase()] as const]
      }),
    ),
  )
}

async function logIn(
  wire: Pop3Wire,
  { settings, user, password, token }: Pop3Login,
  capabilities: Map<string, string>,
  timeStamp: string | null,
): Promise<Result<true>> {
  if (/[\r\n\0]/.test(user + password)) return fail({ kind: 'forbidden-character', field: 'password' })
  const credentials: Credentials = { user, password, ...(token !== undefined && { token }) }
  const methods = methodsFor(capabilities, timeStamp, credentials, wire.socket)
  if (methods.length === 0)
    return fail({ kind: 'authentication-unavailable', host: settings.host, offered: saslOf(capabilities) })
  let refusal = ''
  for (const method of methods) {
    const answer = await tryMethod(wire, method, credentials, timeStamp ?? '')
    if (!answer.ok) return answer
    if (answer.value.isOk) return ok(true as const)
    refusal = answer.value.text
    // The server says whose fault it is (RFC 3206, RFC 2449): no second guess at a wrong password.
    if (/^\[(AUTH|IN-USE|LOGIN-DELAY|SYS)/i.test(refusal)) break
  }
  return fail(problemOfRefusal(refusal, settings.host, user))
}

type Method = 'APOP' | 'USER' | Mechanism

const saslOf = (capabilities: Map<string, string>) =>
  capabilities.get('SASL')?.split(/\s+/).filter(Boolean) ?? []

/**
 * At most two: the best, and one that needs nothing of how the server keeps its passwords. A third guess at a wrong
 * password may lock the account.
 */
function methodsFor(
  capabilities: Map<string, string>,
  timeStamp: string | null,
  credentials: Credentials,
  socket: Socket,
): Method[] {
  const offered = mechanismsFor(saslOf(capabilities), credentials, socket)
  if (credentials.token !== undefined) return offered.slice(0, 1)
  const best: Method | undefined =
    timeStamp !== null && !offered[0]?.startsWith('SCRAM') ? 'APOP' : offered[0]
  if (best === undefined) return ['USER']
  const isSimple = best === 'PLAIN' || best === 'LOGIN'
  if (isSimple) return capabilities.has('USER') ? [best, 'USER'] : [best]
  if (offered.includes('PLAIN')) return [best, 'PLAIN']
  return capabilities.has('USER') || best === 'APOP' ? [best, 'USER'] : [best]
}

type Tried = Promise<Result<{ isOk: boolean; text: string }>>

function tryMethod(wire: Pop3Wire, method: Method, credentials: Credentials, timeStamp: string): Tried {
  const { user, password } = credentials
  switch (method) {
    case 'APOP': {
      const digest = createHash('md5').update(`${timeStamp}${password}`).digest('hex')
      return wire.ask(`APOP ${user} ${digest}`)
    }
    case 'USER':
      return wire
        .ask(`USER ${user}`)
        .then(known => (known.ok && known.value.isOk ? wire.ask(`PASS ${password}`) : known))
    default:
      return authenticate(wire, method, credentials)
  }
}

/** RFC 2449 section 4: a command line has at most 255 octets, its end included. */
const LONGEST_COMMAND = 253

/** AUTH (RFC 5034) by the same words as in SMTP; only the replies are spelled in another way. */
async function authenticate(wire: Pop3Wire, mechanism: Mechanism, credentials: Credentials): Tried {
  let last = { isOk: false, text: '' }
  let broken: Problem | null = null
  const say = async (line: string): Promise<{ status: number; text?: string }> => {
    const answer = await wire.ask(line)
    if (!answer.ok) {
      broken = answer.problem
      return { status: 421 }
    }
    const { isOk, isContinuation, text } = answer.value
    last = { isOk, text }
    return { status: isContinuation ? 334 : isOk ? 235 : 535, text }
  }
  const sendCommand = async (line: string) => {
    const [, command, initial] = /^(AUTH \S+) (.+)$/.exec(line) ?? []
    if (command === undefined || initial === undefined || line.length <= LONGEST_COMMAND) return say(line)
    const invited = await say(command)
    return invited.status === 334 ? say(initial) : invited
  }
  try {
    await signIn({ sendCommand }, mechanism, {
      credentials,
      socket: wire.socket,
      host: wire.host,
      // The wire keeps nothing of what was said.
      onSecret: () => {},
    })
  } catch (error) {
    if (error instanceof SignInFault) return fail(error.problem)
    if (broken !== null) return fail(broken)
    return ok({ isOk: false, text: last.text })
  }
  return ok({ isOk: true, text: last.text })
}

function problemOfRefusal(text: string, host: string, user: string): Problem {
  if (/^\[(IN-USE|LOGIN-DELAY|SYS)/i.test(text)) return { kind: 'throttled', host, text }
  return { kind: 'authentication', host, user, text }
}

// ----------------------------------------------------------------- session

function sessionOver({ wire, capabilities }: Opened, limits: Pop3Limits): Pop3Session {
  const { host } = wire
  const refused = (what: string, text: string) =>
    fail({ kind: 'protocol', host, detail: `${what}: ${text}`.slice(0, 300) })
  const ahead = capabilities.has('PIPELINING') ? AHEAD : 1

  return {
    capabilities,
    async list() {
      const sizes = await wire.askLong('LIST', 64_000_000)
      if (!sizes.ok) return sizes
      if (!sizes.value.isOk) return refused('LIST', sizes.value.text)
      const uidls = await wire.askLong('UIDL', 64_000_000)
      if (!uidls.ok) return uidls
      return ok(join(sizes.value.body, uidls.value.isOk ? uidls.value.body : Buffer.alloc(0)))
    },
    async top({ number }, lines) {
      const answer = await wire.askLong(`TOP ${number} ${lines}`, limits.mailBytes)
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(answer.value.body) : refused('TOP', answer.value.text)
    },
    async retrieve(entries, take) {
      const asked: { entry: Pop3Entry; answer: ReturnType<Pop3Wire['askLong']> }[] = []
      let next = 0
      let askedBytes = 0
      for (;;) {
        while (asked.length < ahead && next < entries.length) {
          const entry = entries[next] as Pop3Entry
          if (asked.length > 0 && askedBytes + entry.bytes > AHEAD_BYTES) break
          next += 1
          askedBytes += entry.bytes
          asked.push({ entry, answer: wire.askLong(`RETR ${entry.number}`, limits.mailBytes, entry.bytes) })
        }
        const first = asked.shift()
        if (first === undefined) return ok(true as const)
        const answer = await first.answer
        askedBytes -= first.entry.bytes
        if (!answer.ok) return answer
        // One mail that the server will not give is no reason to stop: it stays there and is tried again.
        if (!answer.value.isOk) continue
        const taken = await take(first.entry, answer.value.body)
        if (!taken.ok) return taken
      }
    },
    async remove(entries) {
      for (let at = 0; at < entries.length; at += ahead) {
        const answers = entries.slice(at, at + ahead).map(({ number }) => wire.ask(`DELE ${number}`))
        for (const answer of await Promise.all(answers)) if (!answer.ok) return answer
      }
      return ok(true as const)
    },
    async quit() {
      const answer = await wire.ask('QUIT')
      wire.close()
      if (!answer.ok) return answer
      return answer.value.isOk ? ok(true as const) : refused('QUIT', answer.value.text)
    },
    close: () => wire.close(),
  }
}

/** LIST and UIDL as one list. A UIDL that two mails share names neither. */
function join(sizes: Buffer, uidls: Buffer): Pop3Entry[] {
  const names = new Map<number, string>()
  const count = new Map<string, number>()
  for (const [number, name] of numbered(uidls)) {
    names.set(number, name)
    count.set(name, (count.get(name) ?? 0) + 1)
  }
  return [...numbered(sizes)].map(([number, size]) => {
    const uidl = names.get(number) ?? ''
    const isGood = GOOD_UIDL.test(uidl) && count.get(uidl) === 1
    return { number, bytes: Number.parseInt(size, 10) || 0, uidl: isGood ? uidl : null }
  })
}

function* numbered(listing: Buffer): Generator<[number, string]> {
  for (const line of listing.toString('latin1').split(/\r?\n/)) {
    const match = /^(\d{1,9})[ \t]+(.*?)[ \t]*$/.exec(line)
    if (match !== null) yield [Number(match[1]), match[2] as string]
  }
}
