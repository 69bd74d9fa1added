/** The questions of a composer: what the checks found, send the same once more, the ways out where it is too big, throw it away. */

import { useRef } from 'react'
import type { Account } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { ConfirmDialog } from './ConfirmDialog.tsx'
import { QuestionSheet } from './QuestionSheet.tsx'
import type { Place } from './question-ways.ts'
import { SameMailQuestion } from './SameMailQuestion.tsx'
import type { Composer } from './use-composer.ts'
import { WaysOutDialog } from './WaysOutDialog.tsx'

type Props = {
  composer: Composer
  accounts: readonly Account[]
  draftId: string
  isDiscarding: boolean
  onKeep: () => void
}

export function ComposerQuestions({ composer, accounts, draftId, isDiscarding, onKeep }: Props) {
  const words = useWords()
  /** Stands in the composer, where the sheets do not: from here its fields are found. */
  const anchor = useRef<HTMLSpanElement>(null)
  return (
    <>
      <span ref={anchor} hidden />
      <QuestionSheet composer={composer} accounts={accounts} onEdit={place => goTo(anchor.current, place)} />
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

/** The writer goes on where the question pointed. */
function goTo(anchor: HTMLElement | null, place: Place): void {
  const composer = anchor?.closest('section')
  if (composer == null) return
  const field =
    place.kind === 'address'
      ? [...composer.querySelectorAll<HTMLInputElement>('input[role="combobox"]')].find(({ value }) =>
          value.includes(place.address),
        )
      : composer.querySelector<HTMLElement>(`[data-place="${place.kind}"]`)
  field?.focus()
}
