import { once } from 'node:events'
import { connect } from 'node:net'
import { ImapFlow } from 'imapflow'
import { simpleParser } from 'mailparser'
import { createTransport, type SentMessageInfo } from 'nodemailer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BOUNCED_AFTER_MS, ECHOED_AFTER_MS } from '../../../main/practice/correspondents.ts'
import { createPractice, type Practice } from '../../../main/practice/practice.ts'
import type { AccountInput } from '../../../shared/model.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'

let clock: ManualClock
let practice: Practice
let account: AccountInput

beforeEach(async () => {
  clock = manualClock()
  practice = createPractice({ clock })
  account = await started()
})
afterEach(() => practice.stop())

async function started(): Promise<AccountInput> {
  const answer = await practice.start()
  if (!answer.ok) throw new Error(JSON.stringify(answer.problem))
  return answer.value.accountInput
}

const login = () => ({ user: account.smtp.user, pass: account.passwords.smtp ?? '' })

async function send(to: string | string[], change: { subject?: string; text?: string; raw?: string } = {}) {
  const transport = createTransport({ host: '127.0.0.1', port: account.smtp.port, auth: login() })
  try {
    return (await transport.sendMail({
      from: account.identity.address,
      to,
      subject: '見積もりの件',
      text: 'こんにちは、\n届きますか。',
      messageId: '<original@todoke.test>',
      ...change,
    })) as SentMessageInfo
  } finally {
    transport.close()
  }
}

async function open(): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: account.incoming.port,
    secure: false,
    auth: login(),
    logger: false,
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The sources in a folder, oldest first. */
async function mails(folder = 'INBOX'): Promise<Buffer[]> {
  const client = await open()
  await client.mailboxOpen(folder)
  const found: Buffer[] = []
  for await (const { source } of client.fetch('1:*', { source: true })) found.push(source as Buffer)
  await client.logout()
  return found
}

async function one(client: ImapFlow, place: string) {
  const found = await client.fetchOne(place, { source: true, flags: true })
  if (found === false) throw new Error(`there is no mail ${place}`)
  return found
}

const newest = async () => simpleParser((await mails()).at(-1) as Buffer)

describe('the account', () => {
  test('lies on this machine, needs no consent and is the same while the servers run', async () => {
    expect(account).toMatchObject({
      identity: { address: 'you@practice.invalid' },
      smtp: { host: '127.0.0.1', tls: 'none', plaintextConsent: false },
      incoming: { kind: 'imap', host: '127.0.0.1', tls: 'none' },
    })
    expect(await started()).toEqual(account)
  })

  test('comes up again after a stop, with other ports and another password', async () => {
    await practice.stop()
    const again = await started()
    expect(again.passwords.smtp).not.toBe(account.passwords.smtp)
    account = again
    expect(await mails()).toHaveLength(2)
  })

  test('is for one who knows its password', async () => {
    const wrong = createTransport({
      host: '127.0.0.1',
      port: account.smtp.port,
      auth: { user: login().user, pass: 'wrong' },
    })
    await expect(wrong.verify()).rejects.toMatchObject({ responseCode: 535 })
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: account.incoming.port,
      secure: false,
      auth: { user: login().user, pass: 'wrong' },
      logger: false,
    })
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true })
    const stranger = createTransport({ host: '127.0.0.1', port: account.smtp.port })
    await expect(stranger.sendMail({ from: 'a@b.test', to: 'echo@practice.invalid' })).rejects.toMatchObject({
      responseCode: 530,
    })
  })

  test('stops at once with clients still connected, one of them waiting for mail', async () => {
    const client = await open()
    await client.mailboxOpen('INBOX')
    void client.idle().catch(() => {})
    const socket = connect(account.smtp.port, '127.0.0.1')
    await once(socket, 'data')
    await send('echo@practice.invalid')
    const gone = Promise.all([once(client, 'close'), once(socket, 'close')])
    await practice.stop()
    await gone
    expect(clock.pending()).toBe(0)
  })
})

