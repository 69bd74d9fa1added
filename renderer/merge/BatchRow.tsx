/** A letter to many in the list of the Outbox: one row for all of its mails. */

import { UnstyledButton } from '@mantine/core'
import type { MergeBatch } from '../../shared/merge.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import css from './Batch.module.css'
import { BatchBar, BatchPill } from './BatchState.tsx'
import { useBatchWords } from './use-batch-words.ts'

type Props = { batch: MergeBatch; isChosen: boolean; onChoose: (batchId: string) => void }

export function BatchRow({ batch, isChosen, onChoose }: Props) {
  const words = useWords()
  const format = useFormat()
  const now = useNow()
  const { line, resting } = useBatchWords(batch)
  return (
    <li className={css.batch} data-chosen={isChosen || undefined}>
      <UnstyledButton
        className={css.choose}
        data-item={batch.id}
        aria-current={isChosen || undefined}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => onChoose(batch.id)}
      >
        <span className={css.what}>
          {words('merge.batch', { subject: batch.subject || words('merge.noSubject') })}
        </span>
        <time className={css.time}>{format.listTime(batch.createdAt, now)}</time>
        <span className={css.stands}>
          <BatchPill batch={batch} isResting={resting !== null} />
        </span>
        <span className={css.way}>
          <BatchBar batch={batch} line={line} />
        </span>
        <span className={css.line}>{line}</span>
      </UnstyledButton>
    </li>
  )
}
