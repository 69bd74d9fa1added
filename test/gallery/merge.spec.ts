/** A letter to many before it goes: what it is asked about, row by row, and what it waits for. */

import { expect } from '@playwright/test'
import { test } from './open-gallery.ts'

test('rows that bring up a question are asked for by themselves, and can be left out', async ({
  gallery,
}) => {
  await gallery.open('merge', 'questions')
  const dialog = gallery.page.getByRole('dialog')
  const asked = dialog.getByRole('region', { name: 'Before these mails go' })
  await expect(asked.getByRole('listitem')).toHaveCount(2)
  await expect(asked.getByText('haruka@gmai.com looks mistyped. Did you mean gmail.com?')).toBeVisible()
  await expect(dialog.getByRole('button', { name: 'Send all the same' })).toBeVisible()
  await asked.getByRole('button', { name: 'Leave it out' }).first().click()
  await asked.getByRole('button', { name: 'Look at the row' }).click()
  await expect(dialog.getByText('To 高橋 直子 <naoko@hotmial.com>')).toBeVisible()
  await dialog.getByRole('button', { name: 'Send 11 mails' }).click()
  await dialog.getByRole('button', { name: 'Leave it out' }).click()
  await dialog.getByRole('button', { name: 'Send 10 mails' }).click()
  await expect(dialog).toBeHidden()
  const { page } = gallery
  expect(await page.evaluate(() => window.gallery?.bridge?.world.batches[0]?.rows)).toBe(10)
})

test('a letter to many waits for its files, and says so', async ({ gallery }) => {
  await gallery.open('merge', 'waits-for-files')
  const dialog = gallery.page.getByRole('dialog')
  await expect(dialog.getByRole('status').last()).toHaveText(/A file is still being attached/)
  await expect(dialog.getByRole('button', { name: 'Send 98 mails' })).toBeDisabled()
})
