/**
 * Asks the search index: pages of what is found, their number, the lines around the words. Reads mail.db and the packs,
 * in a thread of its own, so that a question about everything never holds up the desk. Refuses to write.
 */

import { foldText } from '../../shared/fold.ts'
import type { MailFileNames, SearchCount, SearchExcerpt, SearchOrder } from '../../shared/search-answer.ts'
import { excerptOf, wordsToMark } from '../../shared/search-marks.ts'
import type { SearchQuery, SearchTerm } from '../../shared/search-query.ts'
import { joinBrokenLines } from '../../shared/search-terms.ts'
import type { Db } from '../db.ts'
import { searchTextOf } from '../mime/search-text.ts'
import type { ListedMessage } from './mailbox-list-store.ts'
import { createPacks } from './pack.ts'
import { createFinder, type Found } from './search-find-store.ts'
import { matchOf, needsText } from './search-match.ts'

/** `folderIds` is where to look; null is everywhere. `alsoIds` a server has found. */
export type SearchQuestion = {
  query: SearchQuery
  folderIds: string[] | null
  order: SearchOrder
  alsoIds: string[]
}

export type FoundPage = { heads: ListedMessage[]; cursor: string | null }

/** All that the search thread does. It can cross a thread: JSON. */
export type SearchReader = {
  find(question: SearchQuestion, cursor: string | null, limit: number): Promise<FoundPage>
  count(question: SearchQuestion): Promise<SearchCount>
  excerpts(query: SearchQuery, messageIds: string[]): Promise<SearchExcerpt[]>
  files(messageIds: string[]): Promise<MailFileNames[]>
}

export const SEARCH_COMMANDS: readonly (keyof SearchReader)[] = ['find', 'count', 'excerpts', 'files']

/** So many candidates are read for one page of words in quotes. */
const MOST_READ = 600
const READ_AT_ONCE = 60

export function createSearchReader(db: Db, packsDir: string): SearchReader {
  const finder = createFinder(db)
  const packs = createPacks(packsDir)

  const textOf = async (messageId: number): Promise<{ words: string; text: string; files: string[] }> => {
    const row = finder.wordsOf(messageId)
    if (row === null) return { words: '', text: '', files: [] }
    const source = row.source === null ? null : await packs.read(row.accountId, row.source)
    const body = source?.ok === true ? searchTextOf(source.value) : { text: row.preview, files: [] }
    return { ...row, ...body }
  }

  /** Whether the words in quotes stand there as they were asked for. */
  const fits = async (found: Found, phrases: SearchTerm[]): Promise<boolean> => {
    const { text, files } = await textOf(found.id)
    const { head } = found
    const people = (list: { name: string; address: string }[]) =>
      list.map(({ name, address }) => `${name} ${address}`)
    const where: Record<SearchTerm['field'], string[]> = {
      subject: [head.subject],
      from: people([head.from]),
      to: people(head.to),
      file: files,
      any: [head.subject, ...people([head.from, ...head.to]), ...files, text],
    }
    return phrases.every(({ field, text: phrase, isExcluded }) => {
      const wanted = oneSpace(phrase)
      return where[field].some(each => oneSpace(each).includes(wanted)) !== isExcluded
    })
  }

  return {
    async find({ query, folderIds, order, alsoIds }, cursor, limit) {
      const phrases = query.terms.filter(needsText)
      const match = matchOf(query)
      const walk = finder.walk({ query, folderIds, alsoIds, match, isRanked: order === 'relevance' }, cursor)
      const heads: ListedMessage[] = []
      let read = 0
      for (;;) {
        const found = walk.next(phrases.length === 0 ? limit - heads.length : READ_AT_ONCE)
        for (const [index, each] of found.entries()) {
          if (phrases.length === 0 || each.isFromServer || (await fits(each, phrases))) heads.push(each.head)
          read += 1
          if (heads.length < limit) continue
          const isEnd = index === found.length - 1 && walk.isOver()
          return { heads: inOrder(heads, order), cursor: isEnd ? null : each.cursor }
        }
        if (walk.isOver()) return { heads: inOrder(heads, order), cursor: null }
        if (read >= MOST_READ) return { heads: inOrder(heads, order), cursor: walk.cursor() }
      }
    },
    async count({ query, folderIds, alsoIds }) {
      const hasPhrases = query.terms.some(needsText)
      const match = matchOf(query)
      const { total, isWhole } = finder.count({ query, folderIds, alsoIds, match, isRanked: false })
      return { total, isExact: isWhole && !hasPhrases, waiting: finder.waiting() }
    },
    async excerpts(query, messageIds) {
      const terms = wordsToMark(query.terms, null).filter(({ field }) => field === 'any' || field === 'file')
      const answers: SearchExcerpt[] = []
      for (const messageId of messageIds) {
        const { text, files } = await textOf(Number(messageId))
        const file = files.find(name => excerptOf(name, terms) !== null) ?? null
        const inText =
          wordsToMark(terms, 'any').length === 0 ? null : excerptOf(text, wordsToMark(terms, 'any'))
        answers.push({ messageId, excerpt: inText ?? file })
      }
      return answers
    },
    async files(messageIds) {
      const answers: MailFileNames[] = []
      for (const messageId of messageIds) {
        const row = finder.wordsOf(Number(messageId))
        const source = row?.source == null ? null : await packs.read(row.accountId, row.source)
        answers.push({ messageId, names: source?.ok === true ? searchTextOf(source.value).files : null })
      }
      return answers
    },
  }
}

/** The walk is in the order of the index, which is near to that of time; a page is in the order of time. */
function inOrder(heads: ListedMessage[], order: SearchOrder): ListedMessage[] {
  return order === 'newest' ? heads.sort((left, right) => right.sentAt - left.sentAt) : heads
}

function oneSpace(text: string): string {
  return foldText(joinBrokenLines(text)).replace(/\s+/gu, ' ').trim()
}
