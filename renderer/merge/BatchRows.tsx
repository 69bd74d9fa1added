/** All rows of a batch, drawn and asked for only where they are seen; each opens the way of its mail. */

import { UnstyledButton } from '@mantine/core'
import { IconClock, IconMinus } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import type { MergeBatch, MergeBatchRow } from '../../shared/merge.ts'
import { ask } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { problemWords } from '../ui/problem-words.ts'
import { Pill, StatePill } from '../ui/StatePill.tsx'
import css from './Batch.module.css'
import { faultWords } from './fault-words.ts'

const ROW_HEIGHT = 46
const PAGE_ROWS = 100

type Props = { batch: MergeBatch; onOpen: (itemId: string) => void }

export function BatchRows({ batch, onOpen }: Props) {
  const words = useWords()
  const scroller = useRef<HTMLUListElement>(null)
  const virtual = useVirtualizer({
    count: batch.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  })
  const drawn = virtual.getVirtualItems()
  const rowAt = useRows(batch.id, drawn[0]?.index ?? 0, drawn.at(-1)?.index ?? 0)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable
    <ul ref={scroller} className={css.rows} tabIndex={0} aria-label={words('merge.rowsOf')}>
      <li role="presentation" aria-hidden style={{ height: virtual.getTotalSize() }} />
      {drawn.map(({ index, start }) => {
        const row = rowAt(index)
        return (
          <li
            key={index}
            className={css.row}
            style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
          >
            {row === undefined ? null : (
              <Row row={row} isStopped={batch.state === 'cancelled'} onOpen={onOpen} />
            )}
          </li>
        )
      })}
    </ul>
  )
}

/** The rows of the pages that are on screen. */
function useRows(batchId: string, first: number, last: number): (index: number) => MergeBatchRow | undefined {
  const from = Math.floor(first / PAGE_ROWS)
  const pages = Array.from({ length: Math.floor(last / PAGE_ROWS) - from + 1 }, (_, at) => from + at)
  const answers = useQueries({
    queries: pages.map(page => ({
      queryKey: ['merge.rows', batchId, page * PAGE_ROWS, PAGE_ROWS],
      queryFn: () => ask('merge.rows', batchId, page * PAGE_ROWS, PAGE_ROWS),
    })),
  })
  return index => answers[Math.floor(index / PAGE_ROWS) - from]?.data?.[index % PAGE_ROWS]
}

type RowProps = { row: MergeBatchRow; isStopped: boolean; onOpen: (itemId: string) => void }

function Row({ row, isStopped, onOpen }: RowProps) {
  const words = useWords()
  const format = useFormat()
  const { itemId, state, faults, problem } = row
  const to = row.to.map(({ name, address }) => name || address).join(', ') || words('merge.nobody')
  const why = [
    ...faults.map(fault => faultWords(fault, words)),
    ...(problem === null ? [] : [problemWords(problem, words, format).title]),
  ]
  const inside = (
    <>
      <span className={css.number}>{row.row + 1}</span>
      <span className={css.who}>{to}</span>
      <span className={css.second}>{why.length > 0 ? format.list(why) : row.subject}</span>
      <span className={css.pill}>
        <RowState state={state} isLeft={why.length > 0} isStopped={isStopped} />
      </span>
    </>
  )
  if (itemId === null || state === null) return <div className={css.inside}>{inside}</div>
  return (
    <UnstyledButton className={css.inside} onClick={() => onOpen(itemId)}>
      {inside}
    </UnstyledButton>
  )
}

type RowStateProps = Pick<MergeBatchRow, 'state'> & { isLeft: boolean; isStopped: boolean }

function RowState({ state, isLeft, isStopped }: RowStateProps) {
  const words = useWords()
  if (state !== null) return <StatePill state={state} />
  if (isLeft || isStopped) {
    return (
      <Pill tone="quiet" shape={IconMinus}>
        {words(isLeft ? 'merge.leftRow' : 'merge.stoppedRow')}
      </Pill>
    )
  }
  return (
    <Pill tone="waits" shape={IconClock}>
      {words('merge.toMakeRow')}
    </Pill>
  )
}
