/** The short form of `npm run test:typing`: what was typed outlives kill -9. How late a save may be is measured there. */

import { expect, test } from '@playwright/test'
import { killTyping } from '../crash/typing-kills.ts'

test('killed while somebody types, the draft has what was typed, and never an older version over a newer one', async () => {
  test.setTimeout(240_000)
  const seed = Date.now() % 1_000_000
  const { errors, lostMs, letters } = await killTyping(seed, 3)
  console.log(`seed ${seed}: ${letters} keys, lost at most ${Math.round(Math.max(...lostMs))} ms`)
  expect(errors).toEqual([])
})
