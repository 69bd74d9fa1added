/** The first thing a new user sees: what Todoke is in one breath, and two ways to begin. */

import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { MARKS, STATION_NAMES } from '../journey/stations.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './WelcomeView.module.css'

export function WelcomeView() {
  const words = useWords()
  const navigation = useNavigation()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [isStarting, setStarting] = useState(false)

  async function practise(): Promise<void> {
    setProblem(null)
    setStarting(true)
    const reply = await call('practice.start')
    setStarting(false)
    // When it is there the frame opens the inbox by itself.
    if (!reply.ok) setProblem(reply.problem)
  }

  return (
    <main className={css.welcome}>
      <div className={css.middle}>
        <div className={css.way} role="img" aria-label={words('accounts.welcomeStations')}>
          {STATION_NAMES.map(name => (
            <span key={name} className={css.mark} data-station={name} lang="ja">
              {MARKS[name]}
            </span>
          ))}
        </div>
        <h1 className={css.title}>{words('accounts.welcomeTitle')}</h1>
        <p className={css.text}>{words('accounts.welcomeText')}</p>
        <div className={css.ways}>
          <Button size="md" variant="filled" onClick={() => navigation.go({ view: 'accounts' })}>
            {words('accounts.add')}
          </Button>
          <Button size="md" loading={isStarting} onClick={() => void practise()}>
            {words('accounts.welcomePractice')}
          </Button>
        </div>
        <p className={css.small} role="status">
          {isStarting ? words('accounts.practiceStarting') : words('accounts.welcomePracticeText')}
        </p>
        {problem !== null && <ProblemNote problem={problem} onRetry={() => void practise()} />}
      </div>
    </main>
  )
}
