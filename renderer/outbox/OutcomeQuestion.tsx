/** Asked when the last bytes may be out and no reply came: what is known, and what the writer makes of it. */

import { UnstyledButton } from '@mantine/core'
import { useId } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './Question.module.css'
import type { OutboxActions } from './use-outbox-actions.ts'

const VERDICTS = [
  { verdict: 'handed-over', title: 'outbox.outcomeHandedOver', text: 'outbox.outcomeHandedOverText' },
  { verdict: 'send-again', title: 'outbox.outcomeSendAgain', text: 'outbox.outcomeSendAgainText' },
  { verdict: 'do-not-send', title: 'outbox.outcomeDoNotSend', text: 'outbox.outcomeDoNotSendText' },
] as const

export function OutcomeQuestion({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const format = useFormat()
  const titleId = useId()
  const { connected, submitted } = item.journey.stations
  return (
    <section className={css.question} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.title}>
        {words('outbox.outcomeTitle')}
      </h3>
      <p className={css.text}>
        {connected === null || submitted === null
          ? words('outbox.outcomeKnownSimply')
          : words('outbox.outcomeKnown', { bytes: format.size(submitted.bytes), host: connected.host })}{' '}
        {words('outbox.outcomeSearched')}
      </p>
      <div className={css.verdicts}>
        {VERDICTS.map(({ verdict, title, text }) => (
          <UnstyledButton
            key={verdict}
            className={css.verdict}
            disabled={actions.isBusy}
            onClick={() => void actions.decideOutcome(verdict)}
          >
            <b>{words(title)}</b>
            <span>{words(text)}</span>
          </UnstyledButton>
        ))}
      </div>
    </section>
  )
}
