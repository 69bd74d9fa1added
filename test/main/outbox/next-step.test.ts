/** The outcome table: what becomes of a mail after an attempt. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  GIVE_UP_AFTER_MS,
  nextStep,
  plannedTries,
  RETRY_DELAYS_MS,
  THROTTLE_MS,
  type Tries,
} from '../../../main/outbox/next-step.ts'
import type { Outcome } from '../../../main/smtp/submit.ts'
import type { Problem, ServerReply } from '../../../shared/problem.ts'

const now = 1_800_000_000_000
const fresh: Tries = { deferrals: 0, since: now, host: 'mx.test', user: 'yuki' }
const stepAfter = (outcome: Outcome, tries: Partial<Tries> = {}, jitter = 0) =>
  nextStep(outcome, { ...fresh, ...tries }, now, jitter)
const failed = (problem: Problem): Outcome => ({ kind: 'not accepted', problem })
const says = (code: number, text = ''): ServerReply => ({ code, enhanced: null, text })
const refused = (accepted: string[], ...codes: number[]): Outcome => ({
  kind: 'recipients refused',
  accepted,
  refused: codes.map((code, index) => ({ address: `r${index}@x.org`, reply: says(code) })),
})
const lost: Problem = { kind: 'connection-lost', host: 'mx.test', phase: 'envelope' }

test('accepted is accepted', () => {
  expect(stepAfter({ kind: 'accepted', reply: says(250), queueId: 'Q', recipients: ['a@x.org'] })).toEqual({
    do: 'accept',
    reply: says(250),
    queueId: 'Q',
    recipients: ['a@x.org'],
  })
})

test('unknown is held, after any number of tries, and never tried again', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(GIVE_UP_AFTER_MS * 2),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (deferrals, age, jitter) => {
        const step = nextStep(
          { kind: 'unknown', problem: { kind: 'outcome-unknown' } },
          { ...fresh, deferrals, since: now - age },
          now,
          jitter,
        )
        expect(step.do).toBe('hold as uncertain')
      },
    ),
  )
})

describe('the weather', () => {
  test.each<Problem>([
    { kind: 'offline' },
    { kind: 'dns', host: 'mx.test' },
    { kind: 'unreachable', host: 'mx.test', port: 465, detail: 'ECONNREFUSED' },
    { kind: 'timeout', host: 'mx.test', port: 465, phase: 'envelope' },
    { kind: 'server-busy', reply: says(451) },
    { kind: 'protocol', host: 'mx.test', detail: '' },
    { kind: 'disk', detail: '' },
    lost,
  ])('$kind is tried again', problem => {
    expect(stepAfter(failed(problem))).toEqual({ do: 'try again', problem, dueAt: now + 60_000 })
  })

  test('comes back after 1, 5, 15, 60 minutes and then some hours', () => {
    const minutes = Array.from({ length: 8 }, (_, deferrals) => {
      const step = stepAfter(failed(lost), { deferrals })
      return step.do === 'try again' ? (step.dueAt - now) / 60_000 : null
    })
    expect(minutes).toEqual([1, 5, 15, 60, 120, 240, 240, 240])
  })

  test('never comes back sooner than said nor more than a fifth later', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.double({ min: 0, max: 0.999, noNaN: true }), (deferrals, jitter) => {
        const step = stepAfter(failed(lost), { deferrals }, jitter)
        const delay = RETRY_DELAYS_MS[Math.min(deferrals, RETRY_DELAYS_MS.length - 1)] ?? 0
        if (step.do !== 'try again') throw new Error(step.do)
        expect(step.dueAt - now).toBeGreaterThanOrEqual(delay)
        expect(step.dueAt - now).toBeLessThanOrEqual(delay * 1.2)
      }),
    )
  })

  test('is given up after five days, and the last try is at their end', () => {
    const nearly = stepAfter(failed(lost), { deferrals: 30, since: now - GIVE_UP_AFTER_MS + 1000 })
    expect(nearly).toMatchObject({ do: 'try again', dueAt: now + 1000 })
    expect(stepAfter(failed(lost), { deferrals: 31, since: now - GIVE_UP_AFTER_MS })).toEqual({
      do: 'refuse',
      problem: { kind: 'gave-up', last: lost, afterMs: GIVE_UP_AFTER_MS },
    })
  })
})

describe('the account', () => {
  test.each<Problem>([
    { kind: 'authentication', host: 'mx.test', user: 'yuki', text: '' },
    { kind: 'certificate', host: 'mx.test', reason: 'expired', certificate: null },
    { kind: 'tls-not-offered', host: 'mx.test' },
    { kind: 'password-missing', accountId: 'a' },
  ])('$kind pauses it until somebody looks', problem => {
    expect(stepAfter(failed(problem))).toEqual({ do: 'pause account', problem, until: null })
  })

  test('a slowed-down account goes on by itself', () => {
    const problem: Problem = { kind: 'throttled', host: 'mx.test', text: 'slow' }
    expect(stepAfter(failed(problem))).toEqual({ do: 'pause account', problem, until: now + THROTTLE_MS })
  })

  test('a login that RCPT asks for is the account’s trouble, not the recipient’s', () => {
    expect(stepAfter(refused([], 530))).toMatchObject({
      do: 'pause account',
      problem: { kind: 'authentication' },
    })
  })
})

describe('this mail', () => {
  test.each<Problem>([
    { kind: 'refused', reply: says(554) },
    { kind: 'too-big', bytes: 3, limit: 2 },
    { kind: 'too-many-recipients', count: 3, limit: 2 },
    { kind: 'address-needs-smtputf8', address: 'ü@x.org' },
  ])('$kind is the word of the server: refused', problem => {
    expect(stepAfter(failed(problem))).toEqual({ do: 'refuse', problem })
  })

  test.each<Problem>([
    { kind: 'attachment-missing', name: 'a.pdf' },
    { kind: 'bytes-changed' },
    { kind: 'internal', detail: '' },
  ])('$kind is our own trouble and claims nothing of the server', problem => {
    expect(stepAfter(failed(problem))).toEqual({ do: 'pause mail', problem })
  })

  test('called off is taken back', () => {
    expect(stepAfter(failed({ kind: 'cancelled' }))).toEqual({ do: 'take back' })
  })
})

describe('refused recipients', () => {
  test('some for good: the writer is asked', () => {
    expect(stepAfter(refused(['a@x.org'], 550))).toMatchObject({
      do: 'ask',
      problem: { kind: 'recipients-refused', recipients: [{ address: 'r0@x.org' }] },
    })
    expect(stepAfter(refused(['a@x.org'], 450, 550)).do).toBe('ask')
    expect(stepAfter(refused([], 450, 550)).do).toBe('ask')
  })

  test('all for good: refused', () => {
    expect(stepAfter(refused([], 550, 553))).toMatchObject({
      do: 'refuse',
      problem: { kind: 'recipients-refused' },
    })
  })

  test('all for now: the weather, however often', () => {
    expect(stepAfter(refused([], 450, 451), { deferrals: 9 })).toMatchObject({
      do: 'try again',
      problem: { kind: 'server-busy', reply: { code: 450 } },
    })
  })

  test('some for now: tried again three times, then the writer is asked', () => {
    const steps = [0, 1, 2, 3].map(deferrals => stepAfter(refused(['a@x.org'], 450), { deferrals }).do)
    expect(steps).toEqual(['try again', 'try again', 'try again', 'ask'])
  })
})

test('the tries that are announced are as many as are made, and fewer where they come late', () => {
  const triesWith = (jitter: number) => {
    let at = now
    for (let deferrals = 0; ; deferrals += 1) {
      const step = nextStep(failed(lost), { ...fresh, deferrals }, at, jitter)
      if (step.do !== 'try again') return { tries: deferrals + 1, endedAt: at }
      at = step.dueAt
    }
  }
  const { atMost, givesUpAt } = plannedTries(fresh)
  expect(triesWith(0)).toEqual({ tries: atMost, endedAt: givesUpAt })
  expect(triesWith(0.9).tries).toBeLessThan(atMost)
})
