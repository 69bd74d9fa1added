/** What a writer is asked before a mail goes, and above all what not. */

import { describe, expect, test } from 'vitest'
import { CHECK_NAMES } from '../../shared/check-name.ts'
import { addressQuestions, draftQuestions } from '../../shared/draft-questions.ts'
import { askedCases } from './asked-cases.ts'
import { askedLines } from './asked-lines.ts'
import {
  type CaseDraft,
  crowd,
  draftOf,
  factsOf,
  haruka,
  person,
  plainFacts,
} from './draft-question-world.ts'
import { quietCases } from './quiet-cases.ts'
import { quietLinesEn } from './quiet-lines-en.ts'
import { quietLinesJa } from './quiet-lines-ja.ts'

const questionsOf = (draft: CaseDraft) => draftQuestions(draftOf(draft), factsOf(draft))

describe('a mistake is asked about, and nothing else', () => {
  test.each(askedCases)('%s', (_mistake, draft, found) => {
    expect(questionsOf(draft)).toMatchObject([found])
  })

  const lines = askedLines.flatMap(([check, draft, ...texts]) =>
    texts.map(text => [text, check, draft] as const),
  )
  test.each(lines)('%j', (text, check, draft) => {
    expect(questionsOf({ ...draft, text })).toMatchObject([{ check }])
  })
})

describe('a mail as people write it is asked nothing', () => {
  test.each(quietCases)('%s', (_mail, draft) => {
    expect(questionsOf(draft)).toEqual([])
  })

  const lines = [...quietLinesEn, ...quietLinesJa].flatMap(([draft, ...texts]) =>
    texts.map(text => [text, draft] as const),
  )
  test.each(lines)('%j', (text, draft) => {
    expect(questionsOf({ ...draft, text })).toEqual([])
  })
})

test('a check that is turned off asks nothing, each of them', () => {
  for (const [, draft, { check }] of askedCases) {
    const off = questionsOf({ ...draft, facts: { ...draft.facts, checksOff: [check] } })
    expect(off.filter(question => question.check === check)).toEqual([])
  }
  expect(new Set(askedCases.map(([, , { check }]) => check))).toEqual(new Set(CHECK_NAMES))
})

test('an address that is new and added and mistyped is asked about once', () => {
  const to = [haruka, person('', 'new@gmial.com')]
  const answered = { people: [haruka], addressed: [], hasAttachments: false }
  expect(questionsOf({ to, facts: { answered } })).toMatchObject([{ check: 'mistyped-domain' }])
})

test('questions come in the order of the sheet', () => {
  const to = [person('', 'x@gmial.com'), ...crowd(12)]
  const found = questionsOf({
    to,
    subject: '',
    text: 'Dear {{name}},\nfile attached.',
    facts: { bytes: 9e9 },
  })
  const order = found.map(({ check }) => CHECK_NAMES.indexOf(check))
  expect(found.length).toBeGreaterThan(5)
  expect(order).toEqual(order.toSorted((left, right) => left - right))
})

test('while an address is typed, only what helps at once is asked', () => {
  expect(addressQuestions([person('', 'someone@nowhere.example'), haruka], plainFacts)).toEqual([])
  expect(addressQuestions([person('', 'x@gmial.com')], plainFacts)).toMatchObject([
    { suggestion: 'x@gmail.com' },
  ])
})

describe('lines of 100,000 characters', () => {
  // Signs that begin something a pattern looks for: a pattern that tries again from each of them would never end.
  const units = [
    ...[
      'a',
      ' ',
      '>',
      '<',
      '{',
      '{{',
      '[',
      '【',
      '○',
      'X',
      '_',
      '%',
      '-',
      '`',
      '```\n',
      '\n',
      '> \n',
      '-- \n',
    ],
    ...[
      '添付',
      '添付の',
      '資料を',
      '送',
      '様',
      '佐藤様',
      '佐 ',
      'の',
      'の添付',
      '添付しています、',
      '別紙に',
    ],
    ...['attached ', 'you ', 'please find ', 'the attached ', 'I have ', 'dear ', 'Dear A, ', 'A ', 'will '],
    ...[
      '<a href="',
      '<p>',
      '<blockquote>',
      '&amp;',
      '&',
      'a.',
      'http://',
      'x@',
      '*|',
      '«',
      '\u{1f600}',
      '\ud800',
    ],
  ]
  test.each(units)('of %j are read to their end', unit => {
    const big = unit.repeat(Math.ceil(100_000 / unit.length))
    const drafts: CaseDraft[] = [
      { text: `attached 添付 資料を${big} attached 添付` },
      { text: `Dear ${big}\n佐藤${big}様`, subject: big },
      {
        html: `<p>${big}</p><p><a href="https://x.example/${big}">${big}</a><a href="mailto:${big}">${big}@x</a></p>`,
      },
      { to: [person(big, `${big}@${big}.com`), person(big, haruka.address)], text: '佐藤様' },
    ]
    for (const draft of drafts) expect(questionsOf(draft).length).toBeLessThan(10)
  })
})
