/**
 * The search as the desk has it: understands the question, knows the folders of a place, asks the search thread and,
 * where the person wants it, the servers. Refuses to read a mail itself.
 */

import type { Account, MessageHead, Place } from '../../shared/model.ts'
import { ok, type Result } from '../../shared/problem.ts'
import type {
  MailFileNames,
  SearchCount,
  SearchExcerpt,
  SearchOrder,
  SearchPage,
  ServerSearch,
} from '../../shared/search-answer.ts'
import { isEmptySearch, parseSearch, type SearchQuery } from '../../shared/search-query.ts'
import { type Calls, z } from '../call.ts'
import type { Db } from '../db.ts'
import { createMailList, type ListedMessage } from './mailbox-list-store.ts'
import type { Receiving } from './receiving.ts'
import type { SearchReader } from './search-reader.ts'

export type SearchDeps = {
  /** mail.db, read-only. */
  db: Db
  reader: {
    [Command in keyof SearchReader]: (
      ...args: Parameters<SearchReader[Command]>
    ) => Promise<Result<Awaited<ReturnType<SearchReader[Command]>>>>
  }
  room: Pick<Receiving, 'searchServers'>
  accounts: () => Account[]
  outboxItemOf: (messageIdHeader: string) => string | null
  now: () => number
}

const LONGEST_QUESTION = 1_000
const LONGEST_PAGE = 100
const MOST_FROM_SERVERS = 2_000

export type Search = ReturnType<typeof createSearch>

export function createSearch({ db, reader, room, accounts, outboxItemOf, now }: SearchDeps) {
  const list = createMailList(db)
  const toHead = ({ messageIdHeader, ...head }: ListedMessage): MessageHead => ({
    ...head,
    outboxItemId: messageIdHeader === '' ? null : outboxItemOf(messageIdHeader),
  })
  const understand = (text: string): SearchQuery =>
    parseSearch(text, {
      now: now(),
      folders: list.folders(),
      accounts: accounts().map(({ id, label, identity }) => ({ id, label, address: identity.address })),
    })
  const foldersOf = (place: Place | null): string[] | null => {
    if (place === null) return null
    if (place.kind === 'folder') return [place.folderId]
    return list.folders().flatMap(({ id, role }) => (role === place.role ? [id] : []))
  }

  return {
    async find(
      text: string,
      place: Place | null,
      order: SearchOrder,
      cursor: string | null,
      alsoIds: string[],
    ): Promise<Result<SearchPage>> {
      const query = understand(text)
      if (isEmptySearch(query)) return ok({ heads: [], cursor: null })
      const found = await reader.find(
        { query, folderIds: foldersOf(place), order, alsoIds },
        cursor,
        LONGEST_PAGE,
      )
      return found.ok ? ok({ ...found.value, heads: found.value.heads.map(toHead) }) : found
    },
    async count(text: string, place: Place | null, alsoIds: string[]): Promise<Result<SearchCount>> {
      const query = understand(text)
      if (isEmptySearch(query)) return ok({ total: 0, isExact: true, waiting: 0 })
      return reader.count({ query, folderIds: foldersOf(place), order: 'newest', alsoIds })
    },
    excerpts: (text: string, messageIds: string[]): Promise<Result<SearchExcerpt[]>> =>
      reader.excerpts(understand(text), messageIds),
    files: (messageIds: string[]): Promise<Result<MailFileNames[]>> => reader.files(messageIds),
    /** Where the words may stand in mails that are here with their head alone. */
    async askServers(text: string, place: Place | null): Promise<Result<ServerSearch>> {
      const query = understand(text)
      if (isEmptySearch(query)) return ok({ messageIds: [], unlisted: 0, unreachable: [] })
      return room.searchServers(query, foldersOf(place), MOST_FROM_SERVERS)
    },
  }
}

const question = z.string().max(LONGEST_QUESTION)
const id = z.string().min(1).max(40)
const ids = z.array(id).max(MOST_FROM_SERVERS)
const place = z.union([
  z.object({ kind: z.literal('unified'), role: z.enum(['inbox', 'sent']) }),
  z.object({ kind: z.literal('folder'), folderId: id }),
  z.null(),
])

type SearchMethods = 'search.find' | 'search.count' | 'search.excerpts' | 'search.files' | 'search.askServers'

export function searchCalls(search: Search): Calls<SearchMethods> {
  return {
    'search.find': {
      args: z.tuple([question, place, z.enum(['newest', 'relevance']), z.string().max(40).nullable(), ids]),
      run: (text, where, order, cursor, alsoIds) => search.find(text, where, order, cursor, alsoIds),
    },
    'search.count': {
      args: z.tuple([question, place, ids]),
      run: (text, where, alsoIds) => search.count(text, where, alsoIds),
    },
    'search.excerpts': {
      args: z.tuple([question, z.array(id).max(LONGEST_PAGE)]),
      run: (text, messageIds) => search.excerpts(text, messageIds),
    },
    'search.files': {
      args: z.tuple([z.array(id).max(LONGEST_PAGE)]),
      run: messageIds => search.files(messageIds),
    },
    'search.askServers': {
      args: z.tuple([question, place]),
      run: (text, where) => search.askServers(text, where),
    },
  }
}
