/** What a writer might regret is asked before it goes, through the real window; answered there, it arrives. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { expect, test, write } from './desk.ts'

test('a mail that promises a file asks for it; attached from the sheet, it goes with it', async ({
  desk,
  post,
}) => {
  test.slow()
  const { page } = desk
  const recipient = post.user(18).user
  await desk.addAccount(17)
  const file = join(desk.dataDir, 'catalogue.pdf')
  writeFileSync(file, 'the catalogue')

  const composer = await write(page, {
    to: [recipient],
    subject: 'The catalogue',
    text: 'Hello,\n\nI have attached the catalogue you asked for.\n\nYuki',
  })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: 'Before it goes' })
  await expect(sheet.getByRole('listitem')).toHaveText(
    /You write “I have attached”, and no file is attached\./,
  )
  expect(await desk.call('outbox.list')).toEqual([])

  const picker = page.waitForEvent('filechooser')
  await sheet.getByRole('button', { name: 'Attach files' }).click()
  await (await picker).setFiles(file)
  await page
    .getByRole('dialog', { name: 'Nothing is left to ask' })
    .getByRole('button', { name: 'Send', exact: true })
    .click()
  await page.getByRole('button', { name: 'Send now' }).click()
  const [received] = await post.arrived(recipient)
  const mail = await simpleParser(received?.raw ?? '')
  expect(mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
    ['catalogue.pdf', 'the catalogue'],
  ])
})

test('添付のない「添付いたします」は送信前に確認し、添付すると届く', async ({ desk, post }) => {
  test.slow()
  const { page } = desk
  const recipient = post.user(20).user
  await desk.addAccount(19)
  const file = join(desk.dataDir, '御見積書.pdf')
  writeFileSync(file, 'お見積り')
  const composer = await write(page, {
    to: [recipient],
    subject: 'お見積りの件',
    text: 'お世話になっております。\nお見積書を添付いたしますので、ご査収ください。\n\n田中',
  })
  await desk.call('settings.set', { language: 'ja' })
  await composer.getByRole('button', { name: '送信', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: '送信前の確認' })
  await expect(sheet).toContainText('「添付いたします」とありますが、ファイルが添付されていません。')
  const picker = page.waitForEvent('filechooser')
  await sheet.getByRole('button', { name: 'ファイルを添付' }).click()
  await (await picker).setFiles(file)
  await page
    .getByRole('dialog', { name: '確認することはもうありません' })
    .getByRole('button', { name: '送信', exact: true })
    .click()
  await page.getByRole('button', { name: '今すぐ送信' }).click()
  const [received] = await post.arrived(recipient)
  const mail = await simpleParser(received?.raw ?? '')
  expect(mail.attachments.map(({ filename }) => filename)).toEqual(['御見積書.pdf'])
})

test('a reply to which somebody outside was added asks, and takes them off again', async ({ desk, post }) => {
  test.slow()
  const { page } = desk
  const me = post.user(21).user
  await desk.addAccount(21)
  await post.deliver(
    me,
    `From: Haruka <haruka@elsewhere.test>\r\nTo: ${me}\r\nMessage-ID: <asked@elsewhere.test>\r\nSubject: Friday\r\n\r\nShall we meet?\r\n`,
  )
  await desk.call('mailbox.refresh', null)
  await page
    .getByRole('listbox')
    .getByRole('option', { name: /Friday/ })
    .click()
  await page
    .getByRole('button', { name: /^Reply/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  await composer.getByRole('combobox', { name: 'To', exact: true }).fill('stranger@far-away.test')
  await composer.getByRole('textbox', { name: 'Text' }).fill('Gladly.')
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('Not in the mail you answer: stranger@far-away.test.')
  await sheet.getByRole('button', { name: 'Take off' }).click()
  await sheet.getByRole('button', { name: 'Send', exact: true }).click()
  await expect
    .poll(async () => (await desk.call('outbox.list')).map(({ to }) => to.map(({ address }) => address)))
    .toEqual([['haruka@elsewhere.test']])
})
