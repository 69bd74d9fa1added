import { describe, expect, test } from 'vitest'
import { footOf } from '../../../renderer/frame/account-state.ts'
import { aStatus } from '../../support/builders.ts'

const offline = aStatus({ incoming: { state: 'failing', problem: { kind: 'offline' }, retryAt: null } })
const wrong = aStatus({
  accountId: 'studio',
  incoming: {
    state: 'failing',
    problem: { kind: 'authentication', host: 'h', user: 'u', text: '' },
    retryAt: null,
  },
})

describe('how all accounts stand', () => {
  test('nothing to say is said as fine', () => {
    expect(footOf([aStatus()], true)).toEqual({ kind: 'fine' })
  })

  test('an account that needs somebody is named before work of the others', () => {
    const syncing = aStatus({ incoming: { state: 'syncing', done: 1, total: 2 } })
    expect(footOf([syncing, wrong], true)).toEqual({ kind: 'failing', accountIds: ['studio'] })
  })

  test('a paused way out needs somebody as well', () => {
    const paused = aStatus({ outgoing: { state: 'paused', problem: { kind: 'disk-full' }, until: null } })
    expect(footOf([paused], true).kind).toBe('failing')
  })

  test('a way out that rests until a time needs nobody', () => {
    const resting = aStatus({ outgoing: { state: 'paused', problem: { kind: 'disk-full' }, until: 1 } })
    expect(footOf([resting], true).kind).toBe('fine')
  })

  test('no network is not the fault of an account', () => {
    expect(footOf([offline, offline], true)).toEqual({ kind: 'offline' })
    expect(footOf([aStatus()], false)).toEqual({ kind: 'offline' })
  })

  test('several syncs add up, and an unknown total makes the sum unknown', () => {
    const one = aStatus({ incoming: { state: 'syncing', done: 10, total: 40 } })
    const other = aStatus({ incoming: { state: 'syncing', done: 5, total: 60 } })
    const blind = aStatus({ incoming: { state: 'syncing', done: 5, total: null } })
    expect(footOf([one, other], true)).toEqual({ kind: 'syncing', done: 15, total: 100 })
    expect(footOf([one, blind], true)).toEqual({ kind: 'syncing', done: 15, total: null })
  })
})
