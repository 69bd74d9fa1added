import { describe, expect, test } from 'vitest'
import { isFalseName } from '../../../renderer/mailbox/people.ts'

describe('the name of a sender', () => {
  test('that is another address is false', () => {
    expect(isFalseName({ name: 'boss@company.example', address: 'x@evil.example' })).toBe(true)
    expect(isFalseName({ name: 'The Boss <boss@company.example>', address: 'x@evil.example' })).toBe(true)
  })

  test('that is the same address, or a name, is not', () => {
    expect(isFalseName({ name: 'Yuki@Example.org', address: 'yuki@example.org' })).toBe(false)
    expect(isFalseName({ name: 'Yuki', address: 'yuki@example.org' })).toBe(false)
  })
})
