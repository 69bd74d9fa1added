/** The size of a mail against its server, and files dealt out over several mails. */

import { describe, expect, test } from 'vitest'
import { dealOut, isFarTooBig, meterOf } from '../../../renderer/compose/ways-out.ts'

const MB = 1_000_000
const file = (name: string, bytes: number) => ({
  id: name,
  name,
  type: 'image/jpeg',
  bytes,
  sha256: name.padEnd(64, '0'),
})

describe('the meter', () => {
  test.each([
    [15.5 * MB, 'quiet'],
    [20 * MB, 'near'],
    [25 * MB, 'near'],
    [25 * MB + 1, 'over'],
  ])('%d bytes of 25 MB are %s', (bytes, level) => {
    expect(meterOf(bytes, 25 * MB).level).toBe(level)
  })

  test('without a limit it is always quiet', () => {
    expect(meterOf(900 * MB, null).level).toBe('quiet')
    expect(isFarTooBig(meterOf(900 * MB, null))).toBe(false)
  })

  test('a mail on the very edge is counted by the program, not guessed at', () => {
    expect(isFarTooBig(meterOf(25 * MB + 900, 25 * MB))).toBe(false)
    expect(isFarTooBig(meterOf(26 * MB, 25 * MB))).toBe(true)
  })
})

describe('several mails', () => {
  test('each fits, every file goes once, and the order of the files stays', () => {
    const files = [
      file('1', 9 * MB),
      file('2', 7 * MB),
      file('3', 8 * MB),
      file('4', 3 * MB),
      file('5', 1 * MB),
    ]
    const { mails, tooBig } = dealOut(files, 2_000, 25 * MB)
    expect(tooBig).toEqual([])
    expect(mails.length).toBe(2)
    for (const { bytes } of mails) expect(bytes).toBeLessThanOrEqual(25 * MB)
    expect(mails.flatMap(mail => mail.attachments.map(({ id }) => id)).sort()).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ])
    for (const { attachments } of mails) {
      const ids = attachments.map(({ id }) => id)
      expect(ids).toEqual(ids.toSorted())
    }
    expect(mails[0]?.attachments[0]?.id).toBe('1')
  })

  test('a file that is too big even alone is said, and the rest is still dealt out', () => {
    const { mails, tooBig } = dealOut([file('film', 31 * MB), file('a', 1 * MB)], 2_000, 25 * MB)
    expect(tooBig.map(({ id }) => id)).toEqual(['film'])
    expect(mails.map(mail => mail.attachments.map(({ id }) => id))).toEqual([['a']])
  })
})
