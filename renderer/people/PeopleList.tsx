/** The rows of people: as many as there are, only those on screen are drawn. */

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useRef, useState } from 'react'
import type { Person } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRow, SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useAct } from '../ui/use-act.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import css from './PeopleView.module.css'
import { PersonDialog } from './PersonDialog.tsx'
import { PersonRow, ROW_HEIGHT } from './PersonRow.tsx'
import { usePeoplePages } from './use-people-pages.ts'
import { useWriteTo } from './use-write-to.ts'

export function PeopleList({ query, nobody }: { query: string; nobody: ReactNode }) {
  const words = useWords()
  const act = useAct()
  const writeTo = useWriteTo()
  const scroller = useRef<HTMLDivElement>(null)
  const [edited, edit] = useState<Person | null>(null)
  const [seen, see] = useState({ first: 0, last: 0 })
  const pages = usePeoplePages(query, seen.first, seen.last)
  const isSlow = useIsSlow(pages.total === null)
  const virtual = useVirtualizer({
    count: pages.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
    onChange(instance) {
      const first = instance.range?.startIndex ?? 0
      const last = instance.range?.endIndex ?? 0
      if (first !== seen.first || last !== seen.last) see({ first, last })
    },
  })

  async function forget({ address: { address } }: Person): Promise<void> {
    if ((await act('people.forget', address)) !== null) announce(words('people.forgotten', { address }))
  }

  if (pages.problem !== null) {
    return (
      <div className={css.problem}>
        <ProblemNote problem={pages.problem} onRetry={pages.refetch} />
      </div>
    )
  }
  if (pages.total === null) {
    return isSlow ? (
      <>
        <span className="for-ears" role="status">
          {words('people.loading')}
        </span>
        <SkeletonRows rows={8} rowHeight={ROW_HEIGHT} />
      </>
    ) : null
  }
  if (pages.total === 0) return nobody
  return (
    <>
      <p className={css.count} role="status">
        {words('people.count', { count: pages.total })}
      </p>
      <div ref={scroller} className={css.scroller}>
        <ul className={css.rows} aria-label={words('people.list')} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const person = pages.personAt(index)
            return (
              <li key={index} className={css.place} style={{ transform: `translateY(${start}px)` }}>
                {person === undefined ? (
                  <SkeletonRow height={ROW_HEIGHT} seed={index} />
                ) : (
                  <PersonRow
                    person={person}
                    onWrite={() => void writeTo([person.address])}
                    onEdit={() => edit(person)}
                    onForget={() => void forget(person)}
                  />
                )}
              </li>
            )
          })}
        </ul>
      </div>
      {edited !== null && <PersonDialog person={edited} onClose={() => edit(null)} />}
    </>
  )
}
