/**
 * Text cut into the terms that are searched: words of letters and digits, Chinese and Japanese (and Korean) runs as
 * overlapping pairs of characters, all folded. The index and the question are cut by the same hand. Refuses to stem:
 * that is the index's own work, on both sides.
 */

import { foldText } from './fold.ts'

/** Where a word may be asked for by name; a mail's other words are its text. */
export const SEARCH_FIELDS = ['from', 'to', 'subject', 'file'] as const
export type SearchField = (typeof SEARCH_FIELDS)[number]

/** Kana (folded to hiragana, the long mark with them), ideographs and Hangul; the middle dot stands between words. */
const CJK =
  '\\u3005-\\u3007\\u3041-\\u309a\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u30ff\\u3400-\\u9fff\\uac00-\\ud7a3\\uf900-\\ufaff\\u{20000}-\\u{323af}'
const RUN = new RegExp(`([${CJK}]+)|((?:(?![${CJK}])[\\p{L}\\p{N}\\p{M}])+)`, 'gu')
const BROKEN_LINE = new RegExp(`([${CJK}])[ \\t]*\\r?\\n[ \\t>]*(?=[${CJK}])`, 'gu')
const LINK_QUERY = /(\bhttps?:\/\/[^\s?#]{1,300})[?#]\S+/gi
const ASCII = /^[\u0000-\u007f]*$/

/** Longer ones are no words: encoded data, the keys of links. A SHA-1 is still one. */
const LONGEST_WORD = 40

/** Marks a term of a field: characters that no text has after folding is done, and no letters to a stemmer. */
const FIELD_MARKS: Record<SearchField, string> = {
  from: '\ue001',
  to: '\ue002',
  subject: '\ue003',
  file: '\ue004',
}

export function markedTerm(field: SearchField, term: string): string {
  return FIELD_MARKS[field] + term
}

/**
 * A run of the text as it stands after folding: a word, or ideographs and kana that are written without spaces.
 * `isCjk` tells which.
 */
export type SearchRun = { text: string; isCjk: boolean; at: number }

export function* runsOf(folded: string): Generator<SearchRun> {
  if (ASCII.test(folded)) {
    for (const match of folded.matchAll(/[a-z0-9]+/g)) yield { text: match[0], isCjk: false, at: match.index }
    return
  }
  for (const match of folded.matchAll(RUN)) {
    yield { text: match[0], isCjk: match[1] !== undefined, at: match.index }
  }
}

/** Japanese has no spaces: where a line ends between two signs, they belong together (a quote's marks fall away). */
export function joinBrokenLines(text: string): string {
  return text.includes('\n') ? text.replace(BROKEN_LINE, '$1') : text
}

/** Adds the terms of a text to be found by. A Japanese word that was broken at a line's end is whole again. */
export function addTerms(terms: Set<string>, text: string, field: SearchField | null = null): void {
  const mark = field === null ? '' : FIELD_MARKS[field]
  const whole = joinBrokenLines(text)
  const folded = foldText(whole.includes('://') ? whole.replace(LINK_QUERY, '$1') : whole)
  for (const run of runsOf(folded)) {
    if (!run.isCjk) {
      if (run.text.length <= LONGEST_WORD) terms.add(mark + run.text)
      continue
    }
    const signs = [...run.text]
    for (let at = 1; at < signs.length; at += 1) terms.add(`${mark}${signs[at - 1]}${signs[at]}`)
    // One sign is asked for as the beginning of a pair: the last of a run begins none.
    terms.add(`${mark}${signs[signs.length - 1]}`)
  }
}

/** A term that a mail must have. `isStart`: any term that begins so will do. */
export type AskedTerm = { term: string; isStart: boolean }

/** The terms of a word that was asked for; `isUnfinished` where somebody may still be typing it. */
export function askedTerms(text: string, isUnfinished: boolean): AskedTerm[] {
  const asked: AskedTerm[] = []
  const folded = foldText(text)
  const runs = [...runsOf(folded)].filter(run => run.isCjk || run.text.length <= LONGEST_WORD)
  for (const [index, run] of runs.entries()) {
    if (run.isCjk) {
      const signs = [...run.text]
      if (signs.length === 1) asked.push({ term: run.text, isStart: true })
      for (let at = 1; at < signs.length; at += 1) {
        asked.push({ term: `${signs[at - 1]}${signs[at]}`, isStart: false })
      }
      continue
    }
    const isLast = index === runs.length - 1 && run.at + run.text.length === folded.length
    // One or two letters begin too many words to be a help.
    asked.push({ term: run.text, isStart: isUnfinished && isLast && run.text.length > 2 })
  }
  return asked
}
