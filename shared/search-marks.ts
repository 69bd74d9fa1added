/**
 * Where the words of a question stand in a text that is shown. Pure; positions are UTF-16 units of the text as it came,
 * whatever folding makes of it. Refuses to decide what is found: that is the index's word, this only shows it.
 */

import { foldText } from './fold.ts'
import type { SearchTerm } from './search-query.ts'
import { joinBrokenLines, runsOf } from './search-terms.ts'

export type Mark = { from: number; to: number }

/** What is marked of the asked terms; of a field only where that field is shown. */
export function wordsToMark(terms: readonly SearchTerm[], field: SearchTerm['field'] | null): SearchTerm[] {
  return terms.filter(
    term => !term.isExcluded && (term.field === 'any' || field === null || term.field === field),
  )
}

/** The places, in order and not overlapping. */
export function marksIn(text: string, terms: readonly SearchTerm[]): Mark[] {
  if (terms.length === 0 || text === '') return []
  const { folded, origin } = foldedWithOrigin(text)
  const found: Mark[] = []
  const add = (from: number, length: number) => {
    const [first, last] = [origin[from], origin[from + length - 1]]
    if (first !== undefined && last !== undefined) found.push({ from: first.from, to: last.to })
  }
  const words = [...runsOf(folded)]
  for (const term of terms) {
    const asked = foldText(term.text).replace(/\s+/g, ' ').trim()
    if (term.isPhrase) {
      for (const at of placesOf(folded, asked)) add(at, asked.length)
      continue
    }
    for (const run of runsOf(asked)) {
      if (run.isCjk) for (const at of placesOf(folded, run.text)) add(at, run.text.length)
      else {
        for (const word of words) if (isForm(word.text, run.text)) add(word.at, word.text.length)
      }
    }
  }
  return joined(found)
}

function* placesOf(text: string, wanted: string): Generator<number> {
  if (wanted === '') return
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) yield at
}

/** Near enough to what the index's stemmer takes for one word: the same beginning, an English ending. */
function isForm(word: string, asked: string): boolean {
  if (word === asked) return true
  if (asked.length > 2 && word.startsWith(asked)) return true
  const stem = (text: string) =>
    text.length < 5 ? text : text.replace(/(?:ations?|ings?|ness|ment|ed|ly|ies|es|s|e|y)$/, '')
  const [left, right] = [stem(word), stem(asked)]
  return left.length > 2 && left === right
}

/** Folds sign by sign, so that each unit of the folded text knows where the sign it came from begins and ends. */
function foldedWithOrigin(text: string): { folded: string; origin: Mark[] } {
  const origin: Mark[] = []
  let folded = ''
  // A sign with what belongs to it: combining marks, and the half-width voice marks of kana.
  for (const match of text.matchAll(/[\s\S][\p{M}\uff9e\uff9f]*/gu)) {
    const part = /\s/u.test(match[0]) ? ' ' : foldText(match[0])
    const sign = { from: match.index, to: match.index + match[0].length }
    for (let unit = 0; unit < part.length; unit += 1) origin.push(sign)
    folded += part
  }
  return { folded, origin }
}

function joined(marks: Mark[]): Mark[] {
  const sorted = marks.sort((left, right) => left.from - right.from)
  const whole: Mark[] = []
  for (const mark of sorted) {
    const last = whole.at(-1)
    if (last !== undefined && mark.from <= last.to) last.to = Math.max(last.to, mark.to)
    else whole.push({ ...mark })
  }
  return whole
}

/** Before the first place, in half-widths: a narrow row still shows the place itself. */
const EXCERPT_BEFORE = 22
const EXCERPT_LENGTH = 160

/** The line around the first place that is marked, or null where there is none. */
export function excerptOf(text: string, terms: readonly SearchTerm[]): string | null {
  const line = joinBrokenLines(text).replace(/\s+/gu, ' ')
  const first = marksIn(line.slice(0, 200_000), terms)[0]
  if (first === undefined) return null
  const from = startBefore(line, first.from)
  // Not in the middle of a word or of a pair of surrogates.
  const begin = from === 0 ? 0 : wordStart(line, from, first.from)
  const cut = [...line.slice(begin, begin + EXCERPT_LENGTH * 2)].slice(0, EXCERPT_LENGTH).join('')
  return `${begin > 0 ? '…' : ''}${cut.trim()}`
}

function startBefore(line: string, end: number): number {
  let at = end
  for (let room = EXCERPT_BEFORE; at > 0 && room > 0; at -= 1)
    room -= line.charCodeAt(at - 1) < 0x1100 ? 1 : 2
  return at
}

function wordStart(line: string, from: number, until: number): number {
  const space = line.indexOf(' ', from)
  if (space >= 0 && space < until) return space + 1
  return /[\udc00-\udfff]/.test(line[from] ?? '') ? from + 1 : from
}
