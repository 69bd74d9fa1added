/**
 * A POP3 account at work: looks into the maildrop every few minutes, stores what is new and lets the server keep it.
 * A mail is removed there only after it is durably stored here. Its folders, flags and moves are local.
 */

import { createHash } from 'node:crypto'
import type { FolderRole, IncomingSettings } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { rowOfSource } from './mail-row.ts'
import type { MailSource, ReceivingAccount, SourceState, SourceTools } from './mail-source.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import type { PackRef } from './pack.ts'
import { openPop3, type Pop3Entry, type Pop3Session } from './pop3.ts'
import { delayAfter } from './retry.ts'

type Pop3Settings = Extract<IncomingSettings, { kind: 'pop3' }>

const POLL_MS = 5 * 60_000
const DAY_MS = 86_400_000
/** One durable commit for so many mails or bytes, whichever comes first. */
const BATCH_MAILS = 250
const BATCH_BYTES = 4_000_000

const LOCAL_FOLDERS: readonly FolderRole[] = ['inbox', 'sent', 'archive', 'junk', 'trash']

export function createPop3Account(receiving: ReceivingAccount, tools: SourceTools): MailSource {
  const { account, credentials } = receiving
  const settings = account.incoming as Pop3Settings
  const { store, packs, clock, emit } = tools
  let state: SourceState = { incoming: { state: 'never' }, syncedAt: null, refusals: [] }
  let failures = 0
  let isStopped = false
  let polling: Promise<void> | null = null
  let isAskedAgain = false
  const stopping = new AbortController()
  let cancelTimer = () => {}

  const become = (incoming: SourceState['incoming'], syncedAt = state.syncedAt) => {
    state = { ...state, incoming, syncedAt }
    tools.onState()
  }
  const folder = (role: FolderRole): StoredFolder => {
    const known = store.folderOfRole(account.id, role)
    if (known === null) throw new Error(`no local ${role} folder`)
    return known
  }

  const schedule = (ms: number) => {
    cancelTimer()
    if (!isStopped) cancelTimer = clock.after(ms, poll)
  }
  const poll = () => {
    cancelTimer()
    if (isStopped) return
    if (polling !== null) {
      isAskedAgain = true
      return
    }
    polling = pollOnce().then(result => {
      polling = null
      if (isStopped) return
      if (result.ok) succeeded()
      else failed(result.problem)
      if (isAskedAgain) schedule(0)
      isAskedAgain = false
    })
  }
  const succeeded = () => {
    failures = 0
    become({ state: 'idle' }, clock.now())
    schedule(POLL_MS)
  }
  const failed = (problem: Problem) => {
    const delay = delayAfter(problem, failures)
    failures += 1
    become({ state: 'failing', problem, retryAt: delay === null ? null : clock.now() + delay })
    if (delay !== null) schedule(delay)
  }

  const pollOnce = async (): Promise<Result<true>> => {
    if (!credentials.ok) return credentials
    become({ state: 'connecting' })
    const opened = await openPop3({ settings, ...credentials.value }, clock, stopping.signal)
    if (!opened.ok) return opened
    const done = await visit(opened.value)
    if (!done.ok) opened.value.close()
    return done
  }

  const visit = async (pop3: Pop3Session): Promise<Result<true>> => {
    const listed = await pop3.list()
    if (!listed.ok) return listed
    const taken = store.taken(account.id)
    const named = await nameAll(pop3, listed.value)
    if (!named.ok) return named
    // The newest mails have the highest numbers and are wanted first.
    const wanted = named.value.filter(entry => !taken.has(entry.key)).reverse()
    const fetched = await fetchAll(pop3, wanted)
    if (!fetched.ok) return fetched
    const now = clock.now()
    const after = store.taken(account.id)
    const due = named.value.filter(entry => isDue(after.get(entry.key), settings, now))
    const removed = await pop3.remove(due)
    if (!removed.ok) return removed
    const ended = await pop3.quit()
    if (!ended.ok) return ended
    // A name that is no longer there may come again for another mail: then it has to be new to us.
    const there = new Set(named.value.map(entry => entry.key))
    for (const entry of due) there.delete(entry.key)
    store.forgetTaken(
      account.id,
      [...after.keys()].filter(key => !there.has(key)),
    )
    return ok(true as const)
  }

  const fetchAll = async (pop3: Pop3Session, wanted: NamedEntry[]): Promise<Result<true>> => {
    if (wanted.length === 0) return ok(true as const)
    const keys = new Map(wanted.map(entry => [entry.number, entry.key]))
    let batch: Arrived[] = []
    let bytes = 0
    let done = 0
    /** One commit at a time; the next mails are on their way meanwhile. */
    let committing: Promise<Result<true>> = Promise.resolve(ok(true as const))
    const commit = async (): Promise<Result<true>> => {
      const arrived = batch
      batch = []
      bytes = 0
      const before = await committing
      if (!before.ok) return before
      committing = keep(arrived).then(kept => {
        done += arrived.length
        if (kept.ok) become({ state: 'syncing', done, total: wanted.length })
        return kept
      })
      return before
    }
    become({ state: 'syncing', done, total: wanted.length })
    const retrieved = await pop3.retrieve(wanted, async (entry, source) => {
      batch.push({ key: keys.get(entry.number) as string, source })
      bytes += source.length
      return batch.length >= BATCH_MAILS || bytes >= BATCH_BYTES ? commit() : ok(true as const)
    })
    // What came whole before the line broke is ours all the same.
    if (batch.length > 0) await commit()
    const kept = await committing
    return retrieved.ok ? kept : retrieved
  }

  /** Pack, sync, then rows and names in one durable commit: only then may the server forget them. */
  const keep = async (arrived: Arrived[]): Promise<Result<true>> => {
    const refs = await packs.appendAll(
      account.id,
      arrived.map(({ source }) => source),
    )
    if (!refs.ok) return refs
    const stored = arrived.map((mail, at) => ({ ...mail, ref: refs.value[at] as PackRef }))
    const synced = await packs.sync(account.id)
    if (!synced.ok) return synced
    const inbox = folder('inbox')
    const now = clock.now()
    store.durably(() => {
      for (const { key, source, ref } of stored) {
        const message = rowOfSource(source, ref, now, false)
        // The very same bytes under another name (a rebuilt maildrop) are not a second mail.
        if (!store.hasSource(account.id, message.messageIdHeader, ref.sha256)) store.add(inbox, [message])
        store.take(account.id, key, now)
      }
    })
    emit('mailbox.changed', { accountId: account.id, folderIds: [String(inbox.id)] })
    return ok(true as const)
  }

  return {
    start() {
      const needed = LOCAL_FOLDERS.map(role => ({ path: role, name: role, role, isLocal: true }))
      // Those that a person made stay.
      const own = store.folders(account.id).filter(({ role }) => role === null)
      const isNew = store.keepFolders(account.id, [...needed, ...own])
      if (isNew) emit('mailbox.changed', { accountId: account.id, folderIds: [] })
      schedule(0)
    },
    refresh: poll,
    // Every mail came with its source; without one there is nowhere to ask.
    fetchSource: async () => fail({ kind: 'message-gone' }),
    fetchAhead() {},
    isFetching: () => polling !== null,
    // All of its folders are here: what is wished is done.
    pushWishes: async () => {},
    stopFetching() {},
    ensureFolder: async role => ok(folder(role)),
    async fileSentCopy({ messageIdHeader, write }) {
      const sent = folder('sent')
      if (store.findByMessageId(sent.id, messageIdHeader) !== null) {
        return ok({ how: 'found' as const, folder: sent.name })
      }
      const source = await write()
      if (!source.ok) return source
      const ref = await packs.append(account.id, source.value)
      const synced = ref.ok ? await packs.sync(account.id) : ref
      if (!ref.ok) return ref
      if (!synced.ok) return synced
      const row = rowOfSource(source.value, ref.value, clock.now(), true)
      // A redirected mail has the id of the mail within.
      const isHere = () =>
        store.findByMessageId(sent.id, messageIdHeader) !== null ||
        store.hasSource(account.id, row.messageIdHeader, ref.value.sha256)
      const isFiled = store.durably(() => {
        if (isHere()) return false
        store.add(sent, [row])
        return true
      })
      if (!isFiled) return ok({ how: 'found' as const, folder: sent.name })
      emit('mailbox.changed', { accountId: account.id, folderIds: [String(sent.id)] })
      return ok({ how: 'local' as const, folder: sent.name })
    },
    keepDraftCopy: async () => ok(true as const),
    searchServer: async () => ok({ messageIds: [], unlisted: 0 }),
    findSentCopy: async messageIdHeader =>
      ok({ isThere: store.findByMessageId(folder('sent').id, messageIdHeader) !== null }),
    state: () => state,
    async stop() {
      isStopped = true
      cancelTimer()
      stopping.abort()
      await polling
    },
  }
}

