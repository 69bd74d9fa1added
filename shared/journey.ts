/**
 * The way of a mail: ledger events in, state out. A pure fold and nothing else; it is the only place that knows
 * what an event proves (DESIGN section 5, "States"). It never looks at a clock and never guesses.
 *
 * Three tracks are folded apart (the mail, each recipient, the Sent copy), so the order of events of different
 * tracks does not matter.
 */

import {
  type CopyEvent,
  isLegalNext,
  isMailEvent,
  type LedgerEvent,
  type LedgerEventType,
  type MailEvent,
  type MailState,
  type RecipientEvent,
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

type MailTrack = Omit<Journey, 'recipients' | 'sentCopy'> & {
  recipients: string[]
  dropped: Set<string>
  handedOver: Map<string, { reply: ServerReply; at: number }>
  /** Those whose last bytes may be out without a reply. */
  inDoubt: Set<string>
}

function startOfMail(): MailTrack {
  return {
    state: 'queued',
    attempt: 0,
    dueAt: null,
    heldFor: null,
    pausedFor: null,
    phase: null,
    isPastNoReturn: false,
    problem: null,
    recipients: [],
    dropped: new Set(),
    handedOver: new Map(),
    inDoubt: new Set(),
    stations: { written: null, connected: null, submitted: null, relayed: null, delivered: null },
  }
}

function settle(mail: MailTrack, state: MailState, change: Partial<MailTrack> = {}): void {
  mail.state = state
  mail.phase = null
  mail.heldFor = null
  mail.pausedFor = null
  mail.dueAt = null
  mail.problem = null
  mail.isPastNoReturn = state === 'uncertain' || state === 'accepted'
  Object.assign(mail, change)
}

/** Adds to the connected station what this step took; the sum is what the writer waited. */
function connecting(mail: MailTrack, event: { at: number }, phase: Phase, ms: number): void {
  mail.phase = phase
  if (mail.stations.connected !== null) {
    mail.stations.connected = {
      ...mail.stations.connected,
      at: event.at,
      ms: mail.stations.connected.ms + ms,
    }
  }
}

function stepMail(mail: MailTrack, event: LedgerEvent & MailEvent): void {
  switch (event.type) {
    case 'written':
      mail.recipients = event.recipients
      mail.stations.written = { at: event.at, bytes: event.bytes }
      return settle(mail, 'queued')
    case 'held':
      return settle(mail, 'held', { dueAt: event.dueAt, heldFor: event.why })
    case 'released':
      return settle(mail, 'queued', { dueAt: event.at })
    case 'claimed':
      settle(mail, 'sending', { phase: 'connecting', attempt: event.attempt })
      mail.stations.connected = null
      mail.stations.submitted = null
      claimedAt(mail, event.at, event.host, event.port)
      return
    case 'resolved':
      return connecting(mail, event, 'connecting', event.ms)
    case 'connected':
      connecting(mail, event, 'securing', event.ms)
      // A kept connection that had ended gives way to a new one within the same attempt.
      if (mail.stations.connected) mail.stations.connected.isReused = false
      return
    case 'secured':
      connecting(mail, event, 'authenticating', event.ms)
      if (mail.stations.connected) mail.stations.connected.protocol = event.protocol
      return
    case 'greeted':
      mail.phase = 'authenticating'
      return
    case 'authenticated':
      return connecting(mail, event, 'envelope', event.ms)
    case 'reused-connection':
      connecting(mail, event, 'envelope', 0)
      if (mail.stations.connected) {
        mail.stations.connected.protocol = event.protocol
        mail.stations.connected.isReused = true
      }
      return
    case 'sender-accepted':
      mail.phase = 'envelope'
      return
    case 'body-started':
      mail.phase = 'body'
      return
    case 'terminating':
      mail.phase = 'awaiting-reply'
      mail.isPastNoReturn = true
      mail.inDoubt = new Set(event.recipients)
      mail.stations.submitted = { at: event.at, bytes: event.bytes, reply: null, queueId: null }
      return
    case 'accepted':
      settle(mail, 'accepted')
      for (const recipient of event.recipients)
        mail.handedOver.set(recipient, { reply: event.reply, at: event.at })
      mail.inDoubt = new Set()
      mail.stations.submitted = {
        at: event.at,
        bytes: mail.stations.submitted?.bytes ?? mail.stations.written?.bytes ?? 0,
        reply: event.reply,
        queueId: event.queueId,
      }
      return
    case 'refused':
      mail.inDoubt = new Set()
      mail.stations.submitted = null
      return settle(mail, 'refused', { problem: event.problem })
    case 'deferred':
      mail.inDoubt = new Set()
      mail.stations.submitted = null
      return settle(mail, 'queued', { dueAt: event.dueAt, problem: event.problem })
    case 'paused':
      mail.inDoubt = new Set()
      mail.stations.submitted = null
      return settle(mail, 'paused', {
        pausedFor: event.why,
        problem: event.problem,
        dueAt: event.why === 'overdue' ? mail.dueAt : (event.until ?? null),
      })
    case 'resumed':
      return settle(mail, 'queued', { dueAt: event.dueAt })
    case 'chosen':
      if (event.choice === 'cancel') return settle(mail, 'cancelled')
      for (const recipient of event.dropped) mail.dropped.add(recipient)
      return settle(mail, 'queued', { dueAt: event.at })
    case 'corrected':
      mail.recipients = event.recipients
      mail.stations.written = { at: event.at, bytes: event.bytes }
      return settle(mail, 'queued', { dueAt: event.at })
    case 'clock-moved':
      mail.dueAt = event.dueAt
      return
    case 'uncertain':
      return settle(mail, 'uncertain', { problem: event.problem })
    case 'reconciled':
      return reconcile(mail, event)
    case 'cancelled':
      return settle(mail, 'cancelled')
  }
}

function claimedAt(mail: MailTrack, at: number, host: string, port: number): void {
  mail.stations.connected = { at, host, port, protocol: null, ms: 0, isReused: false }
}

function reconcile(mail: MailTrack, event: LedgerEvent & Extract<MailEvent, { type: 'reconciled' }>): void {
  const inDoubt = mail.inDoubt
  mail.inDoubt = new Set()
  if (event.verdict === 'send-again') {
    mail.stations.submitted = null
    return settle(mail, 'queued', { dueAt: event.at })
  }
  if (event.verdict === 'do-not-send') return settle(mail, 'cancelled')
  for (const recipient of inDoubt) {
    mail.handedOver.set(recipient, { reply: { code: 0, enhanced: null, text: '' }, at: event.at })
  }
  settle(mail, 'accepted')
}

type Report = Exclude<
  RecipientEvent,
  { type: 'recipient-accepted' | 'recipient-refused' | 'corrected-apart' }
>

type RecipientTrack = {
  report: (LedgerEvent & Report) | null
  /** The last RCPT reply, by the attempt it was given in. */
  envelope: { attempt: number; isRefused: boolean; reply: ServerReply; at: number } | null
  wasOpened: boolean
  correctedTo: string | null
}

function stepRecipient(track: RecipientTrack, event: LedgerEvent & RecipientEvent): void {
  switch (event.type) {
    case 'recipient-accepted':
    case 'recipient-refused':
      if (track.envelope === null || event.attempt >= track.envelope.attempt) {
        track.envelope = {
          attempt: event.attempt,
          isRefused: event.type === 'recipient-refused',
          reply: event.reply,
          at: event.at,
        }
      }
      return
    case 'corrected-apart':
      track.correctedTo = event.to
      return
    case 'delayed':
    case 'no report possible':
      // Weak words: they never replace what somebody else has proved.
      if (
        track.report === null ||
        track.report.type === 'delayed' ||
        track.report.type === 'no report possible'
      ) {
        track.report = event
      }
      return
    case 'opened':
      track.wasOpened = true
      track.report = event
      return
    case 'relayed':
      if (track.report === null || track.report.type !== 'delivered') {
        if (!track.wasOpened) track.report = event
      }
      return
    case 'delivered':
    case 'expanded':
    case 'failed':
      if (!track.wasOpened) track.report = event
      return
  }
}

/** A refusal counts until the recipient is asked for again: a mail that is queued once more has not given them up. */
function isRefusalFinal(mail: MailTrack, address: string, attempt: number): boolean {
  if (mail.dropped.has(address)) return true
  if (mail.state === 'queued' || mail.state === 'held') return false
  return attempt === mail.attempt
}

function projectRecipient(
  mail: MailTrack,
  address: string,
  track: RecipientTrack | undefined,
): RecipientJourney {
  const envelope = track?.envelope ?? null
  const handed = mail.handedOver.get(address)
  const correctedTo = track?.correctedTo ?? null
  const base = { address, retryUntil: null, text: '', ...(correctedTo === null ? {} : { correctedTo }) }
  const report = track?.report ?? null
  if (report !== null) {
    return {
      ...base,
      state: report.type,
      reply: handed?.reply ?? envelope?.reply ?? null,
      text: 'text' in report ? report.text : '',
      at: report.at,
      retryUntil: report.type === 'delayed' ? report.retryUntil : null,
    }
  }
  if (handed) return { ...base, state: 'accepted', reply: handed.reply, at: handed.at }
  if (envelope?.isRefused && isRefusalFinal(mail, address, envelope.attempt)) {
    return { ...base, state: 'refused', reply: envelope.reply, at: envelope.at }
  }
  if (mail.dropped.has(address)) {
    return { ...base, state: 'cancelled', reply: envelope?.reply ?? null, at: envelope?.at ?? 0 }
  }
  const state = mail.state === 'accepted' ? 'cancelled' : mail.state
  return {
    ...base,
    state,
    reply: envelope?.reply ?? null,
    at: envelope?.at ?? mail.stations.written?.at ?? 0,
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
