import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Accounts, accountCalls, createAccounts } from '../../../main/accounts/accounts.ts'
import { type Calls, createDoor } from '../../../main/call.ts'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import type { Secrets } from '../../../main/host.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { AnyEvent, Method } from '../../../shared/api.ts'
import type { Account } from '../../../shared/model.ts'
import { fail, ok, type Result } from '../../../shared/problem.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { accountInput } from './account-input.ts'

let folder: string
let db: Db
let events: AnyEvent[]
let kept: Map<string, string>
/** Names of the calls that fail, e.g. 'set incoming:'. */
let broken: string[]
let removedWithin: string[]
const clock = manualClock()

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

const secrets: Secrets = {
  get: key => answer(`get ${key}`, () => kept.get(key) ?? null),
  set: (key, text) =>
    answer(`set ${key}`, () => {
      kept.set(key, text)
      return true as const
    }),
  remove: key =>
    answer(`remove ${key}`, () => {
      kept.delete(key)
      return true as const
    }),
}

function answer<T>(call: string, work: () => T): Result<T> {
  if (broken.some(prefix => call.startsWith(prefix))) {
    return fail({ kind: 'secrets-unavailable', detail: 'locked' })
  }
  return ok(work())
}

function open(): Accounts {
  db = value(openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations }))
  const hub = createEventHub()
  hub.listen(event => events.push(event))
  return createAccounts({
    db,
    secrets,
    emit: hub.emit,
    clock,
    belongings: {
      count: () => ({ messages: 12, drafts: 2, waiting: 1, localOnly: 3 }),
      removeWithin: id => removedWithin.push(id),
    },
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-accounts-'))
  events = []
  kept = new Map()
  broken = []
  removedWithin = []
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('saving', () => {
  test('keeps the settings in the database and the password only with the secrets', () => {
    const accounts = open()
    const saved = value(accounts.save(accountInput()))
    expect(saved).toMatchObject({ label: 'Work', color: 'indigo', sentCopy: 'unknown', isPractice: false })
    expect(events).toEqual([{ name: 'accounts.changed', payload: { accountIds: [saved.id] } }])
    expect([...kept]).toEqual([[`smtp:${saved.id}`, 'a secret']])
    expect(JSON.stringify(db.all('SELECT * FROM account'))).not.toContain('a secret')
    expect(JSON.stringify(saved)).not.toContain('a secret')
    db.close()
    expect(open().list()).toEqual([saved])
  })

  test('keeps several accounts in the order they were made', () => {
    const accounts = open()
    const ids = ['indigo', 'green', 'gold'].map(
      color => value(accounts.save(accountInput({ color: color as Account['color'] }))).id,
    )
    expect(accounts.list().map(({ id }) => id)).toEqual(ids)
    value(accounts.save(accountInput({ id: ids[0] as string, label: 'Renamed' })))
    expect(accounts.list().map(({ label }) => label)).toEqual(['Renamed', 'Work', 'Work'])
  })

  test('without a password keeps the stored one', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput({ passwords: { smtp: 'one', incoming: 'two' } })))
    value(accounts.save(accountInput({ id, passwords: { smtp: null, incoming: null } })))
    expect([...kept.values()]).toEqual(['one', 'two'])
  })

  test('keeps the identities that were added, and identities keep what the form gave', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput()))
    const sales = {
      id: 'sales',
      name: '営業部',
      address: 'sales@todoke.test',
      replyTo: [],
      organisation: 'Todoke',
      copiesSelf: true,
      signature: { text: '営業部', html: null },
    }
    value(accounts.saveIdentities(id, [sales]))
    value(accounts.save(accountInput({ id, label: 'Renamed', passwords: { smtp: null, incoming: null } })))
    expect(open().get(id)).toMatchObject({ label: 'Renamed', identities: [sales] })
    expect(accounts.saveIdentities('gone', [])).toEqual(fail({ kind: 'not-found', what: 'account' }))
    expect(accounts.saveIdentities(id, [{ ...sales, address: 'sales' }])).toMatchObject({ ok: false })
    expect(accounts.get(id)?.identities).toEqual([sales])
  })

  test('an account that is gone says so', () => {
    expect(open().save(accountInput({ id: 'gone' }))).toEqual(fail({ kind: 'not-found', what: 'account' }))
    expect(kept.size).toBe(0)
  })

  test('what is wrong in the form keeps nothing', () => {
    const accounts = open()
    expect(accounts.save(accountInput({ identity: { name: '', address: 'haruka' } }))).toMatchObject({
      problem: { kind: 'address-invalid' },
    })
    expect([accounts.list(), kept.size, events]).toEqual([[], 0, []])
  })

  test.each(['get', 'set smtp:', 'set incoming:'])('nothing is kept by half when "%s" fails', call => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput({ passwords: { smtp: 'one', incoming: 'two' } })))
    broken = [call]
    const changed = accountInput({ id, label: 'New', passwords: { smtp: 'ONE', incoming: 'TWO' } })
    expect(accounts.save(changed)).toEqual(fail({ kind: 'secrets-unavailable', detail: 'locked' }))
    expect(accounts.save({ ...changed, id: null })).toMatchObject({ ok: false })
    broken = []
    expect(accounts.list().map(({ label }) => label)).toEqual(['Work'])
    expect([...kept]).toEqual([
      [`smtp:${id}`, 'one'],
      [`incoming:${id}`, 'two'],
    ])
  })

  test('the passwords stay the old ones when the database cannot write', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput()))
    db.run('PRAGMA query_only = ON')
    expect(accounts.save(accountInput({ id, passwords: { smtp: 'new', incoming: null } }))).toMatchObject({
      problem: { kind: 'disk' },
    })
    expect([...kept.values()]).toEqual(['a secret'])
  })
})

