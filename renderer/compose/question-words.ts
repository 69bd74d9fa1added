/** A question of the checks as one line of words, with the very words it was found in. */

import type { DraftQuestion } from '../../shared/draft-questions.ts'
import type { Address } from '../../shared/model.ts'
import type { useWords } from '../i18n/words.ts'
import type { useFormat } from '../ui/format.ts'

type Words = ReturnType<typeof useWords>
type Format = ReturnType<typeof useFormat>

const NAMED = 3

function peopleWords(people: readonly Address[], words: Words, format: Format): string {
  const named = people
    .slice(0, NAMED)
    .map(({ name, address }) => (name === '' ? address : `${name} <${address}>`))
  const more = people.length - named.length
  const listed = format.list(named)
  return more > 0 ? words('questions.morePeople', { people: named.join(', '), count: more }) : listed
}

/** The domain alone: what is mistyped is seen where nothing stands beside it. */
export const domainIn = (address: string) => address.slice(address.lastIndexOf('@') + 1)

export function questionWords(question: DraftQuestion, words: Words, format: Format): string {
  switch (question.check) {
    case 'doubtful-address':
      return words('questions.found.doubtful-address', {
        address: question.address,
        why: words(`compose.verdict.${question.verdict}`),
      })
    case 'mistyped-domain': {
      const { address, reason, suggestion } = question
      if (suggestion === null || reason === 'mixed-scripts')
        return words('questions.found.mixed-scripts', { address })
      const key = reason === 'mistyped' ? 'questions.found.mistyped-domain' : 'questions.found.look-alike'
      return words(key, { address, domain: domainIn(suggestion) })
    }
    case 'first-mail':
    case 'added-recipients':
      return words(`questions.found.${question.check}`, {
        people: peopleWords(question.addresses, words, format),
      })
    case 'many-outsiders':
      return words('questions.found.many-outsiders', { count: question.addresses.length })
    case 'template-field':
      return words('questions.found.template-field', { fields: question.fields.join(' ') })
    case 'too-big':
      return words('questions.found.too-big', {
        size: format.size(question.bytes),
        limit: format.size(question.limit),
      })
    case 'address-not-carried':
      return words('questions.found.address-not-carried', question)
    case 'identity':
      return words('questions.found.identity', question)
    case 'salutation':
      return words('questions.found.salutation', question)
    case 'forgotten-attachment':
      return words('questions.found.forgotten-attachment', question)
    case 'lying-link':
      return words('questions.found.lying-link', question)
    case 'empty-subject':
      return words('questions.found.empty-subject')
    case 'empty-text':
      return words('questions.found.empty-text')
  }
}

/** The same question after a change: what it is about, without how much of it is left. */
export function questionKey(question: DraftQuestion): string {
  if ('address' in question) return `${question.check} ${question.address}`
  return question.check === 'lying-link' ? `lying-link ${question.shown} ${question.target}` : question.check
}
