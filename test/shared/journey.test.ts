/** The fold from ledger events to states: laws that hold for every legal run, and the runs that people see. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isLegalAfter, type Journey, journeyOf } from '../../shared/journey.ts'
import {
  type CopyEvent,
  isMailEvent,
  LEGAL_NEXT,
  type LedgerEvent,
  type MailEvent,
  type RecipientEvent,
} from '../../shared/ledger.ts'
import type { Problem, ServerReply } from '../../shared/problem.ts'

type Bare = MailEvent | RecipientEvent | CopyEvent

const reply: ServerReply = { code: 250, enhanced: '2.0.0', text: 'Ok' }
const no: ServerReply = { code: 550, enhanced: '5.1.1', text: 'unknown' }
const grey: ServerReply = { code: 450, enhanced: '4.2.0', text: 'grey' }
const weather: Problem = { kind: 'dns', host: 'mx.test' }
const people = ['a@x.org', 'b@x.org', 'c@x.org']

/** Numbers the events as the store would: a claim begins an attempt. */
function ledger(events: readonly Bare[]): LedgerEvent[] {
  let attempt = 0
  return events.map((event, index) => {
    if (event.type === 'claimed') attempt += 1
    return { seq: index + 1, at: 1000 + index, attempt, ...event }
  })
}
const stateAfter = (...events: Bare[]): Journey => {
  const journey = journeyOf(ledger(events))
  if (journey === null) throw new Error('no mail')
  return journey
}

// ------------------------------------------------------------------ arbitrary events

const due = fc.integer({ min: 0, max: 10_000 })
const some = fc.subarray(people, { minLength: 1 })
const one = fc.constantFrom(...people)
const mailEvent: { [T in MailEvent['type']]: fc.Arbitrary<Extract<MailEvent, { type: T }>> } = {
  written: fc.constant({ type: 'written', bytes: 100, sha256: 'f', recipients: people }),
  held: due.map(dueAt => ({ type: 'held', dueAt, why: 'undo' })),
  released: fc.constantFrom({ type: 'released', by: 'person' }, { type: 'released', by: 'window' }),
  claimed: fc.constant({ type: 'claimed', host: 'mx.test', port: 465 }),
  resolved: fc.constant({ type: 'resolved', address: '::1', ms: 3 }),
  connected: fc.constant({ type: 'connected', address: '::1', ms: 4 }),
  secured: fc.constant({ type: 'secured', protocol: 'TLSv1.3', cipher: 'X', ms: 5, isResumed: false }),
  greeted: fc.constant({ type: 'greeted', text: 'hello', extensions: [] }),
  authenticated: fc.constant({ type: 'authenticated', mechanism: 'PLAIN', ms: 6 }),
  'reused-connection': fc.constant({ type: 'reused-connection', protocol: 'TLSv1.3' }),
  'sender-accepted': fc.constant({ type: 'sender-accepted', reply }),
  'body-started': fc.constant({ type: 'body-started', reply }),
  terminating: some.map(recipients => ({ type: 'terminating', bytes: 100, recipients })),
  accepted: some.map(recipients => ({ type: 'accepted', reply, queueId: 'Q', recipients })),
  refused: fc.constant({ type: 'refused', problem: { kind: 'refused', reply: no } }),
  deferred: due.map(dueAt => ({ type: 'deferred', problem: weather, dueAt })),
  paused: fc
    .constantFrom('person' as const, 'account' as const, 'recipients' as const, 'mail' as const)
    .map(why => ({ type: 'paused', why, problem: null })),
  resumed: due.map(dueAt => ({ type: 'resumed', dueAt, by: 'person' })),
  chosen: fc.record({
    type: fc.constant('chosen' as const),
    choice: fc.constantFrom('send-to-others' as const, 'cancel' as const),
    dropped: some,
  }),
  corrected: fc.constant({
    type: 'corrected',
    from: people[0] ?? '',
    to: people[0] ?? '',
    bytes: 90,
    sha256: 'e',
    recipients: people,
  }),
  'clock-moved': due.map(dueAt => ({ type: 'clock-moved', ms: -1000, dueAt })),
  uncertain: fc.constant({ type: 'uncertain', problem: { kind: 'outcome-unknown' } }),
  reconciled: fc
    .constantFrom('handed-over' as const, 'send-again' as const, 'do-not-send' as const)
    .map(verdict => ({ type: 'reconciled', proof: 'person', verdict })),
  cancelled: fc.constant({ type: 'cancelled', by: 'person' }),
}
const recipientEvent: fc.Arbitrary<RecipientEvent> = one.chain(recipient =>
  fc.constantFrom<RecipientEvent>(
    { type: 'recipient-accepted', recipient, reply },
    { type: 'recipient-refused', recipient, reply: no },
    { type: 'relayed', recipient, text: 'r' },
    { type: 'delayed', recipient, text: 'd', retryUntil: 5 },
    { type: 'delivered', recipient, text: 'd' },
    { type: 'expanded', recipient, text: 'e' },
    { type: 'failed', recipient, text: 'f', status: '5.1.1' },
    { type: 'opened', recipient, text: 'o' },
    { type: 'no report possible', recipient },
    { type: 'corrected-apart', recipient, to: 'right@x.org', itemId: 'other' },
  ),
)
const copyEvent: fc.Arbitrary<CopyEvent> = fc.constantFrom<CopyEvent>(
  { type: 'copy-filing', how: 'append' },
  { type: 'copy-filed', how: 'appended', folder: 'Sent' },
  { type: 'copy-failed', problem: weather, retryAt: 9 },
)

