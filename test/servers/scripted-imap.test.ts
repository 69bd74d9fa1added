import { ImapFlow } from 'imapflow'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { openLineClient } from '../support/line-client.ts'
import { createTestCa, trustCa } from '../support/test-ca.ts'
import { drop, endless, hold, stall } from './acts.ts'
import { type ImapOptions, type ImapScript, type ScriptedImap, startScriptedImap } from './scripted-imap.ts'

const running: ScriptedImap[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

async function start(script: ImapScript = {}, options: ImapOptions = {}): Promise<ScriptedImap> {
  const server = await startScriptedImap(script, options)
  running.push(server)
  return server
}

async function open(server: ScriptedImap) {
  const client = await openLineClient(server)
  onTestFinished(() => client.close())
  expect(await client.line()).toMatch(/^\* OK/)
  return client
}

test('imapflow logs in, opens the inbox and hears of what is pushed while it idles', async () => {
  const server = await start({}, { users: { haruka: 'pass word' } })
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    logger: false,
    auth: { user: 'haruka', pass: 'pass word' },
  })
  await client.connect()
  await client.mailboxOpen('INBOX')
  const exists = new Promise<number>(resolve => client.on('exists', ({ count }) => resolve(count)))
  void client.idle()
  await server.waitFor(() => server.sessions[0]?.isIdling)
  await server.push('* 3 EXISTS')
  expect(await exists).toBe(3)
  await client.logout()
  expect(server.sessions[0]).toMatchObject({ user: 'haruka', hasQuit: true })
})

test('a wrong password is refused', async () => {
  const client = await open(await start({}, { users: { haruka: 'right' } }))
  expect(await client.ask('a1 LOGIN haruka "wrong"')).toBe(
    'a1 NO [AUTHENTICATIONFAILED] wrong user or password',
  )
  expect(await client.ask('a2 LOGIN "haruka" right')).toMatch(/^a2 OK/)
})

test('replies carry the tag of the client, also held ones', async () => {
  const held = hold('* 1 EXISTS\n$tag OK released')
  const server = await start({ replies: { NOOP: ['* 9 EXISTS\n$tag NO [UNAVAILABLE] later', held] } })
  const client = await open(server)
  await client.send('x1 NOOP\r\n')
  expect(await client.linesTo(/^x1/)).toEqual(['* 9 EXISTS', 'x1 NO [UNAVAILABLE] later'])
  await client.send('x2 noop\r\n')
  await held.reached
  held.release()
  expect(await client.linesTo(/^x2/)).toEqual(['* 1 EXISTS', 'x2 OK released'])
  expect(await client.ask('x3 XYZZY')).toBe('x3 BAD not in the script: XYZZY')
})

test('literals are part of the command, whether the client waits or not', async () => {
  const echo = ({ rest }: { rest: string }) => `$tag OK ${JSON.stringify(rest)}`
  const server = await start({ replies: { APPEND: echo } })
  const client = await open(server)
  expect(await client.ask('a APPEND INBOX {4}')).toBe('+ go on')
  expect(await client.ask('\r\nxy')).toBe('a OK "INBOX \\r\\nxy"')
  expect(await client.ask('b APPEND INBOX {2+}\r\nhi')).toBe('b OK "INBOX hi"')
})

test('a client may be dropped, kept waiting, or talked to without end', async () => {
  const server = await start({ replies: { NOOP: [drop(), stall(), endless('* OK still here')] } })
  const dropped = await open(server)
  await dropped.send('a NOOP\r\n')
  expect(await dropped.end()).toBe('end')

  const waiting = await open(server)
  await waiting.send('a NOOP\r\n')
  await server.nextCommand(/NOOP/)
  waiting.close()

  const flooded = await open(server)
  await flooded.send('a NOOP\r\n')
  for (let line = 0; line < 1000; line++) expect(await flooded.line()).toBe('* OK still here')
})

test('imapflow takes STARTTLS and implicit TLS of a certificate it can trust', async () => {
  const ca = await createTestCa()
  const distrust = trustCa(ca.caPem)
  onTestFinished(() => {
    distrust()
    ca.dispose()
  })
  for (const security of ['starttls', 'implicit'] as const) {
    const server = await start({}, { security, tls: ca.issue(['localhost']), users: { haruka: 'x' } })
    const client = new ImapFlow({
      host: 'localhost',
      port: server.port,
      secure: security === 'implicit',
      ...(security === 'starttls' ? { doSTARTTLS: true } : {}),
      logger: false,
      auth: { user: 'haruka', pass: 'x' },
    })
    await client.connect()
    expect(server.sessions[0]).toMatchObject({ isSecure: true, user: 'haruka' })
    await client.logout()
  }
})
