/**
 * The fields of a template that a mail can fill in by itself: to whom it goes, who writes it, and the day. Pure. Refuses
 * to guess: what is not known for certain stays a field, for the writer.
 */

import { foldedWords, isGiven } from './latin-names.ts'
import { fillFields } from './merge.ts'
import type { Address, Identity } from './model.ts'
import type { Template } from './template.ts'

export const KNOWN_FIELDS = [
  'name',
  'first-name',
  'last-name',
  'address',
  'own-name',
  'own-address',
  'own-organisation',
  'date',
] as const
export type KnownField = (typeof KNOWN_FIELDS)[number]

/** How each is written, the usual word first. */
const SPELLINGS: Record<'en' | 'ja', Record<KnownField, readonly string[]>> = {
  en: {
    name: ['name', 'full name', 'recipient', 'recipient name'],
    'first-name': ['first name', 'given name'],
    'last-name': ['last name', 'family name', 'surname'],
    address: ['address', 'email', 'email address', 'mail'],
    'own-name': ['my name', 'sender', 'sender name'],
    'own-address': ['my address', 'my email', 'my email address'],
    'own-organisation': ['my organisation', 'my organization', 'my company'],
    date: ['date', 'today'],
  },
  ja: {
    name: ['氏名', '名前', 'お名前', '宛名', '宛先名'],
    'first-name': ['名'],
    'last-name': ['姓', '苗字', '名字'],
    address: ['メールアドレス', 'アドレス', 'メール'],
    'own-name': ['自分の名前', '差出人', '差出人名'],
    'own-address': ['自分のアドレス', '自分のメールアドレス'],
    'own-organisation': ['自分の組織', '自社名', '自分の会社名'],
    date: ['日付', '今日'],
  },
}

function folded(field: string): string {
  return field
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_.-]+/g, '')
}

type Known = { field: KnownField; language: 'en' | 'ja' }

const BY_SPELLING = new Map<string, Known>(
  (['en', 'ja'] as const).flatMap(language =>
    KNOWN_FIELDS.flatMap(field =>
      SPELLINGS[language][field].map((word): [string, Known] => [folded(word), { field, language }]),
    ),
  ),
)

/** Whether a mail fills this in by itself, as `{{name}}` or `{{氏名}}`. */
export function isKnownField(field: string): boolean {
  return BY_SPELLING.has(folded(field))
}

/** How one writes the field in this language. */
export function fieldWord(field: KnownField, language: 'en' | 'ja'): string {
  return SPELLINGS[language][field][0] ?? field
}

export type FieldFacts = {
  to: readonly Address[]
  own: Pick<Identity, 'name' | 'address' | 'organisation'> | null
  now: number
}

/** The template as a letter to these people; with several of them or nobody, what is about the reader stays a field. */
export function fillTemplate(
  { subject, text, html }: Pick<Template, 'subject' | 'text' | 'html'>,
  facts: FieldFacts,
): { subject: string; text: string; html: string | null } {
  const { subject: filled, ...letter } = fillFields({ subject, text, html }, field => valueFor(field, facts))
  return { subject: filled, text: letter.text, html: letter.html ?? null }
}

/** '' where it is known that there is none; null where it is not known. */
function valueFor(written: string, { to, own, now }: FieldFacts): string | null {
  const known = BY_SPELLING.get(folded(written))
  const [only] = to.length === 1 ? to : []
  switch (known?.field) {
    case 'name':
      return only === undefined ? null : shownName(only)
    case 'first-name':
      return only === undefined ? null : nameParts(shownName(only)).first
    case 'last-name':
      return only === undefined ? null : nameParts(shownName(only)).last
    case 'address':
      return only?.address ?? null
    case 'own-name':
      return own?.name ?? null
    case 'own-address':
      return own?.address ?? null
    case 'own-organisation':
      return own?.organisation ?? null
    case 'date':
      return new Intl.DateTimeFormat(known?.language, { dateStyle: 'long' }).format(now)
    case undefined:
      return null
  }
}

/** The name as one would write it in a letter: without 様, and never an address in the place of a name. */
function shownName({ name }: Address): string {
  const bare = name.trim().replace(/\s*(?:様|さま|殿|さん|先生)$/u, '')
  return bare.includes('@') ? '' : bare
}

const KANJI_OR_KANA = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}々ー]/u

/** First and last name; '' for a part that cannot be told from the whole. */
function nameParts(name: string): { first: string; last: string } {
  const [before, after, ...more] = name.split(/\s*[,、]\s*/u)
  if (before !== undefined && after !== undefined && more.length === 0) return { first: after, last: before }
  const words = name.split(/\s+/u)
  const [head = '', ...rest] = words
  const tail = rest.at(-1)
  if (KANJI_OR_KANA.test(name)) {
    return tail === undefined ? { first: '', last: '' } : { first: rest.join(' '), last: head }
  }
  if (tail === undefined) return { first: head, last: '' }
  // "Aoki Haruka": where only the second is a first name that we know, the family stands in front.
  const isFamilyFirst = words.length === 2 && isGiven(foldedWords(tail)) && !isGiven(foldedWords(head))
  return isFamilyFirst ? { first: tail, last: head } : { first: head, last: tail }
}
