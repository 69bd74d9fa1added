/**
 * Follows a mail that was just sent: held with a count-down and Undo, then what happens to it. It says "handed over"
 * only when the server has, and goes away by itself when there is nothing more to say.
 */

import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { OutboxItem } from '../../shared/model.ts'
import { assertNever } from '../../shared/problem.ts'
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
/** Trouble stays to be read; from then on the Outbox and its counter tell of it. */
const TROUBLE_GOES_AFTER_MS = 20_000

/** How long the notice stays once nothing more will be said soon; null while it may still change or be taken back. */
function goesAfter({ journey }: OutboxItem): number | null {
  switch (journey.state) {
    case 'sending':
      return null
    case 'held':
      return journey.heldFor === 'schedule' ? GOES_AFTER_MS : null
    case 'queued':
      return journey.problem === null ? null : TROUBLE_GOES_AFTER_MS
    case 'accepted':
    case 'cancelled':
      return GOES_AFTER_MS
    case 'uncertain':
    case 'refused':
    case 'paused':
      return TROUBLE_GOES_AFTER_MS
    default:
      return assertNever(journey.state)
  }
}

export function DepartureBar({ itemId }: { itemId: string }) {
  const item = useAsk('outbox.get', [itemId])
  const isGone = item.isError && item.error.problem.kind === 'not-found'
  const stays = isGone ? 0 : item.isSuccess ? goesAfter(item.data) : null
  useEffect(() => {
    if (stays === null) return
    const timer = setTimeout(() => dismissDeparture(itemId), stays)
    return () => clearTimeout(timer)
  }, [stays, itemId])
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
