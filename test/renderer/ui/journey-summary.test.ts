import { describe, expect, test } from 'vitest'
import { summaryOf } from '../../../renderer/ui/journey-summary.ts'
import { type Journey, journeyOf } from '../../../shared/journey.ts'
import { ledgerOf, NOW, type Step } from '../../support/builders.ts'
import * as stories from '../../support/stories.ts'

function journey(steps: readonly Step[]): Journey {
  const told = journeyOf(ledgerOf(NOW, steps))
  if (told === null) throw new Error('no story')
  return told
}

const two = ['a@example.org', 'b@example.org']

describe('a journey at a glance', () => {
  test('before the server has it, the state of the mail is said', () => {
    expect(summaryOf(journey(stories.held(two, NOW + 10_000)))).toEqual({ state: 'held', count: null })
    expect(summaryOf(journey(stories.sendingBody(two, 1000)))).toEqual({ state: 'sending', count: null })
    expect(summaryOf(journey(stories.uncertain(two)))).toEqual({ state: 'uncertain', count: null })
  })

  test('handed over claims nothing more', () => {
    expect(summaryOf(journey(stories.sent(two)))).toEqual({ state: 'accepted', count: null })
  })

  test('while some are under way, relayed counts those who have passed it', () => {
    expect(summaryOf(journey(stories.relayedToTwoOfThree()))).toEqual({
      state: 'relayed',
      count: { some: 2, all: 3 },
    })
  })

  test('all delivered needs no count', () => {
    expect(summaryOf(journey(stories.delivered(two)))).toEqual({ state: 'delivered', count: null })
  })

  test('one that failed is said before another that was delivered', () => {
    const steps: Step[] = [
      ...stories.delivered(two),
      [1000, { type: 'failed', recipient: 'b@example.org', text: '550 no', status: '5.1.1' }],
    ]
    expect(summaryOf(journey(steps))).toEqual({ state: 'failed', count: { some: 1, all: 2 } })
  })
})
