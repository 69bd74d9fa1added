/** A mail whose stored form cannot be read: never sent, but it can be saved as far as it goes, and removed. */

import { Button } from '@mantine/core'
import { IconFileBroken } from '@tabler/icons-react'
import { useId, useState } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { type Asking, Confirmations } from './Confirmations.tsx'
import css from './Question.module.css'
import type { OutboxActions } from './use-outbox-actions.ts'

export function DamagedNote({ item, actions }: { item: OutboxItem; actions: OutboxActions }) {
  const words = useWords()
  const titleId = useId()
  const [asking, ask] = useState<Asking>(null)
  return (
    <section className={css.question} aria-labelledby={titleId}>
      <h3 id={titleId} className={css.title}>
        <IconFileBroken size={17} stroke={1.8} className={css.shape} aria-hidden />
        {words('outbox.damagedTitle')}
      </h3>
      <p className={css.text}>{words('outbox.damagedText')}</p>
      <div className={css.answers}>
        <Button size="xs" disabled={actions.isBusy} onClick={() => void actions.saveAs()}>
          {words('outbox.action.saveAs')}
        </Button>
        {item.can.remove && (
          <Button size="xs" variant="subtle" disabled={actions.isBusy} onClick={() => ask('remove')}>
            {words('outbox.action.remove')}
          </Button>
        )}
      </div>
      <Confirmations item={item} actions={actions} asking={asking} onStop={() => ask(null)} />
    </section>
  )
}
