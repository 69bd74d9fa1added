/** The rows of a search, page after page, and the lines around the words for those on screen. */

import { useInfiniteQuery, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MessageHead, Place } from '../../shared/model.ts'
import type { SearchOrder, SearchPage } from '../../shared/search-answer.ts'
import { ask, ProblemError } from '../ask.ts'

export type Found = {
  heads: readonly MessageHead[]
  isPending: boolean
  hasMore: boolean
  more(): void
  error: ProblemError | null
  retry(): void
}

export function useFound(text: string, place: Place | null, order: SearchOrder, alsoIds: string[]): Found {
  const answer = useInfiniteQuery<SearchPage, ProblemError>({
    queryKey: ['search.find', text, place, order, alsoIds],
    queryFn: ({ pageParam }) => ask('search.find', text, place, order, pageParam as string | null, alsoIds),
    initialPageParam: null,
    getNextPageParam: page => page.cursor,
    // What was found for fewer letters stays until the answer is there.
    placeholderData: last => last,
    // A question that another one overtook is asked again when it is the one that counts.
    retry: (count, error) =>
      error instanceof ProblemError && error.problem.kind === 'cancelled' && count < 20,
    retryDelay: 30,
  })
  const heads = useMemo(() => answer.data?.pages.flatMap(page => page.heads) ?? [], [answer.data])
  return {
    heads,
    isPending: answer.isPending,
    hasMore: answer.hasNextPage && !answer.isPlaceholderData,
    more: () => {
      if (!answer.isFetching) void answer.fetchNextPage()
    },
    error: answer.error,
    retry: () => void answer.refetch(),
  }
}

/** So many rows are looked up at once: about a screen. */
const CHUNK = 20

/** By message; what has not come yet is not in it. */
export function useExcerpts(
  text: string,
  heads: readonly MessageHead[],
  first: number,
  last: number,
): ReadonlyMap<string, string> {
  const chunks: string[][] = []
  for (let at = Math.floor(first / CHUNK) * CHUNK; at <= last && at < heads.length; at += CHUNK) {
    chunks.push(heads.slice(at, at + CHUNK).map(({ id }) => id))
  }
  return useQueries({
    queries: chunks.map(ids => ({
      queryKey: ['search.excerpts', text, ids],
      queryFn: () => ask('search.excerpts', text, ids),
      staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: answers => {
      const excerpts = new Map<string, string>()
      for (const { data } of answers) {
        for (const { messageId, excerpt } of data ?? [])
          if (excerpt !== null) excerpts.set(messageId, excerpt)
      }
      return excerpts
    },
  })
}
