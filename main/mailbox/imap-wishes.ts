/**
 * Carries pending flags, moves and removals of one account to its server. What is refused is undone and said; what
 * cannot be told because the line broke stays pending. Refuses to act on a UID whose UIDVALIDITY has changed.
 */

import type { Refusal } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import type { ImapConnection } from './imap.ts'
import { rangeOf } from './imap-row.ts'
import type { StoredFolder, StoredMessage } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

export type WishTools = {
  store: MailStore
  emit: Emit
  /** Said once a wish is undone. */
  refuse: (act: Refusal['act'], folder: string, problem: Problem) => void
  /** The server has not heard yet what these folders are called. */
  unsettled: () => ReadonlySet<number>
}

/** A row that lies on a server. */
type Remote = StoredMessage & { onServer: { folderId: number; uid: number } }

/** Answers the folders that have to be looked at now. `only` is the folder that the mails lie in. */
export async function pushPending(
  imap: ImapConnection,
  accountId: string,
  tools: WishTools,
  only: number | null = null,
): Promise<Set<number>> {
  const { store } = tools
  const touched = new Set<number>()
  const unsettled = tools.unsettled()
  const remote = store.pending(accountId).filter((message): message is Remote => message.onServer !== null)
  for (const [folderId, messages] of Map.groupBy(remote, message => message.onServer.folderId)) {
    const folder = store.folder(folderId)
    if (folder === null || unsettled.has(folderId) || (only !== null && only !== folderId)) continue
    const opened = await imap.open(folder.path)
    if (!imap.isUsable()) return touched
    // Numbered anew or gone: the sync rebuilds, and the wishes go with the rows they were for.
    if (!opened.ok || opened.value.uidValidity !== folder.uidValidity) {
      touched.add(folderId)
      continue
    }
    await pushFlags(imap, tools, folderId, messages)
    if (!imap.isUsable()) return touched
    await pushMoves(imap, tools, folder, messages, touched)
    if (!imap.isUsable()) return touched
    await pushRemovals(imap, tools, folderId, messages, touched)
    if (!imap.isUsable()) return touched
  }
  return touched
}

function undone(tools: WishTools, act: Refusal['act'], problem: Problem, messages: Remote[]): void {
  const [first] = messages
  if (first === undefined) return
  const folders = messages.flatMap(({ folderId, onServer }) => [folderId, onServer.folderId])
  changed(tools, messages, folders)
  tools.refuse(act, '', problem)
}

function changed({ emit }: WishTools, messages: Remote[], folders: number[]): void {
  const [first] = messages
  if (first === undefined) return
  emit('message.changed', { messageIds: messages.map(message => String(message.id)) })
  emit('mailbox.changed', { accountId: first.accountId, folderIds: [...new Set(folders)].map(String) })
}

const FLAG_STEPS = [
  { wish: 'pendingSeen', flag: '\\Seen', isOn: true },
  { wish: 'pendingSeen', flag: '\\Seen', isOn: false },
  { wish: 'pendingFlagged', flag: '\\Flagged', isOn: true },
  { wish: 'pendingFlagged', flag: '\\Flagged', isOn: false },
] as const
/** So many mails in one command: no line longer than a server takes, and others may speak between. */
const MOST_AT_ONCE = 500

async function pushFlags(
  imap: ImapConnection,
  tools: WishTools,
  folderId: number,
  messages: Remote[],
): Promise<void> {
  const { store } = tools
  for (const { wish, flag, isOn } of FLAG_STEPS) {
    for (const wanted of portions(messages.filter(message => message[wish] === isOn))) {
      const uids = wanted.map(message => message.onServer.uid)
      const ids = wanted.map(message => message.id)
      const stored = await imap.changeFlags(uids, [flag], isOn ? 'add' : 'remove')
      if (stored.ok) {
        const isSeen = wish === 'pendingSeen' ? isOn : null
        store.settleFlags(ids, { isSeen, isFlagged: wish === 'pendingFlagged' ? isOn : null })
        continue
      }
      if (!imap.isUsable()) return
      store.dropFlagWishes(ids)
      const truth = await imap.flags(rangeOf(uids), uids.length)
      if (truth.ok) store.applyFlags(folderId, truth.value)
      undone(tools, 'flags', stored.problem, wanted)
    }
  }
}

