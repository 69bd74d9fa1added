/**
 * Pictures that a mail wants from the internet: fetched only where the person asked for them or trusts the sender, and
 * only those that the mail itself names. Owns whom the person trusts (table trusted_sender). Refuses tracking pixels.
 */

import { addressKey } from '../../shared/address.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { FetchedPictures } from '../../shared/remote-pictures.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import type { MayConnect } from '../web-request.ts'
import { createFetchPicture } from './fetch-picture.ts'

/** Of one mail. What is beyond stays out and is counted as failed. */
const MOST_PICTURES = 200
const MOST_BYTES = 8_000_000
const AT_ONCE = 6
/** For all pictures of a mail together. */
const PATIENCE_MS = 30_000

export type Pictures = ReturnType<typeof createPictures>

export type PicturesDeps = {
  db: Db
  clock: Clock
  emit: Emit
  /** Which pictures the mail names. */
  named: (messageId: string) => Promise<Result<{ urls: string[]; trackers: number }>>
  isForbidden: () => boolean
  /** Public addresses where nothing is said. */
  mayConnect?: MayConnect | undefined
}

export function createPictures({ db, clock, emit, named, isForbidden, mayConnect }: PicturesDeps) {
  const fetchPicture = createFetchPicture(clock, mayConnect)
  const fetching = new Map<string, Promise<Result<FetchedPictures>>>()

  async function fetchAll(urls: readonly string[]): Promise<Pick<FetchedPictures, 'pictures' | 'failed'>> {
    const pictures: Record<string, string> = {}
    const queue = urls.slice(0, MOST_PICTURES)
    const ending = new AbortController()
    const cancel = clock.after(PATIENCE_MS, () => ending.abort())
    let bytes = 0
    let got = 0
    const work = async () => {
      for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
        const picture = await fetchPicture(url, ending.signal)
        if (!picture.ok || bytes + picture.value.bytes.length > MOST_BYTES) continue
        bytes += picture.value.bytes.length
        got += 1
        pictures[url] = `data:${picture.value.type};base64,${picture.value.bytes.toString('base64')}`
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    cancel()
    return { pictures, failed: urls.length - got }
  }

  async function fetchOf(messageId: string): Promise<Result<FetchedPictures>> {
    const wanted = await named(messageId)
    if (!wanted.ok) return wanted
    const { urls, trackers } = wanted.value
    return ok({ ...(await fetchAll(urls)), trackers })
  }

  return {
    /** The person wants to see them now. Twice at once is fetched once. */
    fetch(messageId: string): Promise<Result<FetchedPictures>> | Result<FetchedPictures> {
      if (isForbidden()) return fail({ kind: 'not-now', what: 'pictures' })
      const running = fetching.get(messageId)
      if (running !== undefined) return running
      const work = fetchOf(messageId).finally(() => fetching.delete(messageId))
      fetching.set(messageId, work)
      return work
    },

    /** By their addresses, the last one first. */
    trusted: (): string[] =>
      db
        .all('SELECT address FROM trusted_sender ORDER BY trusted_at DESC, address')
        .map(row => String(row.address)),

    trust(address: string, isTrusted: boolean): Result<{ isTrusted: boolean }> {
      const key = addressKey(address)
      try {
        if (isTrusted) {
          db.run(
            `INSERT INTO trusted_sender (address_key, address, trusted_at) VALUES (?, ?, ?)
             ON CONFLICT (address_key) DO UPDATE SET trusted_at = excluded.trusted_at`,
            key,
            address,
            clock.now(),
          )
        } else db.run('DELETE FROM trusted_sender WHERE address_key = ?', key)
      } catch (error) {
        if (!(error instanceof Error) || !('errcode' in error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
      emit('pictures.changed', { addresses: [address] })
      return ok({ isTrusted })
    },
  }
}

export function pictureCalls(
  pictures: Pictures,
): Calls<'pictures.fetch' | 'pictures.trusted' | 'pictures.trust'> {
  return {
    'pictures.fetch': {
      args: z.tuple([z.string().min(1).max(40)]),
      run: messageId => pictures.fetch(messageId),
    },
    'pictures.trusted': { args: z.tuple([]), run: () => ok(pictures.trusted()) },
    'pictures.trust': {
      args: z.tuple([z.string().min(1).max(1_000), z.boolean()]),
      run: (address, isTrusted) => pictures.trust(address, isTrusted),
    },
  }
}
