/** The practice mailbox through the window: what a newcomer sees of SMTP without an account. */

import { expect, outboxRow, place, sendNow, test, write } from './desk.ts'

test.use({ isPractice: true })

test('a mail to echo is answered, and the answer lies in the inbox', async ({ desk }) => {
  const { page } = desk
  await expect(page.getByRole('option').first()).toBeVisible()
  const composer = await write(page, {
    to: ['echo@practice.invalid'],
    subject: 'Is anybody there',
    text: 'Hello',
  })
  await sendNow(page, composer)
  const answer = page.getByRole('option').filter({ hasText: /Re: Is anybody there/ })
  await expect(answer).toBeVisible()
  await answer.click()
  await expect(page.getByRole('article')).toContainText('echo@practice.invalid')
})

test('each correspondent behaves as its name says, and the outbox tells it truly', async ({ desk }) => {
  const { page } = desk
  await desk.call('settings.set', { undoSeconds: 0 })
  for (const name of ['bounce', 'greylist', 'nobody', 'drop']) {
    const composer = await write(page, {
      to: [`${name}@practice.invalid`],
      subject: `To ${name}`,
      text: 'Hello',
    })
    await composer.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(composer).toHaveCount(0)
  }
  await place(page, 'Outbox').click()
  const row = (name: string) => outboxRow(page, `To ${name}`)
  await expect(row('greylist')).toContainText('Tries again at')
  await expect(row('nobody')).toContainText(/refused/i)
  await expect(row('drop')).toContainText('Outcome unknown')
  await place(page, 'Inbox').click()
  await expect(
    page
      .getByRole('option')
      .filter({ hasText: /Undeliver|Delivery|returned/i })
      .first(),
  ).toBeVisible()
})
