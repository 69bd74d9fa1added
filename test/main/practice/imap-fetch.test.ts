/** The practice server against a real one: the same mails in both, the same answers to the same client. */

import { ImapFlow } from 'imapflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseFetchItems } from '../../../main/practice/imap-fetch.ts'
import { type PracticeImap, startPracticeImap } from '../../../main/practice/practice-imap.ts'
import { type Dovecot, startDovecot } from '../../servers/dovecot.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { createTestCa, type TestCa } from '../../support/test-ca.ts'

const login = { user: 'haruka@todoke.test', password: 'a password' }

const mails: Record<string, string> = {
  plain:
    'From: Anna Weber <anna@todoke.test>\r\nTo: b@todoke.test\r\nSubject: x\r\nDate: Thu, 5 Mar 2026 14:07:09 +0900\r\nMessage-ID: <1@todoke.test>\r\n\r\nHello\r\nyou\r\n',
  encoded:
    'From: =?UTF-8?B?5qOu?= <haruka@todoke.test>\r\nTo: "Weber, A" <anna@todoke.test>,\r\n b@todoke.test\r\nCc: c@todoke.test\r\nReply-To: office@todoke.test\r\nIn-Reply-To: <0@todoke.test>\r\nSubject: =?UTF-8?B?6KaL56mN?=\r\n =?UTF-8?B?44KC44KK?=\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+eDwvYj4=\r\n',
  mixed:
    'Subject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n boundary="B"\r\n\r\npreamble\r\n--B\r\nContent-Type: multipart/alternative; boundary="B2"\r\n\r\n--B2\r\nContent-Type: text/plain\r\n\r\none\r\n--B2\r\nContent-Type: text/html\r\n\r\n<p>one\r\n--B2--\r\n\r\n--B\r\nContent-Type: application/pdf; name="a; b.pdf"\r\nContent-Disposition: attachment; filename="a; b.pdf"\r\nContent-ID: <cid@x>\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--B--\r\nepilogue\r\n',
  inside:
    'Subject: outer\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nno headers\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nFrom: a@todoke.test\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C\r\nContent-Type: text/plain\r\n\r\ndeep\r\n--C--\r\n\r\n--B--\r\n',
  headersOnly: 'Subject: nothing else\r\n\r\n',
}

let ca: TestCa
let dovecot: Dovecot
let practice: PracticeImap
let real: ImapFlow
let ours: ImapFlow

beforeAll(async () => {
  ca = await createTestCa()
  dovecot = await startDovecot({ ca, users: [login] })
  practice = await startPracticeImap({ clock: manualClock(), ...login, inbox: [] })
  const usual = { auth: { user: login.user, pass: login.password }, logger: false } as const
  const tls = { ca: ca.caPem }
  real = new ImapFlow({ host: 'localhost', port: dovecot.ports.imaps, secure: true, tls, ...usual })
  ours = new ImapFlow({ host: '127.0.0.1', port: practice.port, secure: false, ...usual })
  for (const client of [real, ours]) {
    client.on('error', () => {})
    await client.connect()
    for (const mail of Object.values(mails))
      await client.append('INBOX', Buffer.from(mail), ['\\Seen', 'Custom'])
    await client.mailboxOpen('INBOX')
  }
})
afterAll(async () => {
  real?.close()
  ours?.close()
  await practice?.stop()
  await dovecot?.stop()
  ca?.dispose()
})

// Numbers that lead nowhere are left out below the first level: there servers differ.
const parts: Record<string, string[]> = {
  mixed: ['1', '1.mime', '1.1', '1.2', '1.2.mime', '1.3', '2', '2.mime', '3', 'header', 'text'],
  inside: ['1', '1.mime', '2', '2.mime', '2.header', '2.text', '2.1', '2.1.mime', '2.2', 'text'],
}

async function read(client: ImapFlow, name: string) {
  const place = String(Object.keys(mails).indexOf(name) + 1)
  const found = await client.fetchOne(place, {
    uid: true,
    flags: true,
    envelope: true,
    bodyStructure: true,
    size: true,
    source: true,
    headers: ['subject', 'From', 'missing'],
    bodyParts: parts[name] ?? ['1', '1.mime', 'header', 'text', '2', '9'],
  })
  if (found === false) throw new Error(`there is no mail ${place}`)
  const { id: _, emailId: __, modseq: ___, ...rest } = found
  const bodyParts = [...(rest.bodyParts ?? [])].map(([part, bytes]) => [
    part,
    bytes === null ? '' : String(bytes),
  ])
  rest.flags?.delete('\\Recent')
  return { ...rest, bodyParts: bodyParts.sort(), source: String(rest.source), headers: String(rest.headers) }
}

test.each(Object.keys(mails))('a client reads the same of "%s" from Dovecot and from us', async name => {
  const [theirs, own] = [await read(real, name), await read(ours, name)]
  expect(own.source).toBe(mails[name])
  expect(own).toEqual(theirs)
})

test('the same searches find the same mails', async () => {
  for (const query of [
    { all: true },
    { header: { 'message-id': '<1@todoke.test>' } },
    { subject: 'part' },
    { from: 'WEBER' },
    { seen: false },
    { or: [{ to: 'anna' }, { uid: '5' }] },
    { not: { uid: '2:3' } },
    { seq: '2:*' },
  ]) {
    expect(await ours.search(query, { uid: true })).toEqual(await real.search(query, { uid: true }))
  }
})

test('what is no list of items is refused', () => {
  expect(parseFetchItems('(FLAGS BODY.PEEK[HEADER.FIELDS (DATE TO)]<0.10> UID)')).toHaveLength(3)
  expect(parseFetchItems('FULL')).toHaveLength(5)
  for (const bad of ['', '()', 'FLAG', '(FLAGS', 'BODY[', '(BODY[]UID)', 'BODY[]<1>', '(FLAGS (UID))']) {
    expect(parseFetchItems(bad)).toBeNull()
  }
})
