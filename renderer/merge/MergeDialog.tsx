/** The dialog of a letter to many, in two steps: the people, then every row as it will be, and Send. */

import { Modal } from '@mantine/core'
import type { Account } from '../../shared/model.ts'
import type { Composer } from '../compose/use-composer.ts'
import { useWords } from '../i18n/words.ts'
import { CheckStep } from './CheckStep.tsx'
import { PeopleStep } from './PeopleStep.tsx'
import type { Merge } from './use-merge.ts'

type Props = { merge: Merge; composer: Composer; draftId: string; accounts: readonly Account[] }

export function MergeDialog({ merge, composer, draftId, accounts }: Props) {
  const words = useWords()
  return (
    <Modal
      opened={merge.step !== 'closed'}
      onClose={merge.close}
      title={words(merge.step === 'check' ? 'merge.checkTitle' : 'merge.title')}
      size={merge.step === 'check' ? 920 : 560}
      zIndex={400}
      closeButtonProps={{ 'aria-label': words('frame.close') }}
    >
      {merge.step === 'people' && <PeopleStep merge={merge} />}
      {merge.step === 'check' && merge.chosen !== null && merge.letter !== null && (
        <CheckStep
          merge={merge}
          chosen={merge.chosen}
          draftId={draftId}
          content={merge.letter}
          composer={composer}
          accounts={accounts}
        />
      )}
    </Modal>
  )
}
