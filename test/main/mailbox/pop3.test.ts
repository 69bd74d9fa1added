import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/host.ts'
import { openPop3, type Pop3Entry } from '../../../main/mailbox/pop3.ts'
import { ok } from '../../../shared/problem.ts'
import { cutAfter, drop, endless, rawBytes, splitAt, stall } from '../../servers/acts.ts'
import {
  type Pop3Asked,
  type Pop3Script,
  type ScriptedPop3,
  startScriptedPop3,
} from '../../servers/scripted-pop3.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import { mail, must, serverSettings } from './receiving-bench.ts'

const limits = { connectMs: 2_000, replyMs: 300, mailBytes: 200_000 }
const servers: ScriptedPop3[] = []
const closing: AbortController[] = []
afterEach(async () => {
  for (const controller of closing.splice(0)) controller.abort()
  for (const server of servers.splice(0)) await server.stop()
})

async function scripted(...args: Parameters<typeof startScriptedPop3>): Promise<ScriptedPop3> {
  const server = await startScriptedPop3(...args)
  servers.push(server)
  return server
}

function open({ port }: { port: number }, password = 'secret') {
  const controller = new AbortController()
  closing.push(controller)
  const settings = serverSettings({ port })
  return openPop3({ settings, user: settings.user, password }, systemClock, controller.signal, limits)
}

const two = [1, 2].map(number => ({ uidl: `u${number}`, data: mail(number) }))

async function retrieveAll(server: ScriptedPop3) {
  const session = must(await open(server))
  const entries = must(await session.list())
  const taken: { entry: Pop3Entry; source: Buffer }[] = []
  const done = await session.retrieve(entries, async (entry, source) => {
    taken.push({ entry, source })
    return ok(true as const)
  })
  return { done, taken }
}

test('with PIPELINING all mails are asked for before the first has come, and each finds its own bytes', async () => {
  const many = Array.from({ length: 30 }, (_, at) => ({ uidl: `u${at}`, data: mail(at) }))
  const { done, taken } = await retrieveAll(await scripted({}, { mailbox: many }))
  expect(done.ok).toBe(true)
  expect(taken.map(({ source }) => source)).toEqual(many.map(({ data }) => data))
})

test.each([-1, -2, -3, -4, -5, 1, 4, 5, 6])('a reply in two packets, cut at %i, is one mail', async place => {
  const { done, taken } = await retrieveAll(await scripted({ retr: splitAt(place) }, { mailbox: two }))
  expect(done.ok).toBe(true)
  expect(taken.map(({ source }) => source)).toEqual(two.map(({ data }) => data))
})

test('a line of many megabytes costs no more than its length', async () => {
  const data = Buffer.from(`Subject: x\r\n\r\n.${'a'.repeat(150_000)}\r\n`)
  const { taken } = await retrieveAll(await scripted({}, { mailbox: [{ uidl: 'a', data }] }))
  expect(taken[0]?.source.equals(data)).toBe(true)
})

test.each([
  ['silence', stall(), 'timeout'],
  ['half a mail and silence', cutAfter(40, stall()), 'timeout'],
  ['half a mail and the end of the line', cutAfter(40, drop()), 'connection-lost'],
  ['a mail without end', endless('more'), 'too-big'],
  ['what is no POP3 reply', rawBytes('HTTP/1.1 200 OK\r\n'), 'protocol'],
  ['a status line without end', rawBytes('x'.repeat(20_000)), 'protocol'],
])('%s in place of a mail ends by itself', async (_name, act, kind) => {
  const { done, taken } = await retrieveAll(
    // `endless` speaks no status line of its own.
    await scripted({ retr: kind === 'too-big' ? okAnd(act) : act }, { mailbox: two }),
  )
  expect(done).toMatchObject({ ok: false, problem: { kind } })
  expect(taken).toEqual([])
})

function okAnd(act: ReturnType<typeof endless>): ReturnType<typeof endless> {
  return {
    perform: async stage => {
      await stage.wire.write(Buffer.from('+OK\r\n'))
      await act.perform(stage)
    },
  }
}

test('a server that greets with HTML of a captive portal gets no password', async () => {
  const server = await scripted({ greeting: rawBytes('<html>please log in</html>\r\n') })
  expect(await open(server)).toMatchObject({ ok: false, problem: { kind: 'protocol' } })
  expect(server.commands).toEqual([])
})

test('a password with a line break is not sent at all', async () => {
  const server = await scripted()
  expect(await open(server, 'a\r\nDELE 1')).toMatchObject({
    ok: false,
    problem: { kind: 'forbidden-character' },
  })
  expect(server.transcript()).not.toContain('DELE')
})

test('a very long password goes in two steps, as a command line has its limit', async () => {
  const password = 'p'.repeat(300)
  const server = await scripted({}, { users: { 'haruka@todoke.test': password } })
  must(await open(server, password))
  expect(server.commands).toContain('AUTH PLAIN')
})

