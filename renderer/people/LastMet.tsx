/** When somebody was last written to or wrote, or why they are suggested last: in one short word. */

import { IconAlertTriangle } from '@tabler/icons-react'
import type { Person } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { useNow } from '../ui/use-now.ts'
import css from './LastMet.module.css'

export function LastMet({ person }: { person: Person }) {
  const words = useWords()
  const format = useFormat()
  const { demotedFor, lastMailedAt, lastReceivedAt } = person
  const now = useNow()
  const time = (at: number) => format.listTime(at, now)
  return (
    <span className={css.when} data-demoted={demotedFor ?? undefined}>
      {demotedFor === 'failed' && <IconAlertTriangle size={13} stroke={2} aria-hidden />}
      {demotedFor !== null
        ? words(`people.demoted.${demotedFor}`)
        : lastMailedAt !== null
          ? words('people.mailed', { time: time(lastMailedAt) })
          : lastReceivedAt !== null
            ? words('people.wrote', { time: time(lastReceivedAt) })
            : words('people.kept')}
    </span>
  )
}
