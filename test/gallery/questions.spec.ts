/** The sheet before sending as its writer meets it: what is found, its way out in one click, and no mail by accident. */

import type { Page } from '@playwright/test'
import { expect } from '@playwright/test'
import { test } from './open-gallery.ts'

type Call = { method: string; args: readonly unknown[] }

const callsOf = (page: Page, method: string): Promise<Call['args'][]> =>
  page.evaluate(
    name => (window.gallery?.bridge.calls ?? []).filter(call => call.method === name).map(call => call.args),
    method,
  )
const sheet = (page: Page) => page.getByRole('dialog')
const rows = (page: Page) => sheet(page).getByRole('listitem')
const composer = (page: Page) => page.locator('section[data-size]').last()
const sends = (page: Page) => callsOf(page, 'outbox.send')

test('the very words are quoted, the safe answer has the focus, and Enter goes back to writing', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('questions', 'one')
  await expect(rows(page)).toHaveCount(1)
  await expect(rows(page)).toContainText('You write “please find attached”, and no file is attached.')
  await expect(sheet(page).getByRole('button', { name: 'Back to writing' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(sheet(page)).toHaveCount(0)
  expect(await sends(page)).toEqual([])
})

test('the keys of Send pressed again in the sheet send nothing and close nothing', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'one')
  await page.keyboard.press('Control+Enter')
  await page.keyboard.press('Control+Enter')
  // Not even where something took the focus back to the composer.
  await composer(page)
    .getByLabel('Subject')
    .evaluate(field =>
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true })),
    )
  await expect(rows(page)).toHaveCount(1)
  expect(await sends(page)).toEqual([])
})

test('a file attached from the sheet answers the question, and then the mail goes', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'one')
  const picked = page.waitForEvent('filechooser')
  await rows(page).getByRole('button', { name: 'Attach files' }).click()
  await (await picked).setFiles({
    name: 'photos.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from('zip'),
  })
  await expect(rows(page)).toContainText('Done')
  await expect(page.getByRole('dialog', { name: 'Nothing is left to ask' })).toBeVisible()
  await sheet(page).getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
})

test('an address is changed to the one that was meant, and its name stays', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'many')
  await sheet(page).getByRole('button', { name: 'Change to anna.lind@gmail.com' }).click()
  await expect(composer(page).getByTitle('Anna Lind <anna.lind@gmail.com>')).toBeAttached()
  await expect(rows(page).filter({ hasText: 'looks mistyped' })).toContainText('Done')
  await expect(sheet(page).getByRole('button', { name: 'Back to writing' })).toBeFocused()
})

test('many people outside are moved to Bcc by one click', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'many')
  await sheet(page).getByRole('button', { name: 'Move to Bcc' }).click()
  await sheet(page).getByRole('button', { name: 'Send anyway' }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
  const saved = (await callsOf(page, 'drafts.save')).at(-1)?.[2] as { to: unknown[]; bcc: unknown[] }
  expect(saved.to).toHaveLength(0)
  expect(saved.bcc).toHaveLength(16)
})

test('a mail written under another name than it came to is sent from that one', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'many')
  await sheet(page).getByRole('button', { name: 'Send from studio@example.org' }).click()
  await expect(composer(page).getByRole('button', { name: /Studio Tanaka/ })).toBeAttached()
})

test('a check that is not wanted is turned off for good', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'one')
  await rows(page).getByRole('button', { name: 'Don’t ask this again' }).click()
  await expect(rows(page)).toContainText('Not asked again.')
  expect(await callsOf(page, 'settings.set')).toEqual([[{ checksOff: ['forgotten-attachment'] }]])
  await sheet(page).getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
})

test('editing leads to the field that the question is about', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'empty')
  await rows(page).getByRole('button', { name: 'Write a subject' }).click()
  await expect(composer(page).getByLabel('Subject')).toBeFocused()
  await gallery.open('questions', 'many')
  await rows(page)
    .filter({ hasText: 'j.smith@example' })
    .getByRole('button', { name: 'Edit the address' })
    .click()
  await expect(composer(page).getByRole('combobox', { name: 'To', exact: true })).toBeFocused()
  await expect(composer(page).getByRole('combobox', { name: 'To', exact: true })).toHaveValue(
    'j.smith@example',
  )
})

test('a draft is asked about once as it is, and again when it was changed', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'empty')
  const sendButton = composer(page).getByRole('button', { name: 'Send', exact: true })
  await page.keyboard.press('Escape')
  await expect(sheet(page)).toHaveCount(0)
  await composer(page).getByLabel('Subject').fill('Friday')
  await sendButton.click()
  await expect(rows(page)).toHaveCount(1)
  await page.keyboard.press('Escape')
  await expect(sheet(page)).toHaveCount(0)
  await sendButton.click()
  await expect.poll(() => sends(page)).toHaveLength(1)
})

