/** Where passwords and mails lie, said as it is. */

import { Button } from '@mantine/core'
import type { ShellInfo } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { Part, Row } from './Part.tsx'
import styles from './SettingsView.module.css'

const SECRETS_WORDS = {
  'os-keychain': 'settings.secretsText.osKeychain',
  'os-weak': 'settings.secretsText.osWeak',
  'key-file': 'settings.secretsText.keyFile',
} as const

export function SafetyPart({ info }: { info: ShellInfo }) {
  const words = useWords()
  async function copyPath(): Promise<void> {
    await navigator.clipboard.writeText(info.dataDir)
    announce(words('settings.copied'))
  }
  return (
    <>
      <Part title={words('settings.safety')}>
        {info.isPractice && <p className={styles.practice}>{words('settings.practiceNote')}</p>}
        <Row name={words('settings.secrets')} text={words(SECRETS_WORDS[info.secrets])} />
        <Row name={words('settings.dataDir')} text={words('settings.dataDirText')}>
          <Button onClick={() => void copyPath()}>{words('settings.copyPath')}</Button>
        </Row>
        <code className={styles.path}>{info.dataDir}</code>
      </Part>
      <p className={styles.version}>
        {words('settings.version', {
          version: info.version,
          shell: words(`settings.shell.${info.shell}`),
        })}
      </p>
    </>
  )
}
