import { createHash } from 'node:crypto'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { type LineClient, openLineClient } from '../support/line-client.ts'
import { createTestCa, trustCa } from '../support/test-ca.ts'
import { byteByByte, cutAfter, done, drop, splitAt, stall } from './acts.ts'
import { type Pop3Options, type Pop3Script, type ScriptedPop3, startScriptedPop3 } from './scripted-pop3.ts'

const running: ScriptedPop3[] = []

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

const mailbox = [
  { uidl: 'first', data: Buffer.from('Subject: one\r\n\r\n.dot\r\nbody\r\n') },
  { uidl: 'second', data: Buffer.from([0x53, 0x3a, 0x0d, 0x0a, 0x0d, 0x0a, 0x80, 0xff, 0x0d, 0x0a]) },
]

async function start(script: Pop3Script = {}, options: Pop3Options = {}): Promise<ScriptedPop3> {
  const server = await startScriptedPop3(script, { mailbox, users: { haruka: 'two words' }, ...options })
  running.push(server)
  return server
}

async function open(server: ScriptedPop3, options: { secure?: boolean } = {}): Promise<LineClient> {
  const client = await openLineClient({ port: server.port, ...options })
  onTestFinished(() => client.close())
  expect(await client.line()).toMatch(/^\+OK/)
  return client
}

async function logIn(server: ScriptedPop3): Promise<LineClient> {
  const client = await open(server)
  await client.ask('USER haruka')
  expect(await client.ask('PASS two words')).toBe('+OK logged in')
  return client
}

test('a mailbox is counted, listed and read byte for byte', async () => {
  const client = await logIn(await start())
  expect(await client.ask('STAT')).toBe('+OK 2 38')
  await client.send('LIST\r\nUIDL\r\n')
  expect(await client.linesTo(/^\.$/)).toEqual(['+OK 2 messages', '1 28', '2 10', '.'])
  expect(await client.linesTo(/^\.$/)).toEqual(['+OK 2 messages', '1 first', '2 second', '.'])
  expect(await client.ask('UIDL 2')).toBe('+OK 2 second')
  await client.send('TOP 1 1\r\n')
  expect(await client.linesTo(/^\.$/)).toEqual(['+OK', 'Subject: one', '', '..dot', '.'])
  await client.send('RETR 2\r\nQUIT\r\n')
  const wire = Buffer.concat([Buffer.from('+OK 10 octets\r\n'), mailbox[1]?.data ?? Buffer.alloc(0)])
  expect(await client.rest()).toEqual(Buffer.concat([wire, Buffer.from('.\r\n+OK bye\r\n')]))
})

test('what was deleted goes at QUIT, not when the connection drops or RSET takes it back', async () => {
  const server = await start()
  const dropped = await logIn(server)
  expect(await dropped.ask('DELE 1')).toMatch(/^\+OK/)
  expect(await dropped.ask('RETR 1')).toMatch(/^-ERR/)
  expect(await dropped.ask('STAT')).toBe('+OK 1 10')
  dropped.close()
  await server.sessions[0]?.closed

  const reset = await logIn(server)
  await reset.ask('DELE 1')
  await reset.ask('RSET')
  await reset.ask('QUIT')
  expect(server.deleted).toEqual([])

  const quit = await logIn(server)
  await quit.ask('DELE 2')
  expect(await quit.ask('QUIT')).toMatch(/^\+OK/)
  expect(server.deleted).toEqual(['second'])
  expect(server.mailbox.map(({ uidl }) => uidl)).toEqual(['first'])
})

test('a QUIT may be done although the client does not hear of it', async () => {
  const server = await start({ quit: done(drop()) })
  const client = await logIn(server)
  await client.send('DELE 1\r\nQUIT\r\n')
  expect(await client.end()).toBe('end')
  expect(server.deleted).toEqual(['first'])
})

