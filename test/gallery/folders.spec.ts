import { expect } from '@playwright/test'
import { test } from './open-gallery.ts'

test('a mail that was moved by the dialog comes back by its key', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('folders', 'move-typed')
  const mail = page.getByRole('option').filter({ hasText: '見積書送付の件' })
  await page.getByRole('combobox', { name: 'Move to which folder?' }).press('Enter')
  await expect(mail).toHaveCount(0)
  await expect(page.getByText('Moved to 取引先 / 佐藤工業')).toBeVisible()
  await page.keyboard.press('z')
  await expect(mail).toBeVisible()
  await expect(page.getByText('Moved to 取引先 / 佐藤工業')).toHaveCount(0)
})
