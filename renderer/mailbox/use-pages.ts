/** A long list by pages: only the pages that are on screen are asked for, and asked again when an event says so. */

import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ConversationHead } from '../../shared/conversation.ts'
import type { MessageHead, Place } from '../../shared/model.ts'
import { ask, type ProblemError } from '../ask.ts'

/** At most 200 by contract; 100 rows are more than a screen and quick to send. */
export const PAGE_ROWS = 100

/** A mail, or a conversation with its newest mail. */
export type ListedRow = { head: MessageHead; conversation: ConversationHead | null }

export type Pages = {
  /** The row at a position, or undefined while its page is on the way. */
  rowAt(index: number): ListedRow | undefined
  /** The position of a message, or of its conversation, among the loaded rows, or -1. */
  indexOf(messageId: string, threadId: string | null): number
  error: ProblemError | null
  refetch(): void
}

type Part = { total: number; first: number; last: number; isCollapsed: boolean }

async function rowsOf(place: Place, offset: number, isCollapsed: boolean): Promise<ListedRow[]> {
  if (!isCollapsed) {
    const heads = await ask('mailbox.page', place, offset, PAGE_ROWS)
    return heads.map(head => ({ head, conversation: null }))
  }
  const conversations = await ask('mailbox.conversations', place, offset, PAGE_ROWS)
  return conversations.map(conversation => ({ head: conversation.newest, conversation }))
}

export function usePages(place: Place, { total, first, last, isCollapsed }: Part): Pages {
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS)
  const to = Math.floor(Math.max(0, Math.min(last, total - 1)) / PAGE_ROWS)
  const pages = total === 0 ? [] : Array.from({ length: to - from + 1 }, (_, step) => from + step)
  const answers = useQueries({
    queries: pages.map(page => ({
      queryKey: [isCollapsed ? 'mailbox.conversations' : 'mailbox.page', place, page * PAGE_ROWS, PAGE_ROWS],
      queryFn: () => rowsOf(place, page * PAGE_ROWS, isCollapsed),
    })),
  })
  const rows = useMemo(() => {
    const found = new Map<number, ListedRow>()
    answers.forEach((answer, position) => {
      const start = (pages[position] ?? 0) * PAGE_ROWS
      answer.data?.forEach((row, offset) => {
        found.set(start + offset, row)
      })
    })
    return found
  }, [answers, pages])
  const failed = answers.find(answer => answer.isError)
  return {
    rowAt: index => rows.get(index),
    indexOf: (messageId, threadId) => {
      for (const [index, { head, conversation }] of rows) {
        if (conversation === null ? head.id === messageId : conversation.threadId === threadId) return index
      }
      return -1
    },
    error: (failed?.error as ProblemError | undefined) ?? null,
    refetch: () => {
      for (const answer of answers) if (answer.isError) void answer.refetch()
    },
  }
}
