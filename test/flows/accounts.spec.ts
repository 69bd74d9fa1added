/** Accounts through the window: added, checked on real servers, misread, changed and removed. */

import { spawnSync } from 'node:child_process'
import type { Page } from '@playwright/test'
import { startScriptedSmtp } from '../servers/scripted-smtp.ts'
import type { PostOffice } from '../support/flow-servers.ts'
import { createTestCa } from '../support/test-ca.ts'
import { expect, sendNow, test, write } from './desk.ts'

type Typed = {
  address: string
  password: string
  host: string
  smtpPort: number
  incomingPort: number
  kind?: 'IMAP' | 'POP3'
}

async function fillForm(page: Page, typed: Typed): Promise<void> {
  await page.getByLabel('Your name').fill('田中 雪')
  await page.getByLabel('Address', { exact: true }).fill(typed.address)
  const sending = page.getByRole('region', { name: 'Sending' })
  const receiving = page.getByRole('region', { name: 'Receiving' })
  await sending.getByLabel('Server').fill(typed.host)
  await sending.getByLabel('Port').fill(String(typed.smtpPort))
  await sending.getByLabel('Password', { exact: true }).fill(typed.password)
  if (typed.kind === 'POP3') await receiving.getByText('POP3', { exact: true }).click()
  await receiving.getByLabel('Server').fill(typed.host)
  await receiving.getByLabel('Port').fill(String(typed.incomingPort))
}

const typedFor = (post: PostOffice, number: number): Typed => ({
  address: post.user(number).user,
  password: post.user(number).password,
  host: post.host,
  smtpPort: post.smtp.submissions,
  incomingPort: post.imap.imaps,
})

test('the first account is typed, checked stage by stage on the real servers, and used', async ({
  desk,
  post,
}) => {
  const { page } = desk
  await page.getByRole('button', { name: 'Add an account' }).click()
  await fillForm(page, typedFor(post, 11))
  await page.getByRole('button', { name: 'Check and save' }).click()
  await expect(page.getByText('Both servers work')).toBeVisible()
  for (const stage of ['Encryption', 'Sign-in']) await expect(page.getByText(stage).first()).toBeVisible()
  await expect(page.getByText(/TLSv?\s?1\.3/).first()).toBeVisible()
  // Nothing was sent for it.
  expect(post.stored(post.user(11).user)).toHaveLength(0)
  await page.getByRole('button', { name: 'Done' }).click()
  const composer = await write(page, { to: [post.user(11).user], subject: 'To myself', text: 'Hello' })
  await sendNow(page, composer)
  await post.arrived(post.user(11).user)
})

test('a wrong password is said by the stage that failed, and nothing typed is lost', async ({
  desk,
  post,
}) => {
  const { page } = desk
  await page.getByRole('button', { name: 'Add an account' }).click()
  await fillForm(page, { ...typedFor(post, 12), password: 'not the password' })
  await page.getByRole('button', { name: 'Check and save' }).click()
  await expect(page.getByText(/did not accept the password/).first()).toBeVisible()
  expect(await desk.call('accounts.list')).toEqual([])
  await page.getByRole('button', { name: 'Change the settings' }).click()
  await expect(page.getByLabel('Address', { exact: true })).toHaveValue(post.user(12).user)
  await expect(page.getByLabel('Your name')).toHaveValue('田中 雪')
})

test('a dead host and a refused port are told apart', async ({ desk, post }) => {
  const { page } = desk
  await page.getByRole('button', { name: 'Add an account' }).click()
  await fillForm(page, { ...typedFor(post, 12), smtpPort: 1 })
  await page.getByRole('region', { name: 'Receiving' }).getByLabel('Server').fill('mail.nowhere.invalid')
  await page.getByRole('button', { name: 'Check and save' }).click()
  await expect(page.getByText(/does not answer on port 1/).first()).toBeVisible()
  await expect(page.getByText('No server named mail.nowhere.invalid was found').first()).toBeVisible()
})

test('a certificate nobody vouches for is shown and can be trusted for this account alone', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const ca = await createTestCa()
  const stranger = await startScriptedSmtp(
    {},
    {
      security: 'implicit',
      tls: ca.selfSigned(['localhost']),
      users: { [post.user(12).user]: post.user(12).password },
    },
  )
  try {
    await page.getByRole('button', { name: 'Add an account' }).click()
    await fillForm(page, { ...typedFor(post, 12), smtpPort: stranger.port })
    await page.getByRole('button', { name: 'Check and save' }).click()
    await expect(page.getByText('localhost vouches for itself').first()).toBeVisible()
    expect(stranger.commands.filter(command => /^AUTH/.test(String(command)))).toEqual([])
    await page.getByRole('button', { name: 'Trust this certificate for this account' }).click()
    await expect(page.getByText('Both servers work')).toBeVisible()
  } finally {
    await stranger.stop()
    await ca.dispose()
  }
})

test('an account is removed after saying what goes with it', async ({ desk, post }) => {
  const { page } = desk
  await desk.addAccount(12)
  await post.deliver(
    post.user(12).user,
    'From: a@elsewhere.test\r\nSubject: Stays on the server\r\n\r\nHello\r\n',
  )
  await expect(page.getByRole('option')).toHaveCount(1)
  await page.getByRole('button', { name: 'Manage accounts' }).click()
  const list = page.getByRole('region', { name: 'Your accounts' })
  await list.getByText(post.user(12).user).last().click()
  await page.getByRole('button', { name: 'Remove the account' }).click()
  const question = page.getByRole('dialog')
  await expect(question).toContainText('1 mail is deleted from this computer.')
  await question.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => desk.call('accounts.list')).toEqual([])
  expect(post.stored(post.user(12).user).length).toBeGreaterThan(0)
  // No password stays behind in any file of the program: grep finds nothing and says so with 1.
  const found = spawnSync('grep', ['-rlF', post.user(12).password, desk.dataDir])
  expect([found.status, String(found.stdout)]).toEqual([1, ''])
})
