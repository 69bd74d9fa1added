/** A frozen mail and its bytes, read back by a parser of somebody else. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import libmime from 'libmime'
import { simpleParser } from 'mailparser'
import MailComposer from 'nodemailer/lib/mail-composer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  envelopeOf,
  freeze,
  parseRecipe,
  type Recipe,
  type Written,
  wireAddress,
} from '../../../main/mime/recipe.ts'
import { hashMail, mailStream, writeMail } from '../../../main/mime/write-mail.ts'
import { USUAL_OPTIONS } from '../../../shared/model.ts'

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
    // The decoder of mailparser drops the line end behind the last line.
    expect(mail.text).toBe(written.text.trimEnd())
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
    expect((mail.text ?? '').trim()).toBe('')
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
    expect((await wire(recipe)).toString()).not.toMatch(/hidden|^bcc:/im)
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
    // The form whose words are nodemailer's own work; nothing else differs in how the parts are written.
    const recipe: Recipe = { ...freeze({ ...plain, ...written }, at), version: 1 }
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
    { ...freeze(plain, at), version: 0 },
    { ...freeze(plain, at), to: ['bob@example.org'] },
  ])('a stored recipe that is none: %j', value =>
    expect(parseRecipe(value)).toEqual({ ok: false, problem: { kind: 'mail-unreadable', detail: 'recipe' } }),
  )
})

describe('a mail with formats', () => {
  const html =
    '<p>Hello <strong>Bob</strong></p><p><br></p><p>see <img src="cid:pic@1" alt="a cat" width="320"></p>'
  const picture = () => ({
    ...spooled('cat.png', 'image/png', Buffer.from('\u0089PNG', 'latin1')),
    contentId: 'pic@1',
  })

  /** The types of all parts, as they are nested. */
  const shape = (source: string) =>
    [...source.matchAll(/^Content-Type: ([a-z]+\/[a-z0-9.-]+)/gim)].map(([, type]) => type)

  test('is the words alone and the letter with its picture, and the files behind them', async () => {
    const attachments = [spooled('a.pdf', 'application/pdf', Buffer.from('%PDF')), picture()]
    const source = (await wire(freeze({ ...plain, html, attachments }, at))).toString()
    expect(shape(source)).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'multipart/related',
      'text/html',
      'image/png',
      'application/pdf',
    ])
    expect(source).toContain('Content-ID: <pic@1>')
    expect(source).toContain('Content-Disposition: inline; filename=cat.png')
    const mail = await simpleParser(source, { skipImageLinks: true })
    expect(mail.text).toBe('Hello Bob\n\nsee [a cat]')
    expect(mail.html).toContain('<div>Hello <strong>Bob</strong></div>')
    expect(mail.html).toContain('<img src="cid:pic@1" alt="a cat" width="320">')
    expect(mail.attachments.map(({ filename, related }) => [filename, related])).toEqual([
      ['cat.png', true],
      ['a.pdf', undefined],
    ])
  })

  test('is a small whole document in its own language and direction', async () => {
    const mail = await simpleParser(await wire(freeze({ ...plain, html: '<p>こんにちは</p>' }, at)))
    expect(mail.html).toMatch(/^<!DOCTYPE html>\n<html lang="ja">\n<head>\n<meta charset="utf-8">/)
    expect(mail.html).toContain('<body dir="auto">\n<div>こんにちは</div>\n</body>')
  })

  test('gives the same bytes every time, and of its JSON', async () => {
    const recipe = freeze({ ...plain, html, attachments: [picture()] }, at)
    const stored = parseRecipe(JSON.parse(JSON.stringify(recipe)))
    expect(stored).toEqual({ ok: true, value: recipe })
    expect((await wire(recipe)).equals(await wire(recipe))).toBe(true)
  })

  test('without its picture in the text any more has lost the picture; as plain text it keeps the file', async () => {
    const without = freeze({ ...plain, html: '<p>Hello</p>', attachments: [picture()] }, at)
    expect(without.attachments).toEqual([])
    const bare = freeze({ ...plain, html: null, attachments: [picture()] }, at)
    expect(bare.attachments.map(({ name, contentId }) => [name, contentId])).toEqual([['cat.png', undefined]])
  })

  test('carries nothing that a letter may not hold, whatever the page said', () => {
    const hostile =
      '<p onclick="x()">Hi<script>x()</script><style>*{}</style></p><img src="https://evil.example/p.gif" alt="pic">' +
      '<a href="javascript:x()">go</a><iframe src="//evil"></iframe><svg><script>x()</script></svg><p style="color:red">Bye</p>'
    const { html: kept, text } = freeze({ ...plain, html: hostile }, at)
    expect(kept).toBe('<p>Hi</p>\n<p>[pic]go</p>\n<p>Bye</p>')
    expect(text).toBe('Hi\n[pic]go\nBye')
  })
})

describe('what a mail asks for', () => {
  const asked = (patch: object) => freeze({ ...plain, options: { ...USUAL_OPTIONS, ...patch } }, at)

  test('priority, receipt, organisation and where answers go stand in the head', async () => {
    const recipe = freeze(
      {
        ...plain,
        organisation: '株式会社サンプル',
        replyTo: [{ name: 'Office', address: 'office@example.co.jp' }],
        options: { ...USUAL_OPTIONS, priority: 'high', wantsReadReceipt: true },
      },
      at,
    )
    const source = (await wire(recipe)).toString()
    expect(source).toContain('X-Priority: 1 (Highest)\r\n')
    expect(source).toContain('Importance: high\r\n')
    expect(source).toContain('Disposition-Notification-To: <yuki@example.co.jp>\r\n')
    expect(source).toContain('Reply-To: Office <office@example.co.jp>\r\n')
    const mail = await simpleParser(source)
    expect(libmime.decodeWords(String(mail.headers.get('organization')))).toBe('株式会社サンプル')
  })

  test('nothing asked for leaves nothing in the head', async () => {
    const source = (await wire(asked({}))).toString()
    expect(source).not.toMatch(/^(?:x-priority|importance|disposition|organization|reply-to):/im)
    expect((await wire(asked({ priority: 'low' }))).toString()).toContain('Importance: low\r\n')
  })
})

