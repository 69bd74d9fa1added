/** What is asked about a letter to many: once what is so in every mail, by its row what is not. */

import { expect, test } from 'vitest'
import { questionsOfRows } from '../../../renderer/merge/row-questions.ts'
import type { DraftQuestion } from '../../../shared/draft-questions.ts'

const noSubject: DraftQuestion = { check: 'empty-subject' }
const mistyped = (row: number): DraftQuestion => ({
  check: 'mistyped-domain',
  address: `person${row}@gmai.com`,
  reason: 'mistyped',
  suggestion: `person${row}@gmail.com`,
})
const ask = (rows: number[], questionsOf: (row: number) => DraftQuestion[], signal?: AbortSignal) =>
  questionsOfRows(rows, questionsOf, signal ?? new AbortController().signal, () => {})

test('what every row brings up is asked once, the rest by its row', async () => {
  const found = await ask([0, 1, 5], row => (row === 5 ? [noSubject, mistyped(5)] : [noSubject]))
  expect(found).toEqual({ ofAll: [noSubject], ofRows: [{ row: 5, questions: [mistyped(5)] }] })
})

test('what only some rows bring up is asked for each of them', async () => {
  const found = await ask([0, 1, 2], row => (row === 1 ? [] : [noSubject]))
  expect(found).toEqual({
    ofAll: [],
    ofRows: [
      { row: 0, questions: [noSubject] },
      { row: 2, questions: [noSubject] },
    ],
  })
})

test('that somebody is new is no question where many were chosen together', async () => {
  const found = await ask([0], () => [
    { check: 'first-mail', addresses: [{ name: '', address: 'a@x.test' }] },
  ])
  expect(found).toEqual({ ofAll: [], ofRows: [] })
})

test('looking at thousands of rows lets go of the window in between, and can be stopped', async () => {
  const stop = new AbortController()
  const rows = Array.from({ length: 1_000_000 }, (_, row) => row)
  let turns = 0
  const found = await questionsOfRows(
    rows,
    row => [mistyped(row)],
    stop.signal,
    () => {
      turns += 1
      if (turns === 3) stop.abort()
    },
  )
  expect(found).toBeNull()
  expect(turns).toBe(3)
})
