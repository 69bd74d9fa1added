/** Asked when the last bytes may be out and no reply came: what is known, and what the writer makes of it. */

import { UnstyledButton } from '@mantine/core'
import { type Icon, IconArrowUp, IconHourglass, IconSearch } from '@tabler/icons-react'
import { useId } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import { type OutcomeFact, outcomeFacts } from './outcome-facts.ts'
import css from './Question.module.css'
import type { OutboxActions } from './use-outbox-actions.ts'

const VERDICTS = [
  { verdict: 'handed-over', title: 'outbox.outcomeHandedOver', text: 'outbox.outcomeHandedOverText' },
  { verdict: 'send-again', title: 'outbox.outcomeSendAgain', text: 'outbox.outcomeSendAgainText' },
  { verdict: 'do-not-send', title: 'outbox.outcomeDoNotSend', text: 'outbox.outcomeDoNotSendText' },
] as const

const SHAPES: Record<OutcomeFact['what'], Icon> = {
  sent: IconArrowUp,
  looked: IconSearch,
  next: IconHourglass,
}

export function OutcomeQuestion({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const titleId = useId()
  const accounts = useAsk('accounts.list', [])
  const account = accounts.data?.find(({ id }) => id === item.accountId) ?? null
  return (
    <section className={css.question} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.title}>
        {words('outbox.outcomeTitle')}
      </h3>
      <ul className={css.facts} aria-label={words('outbox.outcomeKnown')}>
        {outcomeFacts(item, account, now, words, format).map(({ what, text }) => {
          const Shape = SHAPES[what]
          return (
            <li key={what}>
              <Shape size={15} stroke={1.8} aria-hidden />
              <span>{text}</span>
            </li>
          )
        })}
      </ul>
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
