/**
 * The SQL of folders: what the server lists, how far each was synced, and what a person wants of them until the
 * server has taken it. A part of `mailbox-store.ts`, which is the only file that uses it.
 */

import type { FolderRole } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import { type Cursor, type StoredFolder, toFolder } from './mailbox-rows.ts'

export type FolderRow = {
  path: string
  name: string
  role: FolderRole | null
  isLocal: boolean
  delimiter?: string
  isSubscribed?: boolean
  isContainer?: boolean
}

export type FolderWishKind = 'create' | 'rename' | 'remove' | 'subscribe' | 'unsubscribe'

export type FolderWish = {
  id: number
  folderId: number
  kind: FolderWishKind
  /** Where the server has it until the wish is done; for `create` where it is wanted. */
  path: string
  /** Of a rename. */
  newPath: string | null
}

export function folderPart(db: Db) {
  const folders = (accountId: string): StoredFolder[] =>
    db.all('SELECT * FROM folder WHERE account_id = ? ORDER BY id', accountId).map(toFolder)
  const insert = (accountId: string, listed: FolderRow): number =>
    db.run(
      `INSERT INTO folder (account_id, path, name, role, is_local, delimiter, is_subscribed, is_container)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      accountId,
      listed.path,
      listed.name,
      listed.role,
      listed.isLocal ? 1 : 0,
      ...manners(listed),
    ).lastId
  /** Mails that were to come here stay where they are; those that left for elsewhere are no longer there to be moved. */
  const drop = (folderId: number) => {
    sendHome(db, 'folder_id = ?', folderId)
    db.run('DELETE FROM message WHERE origin_folder = ?', folderId)
    db.run('DELETE FROM folder WHERE id = ?', folderId)
  }
  return {
    folders,
    folder(folderId: number): StoredFolder | null {
      const row = db.get('SELECT * FROM folder WHERE id = ?', folderId)
      return row === undefined ? null : toFolder(row)
    },
    folderOfRole(accountId: string, role: FolderRole): StoredFolder | null {
      const row = db.get(
        'SELECT * FROM folder WHERE account_id = ? AND role = ? ORDER BY id LIMIT 1',
        accountId,
        role,
      )
      return row === undefined ? null : toFolder(row)
    },
    /** Makes the account's folders be these; what is no longer there goes with its messages. True where anything changed. */
    keepFolders(accountId: string, listed: FolderRow[]): boolean {
      return db.transaction(() => {
        let isChanged = false
        const known = new Map(folders(accountId).map(folder => [folder.path, folder]))
        for (const entry of listed) {
          const folder = known.get(entry.path)
          known.delete(entry.path)
          if (folder !== undefined && isSame(folder, entry)) continue
          isChanged = true
          if (folder === undefined) {
            insert(accountId, entry)
            continue
          }
          db.run(
            `UPDATE folder SET name = ?, role = ?, delimiter = ?, is_subscribed = ?, is_container = ? WHERE id = ?`,
            entry.name,
            entry.role,
            ...manners(entry),
            folder.id,
          )
          db.run('UPDATE message SET role = ? WHERE folder_id = ?', entry.role, folder.id)
        }
        for (const gone of known.values()) {
          isChanged = true
          drop(gone.id)
        }
        return isChanged
      })
    },
    setCursor(folderId: number, { uidValidity, uidNext, highestModseq }: Cursor): void {
      db.transaction(() => {
        // Moved here without a word of where: the list that is now complete would have named it.
        db.run(
          `DELETE FROM message WHERE folder_id = ? AND uid IS NULL AND origin_folder IS NULL
             AND EXISTS (SELECT 1 FROM folder WHERE id = ? AND is_local = 0)`,
          folderId,
          folderId,
        )
        db.run(
          'UPDATE folder SET uid_validity = ?, uid_next = ?, highest_modseq = ? WHERE id = ?',
          uidValidity,
          uidNext,
          highestModseq,
          folderId,
        )
      })
    },
    /** The server numbers anew: nothing that was known of this folder holds any more, nor what was wanted of it. */
    rebuildFolder(folderId: number, uidValidity: string): void {
      db.transaction(() => {
        // What was moved here and has no number yet is found again by the sync, or goes with it.
        db.run('DELETE FROM message WHERE folder_id = ? AND uid IS NOT NULL', folderId)
        db.run('DELETE FROM message WHERE origin_folder = ?', folderId)
        db.run(
          'UPDATE folder SET uid_validity = ?, uid_next = NULL, highest_modseq = NULL WHERE id = ?',
          uidValidity,
          folderId,
        )
      })
    },
    removeAccount(accountId: string): void {
      db.transaction(() => {
        db.run('DELETE FROM message WHERE account_id = ?', accountId)
        db.run('DELETE FROM folder WHERE account_id = ?', accountId)
        db.run('DELETE FROM pop3_taken WHERE account_id = ?', accountId)
      })
    },
    addFolder: (accountId: string, row: FolderRow): number => insert(accountId, row),
    dropFolder: (folderId: number): void => db.transaction(() => drop(folderId)),
    /** A new path for the folder and all that lies in it; false, and nothing moved, where one of them is taken. */
    moveFolder(
      folder: StoredFolder,
      path: string,
      nameOf: (path: string, delimiter: string) => string,
    ): boolean {
      return db.transaction(() => {
        const inside = folder.path + folder.delimiter
        const all = folders(folder.accountId)
        const moving = all.filter(
          ({ id, path: old }) => id === folder.id || (folder.delimiter !== '' && old.startsWith(inside)),
        )
        const staying = new Set(all.filter(each => !moving.includes(each)).map(each => each.path))
        const moved = moving.map(each => ({ ...each, path: path + each.path.slice(folder.path.length) }))
        if (moved.some(each => staying.has(each.path))) return false
        // Away first, as one of them may go where another is.
        for (const { id } of moving) db.run("UPDATE folder SET path = '/' || id WHERE id = ?", id)
        for (const { id, path: now, delimiter } of moved) {
          db.run('UPDATE folder SET path = ?, name = ? WHERE id = ?', now, nameOf(now, delimiter), id)
        }
        return true
      })
    },
    setSubscribed(folderId: number, isSubscribed: boolean): void {
      db.run('UPDATE folder SET is_subscribed = ? WHERE id = ?', isSubscribed ? 1 : 0, folderId)
    },
    /** In the order in which they were wished. */
    folderWishes: (accountId: string): FolderWish[] =>
      db.all('SELECT * FROM folder_wish WHERE account_id = ? ORDER BY id', accountId).map(toWish),
    wishFolder(folder: StoredFolder, kind: FolderWishKind, newPath: string | null = null): void {
      db.run(
        'INSERT INTO folder_wish (account_id, folder_id, kind, path, new_path) VALUES (?, ?, ?, ?, ?)',
        folder.accountId,
        folder.id,
        kind,
        folder.path,
        newPath,
      )
    },
    /** The server gave the folder another path than was asked for. */
    correctFolder(folderId: number, path: string, truePath: string): void {
      db.transaction(() => {
        db.run('UPDATE OR IGNORE folder SET path = ? WHERE id = ? AND path = ?', truePath, folderId, path)
        db.run('UPDATE folder_wish SET path = ? WHERE folder_id = ? AND path = ?', truePath, folderId, path)
      })
    },
    endFolderWish: (id: number): void => void db.run('DELETE FROM folder_wish WHERE id = ?', id),
  }
}

/** Mails of these rows go back to where the server has them. */
export function sendHome(db: Db, where: string, value: number): void {
  db.run(
    `DELETE FROM message WHERE (folder_id, uid) IN (
       SELECT origin_folder, origin_uid FROM message WHERE ${where} AND origin_folder IS NOT NULL)`,
    value,
  )
  db.run(
    `UPDATE message SET folder_id = origin_folder, uid = origin_uid, origin_folder = NULL, origin_uid = NULL,
       role = (SELECT role FROM folder WHERE id = origin_folder)
     WHERE ${where} AND origin_folder IS NOT NULL`,
    value,
  )
}

function manners({ delimiter, isSubscribed, isContainer }: FolderRow): [string, number, number] {
  return [delimiter ?? '/', isSubscribed === false ? 0 : 1, isContainer === true ? 1 : 0]
}

function isSame(folder: StoredFolder, entry: FolderRow): boolean {
  return (
    folder.name === entry.name &&
    folder.role === entry.role &&
    folder.delimiter === (entry.delimiter ?? '/') &&
    folder.isSubscribed === (entry.isSubscribed ?? true) &&
    folder.isContainer === (entry.isContainer ?? false)
  )
}

function toWish(row: Row): FolderWish {
  return {
    id: Number(row.id),
    folderId: Number(row.folder_id),
    kind: row.kind as FolderWishKind,
    path: String(row.path),
    newPath: row.new_path as string | null,
  }
}
