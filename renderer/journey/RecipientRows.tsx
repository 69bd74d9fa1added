/** A row for each recipient: who, the server's own words, and the state. Trouble stands first. */

import { UnstyledButton } from '@mantine/core'
import { useId, useState } from 'react'
import type { RecipientJourney } from '../../shared/journey.ts'
import type { Words } from '../i18n/words.ts'
import { useWords } from '../i18n/words.ts'
import { type Format, useFormat } from '../ui/format.ts'
import { STATE_LOOKS, StatePill } from '../ui/StatePill.tsx'
import { useNow } from '../ui/use-now.ts'
import css from './RecipientRows.module.css'

const SHOWN_AT_FIRST = 6
const TROUBLE_FIRST = ['trouble', 'waits', 'on-its-way', 'arrived', 'quiet'] as const

/** Those in trouble first, else as they were written. */
export function inOrderOfCare(recipients: readonly RecipientJourney[]): RecipientJourney[] {
  const care = (recipient: RecipientJourney) => TROUBLE_FIRST.indexOf(STATE_LOOKS[recipient.state].tone)
  return recipients.toSorted((left, right) => care(left) - care(right))
}

/** What the server or a report said of this recipient, as it came. */
export function ownWords(recipient: RecipientJourney): string {
  if (recipient.text !== '') return recipient.text
  const { reply } = recipient
  if (reply === null || reply.code === 0) return ''
  return [reply.code, reply.enhanced, reply.text].filter(part => part !== null && part !== '').join(' ')
}

function said(recipient: RecipientJourney, now: number, words: Words, format: Format): string {
  const own = ownWords(recipient)
  if (recipient.state === 'delayed' && recipient.retryUntil !== null) {
    return `${own} ${words('journey.triesUntil', { time: format.due(recipient.retryUntil, now) })}`.trim()
  }
  if (own !== '') return own
  return recipient.reply?.code === 0 ? words('journey.noReplySeen') : words('journey.noWordYet')
}

export function RecipientRows({ recipients }: { recipients: readonly RecipientJourney[] }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const listId = useId()
  const [isWhole, setWhole] = useState(false)
  const ordered = inOrderOfCare(recipients)
  const shown = isWhole ? ordered : ordered.slice(0, SHOWN_AT_FIRST)
  return (
    <>
      <ul id={listId} className={css.rows} aria-label={words('journey.recipients')}>
        {shown.map(recipient => {
          const text = said(recipient, now, words, format)
          return (
            <li key={recipient.address} className={css.row}>
              <b className={css.address} title={recipient.address}>
                {recipient.address}
              </b>
              <span className={css.words} title={text}>
                {text}
              </span>
              <span className={css.state}>
                <StatePill state={recipient.state} />
              </span>
            </li>
          )
        })}
      </ul>
      {shown.length < ordered.length && (
        <UnstyledButton className={css.more} aria-controls={listId} onClick={() => setWhole(true)}>
          {words('journey.showAll', { count: ordered.length })}
        </UnstyledButton>
      )}
    </>
  )
}
