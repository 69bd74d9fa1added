/** A question as the index understands it: expressions of FTS5 from terms. Pure; every term is quoted. */

import type { SearchQuery, SearchTerm } from '../../shared/search-query.ts'
import { type AskedTerm, askedTerms, markedTerm, type SearchField } from '../../shared/search-terms.ts'

export type SearchMatch = {
  /** What a mail must have; null where no word is asked for. */
  all: string | null
  /** What it must not have, where nothing else is asked for. */
  none: string | null
  /** From the best to all: a mail belongs to the first that it fits. */
  tiers: string[]
}

/** Endings that the stemmer takes off whole words: half of one typed must not hide what the word will find. */
const ENDINGS = [
  'ing',
  'ed',
  'es',
  'ly',
  'ation',
  'ations',
  'ization',
  'ment',
  'ness',
  'ity',
  'ies',
  'able',
  'ful',
]

export function matchOf({ terms }: SearchQuery): SearchMatch {
  const wanted = terms.filter(term => !term.isExcluded)
  // Whether words in quotes stand together only the text knows: without them all, too much would be left out.
  const unwanted = terms.filter(term => term.isExcluded && !needsText(term)).map(term => expressionOf(term))
  const without = (expression: string) =>
    unwanted.reduce((whole, each) => `(${whole}) NOT (${each})`, expression)
  if (wanted.length === 0) {
    return {
      all: null,
      none: unwanted.length === 0 ? null : unwanted.map(each => `(${each})`).join(' OR '),
      tiers: [],
    }
  }
  const all = without(wanted.map(term => `(${expressionOf(term)})`).join(' AND '))
  return { all, none: null, tiers: tiersOf(wanted, all) }
}

/** Words in quotes: the index knows them, their order only the text. */
export function needsText(term: SearchTerm): boolean {
  return term.isPhrase && askedTerms(term.text, false).length > 1
}

function tiersOf(wanted: SearchTerm[], all: string): string[] {
  if (!wanted.some(term => term.field === 'any')) return [all]
  const within = (fields: readonly SearchField[]) =>
    wanted
      .map(term =>
        term.field === 'any' ? fields.map(field => expressionOf(term, field)) : [expressionOf(term)],
      )
      .map(ways => `(${ways.map(way => `(${way})`).join(' OR ')})`)
      .join(' AND ')
  const subject = `(${all}) AND (${within(['subject'])})`
  const near = `((${all}) AND (${within(['subject', 'from', 'to', 'file'])})) NOT (${within(['subject'])})`
  return [subject, near, `(${all}) NOT (${within(['subject', 'from', 'to', 'file'])})`]
}

function expressionOf({ field, text, isUnfinished }: SearchTerm, within?: SearchField): string {
  const place = within ?? (field === 'any' ? null : field)
  return askedTerms(text, isUnfinished)
    .map(asked =>
      waysOf(asked).map(({ term, isStart }) =>
        quoted(place === null ? term : markedTerm(place, term), isStart),
      ),
    )
    .map(ways => (ways.length === 1 ? ways[0] : `(${ways.join(' OR ')})`))
    .join(' AND ')
}

function waysOf(asked: AskedTerm): AskedTerm[] {
  if (!asked.isStart || !/^[a-z]+$/.test(asked.term)) return [asked]
  const whole = ENDINGS.flatMap(ending => {
    for (let length = ending.length - 1; length > 0; length -= 1) {
      if (asked.term.length > length + 2 && asked.term.endsWith(ending.slice(0, length))) {
        return [{ term: asked.term + ending.slice(length), isStart: false }]
      }
    }
    return []
  })
  return [asked, ...whole]
}

/** A term has neither quotes nor spaces in it; it is quoted all the same. */
function quoted(term: string, isStart: boolean): string {
  return `"${term.replaceAll('"', '""')}"${isStart ? '*' : ''}`
}
