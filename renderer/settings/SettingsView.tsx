/** The settings: each acts at once and is kept by the program. Says honestly where passwords and mails lie. */

import { Button } from '@mantine/core'
import { useAsk } from '../ask.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import { ChecksPart } from './ChecksPart.tsx'
import { KeysPart } from './KeysPart.tsx'
import { LookPart } from './LookPart.tsx'
import { Part, Row } from './Part.tsx'
import { ReadingPart } from './ReadingPart.tsx'
import { SafetyPart } from './SafetyPart.tsx'
import { SendingPart } from './SendingPart.tsx'
import styles from './SettingsView.module.css'
import { WritingPart } from './WritingPart.tsx'

export function SettingsView() {
  const words = useWords()
  const { go } = useNavigation()
  const settings = useAsk('settings.get', [])
  const info = useAsk('app.info', [])
  const isSlow = useIsSlow(settings.isPending || info.isPending)
  return (
    <section className={styles.view} aria-label={words('settings.title')}>
      <header className={styles.bar}>
        <h1>{words('settings.title')}</h1>
      </header>
      <div className={styles.scroll}>
        <div className={styles.column}>
          {settings.isError && (
            <ProblemNote problem={settings.error.problem} onRetry={() => void settings.refetch()} />
          )}
          {info.data?.settingsProblem != null && <ProblemNote problem={info.data.settingsProblem} />}
          {settings.data !== undefined && (
            <>
              <LookPart settings={settings.data} />
              <WritingPart settings={settings.data} />
              <SendingPart settings={settings.data} />
              <ChecksPart settings={settings.data} />
              <ReadingPart settings={settings.data} />
              <KeysPart settings={settings.data} />
              <Part title={words('settings.accounts')}>
                <Row name={words('settings.accounts')} text={words('settings.accountsText')}>
                  <Button onClick={() => go({ view: 'accounts' })}>{words('settings.openAccounts')}</Button>
                </Row>
              </Part>
            </>
          )}
          {info.data !== undefined && <SafetyPart info={info.data} />}
          {info.isError && <ProblemNote problem={info.error.problem} onRetry={() => void info.refetch()} />}
          {isSlow && (
            <>
              <span className="for-ears" role="status">
                {words('settings.loading')}
              </span>
              <SkeletonRows rows={2} />
            </>
          )}
        </div>
      </div>
    </section>
  )
}
