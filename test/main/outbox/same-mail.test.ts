// The same words to the same people within half an hour are asked about once: over clicks, windows, accounts, restarts
// and processes.

import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '../../../main/db.ts'
import { createDrafts } from '../../../main/drafts/drafts.ts'
import { fingerprintOf } from '../../../main/outbox/fingerprint.ts'
import { createOutbox } from '../../../main/outbox/outbox.ts'
import { deskMigrations } from '../../../main/schema.ts'
import { fail, ok } from '../../../shared/problem.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { accountFor, buildHouse, type House, password } from './house.ts'

const servers: ScriptedSmtp[] = []
const houses: House[] = []
afterEach(async () => {
  const bugs = houses.flatMap(house => house.bugs)
  for (const house of houses.splice(0)) await house.close()
  for (const server of servers.splice(0)) await server.stop()
  expect(bugs).toEqual([])
})

async function build() {
  const server = await startScriptedSmtp({}, { users: { yuki: password } })
  servers.push(server)
  const house = buildHouse(accountFor(server), { ...accountFor(server), id: 'other' })
  houses.push(house)
  return { server, house }
}
const minutes = (count: number) => count * 60_000

test('is asked about, keeps its draft, and goes when it is meant', async () => {
  const { house } = await build()
  const first = await house.draft()
  const sent = await house.outbox.send(first.draftId, first.revision, null)
  if (!sent.ok) throw new Error(sent.problem.kind)
  const second = await house.draft({ accountId: 'other' })
  expect(await house.outbox.send(second.draftId, second.revision, null)).toEqual({
    ok: false,
    problem: { kind: 'same-mail', itemId: sent.value.itemId },
  })
  expect(house.drafts.get(second.draftId)).not.toBeNull()
  house.restart()
  expect(await house.outbox.send(second.draftId, second.revision, null)).toMatchObject({
    problem: { kind: 'same-mail' },
  })
  expect(await house.outbox.send(second.draftId, second.revision, null, 'again')).toMatchObject({ ok: true })
  expect(house.outbox.list()).toHaveLength(2)
})

test('is another one after half an hour, with another word, another person or another file', async () => {
  const { house } = await build()
  const trySend = async (...more: Parameters<House['draft']>) => {
    const { draftId, revision } = await house.draft(...more)
    return (await house.outbox.send(draftId, revision, null)).ok
  }
  expect(await trySend()).toBe(true)
  expect(await trySend({ text: 'Hi Bob, once more' })).toBe(true)
  expect(await trySend({ to: [{ name: '', address: 'ann@example.org' }] })).toBe(true)
  expect(await trySend({}, Buffer.from('a file'))).toBe(true)
  expect(await trySend({ to: [{ name: 'Robert', address: 'BOB@example.org ' }] })).toBe(false)
  expect(await trySend({ to: [], bcc: [{ name: '', address: 'bob@example.org' }] })).toBe(false)
  house.clock.advance(minutes(29))
  expect(await trySend()).toBe(false)
  house.clock.advance(minutes(2))
  expect(await trySend()).toBe(true)
})

test('that was taken back or refused may be sent anew', async () => {
  const { house } = await build()
  const itemId = await house.send()
  await house.outbox.cancel(itemId)
  const again = await house.draft()
  expect((await house.outbox.send(again.draftId, again.revision, null)).ok).toBe(true)
})

test('five clicks are one mail and one transaction', async () => {
  const { server, house } = await build()
  house.undoSeconds = 0
  const { draftId, revision } = await house.draft()
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => house.outbox.send(draftId, revision, null)),
  )
  expect(new Set(answers.map(answer => (answer.ok ? answer.value.itemId : ''))).size).toBe(1)
  const [item] = house.outbox.list()
  await house.until(item?.id ?? '', ({ journey }) => journey.sentCopy.state === 'filed')
  // A click that comes late finds the draft gone, and says which mail it became.
  expect(await house.outbox.send(draftId, revision, null)).toMatchObject({ problem: { kind: 'same-mail' } })
  expect([house.outbox.list().length, server.messages.length]).toEqual([1, 1])
})

test('two windows with the same words are one mail', async () => {
  const { house } = await build()
  const [one, other] = [await house.draft(), await house.draft()]
  const answers = await Promise.all(
    [one, other].map(({ draftId, revision }) => house.outbox.send(draftId, revision, null)),
  )
  expect(answers.map(({ ok: isQueued }) => isQueued).sort()).toEqual([false, true])
  expect(house.outbox.list()).toHaveLength(1)
})

test('two processes on the same file are one mail', async () => {
  const { house } = await build()
  const { draftId, revision } = await house.draft()
  const opened = openDatabase(join(house.folder, 'desk.db'), {
    durability: 'full',
    migrations: deskMigrations,
  })
  if (!opened.ok) throw new Error(opened.problem.kind)
  const db = opened.value
  const account = house.accounts.get('account') ?? null
  const drafts = createDrafts({
    db,
    spool: house.spool,
    clock: house.clock,
    emit: house.hub.emit,
    accounts: { list: () => [...house.accounts.values()] },
    readMessage: async () => fail({ kind: 'not-found', what: 'message' }),
    preferences: () => ({ language: 'en', defaultAccountId: null }),
  })
  const other = createOutbox({
    db,
    clock: house.clock,
    emit: house.hub.emit,
    drafts,
    spool: house.spool,
    accounts: {
      get: () => account,
      credentials: () => ok({ user: 'yuki', password }),
      learnSentCopy: () => {},
    },
    undoSeconds: () => 10,
    fileSentCopy: async () => ok({ how: 'appended', folder: 'Sent' }),
    findSentCopy: async () => ok({ isThere: false }),
    saveAs: async () => null,
  })
  const answers = await Promise.all([
    house.outbox.send(draftId, revision, null),
    other.send(draftId, revision, null),
  ])
  expect(answers.filter(({ ok: isQueued }) => isQueued)).toHaveLength(1)
  expect(house.outbox.list()).toHaveLength(1)
  await other.stop()
  db.close()
})

test('a fingerprint does not tell words from the space between them, nor To from Cc', () => {
  const mail = {
    to: [{ name: 'Bob', address: 'bob@x.org' }],
    cc: [{ name: '', address: 'ann@x.org' }],
    bcc: [],
    subject: 'Invoice ',
    text: 'Hello\r\nBob\n',
    attachments: [],
  }
  const other = { ...mail, to: mail.cc, cc: mail.to, subject: 'Invoice', text: 'Hello\nBob' }
  expect(fingerprintOf(other)).toBe(fingerprintOf(mail))
  expect(fingerprintOf({ ...mail, subject: 'Invoices' })).not.toBe(fingerprintOf(mail))
})
