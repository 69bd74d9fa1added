import { expect, test } from 'vitest'
import { cutText } from '../../shared/cut-text.ts'

test('is never cut between the two halves of a sign', () => {
  const text = 'a👩‍👩‍👧b'
  for (let most = 0; most <= text.length + 1; most += 1) {
    const cut = cutText(text, most)
    expect(cut.isWellFormed(), String(most)).toBe(true)
    expect(text.startsWith(cut)).toBe(true)
    expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, most - 1))
  }
})
