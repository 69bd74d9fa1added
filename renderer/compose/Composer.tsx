/** One composer: it opens its draft and shows the form, or why it cannot. */

import { useId } from 'react'
import type { Account } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { useIsSlow } from '../ui/use-now.ts'
import css from './Composer.module.css'
import { ComposerBar } from './ComposerBar.tsx'
import { type ComposerSize, closeComposer, type OpenComposer } from './composers.ts'
import { OpenDraft } from './OpenDraft.tsx'
import { useDraft } from './use-draft.ts'

type Props = { composer: OpenComposer; size: ComposerSize; accounts: readonly Account[] }

export function Composer({ composer, size, accounts }: Props) {
  const words = useWords()
  const titleId = useId()
  const opening = useDraft(composer.start)
  const isSlow = useIsSlow(opening.state === 'opening')
  if (opening.state === 'open') {
    return <OpenDraft composer={composer} size={size} opened={opening.opened} accounts={accounts} />
  }
  return (
    <section
      className={css.composer}
      data-size={size}
      aria-labelledby={titleId}
      aria-busy={opening.state === 'opening'}
    >
      <ComposerBar
        composerKey={composer.key}
        titleId={titleId}
        title={words('compose.newMail')}
        size={size}
        close={{ name: words('compose.closePlain'), act: () => closeComposer(composer.key) }}
      />
      {opening.state === 'failed' && size !== 'minimised' && (
        <div className={css.notes}>
          <ProblemNote
            problem={opening.problem}
            {...(opening.problem.kind !== 'draft-newer' && { onRetry: opening.again })}
          />
        </div>
      )}
      {isSlow && size !== 'minimised' && (
        <div className={css.shape}>
          <span className="for-ears">{words('compose.opening')}</span>
          <i />
          <i />
          <i />
        </div>
      )}
    </section>
  )
}