test('where neither SASL nor a time stamp is offered, USER and PASS are used', async () => {
  const server = await scripted({ capa: '-ERR what?' }, { users: { 'haruka@todoke.test': 'secret' } })
  must(await open(server))
  expect(server.commands.filter(line => /^(USER|PASS)/.test(line)).length).toBe(2)
})

test('a maildrop that another program holds is the weather, not a wrong password', async () => {
  const server = await scripted({ auth: '-ERR [IN-USE] locked' })
  expect(await open(server)).toMatchObject({ ok: false, problem: { kind: 'throttled' } })
})

test('an attempt that is called off ends at once', async () => {
  const server = await scripted({ greeting: stall() })
  const controller = new AbortController()
  const settings = serverSettings({ port: server.port })
  const login = { settings, user: 'u', password: 'p' }
  const opening = openPop3(login, systemClock, controller.signal, { ...limits, replyMs: 60_000 })
  await server.waitFor(() => server.sessions.length === 1)
  controller.abort()
  expect((await opening).ok).toBe(false)
})

describe('signing in by SASL', () => {
  let ca: TestCa
  let forget: () => void
  beforeAll(async () => {
    ca = await createTestCa()
    forget = trustCa(ca.caPem)
  })
  afterAll(() => {
    forget()
    ca.dispose()
  })
  const user = 'haruka@todoke.test'
  const password = 'pass wörd, = and more'

  async function overTls(
    mechanisms: string[],
    {
      script = {},
      users = { [user]: password },
      token = '',
    }: { script?: Pop3Script; users?: Record<string, string>; token?: string } = {},
  ) {
    const tls = ca.issue(['localhost'])
    const server = await scripted(script, { security: 'implicit', tls, users, mechanisms, mailbox: two })
    const settings = serverSettings({ host: 'localhost', port: server.port, tls: 'implicit' })
    const controller = new AbortController()
    closing.push(controller)
    const withToken = token === '' ? {} : { token: async () => ok(token) }
    const login = { settings, user, password, ...withToken }
    const opened = await openPop3(login, systemClock, controller.signal, limits)
    const said = server.commands.filter(line => /^(AUTH|USER|PASS|APOP)\b/.test(line))
    return { server, opened, tried: said.map(line => line.split(' ').slice(0, 2).join(' ')) }
  }

  test.each(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5'])(
    '%s lets in who knows the password, and the mails can be read',
    async mechanism => {
      const { opened, tried } = await overTls([mechanism])
      expect(must(await must(opened).list())).toHaveLength(2)
      expect(tried).toEqual([`AUTH ${mechanism}`])
    },
  )

  test('the one that never shows the password is taken first', async () => {
    const { opened, tried } = await overTls([
      'LOGIN',
      'PLAIN',
      'CRAM-MD5',
      'SCRAM-SHA-256',
      'SCRAM-SHA-256-PLUS',
    ])
    must(opened)
    expect(tried).toEqual(['AUTH SCRAM-SHA-256-PLUS'])
  })

  test('a server that does not keep what SCRAM needs is told the password by PLAIN', async () => {
    const auth = ({ line }: Pop3Asked) => (line.includes('SCRAM') ? '-ERR not for you' : undefined)
    const { opened, tried } = await overTls(['SCRAM-SHA-256', 'PLAIN'], { script: { auth } })
    must(opened)
    expect(tried).toEqual(['AUTH SCRAM-SHA-256', 'AUTH PLAIN'])
  })

  test('a wrong password is guessed at most twice, also by a server that says nothing of why', async () => {
    const { opened, tried } = await overTls(
      ['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256', 'PLAIN', 'LOGIN', 'CRAM-MD5'],
      {
        script: { auth: '-ERR no', user: '-ERR no', pass: '-ERR no' },
      },
    )
    expect(opened).toMatchObject({ ok: false, problem: { kind: 'authentication', user, text: 'no' } })
    expect(tried).toHaveLength(2)
  })

  test.each(['XOAUTH2', 'OAUTHBEARER'])(
    '%s lets in who has a token, and tells no byte of a password',
    async mechanism => {
      const token = 'ya29.token'
      const { opened, tried, server } = await overTls([mechanism, 'PLAIN'], {
        users: { [user]: token },
        token,
      })
      must(opened)
      expect(tried).toEqual([`AUTH ${mechanism}`])
      expect(server.transcript()).not.toContain(Buffer.from(password).toString('base64').slice(0, 12))
    },
  )

  test.each(['XOAUTH2', 'OAUTHBEARER'])(
    'a token that %s refuses is a refused sign-in, and the line goes on',
    async mechanism => {
      const { opened } = await overTls([mechanism], { users: { [user]: 'another' }, token: 'old' })
      expect(opened).toMatchObject({ ok: false, problem: { kind: 'authentication', user } })
    },
  )

  test('where only passwords are taken, a token is not shown', async () => {
    const { opened, tried } = await overTls(['PLAIN'], { token: 'ya29.token' })
    expect(opened).toMatchObject({
      ok: false,
      problem: { kind: 'authentication-unavailable', offered: ['PLAIN'] },
    })
    expect(tried).toEqual([])
  })
})
