/**
 * Moves mails on an IMAP server so that a line that breaks at any point neither loses nor doubles one: what is to be
 * moved is written down first, and before anything is asked again both folders are looked into. Refuses to remove a
 * mail whose copy was not seen, and to act on a UID that names another mail by now.
 */

import { createHash } from 'node:crypto'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { ImapConnection } from './imap.ts'
import { type RemoteHead, rangeOf } from './imap-row.ts'
import { rowOfHead } from './mail-row.ts'
import type { StoredFolder, StoredMessage } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'
import type { BegunMove, MailMark } from './move-store.ts'

/** A row that lies on a server. */
export type Remote = StoredMessage & { onServer: { folderId: number; uid: number } }

export type Moved = {
  /** Those that the server has in the target now. */
  done: Remote[]
  /** Those that it would not move, and why. */
  refused: { messages: Remote[]; problem: Problem } | null
}

export type MoveTools = {
  store: MailStore
  unsettled: () => ReadonlySet<number>
  /** The server has had its time to do what an earlier line has asked for: what is not done now never will be. */
  isOverdue: () => boolean
}

/**
 * Finds out what came of moves whose replies were never heard, and ends them: what has arrived is taken from where it
 * was; what has not, once the server had its time, is as if it had never been asked for. Answers the folders to be
 * looked at.
 */
export async function settleMoves(
  imap: ImapConnection,
  accountId: string,
  { store, unsettled, isOverdue }: MoveTools,
): Promise<Set<number>> {
  const touched = new Set<number>()
  const hidden = unsettled()
  const begun = store
    .begunMoves(accountId)
    .filter(({ sourceFolder, targetFolder }) => !hidden.has(sourceFolder) && !hidden.has(targetFolder))
  const pairs = Map.groupBy(begun, ({ sourceFolder, targetFolder }) => `${sourceFolder} ${targetFolder}`)
  for (const moves of pairs.values()) {
    const { sourceFolder, targetFolder } = moves[0] as BegunMove
    const places = { source: store.folder(sourceFolder), target: store.folder(targetFolder) }
    if ((await settle(imap, store, places, moves, isOverdue())) === null) return touched
    touched.add(sourceFolder).add(targetFolder)
  }
  return touched
}

/** The ids of those that have arrived; null where the line broke again. */
async function settle(
  imap: ImapConnection,
  store: MailStore,
  { source, target }: { source: StoredFolder | null; target: StoredFolder | null },
  moves: BegunMove[],
  isOverdue: boolean,
): Promise<ReadonlySet<number> | null> {
  const arrived = target === null ? ok(new Map<number, number>()) : await arrivedIn(imap, target, moves)
  if (!arrived.ok && !imap.isUsable()) return null
  // A target that cannot be looked into proves nothing.
  const copies = arrived.ok ? arrived.value : new Map<number, number>()
  const there = source === null ? ok(new Set<number>()) : await stillIn(imap, source, moves)
  if (!there.ok && !imap.isUsable()) return null
  const left = moves.filter(({ message }) => there.ok && there.value.has(message.id))
  const both = left.filter(({ message }) => copies.has(message.id))
  if (both.length > 0) {
    const removed = await imap.remove(both.map(({ sourceUid }) => sourceUid))
    if (!removed.ok && !imap.isUsable()) return null
  }
  for (const { message } of moves) {
    const uid = copies.get(message.id)
    if (target !== null && uid !== undefined) store.finishMove(message.id, target, uid)
  }
  // Of those that lie where they were, a slow server may be moving one just now: asked again, it would move it twice.
  const undone = moves.filter(
    ({ message }) => !copies.has(message.id) && (isOverdue || !left.some(one => one.message === message)),
  )
  store.forgetMoves(undone.map(({ message }) => message.id))
  return new Set(copies.keys())
}

/**
 * Moves these mails out of the selected folder, which has the UIDVALIDITY that they are known by. A Problem is a line
 * that broke: what was begun is then settled by the next one.
 */
