/** The questions of a composer: send it as it is, send the same once more, and throw it away. */

import { useWords } from '../i18n/words.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { chipFault } from './chips.ts'
import type { Composer } from './use-composer.ts'

type Props = { composer: Composer; isDiscarding: boolean; onKeep: () => void }

export function ComposerQuestions({ composer, isDiscarding, onKeep }: Props) {
  const words = useWords()
  const asked = composer.sending.step === 'asks' ? composer.sending.doubts : null
  return (
    <>
      <ConfirmDialog
        isOpen={asked !== null}
        title={words('compose.emptyTitle')}
        yes={{ text: words('compose.emptyYes'), act: composer.sendAnyway, isSending: true }}
        no={{ text: words('compose.emptyNo'), act: composer.doNotSend }}
      >
        {asked?.chips.map(chip => (
          <p key={chip.id}>
            {words('compose.doubtful', {
              address: chip.address.address,
              why: words(`compose.verdict.${chipFault(chip) ?? 'bad-domain'}`),
            })}
          </p>
        ))}
        {asked?.isSubjectEmpty === true && <p>{words('compose.emptySubject')}</p>}
        {asked?.isTextEmpty === true && <p>{words('compose.emptyText')}</p>}
      </ConfirmDialog>
      <ConfirmDialog
        isOpen={composer.sending.step === 'asks-again'}
        title={words('compose.againTitle')}
        yes={{ text: words('compose.againYes'), act: composer.sendAgain, isSending: true }}
        no={{ text: words('compose.againNo'), act: composer.doNotSend }}
      >
        {words('compose.againText')}
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
