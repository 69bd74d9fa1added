/** Single keys on or off, and which keys there are. */

import { Switch } from '@mantine/core'
import { useId } from 'react'
import type { Settings } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { showKey } from '../ui/keys.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'
import styles from './SettingsView.module.css'

const KEYS = [
  { keys: ['c'], word: 'settings.keyWrite' },
  { keys: ['Mod+Enter'], word: 'settings.keySend' },
  { keys: ['Mod+f', '/'], word: 'search.field' },
  { keys: ['Mod+k'], word: 'settings.keyFind' },
  { keys: ['j', 'k'], word: 'settings.keyWalk' },
  { keys: ['r'], word: 'settings.keyReply' },
  { keys: ['e'], word: 'settings.keyArchive' },
] as const

export function KeysPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const text = useId()
  return (
    <Part title={words('settings.keys')}>
      <Row name={words('settings.singleKeys')} text={words('settings.singleKeysText')} textId={text}>
        <Switch
          size="md"
          aria-label={words('settings.singleKeys')}
          aria-describedby={text}
          checked={settings.singleKeys}
          onChange={event => void act('settings.set', { singleKeys: event.currentTarget.checked })}
        />
      </Row>
      <ul className={styles.keys}>
        {KEYS.map(({ keys, word }) => (
          <li
            key={word}
            data-off={(!settings.singleKeys && keys.every(key => key.length === 1)) || undefined}
          >
            <span>{words(word)}</span>
            <span className={styles.keyNames}>
              {keys
                .filter(
                  key => settings.singleKeys || key.length > 1 || keys.every(other => other.length === 1),
                )
                .map(key => (
                  <kbd key={key}>{showKey(key)}</kbd>
                ))}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  )
}
