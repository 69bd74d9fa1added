/** What a saved state of a draft is known by in a list: the first words that it says and the one before did not. */

import type { DraftContent } from '../../shared/model.ts'
import { previewOf } from './draft-store.ts'

const LENGTH = 140
/** Characters looked at; more than are shown, as white space goes. */
const SOURCE = 600
/** So far back a word may have begun; a language without spaces is shown from a little before the change. */
const WORD = 24

type Words = Pick<DraftContent, 'subject' | 'text'>

/**
 * One line. The first state is known by its own words; where the text is the same, by its subject if that is new, and
 * is empty otherwise. Where words were only taken out, it is known by those that now stand in their place.
 */
export function changedWords(before: Words | null, after: Words): string {
  if (before === null) return previewOf(after.text)
  if (before.text === after.text) return before.subject === after.subject ? '' : lineOf(after.subject)
  const from = wordBefore(after.text, firstDifference(before.text, after.text))
  const line = lineOf(after.text.slice(from, from + SOURCE))
  if (line === '') return ''
  return from === 0 ? line : `…${line}`
}

function firstDifference(before: string, after: string): number {
  const most = Math.min(before.length, after.length)
  let at = 0
  while (at < most && before.charCodeAt(at) === after.charCodeAt(at)) at += 1
  return at
}

/** Where the word begins that `at` is in, or that ends the text where nothing follows. */
function wordBefore(text: string, at: number): number {
  const end = text.slice(at).trim() === '' ? text.trimEnd().length : at
  const start = Math.max(0, end - WORD)
  const near = text.slice(start, end)
  const space = /^.*\s/s.exec(near)?.[0].length ?? 0
  const from = start + space
  // Never the second half of a surrogate pair.
  const isLow = text.charCodeAt(from) >= 0xdc00 && text.charCodeAt(from) <= 0xdfff
  return isLow ? from - 1 : from
}

function lineOf(text: string): string {
  return [...text.replace(/\s+/g, ' ').trim()].slice(0, LENGTH).join('')
}
