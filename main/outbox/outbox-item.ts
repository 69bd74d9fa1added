/** A mail of the outbox as the page sees it. Pure; knows neither SQL nor the network. */

import { addressKey } from '../../shared/address.ts'
import { cutText } from '../../shared/cut-text.ts'
import { type Journey, journeyOf } from '../../shared/journey.ts'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Address, OutboxItem } from '../../shared/model.ts'
import { abilitiesOf } from '../../shared/outbox-abilities.ts'
import { wireAddress } from '../mime/recipe.ts'
import { plannedTries } from './next-step.ts'
import type { StoredItem } from './outbox-row.ts'
import { triesOf } from './outcome-events.ts'

/** What is known of a mail beyond its ledger: of its running attempt, and of the search for it. */
export type Live = {
  attempt: { events: LedgerEvent[]; progress: OutboxItem['progress'] } | null
  search: OutboxItem['search']
}

const PREVIEW_LENGTH = 160

export function outboxItem(item: StoredItem, live: Live): OutboxItem {
  const recipe = item.recipe ?? item.remains
  const { attempt } = live
  const journey =
    attempt === null || attempt.events.length === 0
      ? item.journey
      : (journeyOf([...item.events, ...attempt.events]) ?? item.journey)
  return {
    id: item.id,
    accountId: item.accountId,
    from: recipe?.from ?? { name: '', address: '' },
    ...peopleOf({ recipe, journey: item.journey }),
    subject: recipe?.subject ?? '',
    preview: previewOf(recipe?.text ?? ''),
    bytes: item.bytes,
    attachments: (recipe?.attachments ?? []).map(({ name, bytes }) => ({ name, bytes })),
    messageIdHeader: item.messageId,
    createdAt: item.createdAt,
    journey,
    progress: journey.state === 'sending' ? (attempt?.progress ?? null) : null,
    can: abilitiesOf(journey, item.recipe !== null),
    retry: retryOf(item, journey),
    search: live.search,
  }
}

/** Cut between signs, never between the two halves of one. */
function previewOf(text: string): string {
  const start = cutText(text, 4 * PREVIEW_LENGTH)
  return [...start.replace(/\s+/g, ' ').trim()].slice(0, PREVIEW_LENGTH).join('')
}

/** To whom this item goes: those of the recipe, except in one that takes a mail to a corrected address alone. */
export function peopleOf({ recipe, journey }: Pick<StoredItem, 'recipe' | 'journey'>): {
  to: Address[]
  cc: Address[]
  bcc: Address[]
} {
  const left = journey.recipients.map(({ address }) => address)
  // Asked at every step of a mail: by key, or 500 recipients would be compared with 500.
  const keyOf = ({ address }: Address) => addressKey(wireAddress(address))
  const keys = new Set(left.map(addressKey))
  const only = (people: Address[] = []) => people.filter(person => keys.has(keyOf(person)))
  const [to, cc, bcc] = [only(recipe?.to), only(recipe?.cc), only(recipe?.bcc)]
  const named = new Set([...to, ...cc, ...bcc].map(keyOf))
  const others = left.filter(address => !named.has(addressKey(address)))
  return { to: [...to, ...others.map(address => ({ name: '', address }))], cc, bcc }
}

/** How long a mail that was put off is tried on; null while nothing has gone wrong. */
function retryOf(item: StoredItem, { state, problem }: Journey): OutboxItem['retry'] {
  if (state !== 'queued' || problem === null) return null
  const tries = triesOf(item, '', '')
  return { number: tries.deferrals + 1, ...plannedTries(tries) }
}
