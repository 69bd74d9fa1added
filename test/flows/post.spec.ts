/** A mail goes from the window to a real inbox, and one comes in: on Dovecot and Postfix. */

import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { expect, place, sendNow, test, withoutTrace, write } from './desk.ts'

const SUBJECT = '見積書送付の件 ― 11月分'
const FILE_NAME = '御見積書（2026年11月）.pdf'
const TEXT = 'お世話になっております。\n見積書をお送りします。\n\n.点で始まる行\nよろしくお願いします。'

for (const [kind, from, to] of [
  ['imap', 1, 2],
  ['pop3', 3, 4],
] as const) {
  test(`a Japanese mail with a 5 MB file arrives byte for byte and lies once in Sent (${kind})`, async ({
    desk,
    post,
  }) => {
    test.slow()
    const { page } = desk
    const sender = post.user(from).user
    const recipient = post.user(to).user
    await desk.addAccount(from, kind)
    const attached = randomBytes(5 * 1024 * 1024)
    const file = join(desk.dataDir, FILE_NAME)
    writeFileSync(file, attached)

    const composer = await write(page, { to: [recipient], subject: SUBJECT, text: TEXT, files: [file] })
    await sendNow(page, composer)
    const [received] = await post.arrived(recipient)
    if (received === undefined) throw new Error('nothing arrived')

    // The frozen bytes, as the program itself saves them.
    const [item] = await desk.call('outbox.list')
    const { savedAs } = await desk.call('outbox.saveAs', item?.id ?? '')
    const frozen = readFileSync(savedAs ?? '')
    expect(withoutTrace(received.raw).equals(frozen)).toBe(true)

    const mail = await simpleParser(received.raw)
    expect(mail.subject).toBe(SUBJECT)
    expect(mail.text?.trimEnd()).toBe(TEXT)
    expect(mail.from?.value[0]?.address).toBe(sender)
    expect(mail.attachments.map(attachment => attachment.filename)).toEqual([FILE_NAME])
    expect(sha256(mail.attachments[0]?.content ?? Buffer.alloc(0))).toBe(sha256(attached))

    await place(page, 'Sent').click()
    const row = page.getByRole('listbox').getByRole('option')
    // Of a new server nobody knows whether it files the copy itself: it is given half a minute.
    await expect(row).toHaveCount(1, { timeout: 45_000 })
    await expect(row).toContainText(SUBJECT)
    await row.click()
    const way = page.getByRole('region', { name: 'The way of this mail' })
    await expect(way).toContainText('Handed over')
    await expect(way).toContainText('queued as')
    await expect(way).toContainText('TLS 1.3')
    if (kind === 'imap') {
      const copies = await post.arrived(sender, 'Sent')
      expect(copies).toHaveLength(1)
      expect(copies[0]?.raw.equals(frozen)).toBe(true)
    } else {
      expect(post.stored(sender, 'Sent')).toHaveLength(0)
    }
    expect((await post.arrived(recipient)).length).toBe(1)
    await expect(way).toContainText(kind === 'imap' ? 'Todoke filed it in' : 'on this computer')
  })
}

test('hidden recipients get the mail and appear nowhere in it', async ({ desk, post }) => {
  test.slow()
  const [seen, hidden] = [post.user(6).user, post.user(7).user]
  await desk.addAccount(5)
  const composer = await write(desk.page, {
    to: [seen],
    bcc: [hidden],
    subject: 'To you and to nobody else',
    text: 'Hello',
  })
  await sendNow(desk.page, composer)
  for (const user of [seen, hidden]) {
    const [mail] = await post.arrived(user)
    expect(mail?.raw.toString()).not.toContain(hidden.replace(/@.*/, '@todoke.test>, '))
    expect(withoutTrace(mail?.raw ?? Buffer.alloc(0)).toString()).not.toContain(hidden)
  }
  // Only the writer's own copy remembers them.
  const sender = post.user(5).user
  await expect.poll(() => post.stored(sender, 'Sent').length, { timeout: 45_000 }).toBe(1)
  const [copy] = await post.arrived(sender, 'Sent')
  expect(copy?.raw.toString()).toMatch(new RegExp(`^Bcc: .*${hidden}`, 'm'))
})

