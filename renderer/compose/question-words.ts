/** A question of the checks as one line of words, with the very words it was found in. */

import type { DraftQuestion } from '../../shared/draft-questions.ts'
import type { Address } from '../../shared/model.ts'
import type { useWords } from '../i18n/words.ts'
import type { useFormat } from '../ui/format.ts'

type Words = ReturnType<typeof useWords>
type Format = ReturnType<typeof useFormat>

const NAMED = 3

/** File names in quotes of the language; of many the first. */
function fileWords(names: readonly string[], words: Words, format: Format): string {
  const quoted = names.slice(0, NAMED).map(name => words('questions.file', { name: withoutTurns(name) }))
  const more = names.length - quoted.length
  return more > 0
    ? words('questions.moreFiles', { names: quoted.join(', '), count: more })
    : format.list(quoted)
}

/** A name that turns its own letters around is shown as it really is. */
const withoutTurns = (name: string) => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')

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
    case 'dangerous-file':
      return words(`questions.found.dangerous-file.${question.danger}`, {
        count: question.names.length,
        names: fileWords(question.names, words, format),
      })
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
  if (question.check === 'dangerous-file') return `dangerous-file ${question.danger}`
  return question.check === 'lying-link' ? `lying-link ${question.shown} ${question.target}` : question.check
}
