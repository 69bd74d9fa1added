/**
 * The people a letter goes to one by one, as long as its composer is open: where they come from, and whether the
 * dialog is open. Refuses to keep them with the draft: a table is chosen for one sending.
 */

import { useState } from 'react'
import { guessColumns, type MergeColumns, type MergeTable } from '../../shared/merge.ts'
import type { DraftContent } from '../../shared/model.ts'

export type ChosenPeople = {
  table: MergeTable
  columns: MergeColumns
  /** The file or group, as the person knows it. */
  from: string
}

export type Merge = {
  step: 'closed' | 'people' | 'check'
  chosen: ChosenPeople | null
  letter: DraftContent | null
  choosePeople(): void
  /** `letter` as it is written at this moment. */
  check(letter: DraftContent): void
  close(): void
  /** False where the table has no column of addresses. */
  take(table: MergeTable, from: string): boolean
  setColumns(columns: MergeColumns): void
  forget(): void
}

export function useMerge(isWantedAtOnce: boolean): Merge {
  const [step, setStep] = useState<Merge['step']>(isWantedAtOnce ? 'people' : 'closed')
  const [chosen, setChosen] = useState<ChosenPeople | null>(null)
  const [letter, setLetter] = useState<DraftContent | null>(null)
  return {
    step,
    chosen,
    letter,
    choosePeople: () => setStep('people'),
    check(written) {
      setLetter(written)
      setStep('check')
    },
    close: () => setStep('closed'),
    take(table, from) {
      const columns = guessColumns(table)
      if (columns === null) return false
      setChosen({ table, columns, from })
      setStep('closed')
      return true
    },
    setColumns: columns => setChosen(current => current && { ...current, columns }),
    forget: () => setChosen(null),
  }
}
