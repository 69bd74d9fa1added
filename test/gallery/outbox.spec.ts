/** The outbox in the hands of a person, on the played program: each question, each answer, and the words one click away. */

import { expect, type Page } from '@playwright/test'
import type { Method } from '../../shared/api.ts'
import { test } from './open-gallery.ts'

/** The arguments of every call of a method so far. */
function callsOf(page: Page, method: Method): Promise<readonly (readonly unknown[])[]> {
  return page.evaluate(
    name => (window.gallery?.bridge.calls ?? []).filter(call => call.method === name).map(({ args }) => args),
    method,
  )
}

const question = (page: Page, name: string | RegExp) => page.getByRole('region', { name })

test('a refused address is corrected by keyboard: checked while it is typed, one call', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('outbox', 'asks-recipients')
  const asked = question(page, /does not take 1 of 3/)
  await asked.getByRole('button', { name: 'Correct the address acounts@example.net' }).press('Enter')
  const field = asked.getByRole('textbox', { name: 'Right address instead of acounts@example.net' })
  await expect(field).toBeFocused()
  const send = asked.getByRole('button', { name: 'Send the mail' })
  await expect(send).toBeDisabled()
  await page.keyboard.type('weber@bau.example')
  await expect(asked.getByText('This address gets the mail anyway.')).toBeVisible()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await field.fill('accounts@')
  await expect(asked.getByText('This is not a whole address yet.')).toBeVisible()
  await page.keyboard.press('Enter')
  expect(await callsOf(page, 'outbox.correctRecipient')).toEqual([])
  await field.fill('accounts@example.net')
  await expect(asked.getByText('The mail then goes to all recipients', { exact: false })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect
    .poll(() => callsOf(page, 'outbox.correctRecipient'))
    .toEqual([['asks-recipients', 'acounts@example.net', 'accounts@example.net']])
})

test('Escape leaves the address as it was, with the focus where it came from', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'correcting')
  await page.getByRole('textbox', { name: /^Right address/ }).press('Escape')
  await expect(page.getByRole('button', { name: 'Correct the address acounts@example.net' })).toBeFocused()
})

test('a correction that the program refuses says why and keeps what was typed', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'correcting')
  await page.evaluate(() =>
    window.gallery?.bridge.answer('outbox.correctRecipient', { kind: 'not-now', what: 'sending' }),
  )
  const field = page.getByRole('textbox', { name: /^Right address/ })
  await field.fill('accounts@example.net')
  await field.press('Enter')
  await expect(page.getByText('Not possible at this moment').first()).toBeVisible()
  await expect(field).toHaveValue('accounts@example.net')
})

test('once the others have the mail, it is said that a correction goes to one alone', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'correcting-alone')
  await expect(page.getByText('Only this address gets it. Nobody else gets it again.')).toBeVisible()
  await page.getByRole('textbox', { name: /^Right address/ }).fill('accounts@example.net')
  await page.getByRole('button', { name: 'Send to this one alone' }).click()
  await expect
    .poll(() => callsOf(page, 'outbox.correctRecipient'))
    .toEqual([['others-have-it', 'acounts@example.net', 'accounts@example.net']])
})

test('the server’s own words are one key away from what they mean', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'asks-recipients')
  const asked = question(page, /does not take 1 of 3/)
  await expect(asked.getByText('There is no such address')).toBeVisible()
  await expect(asked.getByText(/550 5\.1\.1/)).toHaveCount(0)
  const toggle = asked.getByRole('button', { name: 'What this means, acounts@example.net' })
  await toggle.press('Enter')
  await expect(toggle).toHaveAttribute('aria-expanded', 'true')
  await expect(asked.getByText(/^550 5\.1\.1 Recipient address rejected/)).toBeVisible()
  await expect(asked.getByText(/Check the address letter by letter/)).toBeVisible()
})

test('a code that nobody knows is said to be unknown, with the server’s words', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'refused-unknown')
  await expect(page.getByText('The server refused, and it is unknown why', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'What the server said' }).click()
  await expect(page.getByText('571 Xyzzy plugh (q17)')).toBeVisible()
})

test('534 5.7.9 leads to the page for app passwords, 535 5.7.139 to the one for signing in', async ({
  gallery,
}) => {
  const { page } = gallery
  for (const [state, provider, host] of [
    ['app-password', 'Google', 'support.google.com'],
    ['sign-in-off', 'Microsoft', 'learn.microsoft.com'],
  ] as const) {
    await gallery.open('outbox', state)
    await page
      .getByRole('button', { name: `How to sign in at ${provider}` })
      .first()
      .click()
    await expect.poll(async () => (await callsOf(page, 'app.openLink')).length).toBe(1)
    expect(new URL(String((await callsOf(page, 'app.openLink'))[0]?.[0])).host).toBe(host)
  }
})

test('an account that rests says why and until when, at its place and above its mails', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('outbox', 'slowed-down')
  await expect(page.getByRole('navigation').getByText('Sending rests until 14:55')).toBeVisible()
  const resting = page.getByRole('region', { name: 'Accounts that rest' })
  await expect(resting).toContainText('rests until 14:55, 2 mails wait')
  await expect(resting).toContainText('The server wants you to slow down')
  await resting.getByRole('button', { name: 'Try now' }).click()
  await expect.poll(() => callsOf(page, 'outbox.resumeAccount')).toEqual([['studio']])
})

