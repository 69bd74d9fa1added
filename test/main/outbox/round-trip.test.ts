/** Written here, sent over Postfix, stored by Dovecot, read by somebody else's parser: it is the same mail. */

import { createHash } from 'node:crypto'
import { type ParsedMail, simpleParser } from 'mailparser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readMail } from '../../../main/mime/read-mail.ts'
import { type DraftContent, USUAL_OPTIONS } from '../../../shared/model.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { accountFor, buildHouse, type House } from './house.ts'

let office: MailServers
let house: House
beforeAll(async () => {
  office = await startMailServers()
  const { user, password } = office.haruka
  const here = accountFor({ port: office.postfix.ports.submissions })
  house = buildHouse({
    ...here,
    identity: { name: '森 遥', address: user },
    smtp: { ...here.smtp, host: office.host, tls: 'implicit', user },
  })
  house.passwords.set('account', password)
}, 60_000)
afterAll(async () => {
  await house?.close()
  await office?.stop()
})

type File = { name: string; type: string; content: Buffer; contentId?: string }

async function attach(draftId: string, { name, type, content, contentId }: File): Promise<void> {
  const begun = await house.spool.begin(name, type, content.length)
  if (!begun.ok) throw new Error(begun.problem.kind)
  const { fileToken } = begun.value
  const appended = await house.spool.append(fileToken, 0, content)
  const attached = appended.ok ? await house.drafts.attach(draftId, fileToken, contentId) : appended
  if (!attached.ok) throw new Error(attached.problem.kind)
}

let count = 0
/** The mail as it lies at its reader's. */
async function sent(content: Partial<DraftContent>, files: File[] = []): Promise<Buffer> {
  const to = [{ name: 'Anna Weber', address: office.weber.user }]
  const { draftId } = await house.draft({ to, ...content })
  for (const file of files) await attach(draftId, file)
  const queued = await house.outbox.send(draftId, house.drafts.get(draftId)?.revision ?? 0, null, 'again')
  if (!queued.ok) throw new Error(JSON.stringify(queued.problem))
  house.clock.advance(10_000)
  await house.untilState(queued.value.itemId, 'accepted')
  count += 1
  const mails = await office.dovecot.arrived(office.weber.user, 'INBOX', count)
  const { messageIdHeader } = house.item(queued.value.itemId)
  const raw = mails.find(mail => mail.raw.includes(`Message-ID: <${messageIdHeader}>`))?.raw
  if (raw === undefined) throw new Error('not there')
  return raw
}

const parsed = (raw: Buffer): Promise<ParsedMail> => simpleParser(raw, { skipImageLinks: true })
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')
const PICTURE = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
const BYTES = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256))

const WORDS: [language: string, subject: string, lines: string[]][] = [
  [
    'English',
    'Photos for the catalogue',
    [
      'Dear Anna,',
      '',
      'the photos you asked for are attached; tell me which of them you would like to use, and when the catalogue is to be printed.',
      '',
      'Haruka',
    ],
  ],
  [
    'Japanese',
    'お見積りの件（至急・ご確認のお願い）とても長い件名なので折り返されます',
    [
      'ウェーバー様',
      '',
      'いつもお世話になっております。先日ご依頼いただきましたお見積りの件ですが、「特急対応」の場合は別途費用が発生いたします。ご検討のほど、よろしくお願いいたします。',
      '',
      '森 遥',
    ],
  ],
  [
    'Arabic',
    'عرض أسعار للكتالوج',
    [
      'مرحبا آنا،',
      '',
      'الصور التي طلبتها مرفقة، أخبريني أيها تودين استخدامها ومتى سيطبع الكتالوج في النهاية من فضلك.',
    ],
  ],
  ['emoji', '👩‍👩‍👧‍👦🇯🇵 party 🎉', ['👍🏽👍🏽 see you 🎂', '🇯🇵'.repeat(60)]],
  [
    'a mix',
    'Re: 見積 / عرض / 🎉 Ångström',
    [
      'Grüße, 田中様 — مرحبا 🎉',
      '> quoted 引用された行がここにあります。とても長いので必ず折り返されるはずですが、元に戻ります。',
      'From here on',
      ' indented',
      '.',
      '..',
    ],
  ],
]

test.each(WORDS)('%s as plain text', async (_, subject, lines) => {
  const text = lines.join('\n')
  const raw = await sent({ subject, text })
  const mail = await parsed(raw)
  expect([mail.subject, mail.text, mail.html]).toEqual([subject, text, false])
  expect((await readMail(raw)).text.replace(/\n$/, '')).toBe(text)
  expect(mail.from?.value).toEqual([{ name: '森 遥', address: office.haruka.user }])
})

