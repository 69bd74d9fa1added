/** The pill of a whole mail: its journey in one word, with how many recipients where they differ. */

import type { Journey } from '../../shared/journey.ts'
import { useWords } from '../i18n/words.ts'
import { summaryOf } from './journey-summary.ts'
import { STATE_LOOKS, StatePill } from './StatePill.tsx'

export function JourneyPill({ journey }: { journey: Journey }) {
  const words = useWords()
  const { state, count } = summaryOf(journey)
  if (count === null) return <StatePill state={state} />
  return (
    <StatePill state={state}>
      {words('frame.stateOf', { state: words(STATE_LOOKS[state].word), some: count.some, all: count.all })}
    </StatePill>
  )
}
