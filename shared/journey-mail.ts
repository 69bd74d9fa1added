/**
 * The track of the mail itself in its journey: what each of its events makes of it, and for whom it was handed over.
 * Knows nothing of reports on single recipients. Part of `journey.ts`.
 */

import type { Journey, Phase } from './journey.ts'
import type { LedgerEvent, MailEvent, MailState } from './ledger.ts'
import type { ServerReply } from './problem.ts'

export type MailTrack = Omit<Journey, 'recipients' | 'sentCopy'> & {
  recipients: string[]
  dropped: Set<string>
  handedOver: Map<string, { reply: ServerReply; at: number }>
  /** Those whose last bytes may be out without a reply. */
  inDoubt: Set<string>
}

export function startOfMail(): MailTrack {
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

/** Changes `mail` to what it is after this event. */
export function stepMail(mail: MailTrack, event: LedgerEvent & MailEvent): void {
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
