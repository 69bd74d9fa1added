/** How a batch stands, in one line: how many are handed over, who needs the person, and what it waits for. */

import type { MergeBatch } from '../../shared/merge.ts'
import type { Problem } from '../../shared/problem.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { problemWords } from '../ui/problem-words.ts'
import { useNow } from '../ui/use-now.ts'

export type BatchWords = {
  line: string
  /** Why its account rests; null where it does not, or the batch is over. */
  resting: Problem | null
}

/** Rows that are to be mails: those left out are not of them. */
export const mailsOf = ({ rows, counts }: MergeBatch): number => rows - counts.left

export const isOver = ({ state }: MergeBatch): boolean => state === 'done' || state === 'cancelled'

export function useBatchWords(batch: MergeBatch): BatchWords {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const statuses = useAsk('app.status', [])
  const { counts } = batch
  const outgoing = statuses.data?.find(({ accountId }) => accountId === batch.accountId)?.outgoing
  const resting = isOver(batch) || outgoing?.state !== 'paused' ? null : outgoing
  const parts = [words('merge.handed', { some: counts.accepted, all: mailsOf(batch) })]
  if (counts.needsYou > 0) parts.push(words('merge.needsYou', { count: counts.needsYou }))
  if (resting !== null) {
    const why = problemWords(resting.problem, words, format).title
    const time = resting.until === null ? null : format.due(Math.max(now, resting.until), now)
    parts.push(time === null ? words('merge.waits', { why }) : words('merge.waitsUntil', { time, why }))
  } else if (!isOver(batch) && batch.state !== 'paused' && batch.leavesAt > now) {
    parts.push(words('merge.leaves', { time: format.due(batch.leavesAt, now) }))
  }
  return { line: parts.join(' · '), resting: resting?.problem ?? null }
}