describe('the mailbox', () => {
  test('welcomes in English and Japanese', async () => {
    const [english, japanese] = await Promise.all((await mails()).map(mail => simpleParser(mail)))
    expect(english?.subject).toBe('Welcome to the practice mailbox')
    expect(english?.text).toContain('echo@practice.invalid')
    expect(japanese?.subject).toBe('練習用メールボックスへようこそ')
    expect(japanese?.text).toContain('greylist@practice.invalid')
    expect(japanese?.from?.text).toContain('Todoke 届け')
  })

  test('has the usual folders by their use', async () => {
    const client = await open()
    const folders = (await client.list()).map(({ path, specialUse }) => [path, specialUse])
    await client.logout()
    expect(folders.sort()).toEqual([
      ['Archive', '\\Archive'],
      ['Drafts', '\\Drafts'],
      ['INBOX', '\\Inbox'],
      ['Junk', '\\Junk'],
      ['Sent', '\\Sent'],
      ['Trash', '\\Trash'],
    ])
  })

  test('keeps an appended mail byte for byte, large and small, and finds it by its Message-ID', async () => {
    const head =
      'Message-ID: <copy@todoke.test>\r\nSubject: =?UTF-8?B?5bGK44GR?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n'
    const small = Buffer.from(`${head}届け {9999}\r\n`)
    const large = Buffer.concat([small, Buffer.alloc(3_000_000, 'これは長い手紙です {123}\r\n')])
    const client = await open()
    await client.mailboxOpen('Sent')
    for (const [index, mail] of [small, large].entries()) {
      const appended = await client.append('Sent', mail, ['\\Seen'])
      expect(appended).toMatchObject({ uid: index + 1 })
      // A server tells the one who appended as well.
      expect(client.mailbox).toMatchObject({ exists: index + 1 })
    }
    expect(await client.search({ header: { 'message-id': '<copy@todoke.test>' } }, { uid: true })).toEqual([
      1, 2,
    ])
    const fetched = await one(client, '2')
    expect(fetched.source?.equals(large)).toBe(true)
    expect([...(fetched.flags ?? [])]).toEqual(['\\Seen'])
    await client.logout()
    expect((await mails('Sent')).map(mail => mail.length)).toEqual([small.length, large.length])
  })

  test('keeps flags, moves and deletes', async () => {
    const client = await open()
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('1', ['\\Seen', '\\Flagged'], { uid: true })
    const first = await one(client, '1')
    expect([...(first.flags ?? [])].sort()).toEqual(['\\Flagged', '\\Seen'])
    await client.messageMove('1', 'Archive', { uid: true })
    await client.messageDelete('2', { uid: true })
    expect(await client.search({ all: true }, { uid: true })).toEqual([])
    await client.logout()
    expect([(await mails('Archive')).length, (await mails()).length]).toEqual([1, 0])
  })

  test('is another mailbox after each start, so that no old UID is taken for a new mail', async () => {
    const validity = async () => {
      const client = await open()
      const { uidValidity } = await client.mailboxOpen('INBOX')
      await client.logout()
      return uidValidity
    }
    const before = await validity()
    await practice.stop()
    clock.advance(60_000)
    account = await started()
    expect(await validity()).not.toBe(before)
  })

  test('hangs up on what is no IMAP, and on a stranger who sends much', async () => {
    for (const line of [`A LOGIN {${2 ** 33}}\r\n`, 'A LOGIN {100000}\r\n', 'x'.repeat(100_000)]) {
      const socket = connect(account.incoming.port, '127.0.0.1')
      const said: string[] = []
      socket.on('data', chunk => said.push(String(chunk)))
      await once(socket, 'data')
      socket.write(line)
      await once(socket, 'close')
      expect(said.join('')).toContain('* BYE')
    }
    expect(await mails()).toHaveLength(2)
  })
})

