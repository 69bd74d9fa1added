/** Finding, pasting and moving recipients in the window, and what of it the wire shows. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator } from '@playwright/test'
import { simpleParser } from 'mailparser'
import { expect, place, sendNow, test, write } from './desk.ts'

test('somebody written to once is suggested after two letters, and the key of choice makes a chip', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const recipient = post.user(14).user
  await desk.addAccount(16)
  await sendNow(page, await write(page, { to: [recipient], subject: 'The first', text: 'Hello' }))
  await post.arrived(recipient)

  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await field.pressSequentially('pe')
  const option = composer.getByRole('option', { name: recipient })
  await expect(option).toContainText('mailed')
  await expect(option).toHaveAttribute('aria-selected', 'true')

  // Escape closes the list and not the composer.
  await field.press('Escape')
  await expect(option).toHaveCount(0)
  await expect(composer).toBeVisible()
  await field.press('ArrowDown')
  await expect(option).toHaveAttribute('aria-selected', 'true')
  await field.press('Enter')
  await expect(composer.getByRole('button', { name: recipient, exact: true })).toBeVisible()
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('')

  // Forgotten with Shift+Delete, it is not suggested any more.
  await composer.getByRole('button', { name: `Remove ${recipient}` }).click()
  await field.pressSequentially('pe')
  await expect(option).toBeVisible()
  await field.press('Shift+Delete')
  await expect(option).toHaveCount(0)
})

/** Pastes as a browser does, without the machine's clipboard. */
async function paste(field: Locator, text: string): Promise<void> {
  await field.focus()
  await field.evaluate((element, clip) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', clip)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

const JAPANESE = [
  '田中 優希＜ｙｕｋｉ＠ｅｘａｍｐｌｅ．ｊｐ＞；森 遥 <mori@example.jp>、suzuki@example.jp，ito@example.jp',
  '渡辺 大輔\twatanabe@example.jp',
  'yamamoto@example.jp（山本 陽子）',
  '"中村, 翔太" <nakamura@example.jp>',
  'mailto:kobayashi@example.jp',
  '加藤　kato@example.jp',
  ...Array.from({ length: 11 }, (_, at) => `担当${at + 1} <tanto-${at + 1}@example.jp>`),
].join('\n')

test('a pasted Japanese list of twenty becomes twenty chips, and a drag from To to Bcc shows on the wire', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const [open, hidden] = [post.user(22).user, post.user(23).user]
  await desk.addAccount(16)
  const composer = await write(page, { to: [], subject: 'Moved', text: 'Hello' })
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await paste(field, JAPANESE)
  const to = composer.getByRole('list', { name: 'To' })
  const chips = to.locator('[data-chip]')
  await expect(chips).toHaveCount(20)
  await expect(to.locator('[data-fault]')).toHaveCount(0)
  await expect(to).toContainText('田中 優希')
  await expect(composer.getByRole('option')).toHaveCount(0)
  await paste(field, 'ito@example.jp')
  await expect(chips).toHaveCount(20)
  await expect(composer.getByText('Already a recipient, taken once: ito@example.jp')).toBeVisible()

  // All of them are chosen and taken out by the keyboard; two others are written in.
  await field.press('ArrowLeft')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Delete')
  await expect(chips).toHaveCount(0)
  for (const address of [open, hidden]) {
    await field.fill(address)
    await field.press('Enter')
  }

  // Bcc is not there yet: a chip may be let go on its button.
  await chips.nth(1).dragTo(composer.getByRole('button', { name: 'Bcc', exact: true }))
  const bcc = composer.getByRole('list', { name: 'Bcc' })
  await expect(bcc.locator('[data-chip]')).toHaveText(hidden)
  await expect(chips).toHaveText(open)

  // And by the menu on it, to Cc and back.
  await bcc.locator('[data-chip]').press('ArrowDown')
  await page.getByRole('menuitem', { name: 'Move to Cc' }).click()
  const cc = composer.getByRole('list', { name: 'Cc', exact: true })
  await expect(cc.locator('[data-chip]')).toHaveText(hidden)
  // Cut in Cc and pasted in Bcc, by the keys of the machine.
  await cc.locator('[data-chip]').focus()
  await page.keyboard.press('Control+x')
  await expect(cc.locator('[data-chip]')).toHaveCount(0)
  await composer.getByRole('combobox', { name: 'Bcc', exact: true }).focus()
  await page.keyboard.press('Control+v')
  await expect(bcc.locator('[data-chip]')).toHaveText(hidden)

  await sendNow(page, composer)
  const [seen] = await post.arrived(open)
  const [unseen] = await post.arrived(hidden)
  for (const mail of [seen, unseen]) {
    const parsed = await simpleParser(mail?.raw ?? '')
    expect(mail?.raw.toString('latin1').split('\r\n\r\n')[0]).not.toMatch(/^bcc:/im)
    expect(
      [parsed.to]
        .flat()
        .flatMap(one => one?.value ?? [])
        .map(({ address }) => address),
    ).toEqual([open])
    expect(parsed.cc).toBeUndefined()
  }
})

/** 田中 in Shift_JIS, by its bytes. */
const SHIFT_JIS_CSV = Buffer.concat([
  Buffer.from('Name,E-mail\r\n'),
  Buffer.from([0x93, 0x63, 0x92, 0x86]),
  Buffer.from(',tanaka@example.jp\r\nNobody,\r\n'),
])

test('a table in Shift_JIS is looked at, imported, found by the composer and put in a group', async ({
  desk,
}) => {
  const { page } = desk
  await desk.addAccount(16)
  const file = join(desk.dataDir, 'contacts.csv')
  writeFileSync(file, SHIFT_JIS_CSV)
  await place(page, 'People').click()
  await expect(page.getByRole('heading', { name: 'People' })).toBeVisible()
  await page.locator('main input[type="file"]').setInputFiles(file)
  const dialog = page.getByRole('dialog', { name: 'Import contacts' })
  await expect(dialog).toContainText('1 new person')
  await expect(dialog).toContainText('Shift_JIS')
  await dialog.getByText('1 entry gives no address').click()
  await expect(dialog).toContainText('Line 3')
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  const people = page.getByRole('list', { name: 'People' })
  await expect(people).toContainText('tanaka@example.jp')

  await page.getByRole('button', { name: 'Write to 田中' }).click()
  const composer = page.locator('section[data-size]').last()
  await expect(composer.locator('[data-chip]')).toContainText('田中')
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await field.fill('suzuki@example.jp')
  await field.press('Enter')
  await composer.locator('[data-chip]').first().press('ArrowDown')
  await page.getByRole('menuitem', { name: 'Save these as a group…' }).click()
  const group = page.getByRole('dialog', { name: 'Group' })
  await group.getByLabel('Name of the group').fill('見積もりの担当')
  await group.getByRole('button', { name: 'Save the group' }).click()
  await expect(page.getByRole('region', { name: 'Groups' })).toContainText('2 people')

  // Its name in another mail is both of them.
  const other = await write(page, { to: [], subject: 'To the group', text: 'Hello' })
  const to = other.getByRole('combobox', { name: 'To', exact: true })
  await to.pressSequentially('担当')
  await other.getByRole('option', { name: '見積もりの担当' }).click()
  await expect(other.locator('[data-chip]')).toHaveCount(2)
})
