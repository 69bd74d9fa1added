/**
 * One picture from the internet, by the address a mail writes. Refuses what is not a picture by its first bytes, and
 * redirects without end.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { createAskWeb, type MayConnect, secureUrl } from '../web-request.ts'

export type Picture = { type: string; bytes: Buffer }

export type FetchPicture = (url: string, signal: AbortSignal) => Promise<Result<Picture>>

const MOST_BYTES = 5_000_000
const PATIENCE_MS = 10_000
const MOST_REDIRECTS = 3

export function createFetchPicture(clock: Clock, mayConnect?: MayConnect): FetchPicture {
  const ask = createAskWeb(clock, mayConnect)
  return async (written, signal) => {
    let next = written
    for (let turn = 0; turn <= MOST_REDIRECTS; turn++) {
      const url = secureUrl(next)
      if (url === null) return fail({ kind: 'invalid', field: 'url', reason: 'scheme' })
      const answer = await ask(
        { url, method: 'GET', accept: 'image/*', mostBytes: MOST_BYTES, patienceMs: PATIENCE_MS },
        signal,
      )
      if (!answer.ok) return answer
      const { status, location, body } = answer.value
      const host = url.hostname
      if (status === 200) {
        const type = pictureType(body)
        return type === null
          ? fail({ kind: 'web-refused', host, detail: 'not a picture' })
          : ok({ type, bytes: body })
      }
      if (status < 300 || status >= 400 || location === null || !URL.canParse(location, url.href))
        return fail({ kind: 'web-refused', host, detail: `HTTP ${status}` })
      next = new URL(location, url.href).href
    }
    return fail({
      kind: 'web-refused',
      host: secureUrl(next)?.hostname ?? '',
      detail: 'redirected without end',
    })
  }
}

/** By the first bytes, whatever the server calls it. SVG is not among them: it is a document. */
function pictureType(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 16)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp'
  if (head.slice(4, 12) === 'ftypavif') return 'image/avif'
  if (head.startsWith('BM')) return 'image/bmp'
  return null
}
