/** Who a mail goes to, in one short line. Pure. */

import type { Address, OutboxItem } from '../../shared/model.ts'
import type { Words } from '../i18n/words.ts'

/** The name, or the address where there is none. */
export function shortName({ name, address }: Address): string {
  return name === '' ? address : name
}

export function recipientsLine({ to, cc, bcc }: Pick<OutboxItem, 'to' | 'cc' | 'bcc'>, words: Words): string {
  const everybody = [...to, ...cc, ...bcc]
  const [first] = everybody
  if (first === undefined) return words('outbox.noRecipients')
  if (everybody.length === 1) return shortName(first)
  return words('outbox.andMore', { first: shortName(first), more: everybody.length - 1 })
}
