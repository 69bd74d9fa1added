/**
 * The people a letter goes to one by one, as long as its composer is open: where they come from, and whether the
 * dialog is open. Refuses to keep them with the draft: a table is chosen for one sending. Only what was taken back comes
 * with its people.
 */

import { useEffect, useState } from 'react'
import { guessColumns, type MergeColumns, type MergeTable } from '../../shared/merge.ts'
import type { DraftContent } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { keptPeople } from './kept-people.ts'

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
  /** The draft may have people, and they are not here yet: until then it is not known to whom it goes. */
  isReading: boolean
  choosePeople(): void
  /** `letter` as it is written at this moment. */
  check(letter: DraftContent): void
  close(): void
  /** False where the table has no column of addresses. */
  take(table: MergeTable, from: string): boolean
  setColumns(columns: MergeColumns): void
  forget(): void
}

/** `draftId` is null for a draft that was just begun. */
export function useMerge(isWantedAtOnce: boolean, draftId: string | null): Merge {
  const [step, setStep] = useState<Merge['step']>(isWantedAtOnce ? 'people' : 'closed')
  const [chosen, setChosen] = useState<ChosenPeople | null>(null)
  const [letter, setLetter] = useState<DraftContent | null>(null)
  const [isReading, setReading] = useState(draftId !== null)
  useEffect(() => {
    if (draftId === null) return
    let isCurrent = true
    void keptPeople(draftId).then(kept => {
      if (!isCurrent) return
      if (kept !== null) setChosen(kept)
      setReading(false)
    })
    return () => {
      isCurrent = false
    }
  }, [draftId])
  const forgetKept = () => {
    if (draftId !== null) void call('merge.forgetPeople', draftId)
  }
  return {
    step,
    chosen,
    letter,
    isReading,
    choosePeople: () => setStep('people'),
    check(written) {
      setLetter(written)
      setStep('check')
    },
    close: () => setStep('closed'),
    take(table, from) {
      const columns = guessColumns(table)
      if (columns === null) return false
      forgetKept()
      setChosen({ table, columns, from })
      setStep('closed')
      return true
    },
    setColumns: columns => setChosen(current => current && { ...current, columns }),
    forget() {
      setChosen(null)
      forgetKept()
    },
  }
}
