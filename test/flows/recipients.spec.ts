/** Finding, pasting and moving recipients in the window, and what of it the wire shows. */

import { expect, sendNow, test, write } from './desk.ts'

test('somebody written to once is suggested after two letters, and the key of choice makes a chip', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const recipient = post.user(14).user
  await desk.addAccount(16)
  await sendNow(page, await write(page, { to: [recipient], subject: 'The first', text: 'Hello' }))
  await post.arrived(recipient)

  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await field.pressSequentially('pe')
  const option = composer.getByRole('option', { name: recipient })
  await expect(option).toContainText('mailed')
  await expect(option).toHaveAttribute('aria-selected', 'true')

  // Escape closes the list and not the composer.
  await field.press('Escape')
  await expect(option).toHaveCount(0)
  await expect(composer).toBeVisible()
  await field.press('ArrowDown')
  await expect(option).toHaveAttribute('aria-selected', 'true')
  await field.press('Enter')
  await expect(composer.getByRole('button', { name: recipient, exact: true })).toBeVisible()
  await expect(field).toBeFocused()
  await expect(field).toHaveValue('')

  // Forgotten with Shift+Delete, it is not suggested any more.
  await composer.getByRole('button', { name: `Remove ${recipient}` }).click()
  await field.pressSequentially('pe')
  await expect(option).toBeVisible()
  await field.press('Shift+Delete')
  await expect(option).toHaveCount(0)
})
