/** How an attached mail travels: as it is, or as a file. */

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { carriedAs } from '../../../main/mime/carriage.ts'
import { freeze } from '../../../main/mime/recipe.ts'
import { writeMail } from '../../../main/mime/write-mail.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-carriage-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const openPath = (sha256: string) => join(folder, sha256)
const spooled = (content: string, type = 'message/rfc822') => {
  const bytes = Buffer.from(content, 'latin1')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  writeFileSync(openPath(sha256), bytes)
  return { name: 'mail.eml', type, bytes: bytes.length, sha256 }
}
const encodingOf = async (content: string, takes8bit = false) =>
  (await carriedAs([spooled(content)], openPath, takes8bit))[0]?.encoding

const MAIL = 'Subject: x\r\n\r\nbody\r\n'

describe('an attached mail goes as it is', () => {
  test.each([
    ['seven bits and lawful lines', MAIL, '7bit'],
    ['a line of 998 characters', `A: b\r\n\r\n${'x'.repeat(998)}\r\n`, '7bit'],
    ['without a line end behind its last line', 'A: b\r\n\r\nx', '7bit'],
  ])('%s', async (_, content, encoding) => expect(await encodingOf(content)).toBe(encoding))

  test('with eight bits only to a server that takes them', async () => {
    const content = 'Subject: \xe9\r\n\r\nbody\r\n'
    expect(await encodingOf(content, true)).toBe('8bit')
    expect(await encodingOf(content, false)).toBeUndefined()
  })
})

describe('an attached mail goes as a file', () => {
  test.each([
    ['a line of 999 characters', `A: b\r\n\r\n${'x'.repeat(999)}\r\n`],
    ['a lone line feed', 'A: b\n\nx\r\n'],
    ['a lone carriage return', 'A: b\rc\r\n\r\n'],
    ['a carriage return at its end', 'A: b\r\n\r\nx\r'],
    ['a NUL', 'A: b\r\n\r\n\0\r\n'],
  ])('where it holds %s', async (_, content) => expect(await encodingOf(content, true)).toBeUndefined())
})

test('what is no mail is never looked into', async () => {
  const [carried] = await carriedAs([spooled(MAIL, 'text/plain')], openPath, true)
  expect(carried).not.toHaveProperty('encoding')
})

test('either way its octets arrive, under a type that allows for how they came', async () => {
  for (const content of [MAIL, 'Subject: \xe9\r\n\r\nbody\r\n', 'A: b\n\nx']) {
    const attachments = await carriedAs([spooled(content)], openPath, true)
    const written = {
      from: { name: '', address: 'a@example.org' },
      to: [{ name: '', address: 'b@example.org' }],
      cc: [],
      bcc: [],
      subject: 'Fwd',
      text: 'see below',
      references: [],
      attachments,
    }
    const chunks: Buffer[] = []
    for await (const chunk of writeMail(freeze(written, 0), { for: 'wire', openPath })) chunks.push(chunk)
    const source = Buffer.concat(chunks)
    const isPlain = attachments[0]?.encoding !== undefined
    expect(source.includes('Content-Type: message/rfc822')).toBe(isPlain)
    const [attachment] = (await simpleParser(source)).attachments
    expect(attachment?.content.toString('latin1')).toBe(content)
    expect(attachment?.filename).toBe('mail.eml')
  }
})
