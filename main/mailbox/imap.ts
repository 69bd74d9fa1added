/**
 * The only door to imapflow: one connection to one IMAP server, in our own words. Every command has a deadline of
 * ours, every answer a size limit. Refuses plaintext without consent and an upgrade to TLS that did not happen.
 * Knows nothing of what is stored; logs nothing.
 */

import {
  type FetchMessageObject,
  type FetchQueryObject,
  ImapFlow,
  type ListResponse,
  type MessageStructureObject,
} from 'imapflow'
import { FOLDER_ROLES, type FolderRole, type ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Clock } from '../host.ts'
import { flowOf, type PartForm } from '../mime/read-mail.ts'
import { forbidsPlaintext, tlsOptions } from '../network.ts'
import { problemOfImap } from './imap-problem.ts'
import { allOf, type ImapWord } from './imap-word.ts'
import type { ServerFlags } from './mailbox-rows.ts'

export type ListedFolder = {
  path: string
  name: string
  role: FolderRole | null
  /** What changed since, without opening it; null where the server did not say. */
  status: (Omit<OpenFolder, 'path'> & { unseen: number }) | null
}

/** A selected folder as the server tells it. Numbers beyond 2^53 as text. */
export type OpenFolder = {
  path: string
  uidValidity: string
  uidNext: number
  exists: number
  /** Null where the server keeps no mod-sequences (RFC 7162). */
  highestModseq: string | null
}

/** Where the text of a mail lies, to fetch a few words of it. */
export type TextPart = PartForm & { part: string }

export type RemoteHead = ServerFlags & {
  /** The header fields of a list row, raw. */
  headers: Buffer
  internalDate: number
  bytes: number
  text: TextPart | null
  hasAttachments: boolean
}

export type ImapChange = 'arrived' | 'vanished' | 'flags'

/** All of it answers; a lost or silent connection is a Problem, and then `isUsable` is false. */
export type ImapConnection = {
  isUsable(): boolean
  /** The path that is selected now. */
  selected(): string | null
  listFolders(): Promise<Result<ListedFolder[]>>
  createFolder(path: string): Promise<Result<true>>
  open(path: string): Promise<Result<OpenFolder>>
  /** Of the selected folder, ascending. */
  uids(): Promise<Result<number[]>>
  /** `range` is `12,15:20` of UIDs or, with `bySequence`, of sequence numbers; at most `most` rows are believed. */
  heads(range: string, most: number, bySequence?: boolean): Promise<Result<RemoteHead[]>>
  /** Flags of the UIDs; with `changedSince` only of those that changed. */
  flags(range: string, most: number, changedSince?: string): Promise<Result<ServerFlags[]>>
  /** The first bytes of one part of each mail. */
  beginnings(uids: number[], part: string, bytes: number): Promise<Result<{ uid: number; bytes: Buffer }[]>>
  /** The whole mail, null where it is no longer there. */
  source(uid: number, expectedBytes: number): Promise<Result<Buffer | null>>
  changeFlags(uids: number[], flags: string[], how: 'add' | 'remove'): Promise<Result<true>>
  /** Moves within the server. The map has the new UIDs where the server tells them. */
  move(uids: number[], path: string): Promise<Result<Map<number, number>>>
  append(path: string, source: Buffer, flags: string[]): Promise<Result<true>>
  /** UIDs of the selected folder whose header field holds `text` (RFC 3501 section 6.4.4). */
  findHeader(name: string, text: string): Promise<Result<number[]>>
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
}

export const IMAP_LIMITS: ImapLimits = { connectMs: 30_000, commandMs: 45_000, mailBytes: 150_000_000 }

