/**
 * Brings one folder of the store to what the server has: the newest heads first, then flags, then what vanished or
 * is missing, in batches between which others may speak. Refuses to touch rows under a UIDVALIDITY that is not theirs.
 */

import { ok, type Result } from '../../shared/problem.ts'
import { previewOfPart } from '../mime/read-mail.ts'
import type { ImapConnection } from './imap.ts'
import type { ImapLine } from './imap-line.ts'
import type { OpenFolder } from './imap-listing.ts'
import { type RemoteHead, rangeOf } from './imap-row.ts'
import { rowOfHead } from './mail-row.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

const FIRST_HEADS = 50
const BATCH_HEADS = 250
/** New mails beyond this are listed by number first and then fetched in batches. */
const MANY_NEW = 500
/** Where the server keeps no mod-sequences, the flags of so many newest mails are asked for again. */
const FLAG_WINDOW = 500
const FLAG_BATCH = 2_000
/** How many of the newest mails of a folder get their first words at once; others when they are read. */
const PREVIEWS = 500
const PREVIEW_BYTES = 1_500

export type FolderSync = {
  line: ImapLine
  store: MailStore
  folderId: number
  /** Rows of the folder have changed. */
  onChange: () => void
  /** Mails of mails: of a folder that is fetched for the first time all of them, else those that are missing. */
  onProgress: (done: number, total: number) => void
  /** All flags are asked for again where the server keeps no mod-sequences, not only those of the newest mails. */
  isThorough: boolean
  /** The rest may not be fetched now; what is new still is. */
  isHalted: () => boolean
}

/** Answers when the folder is as the server's was at the beginning. A folder that is gone from the store is done. */
export async function syncFolder(sync: FolderSync): Promise<Result<true>> {
  const { line, store, folderId } = sync
  const begun = await line.turn(imap => begin(imap, sync))
  if (!begun.ok) return begun
  if (begun.value === null) return ok(true as const)
  const { open, missing, listed, isFirst } = begun.value
  const before = isFirst ? listed : 0
  for (let at = 0; at < missing.length; at += BATCH_HEADS) {
    sync.onProgress(before + at, before + missing.length)
    if (sync.isHalted()) return ok(true as const)
    const uids = missing.slice(at, at + BATCH_HEADS)
    const withPreviews = listed + at < PREVIEWS
    const fetched = await line.turn(imap => fetchBatch(imap, sync, open, uids, withPreviews))
    if (!fetched.ok) return fetched
    if (!fetched.value) return ok(true as const)
  }
  sync.onProgress(before + missing.length, before + missing.length)
  const folder = store.folder(folderId)
  if (folder?.uidValidity === open.uidValidity) store.setCursor(folderId, open)
  return ok(true as const)
}

type Begun = { open: OpenFolder; missing: number[]; listed: number; isFirst: boolean }

/** Everything up to a list that can be used: one turn. Null where nothing is left to do. */
async function begin(imap: ImapConnection, sync: FolderSync): Promise<Result<Begun | null>> {
  const { store, folderId } = sync
  const folder = store.folder(folderId)
  if (folder === null) return ok(null)
  const opened = await imap.open(folder.path)
  if (!opened.ok) return opened
  const open = opened.value
  if (folder.uidValidity !== open.uidValidity) {
    store.rebuildFolder(folderId, open.uidValidity)
    if (folder.uidValidity !== null) sync.onChange()
  }
  const current = store.folder(folderId) as StoredFolder
  const known = store.uids(folderId)
  const flagged = await updateFlags(imap, sync, current, open, known)
  if (!flagged.ok) return flagged
  const newest = await fetchNewest(imap, sync, current, open, known)
  if (!newest.ok) return newest
  const here = store.uids(folderId)
  // Whole it is only where it was whole before: by the number alone, one that vanished and one never fetched agree.
  const wasWhole = current.uidNext !== null || (known.length === 0 && open.exists <= FIRST_HEADS)
  if (wasWhole && newest.value && here.length === open.exists) {
    store.setCursor(folderId, open)
    return ok(null)
  }
  const listed = await imap.uids(open.exists)
  if (!listed.ok) return listed
  const missing = compare(sync, here, listed.value)
  return ok({ open, missing, listed: here.length, isFirst: current.uidNext === null })
}

