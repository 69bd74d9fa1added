/**
 * An IMAP account at work: one line watches the inbox, one does everything else. It connects again after failures,
 * keeps the folders in step and carries a person's wishes (flags, moves, Sent copies) to the server.
 */

import type { FolderRole } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { keepDraftCopy } from './draft-copy.ts'
import { IMAP_LIMITS, type ImapChange, type ImapConnection, type ImapLimits, openImap } from './imap.ts'
import { createImapLine, type ImapLine } from './imap-line.ts'
import { searchedFolders, searchFolders } from './imap-search.ts'
import { syncFolder } from './imap-sync.ts'
import { pushPending } from './imap-wishes.ts'
import type {
  FiledCopy,
  MailSource,
  NeededRole,
  ReceivingAccount,
  SourceState,
  SourceTools,
} from './mail-source.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import { delayAfter } from './retry.ts'

/** How often the folders without IDLE are asked for. */
const POLL_MS = 2 * 60_000
/** Names for folders that have to be made. */
const MADE_NAMES: Record<NeededRole, string> = {
  sent: 'Sent',
  archive: 'Archive',
  trash: 'Trash',
  drafts: 'Drafts',
}
/** The order of the first sync after the inbox; "all" repeats what the others have. */
const ORDER: readonly (FolderRole | null)[] = [
  'sent',
  'drafts',
  'archive',
  null,
  'trash',
  'junk',
  'flagged',
  'all',
]

type Lines = { watch: ImapLine; work: ImapLine }

