/** Mail is found as one types, and on the server: on Dovecot, in English and Japanese. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { toIso2022Jp } from '../bench/mailbox-generator.ts'
import { expect, test } from './desk.ts'

const FILLER = 'It is a long letter, and what matters stands at its very end. '.repeat(60)

function mail(subject: string, text: string, charset = 'UTF-8', from = 'Weber <m@bau.example>'): Buffer {
  const encode = charset === 'UTF-8' ? (words: string) => Buffer.from(words) : toIso2022Jp
  const encoded = `=?${charset}?B?${encode(subject).toString('base64')}?=`
  return Buffer.concat([
    Buffer.from(
      `From: ${from}\r\nTo: you@todoke.test\r\nSubject: ${encoded}\r\nDate: ${new Date().toUTCString()}\r\nMessage-ID: <${Math.random()}@bau.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${charset === 'UTF-8' ? '8bit' : '7bit'}\r\n\r\n`,
    ),
    encode(`${text}\r\n`),
  ])
}

async function search(page: Page, text: string) {
  const field = page.getByRole('combobox', { name: /^Search mail in/ })
  await field.fill(text)
  return page.getByRole('listbox', { name: 'Mails found' }).getByRole('option')
}

test('mails are found by what is here, and by the server where their text is only there', async ({
  desk,
  post,
}) => {
  test.slow()
  const { page } = desk
  const { user } = post.user(34)
  // Else the long mail would be here as a whole before anybody looks for it.
  await desk.call('settings.set', { aheadDays: 0 })
  await post.deliver(user, mail('Harbour festival', 'The fireworks begin at nine.'))
  await post.deliver(
    user,
    mail('花火大会のご案内', '港で開催される祭典の打ち合\r\nわせについて。', 'ISO-2022-JP'),
  )
  await post.deliver(user, mail('週次報告', '今週の進捗を共有します。', 'UTF-8', '佐藤 <sato@example.jp>'))
  await post.deliver(user, mail('Minutes', `${FILLER}\r\nThe quarry will be closed. 採石場は閉鎖されます。`))
  await desk.addAccount(34)
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(4)

  await page.keyboard.press('/')
  const rows = await search(page, 'firewor')
  await expect(rows).toHaveCount(1)
  await expect(rows.locator('mark')).toHaveText('fireworks')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByRole('article', { name: 'Harbour festival' })).toContainText('The fireworks begin')
  expect(await page.evaluate(() => CSS.highlights.get('found')?.size)).toBe(1)

  await expect(await search(page, '花火')).toHaveText([/花火大会のご案内/])
  await expect(await search(page, '打ち合わせ')).toHaveText([/花火大会のご案内/])
  await expect(await search(page, '差出人：佐藤 報告')).toHaveText([/週次報告/])
  await expect(await search(page, 'is:unread -花火 -報告 festival')).toHaveCount(0)

  // The end of a long mail has not been fetched: only the server knows it.
  for (const text of ['quarry', '採石場']) {
    await expect(await search(page, text)).toHaveCount(0)
    await page.getByRole('button', { name: 'Search there too' }).click()
    await expect(page.getByText('The server found 1 mail. It is in the list.')).toBeVisible()
    await expect(page.getByRole('listbox', { name: 'Mails found' }).getByRole('option')).toHaveText([
      /Minutes/,
    ])
  }
  await page.getByRole('listbox', { name: 'Mails found' }).getByRole('option').click()
  await expect(page.getByRole('article', { name: 'Minutes' })).toContainText('quarry')
  // Now it is here, and found here; also after the program was closed.
  await expect(await search(page, 'quarr')).toHaveText([/Minutes/])
  await desk.reopen()
  await desk.page.keyboard.press('Control+f')
  await expect(await search(desk.page, '閉鎖')).toHaveText([/Minutes/])
  expect(readdirSync(join(desk.dataDir, 'packs'))).toHaveLength(1)
})

test('a mail that goes is no longer found, and what comes meanwhile is', async ({ desk, post }) => {
  test.slow()
  const { page } = desk
  const { user } = post.user(35)
  await post.deliver(user, mail('Copper one', 'conductors'))
  await desk.addAccount(35)
  await expect(page.getByRole('listbox').getByRole('option')).toHaveCount(1)
  await page.keyboard.press('/')
  const rows = await search(page, 'conductor')
  await expect(rows).toHaveText([/Copper one/])
  await post.deliver(user, mail('Copper two', 'more conductors'))
  await expect(rows).toHaveCount(2)
  await rows.filter({ hasText: 'Copper one' }).click()
  await expect(page.getByRole('article', { name: 'Copper one' })).toContainText('conductors')
  await page.keyboard.press('e')
  await expect(rows).toHaveText([/Copper two/])
  await page.getByRole('button', { name: 'Everywhere' }).click()
  await expect(rows).toHaveCount(2)
  await expect(rows.filter({ hasText: 'Archive' })).toHaveText(/Copper one/)
})