test('a mistyped domain is shown where it is typed, and one click mends it or keeps it', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('questions', 'while-typing')
  await expect(composer(page).getByText('did you mean gmail.com?')).toBeVisible()
  await composer(page).getByRole('button', { name: 'Keep anna.lind@gmial.com' }).click()
  await expect(composer(page).getByText('did you mean gmail.com?')).toHaveCount(0)
  await composer(page).getByRole('button', { name: 'Send', exact: true }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
})

/** The program takes its time over who is known; the press of Send waits for that until `goOn`. */
async function slowly(page: Page): Promise<{ goOn(): Promise<void> }> {
  await page.evaluate(() => {
    const bridge = window.gallery?.bridge
    const held: (() => void)[] = []
    Object.assign(window, { goOn: () => held.splice(0).map(go => go()) })
    bridge?.answer('people.knows', () => new Promise(resolve => held.push(() => resolve([]))))
  })
  return { goOn: () => page.evaluate(() => (window as unknown as { goOn(): void }).goOn()) }
}
const asked = async (page: Page, times: number) =>
  expect.poll(async () => (await callsOf(page, 'people.knows')).length).toBeGreaterThanOrEqual(times)
const subjectOf = (page: Page) => composer(page).getByRole('textbox', { name: 'Subject' })

test('Escape while questions are looked for takes Send back: nothing goes, and the writer goes on where they were', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('questions', 'while-typing')
  const program = await slowly(page)
  await subjectOf(page).click()
  await page.keyboard.press('Control+Enter')
  await asked(page, 1)
  await page.keyboard.press('Escape')
  await expect(subjectOf(page)).toBeFocused()
  await page.keyboard.press('Control+a')
  await page.keyboard.type('A new subject')
  await program.goOn()
  await expect(subjectOf(page)).toHaveValue('A new subject')
  expect(await sends(page)).toEqual([])

  // The press that is meant asks again, and sends what stands there now.
  await page.keyboard.press('Control+Enter')
  await asked(page, 2)
  await program.goOn()
  await sheet(page).getByRole('button', { name: 'Send anyway' }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
  const saved = (await callsOf(page, 'drafts.save')).at(-1)?.[2] as { subject: string }
  expect(saved.subject).toBe('A new subject')
})

test('what is typed behind Send, before the sheet is there, is not part of the mail', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('questions', 'while-typing')
  const program = await slowly(page)
  await subjectOf(page).click()
  await page.keyboard.press('End')
  await page.keyboard.press('Control+Enter')
  await asked(page, 1)
  await page.keyboard.type(' and half a w')
  await program.goOn()
  await sheet(page).getByRole('button', { name: 'Send anyway' }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
  const saved = (await callsOf(page, 'drafts.save')).at(-1)?.[2] as { subject: string } | undefined
  expect(saved?.subject ?? 'Photos for the catalogue').toBe('Photos for the catalogue')
})

test('a mail that is closed while questions are looked for is kept as a draft and does not leave', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('questions', 'while-typing')
  // Without the mistyped address nothing would be asked.
  await composer(page).getByRole('combobox').first().click()
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await expect(composer(page).getByTitle(/gmial/)).toHaveCount(0)
  const program = await slowly(page)
  await subjectOf(page).click()
  await page.keyboard.press('Control+Enter')
  await asked(page, 1)
  await composer(page).locator('header button').last().click()
  await expect(page.locator('section[data-size]')).toHaveCount(0)
  await program.goOn()
  // An answer of the program later, nothing has left.
  await page.evaluate(() => window.gallery?.bridge.call('app.info', []))
  expect(await sends(page)).toEqual([])
})

test('a mail on its way into the outbox is not closed, so that its writer hears why it was refused', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('questions', 'while-typing')
  await page.evaluate(() => {
    const bridge = window.gallery?.bridge
    bridge?.answer('outbox.send', () => new Promise(() => {}))
  })
  await subjectOf(page).click()
  await page.keyboard.press('Control+Enter')
  await sheet(page).getByRole('button', { name: 'Send anyway' }).click()
  await expect.poll(() => sends(page)).toHaveLength(1)
  await composer(page).locator('header button').last().click()
  await page.evaluate(() => window.gallery?.bridge.call('app.info', []))
  await expect(page.locator('section[data-size]')).toHaveCount(1)
})
