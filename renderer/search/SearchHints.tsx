/** What narrows a search, to be put into the field: all of it before anything is typed, later what begins so. */

import { useMemo } from 'react'
import { useWords } from '../i18n/words.ts'
import styles from './SearchHints.module.css'
import { fittingHints, type Hint, withHint } from './search-state.ts'

const IDS = [
  'from',
  'to',
  'subject',
  'attachment',
  'unread',
  'after',
  'before',
  'in',
  'account',
  'file',
] as const

export function SearchHints({ text, onText }: { text: string; onText(text: string): void }) {
  const words = useWords()
  const hints = useMemo<Hint[]>(
    () => IDS.map(id => ({ id, inserted: words(`search.operator.${id}`) })),
    [words],
  )
  const isBeginning = text.trim() === ''
  // Between two words nothing is offered: the results are what is looked at then.
  const fitting = !isBeginning && /\s$/u.test(text) ? [] : fittingHints(text, hints)
  if (fitting.length === 0) return null
  return (
    <section className={styles.hints} aria-label={words('search.hints')}>
      {isBeginning && <p className={styles.title}>{words('search.hints')}</p>}
      <div className={styles.row}>
        {fitting.map(hint => (
          <button
            key={hint.id}
            type="button"
            className={styles.hint}
            aria-label={words(`search.meaning.${hint.id as (typeof IDS)[number]}`)}
            title={words(`search.meaning.${hint.id as (typeof IDS)[number]}`)}
            onClick={() => onText(withHint(text, hint))}
          >
            {hint.inserted}
          </button>
        ))}
      </div>
      {isBeginning && <p className={styles.more}>{words('search.quotes')}</p>}
    </section>
  )
}
