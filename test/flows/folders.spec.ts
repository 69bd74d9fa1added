/** Folders and moved mails, through the window, on Dovecot: made, renamed, filled by hand and by dialog, taken back. */

import type { Page } from '@playwright/test'
import { expect, place, test } from './desk.ts'

/** Opens a mail; its keys act once it is there. */
async function read(page: Page, subject: string): Promise<void> {
  await page.getByRole('option').filter({ hasText: subject }).click()
  await expect(page.getByRole('article').getByRole('heading', { name: subject })).toBeVisible()
}

const mailTo = (user: string, subject: string) =>
  `From: anna@elsewhere.test\r\nTo: ${user}\r\nSubject: ${subject}\r\n\r\nHello\r\n`

test('a folder is made, mails are dragged and sent into it, and one comes back', async ({ desk, post }) => {
  const { page } = desk
  const me = post.user(36).user
  await desk.addAccount(36)
  for (const subject of ['First', 'Second', 'Third']) await post.deliver(me, mailTo(me, subject))
  const row = (text: string) => page.getByRole('option').filter({ hasText: text })
  await expect(row('Third')).toBeVisible()

  await place(page, me).click()
  await page.getByRole('button', { name: 'New folder', exact: true }).click()
  await page.getByLabel('Name of the folder').fill('INBOX')
  await page.getByRole('button', { name: 'Make it' }).click()
  await expect(page.getByText('There is a folder of this name.')).toBeVisible()
  await page.getByLabel('Name of the folder').fill('請求書')
  await page.getByRole('button', { name: 'Make it' }).click()
  await expect(place(page, '請求書')).toBeVisible()

  await row('First').dragTo(place(page, '請求書'))
  await expect(row('First')).toHaveCount(0)
  await expect(page.getByText('Moved to 請求書').first()).toBeVisible()
  await post.arrived(me, '請求書')

  // By the keyboard alone: V, a part of the name, Enter.
  await read(page, 'Second')
  await page.keyboard.press('v')
  const find = page.getByRole('combobox', { name: 'Move to which folder?' })
  await find.fill('請求')
  await expect(page.getByRole('listbox', { name: 'Folders' }).getByRole('option').first()).toHaveText(
    '請求書',
  )
  await find.press('Enter')
  await expect(row('Second')).toHaveCount(0)
  await post.arrived(me, '請求書', 2)
  await page.keyboard.press('z')
  await expect(row('Second')).toBeVisible()
  await expect.poll(() => post.stored(me, '請求書').length).toBe(1)

  await read(page, 'Third')
  await page.keyboard.press('!')
  await post.arrived(me, 'Junk')
  await place(page, '請求書').click()
  await expect(row('First')).toBeVisible()

  await place(page, '請求書').press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.getByLabel('Name of the folder').fill('経理')
  await page.getByRole('button', { name: 'Rename', exact: true }).click()
  await expect(place(page, '経理')).toBeVisible()
  await expect.poll(() => post.stored(me, '経理').length).toBe(1)

  await place(page, '経理').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Delete the folder' }).click()
  await page.getByRole('button', { name: 'Delete it' }).click()
  await expect(place(page, '経理')).toHaveCount(0)
  await post.arrived(me, 'Trash')
})

test('all of a folder is marked read at once, and one mail goes for good out of the trash', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const me = post.user(37).user
  await desk.addAccount(37)
  for (const subject of ['One', 'Two']) await post.deliver(me, mailTo(me, subject))
  const row = (text: string) => page.getByRole('option').filter({ hasText: text })
  await expect(row('Two')).toBeVisible()
  await place(page, me).click()
  const inbox = page.getByRole('button', { name: 'What to do with Inbox' })
  await inbox.click()
  await page.getByRole('menuitem', { name: 'Mark all as read' }).click()
  await expect(page.getByText('2 mails marked as read')).toBeVisible()
  await expect.poll(() => post.stored(me).filter(({ flags }) => flags.includes('\\Seen')).length).toBe(2)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => post.stored(me).filter(({ flags }) => flags.includes('\\Seen')).length).toBe(0)

  await read(page, 'One')
  await page.keyboard.press('Delete')
  await post.arrived(me, 'Trash')
  await place(page, 'Trash').click()
  await read(page, 'One')
  await page.keyboard.press('Delete')
  await page.getByRole('button', { name: 'Delete for good' }).last().click()
  await expect(row('One')).toHaveCount(0)
  await expect.poll(() => post.stored(me, 'Trash').length).toBe(0)
})
