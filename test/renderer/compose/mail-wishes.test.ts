import { describe, expect, it } from 'vitest'
import {
  changedOptions,
  readReceiptHindrance,
  reportHindrance,
  tlsHindrance,
  WISHES,
  wishesOf,
  withoutWish,
} from '../../../renderer/compose/mail-wishes.ts'
import { USUAL_OPTIONS } from '../../../shared/model.ts'
import { someAbilities } from '../../support/builders.ts'

describe('what a mail asks for', () => {
  it('is nothing unusual where nothing was chosen: no read receipt, a report where the server can', () => {
    expect(wishesOf(undefined)).toEqual([])
    expect(wishesOf(USUAL_OPTIONS)).toEqual([])
  })

  it('names each thing that was chosen, in the order of the dialog', () => {
    expect(
      wishesOf({ priority: 'low', wantsReadReceipt: true, wantsReport: false, requiresTls: true }),
    ).toEqual(['low', 'readReceipt', 'noReport', 'tls'])
  })

  it('leaves nothing behind in the draft once the last wish is taken off', () => {
    let options = changedOptions(undefined, { priority: 'high', wantsReadReceipt: true, wantsReport: false })
    options = changedOptions(options, { requiresTls: true })
    for (const wish of WISHES) options = withoutWish(options, wish)
    expect(options).toBeUndefined()
  })

  it('takes one wish off and keeps the others', () => {
    const options = changedOptions(undefined, { priority: 'high', requiresTls: true })
    expect(wishesOf(withoutWish(options, 'high'))).toEqual(['tls'])
  })

  it('offers REQUIRETLS only where the last EHLO of the account had it, and says why not', () => {
    expect(tlsHindrance(null)).toBe('not-known')
    expect(tlsHindrance(someAbilities({ hasRequireTls: false }))).toBe('server-lacks')
    expect(tlsHindrance(someAbilities({ hasRequireTls: true }))).toBeNull()
  })

  it('asks for reports also of a server that was never met, but not of one that has none', () => {
    expect(reportHindrance(null)).toBeNull()
    expect(reportHindrance(someAbilities({ hasDsn: false }))).toBe('server-lacks')
  })

  it('asks for no receipt that would have to go to an address the head cannot hold', () => {
    expect(readReceiptHindrance('yuki@例え.example')).toBeNull()
    expect(readReceiptHindrance('由紀@example.jp')).toBe('address')
    expect(readReceiptHindrance('')).toBeNull()
  })
})
