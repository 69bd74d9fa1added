/**
 * What a person does with mails: flags, moves, removals, and taking them back. Here at once and pending for the
 * server; answers before the server has heard. Refuses to remove for good what does not lie in the trash or in junk.
 */

import { randomUUID } from 'node:crypto'
import type { MoveTarget } from '../../shared/folder.ts'
import type { Place } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import type { MailSource } from './mail-source.ts'
import type { StoredFolder, StoredMessage } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'
import type { FlagWish } from './wish-store.ts'

export type MailActs = {
  setFlags(messageIds: string[], wish: FlagWish): Promise<Result<{ changed: number; undoId: string }>>
  /** All unread mails of a place. */
  markRead(place: Place): Promise<Result<{ changed: number; undoId: string }>>
  move(messageIds: string[], target: MoveTarget): Promise<Result<{ moved: number; undoId: string }>>
  /** For good: there is no way back. */
  remove(messageIds: string[]): Promise<Result<{ removed: number }>>
  /** Takes a change back, once; one of long ago is forgotten. */
  undo(undoId: string): Promise<Result<{ undone: number }>>
}

export type ActTools = {
  store: MailStore
  emit: Emit
  sourceOf: (accountId: string) => MailSource | null
  /** Brings what is pending of these accounts to their servers, behind the answer. */
  push: (accountIds: Iterable<string>) => void
}

/** What a mail was before. */
type Before = { id: number; folderId: number; isSeen: boolean; isFlagged: boolean }
const MOST_UNDOS = 50

export function createMailActs(tools: ActTools): MailActs {
  const { store, emit, sourceOf, push } = tools
  const undos = new Map<string, Before[]>()

  const remember = (before: Before[]): string => {
    const undoId = randomUUID()
    if (before.length > 0) undos.set(undoId, before)
    const [oldest] = undos.keys()
    if (undos.size > MOST_UNDOS && oldest !== undefined) undos.delete(oldest)
    return undoId
  }
  const told = (messages: StoredMessage[], also: number[] = []) => {
    announce(emit, messages, also)
    push(new Set(messages.map(message => message.accountId)))
  }
  const find = (messageIds: string[]) => messageIds.flatMap(id => store.message(id) ?? [])

  const flag = (messages: StoredMessage[], wish: FlagWish): StoredMessage[] => {
    const changed = store.wishFlags(
      messages.map(message => String(message.id)),
      wish,
    )
    told(changed)
    return changed
  }
  const wasBefore = (messages: StoredMessage[], changed: StoredMessage[]): Before[] => {
    const ids = new Set(changed.map(message => message.id))
    return messages
      .filter(message => ids.has(message.id))
      .map(({ id, folderId, isSeen, isFlagged }) => ({ id, folderId, isSeen, isFlagged }))
  }

  return {
    async setFlags(messageIds, wish) {
      const messages = find(messageIds)
      const changed = flag(messages, wish)
      return ok({ changed: changed.length, undoId: remember(wasBefore(messages, changed)) })
    },
    async markRead(place) {
      const messages = store.unseen(place)
      const changed = flag(messages, { isSeen: true })
      return ok({ changed: changed.length, undoId: remember(wasBefore(messages, changed)) })
    },
    async move(messageIds, target) {
      const messages = find(messageIds)
      const moved: StoredMessage[] = []
      const left = new Set<number>()
      for (const [accountId, own] of Map.groupBy(messages, message => message.accountId)) {
        const folder = await targetFolder(store, sourceOf(accountId), accountId, target)
        if (!folder.ok) return folder
        for (const message of own) left.add(message.folderId)
        moved.push(
          ...store.wishMove(
            own.map(message => String(message.id)),
            folder.value,
          ),
        )
      }
      told(moved, [...left])
      return ok({ moved: moved.length, undoId: remember(wasBefore(messages, moved)) })
    },
    async remove(messageIds) {
      const messages = find(messageIds)
      const isThrownAway = ({ folderId }: StoredMessage) => {
        const role = store.folder(folderId)?.role
        return role === 'trash' || role === 'junk'
      }
      if (!messages.every(isThrownAway)) return fail({ kind: 'not-now', what: 'not-in-trash' })
      const removed = store.wishRemoval(messageIds)
      told(removed)
      return ok({ removed: removed.length })
    },
    async undo(undoId) {
      const before = undos.get(undoId) ?? []
      undos.delete(undoId)
      const undone = new Set<number>()
      const touched: StoredMessage[] = []
      for (const { id, folderId, isSeen, isFlagged } of before) {
        const now = store.message(id)
        const home = store.folder(folderId)
        if (now === null) continue
        const moved = home === null ? [] : store.wishMove([String(id)], home)
        const flagged = store.wishFlags([String(id)], { isSeen, isFlagged })
        if (moved.length + flagged.length > 0) undone.add(id)
        touched.push(now, ...moved, ...flagged)
      }
      told(touched)
      return ok({ undone: undone.size })
    },
  }
}

function announce(emit: Emit, messages: StoredMessage[], also: number[]): void {
  if (messages.length === 0) return
  emit('message.changed', { messageIds: [...new Set(messages.map(message => String(message.id)))] })
  for (const [accountId, own] of Map.groupBy(messages, message => message.accountId)) {
    const folders = new Set([...own.map(({ folderId }) => folderId), ...also])
    emit('mailbox.changed', { accountId, folderIds: [...folders].map(String) })
  }
}

async function targetFolder(
  store: MailStore,
  source: MailSource | null,
  accountId: string,
  target: MoveTarget,
): Promise<Result<StoredFolder>> {
  if ('folderId' in target) {
    const folder = store.folder(Number(target.folderId))
    const isOurs = folder?.accountId === accountId && !folder.isContainer
    return isOurs ? ok(folder) : fail({ kind: 'not-found', what: 'folder' })
  }
  const { role } = target
  const known = store.folderOfRole(accountId, role)
  if (known !== null) return ok(known)
  if (role === 'inbox') return fail({ kind: 'not-found', what: 'folder' })
  return source === null ? fail({ kind: 'no-folder', role }) : source.ensureFolder(role)
}
