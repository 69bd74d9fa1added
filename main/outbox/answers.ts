/** What servers answered for the people of a mail, read off its journey: who has it, and who cannot be reached. Pure. */

import { sameAddress } from '../../shared/address.ts'
import type { RecipientState } from '../../shared/ledger.ts'
import type { Address } from '../../shared/model.ts'
import { wireAddress } from '../mime/recipe.ts'
import type { StoredItem } from './outbox-row.ts'

/** `messageIdHeader` without angle brackets; `at` is when the mail was handed over, or when it was heard last. */
export type Answers = { messageIdHeader: string; at: number; reached: Address[]; failed: string[] }

const REACHED: ReadonlySet<RecipientState> = new Set([
  'accepted',
  'relayed',
  'delayed',
  'delivered',
  'expanded',
  'opened',
  'no report possible',
] as const)

/** Null where nothing is answered for good yet. A deferral says nothing of the address. */
export function answersOf({ recipe, messageId, journey }: StoredItem): Answers | null {
  if (recipe === null) return null
  const written = [...recipe.to, ...recipe.cc, ...recipe.bcc]
  const named = (address: string): Address =>
    written.find(one => sameAddress(wireAddress(one.address), address)) ?? { name: '', address }
  const { recipients } = journey
  const reached = recipients.filter(({ state }) => REACHED.has(state)).map(({ address }) => named(address))
  const failed = recipients
    .filter(({ state, reply }) => state === 'failed' || (state === 'refused' && isForGood(reply?.code)))
    .map(({ address }) => named(address).address)
  if (reached.length + failed.length === 0) return null
  const at = journey.stations.submitted?.at ?? Math.max(...recipients.map(one => one.at))
  return { messageIdHeader: messageId.replace(/^<|>$/g, ''), at, reached, failed }
}

function isForGood(code: number | undefined): boolean {
  return code !== undefined && code >= 500
}
