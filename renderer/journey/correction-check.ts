/** What forbids an address in the place of a refused one, while it is typed. Pure; the program checks again. */

import { needsSmtputf8, parseAddress, sameAddress } from '../../shared/address.ts'
import { isSendableAddress } from '../../shared/draft-check.ts'
import type { OutboxItem, ServerAbilities } from '../../shared/model.ts'

export type CorrectionFault = 'empty' | 'unchanged' | 'no-address' | 'gets-it-anyway' | 'needs-smtputf8'

/** What was typed as one bare address: without a name around it, full-width signs made narrow. */
export function typedAddress(typed: string): string {
  return parseAddress(typed.trim())?.address ?? typed.trim().normalize('NFC')
}

/** Null where the address may take the place of `refused`. `abilities` null: nothing is known of the server. */
export function correctionFault(
  typed: string,
  refused: string,
  item: Pick<OutboxItem, 'journey'>,
  abilities: Pick<ServerAbilities, 'hasSmtputf8'> | null,
): CorrectionFault | null {
  const address = typedAddress(typed)
  if (address === '') return 'empty'
  if (sameAddress(address, refused)) return 'unchanged'
  if (!isSendableAddress(address)) return 'no-address'
  const getsIt = item.journey.recipients.some(
    one => sameAddress(one.address, address) || sameAddress(one.correctedTo ?? '', address),
  )
  if (getsIt) return 'gets-it-anyway'
  return abilities !== null && !abilities.hasSmtputf8 && needsSmtputf8(address) ? 'needs-smtputf8' : null
}
