/** Language and paper. */

import { NativeSelect, SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import type { Settings } from '../../shared/model.ts'
import { asLanguage, useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'

const THEMES = ['system', 'light', 'dark'] as const
const THEME_WORDS = {
  system: 'settings.themeSystem',
  light: 'settings.themeLight',
  dark: 'settings.themeDark',
} as const

export function LookPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const languageText = useId()
  const themeName = useId()
  return (
    <Part title={words('settings.look')}>
      <Row name={words('settings.language')} text={words('settings.languageText')} textId={languageText}>
        <NativeSelect
          aria-label={words('settings.language')}
          aria-describedby={languageText}
          value={settings.language ?? ''}
          onChange={event =>
            void act('settings.set', {
              language: event.currentTarget.value === '' ? null : asLanguage(event.currentTarget.value),
            })
          }
          data={[
            { value: '', label: words('settings.languageSystem') },
            { value: 'en', label: words('settings.english') },
            { value: 'ja', label: words('settings.japanese') },
          ]}
        />
      </Row>
      <Row name={words('settings.theme')} nameId={themeName}>
        <SegmentedControl
          aria-labelledby={themeName}
          value={settings.theme}
          onChange={value => {
            const theme = THEMES.find(candidate => candidate === value)
            if (theme !== undefined) void act('settings.set', { theme })
          }}
          data={THEMES.map(value => ({ value, label: words(THEME_WORDS[value]) }))}
        />
      </Row>
    </Part>
  )
}
