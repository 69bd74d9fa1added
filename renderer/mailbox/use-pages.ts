/** A long list by pages: only the pages that are on screen are asked for, and asked again when an event says so. */

import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { MessageHead, Place } from '../../shared/model.ts'
import { ask, type ProblemError } from '../ask.ts'

/** At most 200 by contract; 100 rows are more than a screen and quick to send. */
export const PAGE_ROWS = 100

export type Pages = {
  /** The row at a position, or undefined while its page is on the way. */
  rowAt(index: number): MessageHead | undefined
  /** The position of a message among the loaded rows, or -1. */
  indexOf(messageId: string): number
  error: ProblemError | null
  refetch(): void
}

export function usePages(place: Place, total: number, first: number, last: number): Pages {
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS)
  const to = Math.floor(Math.max(0, Math.min(last, total - 1)) / PAGE_ROWS)
  const pages = total === 0 ? [] : Array.from({ length: to - from + 1 }, (_, step) => from + step)
  const answers = useQueries({
    queries: pages.map(page => ({
      queryKey: ['mailbox.page', place, page * PAGE_ROWS, PAGE_ROWS],
      queryFn: () => ask('mailbox.page', place, page * PAGE_ROWS, PAGE_ROWS),
    })),
  })
  const rows = useMemo(() => {
    const found = new Map<number, MessageHead>()
    answers.forEach((answer, position) => {
      const start = (pages[position] ?? 0) * PAGE_ROWS
      answer.data?.forEach((head, offset) => {
        found.set(start + offset, head)
      })
    })
    return found
  }, [answers, pages])
  const failed = answers.find(answer => answer.isError)
  return {
    rowAt: index => rows.get(index),
    indexOf: messageId => {
      for (const [index, head] of rows) if (head.id === messageId) return index
      return -1
    },
    error: (failed?.error as ProblemError | undefined) ?? null,
    refetch: () => {
      for (const answer of answers) if (answer.isError) void answer.refetch()
    },
  }
}
