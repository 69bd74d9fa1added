/** Another identity for a mail that is being written: its signature comes along, and nothing else of the text moves. */

import { expect, type Page } from '@playwright/test'
import { openLetter, saved, textOf } from './letter-hands.ts'
import { test } from './open-gallery.ts'

const from = (page: Page) => page.locator('section[data-size] button[aria-haspopup="dialog"]').first()

/** By the keyboard alone, as everybody has one. */
async function chooseFrom(page: Page, typed: string): Promise<void> {
  await from(page).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByPlaceholder('Find a name or address')).toBeFocused()
  await page.keyboard.type(typed)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(from(page)).toBeFocused()
}

test('a signature is exchanged, and the cursor, the own words and what can be undone stay', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('identities', 'signed')
  await textOf(page).getByText('Hello').click()
  await page.keyboard.press('End')
  await page.keyboard.type(' Haruka')
  await chooseFrom(page, '営業')
  await expect(from(page)).toContainText('営業部 田中 <sales@example.co.jp>')
  await textOf(page).focus()
  const cursor = () => page.evaluate(() => document.getSelection()?.anchorOffset)
  await expect.poll(cursor).toBe('Hello Haruka'.length)
  await page.keyboard.type(', dear')
  expect(await saved(page)).toMatchObject({
    accountId: 'yuki',
    identityId: 'sales',
    text: 'Hello Haruka, dear\n\n-- \n株式会社エグザンプル建設\n営業部 田中 由紀',
    html: '<p>Hello Haruka, dear</p><p><br></p><p>--&nbsp;</p><p>株式会社エグザンプル建設</p><p>営業部 田中 由紀</p>',
  })
  await textOf(page).focus()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(textOf(page)).toContainText('Example Building KK')
  await expect(textOf(page)).toContainText('Hello Haruka')
  await page.keyboard.press('Control+z')
  await expect(textOf(page)).not.toContainText('Hello Haruka')
})

test('one that the writer changed is left alone, and no second one is added', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('identities', 'signed')
  await textOf(page).getByText('Example Building KK').click()
  await page.keyboard.press('End')
  await page.keyboard.type(', Tokyo')
  await chooseFrom(page, 'sales')
  await expect(from(page)).toContainText('sales@')
  expect((await saved(page)).text).toBe('Hello\n\n-- \nYuki Tanaka\nExample Building KK, Tokyo')
})

test('plain text is signed plainly, and not at all by an identity without a signature', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('identities', 'plain')
  await chooseFrom(page, 'y.tanaka')
  expect(await saved(page)).toMatchObject({ identityId: 'bare', text: 'Hello\n', html: null })
  await chooseFrom(page, 'sales@')
  await expect(textOf(page)).toContainText('営業部')
  expect((await saved(page, 1)).text).toBe('Hello\n\n-- \n株式会社エグザンプル建設\n営業部 田中 由紀')
})

test('a first signature goes under the answer, above the quote, and without a mark', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('identities', 'unsigned')
  await chooseFrom(page, 'Yuki Tanaka')
  const { html, identityId } = await saved(page)
  expect(identityId).toBeUndefined()
  expect(html).toBe(
    '<p>Yes.</p><p><br></p><p><strong>Yuki Tanaka</strong></p><p>Example Building KK</p><p><br></p>' +
      '<p>Haruka wrote:</p><blockquote type="cite"><p>Can you come?</p><p>--</p></blockquote><p><br></p>',
  )
})

test('an answer under another address than was written to says so, and goes back by one click', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('identities', 'mismatch')
  const note = page.getByRole('status').filter({ hasText: 'was sent to' })
  await expect(note).toHaveText(
    /This mail was sent to yuki@example\.co\.jp\. You are answering as sales@example\.co\.jp\./,
  )
  await note.getByRole('button', { name: 'Answer as yuki@example.co.jp' }).click()
  await expect(note).toHaveCount(0)
  await expect(textOf(page)).toContainText('Example Building KK')
  await expect(textOf(page)).not.toContainText('営業部')
  const { html, identityId } = await saved(page)
  expect(identityId).toBeUndefined()
  expect(html).toContain('<p>Example Building KK</p><p><br></p><p>Haruka wrote:</p>')
})

test('an address that is nobody’s here is named without a way to it', async ({ gallery }) => {
  await gallery.open('identities', 'not-mine')
  const note = gallery.page.getByRole('status').filter({ hasText: 'info@example.co.jp' })
  await expect(note).toContainText('The first is not one of your identities.')
  await expect(note.getByRole('button')).toHaveCount(0)
})

