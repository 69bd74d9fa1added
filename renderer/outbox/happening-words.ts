/** What happens to a mail now, in one line of words and one tone. Pure; "sent" is never said before a reply proved it. */

import { assertNever, type Problem } from '../../shared/problem.ts'
import type { Words } from '../i18n/words.ts'
import type { Format } from '../ui/format.ts'
import { problemWords } from '../ui/problem-words.ts'
import type { Tone } from '../ui/StatePill.tsx'
import type { Happening } from './happening.ts'

export type HappeningWords = { text: string; tone: Tone }

/** Longer than this, a count of seconds says less than minutes do. */
const LONGEST_COUNT_MS = 90_000

const PHASE_KEYS = {
  connecting: 'outbox.now.connecting',
  securing: 'outbox.now.securing',
  authenticating: 'outbox.now.authenticating',
  envelope: 'outbox.now.envelope',
  'awaiting-reply': 'outbox.now.awaitingReply',
} as const

/** The time left as it is counted down: whole seconds, rounded up so that it never shows 0 while it is held. */
export function countdown(leavesInMs: number, format: Pick<Format, 'duration'>): string {
  if (leavesInMs > LONGEST_COUNT_MS) return format.duration(leavesInMs)
  // 60 to 90 s stay seconds: a duration of exactly a minute would be said in minutes.
  const seconds = Math.ceil(leavesInMs / 1000)
  return seconds < 60 ? format.duration(seconds * 1000) : `${seconds} s`
}

export function happeningWords(
  happening: Happening,
  now: number,
  words: Words,
  format: Format,
): HappeningWords {
  const why = (problem: Problem) => problemWords(problem, words, format).title
  switch (happening.kind) {
    case 'held':
      return {
        tone: 'waits',
        text:
          happening.leavesInMs === 0
            ? words('outbox.now.heldLeaving')
            : words('outbox.now.held', { time: countdown(happening.leavesInMs, format) }),
      }
    case 'scheduled':
      return {
        tone: 'waits',
        text: words('outbox.now.scheduled', { time: format.due(happening.dueAt, now) }),
      }
    case 'leaves-next':
      return { tone: 'waits', text: words('outbox.now.leavesNext') }
    case 'tries-again': {
      const { number, atMost } = happening
      const values = { number, atMost, why: why(happening.problem) }
      return {
        tone: 'waits',
        text: happening.isDue
          ? words('outbox.now.triesNext', values)
          : words('outbox.now.triesAgain', { ...values, time: format.due(happening.dueAt, now) }),
      }
    }
    case 'on-the-line':
      return { tone: 'on-its-way', text: words(PHASE_KEYS[happening.phase]) }
    case 'uploading':
      return {
        tone: 'on-its-way',
        text: words('outbox.now.uploading', {
          sent: format.size(happening.sent),
          total: format.size(happening.total),
        }),
      }
    case 'asks-recipients':
      return {
        tone: 'trouble',
        text: words('outbox.now.asksRecipients', {
          refused: format.number(happening.refused),
          total: format.number(happening.total),
        }),
      }
    case 'asks-outcome':
      return { tone: 'trouble', text: words('outbox.now.asksOutcome') }
    case 'paused':
      if (happening.by === 'person' || happening.problem === null) {
        return { tone: 'waits', text: words('outbox.now.pausedByPerson') }
      }
      return {
        tone: 'waits',
        text:
          happening.until === null
            ? words('outbox.now.paused', { why: why(happening.problem) })
            : words('outbox.now.pausedUntil', {
                time: format.due(Math.max(now, happening.until), now),
                why: why(happening.problem),
              }),
      }
    case 'asks-time':
      return {
        tone: 'trouble',
        text:
          happening.wasDueAt === null
            ? words('outbox.now.asksTimeSimply')
            : words('outbox.now.asksTime', { time: format.due(happening.wasDueAt, now) }),
      }
    case 'refused':
      return {
        tone: 'trouble',
        text:
          happening.problem === null
            ? words('outbox.now.refusedSimply')
            : words('outbox.now.refused', { why: why(happening.problem) }),
      }
    case 'cancelled':
      return { tone: 'quiet', text: words('outbox.now.cancelled') }
    case 'handed-over':
      return {
        tone: 'on-its-way',
        text:
          happening.some < happening.total
            ? words('outbox.now.handedOverSome', {
                time: format.listTime(happening.at, now),
                some: format.number(happening.some),
                total: format.number(happening.total),
              })
            : words('outbox.now.handedOver', { time: format.listTime(happening.at, now) }),
      }
    case 'reported':
      return reportedWords(happening, now, words, format)
    default:
      return assertNever(happening)
  }
}

const REPORT_TONES = {
  failed: 'trouble',
  delayed: 'waits',
  opened: 'arrived',
  delivered: 'arrived',
  expanded: 'arrived',
  relayed: 'on-its-way',
} as const satisfies Record<Extract<Happening, { kind: 'reported' }>['state'], Tone>

function reportedWords(
  { state, count, total, at }: Extract<Happening, { kind: 'reported' }>,
  now: number,
  words: Words,
  format: Format,
): HappeningWords {
  const tone = REPORT_TONES[state]
  if (count < total) {
    const values = { count, total: format.number(total) }
    return { tone, text: words(`outbox.now.${state}`, values) }
  }
  switch (state) {
    case 'opened':
    case 'delivered':
      return { tone, text: words(`outbox.now.${state}All`, { time: format.listTime(at, now) }) }
    default:
      return { tone, text: words(`outbox.now.${state}All`) }
  }
}
