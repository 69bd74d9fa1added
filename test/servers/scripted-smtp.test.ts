import { createTransport, type SendMailOptions } from 'nodemailer'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type LineClient, openLineClient } from '../support/line-client.ts'
import { createTestCa, type TestCa, trustCa } from '../support/test-ca.ts'
import { byteByByte, cutAfter, done, drop, hold, reset, sayAndDrop, stall } from './acts.ts'
import { type ScriptedSmtp, type SmtpOptions, type SmtpScript, startScriptedSmtp } from './scripted-smtp.ts'

let ca: TestCa
let certificate: { key: string; cert: string }
const running: ScriptedSmtp[] = []

beforeAll(async () => {
  ca = await createTestCa()
  certificate = ca.issue(['localhost', '127.0.0.1'])
  const distrust = trustCa(ca.caPem)
  return () => {
    distrust()
    ca.dispose()
  }
})

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

async function start(script: SmtpScript = {}, options: SmtpOptions = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script, options)
  running.push(server)
  return server
}

async function open(server: ScriptedSmtp): Promise<LineClient> {
  const client = await openLineClient(server)
  onTestFinished(() => client.close())
  return client
}

/** Greets, gives an envelope and comes back after the 354. */
async function openData(server: ScriptedSmtp): Promise<LineClient> {
  const client = await open(server)
  await client.send('EHLO me\r\nMAIL FROM:<a@todoke.test>\r\nRCPT TO:<b@todoke.test>\r\nDATA\r\n')
  await client.linesTo(/^354/)
  return client
}

const mail: SendMailOptions = {
  from: 'haruka@todoke.test',
  to: ['weber@todoke.test', 'mori@todoke.test'],
  subject: 'Hello',
  text: 'first\n.second\n..third\n',
}

function send(server: ScriptedSmtp, transport: object = {}, message = mail) {
  return createTransport({ host: 'localhost', port: server.port, ...transport }).sendMail(message)
}

describe('a scripted SMTP server without a script', () => {
  test('takes a mail and gives it back without the stuffed dots', async () => {
    const server = await start()
    await send(server)
    const message = await server.nextMessage()
    expect(message).toMatchObject({
      from: 'haruka@todoke.test',
      to: ['weber@todoke.test', 'mori@todoke.test'],
      accepted: true,
    })
    expect(String(message.data)).toContain('\r\n\r\nfirst\r\n.second\r\n..third\r\n')
  })

  test('keeps every byte of the body, also 8-bit ones and an empty body', async () => {
    const server = await start()
    const client = await openData(server)
    await client.send(Buffer.from([0x80, 0xff, 0x0d, 0x0a, 0x2e, 0x2e, 0x0d, 0x0a, 0x2e, 0x0d, 0x0a]))
    expect(await client.line()).toMatch(/^250/)
    await client.send('MAIL FROM:<>\r\nRCPT TO:<b@todoke.test>\r\nDATA\r\n.\r\nNOOP\r\n')
    await client.linesTo(/queued as 2$/)
    expect(await client.line()).toBe('250 2.0.0 Ok')
    expect(server.messages.map(({ data }) => [...data])).toEqual([
      [0x80, 0xff, 0x0d, 0x0a, 0x2e, 0x0d, 0x0a],
      [],
    ])
  })

  test('reads a long body in any pieces', async () => {
    const server = await start({}, { chunkBytes: 1000 })
    const text = 'x'.repeat(70).concat('\n').repeat(3000)
    await send(server, {}, { ...mail, text })
    const { data } = await server.nextMessage()
    expect(String(data)).toContain(text.replaceAll('\n', '\r\n'))
  })

  test('takes commands that come all at once and notes them in order', async () => {
    const server = await start()
    const client = await open(server)
    await client.send('EHLO me\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nRSET\r\nQUIT\r\n')
    expect((await client.linesTo(/^221/)).filter(line => line.startsWith('250-'))).toContain('250-PIPELINING')
    expect(server.commands.map(command => command.slice(0, 4))).toEqual([
      'EHLO',
      'MAIL',
      'RCPT',
      'RSET',
      'QUIT',
    ])
    expect(await client.end()).toBe('end')
  })

  test('refuses mail out of order', async () => {
    const server = await start()
    const client = await open(server)
    await client.line()
    expect(await client.ask('RCPT TO:<b@x.test>')).toMatch(/^503/)
    expect(await client.ask('DATA')).toMatch(/^554/)
    expect(await client.ask('BDAT 4')).toMatch(/^502/)
  })

  test('refuses what is larger than the size it offers', async () => {
    const server = await start({}, { size: 1000 })
    const client = await open(server)
    await client.send('EHLO me\r\n')
    expect(await client.linesTo(/^250 /)).toContain('250-SIZE 1000')
    expect(await client.ask('MAIL FROM:<a@x.test> SIZE=1001')).toMatch(/^552/)
  })
})

