import { expect, test } from 'vitest'
import { checkIdentityForm, identityForm, typedIdentity } from '../../../renderer/accounts/identity-form.ts'
import type { Identity } from '../../../shared/model.ts'

const sales: Identity = {
  id: 'sales',
  name: '営業部, 東京',
  address: 'sales@example.co.jp',
  replyTo: [
    { name: 'Tanaka, Yuki', address: 'yuki@example.co.jp' },
    { name: '', address: 'desk@example.co.jp' },
  ],
  organisation: 'Example',
  copiesSelf: true,
  signature: { text: 'Sales', html: null },
  isUsual: true,
}

test('an identity comes back from its form as it was', () => {
  expect(typedIdentity(sales, identityForm(sales), sales.signature)).toEqual(sales)
})

test('a signature that says nothing is none', () => {
  expect(typedIdentity(sales, identityForm(sales), { text: '\n ', html: '<p><br></p>' }).signature).toBeNull()
})

test('what is no address is named, in its field, and full-width signs separate as well', () => {
  const form = identityForm(sales)
  expect(checkIdentityForm(form)).toEqual({})
  expect(checkIdentityForm({ ...form, address: ' ' })).toEqual({ address: { kind: 'missing', text: '' } })
  expect(checkIdentityForm({ ...form, address: 'sales', replyTo: 'a@b.example；nobody' })).toEqual({
    address: { kind: 'no-address', text: 'sales' },
    replyTo: { kind: 'no-address', text: 'nobody' },
  })
  expect(checkIdentityForm({ ...form, replyTo: 'a@b' }).replyTo).toMatchObject({ kind: 'no-address' })
})