describe('credentials', () => {
  test('for incoming mail are those for sending, unless it has its own', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput()))
    expect(value(accounts.credentials(id, 'incoming'))).toEqual({
      user: 'haruka@todoke.test',
      password: 'a secret',
    })
    value(accounts.save(accountInput({ id, passwords: { smtp: null, incoming: 'other' } })))
    expect(value(accounts.credentials(id, 'incoming')).password).toBe('other')
    expect(value(accounts.credentials(id, 'smtp')).password).toBe('a secret')
  })

  test('that cannot be had are a problem of the account', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput()))
    expect(accounts.credentials('gone', 'smtp')).toMatchObject({ problem: { kind: 'not-found' } })
    kept.clear()
    expect(accounts.credentials(id, 'incoming')).toEqual(fail({ kind: 'password-missing', accountId: id }))
    broken = ['get']
    expect(accounts.credentials(id, 'smtp')).toMatchObject({ problem: { kind: 'secrets-unavailable' } })
  })

  test('of a form are the typed ones, else the stored ones', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput()))
    const form = (smtp: string | null, incoming: string | null) =>
      accountInput({ id, passwords: { smtp, incoming } })
    const passwordsOf = (input: ReturnType<typeof form>) =>
      (['smtp', 'incoming'] as const).map(server => value(accounts.credentialsOf(input, server)).password)
    expect(passwordsOf(form(null, null))).toEqual(['a secret', 'a secret'])
    expect(passwordsOf(form('typed', null))).toEqual(['typed', 'typed'])
    expect(passwordsOf(form(null, 'typed'))).toEqual(['a secret', 'typed'])
    value(accounts.save(form(null, 'own')))
    expect(passwordsOf(form('typed', null))).toEqual(['typed', 'own'])
  })
})

