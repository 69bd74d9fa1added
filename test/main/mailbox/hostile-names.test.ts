/** 60 and more names of files, as a mail gives them: saved inside the folder that the person chose, never outside. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { safeFileName, writeNewFile } from '../../../main/mailbox/attachment-file.ts'
import { readAttachment, readMail } from '../../../main/mime/read-mail.ts'
import { unusedPath } from '../../../main/shells/outside.ts'
import { fileNames } from '../../support/hostile-vectors.ts'

const house = mkdtempSync(join(tmpdir(), 'todoke-names-'))
const folder = join(house, 'a', 'chosen')
beforeAll(() => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(house, 'x'), 'untouched')
  writeFileSync(join(house, 'a', 'x'), 'untouched')
})
afterAll(() => rmSync(house, { recursive: true, force: true }))

const outside = () => [readdirSync(house), readdirSync(join(house, 'a'))]

/** The name as it comes out of a mail: encoded whole, as a program that means it would. */
async function nameInMail(name: string): Promise<string> {
  const encoded = [...Buffer.from(name)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const source = Buffer.from(
    `Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b\r\n` +
      `Content-Disposition: attachment; filename*=UTF-8''${encoded}\r\n\r\nbytes\r\n--b--\r\n`,
  )
  const { attachments } = await readMail(source)
  return (await readAttachment(source, attachments[0]?.partId ?? ''))?.name ?? ''
}

test('there are enough of them', () => {
  expect(new Set(fileNames).size).toBeGreaterThanOrEqual(60)
})

test('each is saved inside of the folder, as a plain file of its own, and nothing outside changes', async () => {
  const before = outside()
  for (const name of fileNames) {
    const suggested = safeFileName(await nameInMail(name))
    // What a dialog joins to the folder must be one part of a path by itself.
    expect(dirname(join(folder, suggested)), JSON.stringify(name)).toBe(folder)
    expect(
      /[/\\:\p{Cc}\u200b-\u200f\u202a-\u202e\u2066-\u2069]|^\.|[. ]$/u.test(suggested),
      JSON.stringify(name),
    ).toBe(false)
    const path = unusedPath(folder, suggested)
    expect(dirname(path), JSON.stringify(name)).toBe(folder)
    expect((await writeNewFile(path, Buffer.from('bytes'))).ok, JSON.stringify(name)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  }
  expect(readdirSync(folder)).toHaveLength(fileNames.length)
  expect(outside()).toEqual(before)
  console.info(`hostile names: ${fileNames.length} saved, outside of the folder 0`)
})
