import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createDoor } from '../../../main/call.ts'
import { mailboxCalls } from '../../../main/mailbox/mailbox.ts'
import type { Method } from '../../../shared/api.ts'
import { type ScriptedPop3, startScriptedPop3 } from '../../servers/scripted-pop3.ts'
import {
  type Bench,
  clearBench,
  inbox,
  incoming,
  mail,
  must,
  openBench,
  pop3Account,
  receiveFor,
  rows,
} from './receiving-bench.ts'

const benches: Bench[] = []
const servers: ScriptedPop3[] = []
afterEach(async () => {
  for (const here of benches.splice(0)) {
    await here.stop()
    clearBench(here)
  }
  for (const server of servers.splice(0)) await server.stop()
})

/** A mailbox into which these mails have come. */
async function mailboxOf(...mails: Buffer[]): Promise<Bench> {
  const server = await startScriptedPop3({}, { mailbox: mails.map((data, at) => ({ uidl: `u${at}`, data })) })
  servers.push(server)
  const here = openBench()
  benches.push(here)
  await receiveFor(here, pop3Account(server))
  await here.until(() => incoming(here)?.state === 'idle' && rows(here).length === mails.length, 'the mails')
  return here
}

const withFile = Buffer.from(
  [
    'From: anna@elsewhere.test',
    'Subject: a file',
    'Message-ID: <own.1@todoke.test>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p onclick="steal()">See <b>this</b>.</p><script>steal()</script>',
    '--b',
    'Content-Type: application/octet-stream',
    'Content-Disposition: attachment; filename="../../evil\u202e.sh"',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from('#!/bin/sh').toString('base64'),
    '--b--',
    '',
  ].join('\r\n'),
)

test('a mail is given whole, its html as it came, and marked when it left through our outbox', async () => {
  const here = await mailboxOf(withFile)
  const [row] = rows(here)
  expect(row).toMatchObject({
    hasAttachments: true,
    preview: 'See this.',
    outboxItemId: 'item-of-own.1@todoke.test',
  })
  const message = must(await here.mailbox.message(row?.id ?? ''))
  expect(message.unsafeHtml).toContain('<script>steal()</script>')
  expect(message.text).toBe('See this.')
  expect(message.attachments).toMatchObject([{ partId: '1', bytes: 9, isInline: false }])
  expect(message).toMatchObject({
    id: row?.id,
    folderId: row?.folderId,
    messageIdHeader: 'own.1@todoke.test',
  })
})

test('an answered mail is found by its Message-ID, and one that is not here is not asked for', async () => {
  const here = await mailboxOf(withFile)
  expect(await here.mailbox.answered('own.1@todoke.test')).toEqual({
    from: { name: '', address: 'anna@elsewhere.test' },
    to: [],
    cc: [],
    replyTo: [],
    hasAttachments: true,
  })
  expect(await here.mailbox.answered('other@todoke.test')).toBeNull()
})

test('an attachment is saved where the person says, under a harmless name, for nobody else to read or run', async () => {
  const here = await mailboxOf(withFile)
  const id = rows(here)[0]?.id ?? ''
  here.saveAs.path = join(here.dataDir, 'saved.sh')
  expect(must(await here.mailbox.saveAttachment(id, '1'))).toEqual({ savedAs: here.saveAs.path })
  expect(here.saveAs.suggested).toEqual(['_.._evil.sh'])
  expect(readFileSync(here.saveAs.path, 'utf8')).toBe('#!/bin/sh')
  expect(statSync(here.saveAs.path).mode & 0o777).toBe(0o600)
  expect(await here.mailbox.saveAttachment(id, '1')).toMatchObject({ problem: { kind: 'disk' } })
  here.saveAs.path = null
  expect(must(await here.mailbox.saveAttachment(id, '1'))).toEqual({ savedAs: null })
  expect(await here.mailbox.saveAttachment(id, '7')).toEqual({
    ok: false,
    problem: { kind: 'not-found', what: 'attachment' },
  })
})