/** A walk over what is legal, as long as there is a way on. */
const legalRun: fc.Arbitrary<Bare[]> = fc
  .array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 })
  .chain(picks =>
    fc.gen().map(draw => {
      const run: Bare[] = [draw(() => mailEvent.written)]
      for (const [which, kind] of picks) {
        const journey = journeyOf(ledger(run))
        if (kind % 4 === 0) run.push(draw(() => recipientEvent))
        else if (kind % 9 === 1) run.push(draw(() => copyEvent))
        else {
          const state = journey?.state ?? 'nothing'
          const open = LEGAL_NEXT[state].filter(type => isLegalAfter(journey, { type }))
          const type = open[which % Math.max(1, open.length)]
          if (type !== undefined) run.push(draw(() => mailEvent[type] as fc.Arbitrary<MailEvent>))
        }
      }
      return run
    }),
  )

// ------------------------------------------------------------------ laws

describe('for every prefix of every legal run', () => {
  const prefixes = (check: (journey: Journey, run: Bare[]) => void) =>
    fc.assert(
      fc.property(legalRun, run => {
        for (let length = 1; length <= run.length; length += 1) {
          const prefix = run.slice(0, length)
          const journey = journeyOf(ledger(prefix))
          if (journey === null) throw new Error('a written mail has a journey')
          check(journey, prefix)
        }
      }),
      { numRuns: 150 },
    )

  test('the state is one of the eight, and there is a way on or an end', () =>
    prefixes(journey => {
      const next = LEGAL_NEXT[journey.state].filter(type => isLegalAfter(journey, { type }))
      expect(next.length > 0 || ['accepted', 'cancelled'].includes(journey.state)).toBe(true)
    }))

  test('a time is set only where the mail waits for it, a phase only while it is sent', () =>
    prefixes(journey => {
      expect(journey.dueAt === null || ['held', 'queued'].includes(journey.state)).toBe(true)
      expect(journey.phase !== null).toBe(journey.state === 'sending')
      expect(journey.heldFor !== null).toBe(journey.state === 'held')
      expect(journey.pausedFor !== null).toBe(journey.state === 'paused')
    }))

  test('past the point of no return it is never taken back, paused by a person or claimed again', () =>
    prefixes((journey, run) => {
      if (!journey.isPastNoReturn) return
      for (const type of ['released', 'claimed', 'cancelled', 'held', 'terminating'] as const) {
        expect(isLegalAfter(journey, { type })).toBe(false)
      }
      expect(run.some(event => event.type === 'terminating')).toBe(true)
    }))

  test('accepted is claimed only from an accepted or a reconciled event, and is final', () =>
    prefixes((journey, run) => {
      if (journey.state !== 'accepted') return
      const mail = run.filter(isMailEvent)
      expect(['accepted', 'reconciled']).toContain(mail.at(-1)?.type)
    }))

  test('each recipient of the mail is there once, in order', () =>
    prefixes(journey => expect(journey.recipients.map(({ address }) => address)).toEqual(people)))

  test('nobody is delivered, relayed or opened without a report that says so', () =>
    prefixes((journey, run) => {
      for (const { address, state } of journey.recipients) {
        const claims: string[] = [
          'relayed',
          'delayed',
          'delivered',
          'expanded',
          'failed',
          'opened',
          'no report possible',
        ]
        if (!claims.includes(state)) continue
        expect(
          run.some(event => event.type === state && 'recipient' in event && event.recipient === address),
        ).toBe(true)
      }
    }))
})

