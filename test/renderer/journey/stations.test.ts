import { describe, expect, it } from 'vitest'
import { createWords, wordsOf } from '../../../renderer/i18n/words.ts'
import { inOrderOfCare } from '../../../renderer/journey/RecipientRows.tsx'
import { ownWords } from '../../../renderer/journey/recipient-meaning.ts'
import { stationFacts } from '../../../renderer/journey/station-facts.ts'
import {
  protocolName,
  reachedStation,
  stationOfProblem,
  stationsOf,
} from '../../../renderer/journey/stations.ts'
import { transcriptText } from '../../../renderer/journey/Transcript.tsx'
import { formatClock, formatDuration, formatNumber, formatSize } from '../../../renderer/ui/format.ts'
import type { Problem } from '../../../shared/problem.ts'
import { anOutboxItem, DAY, NOW, type Step } from '../../support/builders.ts'
import {
  bounced,
  connected,
  deferred,
  delayed,
  delivered,
  envelope,
  held,
  recipientsRefused,
  refused,
  relayed,
  relayedToTwoOfThree,
  sendingBody,
  sent,
  terminating,
  uncertain,
  written,
} from '../../support/stories.ts'

const WHO = 'haruka@aoki.example'
const journeyAfter = (steps: readonly Step[]) => anOutboxItem({ steps }).journey
const states = (steps: readonly Step[]) => stationsOf(journeyAfter(steps)).map(station => station.state)

describe('the stations of a mail', () => {
  it('stamps only the first while the mail is held', () => {
    expect(states(held([WHO], NOW))).toEqual(['done', 'ahead', 'ahead', 'ahead', 'ahead'])
  })

  it('is at the line while it connects, and at the handing over from the envelope on', () => {
    expect(states([written([WHO]), ...connected().slice(0, 3)])).toEqual([
      'done',
      'now',
      'ahead',
      'ahead',
      'ahead',
    ])
    expect(states(sendingBody([WHO], 10))).toEqual(['done', 'done', 'now', 'ahead', 'ahead'])
    expect(states([written([WHO]), ...connected(), ...envelope([WHO]), terminating([WHO])])).toEqual([
      'done',
      'done',
      'now',
      'ahead',
      'ahead',
    ])
  })

  it('claims nothing beyond the handing over without a report', () => {
    expect(states(sent([WHO]))).toEqual(['done', 'done', 'done', 'ahead', 'ahead'])
  })

  it('stamps what reports prove, in part where some have arrived', () => {
    expect(states(relayed([WHO]))).toEqual(['done', 'done', 'done', 'done', 'ahead'])
    expect(states(delivered([WHO]))).toEqual(['done', 'done', 'done', 'done', 'done'])
    expect(states(relayedToTwoOfThree())).toEqual(['done', 'done', 'done', 'part', 'part'])
  })

  it('says where it waits, and never that the line was reached when it was not', () => {
    const offline: Problem = { kind: 'offline' }
    const busy: Problem = { kind: 'server-busy', reply: { code: 450, enhanced: null, text: '' } }
    expect(states(deferred([WHO], offline, NOW))).toEqual(['done', 'waiting', 'ahead', 'ahead', 'ahead'])
    expect(states(deferred([WHO], busy, NOW))).toEqual(['done', 'done', 'waiting', 'ahead', 'ahead'])
    expect(states(delayed(WHO, NOW + DAY))[3]).toBe('waiting')
  })

  it('says where it ended, and where nobody can say', () => {
    expect(states(refused([WHO]))).toEqual(['done', 'done', 'stopped', 'ahead', 'ahead'])
    expect(states(uncertain([WHO]))).toEqual(['done', 'done', 'unknown', 'ahead', 'ahead'])
    expect(states(bounced(WHO))).toEqual(['done', 'done', 'done', 'silent', 'stopped'])
    expect(states(recipientsRefused([WHO], 'x@y.example'))[2]).toBe('waiting')
  })

  it('says that no report will come where none is possible', () => {
    const silent: Step[] = [...sent([WHO]), [1, { type: 'no report possible', recipient: WHO }]]
    expect(states(silent).slice(3)).toEqual(['silent', 'silent'])
  })

  it('draws the line to where the mail is, not over what is unknown', () => {
    const reach = (steps: readonly Step[]) => reachedStation(stationsOf(journeyAfter(steps)))
    expect(reach(held([WHO], NOW))).toBe(0)
    expect(reach(sendingBody([WHO], 10))).toBe(2)
    expect(reach(uncertain([WHO]))).toBe(1)
    expect(reach(delivered([WHO]))).toBe(4)
  })

  it('looks through "gave up" at what stopped it last', () => {
    const last: Problem = { kind: 'connection-lost', host: 'x', phase: 'body' }
    expect(stationOfProblem({ kind: 'gave-up', last, afterMs: 1 })).toBe('submitted')
    expect(stationOfProblem({ kind: 'timeout', host: 'x', port: 465, phase: 'securing' })).toBe('connected')
  })
})

