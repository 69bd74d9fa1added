/** A draft as its writer comes back to it, through the real window: earlier versions, and what one mail asks for. */

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page } from '@playwright/test'
import { expect, place, sendThrough, test, write } from './desk.ts'

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

test('undo goes on after the program was closed and opened again', async ({ desk }) => {
  await desk.addAccount(24)
  await write(desk.page, { to: [], subject: 'Undo', text: 'One.' })
  await saved(desk.page)
  await textOf(desk.page).press('End')
  await textOf(desk.page).pressSequentially(' Two.')
  await desk.page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await desk.reopen()
  await place(desk.page, 'Drafts').click()
  await desk.page.getByText('Undo', { exact: true }).click()
  await expect(textOf(desk.page)).toHaveText('One. Two.')
  await textOf(desk.page).press('Control+z')
  await expect(textOf(desk.page)).toHaveText('One.')
})

test('a draft that a newer Todoke wrote says so and is left as it is', async ({ desk }) => {
  await desk.addAccount(24)
  await write(desk.page, { to: [], subject: 'From the future', text: 'One.' })
  await desk.page.getByRole('button', { name: 'Close and keep the draft' }).click()
  await desk.reopen()
  const file = new DatabaseSync(join(desk.dataDir, 'desk.db'))
  file.exec(`UPDATE draft SET content = replace(content, '{"version":1', '{"version":2,"mood":"calm"')`)
  const row = () => ({ ...file.prepare('SELECT * FROM draft').get() })
  const before = row()
  await place(desk.page, 'Drafts').click()
  await desk.page.getByText('From the future', { exact: true }).click()
  await expect(desk.page.getByText('A newer Todoke wrote this draft')).toBeVisible()
  await expect(textOf(desk.page)).toHaveCount(0)
  await desk.page.getByRole('button', { name: 'Close', exact: true }).click()
  expect(row()).toEqual(before)
  file.close()
})

test('priority and a read receipt are seen on the composer and leave with the mail', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const server = await sendThrough(desk, post, 24, {})
  await desk.call('settings.set', { undoSeconds: 0 })
  const composer = await write(page, { to: ['haruka@x.test'], subject: 'Today', text: 'Please read.' })
  await choose(page, 'Options for this mail…')
  const dialog = page.getByRole('dialog', { name: 'Options for this mail' })
  await dialog.getByText('High', { exact: true }).click()
  await dialog.getByRole('checkbox', { name: 'Ask for a read receipt' }).check()
  await dialog.getByRole('checkbox', { name: 'Ask the servers for delivery reports' }).uncheck()
  await expect(dialog.getByRole('checkbox', { name: 'Only over servers that promise TLS' })).toBeDisabled()
  await page.keyboard.press('Escape')
  const badges = composer.getByRole('list', { name: 'Options of this mail' })
  await expect(badges.getByRole('listitem')).toHaveText([
    'High priority',
    'Read receipt asked for',
    'No delivery reports',
  ])
  await badges.getByRole('button', { name: 'Take off: No delivery reports' }).click()
  await expect(badges.getByRole('listitem')).toHaveCount(2)
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => server.messages.length).toBe(1)
  const mail = server.messages[0]?.data.toString() ?? ''
  expect(mail).toContain('X-Priority: 1 (Highest)')
  expect(mail).toMatch(/^Disposition-Notification-To: <.+@.+>/m)
})
