/** Asked before a mail is stopped or its last copy is thrown away. */

import type { OutboxItem } from '../../shared/model.ts'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { useWords } from '../i18n/words.ts'
import type { OutboxActions } from './use-outbox-actions.ts'

export type Asking = 'cancel' | 'remove' | null

type Props = { item: OutboxItem; actions: OutboxActions; asking: Asking; onStop: () => void }

/** Whether nothing of the mail is left once its row is removed. */
export function isLastCopy({ journey }: OutboxItem): boolean {
  return journey.state !== 'accepted' || journey.sentCopy.state === 'failed'
}

export function Confirmations({ item, actions, asking, onStop }: Props) {
  const words = useWords()
  return (
    <>
      <ConfirmDialog
        isOpen={asking === 'cancel'}
        title={words('outbox.cancelTitle')}
        yes={{
          text: words('outbox.cancelYes'),
          isBusy: actions.isBusy,
          act: () => void actions.cancel().then(onStop),
        }}
        no={{ text: words('outbox.cancelNo'), act: onStop }}
      >
        {words('outbox.cancelText')}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={asking === 'remove'}
        title={words('outbox.removeTitle')}
        yes={{
          text: words('outbox.removeYes'),
          isBusy: actions.isBusy,
          act: () => void actions.remove().then(onStop),
        }}
        no={{ text: words('outbox.removeNo'), act: onStop }}
      >
        {words(item.journey.state === 'accepted' ? 'outbox.removeCopyText' : 'outbox.removeText')}
      </ConfirmDialog>
    </>
  )
}