describe('the words under a station', () => {
  const words = wordsOf(createWords('en'))
  const format = {
    clock: (at: number, withSeconds = false) => formatClock(at, 'en', withSeconds),
    duration: (ms: number) => formatDuration(ms, 'en'),
    size: (bytes: number) => formatSize(bytes, 'en'),
    number: (value: number) => formatNumber(value, 'en'),
  }
  function facts(
    steps: readonly Step[],
    index: number,
    progress: { sent: number; total: number } | null = null,
  ) {
    const journey = journeyAfter(steps)
    const station = stationsOf(journey)[index]
    return station === undefined ? [] : stationFacts(station, { journey, progress, words, format })
  }

  it('tells the line: its encryption, its time and its host', () => {
    expect(facts(sent([WHO]), 1)).toEqual(['TLS 1.3 · 38 ms', 'mail.example.co.jp'])
    expect(protocolName('TLSv1.2')).toBe('TLS 1.2')
  })

  it('says plainly that a line was not encrypted', () => {
    const plain = sent([WHO]).filter(([, event]) => event.type !== 'secured')
    expect(facts(plain, 1)[0]).toMatch(/^not encrypted · /)
  })

  it('tells the bytes while they go out and the queue number when they are taken', () => {
    expect(facts(sendingBody([WHO], 5_200_000), 2, { sent: 3_100_000, total: 5_200_000 })).toEqual([
      '3.1 MB of 5.2 MB',
    ])
    expect(facts(sent([WHO]), 2)[0]).toBe('queued as 4Rk2X91zQz')
    expect(facts(uncertain([WHO]), 2)[0]).toBe('no reply came')
  })

  it('counts the recipients a report speaks of', () => {
    expect(facts(relayedToTwoOfThree(), 3)[0]).toBe('2 of 3')
    expect(facts(sent([WHO]), 3)).toEqual(['waiting'])
  })
})

describe('the recipients of a mail', () => {
  it('stand in the order of care: trouble first', () => {
    const { recipients } = journeyAfter([
      ...delivered(['fine@a.example', 'bad@a.example']),
      [1, { type: 'failed', recipient: 'bad@a.example', text: '550 5.1.1 unknown', status: '5.1.1' }],
    ])
    expect(inOrderOfCare(recipients).map(({ address }) => address)).toEqual([
      'bad@a.example',
      'fine@a.example',
    ])
    expect(inOrderOfCare(recipients).map(ownWords)[0]).toBe('550 5.1.1 unknown')
  })
})

describe('the conversation as text', () => {
  it('is one line a line, with time, try and side', () => {
    const text = transcriptText([
      { at: NOW, attempt: 1, side: 'client', text: 'EHLO desk' },
      { at: NOW + 12, attempt: 1, side: 'server', text: '250 Ok' },
    ])
    expect(text).toBe('2026-11-24T05:40:00.000Z #1 → EHLO desk\n2026-11-24T05:40:00.012Z #1 ← 250 Ok')
  })
})
