/**
 * Owns one socket and the lines on it: reads with limits, writes, turns to TLS, ends on a deadline.
 * Refuses to know a mail protocol. After the first failure every further call answers that failure.
 */

import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { certificateFacts, problemOfNetworkError, tlsOptions } from '../network.ts'

// More than any honest answer to our few commands; a server that never ends a line must not fill the memory.
const MOST_UNREAD = 1024 * 1024
const LONGEST_LINE = 64 * 1024

export type Dialog = {
  readonly host: string
  isSecure(): boolean
  /** From here on failures name this phase and the deadline starts anew. */
  enter(phase: string, deadlineMs: number): void
  /** Looks the host up; answers its addresses. */
  resolve(): Promise<Result<string[]>>
  /** Connects to what was looked up; answers the address that took the call. */
  connect(): Promise<Result<string>>
  /** The handshake. Fails where anything was received before it (RFC 3207 section 6 and its kin). */
  secure(): Promise<Result<TLSSocket>>
  /** One line without its end. */
  line(): Promise<Result<string>>
  /** Exactly so many bytes, for IMAP literals. */
  bytes(count: number): Promise<Result<Buffer>>
  send(line: string): Promise<Result<true>>
  protocolProblem(detail: string): { ok: false; problem: Problem }
  /** Ends everything; what waits is answered with this problem. */
  end(problem: Problem): void
}

export function openDialog(settings: ServerSettings, clock: Clock): Dialog {
  const { host, port } = settings
  let phase = 'dns'
  let socket: Socket | TLSSocket | null = null
  let isSecure = false
  let addresses: LookupAddress[] = []
  let unread: Buffer = Buffer.alloc(0)
  let failure: Problem | null = null
  let wake: () => void = () => {}
  let cancelDeadline: () => void = () => {}
  const ended = Promise.withResolvers<{ ok: false; problem: Problem }>()

  const end = (problem: Problem) => {
    if (failure !== null) return
    failure = problem
    cancelDeadline()
    socket?.destroy()
    ended.resolve(fail(problem))
    wake()
  }
  const lost = (error: unknown) => end(problemOfNetworkError(error, { host, port, phase }))
  const protocolProblem = (detail: string) => fail({ kind: 'protocol', host, detail } as const)

  const listen = (to: Socket | TLSSocket) => {
    to.on('data', (chunk: Buffer) => {
      unread = unread.length === 0 ? chunk : Buffer.concat([unread, chunk])
      if (unread.length > MOST_UNREAD) end({ kind: 'protocol', host, detail: 'endless answer' })
      wake()
    })
    to.on('error', lost)
    to.on('close', () => end({ kind: 'connection-lost', host, phase }))
  }

  /** Waits until `take` finds what it wants in the bytes that came. */
  const until = async <T>(take: () => T | null): Promise<Result<T>> => {
    for (;;) {
      const taken = take()
      if (taken !== null) return ok(taken)
      if (failure !== null) return fail(failure)
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }

  return {
    host,
    isSecure: () => isSecure,
    protocolProblem,
    end,

    enter(name, deadlineMs) {
      phase = name
      cancelDeadline()
      if (failure !== null) return
      cancelDeadline = clock.after(deadlineMs, () => end({ kind: 'timeout', host, port, phase }))
    },

    resolve() {
      if (failure !== null) return Promise.resolve(fail(failure))
      const found = lookup(host, { all: true }).then(
        list => {
          addresses = list
          return ok(list.map(({ address }) => address))
        },
        (error: unknown) => fail(problemOfNetworkError(error, { host, port, phase })),
      )
      return Promise.race([found, ended.promise])
    },

    connect() {
      if (failure !== null) return Promise.resolve(fail(failure))
      const opened = connect({
        host,
        port,
        autoSelectFamily: true,
        // The addresses are those of the DNS stage: what was shown is what is tried.
        lookup: (_host, options, callback) => {
          const first = addresses[0]
          if (options.all) callback(null, addresses)
          else callback(null, first?.address ?? '', first?.family)
        },
      })
      socket = opened
      const connected = new Promise<Result<string>>(resolve => {
        opened.once('connect', () => resolve(ok(opened.remoteAddress ?? '')))
      })
      listen(opened)
      return Promise.race([connected, ended.promise])
    },

    secure() {
      if (failure !== null) return Promise.resolve(fail(failure))
      const plain = socket as Socket
      if (unread.length > 0 || plain.readableLength > 0) {
        return Promise.resolve(protocolProblem('data before the TLS handshake'))
      }
      plain.removeAllListeners('data')
      plain.removeAllListeners('error')
      plain.removeAllListeners('close')
      plain.on('error', lost)
      // Whether the certificate is believed is judged below, when its facts can still be read.
      const tls = connectTls({ ...tlsOptions(settings), socket: plain, rejectUnauthorized: false })
      socket = tls
      const secured = new Promise<Result<TLSSocket>>(resolve => {
        tls.once('secureConnect', () => {
          const problem = certificateProblem(tls, settings)
          if (problem !== null) return resolve(fail(problem))
          isSecure = true
          resolve(ok(tls))
        })
      })
      listen(tls)
      return Promise.race([secured, ended.promise])
    },

    line() {
      return until(() => {
        const end = unread.indexOf(0x0a)
        if (end < 0 && unread.length <= LONGEST_LINE) return null
        const stop = end < 0 ? unread.length : end
        const line = unread.subarray(0, stop).toString('utf8').replace(/\r$/, '')
        unread = unread.subarray(Math.min(stop + 1, unread.length))
        return line
      })
    },

    bytes(count) {
      if (count > MOST_UNREAD) return Promise.resolve(protocolProblem('endless answer'))
      return until(() => {
        if (unread.length < count) return null
        const taken = unread.subarray(0, count)
        unread = unread.subarray(count)
        return taken
      })
    },

    async send(line) {
      if (failure !== null) return fail(failure)
      socket?.write(`${line}\r\n`)
      return ok(true)
    },
  }
}

/** Why the certificate is not believed, with its facts; null where it is. */
function certificateProblem(tls: TLSSocket, settings: ServerSettings): Problem | null {
  if (tls.authorized) return null
  const { host, port, pinnedCertificate } = settings
  const code = String(tls.authorizationError)
  const known = problemOfNetworkError({ code, message: code }, { host, port, phase: 'tls' })
  const certificate = certificateFacts(tls)
  const isAnother = pinnedCertificate !== null && certificate?.pem.trim() !== pinnedCertificate.trim()
  const reason = isAnother ? 'changed' : known.kind === 'certificate' ? known.reason : 'other'
  return { kind: 'certificate', host, reason, certificate }
}
