/** One draft in two windows of one program: one writes, the other reads, and no word is lost between them. */

import type { Page } from '@playwright/test'
import { expect, place, test, write } from './desk.ts'

const textOf = (page: Page) => page.getByRole('textbox', { name: 'Text' })
const saved = (page: Page) => expect(page.getByText(/^Draft saved/)).toBeVisible()
const elsewhere = (page: Page) => page.getByText('This draft is being written in another window')
const takeOver = (page: Page) => page.getByRole('button', { name: 'Write here instead' })
/** What a window that only reads shows of the text. */
const reading = (page: Page) => page.getByRole('region', { name: 'Text' }).frameLocator('iframe')

async function openDraft(page: Page, subject: string): Promise<void> {
  await place(page, 'Drafts').click()
  await page.getByText(subject, { exact: true }).click()
}

test('the second window reads along, takes over with the last words, and the first reads from then on', async ({
  desk,
}) => {
  await desk.addAccount(24)
  const first = desk.page
  await write(first, { to: ['haruka@x.test'], subject: 'Staircase', text: 'One' })
  await saved(first)
  const second = await desk.openWindow()
  await openDraft(second, 'Staircase')
  await expect(elsewhere(second)).toBeVisible()
  await expect(textOf(second)).toHaveCount(0)
  await expect(reading(second).getByText('One', { exact: true })).toBeVisible()

  // What is written there is seen here.
  await textOf(first).press('End')
  await textOf(first).pressSequentially(' two')
  await expect(reading(second).getByText('One two', { exact: true })).toBeVisible()

  // Not saved yet when the other window asks for it.
  await textOf(first).pressSequentially(' three')
  await takeOver(second).click()
  await expect(textOf(second)).toHaveText('One two three')
  await expect(elsewhere(first)).toBeVisible()
  await expect(textOf(first)).toHaveCount(0)

  await textOf(second).press('End')
  await textOf(second).pressSequentially(' four')
  await saved(second)
  await expect(reading(first).getByText('One two three four')).toBeVisible()

  // And back again.
  await textOf(second).pressSequentially(' five')
  await takeOver(first).click()
  await expect(textOf(first)).toHaveText('One two three four five')
  await expect(elsewhere(second)).toBeVisible()
  const [head] = await desk.call('drafts.list')
  expect((await desk.call('drafts.get', head?.id ?? '')).text).toBe('One two three four five')
})

test('a window that is closed lets the draft go, and the other one writes on by itself', async ({ desk }) => {
  await desk.addAccount(24)
  await write(desk.page, { to: [], subject: 'Staircase', text: 'One' })
  await saved(desk.page)
  const second = await desk.openWindow()
  await openDraft(second, 'Staircase')
  await expect(elsewhere(second)).toBeVisible()
  await desk.page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await expect(textOf(second)).toHaveText('One')
})

test('a draft that is discarded elsewhere says so, and its text can be kept', async ({ desk }) => {
  await desk.addAccount(24)
  const { page } = desk
  await write(page, { to: [], subject: 'Staircase', text: 'Precious' })
  await saved(page)
  const [head] = await desk.call('drafts.list')
  await desk.call('drafts.discard', head?.id ?? '')
  await expect(page.getByText('This draft was discarded in another window')).toBeVisible()
  await expect(reading(page).getByText('Precious')).toBeVisible()
  await page.getByRole('button', { name: 'Keep the text as a new draft' }).click()
  await expect(textOf(page)).toHaveText('Precious')
  const [kept] = await desk.call('drafts.list')
  expect(kept?.subject).toBe('Staircase')
  expect(kept?.id).not.toBe(head?.id)
})

test('a draft that is sent elsewhere says so and cannot be sent a second time', async ({ desk }) => {
  await desk.addAccount(24)
  await desk.call('settings.set', { undoSeconds: 30 })
  const { page } = desk
  await write(page, { to: ['haruka@x.test'], subject: 'Staircase', text: 'Sent once' })
  await saved(page)
  const second = await desk.openWindow()
  await openDraft(second, 'Staircase')
  await expect(elsewhere(second)).toBeVisible()
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(second.getByText('This mail was sent from another window')).toBeVisible()
  await expect(reading(second).getByText('Sent once')).toBeVisible()
  await expect(second.getByRole('button', { name: 'Send', exact: true })).toHaveCount(0)
  // The window that sent it says nothing of another one.
  await expect(page.getByText('This mail was sent from another window')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible()
})
