/**
 * One request over HTTPS that a mail leads to, with no trace that can be helped: no cookie, no referrer, nothing that
 * tells one reader from another. The only door to node:https. Refuses what is near, and what is too big or too slow;
 * follows no redirect by itself.
 */

import { lookup as lookUp } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { fail, ok, type Problem, type Result } from '../shared/problem.ts'
import type { Clock } from './host.ts'
import { problemOfNetworkError } from './network.ts'
import { isPublicAddress } from './public-address.ts'

/** Whether a connection to this address and port may be made. */
export type MayConnect = (address: string, port: number) => boolean

export const onlyPublic: MayConnect = (address, port) => port === 443 && isPublicAddress(address)

export type WebWish = {
  url: URL
  method: 'GET' | 'POST'
  accept: string
  /** Sent as a form where there is one. */
  form?: string
  mostBytes: number
  patienceMs: number
}

/** `location` as the server wrote it. The body of an answer that is not 200 is not read. */
export type WebAnswer = { status: number; location: string | null; body: Buffer }

export type AskWeb = (wish: WebWish, signal: AbortSignal) => Promise<Result<WebAnswer>>

const LONGEST_URL = 8_000
/** The same for everybody, and plain enough that servers give what they give to a browser. */
const USER_AGENT = 'Mozilla/5.0'

/**
 * An address as a mail writes it, over HTTPS: `http:` and `//` too. Null for another scheme, one with a name and
 * password in it, and one too long to be asked for.
 */
export function secureUrl(written: string): URL | null {
  const full = written.startsWith('//') ? `https:${written}` : written
  if (full.length > LONGEST_URL || !/^https?:/i.test(full) || !URL.canParse(full)) return null
  const url = new URL(full)
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null
  if (url.protocol === 'http:' && url.port !== '') return null
  url.protocol = 'https:'
  url.hash = ''
  return url
}

export function createAskWeb(clock: Clock, mayConnect: MayConnect = onlyPublic): AskWeb {
  return ({ url, method, accept, form, mostBytes, patienceMs }, signal) =>
    new Promise(resolve => {
      const host = url.hostname.replace(/^\[|\]$/g, '')
      const port = url.port === '' ? 443 : Number(url.port)
      const near: Problem = { kind: 'unreachable', host, port, detail: 'not a public address' }
      if (isIP(host) !== 0 && !mayConnect(host, port)) return resolve(fail(near))
      if (signal.aborted) return resolve(fail({ kind: 'cancelled' }))
      const give = (result: Result<WebAnswer>) => {
        cancel()
        signal.removeEventListener('abort', stop)
        resolve(result)
        asked.destroy()
      }
      const stop = () => give(fail({ kind: 'cancelled' }))
      const asked = request(url, {
        method,
        agent: false,
        headers: {
          accept,
          'user-agent': USER_AGENT,
          ...(form !== undefined && {
            'content-type': 'application/x-www-form-urlencoded',
            'content-length': Buffer.byteLength(form),
          }),
        },
        lookup: lookupWhere(address => mayConnect(address, port)),
        minVersion: 'TLSv1.2',
        maxHeaderSize: 16_384,
      })
      const late: Problem = { kind: 'timeout', host, port, phase: 'reply' }
      const cancel = clock.after(patienceMs, () => give(fail(late)))
      signal.addEventListener('abort', stop)
      asked.on('error', error => give(fail(error instanceof NotAllowed ? near : broken(error, host, port))))
      asked.on('response', response => takeAnswer(response, { host, port, mostBytes }, give))
      asked.end(form)
    })
}

const broken = (error: Error, host: string, port: number) =>
  problemOfNetworkError(error, { host, port, phase: 'reply' })

class NotAllowed extends Error {}

/** Only addresses that are allowed are given on, so that the name cannot mean another one when it is connected to. */
function lookupWhere(allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookUp(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0)
      const allowed = found.filter(({ address }) => allows(address))
      const first = allowed[0]
      if (first === undefined) return callback(new NotAllowed('not a public address'), '', 0)
      if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function takeAnswer(
  response: IncomingMessage,
  { host, port, mostBytes }: { host: string; port: number; mostBytes: number },
  give: (result: Result<WebAnswer>) => void,
): void {
  const status = response.statusCode ?? 0
  const location = response.headers.location ?? null
  if (status !== 200) return give(ok({ status, location, body: Buffer.alloc(0) }))
  const announced = Number(response.headers['content-length'] ?? 0)
  const tooBig = (bytes: number) => give(fail({ kind: 'too-big', bytes, limit: mostBytes }))
  if (announced > mostBytes) return tooBig(announced)
  const pieces: Buffer[] = []
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > mostBytes) return tooBig(bytes)
    pieces.push(piece)
  })
  response.on('error', error => give(fail(broken(error, host, port))))
  response.on('end', () => give(ok({ status, location, body: Buffer.concat(pieces) })))
}
