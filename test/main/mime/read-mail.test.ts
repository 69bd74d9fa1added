import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, test } from 'vitest'
import { previewOfPart, readAttachment, readMail, scanHead } from '../../../main/mime/read-mail.ts'
import { freeze } from '../../../main/mime/recipe.ts'
import { writeMail } from '../../../main/mime/write-mail.ts'

const bytes = (base64: string) => Buffer.from(base64, 'base64')
/** "お世話になっております。明日の会議、よろしくお願いします。" */
const japanese: Record<string, Buffer> = {
  'iso-2022-jp': bytes(
    'GyRCJCpAJE9DJEskSiRDJEYkKiRqJF4kOSEjTEBGfCROMnE1RCEiJGgkbSQ3JC8kKjRqJCQkNyReJDkhIxsoQg==',
  ),
  shift_jis: bytes('gqiQophigsmCyILBgsSCqILogtyCt4FClr6T+oLMie+LY4FBguaC64K1gq2CqIrogqKCtYLcgreBQg=='),
  'euc-jp': bytes('pKrApM/DpMukyqTDpMakqqTqpN6kuaGjzMDG/KTOsvG1xKGipOik7aS3pK+kqrTqpKSkt6TepLmhow=='),
  'utf-8': Buffer.from('お世話になっております。明日の会議、よろしくお願いします。'),
}
const text = 'お世話になっております。明日の会議、よろしくお願いします。'

/** Lines joined with CRLF, a Buffer put between them as it is. */
function source(...lines: (string | Buffer)[]): Buffer {
  return Buffer.concat(lines.flatMap(line => [Buffer.from(line), Buffer.from('\r\n')]))
}

