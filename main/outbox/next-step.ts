/**
 * What becomes of a mail after an attempt (the outcome table of DESIGN section 5). Pure: the same outcome at the
 * same time is always the same step. Refuses to send anything again that may have been taken.
 */

import { assertNever, type Problem, type ServerReply, troubleOf } from '../../shared/problem.ts'
import { meaningOf } from '../../shared/reply-meaning.ts'
import { classifyReply } from '../smtp/reply.ts'
import type { Outcome } from '../smtp/submit.ts'

export type Step =
  | { do: 'accept'; reply: ServerReply; queueId: string | null; recipients: string[] }
  | { do: 'try again'; problem: Problem; dueAt: number }
  | { do: 'refuse'; problem: Problem }
  /** The writer decides about the refused recipients; nothing was sent. */
  | { do: 'ask'; problem: Problem }
  /** Something here at home keeps this mail from going; the server had no part in it. */
  | { do: 'pause mail'; problem: Problem }
  /** No attempt is consumed; `until` null waits for a person. */
  | { do: 'pause account'; problem: Problem; until: number | null }
  | { do: 'hold as uncertain'; problem: Problem }
  | { do: 'take back' }

export type Tries = {
  /** How often it was put off since somebody last wanted it sent. */
  deferrals: number
  /** The first attempt since then. */
  since: number
  host: string
  user: string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const RETRY_DELAYS_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
] as const
export const GIVE_UP_AFTER_MS = 5 * 24 * HOUR_MS
/** A machine that was off, or whose clock was moved, has not tried for five days. */
export const LEAST_DEFERRALS = 6
/** How long an account rests whose server does not want to talk to it now. */
export const REST_MS = 5 * MINUTE_MS
export const THROTTLE_MS = 15 * MINUTE_MS
/** So often a recipient who is only asked to come later is waited for before the writer is asked. */
export const PATIENCE_WITH_RECIPIENTS = 3

/** How many tries there are in all, and when it is given up. At most: the delays only ever grow by their jitter. */
export function plannedTries({ since }: Pick<Tries, 'since'>): { atMost: number; givesUpAt: number } {
  let waited = 0
  let atMost = 1
  for (; waited < GIVE_UP_AFTER_MS; atMost += 1) waited += delayAfter(atMost - 1)
  return { atMost, givesUpAt: since + GIVE_UP_AFTER_MS }
}

function delayAfter(deferrals: number): number {
  return RETRY_DELAYS_MS[Math.min(deferrals, RETRY_DELAYS_MS.length - 1)] ?? HOUR_MS
}

/** `jitter` is in [0, 1): mails that failed together do not all come back together. */
export function nextStep(outcome: Outcome, tries: Tries, now: number, jitter: number): Step {
  switch (outcome.kind) {
    case 'accepted': {
      const { reply, queueId, recipients } = outcome
      return { do: 'accept', reply, queueId, recipients }
    }
    case 'unknown':
      return { do: 'hold as uncertain', problem: outcome.problem }
    case 'recipients refused':
      return afterRefusedRecipients(outcome, tries, now, jitter)
    case 'not accepted':
      return afterProblem(outcome.problem, tries, now, jitter)
    default:
      return assertNever(outcome)
  }
}

function afterProblem(problem: Problem, tries: Tries, now: number, jitter: number): Step {
  if (problem.kind === 'cancelled') return { do: 'take back' }
  if (isTurnedAway(problem)) {
    return { do: 'pause account', problem, until: now + spread(REST_MS, jitter) }
  }
  switch (troubleOf(problem)) {
    case 'weather':
      return afterWeather(problem, tries, now, jitter)
    case 'account': {
      const until = problem.kind === 'throttled' ? now + spread(THROTTLE_MS, jitter) : null
      return { do: 'pause account', problem, until }
    }
    case 'mail':
      return isServersWord(problem) ? { do: 'refuse', problem } : { do: 'pause mail', problem }
  }
}

/** 421 before any mail was spoken of: the next one would fare no better. Later it may be about this mail. */
function isTurnedAway(problem: Problem): boolean {
  if (problem.kind !== 'server-busy' || problem.reply.code !== 421) return false
  return ['greeting', 'ehlo', 'auth', 'sender'].includes(problem.step ?? '')
}

/** Refused is claimed only from what the server says, in a reply or already in its EHLO. */
function isServersWord({ kind }: Problem): boolean {
  return (
    kind === 'refused' ||
    kind === 'recipients-refused' ||
    kind === 'too-big' ||
    kind === 'too-many-recipients' ||
    kind === 'address-needs-smtputf8' ||
    kind === 'server-lacks'
  )
}

function afterWeather(problem: Problem, { deferrals, since }: Tries, now: number, jitter: number): Step {
  const afterMs = now - since
  if (afterMs >= GIVE_UP_AFTER_MS && deferrals >= LEAST_DEFERRALS)
    return { do: 'refuse', problem: { kind: 'gave-up', last: problem, afterMs } }
  const delay = delayAfter(deferrals)
  // The last try comes at the very end of the time, not after it.
  const end = afterMs < GIVE_UP_AFTER_MS ? since + GIVE_UP_AFTER_MS : Number.POSITIVE_INFINITY
  const dueAt = Math.min(now + spread(delay, jitter), end)
  return { do: 'try again', problem, dueAt }
}

/** Never sooner than said, at most a fifth later. */
function spread(delayMs: number, jitter: number): number {
  return Math.round(delayMs * (1 + jitter / 5))
}

type Refused = Extract<Outcome, { kind: 'recipients refused' }>

function afterRefusedRecipients(
  { accepted, refused }: Refused,
  tries: Tries,
  now: number,
  jitter: number,
): Step {
  const problem: Problem = { kind: 'recipients-refused', recipients: refused }
  const isTemporary = refused.every(({ reply }) => reply.code >= 400 && reply.code < 500)
  const isFinal = refused.every(({ reply }) => reply.code >= 500)
  if (accepted.length === 0) {
    // A reply to RCPT may speak of the account: not logged in, or too much for today.
    const context = { step: 'recipient' as const, host: tries.host, user: tries.user }
    const ofAccount = refused
      .map(({ reply }) => classifyReply(reply, context))
      .find(found => troubleOf(found) === 'account')
    if (ofAccount !== undefined) return afterProblem(ofAccount, tries, now, jitter)
    if (isTemporary) return afterWeather(busyWith(refused), tries, now, jitter)
    if (isFinal) return { do: 'refuse', problem }
  } else if (isTemporary && !isOverLimit(refused) && tries.deferrals < PATIENCE_WITH_RECIPIENTS) {
    // Grey-listing of some: nothing was sent, and soon all of them may be taken together.
    return afterWeather(busyWith(refused), tries, now, jitter)
  }
  return { do: 'ask', problem }
}

/** The server takes only so many with one mail (RFC 5321 section 4.5.3.1.10): the same mail fares no better later. */
function isOverLimit(refused: Refused['refused']): boolean {
  return refused.some(({ reply }) => meaningOf(reply, 'recipient').cause === 'too-many-recipients')
}

function busyWith(refused: Refused['refused']): Problem {
  return { kind: 'server-busy', reply: refused[0]?.reply ?? { code: 0, enhanced: null, text: '' } }
}
