/** How many mails of how many are here, over all folders of an account that are being fetched. Pure bookkeeping. */

import type { FolderStatus } from './imap-listing.ts'
import type { StoredFolder } from './mailbox-rows.ts'

type Part = { done: number; total: number }

export type ImapProgress = {
  /** What the server says of a folder before it is looked into; a folder that is whole counts only what it lacks. */
  expect(folder: StoredFolder, status: FolderStatus | null, stored: number): void
  tell(folderId: number, done: number, total: number): void
  sum(): Part
  /** Nothing is missing any more. */
  isDone(): boolean
  clear(): void
}

export function createProgress(): ImapProgress {
  const parts = new Map<number, Part>()
  const sum = () => {
    const all = [...parts.values()]
    return {
      done: all.reduce((done, part) => done + part.done, 0),
      total: all.reduce((total, part) => total + part.total, 0),
    }
  }
  return {
    expect(folder, status, stored) {
      if (status === null || status.exists <= stored) return void parts.delete(folder.id)
      const isFirst = folder.uidNext === null
      parts.set(folder.id, {
        done: isFirst ? stored : 0,
        total: isFirst ? status.exists : status.exists - stored,
      })
    },
    tell: (folderId, done, total) => void parts.set(folderId, { done: Math.min(done, total), total }),
    sum,
    isDone: () => [...parts.values()].every(part => part.done >= part.total),
    clear: () => parts.clear(),
  }
}
