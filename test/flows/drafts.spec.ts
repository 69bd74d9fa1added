/** A draft as its writer comes back to it, through the real window: earlier versions. */

import type { Page } from '@playwright/test'
import { expect, test, write } from './desk.ts'

const textOf = (page: Page) => page.getByRole('textbox', { name: 'Text' })
const saved = (page: Page) => expect(page.getByText(/^Draft saved/)).toBeVisible()

async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: 'More for this mail' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
}

test('a paragraph that was deleted comes back from the versions, undo takes that back, and nothing is lost', async ({
  desk,
}) => {
  await desk.addAccount(24)
  const { page } = desk
  await write(page, {
    to: ['haruka@x.test'],
    subject: 'Photos',
    text: 'The photos of the staircase are the best ones.',
  })
  await saved(page)
  await textOf(page).fill('Short.')
  await choose(page, 'Earlier versions…')
  const dialog = page.getByRole('dialog', { name: 'Earlier versions of this draft' })
  const versions = dialog.getByRole('listbox')
  await expect(versions).toBeFocused()
  await expect(versions.getByRole('option').first()).toContainText('Short.')
  // The one before the loss is chosen, and read beside the list.
  const reading = dialog.getByRole('region', { name: 'What the version says' }).frameLocator('iframe')
  await expect(reading.getByText('The photos of the staircase are the best ones.')).toBeVisible()
  await versions.press('Home')
  await expect(dialog.getByRole('button', { name: 'Put this version back' })).toBeDisabled()
  await versions.press('ArrowDown')
  await dialog.getByRole('button', { name: 'Put this version back' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(textOf(page)).toHaveText('The photos of the staircase are the best ones.')

  await textOf(page).press('End')
  await textOf(page).pressSequentially(' I like them.')
  await saved(page)
  const [draft] = await desk.call('drafts.list')
  const draftId = draft?.id ?? ''
  expect((await desk.call('drafts.get', draftId)).text).toBe(
    'The photos of the staircase are the best ones. I like them.',
  )
  // What was typed, then what was put back.
  await textOf(page).press('Control+z')
  await textOf(page).press('Control+z')
  await expect(textOf(page)).toHaveText('Short.')
  await textOf(page).press('Control+Shift+z')
  await expect(textOf(page)).toHaveText('The photos of the staircase are the best ones.')
  const texts = (await desk.call('drafts.history', draftId)).map(({ characters }) => characters)
  expect(texts).toContain('Short.'.length)
})
