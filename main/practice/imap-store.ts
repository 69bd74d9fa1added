/** Folders and mails of the practice mailbox, in memory. Owns UIDs and flags; refuses to know the protocol. */

import type { Clock } from '../host.ts'
import { type Part, parseTree } from './mime-tree.ts'

export type StoredMail = {
  uid: number
  mail: Buffer
  flags: Set<string>
  /** Epoch ms, its INTERNALDATE. */
  at: number
  tree(): Part
}

export type StoredFolder = {
  /** As it stands on the wire (modified UTF-7). */
  name: string
  use: string | null
  uidValidity: number
  uidNext: number
  mails: StoredMail[]
}

export type ImapStore = ReturnType<typeof createImapStore>

const FOLDERS = [
  ['INBOX', null],
  ['Sent', 'Sent'],
  ['Drafts', 'Drafts'],
  ['Archive', 'Archive'],
  ['Junk', 'Junk'],
  ['Trash', 'Trash'],
] as const

export function createImapStore(clock: Clock) {
  const folders = new Map<string, StoredFolder>()
  const listeners = new Set<(flagged: StoredMail | null) => void>()
  // UIDs begin with 1 at each start, and so does each folder of a name used before: the validity has to grow.
  let nextValidity = Math.floor(clock.now() / 1000)

  const changed = (flagged: StoredMail | null = null) => {
    for (const listener of [...listeners]) listener(flagged)
  }
  const make = (name: string, use: string | null): StoredFolder => {
    const folder = { name, use, uidValidity: nextValidity, uidNext: 1, mails: [] }
    nextValidity += 1
    folders.set(name, folder)
    return folder
  }
  const put = (folder: StoredFolder, mail: Buffer, flags: Iterable<string>, at: number): StoredMail => {
    let tree: Part | null = null
    const stored: StoredMail = {
      uid: folder.uidNext,
      mail,
      flags: new Set(flags),
      at,
      tree() {
        tree ??= parseTree(mail)
        return tree
      },
    }
    folder.uidNext += 1
    folder.mails.push(stored)
    return stored
  }
  for (const [name, use] of FOLDERS) make(name, use)

  return {
    /** In the order they were made. */
    folders: () => [...folders.values()],
    folder: (name: string) => folders.get(/^inbox$/i.test(name) ? 'INBOX' : name) ?? null,

    create(name: string): boolean {
      if (folders.has(name) || /^inbox$/i.test(name) || name === '') return false
      make(name, null)
      changed()
      return true
    },

    /** The usual folders stay. */
    remove(name: string): boolean {
      if (FOLDERS.some(([usual]) => usual === name) || !folders.delete(name)) return false
      changed()
      return true
    },

    append(folder: StoredFolder, mail: Buffer, flags: Iterable<string>, at: number): StoredMail {
      const stored = put(folder, mail, flags, at)
      changed()
      return stored
    },

    /** Gives the copies in the order of the originals. */
    copy(mails: StoredMail[], to: StoredFolder): StoredMail[] {
      const copies = mails.map(({ mail, flags, at }) => put(to, mail, flags, at))
      changed()
      return copies
    },

    take(folder: StoredFolder, mails: ReadonlySet<StoredMail>): void {
      folder.mails = folder.mails.filter(mail => !mails.has(mail))
      changed()
    },

    setFlags(mail: StoredMail, flags: Iterable<string>): void {
      mail.flags = new Set(flags)
      changed(mail)
    },

    /** Hears of every change, with the mail whose flags changed. Returns the unsubscribe. */
    listen(listener: (flagged: StoredMail | null) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
