/**
 * What a writer might regret, asked before a draft goes: quiet unless it matters, and each answer one click away. Pure;
 * run at Send and at pauses. Refuses to forbid (draft-check.ts does) and to change anything.
 */

import { type AddressVerdict, addressKey, checkAddress, needsSmtputf8, sameAddress } from './address.ts'
import type { CheckName } from './check-name.ts'
import { dangerOfFile, type FileDanger } from './dangerous-file.ts'
import { promisedAttachment } from './forgotten-attachment.ts'
import { type LyingLink, lyingLinks } from './lying-link.ts'
import {
  createDomainCheck,
  type DomainDoubt,
  domainOf,
  isPopularDomain,
  type KnownDomains,
  siteOf,
} from './mistyped-domain.ts'
import type { Address, DraftContent, Identity, ServerAbilities } from './model.ts'
import { type OwnWords, ownWords } from './own-words.ts'
import { strangerGreeted } from './salutation.ts'
import { leftoverFields } from './template-field.ts'

/** One thing found, with the very words it was found in. `check` is what can be turned off. */
export type DraftQuestion =
  | { check: 'doubtful-address'; address: string; verdict: Exclude<AddressVerdict, 'ok'> }
  /** `suggestion` is a whole address; null where only the letters of the domain are strange. */
  | { check: 'mistyped-domain'; address: string; reason: DomainDoubt['reason']; suggestion: string | null }
  | { check: 'address-not-carried'; address: string }
  | { check: 'first-mail'; addresses: Address[] }
  | { check: 'added-recipients'; addresses: Address[] }
  /** `addresses` are the people outside in To and Cc who would see each other. */
  | { check: 'many-outsiders'; addresses: Address[]; limit: number }
  /** `addressed` is the own address that the answered mail came to. */
  | { check: 'identity'; from: string; addressed: string }
  | { check: 'salutation'; name: string }
  | { check: 'empty-subject' }
  | { check: 'empty-text' }
  | { check: 'forgotten-attachment'; words: string }
  /** One for each kind of danger, with all files of that kind. */
  | { check: 'dangerous-file'; danger: FileDanger; names: string[] }
  | { check: 'template-field'; fields: string[] }
  | ({ check: 'lying-link' } & LyingLink)
  | { check: 'too-big'; bytes: number; limit: number }

/** What is known of the people the writer has written to. */
export type MailedPeople = {
  /** Whether a mail ever went there or came from there, or the person keeps the address. */
  isKnown(address: string): boolean
  domains: KnownDomains
}

/** The mail that a draft answers. */
export type AnsweredMail = {
  /** Its sender, Reply-To, To and Cc. */
  people: readonly Address[]
  /** Which of the writer's own addresses it came to. */
  addressed: readonly string[]
  hasAttachments: boolean
}

/** All that the checks need to know beside the draft. */
export type QuestionFacts = {
  /** Who writes it. */
  from: Identity
  /** The addresses of all identities of all accounts. */
  own: readonly string[]
  /** Null as long as too little is known for "never before" to mean anything. */
  people: MailedPeople | null
  answered: AnsweredMail | null
  abilities: ServerAbilities | null
  /** How big the mail will be, encoded (mail-size.ts). */
  bytes: number
  checksOff: readonly CheckName[]
  outsidersLimit: number
}

/** A draft as it would go. `files` are the names of what is attached or on its way to be. */
export type QuestionedDraft = Pick<DraftContent, 'to' | 'cc' | 'bcc' | 'subject' | 'text' | 'html'> & {
  files: readonly string[]
}

/** Every question about this draft, in the order of `CHECK_NAMES`; of one address the most telling only. */
export function draftQuestions(draft: QuestionedDraft, facts: QuestionFacts): DraftQuestion[] {
  const isOn = (check: CheckName) => !facts.checksOff.includes(check)
  const words = ownWords(draft, facts.from.signature)
  return [...questionsOfPeople(draft, facts, isOn), ...questionsOfWords(draft, words, facts)].filter(
    ({ check }) => isOn(check),
  )
}

/** What helps while an address is being written: the same question that Send would ask. */
export function addressQuestions(addresses: readonly Address[], facts: QuestionFacts): DraftQuestion[] {
  const check = createDomainCheck(facts.people?.domains ?? [], ownDomains(facts))
  return distinct(addresses).flatMap(({ address }) => questionOfAddress(address, check, facts) ?? [])
}

type DomainCheck = ReturnType<typeof createDomainCheck>

/** Domains that belong to the writer's house; an address at a provider for everybody makes nobody a colleague. */
function ownDomains({ own }: QuestionFacts): string[] {
  return [...new Set(own.map(address => siteOf(domainOf(address))))].filter(site => !isPopularDomain(site))
}

