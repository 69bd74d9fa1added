/** Asked when a mail's time passed while nobody was here: it may be wanted now, later, or not like this any more. */

import { Button } from '@mantine/core'
import { useId } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { SendLater } from '../compose/SendLater.tsx'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import css from './Question.module.css'
import type { OutboxActions } from './use-outbox-actions.ts'

export function OverdueQuestion({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const titleId = useId()
  const { dueAt } = item.journey
  return (
    <section className={css.question} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.title}>
        {words('outbox.overdueTitle')}
      </h3>
      <p className={css.text}>
        {format.sentences([
          dueAt === null ? null : words('outbox.overdueWasDue', { time: format.due(dueAt, now) }),
          words('outbox.overdueText'),
        ])}
      </p>
      <div className={css.answers}>
        <Button
          size="sm"
          variant="filled"
          color="seal"
          disabled={actions.isBusy}
          onClick={() => void actions.resume()}
        >
          {words('outbox.action.sendNow')}
        </Button>
        {item.can.holdUntil && (
          <SendLater isDisabled={actions.isBusy} onChoose={at => void actions.holdUntil(at)} />
        )}
        {item.can.edit && (
          <Button size="sm" disabled={actions.isBusy} onClick={() => void actions.edit()}>
            {words('outbox.overdueEdit')}
          </Button>
        )}
        <Button size="sm" variant="subtle" disabled={actions.isBusy} onClick={() => void actions.cancel()}>
          {words('outbox.action.cancel')}
        </Button>
      </div>
    </section>
  )
}
