/** What a mail may load from the internet, and the senders that may without a question. */

import { CloseButton, NativeSelect } from '@mantine/core'
import type { Settings } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useAct } from '../ui/use-act.tsx'
import { Part, Row } from './Part.tsx'
import styles from './SettingsView.module.css'

export function ReadingPart({ settings }: { settings: Settings }) {
  const words = useWords()
  const act = useAct()
  const trusted = useAsk('pictures.trusted', []).data ?? []
  return (
    <Part title={words('settings.reading')}>
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
