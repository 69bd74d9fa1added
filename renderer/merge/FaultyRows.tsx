/** The rows of a table before they are mails, drawn only where they are seen: to whom, and what is wrong with them. */

import { IconAlertTriangle } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useId, useRef } from 'react'
import type { MergeFault } from '../../shared/merge.ts'
import { useWords } from '../i18n/words.ts'
import { faultWords } from './fault-words.ts'
import css from './MergeDialog.module.css'
import type { ChosenPeople } from './use-merge.ts'

const ROW_HEIGHT = 44

type Props = {
  chosen: ChosenPeople
  rows: readonly number[]
  faults: ReadonlyMap<number, MergeFault[]>
  row: number
  onChoose(row: number): void
}

export function FaultyRows({ chosen, rows, faults, row, onChoose }: Props) {
  const words = useWords()
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  })
  const chosenAt = rows.indexOf(row)

  function press(event: KeyboardEvent): void {
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = Math.max(0, Math.min(rows.length - 1, chosenAt + by))
    onChoose(rows[at] ?? row)
    virtual.scrollToIndex(at, { align: 'auto' })
  }

  return (
    <div
      ref={scroller}
      className={css.rows}
      role="listbox"
      tabIndex={0}
      aria-label={words('merge.rows')}
      aria-activedescendant={`${id}-${chosenAt}`}
      onKeyDown={press}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const at = rows[index] ?? 0
          const cells = chosen.table.rows[at] ?? []
          const wrong = faults.get(at)?.[0]
          const address = cells[chosen.columns.address] ?? ''
          const name = chosen.columns.name === null ? '' : (cells[chosen.columns.name] ?? '')
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: options are reached by aria-activedescendant
            <div
              key={at}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === chosenAt}
              aria-setsize={rows.length}
              aria-posinset={index + 1}
              className={css.row}
              style={{ height: ROW_HEIGHT, transform: `translateY(${start}px)` }}
              onClick={() => onChoose(at)}
            >
              <span className={css.number}>{at + 1}</span>
              <span className={css.name}>{name || address || words('merge.nobody')}</span>
              {wrong === undefined ? (
                <span className={css.second}>{name === '' ? '' : address}</span>
              ) : (
                <span className={css.wrongRow}>
                  <IconAlertTriangle size={12} stroke={2.2} aria-hidden />
                  {faultWords(wrong, words)}
                </span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
