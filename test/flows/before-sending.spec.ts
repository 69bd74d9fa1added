/** What is asked before a mail leaves: its size, its addresses, and a connection that is there when Send is pressed. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { type ScriptedSmtp, type SmtpOptions, startScriptedSmtp } from '../servers/scripted-smtp.ts'
import type { PostOffice } from '../support/flow-servers.ts'
import { accountInput, type Desk, expect, sendNow, test, write } from './desk.ts'

const PERSON = 15

/** The writer's account, sending through a server of the test. */
async function accountAt(desk: Desk, post: PostOffice, options: SmtpOptions): Promise<ScriptedSmtp> {
  const { user, password } = post.user(PERSON)
  const server = await startScriptedSmtp({}, { users: { [user]: password }, ...options })
  const input = accountInput(post, PERSON)
  await desk.call('accounts.save', {
    ...input,
    smtp: { ...input.smtp, host: '127.0.0.1', port: server.port, tls: 'none' },
  })
  return server
}

/** A picture as a camera writes it: lying on its side, with the place it was taken. */
async function photo(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width, height)
      const brush = canvas.getContext('2d')
      if (brush === null) throw new Error('no canvas')
      const picture = brush.createImageData(width, height)
      let seed = 7
      for (let at = 0; at < picture.data.length; at += 4) {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
        const grain = seed % 90
        picture.data.set([80 + grain, 60 + grain, 40 + grain, 255], at)
      }
      brush.putImageData(picture, 0, 0)
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
      const bytes = new Uint8Array(await blob.arrayBuffer())
      let binary = ''
      for (let at = 0; at < bytes.length; at += 8192)
        binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
      return btoa(binary)
    },
    [width, height] as const,
  )
  const jpeg = Buffer.from(base64, 'base64')
  return Buffer.concat([jpeg.subarray(0, 2), exif('35.6812N 139.7671E'), jpeg.subarray(2)])
}

/** An APP1 segment: Orientation 6 ("turn me to the right"), and a place as the description. */
function exif(place: string): Buffer {
  const text = Buffer.from(`${place}\0`)
  const tiff = Buffer.alloc(8 + 2 + 24 + 4)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  tiff.writeUInt16BE(2, 8)
  const entry = (at: number, tag: number, type: number, count: number) => {
    tiff.writeUInt16BE(tag, at)
    tiff.writeUInt16BE(type, at + 2)
    tiff.writeUInt32BE(count, at + 4)
  }
  entry(10, 0x010e, 2, text.length)
  tiff.writeUInt32BE(tiff.length, 18)
  entry(22, 0x0112, 3, 1)
  tiff.writeUInt16BE(6, 30)
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, text])
  const head = Buffer.from([0xff, 0xe1, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** The attachment of a mail with one file. */
function attachmentOf(data: Buffer): Buffer {
  const text = data.toString('latin1')
  const part = text.slice(text.indexOf('Content-Disposition: attachment'))
  const body = part.slice(part.indexOf('\r\n\r\n') + 4)
  return Buffer.from(body.slice(0, body.indexOf('\r\n--')), 'base64')
}

test('too big for the server: smaller pictures bring it below, upright and without their place', async ({
  desk,
  post,
}) => {
  const limit = 3_000_000
  const server = await accountAt(desk, post, { size: limit })
  const original = await photo(desk.page, 3000, 2000)
  const file = join(desk.dataDir, 'staircase.jpg')
  writeFileSync(file, original)
  expect(original.length * 1.37).toBeGreaterThan(limit)
  const letter = { to: ['weber@elsewhere.test'], subject: 'Photo', text: 'Here it is.', files: [file] }
  const composer = await write(desk.page, letter)
  await expect(composer.getByText('of 3 MB this server takes · too big')).toBeVisible()
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  const panel = desk.page.getByRole('dialog', { name: 'Too big for this server' })
  await panel.getByRole('button', { name: 'Make smaller, 1280 px' }).click()
  const fits = desk.page.getByRole('dialog', { name: 'It fits now' })
  expect(await desk.call('outbox.list')).toEqual([])
  expect(server.commands.filter(line => /^MAIL/i.test(line))).toEqual([])
  await fits.getByRole('button', { name: 'Send', exact: true }).click()
  await desk.page.getByRole('button', { name: 'Send now' }).click()
  const { data } = await server.nextMessage()
  expect(data.length).toBeLessThan(limit)
  const sent = attachmentOf(data)
  expect(sent.includes('Exif') || sent.includes('35.6812N')).toBe(false)
  const shape = await desk.page.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), letter => letter.charCodeAt(0))
    const { width, height } = await createImageBitmap(new Blob([bytes]))
    return { width, height }
  }, sent.toString('base64'))
  expect(shape).toEqual({ width: 853, height: 1280 })
  await server.stop()
})

