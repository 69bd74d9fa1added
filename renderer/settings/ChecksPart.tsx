/** Which questions are asked before a mail goes: each can be turned off here, and brought back. */

import { NativeSelect, Switch } from '@mantine/core'
import { useId } from 'react'
import { CHECK_NAMES, type CheckName } from '../../shared/check-name.ts'
import type { Settings } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'

const LIMITS = [3, 5, 10, 20, 50]

export function ChecksPart({ settings }: { settings: Settings }) {
  const words = useWords()
  return (
    <Part title={words('questions.settings.title')}>
      {CHECK_NAMES.map(check => (
        <CheckRow key={check} check={check} settings={settings} />
      ))}
      {!settings.checksOff.includes('many-outsiders') && <LimitRow settings={settings} />}
    </Part>
  )
}

function CheckRow({ check, settings }: { check: CheckName; settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const text = useId()
  const { checksOff } = settings
  const name = words(`questions.settings.name.${check}`)
  return (
    <Row name={name} text={words(`questions.settings.text.${check}`)} textId={text}>
      <Switch
        size="md"
        aria-label={name}
        aria-describedby={text}
        checked={!checksOff.includes(check)}
        onChange={event => {
          const others = checksOff.filter(other => other !== check)
          void act('settings.set', { checksOff: event.currentTarget.checked ? others : [...others, check] })
        }}
      />
    </Row>
  )
}

function LimitRow({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const limits = [...new Set([...LIMITS, settings.outsidersLimit])].sort((a, b) => a - b)
  return (
    <Row name={words('questions.settings.limit')}>
      <NativeSelect
        aria-label={words('questions.settings.limit')}
        value={String(settings.outsidersLimit)}
        onChange={event => void act('settings.set', { outsidersLimit: Number(event.currentTarget.value) })}
        data={limits.map(count => ({
          value: String(count),
          label: words('questions.settings.people', { count }),
        }))}
      />
    </Row>
  )
}
