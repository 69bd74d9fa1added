/**
 * The track of one recipient in a mail's journey: RCPT replies and reports, and which of them outweighs which.
 * Part of `journey.ts`.
 */

import type { RecipientJourney } from './journey.ts'
import type { MailTrack } from './journey-mail.ts'
import type { LedgerEvent, RecipientEvent } from './ledger.ts'
import type { ServerReply } from './problem.ts'

type Report = Exclude<
  RecipientEvent,
  { type: 'recipient-accepted' | 'recipient-refused' | 'corrected-apart' }
>

export type RecipientTrack = {
  report: (LedgerEvent & Report) | null
  /** The last RCPT reply, by the attempt it was given in. */
  envelope: { attempt: number; isRefused: boolean; reply: ServerReply; at: number } | null
  wasOpened: boolean
  correctedTo: string | null
}

/** Changes `track` to what is known of the recipient after this event. */
export function stepRecipient(track: RecipientTrack, event: LedgerEvent & RecipientEvent): void {
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

/** A recipient as the mail and its own track have them; `track` is undefined where nothing was said of them. */
export function projectRecipient(
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
