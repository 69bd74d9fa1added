/** A mail of the outbox as the page sees it, and what may be done with it now. Pure; knows neither SQL nor the network. */

import { sameAddress } from '../../shared/address.ts'
import { type Journey, journeyOf } from '../../shared/journey.ts'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Address, OutboxItem } from '../../shared/model.ts'
import { wireAddress } from '../mime/write-mail.ts'
import type { StoredItem } from './outbox-store.ts'

export type Live = { events: LedgerEvent[]; progress: OutboxItem['progress'] }

const PREVIEW_LENGTH = 160

/** `live` is what a running attempt has seen beyond the ledger. */
export function outboxItem(item: StoredItem, live: Live | null): OutboxItem {
  const { recipe } = item
  const journey =
    live === null || live.events.length === 0
      ? item.journey
      : (journeyOf([...item.events, ...live.events]) ?? item.journey)
  return {
    id: item.id,
    accountId: item.accountId,
    from: recipe?.from ?? { name: '', address: '' },
    ...peopleOf(item),
    subject: recipe?.subject ?? '',
    preview: (recipe?.text ?? '')
      .slice(0, 4 * PREVIEW_LENGTH)
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, PREVIEW_LENGTH),
    bytes: item.bytes,
    attachments: (recipe?.attachments ?? []).map(({ name, bytes }) => ({ name, bytes })),
    messageIdHeader: item.messageId,
    createdAt: item.createdAt,
    journey,
    progress: journey.state === 'sending' ? (live?.progress ?? null) : null,
    can: abilities(journey, recipe !== null),
  }
}

/** To whom this item goes: those of the recipe, except in one that takes a mail to a corrected address alone. */
export function peopleOf({ recipe, journey }: Pick<StoredItem, 'recipe' | 'journey'>): {
  to: Address[]
  cc: Address[]
  bcc: Address[]
} {
  const left = journey.recipients.map(({ address }) => address)
  const goesTo = (address: string) => left.some(one => sameAddress(one, wireAddress(address)))
  const only = (people: Address[] = []) => people.filter(({ address }) => goesTo(address))
  const [to, cc, bcc] = [only(recipe?.to), only(recipe?.cc), only(recipe?.bcc)]
  const named = [...to, ...cc, ...bcc].map(({ address }) => wireAddress(address))
  const others = left.filter(address => !named.some(one => sameAddress(one, address)))
  return { to: [...to, ...others.map(address => ({ name: '', address }))], cc, bcc }
}

export function abilities(journey: Journey, isReadable = true): OutboxItem['can'] {
  const { state, pausedFor, isPastNoReturn, recipients } = journey
  const isWaiting = state === 'held' || state === 'queued'
  const isPaused = state === 'paused'
  const canStop = isWaiting || (state === 'sending' && !isPastNoReturn)
  return {
    cancel: canStop || isPaused,
    edit: isReadable && (canStop || isPaused || state === 'refused' || state === 'cancelled'),
    tryNow: isWaiting || state === 'refused',
    pause: canStop,
    resume: isPaused && pausedFor !== 'recipients',
    chooseRecipients: isPaused && pausedFor === 'recipients',
    decideOutcome: state === 'uncertain',
    correctRecipient:
      isReadable &&
      ((isPaused && pausedFor === 'recipients') || state === 'refused' || state === 'accepted') &&
      recipients.some(one => one.state === 'refused' && one.correctedTo === undefined),
    remove: state === 'refused' || state === 'cancelled' || state === 'accepted',
  }
}
