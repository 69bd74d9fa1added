/**
 * A problem on screen: what happened, what it means, what can be done, and the server's words one click away.
 * Refuses to decide: the buttons that mend it are given by the view.
 */

import { Button } from '@mantine/core'
import { IconAlertTriangle, IconChevronRight } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { type Problem, troubleOf } from '../../shared/problem.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from './format.ts'
import styles from './ProblemNote.module.css'
import { problemWords } from './problem-words.ts'

type Props = {
  problem: Problem
  /** `card` stands in a view; `line` only names it, with the rest behind a click. */
  shape?: 'card' | 'line'
  /** Adds a button "Try again". */
  onRetry?: () => void
  /** More buttons: open the account, look at the source … */
  children?: ReactNode
}

export function ProblemNote({ problem, shape = 'card', onRetry, children }: Props) {
  const words = useWords()
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const said = problemWords(problem, words, format)
  const tone = troubleOf(problem) === 'weather' ? 'waits' : 'trouble'
  const hasMore = shape === 'line' || said.serverWords !== null
  const more = shape === 'line' ? words('problem.details') : words('problem.serverSaid')
  return (
    <div className={styles.note} data-shape={shape} data-tone={tone} role="status">
      <IconAlertTriangle size={18} stroke={1.8} className={styles.icon} aria-hidden />
      <div className={styles.body}>
        <p className={styles.title}>{said.title}</p>
        {shape === 'card' && (
          <p className={styles.text}>
            {said.meaning} {said.remedy}
          </p>
        )}
        {hasMore && (
          <button
            type="button"
            className={styles.more}
            aria-expanded={isOpen}
            onClick={() => setOpen(open => !open)}
          >
            <IconChevronRight size={14} stroke={2} aria-hidden className={styles.chevron} />
            {more}
          </button>
        )}
        {isOpen && shape === 'line' && (
          <p className={styles.text}>
            {said.meaning} {said.remedy}
          </p>
        )}
        {isOpen && said.serverWords !== null && <pre className={styles.server}>{said.serverWords}</pre>}
        {(onRetry !== undefined || children !== undefined) && (
          <div className={styles.actions}>
            {onRetry !== undefined && (
              <Button size="xs" onClick={onRetry}>
                {words('problem.again')}
              </Button>
            )}
            {children}
          </div>
        )}
      </div>
    </div>
  )
}