test('logins are checked in USER, APOP and AUTH PLAIN', async () => {
  const server = await start({}, { apop: true })
  const client = await openLineClient(server)
  onTestFinished(() => client.close())
  const stamp = /<.*>/.exec((await client.line()) ?? '')?.[0]
  const digest = (password: string) => createHash('md5').update(`${stamp}${password}`).digest('hex')
  const plain = (password: string) => Buffer.from(`\0haruka\0${password}`).toString('base64')

  expect(await client.ask('STAT')).toMatch(/^-ERR/)
  await client.ask('USER haruka')
  expect(await client.ask('PASS two')).toMatch(/^-ERR \[AUTH\]/)
  expect(await client.ask(`APOP haruka ${digest('wrong')}`)).toMatch(/^-ERR/)
  expect(await client.ask(`APOP haruka ${digest('two words')}`)).toMatch(/^\+OK/)
  expect(await client.ask(`AUTH PLAIN ${plain('wrong')}`)).toMatch(/^-ERR/)
  expect(await client.ask('AUTH PLAIN')).toBe('+ ')
  expect(await client.ask(plain('two words'))).toMatch(/^\+OK/)
})

test('TLS comes with STLS or at once, and no login before it', async () => {
  const ca = await createTestCa()
  const distrust = trustCa(ca.caPem)
  onTestFinished(() => {
    distrust()
    ca.dispose()
  })
  const tls = ca.issue(['localhost'])
  const later = await open(await start({}, { security: 'starttls', tls }))
  await later.send('CAPA\r\n')
  const offered = await later.linesTo(/^\.$/)
  expect(offered).toContain('STLS')
  expect(offered).not.toContain('USER')
  expect(await later.ask('USER haruka')).toMatch(/^-ERR/)
  expect(await later.ask('STLS')).toMatch(/^\+OK/)
  await later.secure('localhost')
  await later.send('CAPA\r\n')
  expect(await later.linesTo(/^\.$/)).toContain('USER')
  const atOnce = await open(await start({}, { security: 'implicit', tls }), { secure: true })
  expect(await atOnce.ask('USER haruka')).toMatch(/^\+OK/)
})

test('two mails may have the same UIDL', async () => {
  const twins = mailbox.map(({ data }) => ({ uidl: 'same', data }))
  const client = await logIn(await start({}, { mailbox: twins }))
  await client.send('UIDL\r\n')
  expect(await client.linesTo(/^\.$/)).toEqual(['+OK 2 messages', '1 same', '2 same', '.'])
})

test('a reply may drop in its middle, be split before its end, come byte by byte or never', async () => {
  const server = await start({ retr: [cutAfter(20), splitAt(-2), byteByByte(), stall()] })
  const cut = await logIn(server)
  await cut.send('RETR 1\r\n')
  expect(await cut.rest()).toHaveLength(20)

  const split = await logIn(server)
  const before = split.packets.length
  await split.send('RETR 1\r\n')
  expect((await split.linesTo(/^\.$/)).at(-2)).toBe('body')
  expect(split.packets.slice(before).at(-1)).toBe(2)

  const slow = await logIn(server)
  const start1 = slow.packets.length
  await slow.send('RETR 1\r\n')
  const lines = await slow.linesTo(/^\.$/)
  expect(slow.packets.slice(start1)).toEqual(Array.from(`${lines.join('\r\n')}\r\n`, () => 1))

  await slow.send('RETR 1\r\n')
  await server.waitFor(() => server.commands.filter(command => command === 'RETR 1').length === 4)
})

test('any command can be refused, and by mail', async () => {
  const server = await start({
    uidl: '-ERR not here',
    retr: ({ mail }) => (mail?.uidl === 'first' ? '-ERR [SYS/TEMP] later' : undefined),
  })
  const client = await logIn(server)
  expect(await client.ask('UIDL')).toBe('-ERR not here')
  expect(await client.ask('RETR 1')).toBe('-ERR [SYS/TEMP] later')
  expect(await client.ask('RETR 2')).toBe('+OK 10 octets')
})
