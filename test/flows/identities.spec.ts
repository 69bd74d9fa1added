/** Who a mail is from, through the real window: two identities of one account, from their form to the received mail. */

import type { Locator, Page } from '@playwright/test'
import libmime from 'libmime'
import { simpleParser } from 'mailparser'
import { eventually } from '../support/wait.ts'
import { expect, place, sendNow, test, withoutTrace } from './desk.ts'

type Typed = { name?: string; address?: string; organisation: string; replyTo: string; signature: string }

async function fillIdentity(page: Page, typed: Typed): Promise<void> {
  const dialog = page.getByRole('dialog')
  if (typed.name !== undefined) await dialog.getByLabel('Your name').fill(typed.name)
  if (typed.address !== undefined) await dialog.getByLabel('Address').fill(typed.address)
  await dialog.getByLabel('Organisation').fill(typed.organisation)
  await dialog.getByLabel('Answers go to').fill(typed.replyTo)
  await dialog.getByRole('textbox', { name: 'Signature' }).click()
  await page.keyboard.type(typed.signature)
}

async function saveIdentity(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

async function chooseFrom(page: Page, composer: Locator, typed: string): Promise<void> {
  await composer.getByRole('button', { name: 'Choose who it is from' }).click()
  await page.getByPlaceholder('Find a name or address').fill(typed)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
}

test('another From brings its signature, Reply-To, organisation and hidden copy, and all of it arrives', async ({
  desk,
  post,
}) => {
  test.slow()
  const { page } = desk
  const [own, sales] = [post.user(26).user, post.user(27).user]
  await desk.addAccount(26)
  await page.getByRole('button', { name: 'Manage accounts' }).first().click()
  const list = page.getByRole('list', { name: 'Identities' })
  await list.getByRole('button', { name: /^Person 26/ }).click()
  await fillIdentity(page, { organisation: 'Private', replyTo: '', signature: '森 遥' })
  await saveIdentity(page)
  await page.getByRole('button', { name: 'Add an identity' }).click()
  await fillIdentity(page, {
    name: '営業部 森',
    address: sales,
    organisation: '株式会社まつかぜ',
    replyTo: '受付 <desk@elsewhere.test>',
    signature: '**営業部** 森 遥',
  })
  await page.getByLabel(`Send a copy of every mail to ${sales}`).check()
  await saveIdentity(page)
  await expect(list.getByRole('listitem')).toHaveCount(2)

  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const text = composer.getByRole('textbox', { name: 'Text' })
  await expect(text).toContainText('森 遥')
  await expect(text).not.toContainText('営業部')
  await composer.getByRole('combobox', { name: 'To', exact: true }).fill(own)
  await composer.getByLabel('Subject').fill('お見積りの件')
  await composer.getByLabel('Subject').press('Enter')
  await page.keyboard.type('お世話になっております。')
  await chooseFrom(page, composer, '営業')
  await expect(text).toContainText('営業部 森 遥')
  await sendNow(page, composer)

  const [received] = await post.arrived(own)
  const raw = received?.raw ?? Buffer.alloc(0)
  const mail = await simpleParser(raw)
  expect(mail.from?.value).toEqual([{ name: '営業部 森', address: sales }])
  expect(mail.replyTo?.value).toEqual([{ name: '受付', address: 'desk@elsewhere.test' }])
  expect(libmime.decodeWords(String(mail.headers.get('organization')))).toBe('株式会社まつかぜ')
  expect(mail.text?.trimEnd()).toBe('お世話になっております。\n\n-- \n営業部 森 遥')
  expect(mail.html).toContain('<strong>営業部</strong> 森 遥')
  expect(raw.toString()).not.toMatch(/^bcc:/im)
  const [copy] = await post.arrived(sales)
  expect(withoutTrace(copy?.raw ?? Buffer.alloc(0)).equals(withoutTrace(raw))).toBe(true)
})

test('an answer is written as the identity that was written to, and says so where it is not', async ({
  desk,
  post,
}) => {
  test.slow()
  const { page } = desk
  const [own, shop] = [post.user(26).user, 'shop@elsewhere.test']
  const account = await desk.addAccount(26)
  const identity = { replyTo: [], organisation: '', copiesSelf: false }
  const signed = (words: string) => ({ text: words, html: `<p>${words}</p>` })
  await desk.call('accounts.saveIdentities', account.id, [
    { id: 'main', name: 'Person 26', address: own, ...identity, signature: signed('Just me') },
    { id: 'shop', name: 'The Shop', address: shop, ...identity, signature: signed('Your shop') },
  ])
  const asks = post.user(27).user
  await post.deliver(
    own,
    `From: Bo <${asks}>\r\nTo: ${shop}\r\nMessage-ID: <asked@elsewhere.test>\r\nSubject: Opening hours\r\n\r\nWhen?\r\n`,
  )
  await desk.call('mailbox.refresh', null)
  await place(page, 'Inbox').click()
  await page.getByRole('option', { name: /Opening hours/ }).click()
  await page
    .getByRole('button', { name: /^Reply/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const text = composer.getByRole('textbox', { name: 'Text' })
  const note = composer.getByRole('status').filter({ hasText: 'was sent to' })
  await expect(text).toContainText('Your shop')
  await expect(note).toHaveCount(0)
  await text.focus()
  await page.keyboard.type('At nine.')
  await chooseFrom(page, composer, 'Person')
  await expect(note).toContainText(`This mail was sent to ${shop}. You are answering as ${own}.`)
  await expect(text).toContainText('Just me')
  await note.getByRole('button', { name: `Answer as ${shop}` }).click()
  await expect(note).toHaveCount(0)
  await sendNow(page, composer)
  const answer = await eventually(async () => {
    const mails = await Promise.all(post.stored(asks).map(({ raw }) => simpleParser(raw)))
    return mails.find(({ subject }) => subject === 'Re: Opening hours')
  }, 20_000)
  expect(answer.from?.value).toEqual([{ name: 'The Shop', address: shop }])
  expect(answer.inReplyTo).toBe('<asked@elsewhere.test>')
  expect(answer.text).toMatch(/^At nine\.\n\nYour shop\n\nOn .* wrote:\n> When\?/)
})
