/**
 * A question to IMAP servers, for the mails whose text is not here: criteria of SEARCH (RFC 3501 section 6.4.4), and the
 * UIDs that come back as the rows that are listed here. Refuses to fetch a mail for it.
 */

import { ok, type Result } from '../../shared/problem.ts'
import type { ServerSearch } from '../../shared/search-answer.ts'
import type { SearchQuery, SearchTerm } from '../../shared/search-query.ts'
import type { ImapConnection } from './imap.ts'
import type { ImapWord } from './imap-word.ts'
import type { StoredFolder } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'

/** What one account's server found. */
export type FoundOnServer = Pick<ServerSearch, 'messageIds' | 'unlisted'>

/**
 * The words and states of a question; none where the server cannot tell more than the rows here. Attachments and folders are left to the rows, and days too: a server counts them
 * in a time zone of its own.
 */
export function wordsOf(query: SearchQuery): ImapWord[] {
  // SEARCH has no names of files, and whoever asks for one does not want the mails without it.
  if (query.terms.some(({ field }) => field === 'file')) return []
  const states: ImapWord[] = []
  if (query.isUnread !== null) states.push({ seen: !query.isUnread })
  if (query.isFlagged !== null) states.push({ flagged: query.isFlagged })
  return [...query.terms.flatMap(wordsOfTerm), ...states]
}

function wordsOfTerm({ field, text, isPhrase, isExcluded }: SearchTerm): ImapWord[] {
  // A server searches for what it is given, spaces and all: words are asked for one by one, quoted ones as they are.
  const words = isPhrase ? [text] : text.split(/[\s"\\]+/u).filter(word => word !== '')
  const found = words.map((word): ImapWord => {
    if (field === 'to') return { or: [{ to: word }, { cc: word }] }
    return field === 'any' ? { text: word } : field === 'from' ? { from: word } : { subject: word }
  })
  return isExcluded ? found.map(word => ({ not: word })) : found
}

/** Where to look; one folder of everything is enough where the server has it and no folder is asked for. */
export function searchedFolders(
  folders: StoredFolder[],
  query: SearchQuery,
  folderIds: string[] | null,
): StoredFolder[] {
  const wanted = folders.filter(
    ({ id, role, isContainer }) =>
      role !== 'flagged' &&
      !isContainer &&
      (folderIds === null || folderIds.includes(String(id))) &&
      (query.folderIds === null || query.folderIds.includes(String(id))) &&
      !query.notFolderIds.includes(String(id)),
  )
  const whole =
    folderIds === null && query.folderIds === null ? wanted.find(({ role }) => role === 'all') : undefined
  return whole === undefined ? wanted : [whole]
}

/** Looks in the folders one after the other; a UID of another UIDVALIDITY finds nothing. */
export async function searchFolders(
  imap: ImapConnection,
  store: MailStore,
  folders: StoredFolder[],
  query: SearchQuery,
  limit: number,
): Promise<Result<FoundOnServer>> {
  const words = wordsOf(query)
  if (words.length === 0) return ok({ messageIds: [], unlisted: 0 })
  const messageIds: string[] = []
  let unlisted = 0
  for (const folder of folders) {
    const opened = await imap.open(folder.path)
    if (!opened.ok) {
      if (!imap.isUsable()) return opened
      continue
    }
    const found = await imap.search(words)
    if (!found.ok) {
      if (!imap.isUsable()) return found
      continue
    }
    const isSame = opened.value.uidValidity === folder.uidValidity
    const known = isSame ? store.messagesOfUids(folder.id, found.value) : []
    unlisted += found.value.length - known.length
    messageIds.push(...known)
  }
  return ok({ messageIds: messageIds.slice(-limit), unlisted })
}

/** Of several accounts; one whose server cannot be asked is named, and the others answer. */
export async function searchAll(
  accounts: readonly { accountId: string; ask: () => Promise<Result<FoundOnServer>> }[],
): Promise<Result<ServerSearch>> {
  const answers = await Promise.all(
    accounts.map(async ({ accountId, ask }) => ({ accountId, found: await ask() })),
  )
  const total: ServerSearch = { messageIds: [], unlisted: 0, unreachable: [] }
  for (const { accountId, found } of answers) {
    if (!found.ok) total.unreachable.push(accountId)
    else {
      total.messageIds.push(...found.value.messageIds)
      total.unlisted += found.value.unlisted
    }
  }
  return ok(total)
}
