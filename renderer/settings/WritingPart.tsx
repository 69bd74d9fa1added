/** Where new mails come from, where an answer quotes, and where it is signed. */

import { Button, NativeSelect, Switch } from '@mantine/core'
import type { Settings } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useNavigation } from '../frame/navigation.tsx'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'

export function WritingPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const { go } = useNavigation()
  const accounts = useAsk('accounts.list', [])
  return (
    <Part title={words('settings.writing')}>
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
      <Row name={words('settings.writesPlain')} text={words('settings.writesPlainText')}>
        <Switch
          size="md"
          aria-label={words('settings.writesPlain')}
          checked={settings.writesPlain}
          onChange={event => void act('settings.set', { writesPlain: event.currentTarget.checked })}
        />
      </Row>
      <Row name={words('settings.quotes')}>
        <NativeSelect
          aria-label={words('settings.quotes')}
          value={settings.quotes}
          onChange={event =>
            void act('settings.set', { quotes: event.currentTarget.value === 'above' ? 'above' : 'below' })
          }
          data={(['below', 'above'] as const).map(value => ({
            value,
            label: words(`settings.quotesAre.${value}`),
          }))}
        />
      </Row>
      <Row name={words('settings.signatures')}>
        <NativeSelect
          aria-label={words('settings.signatures')}
          value={settings.signatures}
          onChange={event =>
            void act('settings.set', {
              signatures: event.currentTarget.value === 'at-end' ? 'at-end' : 'under-answer',
            })
          }
          data={(['under-answer', 'at-end'] as const).map(value => ({
            value,
            label: words(`settings.signaturesAre.${value}`),
          }))}
        />
      </Row>
      <Row name={words('templates.title')} text={words('templates.settingsText')}>
        <Button onClick={() => go({ view: 'templates' })}>{words('templates.manage')}</Button>
      </Row>
    </Part>
  )
}
