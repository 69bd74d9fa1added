/** A letter to many through the real window: a table chosen, looked at row by row, sent, and followed. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { sayAndDrop } from '../servers/acts.ts'
import { expect, place, sendThrough, test, write } from './desk.ts'

/** メール,氏名 / 田中 in Shift_JIS, so that no library of the program checks itself. */
const MAIL_SJIS = [0x83, 0x81, 0x81, 0x5b, 0x83, 0x8b]
const NAME_SJIS = [0x8e, 0x81, 0x96, 0xbc]
const TANAKA_SJIS = [0x93, 0x63, 0x92, 0x86]

const folder = mkdtempSync(join(tmpdir(), 'todoke-merge-'))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  return path
}

async function choosePeople(page: Page, composer: Locator, file: string): Promise<void> {
  await composer.getByRole('button', { name: 'More for this mail' }).click()
  await composer.getByRole('menuitem', { name: 'Send to many…' }).click()
  await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file)
  await expect(composer.getByRole('region', { name: 'Sent to many' })).toBeVisible()
}

test('100 rows to a server that says 421 after 20, paused and closed in between: 100 unique deliveries', async ({
  desk,
  post,
}) => {
  test.setTimeout(120_000)
  let taken = 0
  let isTired = true
  const server = await sendThrough(desk, post, 15, {
    mail: () => {
      if (isTired && taken >= 20) {
        isTired = false
        return sayAndDrop('421 4.7.0 Too many messages, slow down')
      }
      taken += 1
      return undefined
    },
  })
  await desk.call('settings.set', { undoSeconds: 0 })
  const rows = Array.from({ length: 100 }, (_, at) => `person${at}@x.test,Person ${at}`)
  const { page } = desk
  const composer = await write(page, { to: [], subject: 'For ', text: 'Your place is kept.' })
  await choosePeople(page, composer, fileOf('guests.csv', ['mail,name', ...rows].join('\n')))
  await composer.getByLabel('Subject').click()
  await composer.getByLabel('Subject').press('End')
  await composer.getByRole('button', { name: 'Insert the field name' }).click()
  await expect(composer.getByLabel('Subject')).toHaveValue('For {{name}}')
  await composer.getByRole('button', { name: 'Check and send…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Next row' }).click()
  await expect(dialog.getByRole('heading', { name: 'For Person 1' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Send 100 mails' }).click()
  await expect(page.getByText('20 of 100 handed over').first()).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/waits until/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  await desk.reopen()
  await desk.reopen()
  const again = desk.page
  await place(again, 'Outbox').click()
  await again.getByRole('button', { name: 'Go on' }).click()
  // The server's time is kept to, also after all this, until the person says otherwise.
  const resting = again.getByRole('region', { name: 'Accounts that rest' })
  await expect(resting).toContainText('80 mails wait')
  expect(server.messages).toHaveLength(20)
  await resting.getByRole('button', { name: 'Try now' }).click()
  await expect(again.getByText('100 of 100 handed over').first()).toBeVisible({ timeout: 60_000 })
  const to = server.messages.filter(({ accepted }) => accepted).map(message => message.to.join())
  expect(to).toHaveLength(100)
  expect(new Set(to).size).toBe(100)
  await server.stop()
})

test('a Japanese table in Shift_JIS: the faulty row is shown and left out, the others go', async ({
  desk,
  post,
}) => {
  const server = await sendThrough(desk, post, 15, {})
  await desk.call('settings.set', { undoSeconds: 0 })
  const ascii = (text: string) => [...Buffer.from(text)]
  const table = Uint8Array.from([
    ...MAIL_SJIS,
    ...ascii(','),
    ...NAME_SJIS,
    ...ascii('\r\ntanaka@x.test,'),
    ...TANAKA_SJIS,
    ...ascii('\r\nnobody,Nobody\r\nbo@x.test,Bo\r\n'),
  ])
  const { page } = desk
  const composer = await write(page, { to: [], subject: 'ご案内 {{氏名}}', text: '{{氏名}} 様' })
  await choosePeople(page, composer, fileOf('招待.csv', table))
  await composer.getByRole('button', { name: 'Check and send…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('heading', { name: 'ご案内 田中' })).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Send 2 mails' })).toBeDisabled()
  await dialog.getByLabel('Show only the 1 row with a fault').check()
  await expect(dialog.getByText('“nobody” is no address').first()).toBeVisible()
  await dialog.getByLabel('Leave this 1 out').check()
  await dialog.getByRole('button', { name: 'Send 2 mails' }).click()
  await expect(page.getByText('2 of 2 handed over').first()).toBeVisible({ timeout: 30_000 })
  expect(server.messages.map(({ to }) => to.join()).sort()).toEqual(['bo@x.test', 'tanaka@x.test'])
  await server.stop()
})

test('Undo brings the letter, its table and its files back as a draft, also over a restart', async ({
  desk,
  post,
}) => {
  test.setTimeout(90_000)
  const server = await sendThrough(desk, post, 32, {})
  await desk.call('settings.set', { undoSeconds: 60 })
  const { page } = desk
  const composer = await write(page, {
    to: ['emi@x.test'],
    subject: 'For {{name}}',
    text: 'Your place is kept, {{name}}.',
    files: [fileOf('plan.txt', 'the plan')],
  })
  const rows = Array.from({ length: 25 }, (_, at) => `person${at}@x.test,Person ${at}`)
  await choosePeople(page, composer, fileOf('guests.csv', ['mail,name', ...rows].join('\n')))
  await composer.getByRole('button', { name: 'Check and send…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send 25 mails' }).click()
  await expect(page.getByText(/first mails leave at/).first()).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(composer.getByText('25 people from guests.csv')).toBeVisible()
  await expect(composer.getByLabel('Subject')).toHaveValue('For {{name}}')
  await expect(composer.getByText('Your place is kept, {{name}}.')).toBeVisible()
  await expect(composer.getByText('plan.txt')).toBeVisible()
  await desk.reopen()
  await place(desk.page, 'Drafts').click()
  await desk.page.getByRole('button', { name: /^To emi@x.test/ }).click()
  const again = desk.page.locator('section[data-size]')
  await expect(again.getByText('25 people from guests.csv')).toBeVisible()
  await expect(again.getByText('emi@x.test')).toBeVisible()
  expect(await desk.call('outbox.list')).toEqual([])
  expect(server.messages).toEqual([])
  await server.stop()
})

test('everybody of a group gets a mail of their own', async ({ desk, post }) => {
  const server = await sendThrough(desk, post, 33, {})
  await desk.call('settings.set', { undoSeconds: 0 })
  const members = [
    { name: '田中 健二', address: 'tanaka@x.test' },
    { name: 'Bo', address: 'bo@x.test' },
  ]
  await desk.call('people.saveGroup', { id: null, name: 'Board', members })
  const { page } = desk
  const composer = await write(page, { to: [], subject: 'For {{Name}}', text: 'Hello {{Name}}.' })
  await composer.getByRole('button', { name: 'More for this mail' }).click()
  await composer.getByRole('menuitem', { name: 'Send to many…' }).click()
  await page.getByRole('dialog').getByText('Group', { exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: /Board/ }).click()
  await composer.getByRole('button', { name: 'Check and send…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Send 2 mails' }).click()
  await expect(page.getByText('2 of 2 handed over').first()).toBeVisible({ timeout: 30_000 })
  expect(server.messages.map(({ to }) => to)).toEqual([['tanaka@x.test'], ['bo@x.test']])
  await server.stop()
})
