/** The composer's meter against the mail that is really written. */

import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freeze } from '../../main/mime/recipe.ts'
import { hashMail, writeMail } from '../../main/mime/write-mail.ts'
import { base64Size, mailSize } from '../../shared/mail-size.ts'

const folder = mkdtempSync(join(tmpdir(), 'todoke-size-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, bytes: number) {
  const data = randomBytes(bytes)
  const sha256 = createHash('sha256').update(data).digest('hex')
  writeFileSync(join(folder, sha256), data)
  return { name, type: 'application/pdf', bytes, sha256 }
}

const yuki = { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' }
const tanaka = { name: '田中 由紀', address: 'tanaka@example.jp' }

test.each([
  ['a short line', 'Hello,\n\nsee you on Monday.\n', []],
  ['nothing at all', '', []],
  ['a long paragraph', 'All work and no play makes a dull day. '.repeat(400), []],
  ['Japanese', 'お世話になっております。資料をお送りします。\n'.repeat(200), []],
  ['German', 'Schöne Grüße aus München, bis nächste Woche!\n'.repeat(100), []],
  ['a small file', 'see file', [file('a.pdf', 1_000)]],
  [
    'files of all remainders',
    'see files',
    [file('a.pdf', 99_999), file('b.pdf', 100_000), file('c.pdf', 57)],
  ],
  ['a big file of a Japanese name', 'see file', [file('請求書 2026年11月.pdf', 3_000_001)]],
] as const)('%s: within two parts of a hundred and 600 bytes', async (_what, text, attachments) => {
  const written = {
    from: yuki,
    to: [tanaka, yuki],
    cc: [yuki],
    bcc: [tanaka],
    subject: '打ち合わせの件',
    text,
    references: ['abc@example.org', 'def@example.org'],
    attachments: [...attachments],
  }
  const mail = await hashMail(
    writeMail(freeze(written, 0), { for: 'wire', openPath: sha => join(folder, sha) }),
  )
  if (!mail.ok) throw new Error('not written')
  const { bytes } = mail.value
  expect(Math.abs(mailSize(written) - bytes)).toBeLessThan(600 + bytes * 0.02)
})

test('base64 counts its padding and its line ends', () => {
  expect([0, 1, 3, 57, 58].map(base64Size)).toEqual([0, 6, 6, 78, 84])
})
