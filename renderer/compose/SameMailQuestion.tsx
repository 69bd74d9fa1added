/** Asks once where the same mail went a moment ago: when that was, and to whom. */

import { useAsk } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import type { Composer } from './use-composer.ts'

const NAMED = 3

export function SameMailQuestion({ composer }: { composer: Composer }) {
  const words = useWords()
  const format = useFormat()
  const { sending } = composer
  const itemId = sending.step === 'asks-again' ? sending.itemId : null
  const earlier = useAsk('outbox.get', [itemId ?? ''], { isEnabled: itemId !== null })
  const item = itemId === null ? undefined : earlier.data
  const people = item === undefined ? [] : [...item.to, ...item.cc, ...item.bcc]
  const named = people.slice(0, NAMED).map(({ name, address }) => (name === '' ? address : name))
  const more = people.length - named.length
  return (
    <ConfirmDialog
      isOpen={itemId !== null}
      title={words('compose.againTitle')}
      yes={{ text: words('compose.againYes'), act: composer.sendAgain, isSending: true }}
      no={{ text: words('compose.againNo'), act: composer.doNotSend }}
    >
      <p>{words('compose.againText')}</p>
      {item !== undefined && (
        <p>
          {words('compose.againWhen', {
            time: format.clock(item.createdAt),
            people: format.list(named),
          })}
          {more > 0 && ` ${words('compose.againMore', { count: more })}`}
        </p>
      )}
    </ConfirmDialog>
  )
}