async function updateFlags(
  imap: ImapConnection,
  sync: FolderSync,
  folder: StoredFolder,
  open: OpenFolder,
  known: number[],
): Promise<Result<true>> {
  const { store, folderId, onChange } = sync
  if (known.length === 0) return ok(true as const)
  const since = open.highestModseq === null ? null : folder.highestModseq
  if (since !== null) {
    if (since === open.highestModseq) return ok(true as const)
    // What is new brings its flags along.
    const last = folder.uidNext === null ? '*' : String(Math.max(1, folder.uidNext - 1))
    const changes = await imap.changes(`1:${last}`, open.exists, since)
    if (!changes.ok) return changes
    const { flags, vanished } = changes.value
    const hasChanged = store.applyFlags(folderId, flags).length > 0
    store.removeUids(folderId, vanished)
    if (hasChanged || vanished.length > 0) onChange()
    return ok(true as const)
  }
  const window = sync.isThorough ? known.length : FLAG_WINDOW
  for (let at = 0; at < Math.min(known.length, window); at += FLAG_BATCH) {
    const newest = known[at] as number
    const oldest = known[Math.min(known.length, at + FLAG_BATCH, window) - 1] as number
    const flags = await imap.flags(`${oldest}:${newest}`, FLAG_BATCH)
    if (!flags.ok) return flags
    if (store.applyFlags(folderId, flags.value).length > 0) onChange()
  }
  return ok(true as const)
}

/** The newest heads in one go; false where there are too many for that. */
async function fetchNewest(
  imap: ImapConnection,
  sync: FolderSync,
  folder: StoredFolder,
  open: OpenFolder,
  known: number[],
): Promise<Result<boolean>> {
  if (open.exists === 0) return ok(true)
  const highest = known[0]
  if (highest === undefined) {
    const from = Math.max(1, open.exists - FIRST_HEADS + 1)
    const heads = await imap.heads(`${from}:${open.exists}`, FIRST_HEADS, true)
    return heads.ok ? keepHeads(imap, sync, folder, heads.value, true) : heads
  }
  // A mail that we moved here may have a higher number than one that came before it and is not known yet.
  const from = Math.min(folder.uidNext ?? highest + 1, highest + 1)
  if (open.uidNext > 0 && open.uidNext <= from) return ok(true)
  if (open.uidNext - from > MANY_NEW) return ok(false)
  const heads = await imap.heads(`${from}:*`, MANY_NEW)
  if (!heads.ok) return heads
  // "n:*" always names the last mail, also where it is older than n (RFC 3501 section 6.4.8).
  const isNew = (head: RemoteHead) => head.uid >= from
  return keepHeads(imap, sync, folder, heads.value.filter(isNew), true)
}

/** What the server no longer has goes; what is missing here comes back, newest first. */
function compare(sync: FolderSync, here: number[], onServer: number[]): number[] {
  const there = new Set(onServer)
  const vanished = here.filter(uid => !there.has(uid))
  if (vanished.length > 0) {
    sync.store.removeUids(sync.folderId, vanished)
    sync.onChange()
  }
  const known = new Set(here)
  return onServer.filter(uid => !known.has(uid)).sort((left, right) => right - left)
}

/** False where the folder was numbered anew meanwhile: the next sync begins again. */
async function fetchBatch(
  imap: ImapConnection,
  sync: FolderSync,
  open: OpenFolder,
  uids: number[],
  withPreviews: boolean,
): Promise<Result<boolean>> {
  if (imap.selected() !== open.path) {
    const again = await imap.open(open.path)
    if (!again.ok) return again
    if (again.value.uidValidity !== open.uidValidity) return ok(false)
  }
  const folder = sync.store.folder(sync.folderId)
  if (folder === null || folder.uidValidity !== open.uidValidity) return ok(false)
  const heads = await imap.heads(rangeOf(uids), uids.length)
  return heads.ok ? keepHeads(imap, sync, folder, heads.value, withPreviews) : heads
}

/** Rows first, so that the list can show them; then their first words. */
async function keepHeads(
  imap: ImapConnection,
  { store, folderId, onChange }: FolderSync,
  folder: StoredFolder,
  heads: RemoteHead[],
  withPreviews: boolean,
): Promise<Result<boolean>> {
  if (heads.length === 0) return ok(true)
  const added = store.add(folder, heads.map(rowOfHead))
  // What was here already (moved here by us, say) may have other flags by now.
  const flagged = added < heads.length ? store.applyFlags(folderId, heads) : []
  if (added + flagged.length > 0) onChange()
  if (!withPreviews) return ok(true)
  const byPart = Map.groupBy(
    heads.filter(head => head.text !== null),
    head => head.text?.part ?? '',
  )
  for (const [part, group] of byPart) {
    const uids = group.map(head => head.uid)
    const beginnings = await imap.beginnings(uids, part, PREVIEW_BYTES)
    if (!beginnings.ok) return beginnings
    const texts = new Map(group.map(head => [head.uid, head.text]))
    const previews = beginnings.value.flatMap(({ uid, bytes }) => {
      const text = texts.get(uid)
      return text ? [{ uid, preview: previewOfPart(bytes, text) }] : []
    })
    store.setPreviews(folderId, previews)
  }
  onChange()
  return ok(true)
}
