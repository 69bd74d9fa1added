/** A frozen mail and its bytes, read back by a parser of somebody else. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  envelopeOf,
  freeze,
  hashMail,
  mailStream,
  parseRecipe,
  type Recipe,
  type Written,
  wireAddress,
  writeMail,
} from '../../../main/mime/write-mail.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-write-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const at = Date.UTC(2025, 10, 24, 3, 0, 0, 123)
const plain: Written = {
  from: { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' },
  to: [{ name: '', address: 'bob@example.org' }],
  cc: [],
  bcc: [],
  subject: 'Hello',
  text: 'Hi Bob',
  references: [],
  attachments: [],
}

/** Lies in the spool as the drafts would have put it there. */
function spooled(name: string, type: string, content: Buffer) {
  const sha256 = createHash('sha256').update(content).digest('hex')
  writeFileSync(join(folder, sha256), content)
  return { name, type, bytes: content.length, sha256 }
}
const openPath = (sha256: string) => join(folder, sha256)

async function all(mail: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of mail) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const wire = (recipe: Recipe) => all(writeMail(recipe, { for: 'wire', openPath }))
const copy = (recipe: Recipe) => all(writeMail(recipe, { for: 'sent-copy', openPath }))

describe('the same bytes', () => {
  test('come of one recipe every time, and of its JSON', async () => {
    const attachment = spooled('data.bin', 'application/octet-stream', Buffer.alloc(300_000, 7))
    const recipe = freeze({ ...plain, text: 'こんにちは', attachments: [attachment] }, at)
    const first = await wire(recipe)
    const stored = parseRecipe(JSON.parse(JSON.stringify(recipe)))
    expect(stored.ok && (await wire(stored.value)).equals(first)).toBe(true)
    const hashed = await hashMail(writeMail(recipe, { for: 'wire', openPath }))
    expect(hashed).toEqual({
      ok: true,
      value: { sha256: createHash('sha256').update(first).digest('hex'), bytes: first.length },
    })
  })

  test('have CRLF line ends only, end with one, and hold no 8-bit byte', async () => {
    const text = 'one\ntwo\r\nthree\rfour\n.\n..five\nü'
    for (const mail of [freeze({ ...plain, text }, at), freeze({ ...plain, text: '.\n.' }, at)]) {
      const bytes = (await wire(mail)).toString('latin1')
      expect(bytes).not.toMatch(/[^\r]\n|\r[^\n]|[\u0080-\u00ff]/)
      expect(bytes.endsWith('\r\n')).toBe(true)
    }
  })

  test('differ between two freezings of the same words, in Message-ID and boundary', () => {
    const [one, two] = [freeze(plain, at), freeze(plain, at)]
    expect(one.messageId).not.toBe(two.messageId)
    expect(one.boundary).not.toBe(two.boundary)
    expect(one.messageId).toMatch(/^[0-9a-f-]{36}@example\.co\.jp$/)
  })
})