test('a mail shows up in the inbox by itself within two seconds, and its HTML is inert', async ({
  desk,
  post,
}) => {
  const { page } = desk
  const me = post.user(8).user
  await desk.addAccount(8)
  await expect(page.getByRole('navigation')).toContainText('All accounts up to date')
  const asked: string[] = []
  page.context().on('request', request => asked.push(request.url()))
  page.on('dialog', dialog => {
    asked.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })

  const arrives = page.getByRole('option').filter({ hasText: '特別なお知らせ' })
  const started = Date.now()
  await post.deliver(me, hostileMail(me))
  await arrives.waitFor()
  expect(Date.now() - started).toBeLessThan(2_000)

  await arrives.click()
  const letter = page.frameLocator('iframe')
  await expect(letter.getByText('読める本文')).toBeVisible()
  await expect(page.getByText(/pictures? from the internet (was|were) not loaded/)).toBeVisible()
  expect(await letter.locator('script, form, iframe, object, [onerror], [onclick]').count()).toBe(0)
  await letter.getByText('click me').click()
  expect(asked.filter(url => !url.startsWith('https://todoke') && !url.startsWith('data:'))).toEqual([])
})

test('read here is read on the server, and read elsewhere is read here', async ({ desk, post }) => {
  const { page } = desk
  const me = post.user(9).user
  await desk.addAccount(9)
  await post.deliver(me, `From: a@elsewhere.test\r\nTo: ${me}\r\nSubject: Please read\r\n\r\nHello\r\n`)
  const row = page.getByRole('option').filter({ hasText: 'Please read' })
  await row.click()
  await expect
    .poll(() => post.stored(me)[0]?.flags, { message: 'the flag goes to the server' })
    .toContain('\\Seen')
  await page.keyboard.press('e')
  await expect(row).toHaveCount(0)
  await post.arrived(me, 'Archive')
  // The server copies first and takes the other away then.
  await expect.poll(() => post.stored(me).length).toBe(0)
})

test('attachments are saved under a safe name and never over another file', async ({ desk, post }) => {
  const { page } = desk
  const me = post.user(10).user
  await desk.addAccount(10)
  await post.deliver(me, attachmentMail(me))
  await page.getByRole('option').filter({ hasText: 'Two files' }).click()
  const save = page.getByRole('button', { name: /^Save .*passwd/ })
  await save.click()
  await expect(page.getByText(/Saved as/).first()).toBeVisible()
  await save.click()
  await expect.poll(() => readdirSync(desk.savesTo).length).toBe(2)
  for (const name of readdirSync(desk.savesTo)) {
    expect(name).not.toMatch(/[/\\]|^\./)
    expect(readFileSync(join(desk.savesTo, name), 'utf8')).toBe('not yours\r\n')
  }
})

test('a mail is saved as .eml, byte for byte as it came', async ({ desk, post }) => {
  const { page } = desk
  const me = post.user(43).user
  await desk.addAccount(43)
  await post.deliver(me, attachmentMail(me))
  await page.getByRole('option').filter({ hasText: 'Two files' }).click()
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Save as .eml' }).click()
  await expect(page.getByText('Saved as').first()).toBeAttached()
  const [name = ''] = readdirSync(desk.savesTo)
  expect(name).toMatch(/^Two files.*\.eml$/)
  const [stored] = post.stored(me)
  expect(sha256(readFileSync(join(desk.savesTo, name)))).toBe(sha256(stored?.raw ?? Buffer.alloc(0)))
})

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function hostileMail(to: string): string {
  return [
    'From: =?UTF-8?B?5bqD5ZGK?= <ad@elsewhere.test>',
    `To: ${to}`,
    'Subject: =?ISO-2022-JP?B?GyRCRkNKTCRKJCpDTiRpJDsbKEI=?=',
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>読める本文</p><script>alert(1)</script><img src="https://tracker.elsewhere.test/pixel.gif">',
    '<img src=x onerror="alert(2)"><form action="https://elsewhere.test/"><input name=p></form>',
    '<style>@import url(https://elsewhere.test/a.css); body { background: url(https://elsewhere.test/b.png) }</style>',
    '<link rel=stylesheet href="https://elsewhere.test/c.css"><iframe src="https://elsewhere.test/"></iframe>',
    '<meta http-equiv=refresh content="0;url=https://elsewhere.test/d"><a href="javascript:alert(3)">click me</a>',
    '',
  ].join('\r\n')
}

function attachmentMail(to: string): string {
  return [
    'From: a@elsewhere.test',
    `To: ${to}`,
    'Subject: Two files',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'See attached.',
    '--x',
    'Content-Type: text/plain; name="../../etc/passwd"',
    'Content-Disposition: attachment; filename="../../etc/passwd"',
    '',
    'not yours',
    '',
    '--x--',
    '',
  ].join('\r\n')
}
