/** The fields of a composer and the draft they make: recipients are chips here and addresses there. */

import type { DraftContent } from '../../shared/model.ts'
import { addressesOf, apart, fieldOf, type RecipientFields } from './chips.ts'

export type Fields = Pick<
  DraftContent,
  'accountId' | 'subject' | 'text' | 'html' | 'identityId' | 'options'
> &
  RecipientFields

export function fieldsOf({ to, cc, bcc, ...written }: DraftContent): Fields {
  return { ...written, to: fieldOf(to), cc: fieldOf(cc), bcc: fieldOf(bcc) }
}

export function contentOf({ to, cc, bcc, ...written }: Fields): DraftContent {
  return { ...written, to: addressesOf(to), cc: addressesOf(cc), bcc: addressesOf(bcc) }
}

/** Nobody stands in two fields: who was added last stays. */
export function withoutRepeats(before: Fields, next: Fields): Fields {
  const { to, cc, bcc } = next
  const apartTo = apart(to, before.to, [cc, bcc])
  const apartCc = apart(cc, before.cc, [apartTo, bcc])
  return { ...next, to: apartTo, cc: apartCc, bcc: apart(bcc, before.bcc, [apartTo, apartCc]) }
}

/** The words are compared as they are: to write them out as JSON for that would take longer than a key may. */
export function isSameContent({ text, html, ...rest }: DraftContent, other: DraftContent): boolean {
  const { text: otherText, html: otherHtml, ...others } = other
  return text === otherText && html === otherHtml && JSON.stringify(rest) === JSON.stringify(others)
}