describe('Japanese mails', () => {
  test.each(Object.keys(japanese))('a body in %s is read, however it is packed', async charset => {
    const body = japanese[charset] as Buffer
    const type = `Content-Type: text/plain; charset="${charset}"`
    const plain = source('Subject: x', type, 'Content-Transfer-Encoding: 8bit', '', body)
    const packed = source(
      'Subject: x',
      type,
      'Content-Transfer-Encoding: base64',
      '',
      body.toString('base64'),
    )
    for (const mail of [plain, packed]) {
      const read = await readMail(mail)
      expect(read.text.trim()).toBe(text)
      expect(read.isDamaged).toBe(false)
      expect(scanHead(mail).preview).toBe(text)
      expect((await simpleParser(mail)).text?.trim()).toBe(text)
    }
  })

  test.each(Object.keys(japanese))('a body in %s without any charset is guessed', async charset => {
    const mail = source('Subject: x', '', japanese[charset] as Buffer)
    expect((await readMail(mail)).text.trim()).toBe(text)
    expect(scanHead(mail).preview).toBe(text)
  })

  test('a body that says UTF-8 and is Shift_JIS is read all the same', async () => {
    const mail = source('Content-Type: text/plain; charset=utf-8', '', japanese.shift_jis as Buffer)
    expect((await readMail(mail)).text.trim()).toBe(text)
  })

  test('vendor names of charsets are understood', async () => {
    for (const [name, charset] of [
      ['cp932', 'shift_jis'],
      ['windows-31j', 'shift_jis'],
      ['x-sjis', 'shift_jis'],
      ['eucJP', 'euc-jp'],
    ] as const) {
      const mail = source(`Content-Type: text/plain; charset=${name}`, '', japanese[charset] as Buffer)
      expect((await readMail(mail)).text.trim()).toBe(text)
      expect(scanHead(mail).preview).toBe(text)
    }
  })

  test('subjects come right: encoded, cut inside a character, raw in any charset', () => {
    const subject = '件名：届けの確認'
    const encoded = [
      '=?ISO-2022-JP?B?GyRCN29MPiEnRk8kMSROM05HJxsoQg==?=',
      '=?shift_jis?B?jI+WvIFGk82Cr4LMim2URg==?=',
      '=?UTF-8?B?5Lu25ZCN77ya5Q==?= =?UTF-8?B?sYrjgZHjga7norroqo0=?=',
    ]
    for (const value of encoded) expect(scanHead(source(`Subject: ${value}`, '')).subject).toBe(subject)
    for (const raw of ['GyRCN29MPiEnRk8kMSROM05HJxsoQg==', 'jI+WvIFGk82Cr4LMim2URg==']) {
      const mail = source(Buffer.concat([Buffer.from('Subject: '), bytes(raw)]), '')
      expect(scanHead(mail).subject).toBe(subject)
    }
  })

  test('subjects come right: a vendor name of the charset, a wrong one, half-width kana, a language, an end that is missing', () => {
    const half = 'GyhJQz1EGyRCJE4bKEk2RRsoQg=='
    const [euc, sjis, utf8] = ['xs+ksaTOs87Hp6THpLk=', 'k82Cr4LMim2URoLFgrc=', '5bGK44GR44Gu56K66KqN44Gn44GZ']
    const cases: [word: string, subject: string][] = [
      ...['ISO-2022-JP', 'ISO-2022-JP-MS', 'cp50221'].map((label): [string, string] => [
        `=?${label}?B?${half}?=`,
        'ﾃｽﾄのｶﾅ',
      ]),
      ['=?cp932?B?h0CHQYeK7uA=?=', '①②㈱髙'],
      [`=?UTF-8?B?${sjis}?=`, '届けの確認です'],
      [`=?UTF-8?B?${euc}?=`, '届けの確認です'],
      [`=?ISO-2022-JP?B?${utf8}?=`, '届けの確認です'],
      [`=?us-ascii?B?${utf8}?=`, '届けの確認です'],
      [`=?UTF-8*ja?B?${utf8}?=`, '届けの確認です'],
      [`Re: =?UTF-8?B?${utf8}`, 'Re: 届けの確認です'],
      [`Re: =?UTF-8?B?${utf8}?`, 'Re: 届けの確認です'],
      ['=?UTF-8?Q?=E5=B1=8A=E3=81?= =?UTF-8?Q?=91=E3=81=AE?=', '届けの'],
      ['=?utf-7?B?K0FEdy1zY3JpcHQrQUQ0LQ==?=', '+ADw-script+AD4-'],
    ]
    for (const [word, subject] of cases)
      expect(scanHead(source(`Subject: ${word}`, '')).subject, word).toBe(subject)
  })

  test('file names come right that nobody encoded, beside others', async () => {
    const raw = ['jKmQz4+RLnBkZg==', 'uKvA0b3xLnBkZg==', 'GyRCOCtAUT1xGyhCLnBkZg==', '6KaL56mN5pu4LnBkZg==']
    for (const name of raw) {
      const disposition = Buffer.concat([
        Buffer.from('Content-Disposition: attachment; filename="'),
        bytes(name),
        Buffer.from('"'),
      ])
      const mail = source(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Disposition: attachment; filename="注文.txt"',
        '',
        'x',
        '--b',
        disposition,
        '',
        'x',
        '--b--',
      )
      expect((await readMail(mail)).attachments.map(entry => entry.name)).toEqual(['注文.txt', '見積書.pdf'])
    }
  })

  test('file names come right: RFC 2231 in one piece, in pieces, and RFC 2047 where it should not be', async () => {
    const name = '見積書（最終）.pdf'
    const utf8 = encodeURIComponent(name).replace(/[()]/g, escape)
    const dispositions = [
      `attachment; filename*=UTF-8''${utf8}`,
      `attachment;\r\n filename*0*=UTF-8''${utf8.slice(0, 30)};\r\n filename*1*=${utf8.slice(30)}`,
      'attachment; filename="=?ISO-2022-JP?B?GyRCOCtAUT1xIUo6Rz0qIUsbKEIucGRm?="',
      'attachment; filename="=?shift_jis?B?jKmQz4+RgWmNxY9JgWoucGRm?="',
      `attachment; filename*=EUC-JP'ja'%B8%AB%C0%D1%BD%F1%A1%CA%BA%C7%BD%AA%A1%CB.pdf`,
    ]
    for (const disposition of dispositions) {
      const mail = multipart(`Content-Disposition: ${disposition}`)
      expect((await readMail(mail)).attachments.map(entry => entry.name)).toEqual([name])
    }
  })

  test('UTF-7 is not decoded', async () => {
    const mail = source(
      'Subject: =?utf-7?Q?+ADw-script+AD4-?=',
      'Content-Type: text/html; charset=utf-7',
      '',
      '+ADw-script+AD4-alert(1)+ADw-/script+AD4-',
    )
    const read = await readMail(mail)
    expect(read.unsafeHtml).toContain('+ADw-script')
    expect(read.subject).toContain('+ADw-')
    expect(read.text).not.toContain('<script')
  })
})

