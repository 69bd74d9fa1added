/** Mails and their answers as one conversation, through the window, on Dovecot and Postfix. */

import { expect, place, sendNow, test, write } from './desk.ts'

test('a sent mail and its answers are one conversation, archived and taken back together', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const [mika, yuki] = [post.user(56).user, post.user(57).user]
  await desk.addAccount(56, 'imap', { sentCopy: 'we-file-it' })
  const row = page.getByRole('option').filter({ hasText: 'Visit' })
  const article = page.getByRole('article')

  await sendNow(page, await write(page, { to: [yuki], subject: 'Visit', text: 'On Thursday?' }))
  const [sent] = await post.arrived(yuki)
  const messageId = /^message-id:\s*(<[^>]+>)/im.exec(sent?.raw.toString('latin1') ?? '')?.[1] ?? ''
  const answer = (name: string, text: string, field: string) =>
    post.deliver(
      mika,
      `From: Yuki <${yuki}>\r\nTo: ${mika}\r\nSubject: Re: Visit\r\nMessage-ID: <${name}@yuki.test>\r\n${field}\r\n\r\n${text}\r\n`,
    )
  await answer('one', 'Thursday is fine.', `In-Reply-To: ${messageId}`)
  await answer('two', 'At ten, I mean.', `References: ${messageId} <one@yuki.test>`)
  await expect(row).toHaveCount(2)

  await page.getByRole('button', { name: 'Group into conversations' }).click()
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('3 mails')
  await expect(row).toContainText('you, Yuki')
  await row.click()
  await expect(article.getByRole('heading', { name: 'Visit' }).first()).toBeVisible()
  await expect(article.locator('ol > li > button[aria-expanded]')).toHaveCount(3)

  await page.keyboard.press('e')
  await expect(row).toHaveCount(0)
  await post.arrived(mika, 'Archive', 2)
  expect(post.stored(mika, 'Sent')).toHaveLength(1)
  await page.keyboard.press('z')
  await expect(row).toHaveCount(1)
  await expect.poll(() => post.stored(mika, 'Archive').length).toBe(0)

  await place(page, 'Sent').click()
  await expect(row).toHaveCount(1)
  await expect(row).toContainText('3 mails')
})
