/** A mail of the outbox in the list: who, what, the way in small, and what happens to it now. */

import { UnstyledButton } from '@mantine/core'
import type { OutboxItem } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { JourneyLine } from '../journey/JourneyLine.tsx'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import { HappeningLine } from './HappeningLine.tsx'
import css from './OutboxRow.module.css'
import { recipientsLine } from './people.ts'
import { RowActs } from './RowActs.tsx'

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
      <RowActs item={item} />
    </li>
  )
}
