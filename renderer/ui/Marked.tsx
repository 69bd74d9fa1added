/** A text with the words that were searched for marked in it: ground, weight and line, never colour alone. */

import { marksIn } from '../../shared/search-marks.ts'
import type { SearchTerm } from '../../shared/search-query.ts'
import styles from './Marked.module.css'

export function Marked({ text, terms }: { text: string; terms: readonly SearchTerm[] }) {
  const marks = marksIn(text, terms)
  if (marks.length === 0) return text
  return (
    <>
      {marks.map(({ from, to }, index) => (
        <span key={from}>
          {text.slice(marks[index - 1]?.to ?? 0, from)}
          <mark className={styles.mark}>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(marks.at(-1)?.to)}
    </>
  )
}