function questionOfAddress(
  address: string,
  checkDomain: DomainCheck,
  facts: QuestionFacts,
): DraftQuestion | null {
  const verdict = checkAddress(address)
  if (verdict !== 'ok') return { check: 'doubtful-address', address, verdict }
  const doubt = checkDomain(domainOf(address))
  // Who wrote from there did not mistype it; strange letters are strange wherever they come from.
  const isAnswered = facts.answered?.people.some(person => sameAddress(person.address, address)) === true
  if (doubt !== null && !(doubt.reason === 'mistyped' && isAnswered)) {
    const { reason, suggestion } = doubt
    const whole =
      suggestion === null ? null : `${address.slice(0, address.lastIndexOf('@') + 1)}${suggestion}`
    return { check: 'mistyped-domain', address, reason, suggestion: whole }
  }
  if (facts.abilities?.hasSmtputf8 === false && needsSmtputf8(address)) {
    return { check: 'address-not-carried', address }
  }
  return null
}

function questionsOfPeople(
  draft: QuestionedDraft,
  facts: QuestionFacts,
  isOn: (check: CheckName) => boolean,
): DraftQuestion[] {
  const own = new Set(facts.own.map(addressKey))
  const house = new Set(ownDomains(facts))
  const isOutside = ({ address }: Address) =>
    !own.has(addressKey(address)) && !house.has(siteOf(domainOf(address)))
  const everybody = distinct([...draft.to, ...draft.cc, ...draft.bcc])
  const ofAddresses = addressQuestions(everybody, facts).filter(({ check }) => isOn(check))
  const asked = new Set(
    ofAddresses.flatMap(question => ('address' in question ? [addressKey(question.address)] : [])),
  )
  const answered = new Set(facts.answered?.people.map(({ address }) => addressKey(address)))
  const isThere = ({ address }: Address) => answered.has(addressKey(address))
  const unasked = everybody.filter(
    person => isOutside(person) && !isThere(person) && !asked.has(addressKey(person.address)),
  )
  const asksForAdded = facts.answered !== null && isOn('added-recipients')
  const added = asksForAdded ? unasked : []
  const fresh = asksForAdded ? [] : unasked.filter(({ address }) => facts.people?.isKnown(address) === false)
  const questions = [...ofAddresses]
  if (fresh.length > 0) questions.push({ check: 'first-mail', addresses: fresh })
  if (added.length > 0) questions.push({ check: 'added-recipients', addresses: added })
  // Who stood in the answered mail together has seen the others already.
  const exposed = distinct([...draft.to, ...draft.cc]).filter(person => isOutside(person) && !isThere(person))
  if (exposed.length > facts.outsidersLimit) {
    questions.push({ check: 'many-outsiders', addresses: exposed, limit: facts.outsidersLimit })
  }
  const addressed = facts.answered?.addressed ?? []
  if (addressed.length > 0 && !addressed.some(address => sameAddress(address, facts.from.address))) {
    questions.push({ check: 'identity', from: facts.from.address, addressed: addressed[0] as string })
  }
  return questions
}

function questionsOfWords(draft: QuestionedDraft, words: OwnWords, facts: QuestionFacts): DraftQuestion[] {
  const { lines, links, hasPicture, hasQuote } = words
  const isAnswer = facts.answered !== null
  const questions: DraftQuestion[] = []
  const recipients = distinct([...draft.to, ...draft.cc]).filter(
    ({ address }) => !facts.own.some(own => sameAddress(own, address)),
  )
  const stranger = strangerGreeted(lines, recipients)
  if (stranger !== null) questions.push({ check: 'salutation', name: stranger })
  if (draft.subject.trim() === '') questions.push({ check: 'empty-subject' })
  const isBlank = lines.every(line => line.trim() === '')
  // A mail that is passed on speaks for itself; an answer of nothing but the quote does not.
  const saysNothing = isBlank && !hasPicture && draft.files.length === 0 && (isAnswer || !hasQuote)
  if (saysNothing) questions.push({ check: 'empty-text' })
  if (draft.files.length === 0 && !hasPicture) {
    const promised = promisedAttachment(lines, facts.answered?.hasAttachments === true)
    if (promised !== null) questions.push({ check: 'forgotten-attachment', words: promised })
  }
  questions.push(...questionsOfFiles(draft.files))
  const fields = leftoverFields(isAnswer ? '' : draft.subject, lines)
  if (fields.length > 0) questions.push({ check: 'template-field', fields })
  for (const link of lyingLinks(links)) questions.push({ check: 'lying-link', ...link })
  const limit = facts.abilities?.size ?? null
  if (limit !== null && facts.bytes > limit) questions.push({ check: 'too-big', bytes: facts.bytes, limit })
  return questions
}

const DANGERS: readonly FileDanger[] = ['disguised', 'runs', 'has-macros']

function questionsOfFiles(files: readonly string[]): DraftQuestion[] {
  return DANGERS.flatMap((danger): DraftQuestion[] => {
    const names = files.filter(name => dangerOfFile(name) === danger)
    return names.length === 0 ? [] : [{ check: 'dangerous-file', danger, names }]
  })
}

function distinct(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map(person => [addressKey(person.address), person])).values()]
}
