/** Text in which the fields that are still to be filled in are seen. */

import { fieldPlaces } from '../../shared/merge.ts'
import css from './FieldText.module.css'

export function FieldText({ children: text }: { children: string }) {
  const places = fieldPlaces(text)
  return (
    <>
      {places.map(({ from, to }, index) => (
        <span key={from}>
          {text.slice(places[index - 1]?.to ?? 0, from)}
          <mark className={css.field}>{text.slice(from, to)}</mark>
        </span>
      ))}
      {text.slice(places.at(-1)?.to ?? 0)}
    </>
  )
}
