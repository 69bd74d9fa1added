/** Everybody who matches, by pages: only those on screen are asked for, and asked again when people change. */

import { useQueries } from '@tanstack/react-query'
import type { Person } from '../../shared/model.ts'
import { ask, type ProblemError, useAsk } from '../ask.ts'

const PAGE_ROWS = 100

export type PeoplePages = {
  /** Null while nobody has answered yet. */
  total: number | null
  personAt(index: number): Person | undefined
  problem: ProblemError['problem'] | null
  refetch(): void
}

/** `first` and `last` are the rows on screen. */
export function usePeoplePages(query: string, first: number, last: number): PeoplePages {
  const start = useAsk('people.list', [query, 0, PAGE_ROWS], { keepsLast: true })
  const total = start.data?.total ?? null
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS)
  const to = Math.floor(Math.max(0, Math.min(last, (total ?? 1) - 1)) / PAGE_ROWS)
  const pages = Array.from({ length: to - from + 1 }, (_, step) => from + step).filter(page => page > 0)
  const answers = useQueries({
    queries: pages.map(page => ({
      queryKey: ['people.list', query, page * PAGE_ROWS, PAGE_ROWS],
      queryFn: () => ask('people.list', query, page * PAGE_ROWS, PAGE_ROWS),
    })),
  })
  return {
    total,
    personAt(index) {
      const page = Math.floor(index / PAGE_ROWS)
      const answer = page === 0 ? start.data : answers[pages.indexOf(page)]?.data
      return answer?.people[index % PAGE_ROWS]
    },
    problem: start.error?.problem ?? null,
    refetch: () => void start.refetch(),
  }
}
