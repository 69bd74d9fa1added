/** How long a mail can be taken back, and where new mails come from. */

import { NativeSelect } from '@mantine/core'
import { useId } from 'react'
import type { Settings } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'

const UNDO_CHOICES = [0, 5, 10, 20, 30, 60]

export function WritingPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const accounts = useAsk('accounts.list', [])
  const undoText = useId()
  const seconds = [...new Set([...UNDO_CHOICES, settings.undoSeconds])].sort((a, b) => a - b)
  return (
    <Part title={words('settings.writing')}>
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
      <Row name={words('settings.defaultAccount')}>
        <NativeSelect
          aria-label={words('settings.defaultAccount')}
          value={settings.defaultAccountId ?? ''}
          onChange={event =>
            void act('settings.set', { defaultAccountId: event.currentTarget.value || null })
          }
          data={[
            { value: '', label: words('settings.defaultAccountFirst') },
            ...(accounts.data ?? []).map(account => ({ value: account.id, label: account.label })),
          ]}
        />
      </Row>
    </Part>
  )
}
