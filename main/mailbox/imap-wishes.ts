/**
 * Carries pending flags, moves and removals of one account to its server. What is refused is undone and said; what
 * cannot be told because the line broke stays pending. Refuses to act on a UID whose UIDVALIDITY has changed.
 */

import type { Refusal } from '../../shared/model.ts'
import type { Problem } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import type { ImapConnection } from './imap.ts'
import { type MoveTools, moveMails, type Remote, settleMoves } from './imap-moves.ts'
import { rangeOf } from './imap-row.ts'
import type { StoredFolder } from './mailbox-rows.ts'

export type WishTools = MoveTools & {
  emit: Emit
  /** Said once a wish is undone. */
  refuse: (act: Refusal['act'], folder: string, problem: Problem) => void
}

/** Answers the folders that have to be looked at now. `only` is the folder that the mails lie in. */
export async function pushPending(
  imap: ImapConnection,
  accountId: string,
  tools: WishTools,
  only: number | null = null,
): Promise<Set<number>> {
  const { store } = tools
  const touched = await settleMoves(imap, accountId, tools)
  if (!imap.isUsable()) return touched
  const unsettled = tools.unsettled()
  const begun = new Set(store.begunMoves(accountId).map(({ message }) => message.id))
  const remote = store
    .pending(accountId)
    .filter((message): message is Remote => message.onServer !== null && !begun.has(message.id))
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
    await pushRemovals(imap, tools, folder, messages, touched)
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
      if (!(await isOpen(imap, folder))) return
      const moved = await moveMails(imap, store, folder, target, moving)
      if (!moved.ok) return
      const { refused } = moved.value
      if (refused !== null) {
        store.undoMove(refused.messages.map(message => message.id))
        undone(tools, 'move', refused.problem, refused.messages)
      }
      touched.add(folder.id).add(targetId)
      changed(tools, moving, [folder.id, targetId])
    }
  }
}

/** False where it was numbered anew since, too: nothing may be done by the numbers we know. */
async function isOpen(imap: ImapConnection, folder: StoredFolder): Promise<boolean> {
  if (!imap.isUsable()) return false
  const opened = await imap.open(folder.path)
  return opened.ok && opened.value.uidValidity === folder.uidValidity
}

async function pushRemovals(
  imap: ImapConnection,
  tools: WishTools,
  folder: StoredFolder,
  messages: Remote[],
  touched: Set<number>,
): Promise<void> {
  const { store } = tools
  for (const going of portions(messages.filter(message => message.isGoing))) {
    if (!(await isOpen(imap, folder))) return
    const removed = await imap.remove(going.map(message => message.onServer.uid))
    if (!removed.ok && !imap.isUsable()) return
    if (removed.ok) {
      for (const { id } of going) store.remove(id)
      touched.add(folder.id)
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
