/**
 * What is typed into the search field, understood: words, "exact words", -without, and from: to: subject: file: has: is:
 * before: after: in: account:. Pure, and never an error: what is not understood, or not yet, is a word to look for.
 */

import { foldText } from './fold.ts'
import type { FolderRole } from './model.ts'
import { dayOf } from './search-day.ts'
import { askedTerms, type SearchField } from './search-terms.ts'

export type SearchTerm = {
  /** `any` is the text, the people, the subject and the names of files. */
  field: SearchField | 'any'
  text: string
  /** In quotes: these words in this order. */
  isPhrase: boolean
  isExcluded: boolean
  /** The last word, perhaps still being typed. */
  isUnfinished: boolean
}

/** A question as JSON. Null is "does not matter"; times are epoch ms, `after` inclusive, `before` exclusive. */
export type SearchQuery = {
  terms: SearchTerm[]
  hasAttachments: boolean | null
  isUnread: boolean | null
  isFlagged: boolean | null
  after: number | null
  before: number | null
  /** Folders that are asked for and those that are not wanted, by id; null is any. */
  folderIds: string[] | null
  notFolderIds: string[]
  accountIds: string[] | null
  notAccountIds: string[]
}

/** What the names in a question can mean. */
export type SearchWorld = {
  now: number
  folders: readonly { id: string; name: string; role: FolderRole | null }[]
  accounts: readonly { id: string; label: string; address: string }[]
}

export const SEARCH_OPERATORS = [
  'from',
  'to',
  'subject',
  'file',
  'has',
  'is',
  'before',
  'after',
  'in',
  'account',
] as const
export type SearchOperator = (typeof SEARCH_OPERATORS)[number]

const OPERATOR_NAMES: Record<string, SearchOperator> = {
  ...Object.fromEntries(SEARCH_OPERATORS.map(name => [name, name])),
  差出人: 'from',
  宛先: 'to',
  件名: 'subject',
  ふぁいる: 'file',
  添付: 'has',
  状態: 'is',
  以前: 'before',
  以降: 'after',
  ふぉるだ: 'in',
  ふぉるだー: 'in',
  あかうんと: 'account',
}

const ROLE_NAMES: Record<FolderRole, readonly string[]> = {
  inbox: ['inbox', '受信とれい', '受信箱', '受信'],
  sent: ['sent', '送信済み', '送信済'],
  drafts: ['drafts', 'draft', '下書き'],
  archive: ['archive', 'あーかいぶ'],
  junk: ['junk', 'spam', '迷惑めーる'],
  trash: ['trash', 'bin', 'ごみ箱'],
  all: ['all', 'すべてのめーる'],
  flagged: ['flagged', 'starred', 'すたー付き'],
}

