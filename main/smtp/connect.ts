/**
 * Opens the way to a submission server: DNS, TCP, TLS (implicit or STARTTLS) and the greeting, each step told with
 * its time. Refuses to go on unencrypted where TLS is asked for, and knows nothing of AUTH or mail.
 */

import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { MailEvent } from '../../shared/ledger.ts'
import type { ServerSettings } from '../../shared/model.ts'
import { type CertificateFacts, fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { ReplyStep } from '../../shared/reply-causes.ts'
import type { Clock } from '../host.ts'
import { certificateFacts, forbidsPlaintext, problemOfNetworkError, tlsOptions } from '../network.ts'
import { classifyReply, parseReply } from './reply.ts'
import { createReplyReader, type ReplyReader } from './reply-reader.ts'

export type ConnectEvent = Extract<MailEvent, { type: 'resolved' | 'connected' | 'secured' }>
export type Side = 'client' | 'server' | 'note'

export type ConnectDeps = {
  clock: Clock
  /** TLS session tickets by server, so that the next handshake is short. Shared by all connections of the program. */
  tickets: Map<string, Buffer>
  onEvent: (event: ConnectEvent) => void
  onLine: (side: Side, text: string) => void
  signal: AbortSignal
}

/** A connection on which the server has greeted; the greeting lies unread in `socket` again. */
export type Opened = {
  socket: Socket
  protocol: string | null
  /** From now on no packet waits for the other side to confirm the one before. */
  hurry: () => void
}

/** Says nothing of this machine: its name and addresses are nobody's business (RFC 5321 section 4.1.3 allows a literal). */
export const EHLO_NAME = '[127.0.0.1]'

const DNS_MS = 30_000
const CONNECT_MS = 30_000
const TLS_MS = 30_000
const GREETING_MS = 60_000
const COMMAND_MS = 60_000
const LOOK_MS = 10_000
const TICKET_MS = 5

export async function openConnection(settings: ServerSettings, deps: ConnectDeps): Promise<Result<Opened>> {
  if (forbidsPlaintext(settings)) return fail({ kind: 'plaintext-forbidden', host: settings.host })
  const opened = await openChecked(settings, deps)
  if (opened.ok || opened.problem.kind !== 'certificate') return opened
  const certificate = await lookAtCertificate(settings, deps)
  return fail({ ...opened.problem, certificate })
}

async function openChecked(settings: ServerSettings, deps: ConnectDeps): Promise<Result<Opened>> {
  const tcp = await reach(settings, deps)
  if (!tcp.ok) return tcp
  switch (settings.tls) {
    case 'none':
      return greeted(tcp.value, tcp.value, null, settings, deps)
    case 'implicit': {
      const secured = await secure(tcp.value, settings, deps)
      return secured.ok
        ? greeted(secured.value, tcp.value, secured.value.getProtocol(), settings, deps)
        : secured
    }
    case 'starttls': {
      const agreed = await agreeOnTls(tcp.value, settings, deps)
      if (!agreed.ok) return agreed
      const secured = await secure(tcp.value, settings, deps)
      if (!secured.ok) return secured
      await firstTicket(secured.value, deps.clock)
      const { greeting } = agreed.value
      return handOver(secured.value, tcp.value, [greeting], secured.value.getProtocol(), settings)
    }
  }
}

/** DNS and TCP; an address family that does not answer gives way to the other (RFC 8305). */
async function reach(settings: ServerSettings, deps: ConnectDeps): Promise<Result<Socket>> {
  const { host, port } = settings
  const { clock, onEvent } = deps
  const startedAt = clock.now()
  const found = await resolveHost(host, settings, deps)
  if (!found.ok) return found
  const addresses = found.value
  if (isIP(host) === 0) {
    const ms = clock.now() - startedAt
    onEvent({ type: 'resolved', address: addresses.map(({ address }) => address).join(', '), ms })
  }
  const tcpAt = clock.now()
  return settle<Socket>(deps, CONNECT_MS, timeout(settings, 'connecting'), resolve => {
    const socket = connectTcp({
      host,
      port,
      autoSelectFamily: true,
      // Node's 250 ms give up on a slow way before it had a chance.
      autoSelectFamilyAttemptTimeout: 2_000,
      lookup: (_host, _options, callback) => callback(null, addresses),
    })
    const onError = (error: unknown) => resolve(lost(error, settings, 'connecting'))
    socket.once('error', onError)
    socket.once('connect', () => {
      onEvent({ type: 'connected', address: socket.remoteAddress ?? host, ms: clock.now() - tcpAt })
      resolve(ok(socket))
    })
    return result => {
      socket.off('error', onError)
      keepQuiet(socket)
      if (!result.ok) socket.destroy()
    }
  })
}

async function resolveHost(host: string, settings: ServerSettings, deps: ConnectDeps) {
  return settle<{ address: string; family: number }[]>(deps, DNS_MS, { kind: 'dns', host }, resolve => {
    lookup(host, { all: true }).then(
      addresses => resolve(addresses.length > 0 ? ok(addresses) : fail({ kind: 'dns', host })),
      error => resolve(lost(error, settings, 'resolving')),
    )
    return () => {}
  })
}

/** The TLS handshake over a connection; the certificate is always checked. */
async function secure(raw: Socket, settings: ServerSettings, deps: ConnectDeps): Promise<Result<TLSSocket>> {
  const { clock, tickets, onEvent, onLine } = deps
  const key = ticketKey(settings)
  const ticket = tickets.get(key)
  const startedAt = clock.now()
  return settle<TLSSocket>(deps, TLS_MS, timeout(settings, 'securing'), resolve => {
    const socket = connectTls({
      ...tlsOptions(settings),
      socket: raw,
      host: settings.host,
      ...(ticket === undefined ? {} : { session: ticket }),
    })
    const onError = (error: unknown) => {
      tickets.delete(key)
      resolve(lost(error, settings, 'securing'))
    }
    socket.once('error', onError)
    socket.once('secureConnect', () => {
      const protocol = socket.getProtocol() ?? 'TLS'
      const cipher = socket.getCipher().standardName
      onEvent({
        type: 'secured',
        protocol,
        cipher,
        ms: clock.now() - startedAt,
        isResumed: socket.isSessionReused(),
      })
      onLine('note', `${protocol} ${cipher}${socket.isSessionReused() ? ' (resumed)' : ''}`)
      resolve(ok(socket))
    })
    return result => {
      socket.off('error', onError)
      keepQuiet(socket)
      if (!result.ok) return void raw.destroy()
      // TLS 1.3 sends its tickets later, whenever it likes.
      socket.on('session', session => tickets.set(key, session))
    }
  })
}

/**
 * Many servers hold their reply to EHLO back until their tickets of TLS 1.3 are confirmed, which a system by itself does
 * after 40 ms: an EHLO behind the tickets confirms them. From afar they take a round trip, and are not waited for.
 */
function firstTicket(socket: TLSSocket, clock: Clock): Promise<void> {
  if (socket.getProtocol() !== 'TLSv1.3') return Promise.resolve()
  return new Promise(resolve => {
    const go = () => {
      cancel()
      // Not from within the reading of it.
      setImmediate(resolve)
    }
    const cancel = clock.after(TICKET_MS, go)
    for (const event of ['session', 'close'] as const) socket.once(event, go)
  })
}

/** A ticket stands for a checked certificate, so it is good only for the same server and the same trust. */
function ticketKey({ host, port, tls, pinnedCertificate }: ServerSettings): string {
  return JSON.stringify([host, port, tls, pinnedCertificate])
}

async function greeted(
  socket: Socket,
  raw: Socket,
  protocol: string | null,
  settings: ServerSettings,
  deps: ConnectDeps,
): Promise<Result<Opened>> {
  const reader = createReplyReader(socket)
  const greeting = await ask(reader, null, 'greeting', GREETING_MS, settings, deps)
  const rest = reader.release()
  if (!greeting.ok) {
    socket.destroy()
    return greeting
  }
  return handOver(socket, raw, [greeting.value, rest], protocol, settings)
}

/** The greeting is put back, as the conversation begins with it; after STARTTLS it is the earlier one. */
function handOver(
  socket: Socket,
  raw: Socket,
  unread: Buffer[],
  protocol: string | null,
  settings: ServerSettings,
): Result<Opened> {
  if (socket.destroyed || socket.readableEnded) {
    socket.destroy()
    return fail({ kind: 'connection-lost', host: settings.host, phase: 'greeting' })
  }
  socket.pause()
  socket.unshift(Buffer.concat(unread))
  return ok({ socket, protocol, hurry: () => void raw.setNoDelay(true) })
}

/** Greeting, EHLO and STARTTLS in plain text: nothing of value is said, and nothing that was heard counts afterwards. */
async function agreeOnTls(
  raw: Socket,
  settings: ServerSettings,
  deps: ConnectDeps,
): Promise<Result<{ greeting: Buffer }>> {
  const { host } = settings
  const reader = createReplyReader(raw)
  const agree = async (): Promise<Result<{ greeting: Buffer }>> => {
    const greeting = await ask(reader, null, 'greeting', GREETING_MS, settings, deps)
    if (!greeting.ok) return greeting
    deps.onLine('server', greeting.value.toString().trimEnd())
    const ehlo = await ask(reader, `EHLO ${EHLO_NAME}`, 'ehlo', COMMAND_MS, settings, deps)
    if (!ehlo.ok) return ehlo
    deps.onLine('server', ehlo.value.toString().trimEnd())
    if (!/^250[ -]STARTTLS\b/im.test(ehlo.value.toString())) return fail({ kind: 'tls-not-offered', host })
    const go = await ask(reader, 'STARTTLS', 'starttls', COMMAND_MS, settings, deps)
    if (!go.ok) return go
    deps.onLine('server', go.value.toString().trimEnd())
    return ok({ greeting: greeting.value })
  }
  const agreed = await agree()
  const early = reader.release()
  if (agreed.ok && early.length > 0) {
    // RFC 3207 section 6: somebody in between tries to be heard as if it were the server behind TLS.
    raw.destroy()
    return fail({ kind: 'tls', host, detail: 'data before the handshake' })
  }
  if (!agreed.ok) raw.destroy()
  return agreed
}

/** Sends a command (or none) and gives the whole reply, as long as it is a good one. */
async function ask(
  reader: ReplyReader,
  command: string | null,
  step: ReplyStep,
  ms: number,
  settings: ServerSettings,
  deps: ConnectDeps,
): Promise<Result<Buffer>> {
  if (command !== null) {
    deps.onLine('client', command)
    reader.socket.write(`${command}\r\n`)
  }
  const answer = await settle<Buffer>(deps, ms, timeout(settings, step), resolve => {
    reader.next(raw => {
      if (raw.ok) resolve(raw)
      else resolve(raw.error === null ? lostSilently(settings, step) : lost(raw.error, settings, step))
    })
    return () => {}
  })
  if (!answer.ok) return answer
  const reply = parseReply(answer.value.toString())
  if (reply.code >= 200 && reply.code < 300) return answer
  deps.onLine('server', answer.value.toString().trimEnd())
  return fail(classifyReply(reply, { step, host: settings.host, user: settings.user }))
}

/**
 * The certificate that was not believed, for the person to look at: over a connection of its own that carries
 * nothing and is closed at once, so that the checked one never has to be opened unchecked.
 */
async function lookAtCertificate(
  settings: ServerSettings,
  deps: ConnectDeps,
): Promise<CertificateFacts | null> {
  const quiet: ConnectDeps = { ...deps, onEvent: () => {}, onLine: () => {} }
  const tcp = await reach(settings, quiet)
  if (!tcp.ok) return null
  const raw = tcp.value
  try {
    if (settings.tls === 'starttls' && !(await agreeOnTls(raw, settings, quiet)).ok) return null
    const looked = await settle<CertificateFacts | null>(
      quiet,
      LOOK_MS,
      timeout(settings, 'securing'),
      resolve => {
        const socket = connectTls({
          ...tlsOptions(settings),
          socket: raw,
          host: settings.host,
          rejectUnauthorized: false,
        })
        socket.once('secureConnect', () => resolve(ok(certificateFacts(socket))))
        socket.on('error', () => resolve(ok(null)))
        return () => {}
      },
    )
    return looked.ok ? looked.value : null
  } finally {
    raw.destroy()
  }
}

const timeout = ({ host, port }: ServerSettings, phase: string): Problem => ({
  kind: 'timeout',
  host,
  port,
  phase,
})

function lost(error: unknown, { host, port }: ServerSettings, phase: string): Result<never> {
  return fail(problemOfNetworkError(error, { host, port, phase }))
}

function lostSilently({ host }: ServerSettings, phase: string): Result<never> {
  return fail({ kind: 'connection-lost', host, phase })
}

/** An error of a socket that nobody waits for any more must not end the program. */
function keepQuiet(socket: Socket): void {
  socket.on('error', () => {})
}

/** One wait with a deadline and a way to be called off; `start` gives what is to be tidied up afterwards. */
function settle<T>(
  { clock, signal }: Pick<ConnectDeps, 'clock' | 'signal'>,
  ms: number,
  late: Problem,
  start: (resolve: (result: Result<T>) => void) => (result: Result<T>) => void,
): Promise<Result<T>> {
  return new Promise(done => {
    let isDone = false
    let tidy: ((result: Result<T>) => void) | null = null
    const resolve = (result: Result<T>) => {
      if (isDone) return
      isDone = true
      cancel()
      signal.removeEventListener('abort', onAbort)
      // A start that resolves at once has not given its tidying yet.
      queueMicrotask(() => {
        tidy?.(result)
        done(result)
      })
    }
    const onAbort = () => resolve(fail({ kind: 'cancelled' }))
    const cancel = clock.after(ms, () => resolve(fail(late)))
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    tidy = start(resolve)
  })
}