describe('what arrives is what was written', () => {
  test('subject, text, names and file names in Japanese', async () => {
    const attachment = spooled('見積書 2025年度 "最終" ver.2.pdf', 'application/pdf', Buffer.from('%PDF'))
    const written = {
      ...plain,
      from: { name: '田中 幸', address: 'yuki@example.co.jp' },
      to: [{ name: '山田, 太郎 "T"', address: 'taro@example.jp' }],
      cc: [{ name: 'Müller', address: 'm@example.org' }],
      subject: 'お見積りの件 ― とても長い件名なので折り返されるはずです、たぶん二回も三回も',
      text: '一行目\n.二行目\n',
      attachments: [attachment],
    }
    const source = await wire(freeze(written, at))
    const mail = await simpleParser(source)
    expect(mail.subject).toBe(written.subject)
    expect(mail.text).toBe(written.text)
    expect(mail.date?.getTime()).toBe(Math.floor(at / 1000) * 1000)
    expect(mail.from?.value).toEqual([written.from])
    expect([mail.to].flat()[0]?.value).toEqual(written.to)
    expect(mail.attachments[0]?.filename).toBe(attachment.name)
    expect(mail.attachments[0]?.content.toString()).toBe('%PDF')
    const head = source.toString('latin1')
    expect(head).toMatch(/filename\*0\*=utf-8''/)
    expect(head).toMatch(/name="=\?UTF-8\?B\?/)
  })

  test('a decomposed file name is composed', async () => {
    const attachment = spooled('パス.txt'.normalize('NFD'), 'text/plain', Buffer.from('a\nb'))
    const mail = await simpleParser(await wire(freeze({ ...plain, attachments: [attachment] }, at)))
    expect(mail.attachments[0]?.filename).toBe('パス.txt'.normalize('NFC'))
    expect(mail.attachments[0]?.content.toString()).toBe('a\nb')
  })

  test('an attached mail comes over byte by byte, whatever its line ends', async () => {
    const content = Buffer.from('Subject: x\nX: \xff\r\n\nbody\rend', 'latin1')
    const attachment = spooled('x.eml', 'message/rfc822', content)
    const mail = await simpleParser(await wire(freeze({ ...plain, attachments: [attachment] }, at)))
    expect(mail.attachments[0]?.content.equals(content)).toBe(true)
  })

  test('an empty text with one attachment is still a text with one attachment', async () => {
    const attachment = spooled('a.txt', 'text/plain', Buffer.from('file'))
    const mail = await simpleParser(await wire(freeze({ ...plain, text: '', attachments: [attachment] }, at)))
    expect(mail.text?.trim()).toBe('')
    expect(mail.attachments).toHaveLength(1)
  })

  test('a thread is named, and ids that could break a header are left out', async () => {
    const references = ['a@x', 'evil\r\nBcc: z@example.org', 'b@x']
    const source = (await wire(freeze({ ...plain, references }, at))).toString()
    expect(source).toContain('In-Reply-To: <b@x>\r\nReferences: <a@x> <b@x>\r\n')
    expect(source).not.toContain('z@example.org')
    const many = freeze({ ...plain, references: Array.from({ length: 80 }, (_, index) => `${index}@x`) }, at)
    expect(many.references).toHaveLength(50)
    expect([many.references[0], many.references.at(-1)]).toEqual(['0@x', '79@x'])
  })
})

test('whatever is typed or pasted becomes a mail that says it, with lawful lines', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 300 })
  const line = anything.map(text => text.replace(/[\u0000\r\n]/g, ''))
  await fc.assert(
    fc.asyncProperty(line, line, anything, line, async (name, subject, text, fileName) => {
      const attachment = { ...spooled('x', 'text/plain', Buffer.from('x')), name: fileName || 'x' }
      const to = [{ name, address: 'bob@example.org' }]
      const written = {
        ...plain,
        to,
        subject,
        text: text.replaceAll('\u0000', ''),
        attachments: [attachment],
      }
      const source = await wire(freeze(written, at))
      expect(source.toString('latin1')).not.toMatch(/[^\r]\n|\r[^\n]|[\u0080-\u00ff]/)
      expect(
        Math.max(
          ...source
            .toString()
            .split('\r\n')
            .map(({ length }) => length),
        ),
      ).toBeLessThan(999)
      const mail = await simpleParser(source)
      expect(mail.attachments).toHaveLength(1)
      expect([mail.to].flat().flatMap(group => group?.value.map(one => one.address))).toEqual([
        'bob@example.org',
      ])
      const said = (mail.text ?? '').replace(/\n$/, '')
      const wanted = written.text
        .toWellFormed()
        .replace(/\r\n|\r/g, '\n')
        .replace(/\n$/, '')
      if (wanted.trim() !== '') expect(said).toBe(wanted)
    }),
    { numRuns: 60 },
  )
})

describe('chips, RCPT and headers are the same people', () => {
  test('each once, in the order To, Cc, Bcc', () => {
    const bob = { name: 'Bob', address: 'bob@example.org' }
    const recipe = freeze(
      {
        ...plain,
        to: [bob, { name: '', address: 'BOB@example.org' }],
        cc: [bob],
        bcc: [{ name: '', address: 'c@x.org' }],
      },
      at,
    )
    expect(envelopeOf(recipe)).toEqual({ from: 'yuki@example.co.jp', to: ['bob@example.org', 'c@x.org'] })
  })

  test('a name never becomes a recipient, whatever is in it', async () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 40 }).map(text => text.replace(/[\u0000\r\n]/g, ''))
    await fc.assert(
      fc.asyncProperty(name, async some => {
        const odd = `${some}\u2028x <evil@example.net>, evil2@example.net; "`
        const recipe = freeze({ ...plain, to: [{ name: odd, address: 'bob@example.org' }] }, at)
        expect(envelopeOf(recipe).to).toEqual(['bob@example.org'])
        const mail = await simpleParser(await wire(recipe))
        expect([mail.to].flat().flatMap(group => group?.value.map(one => one.address))).toEqual([
          'bob@example.org',
        ])
      }),
      { numRuns: 40 },
    )
  })

  test('an international domain is ASCII in header and envelope alike', async () => {
    const recipe = freeze({ ...plain, to: [{ name: '', address: 'hans@bücher.example' }] }, at)
    expect(envelopeOf(recipe).to).toEqual(['hans@xn--bcher-kva.example'])
    expect((await wire(recipe)).toString()).toContain('To: hans@xn--bcher-kva.example\r\n')
    expect(wireAddress('用户@例子.公司')).toBe('用户@例子.公司')
  })
})

describe('Bcc', () => {
  const recipe = freeze({ ...plain, bcc: [{ name: 'Hidden', address: 'hidden@example.org' }] }, at)

  test('is nowhere in the bytes for the wire', async () => {
    expect((await wire(recipe)).toString()).not.toMatch(/hidden|bcc/i)
    expect(envelopeOf(recipe).to).toContain('hidden@example.org')
  })

  test('stands in the Sent copy, which differs in nothing else', async () => {
    const kept = (await copy(recipe)).toString()
    expect(kept).toContain('Bcc: Hidden <hidden@example.org>\r\n')
    expect(kept.replace('Bcc: Hidden <hidden@example.org>\r\n', '')).toBe((await wire(recipe)).toString())
  })

  test('alone leaves a mail to undisclosed recipients', async () => {
    const source = (await wire(freeze({ ...recipe, to: [] }, at))).toString()
    expect(source).toContain('To: Undisclosed recipients:;\r\n')
  })
})