test('the order of events of different tracks does not matter', () => {
  const shuffled = legalRun.chain(run =>
    fc.tuple(fc.constant(run), fc.array(fc.nat(), { minLength: 99, maxLength: 99 })),
  )
  fc.assert(
    fc.property(shuffled, ([run, picks]) => {
      const numbered = ledger(run)
      const trackOf = (event: LedgerEvent) =>
        isMailEvent(event) ? 'mail' : 'recipient' in event ? event.recipient : 'copy'
      const tracks = new Map<string, LedgerEvent[]>()
      for (const event of numbered.slice(1))
        tracks.set(trackOf(event), [...(tracks.get(trackOf(event)) ?? []), event])
      const mixed: LedgerEvent[] = numbered.slice(0, 1)
      for (const pick of picks) {
        const open = [...tracks.values()].filter(track => track.length > 0)
        const next = open[pick % Math.max(1, open.length)]?.shift()
        if (next !== undefined) mixed.push(next)
      }
      expect(journeyOf(mixed)).toEqual(journeyOf(numbered))
    }),
    { numRuns: 200 },
  )
})

// ------------------------------------------------------------------ runs that people see

const written: Bare = { type: 'written', bytes: 100, sha256: 'f', recipients: people }
const claimed: Bare = { type: 'claimed', host: 'mx.test', port: 465 }
const terminating: Bare = { type: 'terminating', bytes: 100, recipients: people }
const refusedAt = (recipient: string, said = no): Bare => ({
  type: 'recipient-refused',
  recipient,
  reply: said,
})
const statesOf = (journey: Journey) => journey.recipients.map(({ state }) => state)

