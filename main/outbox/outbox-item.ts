/** A mail of the outbox as the page sees it, and what may be done with it now. Pure; knows neither SQL nor the network. */

import { type Journey, journeyOf } from '../../shared/journey.ts'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { OutboxItem } from '../../shared/model.ts'
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
    to: recipe?.to ?? [],
    cc: recipe?.cc ?? [],
    bcc: recipe?.bcc ?? [],
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

export function abilities(journey: Journey, isReadable = true): OutboxItem['can'] {
  const { state, pausedFor, isPastNoReturn } = journey
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
    remove: state === 'refused' || state === 'cancelled' || state === 'accepted',
  }
}
