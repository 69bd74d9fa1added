import { beforeEach, describe, expect, test } from 'vitest'
import {
  createDraftWriters,
  type DraftWriters,
  LEASE_MS,
  LETTING_GO_MS,
} from '../../../main/drafts/draft-writers.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'

let clock: ManualClock
let announced: string[]
let writers: DraftWriters

beforeEach(() => {
  clock = manualClock()
  announced = []
  writers = createDraftWriters(clock, draftId => announced.push(draftId))
})

describe('who writes a draft', () => {
  test('is the window that opened it first; every other one reads', () => {
    expect(writers.claim('d', 'first')).toBe('you')
    expect(writers.claim('d', 'second')).toBe('other')
    expect(writers.mayWrite('d', 'second')).toBe(false)
    expect(writers.mayWrite('d', 'first')).toBe(true)
    expect(writers.claim('another', 'second')).toBe('you')
  })

  test('is nobody else while a window writes, also not a program without a window', () => {
    expect(writers.mayWrite('d', null)).toBe(true)
    writers.claim('d', 'first')
    expect(writers.mayWrite('d', null)).toBe(false)
    writers.release('d', 'first')
    expect(writers.mayWrite('d', null)).toBe(true)
  })

  test('changes at a wish: the one who writes is told, lets go, and the other one has it', async () => {
    writers.claim('d', 'first')
    const taken = writers.takeOver('d', 'second')
    expect(announced).toEqual(['d'])
    // Until then the last words may be saved.
    expect(writers.claim('d', 'first')).toBe('wanted')
    expect(writers.mayWrite('d', 'first')).toBe(true)
    expect(writers.mayWrite('d', 'second')).toBe(false)
    writers.release('d', 'first')
    await expect(taken).resolves.toBe('you')
    expect(writers.mayWrite('d', 'first')).toBe(false)
    expect(writers.mayWrite('d', 'second')).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  test('changes without an answer too: a window that hangs keeps nobody from writing', async () => {
    writers.claim('d', 'first')
    const taken = writers.takeOver('d', 'second')
    clock.advance(LETTING_GO_MS)
    await expect(taken).resolves.toBe('you')
    expect(writers.claim('d', 'first')).toBe('other')
    expect(writers.release('d', 'first')).toBe(false)
    expect(writers.claim('d', 'second')).toBe('you')
  })

  test('is the one who asked last, where two ask for it at the same time', async () => {
    writers.claim('d', 'first')
    const second = writers.takeOver('d', 'second')
    const third = writers.takeOver('d', 'third')
    writers.release('d', 'first')
    await expect(second).resolves.toBe('other')
    await expect(third).resolves.toBe('you')
  })

  test('is free when its window closes, and the others hear of it', () => {
    writers.claim('d', 'first')
    writers.release('d', 'first')
    expect(announced).toEqual(['d'])
    expect(writers.claim('d', 'second')).toBe('you')
  })

  test('is free in a while when its window died without a word, and not before', () => {
    writers.claim('d', 'first')
    clock.advance(LEASE_MS - 1)
    expect(writers.claim('d', 'second')).toBe('other')
    clock.advance(1)
    expect(writers.claim('d', 'second')).toBe('you')
  })

  test('stays the same for as long as that window says so or saves', () => {
    writers.claim('d', 'first')
    for (let times = 0; times < 5; times += 1) {
      clock.advance(LEASE_MS - 1)
      expect(times % 2 === 0 ? writers.claim('d', 'first') === 'you' : writers.mayWrite('d', 'first')).toBe(
        true,
      )
    }
    expect(writers.claim('d', 'second')).toBe('other')
  })

  test('does not change because somebody sets the clock of the machine', () => {
    writers.claim('d', 'first')
    clock.move(10 * LEASE_MS)
    expect(writers.claim('d', 'second')).toBe('other')
  })

  test('is nobody once the draft is no more, and it is known why', async () => {
    writers.claim('d', 'first')
    const taken = writers.takeOver('d', 'second')
    writers.end('d', 'sent')
    await taken
    expect(writers.endOf('d')).toBe('sent')
    expect(writers.endOf('never seen')).toBe('discarded')
  })
})
