/**
 * The ledger: every event that can happen to a mail on its way, and which may follow which.
 * Only the vocabulary; what the events add up to is `journey.ts`.
 */

import type { Problem, ServerReply } from './problem.ts'

export type MailState =
  | 'held'
  | 'queued'
  | 'sending'
  | 'uncertain'
  | 'accepted'
  | 'refused'
  | 'paused'
  | 'cancelled'

export type RecipientState =
  | MailState
  | 'relayed'
  | 'delayed'
  | 'delivered'
  | 'expanded'
  | 'failed'
  | 'opened'
  | 'no report possible'

/** Events of the mail as a whole. `recipients` are addresses as they stand in RCPT TO. */
export type MailEvent =
  | { type: 'written'; bytes: number; sha256: string; recipients: string[] }
  | { type: 'held'; dueAt: number; why: 'undo' | 'schedule' }
  | { type: 'released'; by: 'person' | 'window' }
  /** `envelopeId`: the ENVID (RFC 3461) of the attempt, if reports are wanted; nobody else knows it beforehand. */
  | { type: 'claimed'; host: string; port: number; envelopeId?: string }
  | { type: 'resolved'; address: string; ms: number }
  | { type: 'connected'; address: string; ms: number }
  | { type: 'secured'; protocol: string; cipher: string; ms: number; isResumed: boolean }
  | { type: 'greeted'; text: string; extensions: string[] }
  | { type: 'authenticated'; mechanism: string; ms: number }
  | { type: 'reused-connection'; protocol: string | null }
  | { type: 'sender-accepted'; reply: ServerReply }
  | { type: 'body-started'; reply: ServerReply }
  | { type: 'terminating'; bytes: number; recipients: string[] }
  | { type: 'accepted'; reply: ServerReply; queueId: string | null; recipients: string[] }
  | { type: 'refused'; problem: Problem }
  | { type: 'deferred'; problem: Problem; dueAt: number }
  /**
   * `overdue`: scheduled, and its time passed while the machine slept or the program was closed. `until` is when an
   * account goes on by itself.
   */
  | {
      type: 'paused'
      why: 'person' | 'account' | 'recipients' | 'mail' | 'overdue'
      problem: Problem | null
      until?: number | null
    }
  | { type: 'resumed'; dueAt: number; by: 'person' | 'account' }
  | { type: 'chosen'; choice: 'send-to-others' | 'cancel'; dropped: string[] }
  /** An address was corrected before anybody had the mail: the whole of it is written anew, under the same Message-ID. */
  | { type: 'corrected'; from: string; to: string; bytes: number; sha256: string; recipients: string[] }
  /** The clock of the machine was moved by `ms`: a delay is still as long as it was. */
  | { type: 'clock-moved'; ms: number; dueAt: number }
  | { type: 'uncertain'; problem: Problem }
  | {
      type: 'reconciled'
      proof: 'sent-copy' | 'report' | 'person'
      verdict: 'handed-over' | 'send-again' | 'do-not-send'
    }
  | { type: 'cancelled'; by: 'person' }

export type RecipientEvent =
  | { type: 'recipient-accepted'; recipient: string; reply: ServerReply }
  | { type: 'recipient-refused'; recipient: string; reply: ServerReply }
  | { type: 'relayed'; recipient: string; text: string }
  | { type: 'delayed'; recipient: string; text: string; retryUntil: number | null }
  | { type: 'delivered'; recipient: string; text: string }
  | { type: 'expanded'; recipient: string; text: string }
  | { type: 'failed'; recipient: string; text: string; status: string | null }
  | { type: 'opened'; recipient: string; text: string }
  | { type: 'no report possible'; recipient: string }
  /** The others have the mail already: a mail of its own, `itemId`, takes the same bytes to `to` alone. */
  | { type: 'corrected-apart'; recipient: string; to: string; itemId: string }

export type CopyEvent =
  | { type: 'copy-filing'; how: 'append' | 'local' }
  | { type: 'copy-filed'; how: 'appended' | 'found' | 'local'; folder: string }
  | { type: 'copy-failed'; problem: Problem; retryAt: number | null }

/** One row of the ledger: appended, never edited. `seq` grows; `attempt` is 0 before the first claim. */
export type LedgerEvent = { seq: number; at: number; attempt: number } & (
  | MailEvent
  | RecipientEvent
  | CopyEvent
)
export type LedgerEventType = LedgerEvent['type']

/**
 * What may come next on the mail's track. The store appends nothing else; a property test walks it.
 * `null` is the empty ledger.
 */
const WIRE_STEPS = [
  'resolved',
  'connected',
  'secured',
  'greeted',
  'authenticated',
  'reused-connection',
  'sender-accepted',
  'body-started',
] as const

export const LEGAL_NEXT: Record<MailState | 'nothing', readonly MailEvent['type'][]> = {
  nothing: ['written'],
  held: ['held', 'released', 'claimed', 'paused', 'cancelled', 'refused', 'clock-moved'],
  queued: ['held', 'claimed', 'released', 'paused', 'cancelled', 'refused', 'deferred', 'clock-moved'],
  sending: [
    ...WIRE_STEPS,
    'terminating',
    'accepted',
    'refused',
    'deferred',
    'paused',
    'uncertain',
    'released',
  ],
  uncertain: ['reconciled'],
  accepted: [],
  refused: ['resumed', 'cancelled', 'chosen', 'corrected'],
  paused: ['resumed', 'released', 'chosen', 'cancelled', 'refused', 'paused', 'corrected'],
  cancelled: [],
}

const MAIL_TYPES: ReadonlySet<string> = new Set<MailEvent['type']>([
  'written',
  'held',
  'released',
  'claimed',
  ...WIRE_STEPS,
  'terminating',
  'accepted',
  'refused',
  'deferred',
  'paused',
  'resumed',
  'chosen',
  'corrected',
  'clock-moved',
  'uncertain',
  'reconciled',
  'cancelled',
])

export function isMailEvent<E extends { type: string }>(event: E): event is E & MailEvent {
  return MAIL_TYPES.has(event.type)
}

/** Whether the ledger may go on with this event. Recipient and copy events are legal once the mail is written. */
export function isLegalNext(state: MailState | null, event: { type: LedgerEventType }): boolean {
  if (!isMailEvent(event)) return state !== null
  return LEGAL_NEXT[state ?? 'nothing'].includes(event.type as MailEvent['type'])
}
