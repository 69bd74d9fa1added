/**
 * What a person may do with a mail in the state it is in. Pure, so that the outbox allows, and the page offers, by the
 * same rules. Refuses to take anything back that is past the point of no return.
 */

import type { Journey, RecipientJourney } from './journey.ts'
import type { OutboxItem } from './model.ts'

/** `isReadable` is false for a mail whose stored form is damaged: it can be steered, but not written anew. */
export function abilitiesOf(journey: Journey, isReadable = true): OutboxItem['can'] {
  const { state, pausedFor, isPastNoReturn } = journey
  const isWaiting = state === 'held' || state === 'queued'
  const isPaused = state === 'paused'
  const canStop = isWaiting || (state === 'sending' && !isPastNoReturn)
  const isOver = state === 'refused' || state === 'cancelled' || state === 'accepted'
  return {
    cancel: canStop || isPaused,
    edit: isReadable && (canStop || isPaused || state === 'refused' || state === 'cancelled'),
    tryNow: isWaiting || state === 'refused',
    // A mail that waits with its account is the person's to hold back, also when the account goes on.
    pause: canStop || (isPaused && pausedFor === 'account'),
    resume: isPaused && pausedFor !== 'recipients',
    holdUntil: isWaiting || (isPaused && (pausedFor === 'overdue' || pausedFor === 'person')),
    chooseRecipients: isPaused && pausedFor === 'recipients',
    decideOutcome: state === 'uncertain',
    correctRecipient: isReadable && journey.recipients.some(one => isCorrectable(journey, one)),
    // A mail that is damaged itself would otherwise only go by way of a second step.
    remove: isOver || (isPaused && pausedFor === 'mail'),
  }
}

/** Whether nothing goes on until a person has done something. A pause by the person, or one with an end, just waits. */
export function needsPerson({ state, pausedFor, dueAt }: Journey): boolean {
  if (state !== 'paused') return state === 'uncertain' || state === 'refused'
  return pausedFor !== 'person' && (pausedFor !== 'account' || dueAt === null)
}

/** Refused before anybody had the mail, or the only one of several who has not got it. */
export function isCorrectable({ state, pausedFor }: Journey, recipient: RecipientJourney): boolean {
  if (recipient.correctedTo !== undefined) return false
  if (state === 'accepted') return recipient.state === 'refused' || recipient.state === 'failed'
  // A mail that was refused itself is not mended by another address.
  const isOwnRefusal = recipient.state === 'refused' && (recipient.reply?.code ?? 0) >= 400
  return isOwnRefusal && (state === 'refused' || pausedFor === 'recipients')
}
