/** What a server said it can do is kept for its account, as long as the account has that server. */

import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '../../../main/db.ts'
import { systemClock } from '../../../main/host.ts'
import { deskMigrations } from '../../../main/schema.ts'
import { abilitiesOf, createAbilities } from '../../../main/smtp/abilities.ts'
import { createSubmitter } from '../../../main/smtp/submit.ts'
import { serverFaults } from '../../../shared/draft-check.ts'
import type { ServerSettings } from '../../../shared/model.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { aServer } from '../../support/builders.ts'
import { attempt, settingsFor } from './attempt.ts'

const servers: ScriptedSmtp[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

function house(settings: ServerSettings) {
  const opened = openDatabase(':memory:', { durability: 'full', migrations: deskMigrations })
  if (!opened.ok) throw new Error('no database')
  const db = opened.value
  db.run("INSERT INTO account (id, position, settings, created_at) VALUES ('account', 0, '{}', 0)")
  const changed: unknown[] = []
  const place = { settings }
  const abilities = createAbilities({
    db,
    clock: systemClock,
    emit: (_name, payload) => changed.push(payload),
    settingsOf: id => (id === 'account' ? place.settings : null),
  })
  return { db, abilities, changed, place }
}

test('the last EHLO is learned when a mail goes, and already when the connection is warmed', async () => {
  const server = await startScriptedSmtp({}, { size: 12_345 })
  servers.push(server)
  const settings = settingsFor(server)
  const { abilities } = house(settings)
  const submitter = createSubmitter({ clock: systemClock, onAbilities: abilities.learn })
  submitter.warm({ accountId: 'account', settings, credentials: { user: '', password: '' } })
  await server.nextCommand(/^EHLO/)
  await attempt({ settings, submitter })
  submitter.close()
  expect(abilities.get('account')).toMatchObject({
    size: 12_345,
    isEightBit: true,
    hasSmtputf8: true,
    hasDsn: true,
    hasPipelining: true,
    hasRequireTls: false,
  })
  expect(abilities.fitsServer('account', 12_345)).toEqual({ ok: true, value: true })
  expect(abilities.fitsServer('account', 12_346)).toEqual({
    ok: false,
    problem: { kind: 'too-big', bytes: 12_346, limit: 12_345 },
  })
})

test('the same again is neither written nor told, so that it costs no commit', () => {
  const settings = aServer()
  const { abilities, changed } = house(settings)
  for (let mail = 0; mail < 3; mail += 1) abilities.learn('account', settings, ['SIZE 10'])
  expect(changed).toHaveLength(1)
  abilities.learn('account', settings, ['SIZE 20'])
  expect(changed).toHaveLength(2)
  expect(abilities.get('account')?.size).toBe(20)
})

test('what another server said does not count, and goes with the account', () => {
  const { db, abilities, place } = house(aServer())
  abilities.learn('account', place.settings, ['SIZE 10'])
  place.settings = aServer({ host: 'other.example' })
  expect(abilities.get('account')).toBeNull()
  expect(abilities.fitsServer('account', 1_000)).toEqual({ ok: true, value: true })
  abilities.learn('nobody', place.settings, ['SIZE 10'])
  db.run("DELETE FROM account WHERE id = 'account'")
  expect(db.all('SELECT * FROM server_abilities')).toEqual([])
})

test('all that EHLO can say is read', () => {
  const said = ['SIZE 0', '8bitmime', 'REQUIRETLS', 'LIMITS RCPTMAX=20 MAILMAX=5', 'SMTPUTF8']
  expect(abilitiesOf(said, 7)).toEqual({
    seenAt: 7,
    size: null,
    isEightBit: true,
    hasSmtputf8: true,
    hasDsn: false,
    hasRequireTls: true,
    hasPipelining: false,
    mostRecipients: 20,
    mostMails: 5,
  })
})

test('the composer asks only about what the server is known not to take', () => {
  const people = [
    { name: '', address: '用户@example.org' },
    { name: '', address: 'bob@例子.公司' },
  ]
  expect(serverFaults(people, 100, null)).toEqual([])
  expect(serverFaults(people, 100, abilitiesOf(['SIZE 99', 'SMTPUTF8'], 0))).toEqual([
    { kind: 'too-big', bytes: 100, limit: 99 },
  ])
  expect(serverFaults(people, 99, abilitiesOf(['SIZE 99'], 0))).toEqual([
    { kind: 'address-needs-smtputf8', address: '用户@example.org' },
  ])
})
