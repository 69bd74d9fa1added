import { describe, expect, test } from 'vitest'
import { receivedWay } from '../../../renderer/mailbox/received-way.ts'

const hop = (at: number | null, tls: boolean | null) => ({ by: 'b', from: 'a', at, tls })

describe('how a mail came', () => {
  test('took from the first to the last station', () => {
    expect(receivedWay([hop(1000, true), hop(null, true), hop(4000, true)])).toEqual({
      stations: 3,
      tookMs: 3000,
      isAllTls: true,
    })
  })

  test('says no duration where clocks disagree or only one station tells', () => {
    expect(receivedWay([hop(4000, true), hop(1000, true)]).tookMs).toBeNull()
    expect(receivedWay([hop(4000, true)]).tookMs).toBeNull()
  })

  test('is encrypted only where every station says so', () => {
    expect(receivedWay([hop(1, true), hop(2, false)]).isAllTls).toBe(false)
    expect(receivedWay([hop(1, true), hop(2, null)]).isAllTls).toBeNull()
  })
})
