/** The two questions of a composer: send it as empty as it is, and throw it away. */

import { useWords } from '../i18n/words.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import type { Composer } from './use-composer.ts'

type Props = { composer: Composer; isDiscarding: boolean; onKeep: () => void }

export function ComposerQuestions({ composer, isDiscarding, onKeep }: Props) {
  const words = useWords()
  const asked = composer.sending.step === 'asks-empty' ? composer.sending : null
  return (
    <>
      <ConfirmDialog
        isOpen={asked !== null}
        title={words('compose.emptyTitle')}
        yes={{ text: words('compose.emptyYes'), act: composer.sendAnyway, isSending: true }}
        no={{ text: words('compose.emptyNo'), act: composer.doNotSend }}
      >
        {asked?.isSubjectEmpty === true && <p>{words('compose.emptySubject')}</p>}
        {asked?.isTextEmpty === true && <p>{words('compose.emptyText')}</p>}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={isDiscarding}
        title={words('compose.discardTitle')}
        yes={{ text: words('compose.discardYes'), act: composer.discard }}
        no={{ text: words('compose.discardNo'), act: onKeep }}
      >
        {words('compose.discardText')}
      </ConfirmDialog>
    </>
  )
}
