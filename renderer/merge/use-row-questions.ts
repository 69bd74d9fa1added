/** Asks about a letter to many, row by row, while its rows are looked at; what was left out is no question any more. */

import { useEffect, useRef, useState } from 'react'
import { mergeRow } from '../../shared/merge.ts'
import type { DraftContent } from '../../shared/model.ts'
import type { Composer } from '../compose/use-composer.ts'
import { questionsOfRows, type RowQuestions } from './row-questions.ts'
import type { ChosenPeople } from './use-merge.ts'

type Asking = {
  /** What was found; null as long as nobody asked, or all is well. */
  found: RowQuestions | null
  /** Rows looked at while it goes on, else null. */
  looked: number | null
  /** True where there is something to answer first, or it was stopped. */
  ask(rows: readonly number[]): Promise<boolean>
  leaveOut(rows: readonly number[]): void
  clear(): void
}

export const isSettled = ({ ofAll, ofRows }: RowQuestions): boolean => ofAll.length + ofRows.length === 0

export function useRowQuestions(
  composer: Composer,
  content: DraftContent,
  { table, columns }: ChosenPeople,
): Asking {
  const [found, setFound] = useState<RowQuestions | null>(null)
  const [looked, setLooked] = useState<number | null>(null)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])

  async function ask(rows: readonly number[]): Promise<boolean> {
    const controller = new AbortController()
    stop.current = controller
    setLooked(0)
    const all = await questionsOfRows(
      rows,
      row =>
        composer.questions.again({
          content: { ...content, ...mergeRow(content, table, columns, row) },
          files: composer.attachments.attached.map(({ name }) => name),
          bytes: composer.meter.bytes,
          abilities: composer.server.abilities,
        }),
      controller.signal,
      setLooked,
    )
    if (all === null) return true
    setLooked(null)
    if (isSettled(all)) return false
    setFound(all)
    return true
  }

  return {
    found,
    looked,
    ask,
    leaveOut(rows) {
      const gone = new Set(rows)
      setFound(
        current => current && { ...current, ofRows: current.ofRows.filter(({ row }) => !gone.has(row)) },
      )
    },
    clear: () => setFound(null),
  }
}
