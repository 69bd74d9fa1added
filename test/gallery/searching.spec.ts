import { expect } from '@playwright/test'
import { test } from './open-gallery.ts'

const FIELD = { name: 'Search mail in Inbox' }

test('a slash asks for the field; arrows walk, Enter stays, Escape clears and then closes', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('inbox', 'full')
  await page.keyboard.press('/')
  const field = page.getByRole('combobox', FIELD)
  await expect(field).toBeFocused()
  await expect(page.getByRole('button', { name: 'from: who wrote it' })).toBeVisible()
  await page.keyboard.type('the')
  const found = page.getByRole('listbox', { name: 'Mails found' })
  await expect(found.locator('mark').first()).toHaveText(/the/i)
  await page.keyboard.press('ArrowDown')
  await expect(found.locator('[aria-selected="true"]')).toHaveCount(1)
  const first = await found.locator('[aria-selected="true"]').textContent()
  await expect(field).toHaveAttribute('aria-activedescendant', /-0$/)
  await expect(page.locator('article h2, article h1').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(field).toHaveAttribute('aria-activedescendant', /-1$/)
  expect(await found.locator('[aria-selected="true"]').textContent()).not.toBe(first)
  await expect(field).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(field).toHaveValue('')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'Inbox', level: 1 })).toBeVisible()
  await expect(page.getByRole('listbox', { name: 'Mails in Inbox' })).toBeVisible()
})

test('Ctrl+F asks for the field from anywhere', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('settings', 'full')
  await page.keyboard.press('Control+f')
  await expect(page.getByRole('combobox', FIELD)).toBeFocused()
  await page.keyboard.type('proof')
  await expect(page.getByRole('button', { name: 'Everywhere' })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('listbox', { name: 'Mails found' }).getByRole('option')).toHaveCount(1)
})

test('what is offered goes into the field, and half of it is enough', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('search', 'beginning')
  const field = page.getByRole('combobox', FIELD)
  await page.getByRole('button', { name: 'has:attachment, with files' }).click()
  await expect(field).toHaveValue('has:attachment ')
  await expect(field).toBeFocused()
  await page.keyboard.type('fro')
  await page.getByRole('button', { name: 'from: who wrote it' }).click()
  await expect(field).toHaveValue('has:attachment from:')
  await page.keyboard.type('aoki')
  await expect(page.getByRole('listbox', { name: 'Mails found' }).getByRole('option')).toHaveCount(1)
})

test('what an input method still composes is not searched', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('search', 'beginning', { lang: 'ja' })
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text: 'みつもり', selectionStart: 4, selectionEnd: 4 })
  const asked = () =>
    page.evaluate(() => window.gallery?.bridge.calls.filter(call => call.method === 'search.find').length)
  expect(await asked()).toBe(0)
  await session.send('Input.insertText', { text: '見積' })
  await expect(page.getByRole('listbox', { name: '見つかったメール' }).getByRole('option')).not.toHaveCount(0)
  expect(await asked()).toBe(1)
})

test('in a stack arrows walk and Enter opens; back leads to what was found', async ({ gallery }) => {
  const { page } = gallery
  await page.setViewportSize({ width: 600, height: 800 })
  await gallery.open('search', 'beginning')
  await page.keyboard.type('photos')
  const found = page.getByRole('listbox', { name: 'Mails found' })
  await expect(found.getByRole('option')).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await expect(found.locator('[aria-selected="true"]')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('article')).toBeVisible()
  await page.getByRole('button', { name: 'Back' }).click()
  await expect(page.getByRole('combobox', FIELD)).toHaveValue('photos')
})