test('where two accounts write from one address, the account is named', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('identities', 'chosen')
  const options = page.getByRole('listbox', { name: 'From' })
  await expect(options.getByRole('option')).toHaveCount(6)
  await expect(options.getByRole('option', { name: 'sales@example.co.jp' })).toHaveText([
    '営業部 田中 <sales@example.co.jp>yuki@example.co.jp',
    'Studio Tanaka <sales@example.co.jp>studio@example.org',
  ])
  await expect(options.getByRole('option', { name: 'old-pop' })).toHaveText('Yuki <old-pop@example.net>')
  await page.keyboard.type('nobody')
  await expect(page.getByText('None of your identities is called so.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(options.getByRole('option')).toHaveCount(0)
  await expect(page.locator('section[data-size]')).toBeVisible()
})

test('a new mail is signed, is written above that, and is nothing to keep with its signature alone', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('identities', 'list')
  const calls = (method: string) =>
    page.evaluate(
      name => window.gallery?.bridge.calls.filter(call => call.method === name).length ?? 0,
      method,
    )
  await page.keyboard.press('c')
  await expect(textOf(page)).toContainText('営業部 田中 由紀')
  await page.getByLabel('Subject').press('Enter')
  await page.keyboard.type('Dear')
  expect((await saved(page)).text).toBe('Dear\n\n-- \n株式会社エグザンプル建設\n営業部 田中 由紀')
  await page.getByLabel('Subject').press('Enter')
  for (const _ of 'Dear') await page.keyboard.press('Backspace')
  await page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await expect(page.locator('section[data-size]')).toHaveCount(0)
  expect(await calls('drafts.discard')).toBe(1)
})

test('an answer below its quote is written between the quote and the signature', async ({ gallery }) => {
  const { page } = gallery
  const free = '<p><br></p>'
  const quote = '<p>Haruka wrote:</p><blockquote type="cite"><p>Can you come?</p></blockquote>'
  await openLetter(gallery, {
    to: [{ name: '', address: 'haruka@aoki.example' }],
    text: '',
    html: `${quote}${free}${free}${free}<p>--&nbsp;</p><p>Yuki</p>`,
  })
  await expect(textOf(page)).toBeFocused()
  const at = () => page.evaluate(() => document.getSelection()?.anchorNode?.previousSibling?.nodeName)
  await expect.poll(at).toBe('P')
  await page.keyboard.type('Yes')
  expect((await saved(page)).html).toBe(`${quote}${free}<p>Yes</p>${free}<p>--&nbsp;</p><p>Yuki</p>`)
})

const kept = (page: Page) =>
  page.evaluate(() => window.gallery?.bridge.world.accounts.find(({ id }) => id === 'yuki')?.identities ?? [])

test('an identity is added with its signature, made the usual one and removed', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('identities', 'one')
  await page.getByRole('button', { name: 'Add an identity' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Your name').fill('Sales')
  await dialog.getByLabel('Address').fill('sales@example.co.jp')
  await dialog.getByLabel('Organisation').fill('Example KK')
  await dialog.getByLabel('Answers go to').fill('Desk <desk@example.co.jp>; a@b.example')
  await dialog.getByLabel('Send a copy of every mail to sales@example.co.jp').check()
  await dialog.getByRole('textbox', { name: 'Signature' }).click()
  await page.keyboard.type('**Sales** desk')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  const list = page.getByRole('list', { name: 'Identities' })
  await expect(list.getByRole('listitem')).toHaveCount(2)
  await list.getByRole('button', { name: 'More for sales@example.co.jp' }).click()
  await page.getByRole('menuitem', { name: 'Use for new mails' }).click()
  await expect(list.getByRole('listitem').nth(1)).toContainText('For new mails')
  const [, sales] = await kept(page)
  expect(sales).toMatchObject({
    name: 'Sales',
    address: 'sales@example.co.jp',
    organisation: 'Example KK',
    replyTo: [
      { name: 'Desk', address: 'desk@example.co.jp' },
      { name: '', address: 'a@b.example' },
    ],
    copiesSelf: true,
    isUsual: true,
    signature: { text: 'Sales desk', html: '<p><strong>Sales</strong> desk</p>' },
  })
  await list.getByRole('button', { name: 'More for sales@example.co.jp' }).click()
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)
  expect((await kept(page)).map(({ id }) => id)).toEqual(['main'])
})

test('what is no address is said beside its field, and nothing that was typed is lost', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('identities', 'faults')
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('“sales at example” is no whole address.')).toBeVisible()
  await expect(dialog.getByText('“nobody” is no whole address.')).toBeVisible()
  await expect(dialog.getByLabel('Address')).toBeFocused()
  await dialog.getByRole('textbox', { name: 'Signature' }).click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('!')
  await page.keyboard.press('Escape')
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Address').fill('sales@example.com')
  await dialog.getByLabel('Answers go to').fill('')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog).toHaveCount(0)
  expect((await kept(page)).find(({ id }) => id === 'sales')).toMatchObject({
    address: 'sales@example.com',
    replyTo: [],
    isUsual: true,
    signature: { text: '株式会社エグザンプル建設\n営業部 田中 由紀!', html: null },
  })
})

test('of the account’s own identity, name and address are not asked twice', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('identities', 'own')
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Name and address of the account.')
  await expect(dialog.getByLabel('Address')).toHaveCount(0)
  await expect(dialog.getByRole('textbox', { name: 'Signature' })).toContainText('Example Building KK')
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
})
