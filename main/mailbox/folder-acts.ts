/**
 * What a person does with folders: made, renamed, removed, subscribed. Here at once and pending for the server. Refuses
 * names that no server could take, and to touch a folder that has a role.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'
import { shownName } from './imap-listing.ts'
import type { ActTools } from './mail-acts.ts'
import type { StoredFolder } from './mailbox-rows.ts'

export type FolderActs = {
  /** `parentId` null is beside the inbox. */
  createFolder(
    accountId: string,
    parentId: string | null,
    name: string,
  ): Promise<Result<{ folderId: string }>>
  renameFolder(folderId: string, name: string): Promise<Result<{ renamed: boolean }>>
  /** Its mails, and those of the folders in it, go to the trash. */
  removeFolder(folderId: string): Promise<Result<{ removed: boolean }>>
  subscribe(folderId: string, isSubscribed: boolean): Promise<Result<{ changed: boolean }>>
}

const LONGEST_NAME = 200

export function createFolderActs({ store, emit, sourceOf, push }: ActTools): FolderActs {
  const told = (accountId: string) => {
    emit('mailbox.changed', { accountId, folderIds: [] })
    push([accountId])
  }
  const find = (folderId: string): StoredFolder | null => store.folder(Number(folderId))
  /** The path of a name beside its siblings, or what is wrong with it. */
  const pathOf = (
    siblings: StoredFolder[],
    prefix: string,
    delimiter: string,
    name: string,
  ): Result<string> => {
    const clean = name.normalize('NFC').trim()
    const isPossible = clean !== '' && clean.length <= LONGEST_NAME && !/[\u0000-\u001f\u007f%*]/.test(clean)
    const hasDelimiter = delimiter !== '' && clean.includes(delimiter)
    if (!isPossible || hasDelimiter) {
      return fail({
        kind: 'invalid',
        field: 'name',
        reason: hasDelimiter ? `holds ${delimiter}` : 'unusable',
      })
    }
    const path = prefix + clean
    const isTaken = siblings.some(folder => folder.path.toLowerCase() === path.toLowerCase())
    return isTaken ? fail({ kind: 'invalid', field: 'name', reason: 'taken' }) : ok(path)
  }

  return {
    async createFolder(accountId, parentId, name) {
      const folders = store.folders(accountId)
      const parent = parentId === null ? null : find(parentId)
      if (sourceOf(accountId) === null) return fail({ kind: 'not-found', what: 'account' })
      if (parentId !== null && parent?.accountId !== accountId)
        return fail({ kind: 'not-found', what: 'folder' })
      const delimiter = parent?.delimiter ?? folders[0]?.delimiter ?? '/'
      const path = pathOf(folders, parent === null ? '' : parent.path + delimiter, delimiter, name)
      if (!path.ok) return path
      const isLocal = folders.every(folder => folder.isLocal)
      const row = { path: path.value, name: shownName(path.value, delimiter), role: null, isLocal, delimiter }
      const id = store.transaction(() => {
        const made = store.addFolder(accountId, row)
        const folder = store.folder(made)
        if (folder !== null && !isLocal) store.wishFolder(folder, 'create')
        return made
      })
      told(accountId)
      return ok({ folderId: String(id) })
    },
    async renameFolder(folderId, name) {
      const folder = find(folderId)
      if (folder === null) return fail({ kind: 'not-found', what: 'folder' })
      if (folder.role !== null) return fail({ kind: 'not-now', what: 'folder-role' })
      const { delimiter, path: old } = folder
      const prefix = delimiter === '' ? '' : old.slice(0, old.lastIndexOf(delimiter) + 1)
      const others = store.folders(folder.accountId).filter(({ id }) => id !== folder.id)
      const path = pathOf(others, prefix, delimiter, name)
      if (!path.ok) return path
      if (path.value === old) return ok({ renamed: false })
      const isMoved = store.transaction(() => {
        if (!store.moveFolder(folder, path.value, shownName)) return false
        if (!folder.isLocal) store.wishFolder(folder, 'rename', path.value)
        return true
      })
      if (!isMoved) return fail({ kind: 'invalid', field: 'name', reason: 'taken' })
      told(folder.accountId)
      return ok({ renamed: true })
    },
    async removeFolder(folderId) {
      const folder = find(folderId)
      if (folder === null) return fail({ kind: 'not-found', what: 'folder' })
      const { accountId, path, delimiter } = folder
      const inside = store
        .folders(accountId)
        .filter(
          ({ id, path: other }) =>
            id === folder.id || (delimiter !== '' && other.startsWith(path + delimiter)),
        )
        // What lies deepest goes first.
        .sort((left, right) => right.path.length - left.path.length)
      if (inside.some(({ role }) => role !== null)) return fail({ kind: 'not-now', what: 'folder-role' })
      const known = store.folderOfRole(accountId, 'trash')
      const trash = known === null ? await sourceOf(accountId)?.ensureFolder('trash') : ok(known)
      if (trash === undefined) return fail({ kind: 'not-found', what: 'account' })
      if (!trash.ok) return trash
      store.transaction(() => {
        for (const each of inside) {
          store.wishMove(store.messageIds(each.id), trash.value)
          if (each.isLocal) store.dropFolder(each.id)
          else store.wishFolder(each, 'remove')
        }
      })
      told(accountId)
      return ok({ removed: true })
    },
    async subscribe(folderId, isSubscribed) {
      const folder = find(folderId)
      if (folder === null) return fail({ kind: 'not-found', what: 'folder' })
      if (folder.role !== null || folder.isLocal) return fail({ kind: 'not-now', what: 'folder-role' })
      if (folder.isSubscribed === isSubscribed) return ok({ changed: false })
      store.transaction(() => {
        store.setSubscribed(folder.id, isSubscribed)
        store.wishFolder(folder, isSubscribed ? 'subscribe' : 'unsubscribe')
      })
      told(folder.accountId)
      return ok({ changed: true })
    },
  }
}
