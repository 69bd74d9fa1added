/** A mail of the outbox in the list: who, what, the way in small, and what happens to it now. */

import { Button, UnstyledButton } from '@mantine/core'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { JourneyLine } from '../journey/JourneyLine.tsx'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import { HappeningLine } from './HappeningLine.tsx'
import css from './OutboxRow.module.css'
import { recipientsLine } from './people.ts'
import { useOutboxActions } from './use-outbox-actions.ts'

type Props = { item: OutboxItem; isChosen: boolean; onChoose: (itemId: string) => void }

export function OutboxRow({ item, isChosen, onChoose }: Props) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  return (
    <li className={css.row} data-chosen={isChosen || undefined}>
      <UnstyledButton
        className={css.choose}
        data-item={item.id}
        aria-current={isChosen || undefined}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => onChoose(item.id)}
      >
        <span className={css.who}>{recipientsLine(item, words)}</span>
        <time className={css.time}>{format.listTime(item.createdAt, now)}</time>
        <span className={css.subject}>{item.subject || words('outbox.noSubject')}</span>
        <span className={css.now}>
          <HappeningLine item={item} />
        </span>
        <span className={css.way}>
          <JourneyLine journey={item.journey} />
        </span>
      </UnstyledButton>
      <QuickAction item={item} />
    </li>
  )
}

/** The one thing a person most likely wants with this row, at hand without choosing it. */
function QuickAction({ item }: { item: OutboxItem }) {
  const words = useWords()
  const actions = useOutboxActions(item)
  if (item.journey.state === 'held' && item.journey.heldFor === 'undo' && item.can.edit) {
    return (
      <Button className={css.quick ?? ''} size="compact-xs" onClick={() => void actions.edit()}>
        {words('outbox.action.undo')}
      </Button>
    )
  }
  if (item.journey.state === 'queued' && item.journey.problem !== null && item.can.tryNow) {
    return (
      <Button className={css.quick ?? ''} size="compact-xs" onClick={() => void actions.tryNow()}>
        {words('outbox.action.tryNow')}
      </Button>
    )
  }
  if (item.journey.state === 'paused' && item.journey.pausedFor === 'person' && item.can.resume) {
    return (
      <Button className={css.quick ?? ''} size="compact-xs" onClick={() => void actions.resume()}>
        {words('outbox.action.resume')}
      </Button>
    )
  }
  return null
}
