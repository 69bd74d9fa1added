/**
 * Carries pending flags and moves of one account to its server. What is refused is undone and said; what cannot be
 * told because the line broke stays pending. Refuses to act on a UID whose UIDVALIDITY has changed.
 */

import type { Problem } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import { type ImapConnection, rangeOf } from './imap.ts'
import type { StoredFolder, StoredMessage } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

export type Pushed = {
  /** The first refusal, if there was one. */
  problem: Problem | null
  /** Folders that have to be looked at now. */
  touched: Set<number>
}

type Tools = { store: MailStore; emit: Emit }
/** A row that lies on a server. */
type Remote = StoredMessage & { uid: number }

export async function pushPending(imap: ImapConnection, accountId: string, tools: Tools): Promise<Pushed> {
  const { store, emit } = tools
  const pushed: Pushed = { problem: null, touched: new Set() }
  const refuse = (problem: Problem, messages: StoredMessage[]) => {
    pushed.problem ??= problem
    emit('message.changed', { messageIds: messages.map(message => String(message.id)) })
    const folderIds = new Set(messages.map(message => String(message.folderId)))
    emit('mailbox.changed', { accountId, folderIds: [...folderIds] })
  }
  for (const [folderId, pending] of Map.groupBy(store.pending(accountId), message => message.folderId)) {
    const folder = store.folder(folderId)
    const messages = pending.filter((message): message is Remote => message.uid !== null)
    if (folder === null || messages.length === 0) continue
    const opened = await imap.open(folder.path)
    if (!imap.isUsable()) return pushed
    // Numbered anew or gone: the sync rebuilds, and the wishes go with the rows they were for.
    if (!opened.ok || opened.value.uidValidity !== folder.uidValidity) {
      pushed.touched.add(folderId)
      continue
    }
    await pushFlags(imap, tools, folderId, messages, refuse)
    if (!imap.isUsable()) return pushed
    await pushMoves(imap, tools, messages, pushed, refuse)
    if (!imap.isUsable()) return pushed
  }
  return pushed
}

type Refuse = (problem: Problem, messages: StoredMessage[]) => void

const FLAG_STEPS = [
  { wish: 'pendingSeen', flag: '\\Seen', isOn: true },
  { wish: 'pendingSeen', flag: '\\Seen', isOn: false },
  { wish: 'pendingFlagged', flag: '\\Flagged', isOn: true },
  { wish: 'pendingFlagged', flag: '\\Flagged', isOn: false },
] as const

async function pushFlags(
  imap: ImapConnection,
  { store }: Tools,
  folderId: number,
  messages: Remote[],
  refuse: Refuse,
): Promise<void> {
  for (const { wish, flag, isOn } of FLAG_STEPS) {
    const wanted = messages.filter(message => message[wish] === isOn)
    if (wanted.length === 0) continue
    const uids = wanted.map(message => message.uid)
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
    refuse(stored.problem, wanted)
  }
}

async function pushMoves(
  imap: ImapConnection,
  { store, emit }: Tools,
  messages: Remote[],
  pushed: Pushed,
  refuse: Refuse,
): Promise<void> {
  for (const [targetId, moving] of Map.groupBy(messages, message => message.movingTo)) {
    if (targetId === null) continue
    const target = store.folder(targetId)
    const ids = moving.map(message => message.id)
    if (target === null) {
      store.undoMove(ids)
      refuse({ kind: 'not-found', what: 'folder' }, moving)
      continue
    }
    const moved = await imap.move(
      moving.map(message => message.uid),
      target.path,
    )
    if (!moved.ok) {
      if (!imap.isUsable()) return
      store.undoMove(ids)
      refuse(moved.problem, moving)
      continue
    }
    for (const message of moving) settle(store, message, target, moved.value.get(message.uid))
    for (const id of [...moving.map(message => message.folderId), targetId]) pushed.touched.add(id)
    emit('message.changed', { messageIds: ids.map(String) })
  }
}

/** With its new UID the row goes along and keeps its source; else the sync of the target folder brings a new one. */
function settle(store: MailStore, message: Remote, target: StoredFolder, uid: number | undefined): void {
  if (uid === undefined || target.uidValidity === null) store.remove(message.id)
  else store.finishMove(message.id, target, uid)
}
