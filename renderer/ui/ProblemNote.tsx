/**
 * A problem on screen: what happened, what it means, what can be done, and the server's words one click away.
 * Refuses to decide: the buttons that mend it are given by the view.
 */

import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { type Problem, troubleOf } from '../../shared/problem.ts'
import { useWords } from '../i18n/words.ts'
import { Disclosure } from './Disclosure.tsx'
import { useFormat } from './format.ts'
import { HelpLink } from './HelpLink.tsx'
import styles from './ProblemNote.module.css'
import { problemWords } from './problem-words.ts'
import { ServerWords } from './ServerWords.tsx'

type Props = {
  problem: Problem
  /** `card` stands in a view; `line` only names it, with the rest behind a click. */
  shape?: 'card' | 'line'
  /** A mail hangs on it: what happens to it next is said too. */
  hasMail?: boolean
  /** Adds a button "Try again". */
  onRetry?: () => void
  /** More buttons: open the account, look at the source … */
  children?: ReactNode
}

export function ProblemNote({ problem, shape = 'card', hasMail = false, onRetry, children }: Props) {
  const words = useWords()
  const format = useFormat()
  const said = problemWords(problem, words, format)
  const tone = troubleOf(problem) === 'weather' ? 'waits' : 'trouble'
  const meaning = (
    <p className={styles.text}>
      {format.sentences([said.whose, said.meaning, said.remedy, hasMail ? said.next : null])}
    </p>
  )
  const own = said.serverWords !== null && <ServerWords>{said.serverWords}</ServerWords>
  const help = shape === 'card' ? said.help : null
  const hasActions = onRetry !== undefined || children !== undefined || help !== null
  return (
    <div className={styles.note} data-shape={shape} data-tone={tone} role="status">
      <IconAlertTriangle size={18} stroke={1.8} className={styles.icon} aria-hidden />
      <div className={styles.body}>
        <p className={styles.title}>{said.title}</p>
        {shape === 'line' ? (
          <Disclosure label={words('problem.details')}>
            {meaning}
            {own}
            {said.help !== null && (
              <div className={styles.actions}>
                <HelpLink help={said.help} />
              </div>
            )}
          </Disclosure>
        ) : (
          <>
            {meaning}
            {own && <Disclosure label={words('problem.serverSaid')}>{own}</Disclosure>}
          </>
        )}
        {hasActions && (
          <div className={styles.actions}>
            {help !== null && <HelpLink help={help} />}
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
