/** Folders as a server lists them, in our words: their names for people, their roles, what changed in them. Pure. */

import { FOLDER_ROLES, type FolderRole } from '../../shared/model.ts'

/** A selected folder as the server tells it. Numbers beyond 2^53 as text. */
export type OpenFolder = {
  path: string
  uidValidity: string
  uidNext: number
  exists: number
  /** Null where the server keeps no mod-sequences (RFC 7162). */
  highestModseq: string | null
}

export type FolderStatus = Omit<OpenFolder, 'path'> & { unseen: number }

export type ListedFolder = {
  path: string
  /** All of its path for people: `Work/Invoices`. */
  name: string
  delimiter: string
  role: FolderRole | null
  isSubscribed: boolean
  /** It only holds other folders. */
  isContainer: boolean
  /** What changed since, without opening it; null where the server did not say. */
  status: FolderStatus | null
}

type Listed = {
  path: string
  delimiter: string
  flags: Set<string>
  /** As the server names it, or guessed from names in many languages. */
  specialUse?: string | undefined
  subscribed: boolean
  status?:
    | {
        messages?: number | undefined
        uidNext?: number | undefined
        uidValidity?: bigint | undefined
        unseen?: number | undefined
        highestModseq?: bigint | undefined
      }
    | undefined
}

const MOST_FOLDERS = 5_000

export function toListing(entries: Listed[]): ListedFolder[] {
  return entries
    .filter(({ flags }) => !flags.has('\\NonExistent'))
    .slice(0, MOST_FOLDERS)
    .map(toListed)
}

function toListed({ path, delimiter, flags, specialUse, subscribed, status }: Listed): ListedFolder {
  const isTold = status?.uidValidity !== undefined && status.messages !== undefined
  const role = roleOf(path, specialUse)
  return {
    path,
    name: shownName(path, delimiter),
    delimiter,
    role,
    // A folder with a role is part of the account whatever the list of subscriptions says.
    isSubscribed: subscribed || role !== null,
    isContainer: flags.has('\\Noselect'),
    status: !isTold
      ? null
      : {
          uidValidity: String(status.uidValidity),
          uidNext: status.uidNext ?? 0,
          exists: status.messages ?? 0,
          highestModseq: status.highestModseq ? String(status.highestModseq) : null,
          unseen: status.unseen ?? 0,
        },
  }
}

function roleOf(path: string, specialUse: string | undefined): FolderRole | null {
  if (path.toUpperCase() === 'INBOX') return 'inbox'
  const role = specialUse?.replace('\\', '').toLowerCase()
  return FOLDER_ROLES.find(known => known === role && known !== 'inbox') ?? null
}

/** `INBOX.Work.Invoices` to `Work/Invoices`. */
export function shownName(path: string, delimiter: string): string {
  const parts = delimiter === '' ? [path] : path.split(delimiter)
  const own = parts.length > 1 && parts[0]?.toUpperCase() === 'INBOX' ? parts.slice(1) : parts
  return own.join('/')
}