const CHUNK = /([-－−]?)(?:([\p{L}ー]{1,12})[:：])?(?:["“”＂]([^"“”＂]*)(["“”＂]?)|([^\s]*))/uy

export function parseSearch(text: string, world: SearchWorld): SearchQuery {
  const query: SearchQuery = {
    terms: [],
    hasAttachments: null,
    isUnread: null,
    isFlagged: null,
    after: null,
    before: null,
    folderIds: null,
    notFolderIds: [],
    accountIds: null,
    notAccountIds: [],
  }
  let at = 0
  while (at < text.length) {
    if (/\s/u.test(text[at] as string)) {
      at += 1
      continue
    }
    CHUNK.lastIndex = at
    const match = CHUNK.exec(text)
    if (match === null || match[0] === '') break
    at += match[0].length
    const [whole, minus = '', name, quoted, closing, bare = ''] = match
    const chunk: Chunk = {
      whole,
      isExcluded: minus !== '',
      value: quoted ?? bare,
      isPhrase: quoted !== undefined,
      isUnfinished: at === text.length && (closing ?? '') === '',
    }
    const operator = name === undefined ? undefined : OPERATOR_NAMES[foldText(name)]
    if (operator !== undefined && chunk.value !== '' && apply(query, operator, chunk, world)) continue
    addWord(query, name === undefined ? chunk : asWord(chunk))
  }
  return query
}

/** Nothing is asked yet: no word that could be found, and no condition. */
export function isEmptySearch(query: SearchQuery): boolean {
  const { terms, ...conditions } = query
  const hasCondition = Object.values(conditions).some(value =>
    Array.isArray(value) ? value.length > 0 : value !== null,
  )
  return !hasCondition && terms.every(term => askedTerms(term.text, false).length === 0)
}

type Chunk = { whole: string; value: string; isExcluded: boolean; isPhrase: boolean; isUnfinished: boolean }

/** An operator that is none: all of it is what is looked for. */
function asWord(chunk: Chunk): Chunk {
  return { ...chunk, value: chunk.isExcluded ? chunk.whole.slice(1) : chunk.whole, isPhrase: false }
}

function addWord(query: SearchQuery, chunk: Chunk, field: SearchTerm['field'] = 'any'): void {
  const { value, isExcluded, isPhrase, isUnfinished } = chunk
  // A lone minus, or one within a sentence, excludes nothing.
  if (askedTerms(value, false).length === 0) return
  query.terms.push({ field, text: value, isPhrase, isExcluded, isUnfinished: isUnfinished && !isPhrase })
}

/** False where the value is none that the operator knows. */
function apply(query: SearchQuery, operator: SearchOperator, chunk: Chunk, world: SearchWorld): boolean {
  const value = foldText(chunk.value)
  const isWanted = !chunk.isExcluded
  switch (operator) {
    case 'from':
    case 'to':
    case 'subject':
    case 'file':
      if (askedTerms(chunk.value, false).length === 0) return false
      addWord(query, chunk, operator)
      return true
    case 'has':
      if (!/^(attachments?|files?|添付|添付ふぁいる|あり)$/.test(value)) return false
      query.hasAttachments = isWanted
      return true
    case 'is':
      return applyState(query, value, isWanted)
    case 'before':
    case 'after':
      return applyDay(query, chunk.value, (operator === 'before') === isWanted, world.now)
    case 'in':
      return applyFolder(query, value, isWanted, world)
    case 'account':
      return applyAccount(query, value, isWanted, world)
  }
}

function applyState(query: SearchQuery, value: string, isWanted: boolean): boolean {
  if (/^(unread|new|未読)$/.test(value)) query.isUnread = isWanted
  else if (/^(read|seen|既読)$/.test(value)) query.isUnread = !isWanted
  else if (/^(flagged|starred|ふらぐ|ふらぐ付き|すたー)$/.test(value)) query.isFlagged = isWanted
  else return false
  return true
}

function applyDay(query: SearchQuery, value: string, isBefore: boolean, now: number): boolean {
  const day = dayOf(value, now)
  if (day === null) return false
  if (isBefore) query.before = Math.min(day, query.before ?? day)
  else query.after = Math.max(day, query.after ?? day)
  return true
}

function applyFolder(
  query: SearchQuery,
  value: string,
  isWanted: boolean,
  { folders }: SearchWorld,
): boolean {
  const exact = folders.filter(
    ({ name, role }) => foldText(name) === value || (role !== null && ROLE_NAMES[role].includes(value)),
  )
  const found = exact.length > 0 ? exact : folders.filter(({ name }) => foldText(name).startsWith(value))
  if (found.length === 0) return false
  const ids = found.map(({ id }) => id)
  if (isWanted) query.folderIds = [...(query.folderIds ?? []), ...ids]
  else query.notFolderIds.push(...ids)
  return true
}

function applyAccount(query: SearchQuery, value: string, isWanted: boolean, world: SearchWorld): boolean {
  const found = world.accounts.filter(({ label, address }) =>
    [foldText(label), foldText(address)].some(name => name.startsWith(value) || name.includes(`@${value}`)),
  )
  if (found.length === 0) return false
  const ids = found.map(({ id }) => id)
  if (isWanted) query.accountIds = [...(query.accountIds ?? []), ...ids]
  else query.notAccountIds.push(...ids)
  return true
}
