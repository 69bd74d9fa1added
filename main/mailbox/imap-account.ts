/**
 * An IMAP account at work: one line watches the inbox, one does everything else. It connects again after failures,
 * keeps the folders in step and carries a person's wishes (flags, moves, folders, Sent copies) to the server.
 */

import type { FolderRole, Refusal } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { IMAP_LIMITS, type ImapChange, type ImapConnection, type ImapLimits, openImap } from './imap.ts'
import { createImapAhead } from './imap-ahead.ts'
import { createFiling } from './imap-filing.ts'
import { pushFolderWishes, unsettledFolders } from './imap-folder-wishes.ts'
import { createImapLine, type ImapLine } from './imap-line.ts'
import type { ListedFolder } from './imap-listing.ts'
import { createProgress } from './imap-progress.ts'
import { searchedFolders, searchFolders } from './imap-search.ts'
import { syncFolder } from './imap-sync.ts'
import { pushPending } from './imap-wishes.ts'
import type { MailSource, ReceivingAccount, SourceState, SourceTools } from './mail-source.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import { delayAfter } from './retry.ts'

/** How often the folders without IDLE are asked for. */
const POLL_MS = 2 * 60_000
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

/** So many refusals are remembered for the page. */
const MOST_REFUSALS = 20

type Lines = { watch: ImapLine; work: ImapLine }

