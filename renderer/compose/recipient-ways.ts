/** What a way out of a question does to the fields of recipients: pure, and nothing else of the draft is touched. */

import { sameAddress } from '../../shared/address.ts'
import { addressesOf, atEnd, chosen, type FieldState, opened, removed } from './chips.ts'

export type RecipientFields = { to: FieldState; cc: FieldState; bcc: FieldState }
export type FieldName = keyof RecipientFields

const FIELDS = ['to', 'cc', 'bcc'] as const

const chipsOf = (field: FieldState, address: string) =>
  field.chips.filter(chip => sameAddress(chip.address.address, address))

/** The address in its place becomes the other one; a name that came with it stays. */
export function withAddressChanged(fields: RecipientFields, from: string, to: string): RecipientFields {
  return mapped(fields, field => ({
    ...field,
    chips: field.chips.map(chip =>
      sameAddress(chip.address.address, from) ? { ...chip, address: { ...chip.address, address: to } } : chip,
    ),
  }))
}

export function withoutAddresses(fields: RecipientFields, addresses: readonly string[]): RecipientFields {
  return mapped(fields, field =>
    addresses
      .flatMap(address => chipsOf(field, address))
      .reduce((state, chip) => removed(state, chip.id), field),
  )
}

/** Out of To and Cc and behind what stands in Bcc; nobody is there twice. */
export function withMovedToBcc(fields: RecipientFields, addresses: readonly string[]): RecipientFields {
  const isMoved = (address: string) => addresses.some(moved => sameAddress(moved, address))
  const people = [...addressesOf(fields.to), ...addressesOf(fields.cc)].filter(({ address }) =>
    isMoved(address),
  )
  const { to, cc } = withoutAddresses(fields, addresses)
  return { to, cc, bcc: atEnd(chosen(atEnd(fields.bcc), people)) }
}

/** Opens the first chip of that address to be edited; `field` is where it stands. Null where it is gone. */
export function withAddressOpened(
  fields: RecipientFields,
  address: string,
): { fields: RecipientFields; field: FieldName } | null {
  for (const name of FIELDS) {
    const chip = chipsOf(fields[name], address)[0]
    if (chip !== undefined)
      return { fields: { ...fields, [name]: opened(fields[name], chip.id) }, field: name }
  }
  return null
}

function mapped(fields: RecipientFields, change: (field: FieldState) => FieldState): RecipientFields {
  return { to: change(fields.to), cc: change(fields.cc), bcc: change(fields.bcc) }
}
