/** What a closing window would leave undone, and when it may go. */

import { expect, test } from 'vitest'
import { farewellOf, isNothingLeft, unfinishedOf } from '../../../renderer/compose/leaving.ts'
import { anOutboxItem, MINUTE, NOW } from '../../support/builders.ts'
import { deferred, held, sendingBody, sent } from '../../support/stories.ts'

const to = ['haruka@aoki.example']
const undo = anOutboxItem({ id: 'undo', steps: held(to, NOW + 7_000) })
const monday = anOutboxItem({ id: 'monday', steps: held(to, NOW + 3 * MINUTE, 'schedule') })
const going = anOutboxItem({ id: 'going', steps: sendingBody(to, 4096) })
const later = anOutboxItem({ id: 'later', steps: deferred(to, { kind: 'offline' }, NOW + MINUTE) })
const gone = anOutboxItem({ id: 'gone', steps: sent(to) })

test('mails that could leave are told from those with a time of their own', () => {
  const unfinished = unfinishedOf([undo, monday, going, later, gone], 2)
  expect(unfinished.waiting.map(({ id }) => id)).toEqual(['undo', 'later'])
  expect(unfinished.scheduled.map(({ id }) => id)).toEqual(['monday'])
  expect(unfinished.sending.map(({ id }) => id)).toEqual(['going'])
  expect(unfinished.files).toBe(2)
})

test('a mail that was handed over is nothing to ask about; a file on its way is', () => {
  expect(isNothingLeft(unfinishedOf([gone], 0))).toBe(true)
  expect(isNothingLeft(unfinishedOf([gone], 1))).toBe(false)
})

test('the program ends when all that were asked to leave have left, and not when one is stuck', () => {
  expect(farewellOf(['undo', 'going'], [undo, going])).toBe('leaving')
  expect(farewellOf(['gone'], [gone, undo])).toBe('gone')
  expect(farewellOf(['undo', 'later'], [undo, later])).toBe('stuck')
})