/** A mail with a text and one attachment under this header. */
function multipart(...attachmentHead: string[]): Buffer {
  return source(
    'Subject: with a file',
    'Content-Type: multipart/mixed; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain',
    '',
    'See the file.',
    '--cut',
    'Content-Type: application/pdf',
    'Content-Transfer-Encoding: base64',
    ...attachmentHead,
    '',
    'UERG',
    '--cut--',
  )
}

describe('the parts of a mail', () => {
  test('addresses, groups, reply-to, Message-IDs and the date are read', async () => {
    const read = await readMail(
      source(
        'From: "Weber, Anna" <anna@elsewhere.test>',
        'To: =?UTF-8?B?5pil6aaZ?= <haruka@todoke.test>, Team: a@x.test, B <b@x.test>;',
        'Cc: c@x.test',
        'Reply-To: replies@elsewhere.test',
        'Date: Tue, 1 Jul 2025 10:00:00 +0900 (JST)',
        'Message-ID: <one@elsewhere.test>',
        'References: <zero@x> <half@x>',
        'In-Reply-To: <half@x>',
        'Subject: Hello',
        '',
        'Text',
      ),
    )
    expect(read).toMatchObject({
      from: { name: 'Weber, Anna', address: 'anna@elsewhere.test' },
      to: [
        { name: '春香', address: 'haruka@todoke.test' },
        { name: '', address: 'a@x.test' },
        { name: 'B', address: 'b@x.test' },
      ],
      cc: [{ name: '', address: 'c@x.test' }],
      replyTo: [{ name: '', address: 'replies@elsewhere.test' }],
      sentAt: Date.UTC(2025, 6, 1, 1),
      messageIdHeader: 'one@elsewhere.test',
      references: ['zero@x', 'half@x'],
    })
  })

  test('the way a mail came stands newest last, with TLS where the header shows it', async () => {
    const read = await readMail(
      source(
        'Received: from mx.x.test (mx.x.test [192.0.2.1]) by in.todoke.test (Postfix) with ESMTPS id 3;',
        ' Tue, 1 Jul 2025 10:00:02 +0000',
        'Received: from client (unknown [192.0.2.9]) by mx.x.test with ESMTP id 2; Tue, 1 Jul 2025 10:00:01 +0000',
        'Received: by mx.x.test id 1; nonsense',
        'Subject: x',
        '',
        '',
      ),
    )
    expect(read.received).toEqual([
      { by: 'mx.x.test', from: '', at: null, tls: null },
      { by: 'mx.x.test', from: 'client', at: Date.UTC(2025, 6, 1, 10, 0, 1), tls: false },
      { by: 'in.todoke.test', from: 'mx.x.test', at: Date.UTC(2025, 6, 1, 10, 0, 2), tls: true },
    ])
  })

  test('an html mail keeps its html as it came and gets a text to read', async () => {
    const html =
      '<html><head><style>p { color: red }</style><title>no</title></head><body><h1>Offer</h1>' +
      '<p>Dear&nbsp;Haruka,<br>5 &lt; 6 &amp; 7 &#8364;</p><ul><li>one</li><li>two</li></ul>' +
      '<script>alert("x < y")</script><!-- hidden --><table><tr><td>a</td><td>b</td></tr></table></body></html>'
    const read = await readMail(source('Content-Type: text/html; charset=utf-8', '', html))
    expect(read.unsafeHtml?.trim()).toBe(html)
    expect(read.text).toBe('Offer\n\nDear Haruka,\n5 < 6 & 7 €\n\n• one\n• two\n\na b')
  })

  test('pictures that the html names become data URLs; others and script formats stay attachments', async () => {
    const picture = (id: string, type: string) => [
      '--r',
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      `Content-ID: <${id}>`,
      '',
      'iVBORw0KGgo=',
    ]
    const read = await readMail(
      source(
        'Content-Type: multipart/related; boundary=r',
        '',
        '--r',
        'Content-Type: text/html',
        '',
        '<img src="cid:one@x"><img src="cid:two@x">',
        ...picture('one@x', 'image/png'),
        ...picture('two@x', 'image/svg+xml'),
        ...picture('three@x', 'image/png'),
        '--r--',
      ),
    )
    expect(read.inlineImages).toEqual({ 'one@x': 'data:image/png;base64,iVBORw0KGgo=' })
    expect(read.attachments.map(entry => [entry.contentId, entry.isInline])).toEqual([
      ['one@x', true],
      ['two@x', true],
      ['three@x', false],
    ])
  })

  test('an attachment is given by the id that the reading gave it', async () => {
    const mail = multipart('Content-Disposition: attachment; filename="a.pdf"')
    const [attachment] = (await readMail(mail)).attachments
    expect(attachment).toMatchObject({ partId: '1', name: 'a.pdf', type: 'application/pdf', bytes: 3 })
    const content = await readAttachment(mail, '1')
    expect(Buffer.from(content?.content ?? []).toString()).toBe('PDF')
    expect(await readAttachment(mail, '2')).toBe(null)
    expect(await readAttachment(mail, '__proto__')).toBe(null)
    expect(scanHead(mail).hasAttachments).toBe(true)
  })

  test('a forwarded mail is an attachment with a name', async () => {
    const mail = source(
      'Content-Type: multipart/mixed; boundary=m',
      '',
      '--m',
      '',
      'Look.',
      '--m',
      'Content-Type: message/rfc822',
      '',
      'Subject: inner',
      '',
      'inner text',
      '--m--',
    )
    const read = await readMail(mail)
    expect(read.text.trim()).toBe('Look.')
    expect(read.attachments.map(entry => entry.name)).toEqual(['attachment-1.eml'])
  })

  test('text of a list row is one line, without what is quoted, hidden or turns the direction', () => {
    const mail = source(
      'Subject: pay\u202eload\u200b now',
      'Content-Type: text/plain; charset=utf-8',
      '',
      '> old\r\nYes,\r\n\r\n  of   course.',
    )
    expect(scanHead(mail)).toMatchObject({ subject: 'payload now', preview: 'Yes, of course.' })
  })

  test('the beginning of a part gives the same words, also cut inside a character or an escape', () => {
    const part = { charset: 'utf-8', encoding: '8bit', isHtml: false }
    const whole = Buffer.from(text)
    for (const end of [whole.length, whole.length - 1, whole.length - 2]) {
      expect(text.startsWith(previewOfPart(whole.subarray(0, end), part))).toBe(true)
    }
    expect(
      previewOfPart(Buffer.from('=E5=B1=8A=\r\n=E3=81'), { ...part, encoding: 'quoted-printable' }),
    ).toBe('届')
    const html = { charset: '', encoding: 'base64', isHtml: true }
    expect(previewOfPart(Buffer.from(Buffer.from('<p>Hi <b>you').toString('base64')), html)).toBe('Hi you')
  })
})