describe('TLS and logins', () => {
  const users = { haruka: 'right' }
  const auth = { user: 'haruka', pass: 'right' }

  test('STARTTLS comes before the login, which is PLAIN or LOGIN', async () => {
    for (const method of ['PLAIN', 'LOGIN']) {
      const server = await start({}, { security: 'starttls', tls: certificate, users })
      await send(server, { requireTLS: true, auth, authMethod: method })
      expect((await server.nextMessage()).session).toMatchObject({ isSecure: true, user: 'haruka' })
      expect(server.commands.filter(command => command.startsWith('AUTH'))).toHaveLength(1)
    }
  })

  test('implicit TLS speaks TLS from the first byte', async () => {
    const server = await start({}, { security: 'implicit', tls: certificate, users })
    await send(server, { secure: true, auth })
    expect((await server.nextMessage()).session.isSecure).toBe(true)
  })

  test('a wrong password, an unknown user and a token are told apart from right ones', async () => {
    const server = await start({}, { users, mechanisms: ['PLAIN', 'LOGIN', 'XOAUTH2'] })
    await expect(send(server, { auth: { ...auth, pass: 'wrong' } })).rejects.toMatchObject({ code: 'EAUTH' })
    await expect(send(server, { auth: { ...auth, user: 'toString' } })).rejects.toMatchObject({
      code: 'EAUTH',
    })
    await expect(send(server)).rejects.toMatchObject({ responseCode: 530 })
    const oauth = { type: 'OAuth2', user: 'haruka', accessToken: 'right' }
    await expect(send(server, { auth: oauth })).resolves.toMatchObject({ accepted: mail.to })
  })

  test('a certificate that the client does not trust ends the session without a mail', async () => {
    const server = await start({}, { security: 'implicit', tls: ca.selfSigned(['localhost']) })
    await expect(send(server, { secure: true })).rejects.toThrow()
    expect(server.messages).toEqual([])
  })

  test('an expired certificate is refused by the client', async () => {
    const server = await start({}, { security: 'implicit', tls: ca.issue(['localhost'], { expired: true }) })
    await expect(send(server, { secure: true })).rejects.toThrow(/expired/)
  })

  test('where no STARTTLS is offered a client that needs it gives up', async () => {
    const server = await start()
    await expect(send(server, { requireTLS: true })).rejects.toThrow()
    expect(server.commands.some(command => command.startsWith('MAIL'))).toBe(false)
  })
})

describe('a script', () => {
  test('gives each recipient its own reply', async () => {
    const server = await start({ recipients: { 'mori@todoke.test': '550 5.1.1 No such person' } })
    const info = await send(server)
    expect(info).toMatchObject({ accepted: ['weber@todoke.test'], rejected: ['mori@todoke.test'] })
    expect((await server.nextMessage()).to).toEqual(['weber@todoke.test'])
  })

  test('has a list of replies used up over several connections, then the server behaves', async () => {
    const server = await start({ mail: ['451 4.3.0 Later', '452 4.3.1 Full'] })
    await expect(send(server)).rejects.toMatchObject({ responseCode: 451 })
    await expect(send(server)).rejects.toMatchObject({ responseCode: 452 })
    await expect(send(server)).resolves.toBeDefined()
  })

  test('may be a function, which leaves the usual reply by answering nothing', async () => {
    const server = await start({
      rcpt: ({ address }) => (address.startsWith('mori') ? '450 4.2.0 Greylisted' : undefined),
      body: ({ message }) => `250 2.0.0 took ${message?.to.length}`,
    })
    expect(await send(server)).toMatchObject({ response: '250 2.0.0 took 1' })
  })

  test('leaves out PIPELINING and notes who speaks too early', async () => {
    const server = await start({}, { pipelining: false })
    const client = await open(server)
    await client.send('EHLO me\r\nNOOP\r\n')
    expect(await client.linesTo(/^250 2.0.0/)).not.toContain('250-PIPELINING')
    expect(server.sessions[0]?.hasSpokenTooEarly).toBe(true)
  })

  test('that throws is told to the one who waits, and to stop()', async () => {
    const server = await startScriptedSmtp({
      noop: () => {
        throw new Error('a mistake in the script')
      },
    })
    const client = await open(server)
    await client.send('NOOP\r\n')
    await expect(server.nextMessage()).rejects.toThrow('a mistake in the script')
    await expect(server.stop()).rejects.toThrow('a mistake in the script')
  })
})

