/** Leaving a mailing list through the window: by one request, and by a mail of the outbox. */

import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { expect, place, test } from './desk.ts'

const ME = 41
const LIST = 42

let server: Server
const asked: string[] = []

test.beforeAll(async ({ post }) => {
  server = createServer(post.certificate, (request, response) => {
    let body = ''
    request.on('data', piece => {
      body += piece
    })
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`)
      response.end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
test.afterAll(() => {
  server.close()
})

const newsletter = (to: string, subject: string, ways: string, more: string[] = []) =>
  [
    'From: The Print Shop <news@print.test>',
    `To: ${to}`,
    `Subject: ${subject}`,
    `List-Id: <${subject.toLowerCase().replace(/ /g, '-')}.print.test>`,
    `List-Unsubscribe: ${ways}`,
    ...more,
    `Date: ${new Date(Date.now() - 60_000).toUTCString()}`,
    '',
    'Our prices of autumn',
    '',
  ].join('\r\n')

test('a list is left by one request, by a mail from the address it was sent to, and both are remembered', async ({
  desk,
  post,
}) => {
  const me = post.user(ME).user
  const list = post.user(LIST).user
  const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  await desk.addAccount(ME)
  await desk.call('settings.set', { undoSeconds: 0 })
  await post.deliver(
    me,
    newsletter(me, 'One click', `<${base}/leave/7>`, ['List-Unsubscribe-Post: List-Unsubscribe=One-Click']),
  )
  await post.deliver(me, newsletter(me, 'By mail', `<mailto:${list}?subject=leave%207>`))
  const { page } = desk
  await place(page, 'Inbox').click()
  const open = (subject: string) => page.getByRole('option').filter({ hasText: subject }).click()

  await open('One click')
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  const question = page.getByRole('dialog', { name: 'Unsubscribe from The Print Shop?' })
  await expect(question).toContainText('Todoke asks 127.0.0.1 once')
  expect(asked).toEqual([])
  await question.getByRole('button', { name: 'Unsubscribe' }).click()
  await expect(page.getByText('You left this list on')).toBeVisible()
  expect(asked).toEqual(['POST /leave/7 List-Unsubscribe=One-Click'])

  await open('By mail')
  await page.getByRole('button', { name: 'Unsubscribe' }).click()
  await expect(page.getByRole('dialog')).toContainText(`A mail to ${list} goes into your outbox`)
  await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe' }).click()
  await expect(page.getByText('You left this list on')).toBeVisible()
  const [left] = await post.arrived(list)
  const mail = await simpleParser(left?.raw ?? '')
  expect([mail.from?.value[0]?.address, mail.subject, mail.text?.trim()]).toEqual([
    me,
    'leave 7',
    'unsubscribe',
  ])

  await desk.reopen()
  await place(desk.page, 'Inbox').click()
  await desk.page.getByRole('option').filter({ hasText: 'One click' }).click()
  await expect(desk.page.getByText('You left this list on')).toBeVisible()
})