describe('what the card shows', () => {
  test('nothing written is no mail', () => expect(journeyOf([])).toBeNull())

  test('held in the undo window until its time', () => {
    const journey = stateAfter(written, { type: 'held', dueAt: 5000, why: 'undo' })
    expect(journey).toMatchObject({ state: 'held', dueAt: 5000, heldFor: 'undo', isPastNoReturn: false })
    expect(statesOf(journey)).toEqual(['held', 'held', 'held'])
  })

  test('the time of all steps to the server adds up in one station', () => {
    const journey = stateAfter(
      written,
      claimed,
      { type: 'resolved', address: '::1', ms: 3 },
      { type: 'connected', address: '::1', ms: 4 },
      { type: 'secured', protocol: 'TLSv1.3', cipher: 'X', ms: 5, isResumed: false },
      { type: 'greeted', text: 'hello', extensions: [] },
      { type: 'authenticated', mechanism: 'PLAIN', ms: 6 },
    )
    expect(journey.stations.connected).toMatchObject({
      host: 'mx.test',
      port: 465,
      protocol: 'TLSv1.3',
      ms: 18,
    })
    expect(journey.phase).toBe('envelope')
  })

  test('without TLS and login the phase goes on as well', () => {
    expect(stateAfter(written, claimed, { type: 'greeted', text: '', extensions: [] }).phase).toBe(
      'authenticating',
    )
  })

  test('a kept connection that gave way to a new one is not called reused', () => {
    const journey = stateAfter(
      written,
      claimed,
      { type: 'reused-connection', protocol: 'TLSv1.3' },
      { type: 'connected', address: '::1', ms: 4 },
    )
    expect(journey.stations.connected?.isReused).toBe(false)
  })

  test('handed over: per recipient, with reply and queue id', () => {
    const journey = stateAfter(written, claimed, terminating, {
      type: 'accepted',
      reply,
      queueId: 'Q1',
      recipients: people,
    })
    expect(journey).toMatchObject({ state: 'accepted', isPastNoReturn: true })
    expect(journey.stations.submitted).toMatchObject({ bytes: 100, reply, queueId: 'Q1' })
    expect(statesOf(journey)).toEqual(['accepted', 'accepted', 'accepted'])
  })

  test('a grey-listed recipient waits, with the words of the server', () => {
    const journey = stateAfter(written, claimed, refusedAt('a@x.org', grey), {
      type: 'deferred',
      problem: { kind: 'server-busy', reply: grey },
      dueAt: 9000,
    })
    expect(journey).toMatchObject({ state: 'queued', dueAt: 9000 })
    expect(journey.recipients[0]).toMatchObject({ state: 'queued', reply: grey })
  })

  test('the writer is asked: the refused one is refused, the others wait', () => {
    const asked: Bare[] = [
      written,
      claimed,
      { type: 'recipient-accepted', recipient: 'a@x.org', reply },
      refusedAt('b@x.org'),
      { type: 'recipient-accepted', recipient: 'c@x.org', reply },
      { type: 'paused', why: 'recipients', problem: null },
    ]
    expect(statesOf(stateAfter(...asked))).toEqual(['paused', 'refused', 'paused'])
    const others: Bare = { type: 'chosen', choice: 'send-to-others', dropped: ['b@x.org'] }
    expect(statesOf(stateAfter(...asked, others))).toEqual(['queued', 'refused', 'queued'])
    const rest = ['a@x.org', 'c@x.org']
    const gone = stateAfter(
      ...asked,
      others,
      claimed,
      { type: 'terminating', bytes: 100, recipients: rest },
      {
        type: 'accepted',
        reply,
        queueId: null,
        recipients: rest,
      },
    )
    expect(statesOf(gone)).toEqual(['accepted', 'refused', 'accepted'])
    expect(statesOf(stateAfter(...asked, { type: 'chosen', choice: 'cancel', dropped: [] }))).toEqual([
      'cancelled',
      'refused',
      'cancelled',
    ])
  })

  test('unknown after the last bytes, until somebody proves it', () => {
    const lost: Bare[] = [
      written,
      claimed,
      terminating,
      { type: 'uncertain', problem: { kind: 'outcome-unknown' } },
    ]
    const journey = stateAfter(...lost)
    expect(journey).toMatchObject({ state: 'uncertain', isPastNoReturn: true, dueAt: null })
    expect(statesOf(journey)).toEqual(['uncertain', 'uncertain', 'uncertain'])
    const found = stateAfter(...lost, { type: 'reconciled', proof: 'sent-copy', verdict: 'handed-over' })
    expect(statesOf(found)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(found.stations.submitted?.reply).toBeNull()
    const again = stateAfter(...lost, { type: 'reconciled', proof: 'person', verdict: 'send-again' })
    expect(again).toMatchObject({ state: 'queued', isPastNoReturn: false })
    const never = stateAfter(...lost, { type: 'reconciled', proof: 'person', verdict: 'do-not-send' })
    expect(never.state).toBe('cancelled')
  })

  test('one delivered, one opened: the stations count, and a weak word changes nothing', () => {
    const journey = stateAfter(
      written,
      claimed,
      terminating,
      { type: 'accepted', reply, queueId: null, recipients: people },
      { type: 'delivered', recipient: 'a@x.org', text: '' },
      { type: 'delayed', recipient: 'a@x.org', text: '', retryUntil: 1 },
      { type: 'opened', recipient: 'b@x.org', text: '' },
      { type: 'relayed', recipient: 'c@x.org', text: '' },
    )
    expect(statesOf(journey)).toEqual(['delivered', 'opened', 'relayed'])
    expect([journey.stations.relayed?.count, journey.stations.delivered?.count]).toEqual([3, 2])
  })

  test('the Sent copy is a track of its own', () => {
    const base: Bare[] = [
      written,
      claimed,
      terminating,
      { type: 'accepted', reply, queueId: null, recipients: people },
    ]
    expect(stateAfter(...base).sentCopy.state).toBe('none')
    expect(stateAfter(...base, { type: 'copy-filing', how: 'append' }).sentCopy.state).toBe('filing')
    const failed = stateAfter(...base, { type: 'copy-failed', problem: weather, retryAt: 9 })
    expect([failed.state, failed.sentCopy.state]).toEqual(['accepted', 'failed'])
    expect(stateAfter(...base, { type: 'copy-filed', how: 'found', folder: 'Sent' }).sentCopy).toMatchObject({
      state: 'filed',
      how: 'found',
      folder: 'Sent',
    })
  })
})