export async function moveMails(
  imap: ImapConnection,
  store: MailStore,
  source: StoredFolder,
  target: StoredFolder,
  messages: Remote[],
): Promise<Result<Moved>> {
  const numbering = await imap.numbering(target.path)
  if (!numbering.ok) return unlessBroken(imap, numbering.problem, messages)
  const marked = await marksOf(imap, messages)
  if (!marked.ok) return unlessBroken(imap, marked.problem, messages)
  const isHere = ({ id }: Remote) => marked.value.has(id)
  // The other line may have heard meanwhile that somebody else removed one.
  const moving = messages.filter(message => isHere(message) && store.message(message.id) !== null)
  // Gone, or another mail by that number: the sync says what is where.
  for (const { id } of messages.filter(message => !isHere(message))) store.remove(id)
  if (moving.length === 0) return ok({ done: [], refused: null })
  const { uidValidity, uidNext } = numbering.value
  // The words go out only when the disk has them: after a break they are all that is known.
  store.durably(() =>
    store.beginMoves(
      moving.map(message => ({
        messageId: message.id,
        sourceFolder: source.id,
        sourceUid: message.onServer.uid,
        sourceValidity: source.uidValidity ?? '',
        targetFolder: target.id,
        targetValidity: uidValidity,
        fromUid: uidNext,
        ...(marked.value.get(message.id) as MailMark),
      })),
    ),
  )
  const isKnown = target.uidValidity === uidValidity
  return imap.canMove()
    ? moveAtOnce(imap, store, source, target, moving, isKnown)
    : copyThenRemove(imap, store, source, target, moving)
}

/** A refusal is an answer; a broken line is none. */
function unlessBroken(imap: ImapConnection, problem: Problem, messages: Remote[]): Result<Moved> {
  return imap.isUsable() ? ok({ done: [], refused: { messages, problem } }) : fail(problem)
}

/** A server that says NO may have moved some of them all the same (RFC 6851 section 3.3), or copied and not removed. */
async function moveAtOnce(
  imap: ImapConnection,
  store: MailStore,
  source: StoredFolder,
  target: StoredFolder,
  moving: Remote[],
  isKnown: boolean,
): Promise<Result<Moved>> {
  const moved = await imap.move(
    moving.map(message => message.onServer.uid),
    target.path,
  )
  if (!moved.ok) {
    if (!imap.isUsable()) return fail(moved.problem)
    const arrived = await settle(imap, store, { source, target }, begunOf(store, source, moving), true)
    if (arrived === null) return fail(moved.problem)
    const left = moving.filter(({ id }) => !arrived.has(id))
    return ok({
      done: moving.filter(({ id }) => arrived.has(id)),
      refused: left.length === 0 ? null : { messages: left, problem: moved.problem },
    })
  }
  for (const { id, onServer } of moving) {
    store.finishMove(id, target, isKnown ? (moved.value.get(onServer.uid) ?? null) : null)
  }
  return ok({ done: moving, refused: null })
}

/**
 * Where there is no MOVE (RFC 3501). Nothing is flagged before the copy is certain: named by the server, or seen in the
 * target. Only UID EXPUNGE removes: a plain EXPUNGE would take what another client has marked.
 */
async function copyThenRemove(
  imap: ImapConnection,
  store: MailStore,
  source: StoredFolder,
  target: StoredFolder,
  moving: Remote[],
): Promise<Result<Moved>> {
  const copied = await imap.copy(
    moving.map(message => message.onServer.uid),
    target.path,
  )
  if (!copied.ok) return unlessBroken(imap, copied.problem, moving)
  store.transaction(() => {
    for (const { id, onServer } of moving) {
      const uid = copied.value.get(onServer.uid)
      if (uid !== undefined) store.noteCopied(id, uid)
    }
  })
  const begun = begunOf(store, source, moving)
  const isNamed = begun.every(({ copiedUid }) => copiedUid !== null)
  const proven = isNamed
    ? ok(new Map(begun.map(({ message, copiedUid }) => [message.id, copiedUid as number])))
    : await arrivedIn(imap, target, begun)
  if (!proven.ok) return unlessBroken(imap, proven.problem, moving)
  const done = moving.filter(({ id }) => proven.value.has(id))
  const lost = moving.filter(({ id }) => !proven.value.has(id))
  if (done.length > 0) {
    const removed = await removeFrom(imap, source, done)
    if (!removed.ok) return unlessBroken(imap, removed.problem, moving)
  }
  for (const { id } of done) store.finishMove(id, target, proven.value.get(id) as number)
  const problem: Problem = { kind: 'not-now', what: 'folder-changed' }
  return ok({ done, refused: lost.length === 0 ? null : { messages: lost, problem } })
}

