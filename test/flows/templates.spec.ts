/** A template and a snippet through the real window, from their making to the mail that arrives. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { inputMethod } from '../gallery/input-hands.ts'
import { eventually } from '../support/wait.ts'
import { expect, pastePicture, sendNow, test, write } from './desk.ts'

test('a template is made, survives a restart, and goes filled in beside a snippet called by its keys', async ({
  desk,
  post,
}) => {
  test.setTimeout(150_000)
  const { user } = post.user(29)
  await desk.addAccount(28)

  await test.step('a template is made in its view', async () => {
    const { page } = desk
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Manage templates' }).click()
    await page.getByRole('button', { name: 'New template' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('Offer')
    await page.getByRole('textbox', { name: 'Subject' }).fill('Our offer for {{project}}')
    await page.getByRole('textbox', { name: 'Text of the template' }).click()
    await page.keyboard.type('Dear {{name|reader}}, it costs **{{price}}** until {{日付}}.')
    await expect(page.getByRole('note')).toContainText('For you to fill in: project, price')
    await page.getByRole('button', { name: 'New', exact: true }).click()
    await page.getByRole('menuitem', { name: 'New snippet' }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('いつも')
    await page.getByRole('textbox', { name: 'Text of the template' }).click()
    await page.keyboard.insertText('いつもお世話になっております。{{自分の名前}}です。')
    await expect(page.getByText('Saved', { exact: true })).toBeVisible()
  })
  await desk.reopen()

  const { page } = desk
  const composer = await write(page, { to: [user], subject: '', text: '' })
  const text = composer.getByRole('textbox', { name: 'Text' })
  await text.click()
  await composer.getByRole('button', { name: 'More for this mail' }).click()
  await page.getByRole('menuitem', { name: 'Insert a template…' }).click()
  await expect(page.getByRole('combobox', { name: 'Find a template' })).toBeFocused()
  await page.keyboard.type('offer')
  await page.keyboard.press('Enter')
  await expect(composer.getByLabel('Subject')).toHaveValue('Our offer for {{project}}')

  await test.step('its fields are filled in with Tab, and a snippet is called with an input method', async () => {
    await page.keyboard.type('¥40,000')
    await page.keyboard.press('Control+End')
    // The browser tells the editor of its cursor with the next frame, which no hand outruns.
    await page.evaluate(
      () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    )
    await page.keyboard.press('Enter')
    const ime = await inputMethod(page)
    for (const step of ['；', '；い', '；いつ', '；いつも']) await ime.compose(step)
    await expect(page.getByRole('listbox', { name: 'Snippets' })).toHaveCount(0)
    await ime.compose('；いつも', 'Enter')
    await ime.commit('；いつも')
    await expect(page.getByRole('listbox', { name: 'Snippets' })).toBeVisible()
    await page.keyboard.press('Enter')
    await expect(text).toContainText('いつもお世話になっております。Person 28です。')
  })

  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: 'Before it goes' })
  await expect(sheet).toContainText('{{project}}')
  await sheet.getByRole('button', { name: 'Back to writing' }).click()
  await expect(sheet).toHaveCount(0)
  await composer.getByLabel('Subject').fill('Our offer for the staircase')
  await expect(composer.getByLabel('Subject')).toHaveValue('Our offer for the staircase')
  await sendNow(page, composer)

  const [received] = await post.arrived(user)
  const mail = await simpleParser(received?.raw ?? '')
  const day = new Intl.DateTimeFormat('ja', { dateStyle: 'long' }).format(new Date())
  expect(mail.subject).toBe('Our offer for the staircase')
  expect(mail.html).toContain('Dear reader, it costs <strong>¥40,000</strong> until ')
  expect(mail.text?.trim()).toBe(
    `Dear reader, it costs ¥40,000 until ${day}.\nいつもお世話になっております。Person 28です。`,
  )
})

test('a template keeps the picture and the file of the letter it was made from, also when that is gone', async ({
  desk,
  post,
}) => {
  const [writer, reader] = [post.user(47), post.user(45)]
  await desk.addAccount(47)
  const { page } = desk
  const file = join(desk.dataDir, 'price-list.txt')
  writeFileSync(file, 'one photo, ¥18,000')
  const letter = { to: [writer.user], subject: 'Offer', text: 'Our offer is attached.', files: [file] }
  const first = await write(page, letter)
  const text = first.getByRole('textbox', { name: 'Text' })
  await text.press('Control+End')
  await pastePicture(text)
  await expect(text.locator('img[src^="blob:"]')).toBeVisible()
  await expect(first.getByText(/Draft saved/)).toBeVisible()
  await first.getByRole('button', { name: 'More for this mail' }).click()
  await page.getByRole('menuitem', { name: 'Save as a template…' }).click()
  await expect(page.getByRole('checkbox', { name: 'With its 2 files and pictures' })).toBeChecked()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await first.getByRole('button', { name: 'Discard the draft' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
  await expect(first).toHaveCount(0)
  // The spool is swept at each start.
  await desk.reopen()

  const second = await write(desk.page, { to: [reader.user], subject: 'Offer to you', text: '' })
  await second.getByRole('textbox', { name: 'Text' }).click()
  await second.getByRole('button', { name: 'More for this mail' }).click()
  await desk.page.getByRole('menuitem', { name: 'Insert a template…' }).click()
  await expect(desk.page.getByText('With price-list.txt, logo.png')).toBeVisible()
  await desk.page.getByRole('button', { name: 'Insert', exact: true }).click()
  await expect(second.getByRole('button', { name: 'Remove price-list.txt' })).toBeVisible()
  await expect(second.getByRole('textbox', { name: 'Text' }).locator('img[src^="blob:"]')).toBeVisible()
  await sendNow(desk.page, second)
  const { raw } = await eventually(
    () => post.stored(reader.user).find(mail => mail.raw.includes('Offer to you')) ?? false,
    20_000,
  )
  const { attachments, html } = await simpleParser(raw)
  const list = attachments.find(({ filename }) => filename === 'price-list.txt')
  expect(list?.content.toString()).toBe('one photo, ¥18,000')
  const logo = attachments.find(({ filename }) => filename === 'logo.png')
  expect(logo?.related).toBe(true)
  expect(html).toContain('Our offer is attached.')
})