/** The slowest line that is still waited for: 2 KiB a second. */
const SLOWEST_BYTES_PER_MS = 2
/** RFC 2177 allows 29 minutes; routers forget a quiet line sooner. */
const IDLE_RESTART_MS = 9 * 60_000
/** What a search may take is time rather than bytes: a server without an index reads all its mails. */
const SEARCH_BYTES = 120_000
const HEADER_FIELDS = 'date from sender to cc subject message-id list-id precedence auto-submitted'.split(' ')

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
  client.on('exists', ({ path, count, prevCount }) => {
    events.onChange(path, count < prevCount ? 'vanished' : 'arrived')
  })
  client.on('expunge', ({ path }) => events.onChange(path, 'vanished'))
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
  /** For the commands where imapflow answers false for "the server said no". */
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
    listFolders: async () => {
      const listed = await command(() => client.list({ statusQuery: STATUS_ITEMS }))
      if (!listed.ok) return listed
      return ok(
        listed.value
          .filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'))
          .slice(0, 5_000)
          .map(toListed),
      )
    },
    createFolder: async path => {
      const made = await command(() => client.mailboxCreate(path))
      return made.ok ? ok(true as const) : made
    },
    open: async path => {
      const opened = await command(() => client.mailboxOpen(path))
      if (!opened.ok) return opened
      const { uidValidity, uidNext, exists, highestModseq, noModseq } = opened.value
      const modseq = noModseq || highestModseq === undefined ? null : String(highestModseq)
      return ok({ path, uidValidity: String(uidValidity), uidNext, exists, highestModseq: modseq })
    },
    uids: () => unlessRefused(command(() => client.search({ all: true }, { uid: true }), 4_000_000)),
    heads: (range, most, bySequence = false) =>
      command(
        () => collect(client.fetch(range, HEAD_QUERY, { uid: !bySequence }), most, toHead),
        most * 4_000,
      ),
    flags: (range, most, changedSince) => {
      const options = {
        uid: true,
        ...(changedSince === undefined ? {} : { changedSince: BigInt(changedSince) }),
      }
      return command(
        () => collect(client.fetch(range, { uid: true, flags: true }, options), most, toFlags),
        most * 200,
      )
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
              return found === undefined ? null : { uid: row.uid, bytes: found }
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
      return ok(fetched.value === false ? null : (fetched.value.source ?? null))
    },
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
    async move(uids, path) {
      const range = rangeOf(uids)
      const canMove = client.capabilities.has('MOVE') || client.enabled.has('IMAP4REV2')
      if (canMove) {
        const moved = await unlessRefused(command(() => client.messageMove(range, path, { uid: true })))
        return moved.ok ? ok(moved.value.uidMap ?? new Map()) : moved
      }
      // RFC 3501 has no MOVE. Nothing is flagged before the copy is certain, and only UID EXPUNGE removes: a plain
      // EXPUNGE would take what another client has marked.
      const copied = await unlessRefused(command(() => client.messageCopy(range, path, { uid: true })))
      if (!copied.ok) return copied
      const removed = await this.remove(uids)
      if (!removed.ok) return removed
      return ok(copied.value.uidMap ?? new Map())
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
    findHeader: (name, text) =>
      unlessRefused(command(() => client.search({ header: { [name]: text } }, { uid: true }))),
    search: words => unlessRefused(command(() => client.search(allOf(words), { uid: true }), SEARCH_BYTES)),
    async idle() {
      // What goes wrong here closes the connection, and `onClose` tells.
      await client.idle().catch(() => {})
    },
    close: () => client.close(),
  })
}

/** `1,2,3,7` to `1:3,7`; the shorter a command is, the fewer servers refuse it. */
export function rangeOf(uids: number[]): string {
  const sorted = [...uids].sort((left, right) => left - right)
  const ranges: string[] = []
  let start = 0
  for (let at = 1; at <= sorted.length; at += 1) {
    if (at < sorted.length && sorted[at] === (sorted[at - 1] as number) + 1) continue
    ranges.push(start === at - 1 ? `${sorted[start]}` : `${sorted[start]}:${sorted[at - 1]}`)
    start = at
  }
  return ranges.join(',')
}

