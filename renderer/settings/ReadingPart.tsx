/** What a mail may load from the internet, and the senders that may without a question. */

import { CloseButton, NativeSelect, Switch } from '@mantine/core'
import { useId } from 'react'
import type { Settings } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'
import styles from './SettingsView.module.css'

const ALL = 'all'
const DAYS = [7, 30, 90, 365]

/** Those that are offered, and one that was written into the file by hand. */
function dayChoices(now: number | null): number[] {
  return [...new Set([...DAYS, ...(now === null || now === 0 ? [] : [now])])].sort((a, b) => a - b)
}

export function ReadingPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const aheadText = useId()
  const trusted = useAsk('pictures.trusted', []).data ?? []
  return (
    <Part title={words('settings.reading')}>
      <Row name={words('settings.conversations')} text={words('settings.conversationsText')}>
        <Switch
          aria-label={words('settings.conversations')}
          checked={settings.showsConversations}
          onChange={event => void act('settings.set', { showsConversations: event.currentTarget.checked })}
        />
      </Row>
      <Row name={words('settings.remotePictures')} text={words('settings.remotePicturesText')}>
        <NativeSelect
          aria-label={words('settings.remotePictures')}
          value={settings.remotePictures}
          onChange={event =>
            void act('settings.set', {
              remotePictures: event.currentTarget.value === 'never' ? 'never' : 'ask',
            })
          }
          data={(['ask', 'never'] as const).map(value => ({
            value,
            label: words(`settings.picturesAre.${value}`),
          }))}
        />
      </Row>
      <Row name={words('settings.ahead')} text={words('settings.aheadText')} textId={aheadText}>
        <NativeSelect
          aria-label={words('settings.ahead')}
          aria-describedby={aheadText}
          value={String(settings.aheadDays ?? ALL)}
          onChange={event => {
            const { value } = event.currentTarget
            void act('settings.set', { aheadDays: value === ALL ? null : Number(value) })
          }}
          data={[
            { value: '0', label: words('settings.aheadNone') },
            ...dayChoices(settings.aheadDays).map(count => ({
              value: String(count),
              label: words('settings.days', { count }),
            })),
            { value: ALL, label: words('settings.aheadAll') },
          ]}
        />
      </Row>
      {trusted.length > 0 && settings.remotePictures === 'ask' && (
        <Row name={words('settings.trustedSenders')} text={words('settings.trustedSendersText')}>
          <ul className={styles.senders}>
            {trusted.map(sender => (
              <li key={sender}>
                <span>{sender}</span>
                <CloseButton
                  size="sm"
                  aria-label={words('settings.distrust', { sender })}
                  onClick={() => void act('pictures.trust', sender, false)}
                />
              </li>
            ))}
          </ul>
        </Row>
      )}
    </Part>
  )
}