describe('removing', () => {
  test('says what it deletes, before and after', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput({ passwords: { smtp: 'one', incoming: 'two' } })))
    const lost = { messages: 12, drafts: 2, waiting: 1, localOnly: 3 }
    expect(accounts.removalPreview(id)).toEqual(ok(lost))
    expect(accounts.remove(id)).toEqual(ok(lost))
    expect([accounts.list(), kept.size, removedWithin]).toEqual([[], 0, [id]])
    expect(events).toHaveLength(2)
    expect(accounts.remove(id)).toEqual(fail({ kind: 'not-found', what: 'account' }))
    expect(accounts.removalPreview(id)).toMatchObject({ problem: { kind: 'not-found' } })
  })

  test('leaves everything as it was when a secret cannot be removed', () => {
    const accounts = open()
    const { id } = value(accounts.save(accountInput({ passwords: { smtp: 'one', incoming: 'two' } })))
    broken = ['remove incoming:']
    expect(accounts.remove(id)).toMatchObject({ problem: { kind: 'secrets-unavailable' } })
    expect([...kept.values()].sort()).toEqual(['one', 'two'])
    expect([accounts.list().length, removedWithin]).toEqual([1, []])
  })
})

test('what was learned of the Sent copy stays, and is announced once', () => {
  const accounts = open()
  const { id } = value(accounts.save(accountInput()))
  accounts.learnSentCopy(id, 'server-files-it')
  accounts.learnSentCopy(id, 'server-files-it')
  expect(value(accounts.save(accountInput({ id }))).sentCopy).toBe('server-files-it')
  expect(events).toHaveLength(3)
})

test('what the person chose of the Sent copy and the pace is kept, also by a save that says nothing of them', () => {
  const accounts = open()
  const { id } = value(accounts.save(accountInput()))
  const pace = { connections: 4, perMinute: 30 }
  value(accounts.save(accountInput({ id, sentCopy: 'we-file-it', pace })))
  value(accounts.save(accountInput({ id, label: 'Another' })))
  expect(accounts.get(id)).toMatchObject({ label: 'Another', sentCopy: 'we-file-it', pace })
  value(accounts.save(accountInput({ id, sentCopy: 'unknown' })))
  expect(accounts.get(id)?.sentCopy).toBe('unknown')
})

test('the practice account is one, whatever its ports are this time', () => {
  const accounts = open()
  const first = value(accounts.savePractice(accountInput({ label: 'Practice' })))
  expect(first.isPractice).toBe(true)
  value(accounts.save(accountInput({ id: first.id, label: 'My own name' })))
  const usual = accountInput()
  const again = value(accounts.savePractice(accountInput({ smtp: { ...usual.smtp, port: 4465 } })))
  expect(again).toMatchObject({ id: first.id, isPractice: true, label: 'My own name', smtp: { port: 4465 } })
  expect(accounts.list()).toHaveLength(1)
})

test('the calls check the form by shape', async () => {
  const accounts = open()
  const door = createDoor(accountCalls(accounts) as Calls<Method>, () => {})
  const saved = await door.call('accounts.save', [accountInput()])
  const { id } = (saved as { value: Account }).value
  expect(await door.call('accounts.list', [])).toMatchObject({ ok: true, value: [{ id }] })
  expect(await door.call('accounts.removalPreview', [id])).toMatchObject({ ok: true })
  const usual = accountInput()
  for (const input of [
    null,
    { ...usual, color: 'pink' },
    { ...usual, smtp: { ...usual.smtp, tls: 'maybe' } },
    { ...usual, smtp: { ...usual.smtp, port: '465' } },
    { ...usual, incoming: { ...usual.incoming, kind: 'exchange' } },
    { ...usual, passwords: undefined },
  ]) {
    expect(await door.call('accounts.save', [input])).toMatchObject({ problem: { kind: 'invalid' } })
    expect(await door.call('accounts.check', [input])).toMatchObject({ problem: { kind: 'invalid' } })
  }
  expect(await door.call('accounts.checkState', ['nope'])).toMatchObject({
    problem: { kind: 'not-found', what: 'check' },
  })
  expect(await door.call('accounts.stopCheck', ['nope'])).toEqual(ok({ stopped: false }))
  expect(await door.call('accounts.remove', [id])).toMatchObject({ ok: true })
})
