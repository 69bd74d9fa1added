/** A template and a snippet through the real window, from their making to the mail that arrives. */

import { simpleParser } from 'mailparser'
import { inputMethod } from '../gallery/input-hands.ts'
import { expect, sendNow, test, write } from './desk.ts'

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