test('the source of a large mail is cut at a megabyte and says so', async () => {
  const here = await mailboxOf(mail(1, { body: 'x'.repeat(1_500_000) }), mail(2))
  const [small, large] = rows(here)
  expect(must(await here.mailbox.source(small?.id ?? '')).isCut).toBe(false)
  const source = must(await here.mailbox.source(large?.id ?? ''))
  expect(source.isCut).toBe(true)
  expect(source.source.length).toBe(1_000_000)
})

test('flags and moves of a local account show at once', async () => {
  const here = await mailboxOf(mail(1), mail(2))
  const [newest, oldest] = rows(here).map(row => row.id)
  const flags = { isSeen: true, isFlagged: true }
  expect(must(await here.mailbox.setFlags([newest ?? '', 'nonsense'], flags)).changed).toBe(1)
  expect(here.mailbox.count(inbox)).toEqual({ total: 2, unread: 1 })
  expect(must(await here.mailbox.move([oldest ?? ''], { role: 'archive' })).moved).toBe(1)
  expect(rows(here).map(row => row.id)).toEqual([newest])
  expect(here.events).toContainEqual({ name: 'message.changed', payload: { messageIds: [oldest] } })
  expect(here.mailbox.storedFor('acc-pop3')).toEqual({ messages: 2, localOnly: 2 })
})

test('settings that change twice in a moment leave one connection, to the last of them', async () => {
  const here = await mailboxOf(mail(1))
  const other = await startScriptedPop3({}, { mailbox: [{ uidl: 'new', data: mail(9) }] })
  servers.push(other)
  const [first] = servers
  await Promise.all([
    receiveFor(here, pop3Account({ port: first?.port ?? 0, user: 'another' })),
    receiveFor(here, pop3Account(other)),
  ])
  await here.until(
    () => incoming(here)?.state === 'idle' && rows(here)[0]?.subject === 'mail 9',
    'the new server',
  )
  expect(here.receiving.statuses().length).toBe(1)
})

test('an account that is removed leaves nothing here', async () => {
  const here = await mailboxOf(mail(1))
  const id = rows(here)[0]?.id ?? ''
  must(await here.receiving.removeAccount('acc-pop3'))
  expect(here.mailbox.folders()).toEqual([])
  expect(await here.mailbox.message(id)).toEqual({
    ok: false,
    problem: { kind: 'not-found', what: 'message' },
  })
  expect(here.db.get('SELECT count(*) AS count FROM pop3_taken')?.count).toBe(0)
})

test('the door lets through what the contract says and refuses the rest', async () => {
  const here = await mailboxOf(mail(1))
  const bugs: unknown[] = []
  const calls = mailboxCalls(here.mailbox)
  const door = createDoor(calls as Parameters<typeof createDoor>[0], (method, error) =>
    bugs.push([method, error]),
  )
  const call = (method: Method, ...args: unknown[]) => door.call(method, args)
  const id = rows(here)[0]?.id ?? ''
  expect(await call('mailbox.page', inbox, 0, 200)).toMatchObject({ ok: true, value: [{ id }] })
  expect(await call('mailbox.count', inbox)).toEqual({ ok: true, value: { total: 1, unread: 1 } })
  expect(await call('mailbox.folders')).toMatchObject({ ok: true })
  expect(await call('mailbox.message', id)).toMatchObject({ ok: true, value: { subject: 'mail 1' } })
  expect(await call('mailbox.setFlags', [id], { isSeen: true })).toMatchObject({
    ok: true,
    value: { changed: 1 },
  })
  expect(await call('mailbox.refresh', null)).toEqual({ ok: true, value: { started: true } })
  for (const [method, ...args] of [
    ['mailbox.page', inbox, 0, 201],
    ['mailbox.page', inbox, -1, 10],
    ['mailbox.page', { kind: 'unified', role: 'trash' }, 0, 10],
    ['mailbox.page', { kind: 'folder', folderId: 7 }, 0, 10],
    ['mailbox.message'],
    ['mailbox.message', { id }],
    ['mailbox.setFlags', id, {}],
    ['mailbox.setFlags', [id], { isSeen: 'yes' }],
    ['mailbox.saveAttachment', id],
  ] as [Method, ...unknown[]][]) {
    expect(await call(method, ...args)).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
  }
  expect(bugs).toEqual([])
})
