/** What a writer is asked before a mail goes, and above all what not. */

import { describe, expect, test } from 'vitest'
import { draftQuestions } from '../../shared/draft-questions.ts'
import { askedCases } from './asked-cases.ts'
import { draftOf, factsOf } from './draft-question-world.ts'
import { quietCases } from './quiet-cases.ts'

describe('a mistake is asked about, and nothing else', () => {
  test.each(askedCases)('%s', (_mistake, draft, found) => {
    expect(draftQuestions(draftOf(draft), factsOf(draft))).toMatchObject([found])
  })
})

describe('a mail as people write it is asked nothing', () => {
  test.each(quietCases)('%s', (_mail, draft) => {
    expect(draftQuestions(draftOf(draft), factsOf(draft))).toEqual([])
  })
})

test('there are eighty cases of each', () => {
  expect(askedCases.length).toBeGreaterThanOrEqual(80)
  expect(quietCases.length).toBeGreaterThanOrEqual(80)
})