/** Everything by nodemailer's own stream, as mails were written before their bytes were our work. */
function byComposer(recipe: Recipe): Readable {
  const composer = new MailComposer({
    from: recipe.from,
    to: [...recipe.to],
    cc: [...recipe.cc],
    subject: recipe.subject,
    messageId: recipe.messageId,
    date: new Date(recipe.date),
    text: recipe.text === '' ? '\r\n' : recipe.text.replace(/\r\n|\r|\n/g, '\r\n'),
    attachments: recipe.attachments.map(({ name, type, sha256 }) => ({
      filename: name,
      contentType: type,
      contentDisposition: 'attachment',
      contentTransferEncoding: 'base64',
      content: Readable.from([readFileSync(openPath(sha256))], { objectMode: false }),
    })),
    baseBoundary: recipe.boundary,
    newline: 'windows',
  })
  return composer.compile().createReadStream()
}

describe('the bytes are those of MailComposer, to the last', () => {
  const same = async (written: Partial<Written>) => {
    const recipe = freeze({ ...plain, ...written }, at)
    const [ours, theirs] = [await wire(recipe), await all(byComposer(recipe))]
    expect(ours.toString('latin1')).toBe(theirs.toString('latin1'))
  }
  const line = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('', '.', '..', 'From x', '   ', '\t', '\r', 'こんにちは、世界', '=3D', 'é'.repeat(100)),
  )
  const text = fc.array(line, { maxLength: 30 }).map(lines => lines.join('\n'))

  test('for any text, subject and name', async () => {
    await fc.assert(
      fc.asyncProperty(text, line, line, (body, subject, name) =>
        same({ text: body, subject, to: [{ name, address: 'bob@example.org' }] }),
      ),
      { numRuns: 300 },
    )
  })

  test('for a text that is longer than any piece, in all three encodings', async () => {
    for (const words of [
      'all work and no play\n',
      'größer als größer \n',
      '働けど働けど猶\n',
      'word '.repeat(99),
    ]) {
      await same({ text: words.repeat(30_000) })
      await same({ text: words.repeat(3_500), attachments: [spooled('a', 'text/plain', Buffer.from('b'))] })
    }
  })

  test('for attachments of every length about a line and about a piece, one and several', async () => {
    const lengths = [
      0,
      1,
      2,
      3,
      56,
      57,
      58,
      113,
      114,
      115,
      65_536,
      57 * 1024 - 1,
      57 * 1024,
      57 * 1024 + 1,
      600_000,
    ]
    const files = lengths.map((length, index) => {
      const content = Buffer.alloc(length, `${index} and more `)
      return spooled(`ファイル ${index}.bin`, index % 2 === 0 ? 'text/html' : 'image/png', content)
    })
    for (const file of files) await same({ attachments: [file] })
    await same({ attachments: files })
  })
})

describe('what breaks the stream', () => {
  test('an attachment that is gone, by its name', async () => {
    const attachment = { name: 'gone.pdf', type: 'application/pdf', bytes: 3, sha256: 'f'.repeat(64) }
    const answer = await hashMail(
      writeMail(freeze({ ...plain, attachments: [attachment] }, at), { for: 'wire', openPath }),
    )
    expect(answer).toEqual({ ok: false, problem: { kind: 'attachment-missing', name: 'gone.pdf' } })
  })

  test('an attachment that has another length than when it was attached', async () => {
    const attachment = { ...spooled('cut.bin', 'application/octet-stream', Buffer.from('abc')), bytes: 4 }
    const answer = await hashMail(
      writeMail(freeze({ ...plain, attachments: [attachment] }, at), { for: 'wire', openPath }),
    )
    expect(answer).toEqual({ ok: false, problem: { kind: 'attachment-unreadable', name: 'cut.bin' } })
  })

  test('nobody reading on: no file stays open and nothing is thrown', async () => {
    const attachment = spooled('big.bin', 'application/octet-stream', Buffer.alloc(2_000_000))
    const mail = mailStream(freeze({ ...plain, attachments: [attachment] }, at), { for: 'wire', openPath })
    mail.once('error', () => {})
    await new Promise<void>(resolve => mail.once('data', () => resolve()))
    await new Promise<void>(resolve => mail.once('close', () => resolve()).destroy())
    expect(mail.destroyed).toBe(true)
  })

  test.each([
    null,
    7,
    {},
    { ...freeze(plain, at), version: 2 },
    { ...freeze(plain, at), to: ['bob@example.org'] },
  ])('a stored recipe that is none: %j', value =>
    expect(parseRecipe(value)).toEqual({ ok: false, problem: { kind: 'mail-unreadable', detail: 'recipe' } }),
  )
})