export function createImapAccount(
  receiving: ReceivingAccount,
  tools: SourceTools,
  limits: ImapLimits = IMAP_LIMITS,
): MailSource {
  const { account, credentials } = receiving
  const { store, clock, emit } = tools
  let state: SourceState = { incoming: { state: 'never' }, syncedAt: null }
  let lines: Lines | null = null
  let connecting: Promise<Result<Lines>> | null = null
  let failures = 0
  let isStopped = false
  let isBeginning = false
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  let cancelTimer = () => {}
  const syncing = new Map<number, { again: boolean; done: number; total: number }>()

  const become = (incoming: SourceState['incoming'], syncedAt = state.syncedAt) => {
    state = { incoming, syncedAt }
    tools.onState()
  }
  const changed = (folderIds: number[]) => {
    emit('mailbox.changed', { accountId: account.id, folderIds: folderIds.map(String) })
  }

  /** Work that nobody awaits, but `stop` does. */
  const inBackground = (work: Promise<unknown>) => {
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  // ------------------------------------------------------------- connecting

  const openLine = async (generation: { isOver: boolean }): Promise<Result<ImapLine>> => {
    if (!credentials.ok) return credentials
    const login = { settings: account.incoming, ...credentials.value }
    const events = {
      onChange: (path: string, change: ImapChange) => onChange(path, change),
      onClose: (problem: Problem) => lost(generation, problem),
    }
    const opened = await openImap(login, events, clock, stopping.signal, limits)
    return opened.ok ? ok(createImapLine(opened.value, clock)) : opened
  }

  const connect = (): Promise<Result<Lines>> => {
    if (lines !== null) return Promise.resolve(ok(lines))
    if (connecting !== null) return connecting
    cancelTimer()
    become({ state: 'connecting' })
    const generation = { isOver: false }
    connecting = openLines(generation).then(result => {
      connecting = null
      if (!result.ok) failed(generation, result.problem)
      return result
    })
    return connecting
  }

  const openLines = async (generation: { isOver: boolean }): Promise<Result<Lines>> => {
    const watch = await openLine(generation)
    if (!watch.ok) return watch
    const listed = await watch.value.turn(imap => listFolders(imap))
    if (!listed.ok || isStopped || generation.isOver) {
      await watch.value.close()
      return listed.ok ? fail({ kind: 'cancelled' }) : listed
    }
    const opened: Lines = { watch: watch.value, work: watch.value }
    lines = opened
    current = generation
    inBackground(begin(opened, generation))
    return ok(opened)
  }
  let current = { isOver: true }

  /** The inbox at once on the line that is there; a second line for the rest, if the server lets us have one. */
  const begin = async (opened: Lines, generation: { isOver: boolean }) => {
    isBeginning = true
    const inbox = store.folderOfRole(account.id, 'inbox')
    const inboxDone = inbox === null ? Promise.resolve() : sync(inbox)
    const second = await openLine(generation)
    if (generation.isOver) {
      if (second.ok) await second.value.close()
      return
    }
    if (second.ok) opened.work = second.value
    if (inbox !== null) opened.watch.restOn(inbox.path)
    await pushWishes()
    await inboxDone
    if (generation.isOver) return
    failures = 0
    await syncOthers(() => true)
    if (generation.isOver) return
    isBeginning = false
    showProgress()
    schedulePoll()
  }

  const lost = (generation: { isOver: boolean }, problem: Problem) => {
    // A line that never stood is told by the attempt to open it.
    if (current === generation && lines !== null) failed(generation, problem)
  }

  const failed = (generation: { isOver: boolean }, problem: Problem) => {
    if (generation.isOver || isStopped) return
    generation.isOver = true
    closeLines()
    const delay = delayAfter(problem, failures)
    failures += 1
    become({ state: 'failing', problem, retryAt: delay === null ? null : clock.now() + delay })
    if (delay !== null) cancelTimer = clock.after(delay, () => inBackground(connect()))
  }

  const closeLines = () => {
    const closing = lines
    lines = null
    syncing.clear()
    cancelTimer()
    if (closing === null) return
    inBackground(Promise.all([closing.watch.close(), closing.work.close()]))
  }

  // ---------------------------------------------------------------- syncing

  const listFolders = async (imap: ImapConnection): Promise<Result<ReturnType<typeof changedFolders>>> => {
    const listed = await imap.listFolders()
    if (!listed.ok) return listed
    if (
      store.keepFolders(
        account.id,
        listed.value.map(folder => ({ ...folder, isLocal: false })),
      )
    )
      changed([])
    return ok(changedFolders(listed.value))
  }

  /** The folders whose status says that something happened. */
  const changedFolders = (listed: { path: string; status: FolderStatus | null }[]): StoredFolder[] => {
    const statuses = new Map(listed.map(({ path, status }) => [path, status]))
    return store.folders(account.id).filter(folder => {
      const status = statuses.get(folder.path) ?? null
      if (status === null || folder.uidValidity !== status.uidValidity) return true
      if (folder.uidNext !== status.uidNext || store.uidCount(folder.id) !== status.exists) return true
      return status.highestModseq === null
        ? store.unread(folder.id) !== status.unseen
        : folder.highestModseq !== status.highestModseq
    })
  }

  /** One sync of a folder at a time; what happens meanwhile makes it run again. */
  const sync = async (folder: StoredFolder): Promise<void> => {
    const running = syncing.get(folder.id)
    if (running !== undefined) {
      running.again = true
      return
    }
    const here = lines
    if (here === null) return
    const progress = { again: false, done: 0, total: 0 }
    syncing.set(folder.id, progress)
    showProgress()
    do {
      progress.again = false
      const line = folder.role === 'inbox' ? here.watch : here.work
      const done = await syncFolder({
        line,
        store,
        folderId: folder.id,
        onChange: () => changed([folder.id]),
        onProgress(count, total) {
          Object.assign(progress, { done: count, total })
          showProgress()
        },
      })
      if (!done.ok) break
    } while (progress.again && lines === here)
    if (lines !== here) return
    syncing.delete(folder.id)
    showProgress()
  }

  const showProgress = () => {
    if (lines === null) return
    const all = [...syncing.values()]
    if (all.length === 0 && !isBeginning) return become({ state: 'idle' }, clock.now())
    const total = all.reduce((sum, entry) => sum + entry.total, 0)
    const done = all.reduce((sum, entry) => sum + entry.done, 0)
    become({ state: 'syncing', done, total: total === 0 ? null : total })
  }

  const syncOthers = async (isWanted: (folder: StoredFolder) => boolean) => {
    const here = lines
    const others = store.folders(account.id).filter(folder => folder.role !== 'inbox' && isWanted(folder))
    others.sort((left, right) => ORDER.indexOf(left.role) - ORDER.indexOf(right.role))
    for (const folder of others) {
      if (lines !== here) return
      await sync(folder)
    }
  }

  const schedulePoll = () => {
    cancelTimer()
    if (!isStopped && lines !== null) cancelTimer = clock.after(POLL_MS, () => inBackground(poll()))
  }

  const poll = async () => {
    const here = lines
    if (here === null) return
    const listed = await here.work.turn(imap => listFolders(imap))
    if (lines !== here) return
    if (listed.ok) {
      const due = new Set(listed.value.map(folder => folder.id))
      const inbox = listed.value.find(folder => folder.role === 'inbox')
      if (inbox !== undefined) inBackground(sync(inbox))
      await syncOthers(folder => due.has(folder.id))
      if (syncing.size === 0 && lines === here) become({ state: 'idle' }, clock.now())
    }
    schedulePoll()
  }

  const onChange = (path: string, change: ImapChange) => {
    const folder = store.folders(account.id).find(known => known.path === path)
    // Flag changes of the folder that is being worked on are mostly our own; the inbox is watched for others'.
    if (folder === undefined || (change === 'flags' && folder.role !== 'inbox')) return
    inBackground(sync(folder))
  }

  // ----------------------------------------------------------------- wishes

  const pushWishes = async (): Promise<Result<true>> => {
    const here = lines
    if (here === null) return ok(true as const)
    const pushed = await here.work.turn(
      async imap => ok(await pushPending(imap, account.id, { store, emit })),
      true,
    )
    // Cut off in the middle: what is not done is still pending.
    if (!pushed.ok || lines !== here) return ok(true as const)
    for (const folderId of pushed.value.touched) {
      const folder = store.folder(folderId)
      if (folder !== null) inBackground(sync(folder))
    }
    return pushed.value.problem === null ? ok(true as const) : fail(pushed.value.problem)
  }

  const onWork = async <T>(work: (imap: ImapConnection) => Promise<Result<T>>): Promise<Result<T>> => {
    const here = await connect()
    return here.ok ? here.value.work.turn(work, true) : here
  }

  const makeFolder = async (imap: ImapConnection, role: NeededRole): Promise<Result<StoredFolder>> => {
    const known = store.folderOfRole(account.id, role)
    if (known !== null) return ok(known)
    const made = await imap.createFolder(MADE_NAMES[role])
    if (!made.ok) return made
    const listed = await imap.listFolders()
    if (!listed.ok) return listed
    // A name that the server does not recognise is still the folder we have just made for this.
    const hasRole = listed.value.some(folder => folder.role === role)
    const folders = listed.value.map(folder => {
      const isMade = !hasRole && folder.name === MADE_NAMES[role]
      return { ...folder, role: isMade ? role : folder.role, isLocal: false }
    })
    store.keepFolders(account.id, folders)
    changed([])
    const folder = store.folderOfRole(account.id, role)
    return folder === null ? fail({ kind: 'no-folder', role }) : ok(folder)
  }

  const findIn = async (imap: ImapConnection, folder: StoredFolder, id: string): Promise<Result<boolean>> => {
    const opened = await imap.open(folder.path)
    const found = opened.ok ? await imap.findHeader('message-id', `<${id}>`) : opened
    return found.ok ? ok(found.value.length > 0) : found
  }

  return {
    start: () => inBackground(connect()),
    refresh: () => inBackground(lines === null ? connect() : poll()),
    fetchSource: message =>
      onWork(async imap => {
        const folder = store.folder(message.folderId)
        if (folder === null || message.uid === null) return fail({ kind: 'message-gone' })
        if (message.bytes > limits.mailBytes) {
          return fail({ kind: 'too-big', bytes: message.bytes, limit: limits.mailBytes })
        }
        const opened = await imap.open(folder.path)
        if (!opened.ok) return opened
        // Under another UIDVALIDITY this UID may name another mail.
        const isSame = opened.value.uidValidity === folder.uidValidity
        const source = isSame ? await imap.source(message.uid, message.bytes) : ok(null)
        if (!source.ok) return source
        if (source.value !== null) return ok(source.value)
        inBackground(sync(folder))
        return fail({ kind: 'message-gone' })
      }),
    pushWishes,
    ensureFolder: role => onWork(imap => makeFolder(imap, role)),
    fileSentCopy: ({ messageIdHeader, write }) =>
      onWork<FiledCopy>(async imap => {
        const sent = await makeFolder(imap, 'sent')
        if (!sent.ok) return sent
        const found = await findIn(imap, sent.value, messageIdHeader)
        if (!found.ok) return found
        if (found.value) return ok({ how: 'found', folder: sent.value.name })
        const source = await write()
        if (!source.ok) return source
        const appended = await imap.append(sent.value.path, source.value, ['\\Seen'])
        if (!appended.ok) return appended
        inBackground(sync(sent.value))
        return ok({ how: 'appended', folder: sent.value.name })
      }),
    keepDraftCopy: (draftId, copy) =>
      onWork<true>(async imap => {
        const known = store.folderOfRole(account.id, 'drafts')
        if (known === null && copy === null) return ok(true as const)
        const folder = known === null ? await makeFolder(imap, 'drafts') : ok(known)
        if (!folder.ok) return folder
        const opened = await imap.open(folder.value.path)
        if (!opened.ok) return opened
        const kept = await keepDraftCopy(imap, folder.value.path, draftId, copy)
        if (!kept.ok) return kept
        if (kept.value.isChanged) inBackground(sync(folder.value))
        return ok(true as const)
      }),
    searchServer: (query, folderIds, limit) =>
      onWork(imap =>
        searchFolders(
          imap,
          store,
          searchedFolders(store.folders(account.id), query, folderIds),
          query,
          limit,
        ),
      ),
    findSentCopy: messageIdHeader =>
      onWork<{ isThere: boolean }>(async imap => {
        for (const role of ['sent', 'all'] as const) {
          const folder = store.folderOfRole(account.id, role)
          if (folder === null) continue
          const found = await findIn(imap, folder, messageIdHeader)
          if (!found.ok) return found
          if (found.value) return ok({ isThere: true })
        }
        return ok({ isThere: false })
      }),
    state: () => state,
    async stop() {
      isStopped = true
      current.isOver = true
      stopping.abort()
      closeLines()
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}

type FolderStatus = {
  uidValidity: string
  uidNext: number
  exists: number
  highestModseq: string | null
  unseen: number
}