describe('the correspondents', () => {
  test('EHLO offers what the queue can use', async () => {
    const socket = connect(account.smtp.port, '127.0.0.1')
    await once(socket, 'data')
    socket.write('EHLO [127.0.0.1]\r\n')
    const [reply] = await once(socket, 'data')
    socket.destroy()
    for (const extension of [
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'AUTH PLAIN LOGIN',
    ]) {
      expect(String(reply)).toContain(extension)
    }
    expect(String(reply)).toMatch(/SIZE \d{8}/)
    expect(String(reply)).not.toContain('STARTTLS')
  })

  test('echo answers after a moment, in the thread, and quotes', async () => {
    const client = await open()
    await client.mailboxOpen('INBOX')
    const arrived = once(client, 'exists')
    void client.idle().catch(() => {})
    await send('Echo@practice.invalid')
    expect(await mails()).toHaveLength(2)
    clock.advance(ECHOED_AFTER_MS)
    expect((await arrived)[0]).toMatchObject({ count: 3 })
    await client.logout()
    const answer = await newest()
    expect(answer).toMatchObject({
      subject: 'Re: 見積もりの件',
      inReplyTo: '<original@todoke.test>',
      references: '<original@todoke.test>',
    })
    expect(answer.from?.value[0]?.address).toBe('echo@practice.invalid')
    expect(answer.text).toContain('> こんにちは、\n> 届きますか。')
    expect(answer.headers.get('auto-submitted')).toBe('auto-replied')
  })

  test('echo reads the text beside an attachment, and names the whole thread', async () => {
    const raw = [
      'Message-ID: <third@todoke.test>',
      'References: <first@todoke.test>',
      ' <second@todoke.test>',
      'Subject: Re: x',
      'Content-Type: multipart/mixed; boundary="B"',
      '',
      '--B',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Gr=FC=DFe=',
      '!',
      '--B',
      'Content-Type: text/plain; name=a.txt',
      'Content-Disposition: attachment',
      '',
      'no',
      '--B--',
      '',
    ].join('\r\n')
    await send('echo@practice.invalid', { raw })
    clock.advance(ECHOED_AFTER_MS)
    const answer = await newest()
    expect(answer.subject).toBe('Re: x')
    expect(answer.references).toEqual(['<first@todoke.test>', '<second@todoke.test>', '<third@todoke.test>'])
    expect(answer.text).toContain('> Grüße!')
    expect(answer.text).not.toContain('> no')
  })

  test('bounce accepts, and then a delivery report arrives', async () => {
    const { response } = await send('bounce@practice.invalid')
    expect(response).toMatch(/^250 2\.0\.0 Ok: queued as [0-9A-F]{12}$/)
    clock.advance(BOUNCED_AFTER_MS)
    const source = (await mails()).at(-1) as Buffer
    const text = source.toString()
    expect(text).toMatch(/^Return-Path: <>\r\n/)
    expect(text).toContain('Content-Type: multipart/report; report-type=delivery-status;')
    expect(text).toContain(
      'Final-Recipient: rfc822; bounce@practice.invalid\r\nAction: failed\r\nStatus: 5.1.1',
    )
    const parsed = await simpleParser(source)
    expect(parsed.text).toContain('Diagnostic-Code: smtp; 550 5.1.1')
    expect(parsed.attachments.map(({ contentType }) => contentType)).toEqual(['text/rfc822-headers'])
    expect(text).toContain('Message-ID: <original@todoke.test>')
    expect(parsed.text).toContain('bounce@practice.invalid にメールを届けられませんでした。')
  })

  test('greylist turns away for twenty seconds and then accepts', async () => {
    const turnedAway = { responseCode: 450, response: expect.stringMatching(/^450 4\.2\.0 Greylisted/) }
    await expect(send('greylist@practice.invalid')).rejects.toMatchObject(turnedAway)
    clock.advance(19_000)
    await expect(send('greylist@practice.invalid')).rejects.toMatchObject(turnedAway)
    clock.advance(1_000)
    expect((await send('greylist@practice.invalid')).accepted).toEqual(['greylist@practice.invalid'])
  })

  test('small takes one megabyte, whether the size was announced or not', async () => {
    const tooBig = { responseCode: 552, response: expect.stringMatching(/^552 5\.3\.4 /) }
    expect((await send('small@practice.invalid', { text: 'x'.repeat(700_000) })).accepted).toHaveLength(1)
    await expect(send('small@practice.invalid', { text: 'x\n'.repeat(1_200_000) })).rejects.toMatchObject(
      tooBig,
    )
    const envelope = { from: account.identity.address, to: 'small@practice.invalid', size: 2_000_000 }
    const transport = createTransport({ host: '127.0.0.1', port: account.smtp.port, auth: login() })
    await expect(transport.sendMail({ envelope, raw: 'Subject: x\r\n\r\nx' })).rejects.toMatchObject({
      ...tooBig,
      command: 'RCPT TO',
    })
    transport.close()
    expect(practice.kept()).toHaveLength(1)
  })

  test('nobody is refused while the others get their mail', async () => {
    const sent = await send(['nobody@practice.invalid', 'someone@practice.invalid'])
    expect(sent.accepted).toEqual(['someone@practice.invalid'])
    expect(sent.rejectedErrors?.[0]?.response).toMatch(/^550 5\.1\.1 /)
    expect(practice.kept().map(({ recipient }) => recipient)).toEqual(['someone@practice.invalid'])
  })

  test('drop takes the mail and hangs up before it says so', async () => {
    await expect(send('drop@practice.invalid')).rejects.toMatchObject({ code: 'ECONNECTION' })
    expect(practice.kept()).toHaveLength(1)
    expect(practice.kept()[0]?.mail.toString()).toContain('<original@todoke.test>')
  })

  test('you get what you write to yourself, with a trace of its way', async () => {
    await send('you@practice.invalid')
    const source = ((await mails()).at(-1) as Buffer).toString()
    expect(source).toMatch(
      /^Return-Path: <you@practice\.invalid>\r\nReceived: from .* by practice\.invalid with ESMTPA id [0-9A-F]{12}/,
    )
    expect(source).toContain('<original@todoke.test>')
  })

  test('nobody beyond the practice domain can be reached', async () => {
    await expect(send('haruka@example.com')).rejects.toMatchObject({
      responseCode: 550,
      response: expect.stringMatching(/^550 5\.7\.1 /),
    })
  })

  test('any other name accepts and keeps silent', async () => {
    await send('森@practice.invalid')
    clock.advance(60_000)
    expect(practice.kept()[0]?.recipient).toBe('森@practice.invalid')
    expect(await mails()).toHaveLength(2)
  })
})
