/**
 * The only door to imapflow: one connection to one IMAP server, in our own words. Every command has a deadline of
 * ours, every answer a size limit. Refuses plaintext without consent and an upgrade to TLS that did not happen.
 * Knows nothing of what is stored; logs nothing.
 */

import { type FetchMessageObject, type FetchQueryObject, ImapFlow, type SearchObject } from 'imapflow'
import type { ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { forbidsPlaintext, tlsOptions } from '../network.ts'
import { type ListedFolder, type OpenFolder, toListing } from './imap-listing.ts'
import { problemOfImap } from './imap-problem.ts'
import { quirksOf } from './imap-quirks.ts'
import { numbersOf, type RemoteHead, rangeOf, toFlags, toHead } from './imap-row.ts'
import { allOf, type ImapWord } from './imap-word.ts'
import type { ServerFlags } from './mailbox-rows.ts'

export type ImapChange = 'arrived' | 'vanished' | 'flags'

/** All of it answers; a lost or silent connection is a Problem, and then `isUsable` is false. */
export type ImapConnection = {
  isUsable(): boolean
  /** The path that is selected now. */
  selected(): string | null
  /** Its UIDVALIDITY. */
  selectedValidity(): string | null
  listFolders(): Promise<Result<ListedFolder[]>>
  /** Makes and subscribes it. Answers its path as the server has it: a namespace may have been put in front. */
  createFolder(path: string): Promise<Result<string>>
  renameFolder(path: string, newPath: string): Promise<Result<true>>
  /** The server takes along what lies in it: look first. */
  removeFolder(path: string): Promise<Result<true>>
  subscribe(path: string, isSubscribed: boolean): Promise<Result<true>>
  /** Its folders are labels (Gmail): a mail stays where else it is when one of them goes. */
  hasLabels(): boolean
  open(path: string): Promise<Result<OpenFolder>>
  /** How a folder is numbered that need not be selected; `uidNext` 1 where the server does not say. */
  numbering(path: string): Promise<Result<{ uidValidity: string; uidNext: number }>>
  /** Of the selected folder, in no order. `exists` is what it said to have. */
  uids(exists: number): Promise<Result<number[]>>
  /** `range` is `12,15:20` of UIDs or, with `bySequence`, of sequence numbers; at most `most` rows are believed. */
  heads(range: string, most: number, bySequence?: boolean): Promise<Result<RemoteHead[]>>
  flags(range: string, most: number): Promise<Result<ServerFlags[]>>
  /** What changed in the range since a mod-sequence; what vanished only where the server has QRESYNC (RFC 7162). */
  changes(
    range: string,
    most: number,
    since: string,
  ): Promise<Result<{ flags: ServerFlags[]; vanished: number[] }>>
  /** The first bytes of one part of each mail. */
  beginnings(uids: number[], part: string, bytes: number): Promise<Result<{ uid: number; bytes: Buffer }[]>>
  /** The whole mail, null where it is no longer there. */
  source(uid: number, expectedBytes: number): Promise<Result<Buffer | null>>
  /** Several whole mails with one command; those that are no longer there are left out. */
  sources(uids: number[], expectedBytes: number): Promise<Result<{ uid: number; bytes: Buffer }[]>>
  changeFlags(uids: number[], flags: string[], how: 'add' | 'remove'): Promise<Result<true>>
  /** Whether the server has MOVE (RFC 6851); without it a mail is copied and then removed. */
  canMove(): boolean
  /** The map has the new UIDs where the server tells them. */
  move(uids: number[], path: string): Promise<Result<Map<number, number>>>
  copy(uids: number[], path: string): Promise<Result<Map<number, number>>>
  append(path: string, source: Buffer, flags: string[]): Promise<Result<true>>
  /** UIDs of the selected folder whose header field holds `text` (RFC 3501 section 6.4.4). */
  findHeader(name: string, text: string, orName?: string): Promise<Result<number[]>>
  /** UIDs of the selected folder that fit all of the words. */
  search(words: ImapWord[]): Promise<Result<number[]>>
  /** Takes mails out of the selected folder; without UIDPLUS they stay marked, as EXPUNGE would take others' too. */
  remove(uids: number[]): Promise<Result<true>>
  /** Waits for changes of the selected folder until another command comes; polls where there is no IDLE. */
  idle(): Promise<void>
  close(): void
}

export type ImapLimits = {
  connectMs: number
  /** For one command; a long answer gets its time by its size. */
  commandMs: number
  mailBytes: number
  /** So long a server may go on with what was asked on a line that broke. */
  settleMs: number
}

export const IMAP_LIMITS: ImapLimits = {
  connectMs: 30_000,
  commandMs: 45_000,
  mailBytes: 150_000_000,
  settleMs: 10_000,
}

/** The slowest line that is still waited for: 2 KiB a second. */
const SLOWEST_BYTES_PER_MS = 2
/** RFC 2177 allows 29 minutes; routers forget a quiet line sooner. */
const IDLE_RESTART_MS = 9 * 60_000
/** What a search may take is time rather than bytes: a server without an index reads all its mails. */
const SEARCH_BYTES = 120_000
const HEAD_QUERY: FetchQueryObject = {
  uid: true,
  flags: true,
  internalDate: true,
  size: true,
  bodyStructure: true,
  threadId: true,
  headers:
    'date from sender to cc subject message-id in-reply-to references list-id precedence auto-submitted'.split(
      ' ',
    ),
}
const STATUS_ITEMS = { messages: true, uidNext: true, uidValidity: true, unseen: true, highestModseq: true }
/** More than so many expunges at once are found out by comparing. */
const MOST_VANISHED = 100_000

export type ImapLogin = { settings: ServerSettings; user: string; password: string }

export type ImapEvents = {
  /** The selected folder changed without our doing. */
  onChange: (path: string, change: ImapChange) => void
  /** Once, however it ends after it was open; with the reason as far as it is known. */
  onClose: (problem: Problem) => void
}

/** Connects, secures, logs in. An aborted `signal` ends the attempt at once, and later the connection. */
export async function openImap(
  { settings, user, password }: ImapLogin,
  events: ImapEvents,
  clock: Clock,
  signal: AbortSignal,
  limits: ImapLimits = IMAP_LIMITS,
): Promise<Result<ImapConnection>> {
  const { host, port } = settings
  if (forbidsPlaintext(settings)) return fail({ kind: 'plaintext-forbidden', host })
  let refusal = ''
  let lastError: unknown = null
  let ending: Problem | null = null
  const heard = { debug() {}, info() {}, warn: noteRefusal, error() {} }
  function noteRefusal(entry: { err?: { responseText?: unknown } }) {
    if (typeof entry.err?.responseText === 'string') refusal = entry.err.responseText
  }
  const client = new ImapFlow({
    host,
    port,
    secure: settings.tls === 'implicit',
    ...(settings.tls === 'implicit' ? {} : { doSTARTTLS: settings.tls === 'starttls' }),
    auth: { user, pass: password },
    tls: tlsOptions(settings),
    logger: heard,
    clientInfo: { name: 'Todoke' },
    disableAutoIdle: true,
    maxIdleTime: IDLE_RESTART_MS,
    qresync: quirksOf(host).hasQresync,
    connectionTimeout: limits.connectMs,
    greetingTimeout: limits.connectMs,
    maxLineLength: 16_000_000,
    maxLiteralSize: limits.mailBytes,
    maxResponseSize: limits.mailBytes + 16_000_000,
  })
  client.on('error', error => {
    lastError = error
  })
  client.on('close', () => {
    const known =
      lastError === null ? null : problemOfImap(lastError, lastError, { host, port, user, phase: 'open' })
    events.onClose(ending ?? known ?? { kind: 'connection-lost', host, phase: 'open' })
  })
  /** UIDs that the server says are gone while somebody asks for changes. */
  let vanishing: number[] = []
  let isVanishingTold = false
  client.on('exists', ({ path, count, prevCount }) => {
    events.onChange(path, count < prevCount ? 'vanished' : 'arrived')
  })
  client.on('expunge', ({ path, uid, vanished, earlier }) => {
    if (vanished && uid !== undefined && vanishing.length < MOST_VANISHED) vanishing.push(uid)
    if (earlier || isVanishingTold) return
    // One line may name thousands: they are told once.
    isVanishingTold = true
    setImmediate(() => {
      isVanishingTold = false
      events.onChange(path, 'vanished')
    })
  })
  client.on('flags', ({ path }) => events.onChange(path, 'flags'))

  /** One command under our deadline; a deadline that passes ends the connection, as nothing after it can be believed. */
  const guarded = async <T>(phase: string, ms: number, work: () => Promise<T>): Promise<Result<T>> => {
    let cancel = () => {}
    const deadline = new Promise<Result<T>>(resolve => {
      cancel = clock.after(ms, () => {
        ending ??= { kind: 'timeout', host, port, phase }
        client.close()
        resolve(fail(ending))
      })
    })
    const done = work().then(
      value => ok(value) as Result<T>,
      error => fail(problemOfImap(lastError ?? error, error, { host, port, user, phase })),
    )
    const result = await Promise.race([done, deadline])
    cancel()
    return result
  }
  const command = <T>(work: () => Promise<T>, bytes = 0) =>
    guarded('command', limits.commandMs + bytes / SLOWEST_BYTES_PER_MS, work)
  /** imapflow answers false for "the server said no", and nothing at all where the line is gone. */
  const unlessRefused = async <T>(result: Promise<Result<T | false | undefined>>): Promise<Result<T>> => {
    const answer = await result
    if (!answer.ok) return answer
    if (answer.value !== false && answer.value !== undefined) return ok(answer.value)
    if (!client.usable) return fail({ kind: 'connection-lost', host, phase: 'command' })
    const detail = refusal
    refusal = ''
    return fail({ kind: 'protocol', host, detail })
  }
  /** Collects rows, and ends the connection with a server that sends many more than there can be. */
  const collect = async <T>(
    rows: AsyncIterable<FetchMessageObject>,
    most: number,
    take: (row: FetchMessageObject) => T | null,
  ): Promise<T[]> => {
    const taken: T[] = []
    let count = 0
    for await (const row of rows) {
      count += 1
      if (count > most * 4 + 1_000) {
        ending ??= { kind: 'protocol', host, detail: 'more rows than there can be' }
        client.close()
        throw Object.assign(new Error('more rows than asked for'), { code: 'TooManyResponses' })
      }
      const value = take(row)
      if (value !== null) taken.push(value)
    }
    return taken
  }

  if (signal.aborted) return fail({ kind: 'cancelled' })
  signal.addEventListener('abort', () => client.close())
  const connected = await guarded('connecting', limits.connectMs * 2, () => client.connect())
  if (!connected.ok) {
    client.close()
    return connected
  }

  return ok({
    isUsable: () => client.usable,
    selected: () => (client.mailbox ? client.mailbox.path : null),
    selectedValidity: () => (client.mailbox ? String(client.mailbox.uidValidity) : null),
    listFolders: async () => {
      const listed = await unlessRefused(command(() => client.list({ statusQuery: STATUS_ITEMS })))
      return listed.ok ? ok(toListing(listed.value)) : listed
    },
    createFolder: async path => {
      const made = await unlessRefused(command(() => client.mailboxCreate(path)))
      return made.ok ? ok(made.value.path) : made
    },
    renameFolder: async (path, newPath) => {
      const renamed = await unlessRefused(command(() => client.mailboxRename(path, newPath)))
      return renamed.ok ? ok(true as const) : renamed
    },
    removeFolder: async path => {
      const removed = await unlessRefused(command(() => client.mailboxDelete(path)))
      return removed.ok ? ok(true as const) : removed
    },
    subscribe: async (path, isSubscribed) => {
      const done = await unlessRefused(
        command(() => (isSubscribed ? client.mailboxSubscribe(path) : client.mailboxUnsubscribe(path))),
      )
      return done.ok ? ok(true as const) : done
    },
    hasLabels: () => client.capabilities.has('X-GM-EXT-1'),
    open: async path => {
      const opened = await unlessRefused(command(() => client.mailboxOpen(path)))
      if (!opened.ok) return opened
      const { uidValidity, uidNext, exists, highestModseq, noModseq } = opened.value
      // Told without CONDSTORE (Yahoo) or as 0 (an empty folder of some), it is nothing to ask by.
      const isKept = client.enabled.has('CONDSTORE') && !noModseq && highestModseq !== undefined
      const modseq = isKept && highestModseq > 0n ? String(highestModseq) : null
      return ok({ path, uidValidity: String(uidValidity), uidNext, exists, highestModseq: modseq })
    },
    numbering: async path => {
      const told = await unlessRefused(
        command(() => client.status(path, { uidNext: true, uidValidity: true })),
      )
      if (!told.ok) return told
      return ok({ uidValidity: String(told.value.uidValidity ?? ''), uidNext: told.value.uidNext || 1 })
    },
    uids: async exists => {
      // Compact where the server can (RFC 4731): a large folder is one short line then.
      const all: SearchObject = { all: true }
      const found = await unlessRefused(
        command(() => client.search(all, { uid: true, returnOptions: ['ALL'] }), 4_000_000),
      )
      if (!found.ok) return found
      const most = exists * 2 + 1_000
      const uids = Array.isArray(found.value) ? found.value : numbersOf(found.value.all ?? '', most)
      // A folder that has mails and names none would make us throw away all that is here.
      const isTrue = uids !== null && uids.length <= most && (uids.length > 0 || exists === 0)
      return isTrue
        ? ok(uids)
        : fail({ kind: 'protocol', host, detail: 'a list of UIDs that cannot be true' })
    },
    heads: (range, most, bySequence = false) =>
      command(
        () => collect(client.fetch(range, HEAD_QUERY, { uid: !bySequence }), most, toHead),
        most * 4_000,
      ),
    flags: (range, most) =>
      command(
        () => collect(client.fetch(range, { uid: true, flags: true }, { uid: true }), most, toFlags),
        most * 200,
      ),
    async changes(range, most, since) {
      vanishing = []
      const options = { uid: true, changedSince: BigInt(since) }
      const flags = await command(
        () => collect(client.fetch(range, { uid: true, flags: true }, options), most, toFlags),
        most * 200,
      )
      const vanished = vanishing
      vanishing = []
      return flags.ok ? ok({ flags: flags.value, vanished }) : flags
    },
    beginnings: (uids, part, bytes) =>
      command(
        () =>
          collect(
            client.fetch(
              rangeOf(uids),
              { uid: true, bodyParts: [{ key: part, start: 0, maxLength: bytes }] },
              { uid: true },
            ),
            uids.length,
            row => {
              const found = row.bodyParts?.values().next().value
              // NIL where it was expunged between the list and this.
              return Buffer.isBuffer(found) ? { uid: row.uid, bytes: found } : null
            },
          ),
        uids.length * bytes,
      ),
    source: async (uid, expectedBytes) => {
      const fetched = await command(
        () => client.fetchOne(uid, { uid: true, source: true }, { uid: true }),
        expectedBytes * 2,
      )
      if (!fetched.ok) return fetched
      const bytes = fetched.value === false ? null : fetched.value.source
      return ok(Buffer.isBuffer(bytes) ? bytes : null)
    },
    sources: (uids, expectedBytes) =>
      command(
        () =>
          collect(
            client.fetch(rangeOf(uids), { uid: true, source: true }, { uid: true }),
            uids.length,
            row => (Buffer.isBuffer(row.source) ? { uid: row.uid, bytes: row.source } : null),
          ),
        expectedBytes * 2,
      ),
    changeFlags: (uids, flags, how) =>
      unlessRefused(
        command(async () => {
          const options = { uid: true, silent: true }
          const done =
            how === 'add'
              ? await client.messageFlagsAdd(rangeOf(uids), flags, options)
              : await client.messageFlagsRemove(rangeOf(uids), flags, options)
          return done ? (true as const) : false
        }),
      ),
    canMove: () => client.capabilities.has('MOVE') || client.enabled.has('IMAP4REV2'),
    async move(uids, path) {
      const moved = await unlessRefused(command(() => client.messageMove(rangeOf(uids), path, { uid: true })))
      return moved.ok ? ok(moved.value.uidMap ?? new Map()) : moved
    },
    async copy(uids, path) {
      const copied = await unlessRefused(
        command(() => client.messageCopy(rangeOf(uids), path, { uid: true })),
      )
      return copied.ok ? ok(copied.value.uidMap ?? new Map()) : copied
    },
    async remove(uids) {
      if (!client.capabilities.has('UIDPLUS')) return this.changeFlags(uids, ['\\Deleted'], 'add')
      const removed = await unlessRefused(command(() => client.messageDelete(rangeOf(uids), { uid: true })))
      return removed.ok ? ok(true as const) : removed
    },
    async append(path, source, flags) {
      const appended = await unlessRefused(command(() => client.append(path, source, flags), source.length))
      return appended.ok ? ok(true as const) : appended
    },
    findHeader(name, text, orName) {
      const headers = [name, ...(orName === undefined ? [] : [orName])].map(one => ({
        header: { [one]: text },
      }))
      return unlessRefused(
        command(() =>
          client.search(headers.length > 1 ? { or: headers } : (headers[0] ?? {}), { uid: true }),
        ),
      )
    },
    search: words => unlessRefused(command(() => client.search(allOf(words), { uid: true }), SEARCH_BYTES)),
    async idle() {
      // What goes wrong here closes the connection, and `onClose` tells.
      await client.idle().catch(() => {})
    },
    close: () => client.close(),
  })
}
