import { describe, expect, test } from 'vitest'
import {
  hiddenCopies,
  identitiesOf,
  identityOf,
  MAIN_IDENTITY,
  ownerOf,
  usualIdentityOf,
} from '../../shared/identity.ts'
import type { Identity } from '../../shared/model.ts'
import { anAccount } from '../support/builders.ts'

const sales: Identity = {
  id: 'sales',
  name: '営業部',
  address: 'sales@example.co.jp',
  replyTo: [{ name: '', address: 'desk@example.co.jp' }],
  organisation: 'Example',
  copiesSelf: true,
  signature: { text: '営業部', html: null },
}
const account = anAccount({ identity: { name: 'Yuki', address: 'yuki@example.co.jp' }, identities: [sales] })

describe('the identities of an account', () => {
  test('begin with its own, also where none was ever added', () => {
    expect(identitiesOf(account).map(({ id }) => id)).toEqual([MAIN_IDENTITY, 'sales'])
    expect(identitiesOf({ identity: account.identity })).toEqual([
      {
        id: 'main',
        name: 'Yuki',
        address: 'yuki@example.co.jp',
        replyTo: [],
        organisation: '',
        copiesSelf: false,
        signature: null,
      },
    ])
  })

  test('take the name and address of the own one from the account, wherever its details stand', () => {
    const details = { ...sales, id: MAIN_IDENTITY, name: 'old', address: 'old@example.org' }
    expect(identitiesOf({ ...account, identities: [sales, details] })[0]).toMatchObject({
      id: MAIN_IDENTITY,
      name: 'Yuki',
      address: 'yuki@example.co.jp',
      organisation: 'Example',
    })
  })

  test('fall back to the own one where a draft chose one that is gone', () => {
    expect(identityOf(account, 'sales').name).toBe('営業部')
    expect(identityOf(account, 'gone').id).toBe(MAIN_IDENTITY)
    expect(identityOf(account, undefined).id).toBe(MAIN_IDENTITY)
  })

  test('have a usual one for new mails: the one that is marked, else the first', () => {
    expect(usualIdentityOf(account).id).toBe(MAIN_IDENTITY)
    expect(usualIdentityOf({ ...account, identities: [{ ...sales, isUsual: true }] }).id).toBe('sales')
  })

  test('tell whose an address is, in whatever case it came', () => {
    expect(ownerOf([account], 'Sales@EXAMPLE.co.jp')).toMatchObject({ account, identity: { id: 'sales' } })
    expect(ownerOf([account], 'bob@example.org')).toBeNull()
  })
})

test('a copy for oneself is added once, and not where the mail comes anyway', () => {
  const bob = { name: '', address: 'bob@example.org' }
  const own = { name: '営業部', address: 'sales@example.co.jp' }
  expect(hiddenCopies(sales, { to: [bob], cc: [], bcc: [] })).toEqual([own])
  expect(hiddenCopies(sales, { to: [bob], cc: [own], bcc: [] })).toEqual([])
  expect(hiddenCopies({ ...sales, copiesSelf: false }, { to: [bob], cc: [], bcc: [bob] })).toEqual([bob])
})
