/**
 * Carries what a person wants of folders (made, renamed, removed, subscribed) to the server, in order. A folder is
 * only removed there once its mails lie in the trash. What is refused is undone and said.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'
import type { FolderWish } from './folder-store.ts'
import type { ImapConnection } from './imap.ts'
import { shownName } from './imap-listing.ts'
import { pushPending, type WishTools } from './imap-wishes.ts'
import { rowOfHead } from './mail-row.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

export type FolderWishTools = WishTools & {
  /** The trash, made where there is none. */
  trash: () => Promise<Result<StoredFolder>>
}

/** Folders whose names the server has not heard: nothing can be done in them yet, nor moved there. */
export function unsettledFolders(store: MailStore, accountId: string): Set<number> {
  const unsettled = new Set<number>()
  const wishes = store.folderWishes(accountId).filter(({ kind }) => kind === 'create' || kind === 'rename')
  if (wishes.length === 0) return unsettled
  const folders = store.folders(accountId)
  for (const { folderId } of wishes) {
    const root = folders.find(folder => folder.id === folderId)
    for (const { id, path } of folders) {
      const isInside = root !== undefined && path.startsWith(root.path + root.delimiter)
      if (id === folderId || isInside) unsettled.add(id)
    }
  }
  return unsettled
}

/** True where there was something to carry. What the broken line left undone stays. */
export async function pushFolderWishes(
  imap: ImapConnection,
  accountId: string,
  tools: FolderWishTools,
): Promise<boolean> {
  const { store, emit } = tools
  const wishes = store.folderWishes(accountId)
  for (const wish of wishes) {
    const folder = store.folder(wish.folderId)
    // It went with an earlier one that was refused.
    if (folder === null) continue
    if (!imap.isUsable()) return true
    const done = await carry(imap, accountId, tools, wish, folder)
    if (!done.ok && !imap.isUsable()) return true
    store.endFolderWish(wish.id)
    if (!done.ok) {
      undo(store, wish, folder)
      tools.refuse(wish.kind === 'remove' ? 'removeFolder' : actOf(wish), folder.name, done.problem)
    }
    emit('mailbox.changed', { accountId, folderIds: [] })
  }
  return wishes.length > 0
}

function actOf({ kind }: FolderWish): 'create' | 'rename' | 'subscribe' {
  return kind === 'create' || kind === 'rename' ? kind : 'subscribe'
}

async function carry(
  imap: ImapConnection,
  accountId: string,
  tools: FolderWishTools,
  wish: FolderWish,
  folder: StoredFolder,
): Promise<Result<true>> {
  switch (wish.kind) {
    case 'create': {
      const made = await imap.createFolder(wish.path)
      if (!made.ok) return made
      if (made.value !== wish.path) tools.store.correctFolder(folder.id, wish.path, made.value)
      return ok(true as const)
    }
    case 'rename':
      return rename(imap, accountId, tools.store, wish.path, wish.newPath ?? folder.path)
    case 'subscribe':
    case 'unsubscribe':
      return imap.subscribe(wish.path, wish.kind === 'subscribe')
    case 'remove':
      return remove(imap, accountId, tools, folder)
  }
}

/** RFC 3501 leaves subscriptions with the names: they are taken along, else the folders would be out of sight. */
async function rename(
  imap: ImapConnection,
  accountId: string,
  store: MailStore,
  path: string,
  newPath: string,
): Promise<Result<true>> {
  const renamed = await imap.renameFolder(path, newPath)
  if (!renamed.ok) return renamed
  for (const folder of store.folders(accountId)) {
    const isInside = folder.path === newPath || folder.path.startsWith(newPath + folder.delimiter)
    if (!isInside || !folder.isSubscribed || folder.isContainer) continue
    // Not worth a refusal: the name is right, and the choice of folders shows what is missing.
    await imap.subscribe(folder.path, true)
    await imap.subscribe(path + folder.path.slice(newPath.length), false)
  }
  return renamed
}

