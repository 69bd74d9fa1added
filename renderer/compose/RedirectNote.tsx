/** In the place of the text, where a mail goes on as it is: which mail, and that nothing of it can be written. */

import type { Draft } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import css from './RedirectNote.module.css'

export function RedirectNote({ draft }: { draft: Draft }) {
  const words = useWords()
  return (
    <section className={css.mail} aria-label={words('compose.redirected')}>
      <p className={css.lead}>{words('compose.redirectText')}</p>
      <h3 className={css.subject}>{draft.subject || words('compose.noSubject')}</h3>
      <p className={css.words}>{draft.text}</p>
    </section>
  )
}