async function pushMoves(
  imap: ImapConnection,
  tools: WishTools,
  folder: StoredFolder,
  messages: Remote[],
  touched: Set<number>,
): Promise<void> {
  const { store } = tools
  const away = messages.filter(message => message.folderId !== folder.id && !message.isGoing)
  for (const [targetId, all] of Map.groupBy(away, message => message.folderId)) {
    const target = store.folder(targetId)
    if (target === null || tools.unsettled().has(targetId)) continue
    for (const moving of portions(all)) {
      if (!imap.isUsable()) return
      const moved = await moveThem(imap, store, folder, target, moving)
      if (!moved.ok && !imap.isUsable()) return
      if (!moved.ok) {
        store.undoMove(moving.map(message => message.id))
        undone(tools, 'move', moved.problem, moving)
        continue
      }
      for (const message of moving) {
        const uid = moved.value.get(message.onServer.uid)
        store.finishMove(message.id, target, target.uidValidity === null ? null : (uid ?? null))
      }
      touched.add(folder.id).add(targetId)
      changed(tools, moving, [folder.id, targetId])
    }
  }
}

/**
 * One that was asked for before the line broke is looked for first, not moved twice. Where there is no MOVE (RFC 3501)
 * nothing is flagged before the copy is certain, and only UID EXPUNGE removes: a plain EXPUNGE would take what another
 * client has marked.
 */
async function moveThem(
  imap: ImapConnection,
  store: MailStore,
  folder: StoredFolder,
  target: StoredFolder,
  moving: Remote[],
): Promise<Result<Map<number, number>>> {
  const done = await movedAlready(imap, target, moving)
  if (!done.ok) return done
  const again = await imap.open(folder.path)
  if (!again.ok) return again
  // Numbered anew since: nothing may be done by these UIDs.
  if (again.value.uidValidity !== folder.uidValidity) return fail({ kind: 'message-gone' })
  const left = moving.filter(message => !done.value.has(message.onServer.uid))
  const uids = left.map(message => message.onServer.uid)
  const there = done.value
  if (left.length > 0) {
    store.beginMove(
      left.map(message => message.id),
      target,
    )
    const moved = imap.canMove() ? await imap.move(uids, target.path) : await imap.copy(uids, target.path)
    if (!moved.ok) return moved
    for (const [uid, newUid] of moved.value) there.set(uid, newUid)
  }
  const copied = imap.canMove() ? moving.filter(message => !left.includes(message)) : moving
  if (copied.length === 0) return ok(there)
  const removed = await imap.remove(copied.map(message => message.onServer.uid))
  return removed.ok ? ok(there) : removed
}

/** Those that a broken line has left in the target: the UID here to the UID there. */
async function movedAlready(
  imap: ImapConnection,
  target: StoredFolder,
  moving: Remote[],
): Promise<Result<Map<number, number>>> {
  const found = new Map<number, number>()
  const begun = moving.filter(message => message.movedFrom !== null && message.messageIdHeader !== '')
  if (begun.length === 0) return ok(found)
  const opened = await imap.open(target.path)
  if (!opened.ok) return opened
  for (const { onServer, messageIdHeader, movedFrom } of begun) {
    const copies = await imap.findHeader('message-id', `<${messageIdHeader}>`)
    if (!copies.ok) return copies
    const newest = copies.value.toSorted((left, right) => left - right).at(-1)
    if (newest !== undefined && newest >= (movedFrom ?? 0)) found.set(onServer.uid, newest)
  }
  return ok(found)
}

async function pushRemovals(
  imap: ImapConnection,
  tools: WishTools,
  folderId: number,
  messages: Remote[],
  touched: Set<number>,
): Promise<void> {
  const { store } = tools
  for (const going of portions(messages.filter(message => message.isGoing))) {
    const removed = await imap.remove(going.map(message => message.onServer.uid))
    if (!removed.ok && !imap.isUsable()) return
    if (removed.ok) {
      for (const { id } of going) store.remove(id)
      touched.add(folderId)
      continue
    }
    store.undoRemoval(going.map(message => message.id))
    undone(tools, 'remove', removed.problem, going)
  }
}

function portions<T>(all: T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / MOST_AT_ONCE) }, (_, at) =>
    all.slice(at * MOST_AT_ONCE, (at + 1) * MOST_AT_ONCE),
  )
}
