/** What a thread is in the list of each place, and which of its mails belong to the conversation that is read. Pure. */

import type { Address, FolderRole } from '../../shared/model.ts'

/** A shown mail of a thread. `from` is the address as JSON, as it is stored. */
export type ThreadMail = {
  thread: number
  id: number
  accountId: string
  folderId: number
  role: FolderRole | null
  messageId: string
  from: string
  sentAt: number
  isSeen: boolean
  isFlagged: boolean
  hasAttachments: boolean
}

/** The unified places beside the folders, whose ids are above 0. */
export const UNIFIED_PLACES = { inbox: -1, sent: -2 } as const

export type ConversationRow = {
  thread: number
  place: number
  /** Of the newest mail in this place. */
  newestAt: number
  newestId: number
  /** Of the whole conversation, each once. */
  mails: number
  /** Of those in this place. */
  unread: number
  isFlagged: boolean
  hasAttachments: boolean
  /** JSON of `ConversationPerson[]`. */
  people: string
  ownAt: number | null
  ownMessageId: string | null
}

/** More writers than this are not named in a row. */
const MOST_PEOPLE = 6

/** Thrown away, junk or not written to the end: no part of a conversation, except in its own folder. */
const APART: ReadonlySet<FolderRole | null> = new Set(['trash', 'junk', 'drafts'])
/** Folders that repeat what others have. */
const REPEATING: ReadonlySet<FolderRole | null> = new Set(['all', 'flagged'])

type Placed = Pick<ThreadMail, 'folderId' | 'role' | 'messageId' | 'sentAt'>

/**
 * The mails of a conversation as it is read from one of these folders: of several copies one, if possible that of the
 * folder. Two mails of one Message-ID and different times are two mails.
 */
export function readTogether<T extends Placed>(mails: readonly T[], folders: ReadonlySet<number>): T[] {
  const chosen = new Map<string, T>()
  for (const mail of mails) {
    const isHere = folders.has(mail.folderId)
    if (!isHere && APART.has(mail.role)) continue
    const key = mail.messageId === '' ? `${chosen.size} none` : `${mail.messageId} ${mail.sentAt}`
    const known = chosen.get(key)
    if (known === undefined || rankOf(mail, folders) > rankOf(known, folders)) chosen.set(key, mail)
  }
  return [...chosen.values()]
}

function rankOf({ folderId, role }: Placed, folders: ReadonlySet<number>): number {
  if (folders.has(folderId)) return 3
  if (REPEATING.has(role)) return 0
  return role === 'sent' ? 2 : 1
}

/** The rows of one thread, from its shown mails, the oldest first. */
export function rowsOfThread(mails: readonly ThreadMail[]): ConversationRow[] {
  const rows: ConversationRow[] = []
  for (const [folderId, here] of Map.groupBy(mails, mail => mail.folderId)) {
    rows.push(rowOf(folderId, here, mails, new Set([folderId])))
  }
  for (const role of ['inbox', 'sent'] as const) {
    const here = mails.filter(mail => mail.role === role)
    if (here.length === 0) continue
    const folders = new Set(here.map(mail => mail.folderId))
    const only = folders.size === 1 ? rows.find(row => row.place === here[0]?.folderId) : undefined
    rows.push(
      only === undefined
        ? rowOf(UNIFIED_PLACES[role], here, mails, folders)
        : { ...only, place: UNIFIED_PLACES[role] },
    )
  }
  return rows
}

function rowOf(
  place: number,
  here: readonly ThreadMail[],
  mails: readonly ThreadMail[],
  folders: ReadonlySet<number>,
): ConversationRow {
  const whole = mails.length === 1 ? mails : readTogether(mails, folders)
  const newest = here.at(-1) as ThreadMail
  const own = whole.findLast(mail => mail.role === 'sent')
  return {
    thread: newest.thread,
    place,
    newestAt: newest.sentAt,
    newestId: newest.id,
    mails: whole.length,
    unread: here.reduce((unread, mail) => unread + (mail.isSeen ? 0 : 1), 0),
    isFlagged: here.some(mail => mail.isFlagged),
    hasAttachments: whole.some(mail => mail.hasAttachments),
    people: peopleOf(whole),
    ownAt: own?.sentAt ?? null,
    ownMessageId: own?.messageId ?? null,
  }
}

/** Who wrote, in the order in which they first did; of many the first and the last. */
function peopleOf(mails: readonly ThreadMail[]): string {
  const [first] = mails
  if (mails.length === 1 && first !== undefined) return personOf(first.from, first)
  const people = new Map<string, string>()
  for (const mail of mails) {
    const { address } = JSON.parse(mail.from) as Address
    const key = mail.role === 'sent' ? 'own' : address.toLowerCase()
    if (!people.has(key)) people.set(key, personOf(mail.from, mail).slice(1, -1))
  }
  const all = [...people.values()]
  const named = all.length <= MOST_PEOPLE ? all : [...all.slice(0, 1), ...all.slice(1 - MOST_PEOPLE)]
  return `[${named.join(',')}]`
}

function personOf(from: string, mail: ThreadMail): string {
  return mail.role === 'sent' ? `[{"isOwn":true,"person":${from}}]` : `[{"isOwn":false,"person":${from}}]`
}
