/**
 * Follows a mail that was just sent: held with a count-down and Undo, then what happens to it. It says "handed over"
 * only when the server has, and goes away by itself when there is nothing more to say.
 */

import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { JourneyLine } from '../journey/JourneyLine.tsx'
import { HappeningLine } from '../outbox/HappeningLine.tsx'
import { useAnnouncedChanges } from '../outbox/use-announced-changes.ts'
import { useOutboxActions } from '../outbox/use-outbox-actions.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { dismissDeparture } from './composers.ts'
import css from './Notices.module.css'

const GOES_AFTER_MS = 6_000

/** Nothing more will be said soon: handed over, scheduled for later, or taken back. */
function isSettled({ journey }: OutboxItem): boolean {
  return (
    journey.state === 'accepted' ||
    journey.state === 'cancelled' ||
    (journey.state === 'held' && journey.heldFor === 'schedule')
  )
}

export function DepartureBar({ itemId }: { itemId: string }) {
  const item = useAsk('outbox.get', [itemId])
  const isGone = item.isError && item.error.problem.kind === 'not-found'
  const isOver = isGone || (item.isSuccess && isSettled(item.data))
  useEffect(() => {
    if (!isOver) return
    const timer = setTimeout(() => dismissDeparture(itemId), isGone ? 0 : GOES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [isOver, isGone, itemId])
  return item.isSuccess ? <Bar item={item.data} /> : null
}

function Bar({ item }: { item: OutboxItem }) {
  const words = useWords()
  const actions = useOutboxActions(item)
  const announced = useAnnouncedChanges([item])
  const isHeld = item.journey.state === 'held'

  async function undo(): Promise<void> {
    if (await actions.edit()) dismissDeparture(item.id)
  }

  return (
    <section className={css.notice} aria-label={item.subject || words('outbox.noSubject')}>
      <span className="for-ears" role="status">
        {announced || (isHeld ? words('compose.held') : '')}
      </span>
      <JourneyLine journey={item.journey} />
      <div className={css.words}>
        <span className={css.subject}>{item.subject || words('outbox.noSubject')}</span>
        <HappeningLine item={item} />
        {actions.problem !== null && <ProblemNote problem={actions.problem} shape="line" />}
      </div>
      <div className={css.acts}>
        {isHeld && item.can.edit && (
          <Button size="xs" variant="filled" disabled={actions.isBusy} onClick={() => void undo()}>
            {words('compose.undo')}
          </Button>
        )}
        {isHeld && item.can.tryNow && (
          <Button size="xs" variant="subtle" disabled={actions.isBusy} onClick={() => void actions.tryNow()}>
            {words('compose.sendNow')}
          </Button>
        )}
        <IconButton
          icon={IconX}
          size="small"
          name={words('compose.dismiss')}
          onClick={() => dismissDeparture(item.id)}
        />
      </div>
    </section>
  )
}
