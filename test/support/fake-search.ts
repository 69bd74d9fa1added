/** The search of the played program: the same questions (shared/search-query.ts), looked up in the rows in memory. */

import type { Handlers } from '../../shared/api.ts'
import { foldText } from '../../shared/fold.ts'
import type { Folder } from '../../shared/folder.ts'
import type { Account, Message, MessageHead, Place } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'
import type { ServerSearch } from '../../shared/search-answer.ts'
import { excerptOf } from '../../shared/search-marks.ts'
import { isEmptySearch, parseSearch, type SearchQuery, type SearchTerm } from '../../shared/search-query.ts'

export type SearchWorld = {
  accounts: Account[]
  folders: Folder[]
  heads: MessageHead[]
  messages: Record<string, Partial<Message>>
  /** What the servers find, whatever is asked; and how many mails are not in the index yet. */
  onServers: ServerSearch
  unindexed: number
}

const PAGE = 100

export function searchHandlers(world: SearchWorld, now: number) {
  const understand = (text: string): SearchQuery =>
    parseSearch(text, {
      now,
      folders: world.folders,
      accounts: world.accounts.map(({ id, label, identity }) => ({ id, label, address: identity.address })),
    })
  const textOf = (head: MessageHead) => world.messages[head.id]?.text ?? head.preview
  const isIn = (head: MessageHead, place: Place | null): boolean => {
    if (place === null) return true
    if (place.kind === 'folder') return head.folderId === place.folderId
    return world.folders.some(({ id, role }) => id === head.folderId && role === place.role)
  }
  const fits = (head: MessageHead, { field, text, isExcluded }: SearchTerm): boolean => {
    const people = (list: { name: string; address: string }[]) =>
      list.map(({ name, address }) => `${name} ${address}`).join(' ')
    const files = (world.messages[head.id]?.attachments ?? []).map(({ name }) => name).join(' ')
    const where = {
      subject: head.subject,
      from: people([head.from]),
      to: people(head.to),
      file: files,
      any: [head.subject, people([head.from, ...head.to]), files, textOf(head)].join('\n'),
    }[field]
    return foldText(where).includes(foldText(text)) !== isExcluded
  }
  const found = (text: string, place: Place | null, alsoIds: string[]): MessageHead[] => {
    const query = understand(text)
    if (isEmptySearch(query)) return []
    return world.heads
      .filter(head => isIn(head, place))
      .filter(head => query.isUnread === null || head.isSeen !== query.isUnread)
      .filter(head => query.isFlagged === null || head.isFlagged === query.isFlagged)
      .filter(head => query.hasAttachments === null || head.hasAttachments === query.hasAttachments)
      .filter(head => query.after === null || head.sentAt >= query.after)
      .filter(head => query.before === null || head.sentAt < query.before)
      .filter(head => query.folderIds?.includes(head.folderId) ?? !query.notFolderIds.includes(head.folderId))
      .filter(
        head => query.accountIds?.includes(head.accountId) ?? !query.notAccountIds.includes(head.accountId),
      )
      .filter(head => alsoIds.includes(head.id) || query.terms.every(term => fits(head, term)))
      .sort((left, right) => right.sentAt - left.sentAt)
  }
  return {
    'search.find': (text, place, _order, cursor, alsoIds) => {
      const at = Number(cursor ?? 0)
      const all = found(text, place, alsoIds)
      return ok({
        heads: all.slice(at, at + PAGE),
        cursor: all.length > at + PAGE ? String(at + PAGE) : null,
      })
    },
    'search.count': (text, place, alsoIds) =>
      ok({ total: found(text, place, alsoIds).length, isExact: true, waiting: world.unindexed }),
    'search.excerpts': (text, messageIds) =>
      ok(
        messageIds.map(messageId => {
          const head = world.heads.find(({ id }) => id === messageId)
          const terms = understand(text).terms.filter(({ field }) => field === 'any')
          return { messageId, excerpt: head === undefined ? null : excerptOf(textOf(head), terms) }
        }),
      ),
    'search.files': messageIds =>
      ok(
        messageIds.map(messageId => ({
          messageId,
          names: world.messages[messageId]?.attachments?.map(({ name }) => name) ?? null,
        })),
      ),
    'search.askServers': () => ok(world.onServers),
  } satisfies Partial<Handlers>
}