for (const [answer, verdict] of [
  [/^It was handed over/, 'handed-over'],
  [/^Send it again/, 'send-again'],
  [/^Do not send it again/, 'do-not-send'],
] as const) {
  test(`an unknown outcome says what is known, and is answered with ${verdict}`, async ({ gallery }) => {
    const { page } = gallery
    await gallery.open('outbox', 'asks-outcome')
    const facts = page.getByRole('list', { name: 'What is known' })
    await expect(facts).toContainText('went to mail.example.co.jp')
    await expect(facts).toContainText('3 times in Sent, last at 14:38')
    await expect(facts).toContainText('Looks again at 14:42')
    await page.getByRole('button', { name: answer }).click()
    await expect.poll(() => callsOf(page, 'outbox.decideOutcome')).toEqual([['asks-outcome', verdict]])
  })
}

test('a mail whose time passed in sleep goes now, later, or back to the drafts', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'asks-time')
  const asked = question(page, 'The time of this mail has passed')
  await expect(asked).toContainText('It was to leave 09:40.')
  await asked.getByRole('button', { name: 'Send now' }).click()
  await expect.poll(() => callsOf(page, 'outbox.resume')).toEqual([['asks-time']])
  await asked.getByRole('button', { name: 'Send later' }).click()
  await asked.getByRole('menuitem', { name: /This evening/ }).click()
  await expect
    .poll(() => callsOf(page, 'outbox.holdUntil'))
    .toEqual([['asks-time', Date.UTC(2026, 10, 24, 9)]])
  await asked.getByRole('button', { name: 'Back to drafts' }).click()
  await expect.poll(() => callsOf(page, 'outbox.edit')).toEqual([['asks-time']])
})

test('a row says when it tries again and which try that is, and all can be done from there', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('outbox', 'tries-again')
  const row = page.getByRole('region', { name: 'Mails in the outbox' }).getByRole('listitem').first()
  await expect(row).toContainText('Tries again at 14:45, try 2 of at most 36: ')
  await row.getByRole('button', { name: 'What can be done with “November invoice”' }).press('Enter')
  for (const act of ['Try now', 'Edit', 'Pause', 'Do not send', 'Save as .eml']) {
    await expect(page.getByRole('menuitem', { name: act })).toBeVisible()
  }
  await page.getByRole('menuitem', { name: 'Pause' }).click()
  await expect.poll(() => callsOf(page, 'outbox.pause')).toEqual([['tries-again']])
})

test('from the last bytes on nothing offers to stop the mail', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'sending')
  await expect(page.getByText('It can still be stopped.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Do not send' })).toBeVisible()
  await gallery.open('outbox', 'awaiting-reply')
  await expect(page.getByText('From here on it cannot be taken back.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Do not send' })).toHaveCount(0)
  await page.getByRole('button', { name: 'What can be done with “Contract, signed”' }).click()
  await expect(page.getByRole('menuitem')).toHaveText(['Save as .eml'])
})

test('a damaged mail is opened, saved and removed', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('outbox', 'damaged')
  const note = question(page, 'What was kept of this mail is damaged')
  await note.getByRole('button', { name: 'Save as .eml' }).click()
  await expect(page.getByText('Saved as mail.eml')).toBeVisible()
  await note.getByRole('button', { name: 'Remove from the list' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => callsOf(page, 'outbox.remove')).toEqual([['damaged']])
})

test('a mail that is saved without a damaged file says so', async ({ gallery }) => {
  await gallery.open('outbox', 'saved-without')
  await expect(gallery.page.getByText(/without catalogue-01\.jpg, which can no longer be read/)).toBeVisible()
})

test('the way of a mail is saved as text or JSON and copied', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('journey', 'handed-over')
  const menu = page.getByRole('button', { name: 'Copy or save this way' })
  for (const [item, format] of [
    ['Save as text', 'text'],
    ['Save as JSON', 'json'],
  ] as const) {
    await menu.click()
    await page.getByRole('menuitem', { name: item }).click()
    await expect(page.getByText('Saved as journey.txt')).toBeVisible()
    await expect.poll(async () => (await callsOf(page, 'outbox.saveExport')).at(-1)).toEqual(['item', format])
  }
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await menu.click()
  await page.getByRole('menuitem', { name: 'Copy as text' }).click()
  await expect(page.getByText('Copied', { exact: true })).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('journey of item')
})

test('what is chosen ahead is kept by the program', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('settings', 'full')
  await page.getByRole('combobox', { name: 'Time to take a mail back' }).selectOption('60')
  await page
    .getByRole('combobox', { name: 'When some recipients are refused' })
    .selectOption('send-to-others')
  await page.getByRole('combobox', { name: 'When the time of a mail passed in sleep' }).selectOption('send')
  await expect
    .poll(() => callsOf(page, 'settings.set'))
    .toEqual([[{ undoSeconds: 60 }], [{ whenSomeRefused: 'send-to-others' }], [{ dueAsleep: 'send' }]])
})
