import { expect, test } from 'vitest'
import { createEventQueue } from '../../../main/shells/event-queue.ts'

test('who asks gets all that waits, equal events once', async () => {
  const queue = createEventQueue()
  for (const text of ['a', 'b', 'a']) queue.add(text)
  expect(await queue.next()).toEqual(['a', 'b'])
})

test('who asks early gets the next one as it comes', async () => {
  const queue = createEventQueue()
  const answer = queue.next()
  queue.add('a')
  queue.add('b')
  expect(await answer).toEqual(['a'])
  expect(await queue.next()).toEqual(['b'])
})

test('a page that went away takes nothing with it', async () => {
  const queue = createEventQueue()
  const old = queue.next()
  const young = queue.next()
  queue.add('a')
  expect([await old, await young]).toEqual([[], ['a']])
})

test('closing lets the one who waits go', async () => {
  const queue = createEventQueue()
  const answer = queue.next()
  queue.close()
  expect(await answer).toEqual([])
})