type NamedEntry = Pop3Entry & { key: string }
type Arrived = { key: string; source: Buffer }

/** Gives every mail a name to know it by: its UIDL, else a hash of its head, else (no TOP) of the whole mail. */
async function nameAll(pop3: Pop3Session, entries: Pop3Entry[]): Promise<Result<NamedEntry[]>> {
  const named: NamedEntry[] = []
  for (const entry of entries) {
    if (entry.uidl !== null) {
      named.push({ ...entry, key: `uidl:${entry.uidl}` })
      continue
    }
    const key = await hashOf(pop3, entry)
    if (!key.ok) return key
    if (key.value !== null) named.push({ ...entry, key: key.value })
  }
  return ok(named)
}

async function hashOf(pop3: Pop3Session, entry: Pop3Entry): Promise<Result<string | null>> {
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
  const head = await pop3.top(entry, 0)
  if (head.ok) return ok(`top:${digest(head.value)}:${entry.bytes}`)
  if (head.problem.kind !== 'protocol') return head
  let key: string | null = null
  const whole = await pop3.retrieve([entry], async (_entry, source) => {
    key = `whole:${digest(source)}`
    return ok(true as const)
  })
  return whole.ok ? ok(key) : whole
}

function isDue(takenAt: number | undefined, settings: Pop3Settings, now: number): boolean {
  if (takenAt === undefined) return false
  if (!settings.leaveOnServer) return true
  return settings.deleteAfterDays !== null && now - takenAt >= settings.deleteAfterDays * DAY_MS
}