function begunOf(store: MailStore, source: StoredFolder, moving: Remote[]): BegunMove[] {
  const ids = new Set(moving.map(({ id }) => id))
  return store.begunMoves(source.accountId).filter(({ message }) => ids.has(message.id))
}

async function removeFrom(
  imap: ImapConnection,
  source: StoredFolder,
  messages: Remote[],
): Promise<Result<true>> {
  const opened = imap.selected() === source.path ? null : await imap.open(source.path)
  if (opened?.ok === false) return opened
  // Numbered anew since: nothing may be done by these UIDs.
  if (opened !== null && opened.value.uidValidity !== source.uidValidity) {
    return fail({ kind: 'not-now', what: 'folder-changed' })
  }
  return imap.remove(messages.map(message => message.onServer.uid))
}

// ------------------------------------------------------------- telling mails

function markOf(head: RemoteHead): MailMark {
  return {
    emailId: head.emailId,
    headHash: createHash('sha256').update(head.headers).digest('hex'),
    bytes: head.bytes,
    arrivedAt: head.internalDate,
  }
}

/** By the id of the row; without those that the selected folder no longer has under their number. */
async function marksOf(imap: ImapConnection, messages: Remote[]): Promise<Result<Map<number, MailMark>>> {
  const heads = await imap.heads(rangeOf(messages.map(({ onServer }) => onServer.uid)), messages.length)
  if (!heads.ok) return heads
  const byUid = new Map(heads.value.map(head => [head.uid, head]))
  return ok(
    new Map(
      messages.flatMap(({ id, onServer, messageIdHeader }) => {
        const head = byUid.get(onServer.uid)
        const isIt = head !== undefined && rowOfHead(head).messageIdHeader === messageIdHeader
        return isIt ? [[id, markOf(head)] as const] : []
      }),
    ),
  )
}

function isSame(move: BegunMove, mark: MailMark): boolean {
  if (move.emailId !== null && mark.emailId !== null) return move.emailId === mark.emailId
  return move.headHash === mark.headHash && move.bytes === mark.bytes
}

/** Which of them lie in the target since they were asked for: id of the row to UID there. Each UID is one mail. */
async function arrivedIn(
  imap: ImapConnection,
  target: StoredFolder,
  moves: BegunMove[],
): Promise<Result<Map<number, number>>> {
  const arrived = new Map<number, number>()
  const opened = await imap.open(target.path)
  if (!opened.ok) return opened
  if (opened.value.exists === 0) return ok(arrived)
  // Numbered anew, every number is possible; the mail must be the same in any case.
  const isNumberedAnew = moves.some(({ targetValidity }) => targetValidity !== opened.value.uidValidity)
  const from = isNumberedAnew ? 1 : Math.min(...moves.map(({ fromUid }) => fromUid))
  const heads = await imap.heads(`${from}:*`, opened.value.exists)
  if (!heads.ok) return heads
  const free = new Map(heads.value.filter(({ uid }) => uid >= from).map(head => [head.uid, markOf(head)]))
  for (const move of moves) {
    const possible = [...free].filter(
      ([uid, mark]) => (isNumberedAnew || uid >= move.fromUid) && isSame(move, mark),
    )
    const best =
      possible.find(([uid]) => !isNumberedAnew && uid === move.copiedUid) ??
      possible.find(([, mark]) => mark.arrivedAt === move.arrivedAt) ??
      possible[0]
    if (best === undefined) continue
    free.delete(best[0])
    arrived.set(move.message.id, best[0])
  }
  return ok(arrived)
}

/** The ids of rows whose mails still lie where they were. Leaves the source selected. */
async function stillIn(
  imap: ImapConnection,
  source: StoredFolder,
  moves: BegunMove[],
): Promise<Result<Set<number>>> {
  const opened = await imap.open(source.path)
  if (!opened.ok) return opened
  const valid = moves.filter(({ sourceValidity }) => sourceValidity === opened.value.uidValidity)
  if (valid.length === 0 || opened.value.exists === 0) return ok(new Set())
  const heads = await imap.heads(rangeOf(valid.map(({ sourceUid }) => sourceUid)), valid.length)
  if (!heads.ok) return heads
  const byUid = new Map(heads.value.map(head => [head.uid, markOf(head)]))
  return ok(
    new Set(
      valid.flatMap(move => {
        const mark = byUid.get(move.sourceUid)
        return mark !== undefined && isSame(move, mark) ? [move.message.id] : []
      }),
    ),
  )
}
