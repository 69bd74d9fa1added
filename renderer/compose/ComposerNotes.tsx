/** What a composer has to say above its Send button: why it was not sent or not saved, and what can be done. */

import { Button } from '@mantine/core'
import { useWords } from '../i18n/words.ts'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import css from './Composer.module.css'
import type { Composer } from './use-composer.ts'
import { useSaveTrouble } from './use-saver.ts'

export function ComposerNotes({ composer, hasAccounts }: { composer: Composer; hasAccounts: boolean }) {
  const words = useWords()
  const { problem, sending, attachments } = composer
  const trouble = useSaveTrouble(composer.saving)
  const running = attachments.uploads.filter(upload => upload.state !== 'failed').length
  const notes = [
    !hasAccounts && (
      <div key="account" className={css.note} role="status">
        <b>{words('compose.noAccountTitle')}</b>
        <p>{words('compose.noAccountText')}</p>
      </div>
    ),
    trouble?.kind === 'conflict' && (
      <div key="conflict" className={css.note} role="alert">
        <b>{words('compose.conflictTitle')}</b>
        <p>{words('compose.conflictText')}</p>
        <div className={css.answers}>
          <Button size="xs" onClick={composer.keepMine}>
            {words('compose.conflictMine')}
          </Button>
          <Button size="xs" onClick={composer.takeTheirs}>
            {words('compose.conflictTheirs')}
          </Button>
        </div>
      </div>
    ),
    trouble?.kind === 'failed' && problem === null && (
      <div key="save">
        <ProblemNote problem={trouble.problem} shape="line" />
        <p className={css.after}>{words('compose.keptText')}</p>
      </div>
    ),
    sending.step === 'waits-for-files' && (
      <div key="files" className={css.note} role="status">
        <p>{words('compose.stillAttaching', { count: running })}</p>
        <div className={css.answers}>
          <Button size="xs" onClick={composer.doNotSend}>
            {words('compose.doNotWait')}
          </Button>
        </div>
      </div>
    ),
    sending.step === 'lacks-files' && (
      <div key="lacking" className={css.note} role="alert">
        <b>{words('compose.notAttachedTitle')}</b>
        <p>{words('compose.notAttachedText')}</p>
      </div>
    ),
    problem !== null && problem.kind !== 'conflict' && hasAccounts && (
      <ProblemNote key="problem" problem={problem} />
    ),
  ].filter(Boolean)
  return notes.length === 0 ? null : <div className={css.notes}>{notes}</div>
}
