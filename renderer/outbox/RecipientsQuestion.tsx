/** Asked before anything is sent: the server does not take some recipients. Three ways, none is chosen for you. */

import { Button } from '@mantine/core'
import { useId } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { refusedAddresses } from './happening.ts'
import css from './Question.module.css'
import { RefusedRecipient } from './RefusedRecipient.tsx'
import type { OutboxActions } from './use-outbox-actions.ts'

export function RecipientsQuestion({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const format = useFormat()
  const titleId = useId()
  const refused = refusedAddresses(item)
  const total = item.journey.recipients.length
  const others = total - refused.length
  return (
    <section className={css.question} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.title}>
        {words('outbox.recipientsTitle', { count: refused.length, total: format.number(total) })}
      </h3>
      <p className={css.text}>{words('outbox.recipientsText')}</p>
      <ul className={css.refused}>
        {refused.map(({ address, reply }) => (
          <RefusedRecipient key={address} item={item} address={address} reply={reply} />
        ))}
      </ul>
      <div className={css.answers}>
        {others > 0 && (
          <Button
            size="xs"
            variant="filled"
            color="seal"
            disabled={actions.isBusy}
            onClick={() => void actions.chooseRecipients('send-to-others')}
          >
            {words('outbox.recipientsOthers', { count: others })}
          </Button>
        )}
        {item.can.edit && (
          <Button size="xs" disabled={actions.isBusy} onClick={() => void actions.edit()}>
            {words('outbox.recipientsEdit')}
          </Button>
        )}
        <Button
          size="xs"
          variant="subtle"
          disabled={actions.isBusy}
          onClick={() => void actions.chooseRecipients('cancel')}
        >
          {words('outbox.recipientsCancel')}
        </Button>
      </div>
    </section>
  )
}
