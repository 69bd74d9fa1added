/** What is typed in the form of an identity: read from one, checked, and made into one. Pure. */

import { checkAddress, formatAddress, parseAddressList } from '../../shared/address.ts'
import type { Identity, Signature } from '../../shared/model.ts'
import { worded } from '../../shared/signature.ts'

export type IdentityForm = {
  id: string
  name: string
  address: string
  organisation: string
  /** Addresses as a person writes them. */
  replyTo: string
  copiesSelf: boolean
}

export type IdentityFault = { kind: 'missing' | 'no-address'; text: string }
export type IdentityFaults = Partial<Record<'address' | 'replyTo', IdentityFault>>

export function identityForm({
  id,
  name,
  address,
  organisation,
  replyTo,
  copiesSelf,
}: Identity): IdentityForm {
  return { id, name, address, organisation, replyTo: replyTo.map(formatAddress).join(', '), copiesSelf }
}

/** What is wrong, by field; empty where it can be saved. */
export function checkIdentityForm({ address, replyTo }: IdentityForm): IdentityFaults {
  const typed = address.trim()
  const wrong = wrongIn(replyTo)
  return {
    ...(typed === '' && { address: { kind: 'missing', text: '' } }),
    ...(typed !== '' && checkAddress(typed) !== 'ok' && { address: { kind: 'no-address', text: typed } }),
    ...(wrong !== null && { replyTo: { kind: 'no-address', text: wrong } }),
  }
}

/** The first piece that is no address. */
function wrongIn(list: string): string | null {
  const { addresses, rest } = parseAddressList(list)
  return rest[0] ?? addresses.find(({ address }) => checkAddress(address) !== 'ok')?.address ?? null
}

/** The identity that the form describes; of `before` it keeps what the form does not show. */
export function typedIdentity(before: Identity, form: IdentityForm, signature: Signature | null): Identity {
  return {
    ...before,
    name: form.name.trim(),
    address: form.address.trim(),
    organisation: form.organisation.trim(),
    replyTo: parseAddressList(form.replyTo).addresses,
    copiesSelf: form.copiesSelf,
    signature: worded(signature),
  }
}
