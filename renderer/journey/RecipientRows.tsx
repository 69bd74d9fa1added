/** A row for each recipient. Trouble stands first. */

import { UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import type { RecipientJourney } from '../../shared/journey.ts'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { STATE_LOOKS } from '../ui/StatePill.tsx'
import { useNow } from '../ui/use-now.ts'
import { RecipientRow } from './RecipientRow.tsx'
import css from './RecipientRows.module.css'

const SHOWN_AT_FIRST = 6
const TROUBLE_FIRST = ['trouble', 'waits', 'on-its-way', 'arrived', 'quiet'] as const

/** Those in trouble first, else as they were written. */
export function inOrderOfCare(recipients: readonly RecipientJourney[]): RecipientJourney[] {
  const care = (recipient: RecipientJourney) => TROUBLE_FIRST.indexOf(STATE_LOOKS[recipient.state].tone)
  return recipients.toSorted((left, right) => care(left) - care(right))
}

type Props = {
  item: OutboxItem
  /** False where a question on the same page offers it. */
  canCorrect: boolean
}

export function RecipientRows({ item, canCorrect }: Props) {
  const words = useWords()
  const now = useNow()
  const listId = useId()
  const [isWhole, setWhole] = useState(false)
  const ordered = inOrderOfCare(item.journey.recipients)
  const shown = isWhole ? ordered : ordered.slice(0, SHOWN_AT_FIRST)
  return (
    <>
      <ul id={listId} className={css.rows} aria-label={words('journey.recipients')}>
        {shown.map(recipient => (
          <RecipientRow
            key={recipient.address}
            item={item}
            recipient={recipient}
            now={now}
            canCorrect={canCorrect}
          />
        ))}
      </ul>
      {shown.length < ordered.length && (
        <UnstyledButton className={css.more} aria-controls={listId} onClick={() => setWhole(true)}>
          {words('journey.showAll', { count: ordered.length })}
        </UnstyledButton>
      )}
    </>
  )
}
