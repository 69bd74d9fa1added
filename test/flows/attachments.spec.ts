/** What can be attached beyond a file of the disk: a folder as one zip file, and files of received mails. */

import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { simpleParser } from 'mailparser'
import type { PostOffice } from '../support/flow-servers.ts'
import { eventually } from '../support/wait.ts'
import { expect, pastePicture, sendNow, test, write } from './desk.ts'

const [WRITER, READER] = [44, 45]

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function arrivedWith(post: PostOffice, subject: string) {
  const { user } = post.user(READER)
  const { raw } = await eventually(
    () => post.stored(user).find(({ raw }) => raw.includes(subject)) ?? false,
    20_000,
  )
  return simpleParser(raw)
}

const PLAN = Buffer.from('%PDF-1.4 the plan of the house\n'.repeat(400))

function mailWithFiles(to: string): string {
  return [
    'From: Martin Weber <weber@elsewhere.test>',
    `To: ${to}`,
    'Subject: The plan',
    'Message-ID: <plan@elsewhere.test>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Here is the plan.',
    '--b',
    'Content-Type: application/pdf',
    'Content-Transfer-Encoding: base64',
    "Content-Disposition: attachment; filename*=UTF-8''%E5%9B%B3%E9%9D%A2.pdf",
    '',
    ...(PLAN.toString('base64').match(/.{1,76}/g) ?? []),
    '--b--',
    '',
  ].join('\r\n')
}

test('a folder goes as one zip file: Japanese names, nothing hidden, no link followed', async ({
  desk,
  post,
}) => {
  await desk.addAccount(WRITER)
  const folder = join(desk.dataDir, '写真')
  mkdirSync(join(folder, '東側'), { recursive: true })
  writeFileSync(join(folder, '東側', '階段.txt'), '階段の写真 '.repeat(20_000))
  writeFileSync(join(folder, 'list.txt'), 'one\ntwo\n')
  writeFileSync(join(folder, '.DS_Store'), 'hidden')
  writeFileSync(join(folder, 'Thumbs.db'), 'hidden')
  writeFileSync(join(desk.dataDir, 'secret.txt'), 'not in the folder')
  symlinkSync(join(desk.dataDir, 'secret.txt'), join(folder, 'link.txt'))
  const composer = await write(desk.page, {
    to: [post.user(READER).user],
    subject: 'Folder of photos',
    text: 'Here it is.',
  })
  await composer.locator('input[data-folder]').setInputFiles(folder)
  await expect(composer.getByRole('button', { name: 'Remove 写真.zip' })).toBeVisible()
  await sendNow(desk.page, composer)
  const mail = await arrivedWith(post, 'Folder of photos')
  const [zip] = mail.attachments
  expect(zip?.filename).toBe('写真.zip')
  const files = unzipSync(zip?.content ?? new Uint8Array())
  expect(Object.keys(files)).toEqual(['写真/list.txt', '写真/東側/階段.txt'])
  expect(Buffer.from(files['写真/東側/階段.txt'] ?? []).toString()).toBe('階段の写真 '.repeat(20_000))
})

test('a file of a received mail is attached byte for byte, and the mail itself', async ({ desk, post }) => {
  const { user } = post.user(WRITER + 2)
  await post.deliver(user, mailWithFiles(user))
  await desk.addAccount(WRITER + 2)
  const composer = await write(desk.page, {
    to: [post.user(READER).user],
    subject: 'The plan again',
    text: 'As you asked.',
  })
  await composer.getByRole('button', { name: 'Attach a folder, or from a mail' }).click()
  await desk.page.getByRole('menuitem', { name: 'From a mail…' }).click()
  const dialog = desk.page.getByRole('dialog', { name: 'Attach from a mail' })
  await expect(dialog.getByRole('option')).toContainText(['図面.pdf'])
  await dialog.getByRole('checkbox', { name: '図面.pdf' }).check()
  await dialog.getByRole('checkbox', { name: 'The whole mail' }).check()
  await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
  await expect(composer.getByRole('button', { name: 'Remove 図面.pdf' })).toBeVisible()
  await expect(composer.getByRole('button', { name: 'Remove The plan.eml' })).toBeVisible()
  await sendNow(desk.page, composer)
  const mail = await arrivedWith(post, 'The plan again')
  const [plan, whole] = mail.attachments
  expect(plan?.filename).toBe('図面.pdf')
  expect(sha256(plan?.content ?? Buffer.alloc(0))).toBe(sha256(PLAN))
  expect(whole?.contentType).toBe('message/rfc822')
})

test('a file is dragged from the mail that is read to the one that is written', async ({ desk, post }) => {
  const { user } = post.user(WRITER + 3)
  await post.deliver(user, mailWithFiles(user))
  await desk.addAccount(WRITER + 3)
  await desk.page.getByText('The plan', { exact: true }).first().click()
  const file = desk.page.getByRole('region', { name: 'Attachments' }).getByRole('button')
  await expect(file).toBeVisible()
  const composer = await write(desk.page, { to: [], subject: 'By drag', text: '' })
  await composer.getByRole('button', { name: 'Minimise' }).click()
  await file.dragTo(composer.getByRole('button', { name: 'By drag' }))
  await expect(composer.getByRole('button', { name: 'Remove 図面.pdf' })).toBeVisible()
})

test('an earlier version shows a picture that was taken out of the text since', async ({ desk }) => {
  await desk.addAccount(44)
  const composer = await write(desk.page, { to: [], subject: 'Versions', text: 'Look: ' })
  const text = composer.getByRole('textbox', { name: 'Text' })
  await text.press('Control+End')
  await pastePicture(text)
  const picture = text.locator('img[src^="blob:"]')
  await expect(picture).toBeVisible()
  await expect(composer.getByText(/Draft saved/)).toBeVisible()
  const draft = (await desk.call('drafts.list'))[0]
  await expect.poll(async () => (await desk.call('drafts.get', draft?.id ?? '')).html ?? '').toContain('cid:')
  await text.press('Control+a')
  await desk.page.keyboard.type('Nothing to see any more.')
  await expect(picture).toHaveCount(0)
  await composer.getByRole('button', { name: 'More for this mail' }).click()
  await desk.page.getByRole('menuitem', { name: 'Earlier versions' }).click()
  const dialog = desk.page.getByRole('dialog')
  await dialog.getByRole('checkbox').check()
  const versions = dialog.getByRole('option')
  await expect(versions.nth(1)).toBeVisible()
  await expect
    .poll(async () => {
      for (const version of await versions.all()) {
        await version.click()
        const shown = dialog.frameLocator('iframe').locator('img[src^="data:image/png"]')
        if (await shown.isVisible().catch(() => false)) return true
      }
      return false
    })
    .toBe(true)
})