// ----------------------------------------------------------------- folders

const STATUS_ITEMS = { messages: true, uidNext: true, uidValidity: true, unseen: true, highestModseq: true }

function toListed({ path, delimiter, specialUse, status }: ListResponse): ListedFolder {
  const isTold = status?.uidValidity !== undefined && status.messages !== undefined
  return {
    path,
    name: shownName(path, delimiter),
    role: roleOf(path, specialUse),
    status: !isTold
      ? null
      : {
          uidValidity: String(status.uidValidity),
          uidNext: status.uidNext ?? 0,
          exists: status.messages ?? 0,
          highestModseq: status.highestModseq === undefined ? null : String(status.highestModseq),
          unseen: status.unseen ?? 0,
        },
  }
}

function roleOf(path: string, specialUse: string | undefined): FolderRole | null {
  if (path.toUpperCase() === 'INBOX') return 'inbox'
  const role = specialUse?.replace('\\', '').toLowerCase()
  return FOLDER_ROLES.find(known => known === role && known !== 'inbox') ?? null
}

/** `INBOX.Work.Invoices` to `Work/Invoices`. */
function shownName(path: string, delimiter: string): string {
  const parts = delimiter === '' ? [path] : path.split(delimiter)
  const own = parts.length > 1 && parts[0]?.toUpperCase() === 'INBOX' ? parts.slice(1) : parts
  return own.join('/')
}

// -------------------------------------------------------------------- rows

const HEAD_QUERY: FetchQueryObject = {
  uid: true,
  flags: true,
  internalDate: true,
  size: true,
  bodyStructure: true,
  headers: HEADER_FIELDS,
}

function toFlags(row: FetchMessageObject): ServerFlags | null {
  if (row.flags === undefined || !row.uid) return null
  return {
    uid: row.uid,
    isSeen: row.flags.has('\\Seen'),
    isFlagged: row.flags.has('\\Flagged'),
    isDeleted: row.flags.has('\\Deleted'),
  }
}

function toHead(row: FetchMessageObject): RemoteHead | null {
  const flags = toFlags(row)
  // An untagged FETCH of somebody else's flag change has no headers: it is not one of ours.
  if (flags === null || row.headers === undefined) return null
  const arrived = row.internalDate === undefined ? Number.NaN : new Date(row.internalDate).getTime()
  const found: FoundParts = { plain: null, html: null, hasAttachments: false }
  if (row.bodyStructure !== undefined) walk(row.bodyStructure, false, 0, found)
  return {
    ...flags,
    headers: row.headers,
    internalDate: Number.isNaN(arrived) ? 0 : arrived,
    bytes: row.size ?? 0,
    text: found.plain ?? found.html,
    hasAttachments: found.hasAttachments,
  }
}

type FoundParts = { plain: TextPart | null; html: TextPart | null; hasAttachments: boolean }

function walk(node: MessageStructureObject, isRelated: boolean, depth: number, found: FoundParts): void {
  if (depth > 50) return
  const type = node.type.toLowerCase()
  if (node.childNodes !== undefined && type.startsWith('multipart/')) {
    for (const child of node.childNodes.slice(0, 200))
      walk(child, type === 'multipart/related', depth + 1, found)
    return
  }
  const isAttached = node.disposition?.toLowerCase() === 'attachment'
  const isText = type === 'text/plain' || type === 'text/html'
  if (isAttached || !isText) {
    const isCarried = isRelated && node.id !== undefined && !isAttached
    if (!isCarried && !/^application\/(pkcs7|pgp)-signature$/.test(type)) found.hasAttachments = true
    return
  }
  const text: TextPart = {
    part: node.part ?? '1',
    charset: node.parameters?.charset ?? '',
    encoding: node.encoding ?? '',
    isHtml: type === 'text/html',
    ...flowOf(node.parameters ?? {}),
  }
  if (text.isHtml) found.html ??= text
  else found.plain ??= text
}
