/** The questions of a composer: send it as it is, send the same once more, the ways out where it is too big, throw it away. */

import { useWords } from '../i18n/words.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { chipFault } from './chips.ts'
import { SameMailQuestion } from './SameMailQuestion.tsx'
import type { Composer } from './use-composer.ts'
import { WaysOutDialog } from './WaysOutDialog.tsx'

type Props = { composer: Composer; draftId: string; isDiscarding: boolean; onKeep: () => void }

export function ComposerQuestions({ composer, draftId, isDiscarding, onKeep }: Props) {
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
        {asked?.foreign.map(address => (
          <p key={address}>
            {words('compose.doubtful', { address, why: words('compose.verdict.not-here') })}
          </p>
        ))}
        {asked?.isSubjectEmpty === true && <p>{words('compose.emptySubject')}</p>}
        {asked?.isTextEmpty === true && <p>{words('compose.emptyText')}</p>}
      </ConfirmDialog>
      <SameMailQuestion composer={composer} />
      <WaysOutDialog composer={composer} draftId={draftId} />
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
