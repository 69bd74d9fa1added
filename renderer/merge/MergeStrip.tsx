/** In the composer: to whom the letter goes one by one, and its fields, which are put in at the cursor. */

import { Button } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { type RefObject, useEffect, useRef } from 'react'
import type { Composer } from '../compose/use-composer.ts'
import { useWords } from '../i18n/words.ts'
import css from './MergeStrip.module.css'
import type { Merge } from './use-merge.ts'

export function MergeStrip({ merge, composer }: { merge: Merge; composer: Composer }) {
  const words = useWords()
  const strip = useRef<HTMLElement>(null)
  const insert = useInsertion(composer, strip)
  const { chosen } = merge
  if (chosen === null) return null
  return (
    <section ref={strip} className={css.strip} aria-label={words('merge.mine')}>
      <div className={css.line}>
        <IconUsersGroup size={16} stroke={1.8} aria-hidden className={css.shape} />
        <span className={css.who}>
          {words('merge.strip', { count: chosen.table.rows.length, from: chosen.from })}
          {composer.fields.to.chips.length > 0 && ` ${words('merge.stripTo')}`}
        </span>
        <Button size="xs" variant="subtle" onClick={merge.choosePeople}>
          {words('merge.change')}
        </Button>
        <Button size="xs" variant="subtle" onClick={merge.forget}>
          {words('merge.forget')}
        </Button>
      </div>
      <ul className={css.fields} aria-label={words('merge.fields')}>
        {[...new Set(chosen.table.columns)].map(field => (
          <li key={field}>
            <button
              type="button"
              data-field={field}
              className={css.field}
              aria-label={words('merge.insert', { field })}
              // The cursor stays where it was.
              onMouseDown={event => event.preventDefault()}
              onClick={() => insert(`{{${field}}}`)}
            >
              {field}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Writes where the writer was last: in the subject, else in the text. */
function useInsertion(
  { fields, change, surface }: Composer,
  strip: RefObject<HTMLElement | null>,
): (text: string) => void {
  const subject = useRef<HTMLInputElement | null>(null)
  useEffect(() => {
    const composer = strip.current?.closest('section[data-size]')
    const note = ({ target }: Event) => {
      const place = target instanceof HTMLElement ? target.dataset.place : undefined
      if (target instanceof HTMLInputElement && place === 'subject') subject.current = target
      else if (place === 'text') subject.current = null
    }
    composer?.addEventListener('focusin', note)
    return () => composer?.removeEventListener('focusin', note)
  })
  return text => {
    const field = subject.current
    if (field === null) {
      surface.current?.insert(text)
      surface.current?.element.focus()
      return
    }
    const start = field.selectionStart ?? fields.subject.length
    const end = field.selectionEnd ?? start
    change({ subject: fields.subject.slice(0, start) + text + fields.subject.slice(end) })
    requestAnimationFrame(() => {
      field.focus()
      field.setSelectionRange(start + text.length, start + text.length)
    })
  }
}
