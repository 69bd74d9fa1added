import { describe, expect, test } from 'vitest'
import { follow, INBOX, SENT } from '../../../renderer/frame/navigation.tsx'

const start = { where: INBOX, before: [] }

describe('the way back', () => {
  test('leads to the place before', () => {
    const there = follow(start, { type: 'go', where: SENT })
    expect(follow(there, { type: 'back' }).where).toEqual(INBOX)
  })

  test('leads out of a list at once, however many mails were looked at', () => {
    let trail = follow(start, { type: 'go', where: { ...INBOX, messageId: 'a' } })
    trail = follow(trail, { type: 'go', where: { ...INBOX, messageId: 'b' } })
    trail = follow(trail, { type: 'go', where: { ...INBOX, messageId: 'c' } })
    expect(follow(trail, { type: 'back' }).where).toEqual(INBOX)
  })

  test('ends at the beginning', () => {
    expect(follow(start, { type: 'back' })).toEqual(start)
  })
})