function undo(store: MailStore, wish: FolderWish, folder: StoredFolder): void {
  if (wish.kind === 'create') store.dropFolder(folder.id)
  // Somebody else has that name by now: the list of the server says which is which.
  if (wish.kind === 'rename' && !store.moveFolder(folder, wish.path, shownName)) store.dropFolder(folder.id)
  if (wish.kind === 'subscribe' || wish.kind === 'unsubscribe') {
    store.setSubscribed(folder.id, wish.kind === 'unsubscribe')
  }
}

async function remove(
  imap: ImapConnection,
  accountId: string,
  tools: FolderWishTools,
  folder: StoredFolder,
): Promise<Result<true>> {
  const isFirstEmptied = !folder.isContainer && !imap.hasLabels()
  const emptied = isFirstEmptied ? await empty(imap, accountId, tools, folder) : ok(true as const)
  const removed = emptied.ok ? await imap.removeFolder(folder.path) : emptied
  const isGone = removed.ok || (await isUnknown(imap, folder.path))
  if (!isGone) return removed
  if (imap.isUsable()) await imap.subscribe(folder.path, false)
  tools.store.dropFolder(folder.id)
  return ok(true as const)
}

/** Somebody else has removed it meanwhile. */
async function isUnknown(imap: ImapConnection, path: string): Promise<boolean> {
  const listed = imap.isUsable() ? await imap.listFolders() : null
  return listed?.ok === true && !listed.value.some(folder => folder.path === path)
}

/** Moves all of its mails into the trash. Fails where one came meanwhile, or where it is another folder by now. */
async function empty(
  imap: ImapConnection,
  accountId: string,
  tools: FolderWishTools,
  folder: StoredFolder,
): Promise<Result<true>> {
  const opened = await imap.open(folder.path)
  if (!opened.ok) return opened
  if (folder.uidValidity !== null && opened.value.uidValidity !== folder.uidValidity) {
    return fail({ kind: 'not-now', what: 'folder-changed' })
  }
  await pushPending(imap, accountId, tools, folder.id)
  const listed = await listAll(imap, tools.store, folder.id, folder.path)
  if (!listed.ok) return listed
  const trash = listed.value.length === 0 ? null : await tools.trash()
  if (trash?.ok === false) return trash
  if (trash !== null) {
    // As if a person had moved them: a line that breaks doubles none.
    tools.store.wishMove(listed.value, trash.value)
    await pushPending(imap, accountId, tools, folder.id)
  }
  const after = await imap.open(folder.path)
  if (!after.ok) return after
  if (after.value.uidValidity !== opened.value.uidValidity) {
    return fail({ kind: 'not-now', what: 'folder-changed' })
  }
  const rest = after.value.exists === 0 ? ok([]) : await imap.flags('1:*', after.value.exists)
  if (!rest.ok) return rest
  // Without UIDPLUS they stay, marked: their copies lie in the trash.
  return rest.value.every(({ isDeleted }) => isDeleted)
    ? ok(true as const)
    : fail({ kind: 'not-now', what: 'folder-not-empty' })
}

/** Rows for all that the folder has, also what came meanwhile. Answers the ids of those that are not marked as deleted. */
async function listAll(
  imap: ImapConnection,
  store: MailStore,
  folderId: number,
  path: string,
): Promise<Result<string[]>> {
  const opened = await imap.open(path)
  if (!opened.ok) return opened
  const { exists, uidValidity } = opened.value
  const known = store.folder(folderId)
  if (known === null || exists === 0) return ok([])
  if (known.uidValidity !== uidValidity) store.rebuildFolder(folderId, uidValidity)
  const heads = await imap.heads('1:*', exists)
  if (!heads.ok) return heads
  store.add({ ...known, uidValidity }, heads.value.map(rowOfHead))
  const left = heads.value.filter(({ isDeleted }) => !isDeleted).map(({ uid }) => uid)
  return ok(store.messagesOfUids(folderId, left))
}