test.each(WORDS)('%s with formats, a picture and a file', async (_, subject, lines) => {
  const escaped = lines.map(line => line.replaceAll('>', '&gt;').replace(/^ /, '&nbsp;'))
  const html =
    escaped.map(line => (line === '' ? '<p><br></p>' : `<p><strong>${line}</strong></p>`)).join('') +
    '<ul><li>一</li><li>two</li></ul><p><img src="cid:pic@todoke" alt="cat" width="320"></p>'
  const files = [
    { name: `${subject.replaceAll('/', '-')}.bin`, type: 'application/octet-stream', content: BYTES },
    { name: '写真.png', type: 'image/png', content: PICTURE, contentId: 'pic@todoke' },
  ]
  const mail = await parsed(await sent({ subject, html, text: lines.join('\n') }, files))
  expect(mail.subject).toBe(subject)
  expect(mail.text).toBe(`${lines.join('\n')}\n\n- 一\n- two\n\n[cat]`)
  for (const line of escaped.filter(one => one !== ''))
    expect(mail.html).toContain(`<div><strong>${line}</strong></div>`)
  expect(mail.html).toContain('<img src="cid:pic@todoke" alt="cat" width="320">')
  const arrived = mail.attachments.map(({ filename, content, cid }) => [
    filename,
    sha256(content),
    cid ?? null,
  ])
  expect(new Set(arrived)).toEqual(
    new Set(
      files.map(({ name, content, contentId }) => [
        name.normalize('NFC'),
        sha256(content),
        contentId ?? null,
      ]),
    ),
  )
})

const NAMES: [what: string, name: string][] = [
  ['Japanese', '見積書 2026年度「最終」第2版.pdf'],
  ['Arabic with marks of direction', '\u202bعرض\u202c أسعار.pdf'],
  ['decomposed', 'パリ café.pdf'.normalize('NFD')],
  ['300 bytes', `${'長い名前'.repeat(26)}.pdf`],
  ['quotes, percent and semicolon', "a 'b' 100%; c=d.pdf"],
]

test.each(NAMES)('a file name: %s, in both encodings', async (_, name) => {
  const raw = await sent({ subject: 'file' }, [{ name, type: 'application/pdf', content: BYTES }])
  const [attachment] = (await parsed(raw)).attachments
  // Marks that turn the reading direction are taken out when the file is attached: they make names lie.
  const plain = name.normalize('NFC').replace(/[\u202a-\u202e]/g, '')
  expect(attachment?.filename).toBe(plain)
  expect(sha256(attachment?.content ?? Buffer.alloc(0))).toBe(sha256(BYTES))
  const head = raw.toString('latin1')
  if (/[^\x20-\x7e]/.test(plain)) {
    expect(head).toMatch(/filename\*0\*=utf-8''/i)
    expect(head).toMatch(/name="=\?UTF-8\?[BQ]\?/)
  }
})

test('what the mail asks for, and the report that Postfix is asked for', async () => {
  const options = { ...USUAL_OPTIONS, priority: 'high' as const, wantsReadReceipt: true }
  const raw = (await sent({ subject: 'asked', options })).toString('latin1')
  expect(raw).toContain('Importance: high')
  expect(raw).toContain(`Disposition-Notification-To: <${office.haruka.user}>`)
  // A report of delivery comes back to the writer, by the token of the attempt.
  const [report] = await office.dovecot.arrived(office.haruka.user, 'INBOX', 1)
  const tokens = house.db
    .all(`SELECT data FROM ledger WHERE type = 'claimed'`)
    .map(row => String((JSON.parse(String(row.data)) as { envelopeId?: string }).envelopeId))
  const named = /Original-Envelope-Id: (\S+)/.exec(report?.raw.toString('latin1') ?? '')?.[1]
  expect(tokens).toContain(named)
})

test('an attached mail comes as the mail it was', async () => {
  const original = Buffer.from('From: a@b.example\r\nSubject: inner\r\n\r\nwords\r\n')
  const raw = await sent({ subject: 'Fwd' }, [
    { name: 'inner.eml', type: 'message/rfc822', content: original },
  ])
  expect(raw.toString()).toContain('Content-Type: message/rfc822')
  const [attachment] = (await parsed(raw)).attachments
  expect(attachment?.contentType).toBe('message/rfc822')
  expect(attachment?.content.toString().replaceAll('\r\n', '\n').trim()).toBe(
    original.toString().replaceAll('\r\n', '\n').trim(),
  )
})
