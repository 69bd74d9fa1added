/**
 * The way of a mail: ledger events in, state out. A pure fold and nothing else; it is the only place that knows
 * what an event proves (DESIGN section 5, "States"). It never looks at a clock and never guesses.
 *
 * Three tracks are folded apart (the mail, each recipient, the Sent copy), so the order of events of different
 * tracks does not matter.
 */

import { startOfMail, stepMail } from './journey-mail.ts'
import { projectRecipient, type RecipientTrack, stepRecipient } from './journey-recipient.ts'
import {
  type CopyEvent,
  isLegalNext,
  isMailEvent,
  type LedgerEvent,
  type LedgerEventType,
  type MailEvent,
  type MailState,
  type RecipientState,
} from './ledger.ts'
import type { Problem, ServerReply } from './problem.ts'

export type Phase = 'connecting' | 'securing' | 'authenticating' | 'envelope' | 'body' | 'awaiting-reply'

export type RecipientJourney = {
  address: string
  state: RecipientState
  /** The server's last word on this recipient, RCPT reply or report. */
  reply: ServerReply | null
  text: string
  at: number
  retryUntil: number | null
  /** The right address in the place of this refused one, which has the mail by an item of its own. */
  correctedTo?: string
}

export type Journey = {
  state: MailState
  attempt: number
  /**
   * When it is tried (again): undo, schedule, retry and a paused account alike; null where no time is set. Of an
   * overdue mail it is the time that passed.
   */
  dueAt: number | null
  heldFor: 'undo' | 'schedule' | null
  pausedFor: 'person' | 'account' | 'recipients' | 'mail' | 'overdue' | null
  phase: Phase | null
  /** The last bytes may be out: from here on the mail cannot be taken back. */
  isPastNoReturn: boolean
  /** Why it waits, was refused or is unknown. */
  problem: Problem | null
  recipients: RecipientJourney[]
  stations: {
    written: { at: number; bytes: number } | null
    connected: {
      at: number
      host: string
      port: number
      protocol: string | null
      ms: number
      isReused: boolean
    } | null
    submitted: { at: number; bytes: number; reply: ServerReply | null; queueId: string | null } | null
    relayed: { at: number; count: number } | null
    delivered: { at: number; count: number } | null
  }
  sentCopy: {
    state: 'none' | 'filing' | 'filed' | 'failed'
    how: 'appended' | 'found' | 'local' | null
    folder: string | null
    problem: Problem | null
    /** When it is tried again after a failure; null where it is not. */
    retryAt: number | null
  }
}

function projectCopy(events: readonly (LedgerEvent & CopyEvent)[]): Journey['sentCopy'] {
  let copy: Journey['sentCopy'] = { state: 'none', how: null, folder: null, problem: null, retryAt: null }
  for (const event of events) {
    if (event.type === 'copy-filing') copy = { ...copy, state: 'filing', problem: null, retryAt: null }
    else if (event.type === 'copy-failed') {
      copy = { ...copy, state: 'failed', problem: event.problem, retryAt: event.retryAt }
    } else copy = { state: 'filed', how: event.how, folder: event.folder, problem: null, retryAt: null }
  }
  return copy
}

const RELAYED: ReadonlySet<RecipientState> = new Set<RecipientState>([
  'relayed',
  'delivered',
  'expanded',
  'opened',
])
const ARRIVED: ReadonlySet<RecipientState> = new Set<RecipientState>(['delivered', 'opened'])

function countStation(recipients: RecipientJourney[], wanted: ReadonlySet<RecipientState>) {
  const reached = recipients.filter(recipient => wanted.has(recipient.state))
  if (reached.length === 0) return null
  return { at: Math.max(...reached.map(recipient => recipient.at)), count: reached.length }
}

const AFTER_THE_LAST_BYTES: ReadonlySet<MailEvent['type']> = new Set<MailEvent['type']>([
  'accepted',
  'refused',
  'deferred',
  'paused',
  'uncertain',
])

/**
 * Whether the ledger may go on with this event after all that it says: `isLegalNext`, and the point of no return.
 * Once the last bytes may be out only an outcome may follow, and nothing is accepted or uncertain before that.
 */
export function isLegalAfter(journey: Journey | null, event: { type: LedgerEventType }): boolean {
  if (!isLegalNext(journey?.state ?? null, event)) return false
  if (journey?.state !== 'sending' || !isMailEvent(event)) return true
  if (journey.isPastNoReturn) return AFTER_THE_LAST_BYTES.has(event.type as MailEvent['type'])
  return event.type !== 'accepted' && event.type !== 'uncertain'
}

/**
 * The state of a mail from its whole ledger, in `seq` order. An empty ledger is no mail: null.
 * Illegal events do not throw: the fold says what the events say, the store refuses to write illegal ones.
 */
export function journeyOf(events: readonly LedgerEvent[]): Journey | null {
  if (events.length === 0) return null
  const mail = startOfMail()
  const tracks = new Map<string, RecipientTrack>()
  const copies: (LedgerEvent & CopyEvent)[] = []
  for (const event of events) {
    if (isMailEvent(event)) stepMail(mail, event)
    else if ('recipient' in event) {
      const track = tracks.get(event.recipient) ?? {
        report: null,
        envelope: null,
        wasOpened: false,
        correctedTo: null,
      }
      stepRecipient(track, event)
      tracks.set(event.recipient, track)
    } else copies.push(event)
  }
  const { recipients: addresses, dropped: _dropped, handedOver: _handed, inDoubt: _doubt, ...rest } = mail
  const recipients = addresses.map(address => projectRecipient(mail, address, tracks.get(address)))
  return {
    ...rest,
    recipients,
    stations: {
      ...rest.stations,
      relayed: countStation(recipients, RELAYED),
      delivered: countStation(recipients, ARRIVED),
    },
    sentCopy: projectCopy(copies),
  }
}