export function createImapAccount(
  receiving: ReceivingAccount,
  tools: SourceTools,
  limits: ImapLimits = IMAP_LIMITS,
): MailSource {
  const { account, credentials } = receiving
  const { store, clock, emit } = tools
  let state: SourceState = { incoming: { state: 'never' }, syncedAt: null, refusals: [] }
  let lines: Lines | null = null
  let connecting: Promise<Result<Lines>> | null = null
  let failures = 0
  let isStopped = false
  let isBeginning = false
  const stopping = new AbortController()
  const running = new Set<Promise<unknown>>()
  let cancelTimer = () => {}
  const syncing = new Map<number, { again: boolean }>()
  const progress = createProgress()
  let isHalted = false
  /** Folders whose flags were all looked at since the connection is there. */
  const thorough = new Set<number>()

  const become = (incoming: SourceState['incoming'], syncedAt = state.syncedAt) => {
    state = { ...state, incoming, syncedAt }
    tools.onState()
  }
  const refuse = (act: Refusal['act'], folder: string, problem: Problem) => {
    const id = Math.max(clock.now(), (state.refusals.at(-1)?.id ?? 0) + 1)
    state = { ...state, refusals: [...state.refusals, { id, act, folder, problem }].slice(-MOST_REFUSALS) }
    tools.onState()
  }
  const unsettled = () => unsettledFolders(store, account.id)
  const changed = (folderIds: number[]) => {
    emit('mailbox.changed', { accountId: account.id, folderIds: folderIds.map(String) })
  }

  /** Work that nobody awaits, but `stop` does. */
  const inBackground = (work: Promise<unknown>) => {
    running.add(work)
    void work.finally(() => running.delete(work))
  }

  const ahead = createImapAhead({
    accountId: account.id,
    store,
    packs: tools.packs,
    clock,
    wish: tools.ahead,
    line: () => (isBeginning || isHalted ? null : (lines?.work ?? null)),
    onFetched: messageIds => emit('message.changed', { messageIds }),
    inBackground,
  })

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
    overdueAt = clock.now() + limits.settleMs
    lines = opened
    current = generation
    inBackground(begin(opened, generation))
    return ok(opened)
  }
  let current = { isOver: true }
  /** When a line that broke is no longer believed to be at work. */
  let overdueAt = 0
  let cancelOverdue = () => {}

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
    if (generation.isOver) return
    if (store.begunMoves(account.id).length > 0) {
      cancelOverdue = clock.after(Math.max(0, overdueAt - clock.now()), () => {
        // A timer may come a millisecond early, and there is no second one.
        overdueAt = 0
        inBackground(pushWishes())
      })
    }
    await inboxDone
    if (generation.isOver) return
    failures = 0
    await syncOthers(() => true)
    if (generation.isOver) return
    isBeginning = false
    showProgress()
    ahead.wake()
    schedulePoll()
  }

  const lost = (generation: { isOver: boolean }, problem: Problem) => {
    // A line that never stood is told by the attempt to open it.
    if (current === generation && lines !== null) failed(generation, problem)
  }

  const failed = (generation: { isOver: boolean }, problem: Problem) => {
    if (generation.isOver || isStopped) return
    generation.isOver = true
    inBackground(closeLines())
    const delay = delayAfter(problem, failures)
    failures += 1
    become({ state: 'failing', problem, retryAt: delay === null ? null : clock.now() + delay })
    if (delay !== null) cancelTimer = clock.after(delay, () => inBackground(connect()))
  }

  const closeLines = async () => {
    const closing = lines
    lines = null
    syncing.clear()
    progress.clear()
    thorough.clear()
    cancelTimer()
    cancelOverdue()
    if (closing !== null) await Promise.all([closing.watch.close(), closing.work.close()])
  }

  // ---------------------------------------------------------------- syncing

  const listFolders = async (imap: ImapConnection): Promise<Result<StoredFolder[]>> => {
    const listed = await imap.listFolders()
    if (!listed.ok) return listed
    // While the server has not heard of all folders, its list is not ours: it is asked again then.
    if (store.folderWishes(account.id).length === 0) {
      const rows = listed.value.map(folder => ({ ...folder, isLocal: false }))
      if (store.keepFolders(account.id, rows)) changed([])
    }
    return ok(changedFolders(listed.value))
  }

  /** The folders whose status says that something happened. */
  const changedFolders = (listed: ListedFolder[]): StoredFolder[] => {
    const statuses = new Map(listed.map(({ path, status }) => [path, status]))
    return store.folders(account.id).filter(folder => {
      if (!folder.isSubscribed || folder.isContainer) return false
      const status = statuses.get(folder.path) ?? null
      const stored = store.uidCount(folder.id)
      if (!syncing.has(folder.id)) progress.expect(folder, status, stored)
      if (status === null || folder.uidValidity !== status.uidValidity) return true
      if (folder.uidNext !== status.uidNext || stored !== status.exists) return true
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
    if (here === null || !folder.isSubscribed || folder.isContainer || unsettled().has(folder.id)) return
    const run = { again: false }
    syncing.set(folder.id, run)
    showProgress()
    let done: Result<true>
    do {
      run.again = false
      done = await syncFolder({
        line: folder.role === 'inbox' ? here.watch : here.work,
        store,
        folderId: folder.id,
        isThorough: !thorough.has(folder.id),
        isHalted: () => isHalted,
        onChange: () => changed([folder.id]),
        onProgress(count, total) {
          if (lines !== here) return
          progress.tell(folder.id, count, total)
          showProgress()
        },
      })
      if (done.ok) thorough.add(folder.id)
    } while (done.ok && run.again && lines === here)
    if (lines !== here) return
    syncing.delete(folder.id)
    // Renamed or removed by somebody else: the list of folders says.
    if (!done.ok) inBackground(here.work.turn(imap => listFolders(imap)))
    showProgress()
    ahead.wake()
  }

  const showProgress = () => {
    if (lines === null) return
    const { done, total } = progress.sum()
    if (syncing.size > 0 || isBeginning) {
      return become({ state: 'syncing', done, total: total === 0 ? null : total })
    }
    if (isHalted && !progress.isDone()) return become({ state: 'stopped', done, total })
    progress.clear()
    become({ state: 'idle' }, clock.now())
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
      if (lines === here) showProgress()
    }
    schedulePoll()
  }

  const onChange = (path: string, change: ImapChange) => {
    if (lines === null) return
    const folder = store.folders(account.id).find(known => known.path === path)
    // Flag changes of the folder that is being worked on are mostly our own; the inbox is watched for others'.
    if (folder === undefined || (change === 'flags' && folder.role !== 'inbox')) return
    inBackground(sync(folder))
  }

  // ----------------------------------------------------------------- wishes

  /** One at a time, whichever line is the one to work on: two would ask for the same moves. */
  let pushing: Promise<void> | null = null
  let isPushedAgain = false
  const pushWishes = (): Promise<void> => {
    isPushedAgain = true
    pushing ??= pushAll().finally(() => {
      pushing = null
    })
    return pushing
  }
  const pushAll = async () => {
    while (isPushedAgain) {
      isPushedAgain = false
      await pushOnce()
    }
  }

  const pushOnce = async (): Promise<void> => {
    const here = lines
    if (here === null) return
    const pushed = await here.work.turn(async imap => {
      const isOverdue = () => clock.now() >= overdueAt
      const wishing = { store, emit, refuse, unsettled, isOverdue }
      const trash = () => filing.makeFolder(imap, 'trash')
      const isRelisted = await pushFolderWishes(imap, account.id, { ...wishing, trash })
      const touched = await pushPending(imap, account.id, wishing)
      if (!isRelisted) return ok(touched)
      const listed = await listFolders(imap)
      return listed.ok ? ok(new Set([...touched, ...listed.value.map(folder => folder.id)])) : listed
    }, true)
    // Cut off in the middle: what is not done is still pending.
    if (!pushed.ok || lines !== here) return
    for (const folderId of pushed.value) {
      const folder = store.folder(folderId)
      if (folder !== null) inBackground(sync(folder))
    }
  }

  const onWork = async <T>(work: (imap: ImapConnection) => Promise<Result<T>>): Promise<Result<T>> => {
    const here = await connect()
    return here.ok ? here.value.work.turn(work, true) : here
  }

  const filing = createFiling({
    store,
    accountId: account.id,
    onFolders: () => changed([]),
    onFiled: folder => inBackground(sync(folder)),
  })

  return {
    start: () => inBackground(connect()),
    refresh() {
      isHalted = false
      thorough.clear()
      inBackground(lines === null ? connect() : poll())
    },
    stopFetching() {
      isHalted = true
      showProgress()
    },
    fetchSource: message =>
      onWork(async imap => {
        const { onServer } = message
        const folder = onServer === null ? null : store.folder(onServer.folderId)
        if (folder === null || onServer === null) return fail({ kind: 'message-gone' })
        if (message.bytes > limits.mailBytes) {
          return fail({ kind: 'too-big', bytes: message.bytes, limit: limits.mailBytes })
        }
        const opened = await imap.open(folder.path)
        if (!opened.ok) return opened
        // Under another UIDVALIDITY this UID may name another mail.
        const isSame = opened.value.uidValidity === folder.uidValidity
        const source = isSame ? await imap.source(onServer.uid, message.bytes) : ok(null)
        if (!source.ok) return source
        if (source.value !== null) return ok(source.value)
        inBackground(sync(folder))
        return fail({ kind: 'message-gone' })
      }),
    fetchAhead: ahead.wake,
    isFetching: () => isBeginning || syncing.size > 0 || ahead.isFetching(),
    pushWishes,
    ensureFolder: role => onWork(imap => filing.makeFolder(imap, role)),
    fileSentCopy: copy => onWork(imap => filing.fileSentCopy(imap, copy)),
    keepDraftCopy: (draftId, copy) => onWork(imap => filing.keepDraftCopy(imap, draftId, copy)),
    findSentCopy: messageIdHeader => onWork(imap => filing.findSentCopy(imap, messageIdHeader)),
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
    state: () => state,
    async stop() {
      isStopped = true
      current.isOver = true
      await closeLines()
      stopping.abort()
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