describe('a mail that was frozen by an earlier version', () => {
  const content = Buffer.from('a\nb\r\nc\xff', 'latin1')
  const row = () => ({
    version: 1,
    from: { name: '田中 幸', address: 'yuki@example.co.jp' },
    to: [{ name: 'Bob', address: 'bob@example.org' }],
    cc: [],
    bcc: [{ name: '', address: 'hidden@example.org' }],
    subject: 'お見積りの件',
    text: `Line one\n${'word '.repeat(40)}\n日本語の行\n-- \nYuki`,
    date: 1_732_417_200_000,
    messageId: '00000000-0000-4000-8000-000000000001@example.co.jp',
    boundary: '0123456789abcdef01234567',
    references: ['a@x', 'b@x'],
    attachments: [spooled('見積.bin', 'application/octet-stream', content)],
  })

  test('gives the bytes that were counted then', async () => {
    const stored = parseRecipe(row())
    if (!stored.ok) throw new Error('unreadable')
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(sha256(await wire(stored.value))).toBe(
      'b76c02d6947f36c2006e5f86eb7dd179c3e7c26b26982a7ce7f72eec04087c1b',
    )
    expect(sha256(await copy(stored.value))).toBe(
      'cea6cc9c86ca8735a710581920f6675e28de5b122742f63ee1d17c7fa71e6df9',
    )
    const ascii = { ...row(), text: `Plain ascii only, ${'word '.repeat(40)}\nshort`, attachments: [] }
    const bare = parseRecipe(ascii)
    if (!bare.ok) throw new Error('unreadable')
    expect(sha256(await wire(bare.value))).toBe(
      'a9e9c70c7a3f1959c3da2b36a6f8a394ba345f9e2d096ace7baa85d0b5645920',
    )
  })

  test('asks for no report, as nobody was asked', () => {
    const stored = parseRecipe(row())
    expect(stored.ok && stored.value.options.wantsReport).toBe(false)
  })

  test('one of a later version is refused by its number', () => {
    expect(parseRecipe({ ...row(), version: 3 })).toEqual({
      ok: false,
      problem: { kind: 'mail-unreadable', detail: 'recipe version 3' },
    })
  })
})

describe('a redirected mail', () => {
  const original = Buffer.from(
    'Received: from a by b; x\r\nFrom: Anna <anna@example.net>\r\nTo: yuki@example.co.jp\r\nMessage-ID: <1@example.net>\r\n' +
      'DKIM-Signature: v=1; b=abc\r\nSubject: =?utf-8?q?=C3=A9?=\r\n\r\nBody \xe9\r\n..\r\n',
    'latin1',
  )
  const redirected = () =>
    freeze(
      {
        ...plain,
        to: [{ name: '田中', address: 'tanaka@example.org' }],
        bcc: [{ name: '', address: 'hidden@example.org' }],
        isRedirect: true,
        attachments: [spooled('x.eml', 'message/rfc822', original)],
      },
      at,
    )

  test('is the mail as it was, below who sent it on, to whom and when', async () => {
    const recipe = redirected()
    const source = await wire(recipe)
    const [resent, rest] = [
      source.subarray(0, -original.length).toString(),
      source.subarray(-original.length),
    ]
    expect(rest.equals(original)).toBe(true)
    expect(resent.split('\r\n')).toEqual([
      'Resent-From: Yuki Tanaka <yuki@example.co.jp>',
      'Resent-To: =?UTF-8?B?55Sw5Lit?= <tanaka@example.org>',
      `Resent-Message-ID: <${recipe.messageId}>`,
      'Resent-Date: Mon, 24 Nov 2025 03:00:00 +0000',
      '',
    ])
    expect(envelopeOf(recipe).to).toEqual(['tanaka@example.org', 'hidden@example.org'])
  })

  test('names its hidden readers only in our copy', async () => {
    const recipe = redirected()
    expect((await wire(recipe)).toString()).not.toContain('hidden')
    expect((await copy(recipe)).toString()).toContain('Resent-Bcc: hidden@example.org\r\n')
  })

  test('is the same after a restart', () => {
    const recipe = redirected()
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual({ ok: true, value: recipe })
    expect(parseRecipe({ ...recipe, attachments: [] }).ok).toBe(false)
  })
})

test.each([
  ['words', 'all work and no play makes a dull day, '.repeat(2_565).slice(0, 100_000)],
  ['one word', 'x'.repeat(100_000)],
  ['Japanese', 'お世話になっております。'.repeat(8_334).slice(0, 100_000)],
  ['emoji of many parts', '👩‍👩‍👧'.repeat(12_500)],
])('a line of 100,000 characters goes out in lines and comes back whole: %s', async (_name, line) => {
  const source = await wire(freeze({ ...plain, text: line, html: `<p>${line}</p>` }, at))
  const lengths = source
    .toString('latin1')
    .split('\r\n')
    .map(each => each.length)
  // RFC 5322 section 2.1.1.
  expect(Math.max(...lengths)).toBeLessThanOrEqual(998)
  const mail = await simpleParser(source)
  expect(mail.text?.trim()).toBe(line.trim())
  // A browser shows no space at the end of a line.
  expect(mail.html).toContain(line.trim())
})