describe('mails that are broken or hostile', () => {
  const broken: [string, Buffer][] = [
    ['nothing at all', Buffer.alloc(0)],
    ['only a line end', Buffer.from('\r\n')],
    ['no header', source('just', 'some text')],
    ['a header that never ends', source('Subject: x', `X-A: ${'a'.repeat(50_000)}`)],
    ['a multipart without a boundary', source('Content-Type: multipart/mixed', '', 'text')],
    [
      'a multipart that was cut off',
      source('Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain', '', 'half'),
    ],
    [
      'base64 that is none',
      source('Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', '!!!! not base64 ???'),
    ],
    ['a charset that nobody knows', source('Content-Type: text/plain; charset=klingon', '', 'text')],
    ['NUL bytes', source('Subject: a\0b', '', 'te\0xt')],
    ['binary noise', Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256))],
  ]
  test.each(broken)('%s is read without a throw', async (_name, mail) => {
    const read = await readMail(mail)
    expect(typeof read.text).toBe('string')
    expect(typeof scanHead(mail).preview).toBe('string')
  })

  test('a mail that was cut off shows what there is and says that it is damaged', async () => {
    const read = await readMail((broken[5] as [string, Buffer])[1])
    expect(read.text.trim()).toBe('half')
    expect(read.isDamaged).toBe(true)
  })

  test('parts nested beyond all reason end in readable source, damaged', async () => {
    const lines = [
      'Subject: bomb',
      ...Array.from(
        { length: 500 },
        (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}`,
      ),
    ]
    const read = await readMail(source(...lines, 'Content-Type: text/plain', '', 'deep'))
    expect(read.isDamaged).toBe(true)
    expect(read.subject).toBe('bomb')
    expect(read.text).toContain('deep')
  })

  test('each of these bombs is read within its time', async () => {
    const bombs: Record<string, Buffer> = {
      'a hundred thousand parts': source(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b\r\n\r\nx\r\n'.repeat(100_000),
      ),
      'a header of brackets': source(
        `Subject: x`,
        `Content-Transfer-Encoding: ${'('.repeat(900_000)}`,
        `Date: ${'('.repeat(900_000)}`,
        '',
        'x',
      ),
      'addresses without end': source(`To: ${'a@b.test,'.repeat(100_000)}`, '', 'x'),
      'references without end': source(`References: ${'<a@b> '.repeat(150_000)}`, '', 'x'),
      'html of open brackets': source('Content-Type: text/html', '', '<'.repeat(2_000_000)),
      'html of open comments': source('Content-Type: text/html', '', '<!--'.repeat(500_000)),
      'html of scripts': source('Content-Type: text/html', '', '<script>'.repeat(200_000)),
      'html of entities': source('Content-Type: text/html', '', '&amp'.repeat(500_000)),
      'forwards in forwards': source(
        ...Array.from({ length: 2_000 }, () => 'Content-Type: message/rfc822\r\n'),
        'x',
      ),
      'encoded words': source(`Subject: ${'=?utf-8?B?YQ==?= '.repeat(40_000)}`, '', 'x'),
      'one long line': source('Content-Type: text/plain', '', 'a'.repeat(20_000_000)),
      'folded without end': source(`Subject: x${'\r\n '.repeat(200_000)}`, '', 'x'),
      'boundaries like boundaries': source(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--bb\r\n'.repeat(200_000),
      ),
    }
    for (const [name, bomb] of Object.entries(bombs)) {
      const begun = process.cpuUsage()
      await readMail(bomb)
      scanHead(bomb)
      // A square of the input would be minutes. Time of this process, as the machine may be busy with others.
      const { user, system } = process.cpuUsage(begun)
      expect((user + system) / 1_000, name).toBeLessThan(8_000)
    }
  }, 120_000)
})

test.each([
  ['7bit', 'one\r\ntwo\r\n', 'one\r\ntwo\r\n'],
  ['7bit', 'one\r\ntwo', 'one\r\ntwo'],
  ['7bit', 'one\r\n\r\n', 'one\r\n\r\n'],
  ['quoted-printable', 'one=0D=0Atwo=0A', 'one\r\ntwo\n'],
  ['base64', Buffer.from('one\r\ntwo\n').toString('base64'), 'one\r\ntwo\n'],
])('a text file sent as %s is given with its own line ends: %j', async (encoding, body, wanted) => {
  const mail = [
    'From: a@example.org',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    'Content-Type: text/plain',
    '',
    'See attached.',
    '--x',
    'Content-Type: text/plain; name="a.txt"',
    `Content-Transfer-Encoding: ${encoding}`,
    'Content-Disposition: attachment; filename="a.txt"',
    '',
    body,
    '--x--',
    '',
  ].join('\r\n')
  const attachment = await readAttachment(Buffer.from(mail), '1')
  expect(Buffer.from(attachment?.content ?? []).toString()).toBe(wanted)
})

describe('text that was wrapped for its way (format=flowed)', () => {
  const flowed = (type: string, ...lines: string[]) =>
    source('Subject: x', `Content-Type: ${type}`, '', ...lines)

  test('is joined again, in the list too; a quote loses the marks that only stood for the wrapping', async () => {
    const mail = flowed(
      'text/plain; charset=utf-8; format=flowed',
      'one ',
      'two',
      '> three ',
      '> four',
      '>> five',
    )
    expect((await readMail(mail)).text).toBe('one two\n> three four\n>> five\n')
    expect(scanHead(mail).preview).toBe('one two')
  })

  test('Japanese is joined without spaces', async () => {
    const mail = flowed(
      'text/plain; charset=utf-8; format=flowed; delsp=yes',
      'お世話に ',
      'なっております。',
    )
    expect((await readMail(mail)).text).toBe('お世話になっております。\n')
    expect(scanHead(mail).preview).toBe('お世話になっております。')
    const part = { charset: 'utf-8', encoding: '8bit', isHtml: false, isFlowed: true, deletesSpace: true }
    expect(previewOfPart(Buffer.from('お世話に \r\nなっております。'), part)).toBe('お世話になっております。')
  })

  test('stays as it is where the mail does not say so', async () => {
    expect((await readMail(flowed('text/plain', 'one ', 'two'))).text).toBe('one \ntwo\n')
  })

  test('what we write is what we read, whatever it is', async () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom('日本語の長い文', '> ', '-- ', ' '),
    )
    const line = fc.array(word, { maxLength: 30 }).map(words => words.join(' ').replace(/[\u0000\r\n]/g, ''))
    const text = fc.array(line, { minLength: 1, maxLength: 5 }).map(lines => `${lines.join('\n')}\nz`)
    const person = { name: '', address: 'a@example.org' }
    await fc.assert(
      fc.asyncProperty(text, async written => {
        const people = { from: person, to: [person], cc: [], bcc: [] }
        const recipe = freeze({ ...people, subject: 's', text: written, references: [], attachments: [] }, 0)
        const chunks: Buffer[] = []
        for await (const chunk of writeMail(recipe, { for: 'wire', openPath: name => name }))
          chunks.push(chunk)
        expect((await readMail(Buffer.concat(chunks))).text.replace(/\n$/, '')).toBe(recipe.text)
      }),
      { numRuns: 200 },
    )
  })
})

test('a Japanese word that was broken at the end of a line is whole in the list', () => {
  const source = Buffer.from(
    'Content-Type: text/plain; charset=utf-8\r\n\r\n来週の打ち合\r\nわせです。\r\nIn two\r\nlines.\r\n',
  )
  expect(scanHead(source).preview).toBe('来週の打ち合わせです。 In two lines.')
})
