/**
 * The first thing a new user sees: what Todoke is in one breath, and two ways to begin. The frame puts the desk in its
 * place once there is an account and its check has been read.
 */

import { Button } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useState } from 'react'
import type { Problem } from '../../shared/problem.ts'
import { call } from '../bridge.ts'
import { useWords } from '../i18n/words.ts'
import { MARKS, STATION_NAMES } from '../journey/stations.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { AccountDetail } from './AccountDetail.tsx'
import { freeColor } from './account-form.ts'
import css from './WelcomeView.module.css'

type Props = { isAdding: boolean; onAdding: (isAdding: boolean) => void }

export function WelcomeView({ isAdding, onAdding }: Props) {
  return isAdding ? <FirstAccount onBack={() => onAdding(false)} /> : <Welcome onAdd={() => onAdding(true)} />
}

function Welcome({ onAdd }: { onAdd: () => void }) {
  const words = useWords()
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
            <span key={name} className={css.stop} data-station={name} lang="ja">
              <span className={css.mark}>{MARKS[name]}</span>
            </span>
          ))}
        </div>
        <h1 className={css.title}>{words('accounts.welcomeTitle')}</h1>
        <p className={css.text}>{words('accounts.welcomeText')}</p>
        <div className={css.ways}>
          <Button size="md" variant="filled" onClick={onAdd}>
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

function FirstAccount({ onBack }: { onBack: () => void }) {
  const words = useWords()
  return (
    <main className={css.first}>
      <header className={css.bar}>
        <IconButton icon={IconArrowLeft} name={words('accounts.backToWelcome')} onClick={onBack} />
        <h1 className="for-ears">{words('accounts.add')}</h1>
        <h2>{words('accounts.newTitle')}</h2>
      </header>
      <div className={css.firstBody}>
        <AccountDetail
          account={null}
          color={freeColor([])}
          status={undefined}
          onSaved={onBack}
          onGone={onBack}
        />
      </div>
    </main>
  )
}
