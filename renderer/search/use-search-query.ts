/** What is typed, understood on the page as the program understands it: to mark it, and to know whether it asks anything. */

import { useMemo } from 'react'
import { isEmptySearch, parseSearch, type SearchTerm } from '../../shared/search-query.ts'
import { useAsk } from '../ask.ts'

const NO_TERMS: readonly SearchTerm[] = []

type Understood = {
  isEmpty: boolean
  /** What a mail has, without what it must not have; and of it what may stand in the letter itself. */
  terms: readonly SearchTerm[]
  inText: readonly SearchTerm[]
}

export function useSearchQuery(text: string): Understood {
  const folders = useAsk('mailbox.folders', []).data
  const accounts = useAsk('accounts.list', []).data
  return useMemo(() => {
    const query = parseSearch(text, {
      now: Date.now(),
      folders: folders ?? [],
      accounts: (accounts ?? []).map(({ id, label, identity }) => ({ id, label, address: identity.address })),
    })
    const terms = query.terms.filter(term => !term.isExcluded)
    const inText = terms.filter(({ field }) => field === 'any')
    return {
      isEmpty: isEmptySearch(query),
      terms: terms.length === 0 ? NO_TERMS : terms,
      inText: inText.length === 0 ? NO_TERMS : inText,
    }
  }, [text, folders, accounts])
}
