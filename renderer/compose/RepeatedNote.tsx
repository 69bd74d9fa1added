/** Says which addresses of the last change were recipients already, and so were taken once. */

import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import css from './RecipientField.module.css'

const MOST_NAMED = 3

export function RepeatedNote({ addresses }: { addresses: readonly string[] }) {
  const words = useWords()
  const format = useFormat()
  const named = format.list([...new Set(addresses)].slice(0, MOST_NAMED))
  return (
    <p className={css.repeated} role="status" hidden={addresses.length === 0}>
      {addresses.length > MOST_NAMED
        ? words('people.repeatedMany', { count: addresses.length, addresses: named })
        : addresses.length > 0 && words('people.repeated', { addresses: named })}
    </p>
  )
}
