/** A mistyped domain under its field as soon as it is typed: the one that was meant is one click away. */

import { Button } from '@mantine/core'
import { useWords } from '../i18n/words.ts'
import { domainIn } from './question-words.ts'
import css from './RecipientField.module.css'
import { type FieldName, withAddressChanged } from './recipient-ways.ts'
import type { Composer } from './use-composer.ts'

export function MistypedNote({ composer, field }: { composer: Composer; field: FieldName }) {
  const words = useWords()
  const { fields, change, questions } = composer
  const addresses = fields[field].chips.map(chip => chip.address)
  const [question] = questions.ofAddresses(addresses, fields.accountId)
  if (question?.check !== 'mistyped-domain' || question.suggestion === null) return null
  const { address, suggestion } = question
  return (
    <div className={css.question} role="status">
      <p>{words('questions.didYouMean', { address, domain: domainIn(suggestion) })}</p>
      <div className={css.ways}>
        <Button size="xs" onClick={() => change(withAddressChanged(fields, address, suggestion))}>
          {words('questions.change', { address: suggestion })}
        </Button>
        <Button size="xs" onClick={() => questions.settle([question])}>
          {words('questions.keepAddress', { address })}
        </Button>
      </div>
    </div>
  )
}
