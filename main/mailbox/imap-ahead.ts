/**
 * Fetches the sources of an account's mails ahead of being opened, in the background: the newest first, in batches
 * that are small where the line is slow, so that what a person asks for never waits long. Refuses to begin while
 * somebody said to wait, and to ask again for a mail that the server did not give.
 */

import { ok, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { scanList } from '../mime/read-mail.ts'
import type { ImapConnection } from './imap.ts'
import type { ImapLine } from './imap-line.ts'
import type { AheadWish } from './mail-source.ts'
import type { MailStore, UnfetchedMail } from './mailbox-store.ts'
import type { Packs } from './pack.ts'

export type ImapAhead = {
  /** There may be something to fetch. */
  wake(): void
  isFetching(): boolean
}

type Deps = {
  accountId: string
  store: MailStore
  packs: Packs
  clock: Clock
  wish: () => AheadWish
  /** Null while there is no connection. */
  line: () => ImapLine | null
  onFetched: (messageIds: string[]) => void
  inBackground: (work: Promise<unknown>) => void
}

const LISTED = 500
const FIRST_BYTES = 256_000
const LEAST_BYTES = 64_000
const MOST_BYTES = 4_000_000
/** A batch that took less is followed by a larger one, one that took more by a smaller one. */
const QUICK_MS = 250
const SLOW_MS = 1_000
const DAY_MS = 86_400_000
/** A large mail comes when it is opened, unless everything is wished for. */
const LARGE_BYTES = 30_000_000

export function createImapAhead(deps: Deps): ImapAhead {
  const { accountId, store, packs, clock, wish } = deps
  let isRunning = false
  let isAsked = false
  let batchBytes = FIRST_BYTES
  /** The server has not given these although it listed them. */
  const withheld = new Set<number>()

  const run = async (): Promise<void> => {
    let keeping: Promise<boolean> = Promise.resolve(true)
    let before: UnfetchedMail | null = null
    for (;;) {
      const mails = next(before)
      if (mails.length === 0) break
      for (const group of Map.groupBy(mails, mail => mail.folderId).values()) {
        for (let at = 0; at < group.length; ) {
          const line = deps.line()
          if (line === null || wish().isHeld || !(await keeping)) return
          const batch = upTo(group, at, batchBytes)
          at += batch.length
          const since = clock.monotonic()
          const fetched = await line.turn(imap => fetchBatch(imap, store, batch))
          if (!fetched.ok) return
          adapt(clock.monotonic() - since)
          const came = new Set(fetched.value.map(({ id }) => id))
          for (const { id } of batch) if (!came.has(id)) withheld.add(id)
          // The next batch is on its way while this one goes to the disk.
          await keeping
          keeping = keep(fetched.value)
        }
      }
      before = mails.at(-1) as UnfetchedMail
    }
    await keeping
  }

  const next = (before: UnfetchedMail | null): UnfetchedMail[] => {
    const { days, isHeld } = wish()
    if (isHeld || days === 0) return []
    const since = days === null ? 0 : clock.now() - days * DAY_MS
    return store
      .unfetched(accountId, since, before, days === null ? Number.MAX_SAFE_INTEGER : LARGE_BYTES, LISTED)
      .filter(({ id }) => !withheld.has(id))
  }

  const adapt = (ms: number) => {
    if (ms < QUICK_MS) batchBytes = Math.min(MOST_BYTES, batchBytes * 2)
    else if (ms > SLOW_MS) batchBytes = Math.max(LEAST_BYTES, Math.floor(batchBytes / 2))
  }

  /** False where the disk did not take them: what is not kept is not fetched on and on. */
  const keep = async (fetched: Fetched[]): Promise<boolean> => {
    if (fetched.length === 0) return true
    const refs = await packs.appendAll(
      accountId,
      fetched.map(({ bytes }) => bytes),
    )
    const synced = refs.ok ? await packs.sync(accountId) : refs
    if (!refs.ok || !synced.ok) return false
    const learned = fetched.map(({ id, bytes }, at) => ({
      messageId: id,
      ref: refs.value[at] as (typeof refs.value)[number],
      ...scanList(bytes),
    }))
    store.transaction(() => {
      for (const { messageId, ref, preview, hasAttachments } of learned) {
        store.setSource(messageId, ref, { preview, hasAttachments })
      }
    })
    deps.onFetched(fetched.map(({ id }) => String(id)))
    return true
  }

  const wake = () => {
    isAsked = true
    if (isRunning) return
    isRunning = true
    isAsked = false
    deps.inBackground(
      run().finally(() => {
        isRunning = false
        if (isAsked && deps.line() !== null && !wish().isHeld) wake()
      }),
    )
  }
  return { wake, isFetching: () => isRunning }
}

type Fetched = { id: number; bytes: Buffer }

/**
 * A folder that is selected already shows what it had when the server last spoke of it: where a mail does not come, the
 * folder is opened once more.
 */
async function fetchBatch(
  imap: ImapConnection,
  store: MailStore,
  batch: UnfetchedMail[],
): Promise<Result<Fetched[]>> {
  const folder = store.folder((batch[0] as UnfetchedMail).folderId)
  if (folder === null) return ok([])
  const isSelected = imap.selected() === folder.path && imap.selectedValidity() === folder.uidValidity
  const fetched = isSelected ? await fetchUids(imap, batch) : ok([])
  if (!fetched.ok || fetched.value.length === batch.length) return fetched
  const opened = await imap.open(folder.path)
  if (!opened.ok) return opened
  // Under another UIDVALIDITY these UIDs may name other mails: the next sync of the folder sees to it.
  if (opened.value.uidValidity !== folder.uidValidity) return fetched
  const here = new Set(fetched.value.map(({ id }) => id))
  const others = await fetchUids(
    imap,
    batch.filter(({ id }) => !here.has(id)),
  )
  return others.ok ? ok([...fetched.value, ...others.value]) : others
}

async function fetchUids(imap: ImapConnection, batch: UnfetchedMail[]): Promise<Result<Fetched[]>> {
  const idOf = new Map(batch.map(({ uid, id }) => [uid, id]))
  const expected = batch.reduce((sum, { bytes }) => sum + bytes, 0)
  const sources = await imap.sources([...idOf.keys()], expected)
  if (!sources.ok) return sources
  return ok(
    sources.value.flatMap(({ uid, bytes }) => {
      const id = idOf.get(uid)
      return id === undefined ? [] : [{ id, bytes }]
    }),
  )
}

/** As many from `at` on as fit, at least one. */
function upTo(mails: UnfetchedMail[], at: number, bytes: number): UnfetchedMail[] {
  let sum = 0
  let end = at
  while (end < mails.length) {
    sum += (mails[end] as UnfetchedMail).bytes
    if (end > at && sum > bytes) break
    end += 1
  }
  return mails.slice(at, end)
}