test('too big for the server: several mails are shown, and all of them arrive', async ({ desk, post }) => {
  const limit = 2_100_000
  const server = await accountAt(desk, post, { size: limit })
  const files = ['plan-a.bin', 'plan-b.bin', 'plan-c.bin'].map((name, index) => {
    const path = join(desk.dataDir, name)
    writeFileSync(path, Buffer.alloc(700_000, index + 1))
    return path
  })
  const letter = { to: ['weber@elsewhere.test'], subject: 'Plans', text: 'All three.', files }
  const composer = await write(desk.page, letter)
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  const panel = desk.page.getByRole('dialog', { name: 'Too big for this server' })
  await expect(panel.getByText('plan-a.bin, plan-b.bin')).toBeVisible()
  await panel.getByRole('button', { name: 'Send as 2 mails' }).click()
  await expect(composer).toHaveCount(0)
  await expect.poll(async () => (await desk.call('outbox.list')).length).toBe(2)
  for (const { id } of await desk.call('outbox.list')) await desk.call('outbox.tryNow', id)
  const mails = [await server.nextMessage(), await server.nextMessage()]
  const texts = mails.map(({ data }) => data.toString('latin1'))
  expect(texts.map(text => /^Subject: (.*)$/m.exec(text)?.[1]?.trim()).sort()).toEqual([
    'Plans (1/2)',
    'Plans (2/2)',
  ])
  const names = texts.flatMap(text => [...text.matchAll(/filename=(plan-\w\.bin)/g)].map(found => found[1]))
  expect(names.sort()).toEqual(['plan-a.bin', 'plan-b.bin', 'plan-c.bin'])
  for (const { to, data, accepted } of mails) {
    expect([to, accepted, data.length <= limit]).toEqual([['weber@elsewhere.test'], true, true])
  }
  expect(await desk.call('drafts.list')).toEqual([])
  await server.stop()
})

test('an address that the server cannot carry is asked about while it is typed', async ({ desk, post }) => {
  const server = await accountAt(desk, post, { capabilities: ['8BITMIME'] })
  const composer = await write(desk.page, { to: [], subject: 'Hello', text: 'Hello' })
  const field = composer.getByRole('combobox', { name: 'To', exact: true })
  await field.fill('佐藤@elsewhere.test')
  await expect(composer.getByText('does not carry 佐藤@elsewhere.test')).toBeVisible()
  await field.press('Enter')
  await composer.getByRole('button', { name: 'Change the address' }).click()
  await expect(field).toBeFocused()
  await field.fill('sato@elsewhere.test')
  await field.press('Enter')
  await expect(composer.getByText('does not carry')).toHaveCount(0)
  await sendNow(desk.page, composer)
  expect((await server.nextMessage()).to).toEqual(['sato@elsewhere.test'])
  await server.stop()
})

test('Send of an open composer uses the connection that was made ready for it', async ({ desk, post }) => {
  const server = await accountAt(desk, post, {})
  const composer = await write(desk.page, { to: ['weber@elsewhere.test'], subject: 'Warm', text: 'Hello' })
  await server.nextCommand(/^AUTH/)
  await sendNow(desk.page, composer)
  const { session } = await server.nextMessage()
  expect(session.id).toBe(1)
  expect(server.sessions).toHaveLength(1)
  await server.stop()
})

test('closing the window while a mail is held asks first, and can let it leave', async ({ desk, post }) => {
  const server = await accountAt(desk, post, {})
  await desk.call('settings.set', { undoSeconds: 60 })
  const { page } = desk
  const composer = await write(page, { to: ['weber@elsewhere.test'], subject: 'Held', text: 'Hello' })
  await composer.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Send now' })).toBeVisible()
  await page.close({ runBeforeUnload: true })
  const question = page.getByRole('dialog', { name: 'Quit Todoke?' })
  await expect(question).toContainText('One mail has not left yet.')
  await question.getByRole('button', { name: 'Stay' }).click()
  expect(page.isClosed()).toBe(false)
  await page.close({ runBeforeUnload: true })
  await question.getByRole('button', { name: 'Send, then quit' }).click()
  expect((await server.nextMessage()).accepted).toBe(true)
  await expect.poll(() => page.isClosed()).toBe(true)
  await server.stop()
})
