/** How many were found, where it was looked and in which order; what is not searchable yet is said. */

import type { SearchCount } from '../../shared/search-answer.ts'
import { useWords, type Words } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import styles from './SearchStrip.module.css'
import type { SearchState } from './search-state.ts'

type Props = {
  search: SearchState
  placeName: string
  count: SearchCount | undefined
  onSearch(change: Partial<SearchState>): void
}

export function SearchStrip({ search, placeName, count, onSearch }: Props) {
  const words = useWords()
  const format = useFormat()
  return (
    <div className={styles.strip}>
      <fieldset className={styles.choices} aria-label={words('search.scope')}>
        <Choice isOn={!search.isEverywhere} onChoose={() => onSearch({ isEverywhere: false })}>
          {placeName}
        </Choice>
        <Choice isOn={search.isEverywhere} onChoose={() => onSearch({ isEverywhere: true })}>
          {words('search.everywhere')}
        </Choice>
      </fieldset>
      <fieldset className={styles.choices} aria-label={words('search.order')}>
        <Choice isOn={search.order === 'newest'} onChoose={() => onSearch({ order: 'newest' })}>
          {words('search.newest')}
        </Choice>
        <Choice isOn={search.order === 'relevance'} onChoose={() => onSearch({ order: 'relevance' })}>
          {words('search.relevance')}
        </Choice>
      </fieldset>
      <p className={styles.count} role="status">
        {count !== undefined && countWords(count, words, format.number(count.total))}
        {count !== undefined && count.waiting > 0 && (
          <span className={styles.waiting}>
            {words('search.waiting', { count: count.waiting, number: format.number(count.waiting) })}
          </span>
        )}
      </p>
    </div>
  )
}

function countWords({ total, isExact }: SearchCount, words: Words, number: string): string {
  if (isExact || total === 0) return words('search.count', { count: total, number })
  return words(total >= 10_000 ? 'search.countMany' : 'search.countAbout', { number })
}

function Choice({ isOn, onChoose, children }: { isOn: boolean; onChoose(): void; children: string }) {
  return (
    <button type="button" className={styles.choice} aria-pressed={isOn} onClick={onChoose}>
      {children}
    </button>
  )
}
