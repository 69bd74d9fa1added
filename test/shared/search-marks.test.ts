import { describe, expect, test } from 'vitest'
import { excerptOf, marksIn } from '../../shared/search-marks.ts'
import { parseSearch } from '../../shared/search-query.ts'
import { addTerms, askedTerms } from '../../shared/search-terms.ts'

const termsOf = (text: string) => parseSearch(text, { now: 0, folders: [], accounts: [] }).terms
/** The text with its marks as brackets. */
function marked(text: string, question: string): string {
  let out = ''
  let at = 0
  for (const { from, to } of marksIn(text, termsOf(question))) {
    out += `${text.slice(at, from)}[${text.slice(from, to)}]`
    at = to
  }
  return out + text.slice(at)
}

describe('marks', () => {
  test.each([
    ['Invoice for November', 'invoice ', '[Invoice] for November'],
    ['two invoices, one meeting', 'invoice meetings ', 'two [invoices], one [meeting]'],
    ['the meeting', 'meetin', 'the [meeting]'],
    ['見積書を送ります', '見積 ', '[見積]書を送ります'],
    ['ﾐﾂﾓﾘ ｶﾞｲﾖｳ', 'みつもり ガイヨウ ', '[ﾐﾂﾓﾘ] [ｶﾞｲﾖｳ]'],
    ['㈱山田、㍿佐藤', '株式 ', '㈱山田、[㍿]佐藤'],
    ['Müller und Zoë', 'muller zoe ', '[Müller] und [Zoë]'],
    ['the site  visit and a visit to the site', '"site visit"', 'the site  visit and a visit to the site'],
    ['the site visit and a visit', '"site visit"', 'the [site visit] and a visit'],
    ['𠮷野家の𠮷', '𠮷野 ', '[𠮷野]家の𠮷'],
    ['art and part', 'art ', '[art] and part'],
    ['nothing here', '-nothing', 'nothing here'],
  ])('%s, asked for %s', (text, question, expected) => {
    const terms = termsOf(question).filter(term => !term.isExcluded)
    expect(terms.length > 0 ? marked(text, question) : text).toBe(expected)
  })

  test('an excerpt begins near the first place and is one line', () => {
    const text = `${'word '.repeat(100)}\n見積書を\n添付します。${'more '.repeat(100)}`
    const excerpt = excerptOf(text, termsOf('見積 '))
    expect(excerpt).toMatch(/^…(word )+見積書を添付します。more/)
    expect(excerpt?.length).toBeLessThanOrEqual(161)
    expect(excerptOf(text, termsOf('nowhere '))).toBeNull()
  })
})

describe('terms', () => {
  const terms = (text: string) => {
    const set = new Set<string>()
    addTerms(set, text)
    return [...set]
  }
  test('Japanese is cut into pairs, other words stay whole, all of it folded', () => {
    expect(terms('見積書 PDF２枚')).toEqual(['見積', '積書', '書', 'pdf2', '枚'])
    expect(terms('ｶﾀｶﾅ・カナ')).toEqual(['かた', 'たか', 'かな', 'な'])
    expect(terms('Zoë’s naïve café')).toEqual(['zoe', 's', 'naive', 'cafe'])
  })
  test('a Japanese word that was broken at the end of a line is whole', () => {
    expect(terms('来週の打ち合\r\nわせについて')).toContain('合わ')
    expect(terms('> 来週の打ち合\n> わせについて')).toContain('合わ')
    expect(terms('end\nofline')).toEqual(['end', 'ofline'])
  })
  test('keys of links and encoded data are no words', () => {
    expect(terms(`https://example.org/path?token=abcdef and ${'x'.repeat(60)}`)).toEqual([
      'https',
      'example',
      'org',
      'path',
      'and',
    ])
  })
  test('a sign alone is asked for as a beginning, a half-typed word too', () => {
    expect(askedTerms('書', false)).toEqual([{ term: '書', isStart: true }])
    expect(askedTerms('inv', true)).toEqual([{ term: 'inv', isStart: true }])
    expect(askedTerms('in', true)).toEqual([{ term: 'in', isStart: false }])
    expect(askedTerms('見積書', true).map(({ term }) => term)).toEqual(['見積', '積書'])
  })
})
