/**
 * Fetches one picture from the internet and leaves no trace that can be helped: HTTPS alone (RFC 9110), no cookie, no
 * referrer, nothing that tells one reader from another. The only door to node:https. Refuses what is near, what is not
 * a picture by its first bytes, and what is too big or too slow.
 */

import { lookup as lookUp } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { problemOfNetworkError } from '../network.ts'
import { isPublicAddress } from './public-address.ts'

export type Picture = { type: string; bytes: Buffer }

/** Whether a connection to this address and port may be made. */
export type MayConnect = (address: string, port: number) => boolean

export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Result<Picture>>

const MOST_BYTES = 5_000_000
const PATIENCE_MS = 10_000
const MOST_REDIRECTS = 3
const LONGEST_URL = 8_000
/** The same for everybody, and plain enough that servers give what they give to a browser. */
const HEADERS = { accept: 'image/*', 'user-agent': 'Mozilla/5.0' }

export const onlyPublic: MayConnect = (address, port) => port === 443 && isPublicAddress(address)

/** `url` as a mail writes it: `http:` and `//` are asked for over HTTPS as well. */
export function createFetchPicture(clock: Clock, mayConnect: MayConnect = onlyPublic): FetchPicture {
  const fetchOnce = (url: URL, signal: AbortSignal): Promise<Result<Picture | { movedTo: string }>> =>
    new Promise(resolve => {
      const { hostname: host } = url
      const port = url.port === '' ? 443 : Number(url.port)
      const bare = host.replace(/^\[|\]$/g, '')
      const near: Problem = { kind: 'unreachable', host, port, detail: 'not a public address' }
      if (isIP(bare) !== 0 && !mayConnect(bare, port)) return resolve(fail(near))
      const give = (result: Result<Picture | { movedTo: string }>) => {
        cancel()
        signal.removeEventListener('abort', stop)
        resolve(result)
        asked.destroy()
      }
      const stop = () => give(fail({ kind: 'cancelled' }))
      const asked = request(url, {
        agent: false,
        headers: HEADERS,
        lookup: lookupWhere(address => mayConnect(address, port)),
        minVersion: 'TLSv1.2',
        maxHeaderSize: 16_384,
      })
      const cancel = clock.after(PATIENCE_MS, () =>
        give(fail({ kind: 'timeout', host, port, phase: 'reply' })),
      )
      signal.addEventListener('abort', stop)
      asked.on('error', error =>
        give(
          fail(
            error instanceof NotAllowed ? near : problemOfNetworkError(error, { host, port, phase: 'reply' }),
          ),
        ),
      )
      asked.on('response', response => takeAnswer(response, host, give))
      asked.end()
    })

  return async (written, signal) => {
    let next = written
    for (let turn = 0; turn <= MOST_REDIRECTS; turn++) {
      const url = secureUrl(next)
      if (url === null) return fail({ kind: 'invalid', field: 'url', reason: 'scheme' })
      if (signal.aborted) return fail({ kind: 'cancelled' })
      const answer = await fetchOnce(url, signal)
      if (!answer.ok) return answer
      if (!('movedTo' in answer.value)) return ok(answer.value)
      if (!URL.canParse(answer.value.movedTo, url.href)) break
      next = new URL(answer.value.movedTo, url).href
    }
    return fail({ kind: 'protocol', host: secureUrl(next)?.hostname ?? '', detail: 'redirected without end' })
  }
}

/** Null for another scheme, an address with a name and password in it, and one too long to be asked for. */
function secureUrl(written: string): URL | null {
  const full = written.startsWith('//') ? `https:${written}` : written
  if (full.length > LONGEST_URL || !/^https?:/i.test(full) || !URL.canParse(full)) return null
  const url = new URL(full)
  if (url.username !== '' || url.password !== '' || url.hostname === '') return null
  if (url.protocol === 'http:' && url.port !== '') return null
  url.protocol = 'https:'
  url.hash = ''
  return url
}

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
  host: string,
  give: (result: Result<Picture | { movedTo: string }>) => void,
): void {
  const status = response.statusCode ?? 0
  const { location } = response.headers
  if (status >= 300 && status < 400 && location !== undefined) return give(ok({ movedTo: location }))
  if (status !== 200) return give(fail({ kind: 'protocol', host, detail: `HTTP ${status}` }))
  const announced = Number(response.headers['content-length'] ?? 0)
  const tooBig = (bytes: number) => give(fail({ kind: 'too-big', bytes, limit: MOST_BYTES }))
  if (announced > MOST_BYTES) return tooBig(announced)
  const pieces: Buffer[] = []
  let bytes = 0
  response.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > MOST_BYTES) return tooBig(bytes)
    pieces.push(piece)
  })
  response.on('error', error => give(fail(problemOfNetworkError(error, { host, port: 443, phase: 'reply' }))))
  response.on('end', () => {
    const whole = Buffer.concat(pieces)
    const type = pictureType(whole)
    give(
      type === null ? fail({ kind: 'protocol', host, detail: 'not a picture' }) : ok({ type, bytes: whole }),
    )
  })
}

/** By the first bytes, whatever the server calls it. SVG is not among them: it is a document. */
export function pictureType(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 16)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp'
  if (head.slice(4, 12) === 'ftypavif') return 'image/avif'
  if (head.startsWith('BM')) return 'image/bmp'
  return null
}
