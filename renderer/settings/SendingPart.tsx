/** What happens after Send without a question: how long a mail is held, and what is chosen ahead. */

import { NativeSelect } from '@mantine/core'
import { useId } from 'react'
import type { Settings } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'

const UNDO_CHOICES = [0, 5, 10, 20, 30, 60]
const WHEN_REFUSED = ['ask', 'send-to-others', 'cancel'] as const
const DUE_ASLEEP = ['ask', 'send'] as const

export function SendingPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const [undoText, refusedText, asleepText] = [useId(), useId(), useId()]
  const seconds = [...new Set([...UNDO_CHOICES, settings.undoSeconds])].sort((a, b) => a - b)
  return (
    <Part title={words('settings.sending')}>
      <Row name={words('settings.undo')} text={words('settings.undoText')} textId={undoText}>
        <NativeSelect
          aria-label={words('settings.undo')}
          aria-describedby={undoText}
          value={String(settings.undoSeconds)}
          onChange={event => void act('settings.set', { undoSeconds: Number(event.currentTarget.value) })}
          data={seconds.map(count => ({
            value: String(count),
            label: count === 0 ? words('settings.undoNone') : words('settings.seconds', { count }),
          }))}
        />
      </Row>
      <Row name={words('settings.whenRefused')} text={words('settings.whenRefusedText')} textId={refusedText}>
        <NativeSelect
          aria-label={words('settings.whenRefused')}
          aria-describedby={refusedText}
          value={settings.whenSomeRefused}
          onChange={event => {
            const choice = WHEN_REFUSED.find(one => one === event.currentTarget.value)
            if (choice !== undefined) void act('settings.set', { whenSomeRefused: choice })
          }}
          data={WHEN_REFUSED.map(value => ({ value, label: words(`settings.refusedIs.${value}`) }))}
        />
      </Row>
      <Row name={words('settings.dueAsleep')} text={words('settings.dueAsleepText')} textId={asleepText}>
        <NativeSelect
          aria-label={words('settings.dueAsleep')}
          aria-describedby={asleepText}
          value={settings.dueAsleep}
          onChange={event => {
            const choice = DUE_ASLEEP.find(one => one === event.currentTarget.value)
            if (choice !== undefined) void act('settings.set', { dueAsleep: choice })
          }}
          data={DUE_ASLEEP.map(value => ({ value, label: words(`settings.asleepIs.${value}`) }))}
        />
      </Row>
    </Part>
  )
}
