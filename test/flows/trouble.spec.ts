/** What can go wrong has a clear message, and nothing typed is lost. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { done, drop } from '../servers/acts.ts'
import { expect, outboxRow, place, sendNow, sendThrough, test, write } from './desk.ts'

test('an address without a domain is marked on its chip and the mail does not leave', async ({ desk }) => {
  await desk.addAccount(13)
  const composer = await write(desk.page, { to: ['weber'], subject: 'Hello', text: 'Hello' })
  await expect(composer.getByText('no @ in it')).toBeVisible()
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(composer).toBeVisible()
  expect(await desk.call('outbox.list')).toEqual([])
})

test('a mail to nobody does not leave, and says why', async ({ desk }) => {
  await desk.addAccount(13)
  const composer = await write(desk.page, { to: [], subject: 'Hello', text: 'Hello' })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(composer.getByText('Nobody to send to')).toBeVisible()
  await expect(composer.getByRole('textbox', { name: 'Text' })).toHaveText('Hello')
})

test('a mail without subject and text asks once and then goes', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 13, {})
  const composer = await write(desk.page, { to: ['weber@elsewhere.test'], subject: '', text: '' })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await desk.page.getByRole('button', { name: 'Send anyway' }).click()
  await desk.page.getByRole('button', { name: 'Send now' }).click()
  expect((await server.nextMessage()).to).toEqual(['weber@elsewhere.test'])
  await server.stop()
})

test('what was sent can be taken back while it is held, and nothing was said to a server', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 13, {})
  const { page } = desk
  const composer = await write(page, {
    to: ['weber@elsewhere.test'],
    subject: 'Too early',
    text: 'Not finished',
  })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByText(/sent/i).filter({ hasNotText: 'Sent' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.locator('section[data-size]').getByRole('textbox', { name: 'Text' })).toHaveText(
    'Not finished',
  )
  expect(await desk.call('outbox.list')).toEqual([])
  expect(server.messages).toEqual([])
  await server.stop()
})

test('the same mail to the same people is asked about, and goes twice only when it is meant', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 13, {})
  const letter = { to: ['weber@elsewhere.test'], subject: 'Twice', text: 'The same words' }
  await sendNow(desk.page, await write(desk.page, letter))
  await server.nextMessage()
  const second = await write(desk.page, letter)
  await second.getByRole('button', { name: 'Send', exact: true }).click()
  const question = desk.page.getByRole('dialog', { name: 'Send the same mail once more?' })
  await question.getByRole('button', { name: 'Do not send' }).click()
  await expect(second.getByRole('textbox', { name: 'Text' })).toHaveText('The same words')
  await second.getByRole('button', { name: 'Send', exact: true }).click()
  await question.getByRole('button', { name: 'Send once more' }).click()
  await expect(second).toHaveCount(0)
  await server.nextMessage()
  expect(server.messages).toHaveLength(2)
  await server.stop()
})

test('30 MB to a server that takes 10 MB: nothing is uploaded and the mail is kept', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 13, {}, { size: 10 * 1024 * 1024 })
  const file = join(desk.dataDir, 'large.bin')
  writeFileSync(file, Buffer.alloc(30 * 1024 * 1024, 7))
  const composer = await write(desk.page, {
    to: ['weber@elsewhere.test'],
    subject: 'Large',
    text: 'See attached.',
    files: [file],
  })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  // The server's limit is known from its last EHLO: the composer says so at once and keeps the mail.
  await expect(composer.getByText(/too (big|large)/i).first()).toBeVisible()
  expect(await desk.call('outbox.list')).toEqual([])
  expect([server.messages, server.abandoned]).toEqual([[], []])
  await server.stop()
})

test('a lost reply makes the mail uncertain, and it goes again only when the writer says so', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 14, { body: [done(drop())] })
  const { page } = desk
  const composer = await write(page, { to: ['weber@elsewhere.test'], subject: 'Once', text: 'Only once.' })
  await sendNow(page, composer)
  await server.nextMessage()
  await place(page, 'Outbox').click()
  const row = outboxRow(page, 'Once')
  await expect(row).toContainText('Outcome unknown')
  await desk.reopen()
  await place(desk.page, 'Outbox').click()
  await outboxRow(desk.page, 'Once').getByRole('button').first().click()
  expect(server.messages).toHaveLength(1)
  await desk.page.getByRole('button', { name: /^Send it again/ }).click()
  await expect.poll(() => server.messages.length).toBe(2)
  expect(server.messages[1]?.data.equals(server.messages[0]?.data ?? Buffer.alloc(0))).toBe(true)
  await server.stop()
})

test('refused recipients are asked about before anybody gets the mail', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 14, {
    recipients: { 'nobody@elsewhere.test': '550 5.1.1 No such person here' },
  })
  const { page } = desk
  const composer = await write(page, {
    to: ['weber@elsewhere.test', 'nobody@elsewhere.test'],
    subject: 'Two people',
    text: 'Hello both',
  })
  await sendNow(page, composer)
  await place(page, 'Outbox').click()
  await outboxRow(page, 'Two people').getByRole('button').first().click()
  await page.getByRole('button', { name: 'What this means' }).first().click()
  await expect(page.getByText('No such person here').first()).toBeVisible()
  expect(server.messages).toEqual([])
  await page.getByRole('button', { name: 'Send to the other one' }).click()
  const sent = await server.nextMessage()
  expect([sent.to, server.messages.length]).toEqual([['weber@elsewhere.test'], 1])
  await server.stop()
})

test('a broken mail is listed, read as far as it can be, and its source is at hand', async ({
  desk,
  post,
}) => {
  const me = post.user(15).user
  await desk.addAccount(15)
  const broken = [
    'From: =?utf-8?B?broken',
    'Subject: =?no-such-charset?Q?Br=F6ken?=',
    'Content-Type: multipart/mixed; boundary="never',
    '',
    '--other',
    'Content-Transfer-Encoding: base64',
    '',
    '%%%% not base64 %%%%',
  ].join('\r\n')
  await post.deliver(me, broken)
  const { page } = desk
  await page.getByRole('option').first().click()
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Show the source' }).click()
  await expect(page.getByRole('dialog')).toContainText('not base64')
})

test('a file that can no longer be read says so on its chip, and the rest of the mail stays', async ({
  desk,
}) => {
  await desk.addAccount(15)
  const composer = await write(desk.page, {
    to: ['weber@elsewhere.test'],
    subject: 'Files',
    text: 'Two files',
  })
  const file = join(desk.dataDir, 'report.pdf')
  writeFileSync(file, Buffer.alloc(40 * 1024 * 1024, 1))
  await composer.locator('input[type=file]:not([data-folder])').setInputFiles(file)
  // The browser refuses to read a file that is no longer the one that was picked.
  rmSync(file)
  await expect(composer.getByText('cannot be read')).toBeVisible({ timeout: 30_000 })
  await expect(composer.getByRole('textbox', { name: 'Text' })).toHaveText('Two files')
})

test('a broken settings file is kept aside, said in words, and the mail is untouched', async ({
  desk,
  post,
}) => {
  await desk.addAccount(15)
  await desk.call('settings.set', { undoSeconds: 30 })
  const [file] = readdirSync(desk.dataDir).filter(name => /^(config|settings)\.json$/.test(name))
  writeFileSync(join(desk.dataDir, file ?? 'config.json'), '{ "undoSeconds": 30, broken')
  await desk.reopen()
  const info = await desk.call('app.info')
  expect(info.settingsProblem).toMatchObject({ kind: 'settings-corrupt' })
  expect((await desk.call('settings.get')).undoSeconds).toBe(10)
  expect(await desk.call('accounts.list')).toHaveLength(1)
  await expect(desk.page.getByText(/settings/i).first()).toBeVisible()
  expect(post.user(15).user).not.toBe('')
})

test('a second start on the same data calls the first to the front and opens nothing', async ({ desk }) => {
  const root = resolve(import.meta.dirname, '../..')
  const second = spawn(
    process.execPath,
    [join(root, 'main/shells/chromium.ts'), '--data', desk.dataDir, '--headless'],
    {
      env: { ...process.env, LANG: 'en_GB.UTF-8' },
    },
  )
  let said = ''
  second.stdout.on('data', text => {
    said += text
  })
  second.stderr.on('data', text => {
    said += text
  })
  const [code] = await once(second, 'exit')
  expect(said).toContain('already running')
  expect(code).toBe(0)
  expect(desk.page.isClosed()).toBe(false)
})

test('a data folder from a newer version is refused and left as it is', async ({ desk }) => {
  const folder = join(desk.dataDir, 'newer')
  mkdirSync(folder)
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(join(folder, 'desk.db'))
  database.exec('PRAGMA user_version = 999; CREATE TABLE letter (text TEXT)')
  database.close()
  const root = resolve(import.meta.dirname, '../..')
  const headless = spawn(process.execPath, [join(root, 'main/shells/headless.ts'), '--data', folder], {
    env: { ...process.env, LANG: 'en_GB.UTF-8' },
  })
  let said = ''
  headless.stderr.on('data', text => {
    said += text
  })
  headless.stdin.end()
  const [code] = await once(headless, 'exit')
  expect(code).toBe(1)
  expect(said).toContain('newer version of Todoke')
})