describe('faults', () => {
  test('drop ends in order, reset does not', async () => {
    const server = await start({ noop: [drop(), reset()] })
    for (const end of ['end', 'reset']) {
      const client = await open(server)
      await client.send('NOOP\r\n')
      expect(await client.end()).toBe(end)
    }
  })

  test('drop and reset do the same inside TLS', async () => {
    const server = await start({ noop: [drop(), reset()] }, { security: 'implicit', tls: certificate })
    for (const end of ['end', 'reset']) {
      const client = await openLineClient({ ...server, secure: true })
      await client.send('NOOP\r\n')
      expect(await client.end()).toBe(end)
    }
  })

  test('a mail whose connection drops after the final dot was not accepted', async () => {
    const server = await start({ body: drop() })
    await expect(send(server)).rejects.toThrow()
    expect((await server.nextMessage()).accepted).toBe(false)
  })

  test('a mail may be accepted although its sender does not hear of it', async () => {
    const server = await start({ body: [done(drop()), done(reset())] })
    for (const _ of [1, 2]) {
      await expect(send(server)).rejects.toThrow()
      expect((await server.nextMessage()).accepted).toBe(true)
    }
  })

  test('a held reply comes when it is released, and what came before is on record', async () => {
    const held = hold()
    const server = await start({ body: held })
    const sending = send(server)
    await held.reached
    expect(server.messages.map(message => message.accepted)).toEqual([false])
    held.release()
    await expect(sending).resolves.toMatchObject({ response: expect.stringContaining('250') })
    expect((await server.nextMessage()).accepted).toBe(true)
  })

  test('a stalled server says nothing until the client goes', async () => {
    const server = await start({ mail: stall() })
    const client = await open(server)
    await client.send('EHLO me\r\nMAIL FROM:<a@x.test>\r\n')
    await server.nextCommand(/^MAIL/)
    client.close()
    await server.sessions[0]?.closed
    expect(server.sessions[0]?.transcript.at(-1)).toBe('-- scripted --')
  })

  test('a reply comes a byte at a time, or only its beginning', async () => {
    const server = await start({ greeting: [byteByByte('220 slow'), cutAfter(4)] })
    const slow = await open(server)
    expect(await slow.line()).toBe('220 slow')
    expect(slow.packets).toEqual(Array.from('220 slow\r\n', () => 1))
    const cut = await open(server)
    expect(String(await cut.rest())).toBe('220 ')
  })

  test('a 421 is said before the connection ends', async () => {
    const server = await start({ rcpt: sayAndDrop('421 4.3.2 Shutting down') })
    await expect(send(server)).rejects.toMatchObject({ responseCode: 421 })
  })

  test('a connection that drops in the middle of the body leaves an abandoned mail', async () => {
    const server = await start({ midBody: { afterBytes: 7, act: drop() } })
    const client = await openData(server)
    await client.send('abc\r\n..defghi')
    expect(await client.end()).toBe('end')
    expect(server.abandoned.map(({ data }) => String(data))).toEqual(['abc\r\n.'])
    expect(server.messages).toEqual([])
  })

  test('a body can be held in its middle', async () => {
    const held = hold()
    const server = await start({ midBody: { afterBytes: 3, act: held } })
    const sending = send(server)
    await held.reached
    expect(server.messages).toEqual([])
    held.release()
    await sending
    expect((await server.nextMessage()).accepted).toBe(true)
  })

  test('a client that goes in the middle of the body leaves an abandoned mail', async () => {
    const server = await start()
    const client = await openData(server)
    await client.send('half a line')
    client.close()
    const [mail] = await server.waitFor(() => server.abandoned.length > 0 && server.abandoned)
    expect(mail).toMatchObject({ to: ['b@todoke.test'], accepted: false })
  })
})
