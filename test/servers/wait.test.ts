import { expect, test } from 'vitest'
import { eventually } from '../support/wait.ts'

test('it asks again until the answer is something, and 0 is something', async () => {
  const answers = [undefined, null, false, 0]
  expect(await eventually(() => answers.shift())).toBe(0)
  expect(answers).toEqual([])
})

test('a check that throws is asked again, and its last words are told when time is up', async () => {
  let count = 0
  const check = () => {
    throw new Error(`no ${++count}`)
  }
  await expect(eventually(check, 50)).rejects.toThrow(/not true within 50 ms: no \d/)
  expect(count).toBeGreaterThan(1)
})
