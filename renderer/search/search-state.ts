/** What the search field holds and how it looks through mail; a part of where the window is. Pure. */

import type { SearchOrder } from '../../shared/search-answer.ts'

export type SearchState = {
  text: string
  /** Everywhere, or only in the place that is open. */
  isEverywhere: boolean
  order: SearchOrder
  /** Grows each time somebody asks for the field: it takes the focus then. */
  asked: number
}

/** The field, asked for: a new search, or the one that is there. */
export function askedSearch(search: SearchState | undefined, isEverywhere = false): SearchState {
  if (search === undefined) return { text: '', isEverywhere, order: 'newest', asked: 1 }
  return { ...search, asked: search.asked + 1 }
}

/** What is offered to narrow a search, in the person's language: `from:`, `差出人:`, `has:attachment`. */
export type Hint = { id: string; inserted: string }

/** The hints that fit what is being typed: all of them before a word, those that begin so within one. */
export function fittingHints(text: string, hints: readonly Hint[]): Hint[] {
  const word = lastWord(text)
  if (word === '') return [...hints]
  const typed = word.normalize('NFKC').toLowerCase()
  return hints.filter(({ inserted }) => inserted.startsWith(typed) && inserted !== typed)
}

/** The text with the hint in the place of the word that is being typed. */
export function withHint(text: string, hint: Hint): string {
  const before = text.slice(0, text.length - lastWord(text).length)
  const space = before === '' || /\s$/u.test(before) ? '' : ' '
  // What wants a value waits for it; what is whole is followed by the next word.
  return `${before}${space}${hint.inserted}${hint.inserted.endsWith(':') ? '' : ' '}`
}

function lastWord(text: string): string {
  return /[^\s]*$/u.exec(text)?.[0] ?? ''
}
