import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedWords } from '../../../main/drafts/changed-words.ts'

const words = (text: string, subject = 'Plan') => ({ text, subject })
const between = (before: string, after: string) => changedWords(words(before), words(after))

describe('the words that a version of a draft is known by', () => {
  test('the first state is known by its own words', () => {
    expect(changedWords(null, words('Dear Haruka,\n\nthank you'))).toBe('Dear Haruka, thank you')
  })

  test('a longer text is known from the word on that grew', () => {
    expect(between('Dear Haruka,\nthe pho', 'Dear Haruka,\nthe photos of the staircase')).toBe(
      '…photos of the staircase',
    )
  })

  test('words in the middle are found where they changed, not where the text begins', () => {
    expect(between('One two three four', 'One two 3 four')).toBe('…3 four')
  })

  test('where the end was taken out, the words that end it now are shown', () => {
    expect(between('Dear Haruka, see you on Friday', 'Dear Haruka,')).toBe('…Haruka,')
  })

  test('a language without spaces is shown from a little before the change', () => {
    expect(between('お世話になっております。', 'お世話になっております。田中です。')).toBe(
      'お世話になっております。田中です。',
    )
  })

  test('the same text is known by a new subject, or by nothing', () => {
    expect(changedWords(words('a', 'Plan'), words('a', 'Plan B'))).toBe('Plan B')
    expect(changedWords(words('a'), words('a'))).toBe('')
    expect(between('all of it', '')).toBe('')
  })

  test('whatever changed, it is one line of whole characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        (before, after) => {
          const line = between(before, after)
          expect(line.isWellFormed()).toBe(true)
          expect(line).not.toMatch(/[\r\n]/)
          expect([...line].length).toBeLessThanOrEqual(141)
        },
      ),
    )
  })
})
