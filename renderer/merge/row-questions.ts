/**
 * The questions before sending, for every mail of a letter to many: what every row brings up is asked once, the rest by
 * its row. Thousands are looked at in turns, so that the window stays usable and the looking can be stopped.
 */

import type { DraftQuestion } from '../../shared/draft-questions.ts'

export type RowQuestions = {
  /** Found in every row: it is the letter's. */
  ofAll: DraftQuestion[]
  ofRows: { row: number; questions: DraftQuestion[] }[]
}

const TURN_MS = 8
/** Who a letter to many goes to was chosen as a whole: that somebody is new is no question. */
const NOT_OF_MANY: ReadonlySet<DraftQuestion['check']> = new Set(['first-mail', 'added-recipients'])

const nextTurn = () => new Promise<void>(resolve => setTimeout(resolve))

/** Null where it was stopped. */
export async function questionsOfRows(
  rows: readonly number[],
  questionsOf: (row: number) => DraftQuestion[],
  signal: AbortSignal,
  onLooked: (looked: number) => void,
): Promise<RowQuestions | null> {
  const found = new Map<number, DraftQuestion[]>()
  const times = new Map<string, number>()
  let until = performance.now() + TURN_MS
  for (const [looked, row] of rows.entries()) {
    if (performance.now() > until) {
      onLooked(looked)
      await nextTurn()
      if (signal.aborted) return null
      until = performance.now() + TURN_MS
    }
    const questions = questionsOf(row).filter(({ check }) => !NOT_OF_MANY.has(check))
    if (questions.length > 0) found.set(row, questions)
    for (const question of questions) {
      const key = JSON.stringify(question)
      times.set(key, (times.get(key) ?? 0) + 1)
    }
  }
  const isOfAll = (question: DraftQuestion) => times.get(JSON.stringify(question)) === rows.length
  const ofAll = (found.get(rows[0] ?? -1) ?? []).filter(isOfAll)
  const ofRows = [...found].flatMap(([row, questions]) => {
    const own = questions.filter(question => !isOfAll(question))
    return own.length === 0 ? [] : [{ row, questions: own }]
  })
  return { ofAll, ofRows }
}
