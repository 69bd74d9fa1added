/** What was searched for, for whoever shows a mail that was found. */

import { createContext, useContext } from 'react'
import type { SearchTerm } from '../../shared/search-query.ts'

const NOTHING: readonly SearchTerm[] = []

export const FoundWords = createContext<readonly SearchTerm[]>(NOTHING)

export function useFoundWords(): readonly SearchTerm[] {
  return useContext(FoundWords)
}
