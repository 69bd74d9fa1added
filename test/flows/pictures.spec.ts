/** Pictures from the internet, through the window: not one byte leaves before the person said so. */

import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, place, test } from './desk.ts'

const ME = 40
const GIF = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64')

let server: Server
let asked: string[] = []

test.beforeAll(async ({ post }) => {
  server = createServer(post.certificate, (request, response) => {
    asked.push(request.url ?? '')
    response.end(GIF)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})
test.afterAll(() => {
  server.close()
})

const newsletter = (to: string, number: number, base: string) =>
  [
    ...(number === 3
      ? []
      : [`Authentication-Results: mx.${to.split('@')[1]}; dmarc=pass header.from=print.test`]),
    'Received: from out.print.test by mx.print.test with ESMTPS id 1; Mon, 2 Mar 2026 09:00:00 +0900',
    ...(number === 3
      ? [`Authentication-Results: mx.${to.split('@')[1]}; dmarc=pass header.from=print.test`]
      : []),
    'From: The Print Shop <shop@print.test>',
    `To: ${to}`,
    `Subject: Prices ${number}`,
    `Message-ID: <prices-${number}@print.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    `<p>Our prices of autumn</p><img src="${base}/banner-${number}.gif" width="200" height="40" alt="Autumn prices">`,
    `<table background="${base}/paper-${number}.gif"><tr><td>Copies</td></tr></table>`,
    `<img src="${base}/open-${number}.gif" width="1" height="1">`,
    '',
  ].join('\r\n')

test('pictures are fetched when they are asked for, then always from that sender but not from who only claims to be it, trackers never, also after a restart', async ({
  desk,
  post,
}) => {
  const base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const me = post.user(ME).user
  await desk.addAccount(ME)
  await post.deliver(me, newsletter(me, 1, base))
  const { page } = desk
  await place(page, 'Inbox').click()
  await page.getByRole('option').filter({ hasText: 'Prices 1' }).click()
  await expect(page.getByText('2 pictures from the internet were not loaded')).toBeVisible()
  await expect(page.getByText('1 invisible picture that only reports reading stays out')).toBeVisible()
  expect(asked).toEqual([])

  await page.getByRole('button', { name: 'Load pictures' }).click()
  await expect(page.getByText('Pictures were loaded from the internet')).toBeVisible()
  const image = page.frameLocator('article iframe').locator('img')
  await expect(image).toHaveAttribute('src', /^data:image\/gif/)
  expect([...asked].sort()).toEqual(['/banner-1.gif', '/paper-1.gif'])

  asked = []
  await post.deliver(me, newsletter(me, 2, base))
  await page.getByRole('option').filter({ hasText: 'Prices 2' }).click()
  await page.getByRole('button', { name: 'Always from this sender' }).click()
  await expect(page.getByText('Pictures were loaded from the internet')).toBeVisible()
  expect([...asked].sort()).toEqual(['/banner-2.gif', '/paper-2.gif'])

  await desk.reopen()
  asked = []
  await place(desk.page, 'Inbox').click()
  await desk.page.getByRole('option').filter({ hasText: 'Prices 1' }).click()
  await expect(desk.page.getByText('Pictures were loaded from the internet')).toBeVisible()
  expect([...asked].sort()).toEqual(['/banner-1.gif', '/paper-1.gif'])

  asked = []
  await post.deliver(me, newsletter(me, 3, base))
  await desk.page.getByRole('option').filter({ hasText: 'Prices 3' }).click()
  await expect(desk.page.getByText('your mail server did not confirm')).toBeVisible()
  expect(asked).toEqual([])
  await desk.page.getByRole('button', { name: 'Load pictures' }).click()
  await expect(desk.page.getByText('Pictures were loaded from the internet')).toBeVisible()
  expect([...asked].sort()).toEqual(['/banner-3.gif', '/paper-3.gif'])

  asked = []
  await place(desk.page, 'Settings').click()
  await desk.page.getByLabel('Pictures from the internet').selectOption('Never load them')
  await place(desk.page, 'Inbox').click()
  await desk.page.getByRole('option').filter({ hasText: 'Prices 2' }).click()
  await expect(desk.page.getByText('3 remote parts were not loaded')).toBeVisible()
  await expect(desk.page.getByRole('button', { name: 'Load pictures' })).toHaveCount(0)
  expect(asked).toEqual([])
})
