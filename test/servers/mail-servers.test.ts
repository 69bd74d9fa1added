import { ImapFlow } from 'imapflow'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openLineClient } from '../support/line-client.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { type ScriptedSmtp, startScriptedSmtp } from './scripted-smtp.ts'

let servers: MailServers
/** The next mail server of elsewhere.test. */
let elsewhere: ScriptedSmtp

beforeAll(async () => {
  const script = { recipients: { 'gone@elsewhere.test': '550 5.1.1 No such person here' } }
  elsewhere = await startScriptedSmtp(script, { capabilities: ['8BITMIME', 'ENHANCEDSTATUSCODES'] })
  const routes = { 'elsewhere.test': `smtp:[127.0.0.1]:${elsewhere.port}` }
  servers = await startMailServers({ postfix: { routes, messageSizeLimit: 100_000 } })
  return async () => {
    await servers.stop()
    await elsewhere.stop()
  }
})

function submit(
  message: SendMailOptions,
  how: 'submission' | 'submissions' = 'submission',
  password?: string,
) {
  const { haruka, postfix } = servers
  const transport = createTransport({
    host: servers.host,
    port: postfix.ports[how],
    secure: how === 'submissions',
    requireTLS: true,
    auth: { user: haruka.user, pass: password ?? haruka.password },
  })
  return transport.sendMail({ from: haruka.user, text: 'hello', ...message })
}

async function openImap(how: 'imap' | 'imaps'): Promise<ImapFlow> {
  const { weber, dovecot } = servers
  const client = new ImapFlow({
    host: servers.host,
    port: dovecot.ports[how],
    secure: how === 'imaps',
    ...(how === 'imap' ? { doSTARTTLS: true } : {}),
    logger: false,
    auth: { user: weber.user, pass: weber.password },
  })
  await client.connect()
  onTestFinished(() => client.logout())
  return client
}

test('a mail submitted with STARTTLS and a login arrives in the other mailbox and is listed by IMAP', async () => {
  const { weber, dovecot } = servers
  await submit({ to: weber.user, subject: '届きますか' })
  const [mail] = await dovecot.arrived(weber.user)
  expect(mail?.flags).toEqual([])
  expect(String(mail?.raw)).toMatch(/^Return-Path: <haruka@todoke.test>\r\n.*\r\n\r\nhello\r\n$/s)

  const client = await openImap('imap')
  const roles = (await client.list()).map(folder => folder.specialUse).sort()
  expect(roles).toEqual(['\\Archive', '\\Drafts', '\\Inbox', '\\Junk', '\\Sent', '\\Trash'])
  await client.mailboxOpen('INBOX')
  const subjects = []
  for await (const message of client.fetch('1:*', { envelope: true }))
    subjects.push(message.envelope?.subject)
  expect(subjects).toEqual(['届きますか'])
})

test('mail is stored as appended, with its flags, also in a folder with a Japanese name', async () => {
  const client = await openImap('imaps')
  await client.mailboxCreate('仕事/請求書')
  await client.append('仕事/請求書', 'Subject: hi\r\n\r\n.\r\nbody\r\n', ['\\Seen', '\\Flagged'])
  expect(servers.dovecot.mailbox(servers.weber.user, '仕事/請求書')).toEqual([
    { raw: Buffer.from('Subject: hi\r\n\r\n.\r\nbody\r\n'), flags: ['\\Flagged', '\\Seen'] },
  ])
})

test('a POP3 client logs in over TLS and reads what was delivered by LMTP', async () => {
  const { dovecot, haruka } = servers
  await dovecot.deliver(haruka.user, 'Subject: by LMTP\n\n.one dot\n')
  const client = await openLineClient({ port: dovecot.ports.pop3s, secure: true })
  onTestFinished(() => client.close())
  expect(await client.line()).toMatch(/^\+OK/)
  expect(await client.ask(`USER ${haruka.user}`)).toMatch(/^\+OK/)
  expect(await client.ask(`PASS ${haruka.password}`)).toMatch(/^\+OK/)
  expect(await client.ask('STAT')).toMatch(/^\+OK 1 /)
  await client.send('RETR 1\r\n')
  expect((await client.linesTo(/^\.$/)).slice(-4)).toEqual(['Subject: by LMTP', '', '..one dot', '.'])
})

test('before STARTTLS the submission server takes neither login nor mail', async () => {
  const client = await openLineClient({ port: servers.postfix.ports.submission })
  onTestFinished(() => client.close())
  await client.send('EHLO me\r\n')
  const offers = await client.linesTo(/^250 /)
  expect(offers.filter(line => /STARTTLS|AUTH/.test(line))).toEqual(['250-STARTTLS'])
  expect(await client.ask('MAIL FROM:<haruka@todoke.test>')).toMatch(/^530/)
})

test('the submission servers refuse a wrong password, no login, unknown users and big mail', async () => {
  const { weber, haruka, postfix } = servers
  await expect(submit({ to: weber.user }, 'submissions', 'wrong')).rejects.toMatchObject({ code: 'EAUTH' })
  await expect(submit({ to: 'nobody@todoke.test' })).rejects.toThrow(/550 5\.1\.1/)
  await expect(submit({ to: 'a@example.com' })).rejects.toThrow(/sends nothing out/)
  await expect(submit({ to: weber.user, text: 'x'.repeat(200_000) })).rejects.toMatchObject({
    responseCode: 552,
  })
  const open = createTransport({ host: servers.host, port: postfix.ports.submissions, secure: true })
  await expect(open.sendMail({ from: haruka.user, to: weber.user })).rejects.toThrow(/Access denied|relay/i)
})

test('a report says "delivered" where Dovecot took the mail', async () => {
  const { weber, haruka, dovecot } = servers
  const dsn = { id: 'way-1', return: 'headers' as const, notify: 'success' as const }
  await submit({ to: weber.user, dsn }, 'submissions')
  const report = await reportOf('way-1')
  expect(report).toMatch(/^Action: delivered\r$/m)
  expect(dovecot.mailbox(haruka.user).length).toBeGreaterThan(0)
})

test('mail to another domain goes to a scripted server, and its refusal comes back as a report', async () => {
  const dsn = { id: 'way-2', return: 'headers' as const, notify: ['success', 'failure'] as const }
  await submit({
    to: ['mori@elsewhere.test', 'gone@elsewhere.test'],
    dsn: { ...dsn, notify: [...dsn.notify] },
  })
  expect(await elsewhere.nextMessage()).toMatchObject({ to: ['mori@elsewhere.test'], accepted: true })
  expect(await reportOf('way-2', 'Action: failed')).toMatch(/550 5\.1\.1 No such person here/)
  expect(await reportOf('way-2', 'Action: relayed')).toMatch(
    /^Final-Recipient: rfc822; mori@elsewhere.test\r$/m,
  )
})

async function reportOf(envelopeId: string, more = ''): Promise<string> {
  const { dovecot, haruka } = servers
  for (let count = 1; ; count++) {
    const mails = (await dovecot.arrived(haruka.user, 'INBOX', count)).map(({ raw }) => String(raw))
    const found = mails.find(
      text => text.includes(`Original-Envelope-Id: ${envelopeId}`) && text.includes(more),
    )
    if (found) return found
  }
}
