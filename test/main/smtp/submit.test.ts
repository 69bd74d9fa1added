/** Handing a mail over, against a server that fails where the test says so. */

import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/host.ts'
import { createSubmitter, type Submitter } from '../../../main/smtp/submit.ts'
import {
  byteByByte,
  done,
  drop,
  endless,
  hold,
  type Reply,
  reset,
  sayAndDrop,
  splitAt,
  stall,
} from '../../servers/acts.ts'
import {
  type ScriptedSmtp,
  type SmtpOptions,
  type SmtpScript,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import { attempt, bigMail, credentials, piecewise, settingsFor, smallMail } from './attempt.ts'

let ca: TestCa
let distrust: () => void
beforeAll(async () => {
  ca = await createTestCa()
  distrust = trustCa(ca.caPem)
})
afterAll(() => {
  distrust()
  ca.dispose()
})

const servers: ScriptedSmtp[] = []
const submitters: Submitter[] = []
afterEach(async () => {
  for (const submitter of submitters.splice(0)) submitter.close()
  for (const server of servers.splice(0)) await server.stop()
})

async function serve(script: SmtpScript = {}, options: SmtpOptions = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script, options)
  servers.push(server)
  return server
}
function submitterFor(clock = systemClock): Submitter {
  const submitter = createSubmitter({ clock })
  submitters.push(submitter)
  return submitter
}
const ticketKeys = Buffer.alloc(48, 7)
const users = { yuki: credentials.password }

describe.each([{ pipelining: true }, { pipelining: false }])(
  'with PIPELINING $pipelining',
  ({ pipelining }) => {
    test('a mail is taken: every step told, the bytes as they were frozen', async () => {
      const server = await serve({}, { pipelining, users })
      const seen = await attempt({ settings: settingsFor(server), credentials, to: ['a@x.org', 'b@x.org'] })
      expect(seen.outcome).toEqual({
        kind: 'accepted',
        reply: { code: 250, enhanced: '2.0.0', text: 'Ok: queued as 1' },
        queueId: '1',
        recipients: ['a@x.org', 'b@x.org'],
      })
      expect(seen.types).toEqual([
        'connected',
        'greeted',
        'authenticated',
        'sender-accepted',
        'recipient-accepted',
        'recipient-accepted',
        'body-started',
      ])
      expect(seen.terminating).toEqual([{ bytes: smallMail.length, recipients: ['a@x.org', 'b@x.org'] }])
      const message = await server.nextMessage()
      expect(message.data.equals(smallMail)).toBe(true)
      expect(message.to).toEqual(['a@x.org', 'b@x.org'])
      expect(message.session.hasSpokenTooEarly).toBe(false)
      expect(server.commands).toContain(`MAIL FROM:<yuki@example.co.jp>`)
    })

    test.each<[string, SmtpScript, object]>([
      ['greeting', { greeting: drop() }, { kind: 'connection-lost', host: '127.0.0.1', phase: 'greeting' }],
      ['EHLO', { ehlo: drop() }, { kind: 'connection-lost' }],
      ['MAIL', { mail: drop() }, { kind: 'connection-lost' }],
      ['RCPT', { rcpt: drop() }, { kind: 'connection-lost' }],
      ['DATA', { data: drop() }, { kind: 'connection-lost' }],
      ['MAIL by a reset', { mail: reset() }, { kind: 'connection-lost' }],
    ])('a connection lost at %s proves that the mail was not taken', async (_where, script, problem) => {
      const server = await serve(script, { pipelining })
      const seen = await attempt({ settings: settingsFor(server) })
      expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem })
      expect(seen.terminating).toEqual([])
      expect(server.messages).toEqual([])
    })

    test('a connection lost in the middle of the body proves it too', async () => {
      const server = await serve({ midBody: { afterBytes: 50_000, act: reset() } }, { pipelining })
      const seen = await attempt({ settings: settingsFor(server), mail: bigMail(20_000_000) })
      expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem: { kind: 'connection-lost' } })
      expect(seen.terminating).toEqual([])
      await server.waitFor(() => server.abandoned.length > 0)
      expect(server.messages).toEqual([])
    })

    test.each([
      ['the server took it', done(drop())],
      ['the server took it and reset', done(reset())],
      ['the server did not take it', drop()],
    ])('a connection lost after the final dot proves nothing, when %s', async (_what, body) => {
      const server = await serve({ body }, { pipelining })
      const seen = await attempt({ settings: settingsFor(server) })
      expect(seen.outcome).toEqual({ kind: 'unknown', problem: { kind: 'outcome-unknown' } })
      expect(seen.terminating).toHaveLength(1)
    })

    test('a reply after the final dot that is neither yes nor no proves nothing', async () => {
      const server = await serve({ body: '354 go on' }, { pipelining })
      expect((await attempt({ settings: settingsFor(server) })).outcome.kind).toBe('unknown')
    })

    test.each<[string, SmtpScript, object]>([
      ['a busy greeting', { greeting: '421 4.3.2 busy' }, { kind: 'server-busy', reply: { code: 421 } }],
      ['a slowed-down account', { greeting: '421 4.7.0 slow down' }, { kind: 'throttled' }],
      [
        'a refused sender',
        { mail: '550 5.7.1 not you' },
        { kind: 'refused', reply: { code: 550, text: 'not you' } },
      ],
      ['a busy sender', { mail: '451 4.3.0 later' }, { kind: 'server-busy', reply: { code: 451 } }],
      ['a refused DATA', { data: '554 5.5.0 no' }, { kind: 'refused', reply: { code: 554 } }],
      ['a 421 at RCPT', { rcpt: sayAndDrop('421 4.4.2 bye') }, { kind: 'server-busy', reply: { code: 421 } }],
      ['a login wanted', { mail: '530 5.7.0 Authentication required' }, { kind: 'authentication' }],
    ])('%s is told in the words of the server', async (_what, script, problem) => {
      const server = await serve(script, { pipelining })
      const seen = await attempt({ settings: settingsFor(server) })
      expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem })
      expect(seen.terminating).toEqual([])
      expect(server.messages).toEqual([])
    })

    test.each([
      ['554 5.7.1 spam', 'refused'],
      ['451 4.3.0 disk', 'server-busy'],
    ])('%s after the final dot is a clear no', async (body, kind) => {
      const server = await serve({ body }, { pipelining })
      const seen = await attempt({ settings: settingsFor(server) })
      expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem: { kind } })
      expect(seen.terminating).toHaveLength(1)
    })

    test('some refused recipients stop it before anything is sent, and the others are not served', async () => {
      const server = await serve({ recipients: { 'bad@x.org': '550 5.1.1 unknown' } }, { pipelining })
      const seen = await attempt({ settings: settingsFor(server), to: ['a@x.org', 'bad@x.org', 'c@x.org'] })
      expect(seen.outcome).toEqual({
        kind: 'recipients refused',
        accepted: ['a@x.org', 'c@x.org'],
        refused: [{ address: 'bad@x.org', reply: { code: 550, enhanced: '5.1.1', text: 'unknown' } }],
      })
      expect(seen.terminating).toEqual([])
      await server.waitFor(() => server.abandoned.length > 0)
      expect(server.abandoned[0]?.data.length).toBe(0)
      expect(server.messages).toEqual([])
    })

    test('when all recipients are refused, each with its reply', async () => {
      const server = await serve({ rcpt: ['450 4.2.0 grey', '550 5.1.1 unknown'] }, { pipelining })
      const seen = await attempt({ settings: settingsFor(server), to: ['a@x.org', 'b@x.org'] })
      expect(seen.outcome).toMatchObject({
        kind: 'recipients refused',
        accepted: [],
        refused: [
          { address: 'a@x.org', reply: { code: 450 } },
          { address: 'b@x.org', reply: { code: 550 } },
        ],
      })
      expect(server.messages).toEqual([])
    })

    test('a large mail: the last chunk waits until all before it is out and the commit has returned', async () => {
      const server = await serve({}, { pipelining, chunkBytes: 65_536 })
      const mail = bigMail(3_000_000)
      const seen = await attempt({ settings: settingsFor(server), mail })
      expect(seen.outcome.kind).toBe('accepted')
      expect((await server.nextMessage()).data.equals(mail)).toBe(true)
      expect(seen.progress).toEqual([...seen.progress].sort((a, b) => a - b))
      expect(seen.progress.at(-1)).toBe(mail.length)
      expect(seen.progress.at(-2)).toBeGreaterThan(mail.length - 70_000)
    })
  },
)

describe('the point of no return', () => {
  test('is not passed when its commit fails: the mail was not taken', async () => {
    const server = await serve()
    const seen = await attempt({
      settings: settingsFor(server),
      onTerminating: () => {
        throw new Error('disk full')
      },
    })
    expect(seen.outcome).toEqual({ kind: 'not accepted', problem: { kind: 'disk', detail: 'disk full' } })
    await server.waitFor(() => server.abandoned.length > 0)
    expect(server.messages).toEqual([])
  })

  test('is not passed with other bytes than those of Send', async () => {
    const server = await serve()
    const other = Buffer.from(smallMail)
    other[0] = 0x20
    for (const stream of [
      () => piecewise(other),
      () => piecewise(smallMail.subarray(1)),
      () => Readable.from([]),
    ]) {
      const seen = await attempt({ settings: settingsFor(server), stream })
      expect(seen.outcome).toEqual({ kind: 'not accepted', problem: { kind: 'bytes-changed' } })
      expect(seen.terminating).toEqual([])
    }
    expect(server.messages).toEqual([])
  })

  test('is not passed when the stream breaks', async () => {
    const server = await serve()
    async function* broken() {
      yield smallMail.subarray(0, 10)
      throw new Error('gone')
    }
    const seen = await attempt({ settings: settingsFor(server), stream: () => Readable.from(broken()) })
    expect(seen.outcome).toEqual({ kind: 'not accepted', problem: { kind: 'disk', detail: 'gone' } })
    expect(server.messages).toEqual([])
  })

  test('is not passed when the server answers before it, whatever it says', async () => {
    const say = (text: string): SmtpScript => ({
      midBody: { afterBytes: 50_000, act: { perform: ({ wire }) => wire.write(text) } },
    })
    const mail = bigMail(20_000_000)
    const yes = await serve(say('250 2.0.0 Ok: queued as EARLY\r\n'))
    const seen = await attempt({ settings: settingsFor(yes), mail })
    expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem: { kind: 'protocol' } })
    expect(seen.terminating).toEqual([])
    const no = await serve(say('552 5.3.4 too big\r\n'))
    const refused = await attempt({ settings: settingsFor(no), mail })
    expect(refused.outcome).toMatchObject({
      kind: 'not accepted',
      problem: { kind: 'refused', reply: { code: 552 } },
    })
    expect(refused.terminating).toEqual([])
  })

  test('before it a mail can be called off, afterwards not', async () => {
    const atRcpt = hold()
    const before = await serve({ rcpt: atRcpt })
    const first = new AbortController()
    const stopped = attempt({ settings: settingsFor(before), signal: first.signal })
    await atRcpt.reached
    first.abort()
    expect((await stopped).outcome).toEqual({ kind: 'not accepted', problem: { kind: 'cancelled' } })
    expect(before.messages).toEqual([])

    const atEnd = hold()
    const after = await serve({ body: atEnd })
    const second = new AbortController()
    const kept = attempt({ settings: settingsFor(after), signal: second.signal })
    await atEnd.reached
    second.abort()
    atEnd.release()
    expect((await kept).outcome.kind).toBe('accepted')
  })

  test('a server that says nothing is waited for: 5 minutes before it, 10 after it', async () => {
    const clock = manualClock()
    const early = await serve({ rcpt: stall() })
    const waiting = attempt({ settings: settingsFor(early), clock })
    await early.nextCommand(/^RCPT/)
    clock.advance(4 * 60_000)
    clock.advance(61_000)
    expect((await waiting).outcome).toMatchObject({ kind: 'not accepted', problem: { kind: 'timeout' } })

    const late = await serve({ body: stall() })
    let isOver = false
    const hoping = attempt({ settings: settingsFor(late), clock }).then(seen => {
      isOver = true
      return seen
    })
    await late.nextCommand(/^\.$/)
    clock.advance(9 * 60_000)
    await new Promise(resolve => setImmediate(resolve))
    expect(isOver).toBe(false)
    clock.advance(61_000)
    expect((await hoping).outcome).toEqual({ kind: 'unknown', problem: { kind: 'outcome-unknown' } })
  })
})

describe('what EHLO tells', () => {
  test('a mail over the SIZE of the server is not even begun', async () => {
    const server = await serve({}, { size: 10_000 })
    const mail = bigMail(20_000)
    const seen = await attempt({ settings: settingsFor(server), mail })
    expect(seen.outcome).toEqual({
      kind: 'not accepted',
      problem: { kind: 'too-big', bytes: mail.length, limit: 10_000 },
    })
    await server.nextCommand(/^QUIT/)
    expect(server.commands.join('\n')).not.toMatch(/MAIL|DATA/)
  })

  test('a mail to more people than the server takes with one mail is not even begun', async () => {
    const server = await serve({}, { capabilities: ['LIMITS MAILMAX=9 RCPTMAX=100'] })
    const people = Array.from({ length: 101 }, (_, index) => `r${index}@x.org`)
    const seen = await attempt({ settings: settingsFor(server), to: people })
    expect(seen.outcome).toEqual({
      kind: 'not accepted',
      problem: { kind: 'too-many-recipients', count: 101, limit: 100 },
    })
    await server.nextCommand(/^QUIT/)
    expect(server.commands.join('\n')).not.toMatch(/MAIL FROM|RCPT|DATA/)
    const fitting = await attempt({ settings: settingsFor(server), to: people.slice(1) })
    expect(fitting.outcome).toMatchObject({ kind: 'accepted', recipients: people.slice(1) })
  })

  test('the size is announced where SIZE is offered', async () => {
    const server = await serve({}, { size: 10_000 })
    await attempt({ settings: settingsFor(server) })
    expect(server.commands).toContain(`MAIL FROM:<yuki@example.co.jp> SIZE=${smallMail.length}`)
  })

  test('an address that needs SMTPUTF8 goes only where it is offered', async () => {
    const without = await serve({}, { capabilities: [] })
    const seen = await attempt({ settings: settingsFor(without), to: ['用户@例子.公司'] })
    expect(seen.outcome).toEqual({
      kind: 'not accepted',
      problem: { kind: 'address-needs-smtputf8', address: '用户@例子.公司' },
    })
    const offering = await serve()
    expect((await attempt({ settings: settingsFor(offering), to: ['用户@例子.公司'] })).outcome.kind).toBe(
      'accepted',
    )
  })

  test('a server that knows no EHLO is spoken to with HELO, where no login is wanted', async () => {
    const server = await serve({ ehlo: '502 5.5.2 no EHLO here' })
    const seen = await attempt({ settings: settingsFor(server) })
    expect(seen.outcome.kind).toBe('accepted')
    expect(server.commands.slice(0, 2)).toEqual(['EHLO [127.0.0.1]', 'HELO [127.0.0.1]'])
    const withLogin = await attempt({ settings: settingsFor(server), credentials })
    expect(withLogin.outcome).toMatchObject({ problem: { kind: 'authentication-unavailable', offered: [] } })
  })

  test('replies that come byte by byte or cut in two are the same replies', async () => {
    const script = {
      greeting: byteByByte(),
      ehlo: splitAt(-2),
      mail: byteByByte(),
      rcpt: splitAt(2),
      data: splitAt(-1),
    }
    const server = await serve({ ...script, body: byteByByte() }, { pipelining: false })
    expect((await attempt({ settings: settingsFor(server) })).outcome).toMatchObject({
      kind: 'accepted',
      queueId: '1',
    })
  })

  test('a greeting without end is not listened to for ever', async () => {
    const server = await serve({ greeting: endless('220-hello') })
    const seen = await attempt({ settings: settingsFor(server) })
    expect(seen.outcome.kind).toBe('not accepted')
  })

  test('our name says nothing of this machine', async () => {
    const server = await serve()
    await attempt({ settings: settingsFor(server) })
    expect(server.commands[0]).toBe('EHLO [127.0.0.1]')
  })
})

describe('logging in', () => {
  test.each(['PLAIN', 'LOGIN'])('by %s, and no secret in the transcript', async mechanism => {
    const server = await serve({}, { users, mechanisms: [mechanism] })
    const seen = await attempt({ settings: settingsFor(server), credentials })
    expect(seen.outcome.kind).toBe('accepted')
    expect(seen.events).toContainEqual(expect.objectContaining({ type: 'authenticated', mechanism }))
    const text = seen.lines.join('\n')
    expect(text).toMatch(new RegExp(`client: AUTH ${mechanism}`))
    for (const secret of [credentials.password, credentials.user]) {
      expect(text).not.toContain(Buffer.from(secret).toString('base64'))
    }
    expect(text).not.toContain(credentials.password)
    expect(text).not.toContain(Buffer.from(`\0yuki\0${credentials.password}`).toString('base64'))
  })

  test('a secret that the server repeats is cut out', async () => {
    const server = await serve({ auth: `535 5.7.8 not ${credentials.password}` }, { users })
    const seen = await attempt({ settings: settingsFor(server), credentials })
    expect(seen.lines.join('\n')).not.toContain(credentials.password)
    expect(JSON.stringify(seen.outcome)).not.toContain(credentials.password)
  })

  test('a wrong password is the account’s trouble, in the server’s words', async () => {
    const server = await serve({}, { users })
    const seen = await attempt({
      settings: settingsFor(server),
      credentials: { user: 'yuki', password: 'wrong' },
    })
    expect(seen.outcome).toMatchObject({
      kind: 'not accepted',
      problem: {
        kind: 'authentication',
        host: '127.0.0.1',
        user: 'yuki',
        text: 'Authentication credentials invalid',
      },
    })
  })

  test('a server with none of our mechanisms is told with what it offers', async () => {
    const server = await serve({}, { users, mechanisms: ['GSSAPI', 'SCRAM-SHA-1'] })
    const seen = await attempt({ settings: settingsFor(server), credentials })
    expect(seen.outcome).toMatchObject({
      problem: { kind: 'authentication-unavailable', offered: ['GSSAPI', 'SCRAM-SHA-1'] },
    })
    expect(server.commands.join('\n')).not.toMatch(/AUTH/)
  })
})

describe('TLS', () => {
  const secureServer = (security: 'implicit' | 'starttls', names = ['127.0.0.1'], script: SmtpScript = {}) =>
    serve(script, { security, users, tls: { ...ca.issue(names), ticketKeys, sessionIdContext: 'test' } })

  test.each(['implicit', 'starttls'] as const)(
    '%s: told with protocol and cipher, then a mail',
    async tls => {
      const server = await secureServer(tls)
      const seen = await attempt({ settings: settingsFor(server, { tls }), credentials })
      expect(seen.outcome.kind).toBe('accepted')
      expect(seen.types.slice(0, 4)).toEqual(['connected', 'secured', 'greeted', 'authenticated'])
      expect(seen.events[1]).toMatchObject({ protocol: 'TLSv1.3', isResumed: false })
      expect(server.sessions[0]?.isSecure).toBe(true)
      expect((await server.nextMessage()).data.equals(smallMail)).toBe(true)
    },
  )

  test.each(['implicit', 'starttls'] as const)('%s: the next connection resumes', async tls => {
    const server = await secureServer(tls)
    const settings = settingsFor(server, { tls })
    const submitter = submitterFor()
    await attempt({ settings, credentials, submitter })
    submitter.forget('account')
    const seen = await attempt({ settings, credentials, submitter })
    expect(seen.outcome.kind).toBe('accepted')
    expect(seen.events.find(({ type }) => type === 'secured')).toMatchObject({ isResumed: true })
  })

  test('a server without STARTTLS gets neither password nor mail', async () => {
    const server = await serve({}, { users })
    const seen = await attempt({ settings: settingsFor(server, { tls: 'starttls' }), credentials })
    expect(seen.outcome).toEqual({
      kind: 'not accepted',
      problem: { kind: 'tls-not-offered', host: '127.0.0.1' },
    })
    expect(server.commands.join('\n')).not.toMatch(/AUTH|MAIL/)
  })

  test('words slipped in before the handshake end it', async () => {
    const act: Reply = { perform: ({ wire }) => wire.write('220 go\r\n250 injected\r\n') }
    const server = await secureServer('starttls', ['127.0.0.1'], { starttls: act })
    const seen = await attempt({ settings: settingsFor(server, { tls: 'starttls' }), credentials })
    expect(seen.outcome).toMatchObject({ problem: { kind: 'tls', detail: 'data before the handshake' } })
  })

  test.each(['implicit', 'starttls'] as const)(
    '%s: an untrusted certificate is shown, and nothing is sent',
    async tls => {
      const certificate = ca.selfSigned(['127.0.0.1'])
      const server = await serve({}, { security: tls, users, tls: certificate })
      const seen = await attempt({ settings: settingsFor(server, { tls }), credentials })
      expect(seen.outcome).toMatchObject({
        kind: 'not accepted',
        problem: { kind: 'certificate', reason: 'self-signed', certificate: { subject: '127.0.0.1' } },
      })
      expect(server.commands.join('\n')).not.toMatch(/AUTH|MAIL/)

      const pinned = settingsFor(server, { tls, pinnedCertificate: certificate.cert })
      expect((await attempt({ settings: pinned, credentials })).outcome.kind).toBe('accepted')
    },
  )

  test('a certificate for another name, an expired one', async () => {
    const other = await secureServer('implicit', ['mx.example.org'])
    expect((await attempt({ settings: settingsFor(other, { tls: 'implicit' }) })).outcome).toMatchObject({
      problem: { kind: 'certificate', reason: 'name-mismatch' },
    })
    const old = await serve({}, { security: 'implicit', tls: ca.issue(['127.0.0.1'], { expired: true }) })
    expect((await attempt({ settings: settingsFor(old, { tls: 'implicit' }) })).outcome).toMatchObject({
      problem: { kind: 'certificate', reason: 'expired' },
    })
  })

  test('a server that speaks plain text where TLS is expected', async () => {
    const server = await serve()
    const seen = await attempt({ settings: settingsFor(server, { tls: 'implicit' }) })
    expect(seen.outcome).toMatchObject({ kind: 'not accepted', problem: { kind: 'tls' } })
  })

  test('no plain text to another machine without consent', async () => {
    const seen = await attempt({
      settings: { ...settingsFor({ port: 25 }), host: 'mail.example.org' },
      credentials,
    })
    expect(seen.outcome).toEqual({
      kind: 'not accepted',
      problem: { kind: 'plaintext-forbidden', host: 'mail.example.org' },
    })
    expect(seen.events).toEqual([])
  })
})

describe('reaching the server', () => {
  test('nobody listens', async () => {
    const server = await startScriptedSmtp()
    await server.stop()
    expect((await attempt({ settings: settingsFor(server) })).outcome).toMatchObject({
      kind: 'not accepted',
      problem: { kind: 'unreachable', port: server.port, detail: 'ECONNREFUSED' },
    })
  })

  test('no such name', async () => {
    const settings = settingsFor({ port: 587 }, { host: 'no-such-host.invalid', plaintextConsent: true })
    expect((await attempt({ settings })).outcome).toMatchObject({
      kind: 'not accepted',
      problem: { kind: 'dns', host: 'no-such-host.invalid' },
    })
  })

  test('a name is resolved and told', async () => {
    const server = await serve()
    const seen = await attempt({ settings: settingsFor(server, { host: 'localhost' }) })
    expect(seen.types[0]).toBe('resolved')
    expect(seen.outcome.kind).toBe('accepted')
  })
})

describe('the kept connection', () => {
  test('carries the next mail, and says good-bye after 30 idle seconds', async () => {
    const clock = manualClock()
    const server = await serve({}, { users })
    const submitter = submitterFor(clock)
    const settings = settingsFor(server)
    await attempt({ settings, credentials, submitter, clock })
    clock.advance(29_000)
    const second = await attempt({ settings, credentials, submitter, clock })
    expect(second.types[0]).toBe('reused-connection')
    expect(second.outcome.kind).toBe('accepted')
    expect(server.sessions).toHaveLength(1)
    clock.advance(30_000)
    await server.nextCommand(/^QUIT/)
  })

  test('is there already when a composer was opened', async () => {
    const server = await serve({}, { users })
    const submitter = submitterFor()
    const settings = settingsFor(server)
    submitter.warm({ accountId: 'account', settings, credentials })
    submitter.warm({ accountId: 'account', settings, credentials })
    const seen = await attempt({ settings, credentials, submitter })
    expect(seen.types[0]).toBe('reused-connection')
    expect(server.sessions).toHaveLength(1)
    expect(server.commands.filter(command => command.startsWith('AUTH'))).toHaveLength(1)
  })

  test('stays for as long as somebody writes, and Send uses it', async () => {
    const server = await serve({}, { users })
    const clock = manualClock()
    const submitter = submitterFor(clock)
    const settings = settingsFor(server)
    const account = { accountId: 'account', settings, credentials }
    submitter.warm(account)
    await attempt({ settings, credentials, submitter, clock })
    for (let beat = 0; beat < 9; beat += 1) {
      clock.advance(20_000)
      submitter.warm(account)
    }
    const seen = await attempt({ settings, credentials, submitter, clock })
    expect(seen.types[0]).toBe('reused-connection')
    expect(server.sessions).toHaveLength(1)
    expect(server.commands.filter(command => command.startsWith('QUIT'))).toEqual([])
  })

  test.each<[string, Reply]>([
    ['without a word', drop()],
    ['by a 421', sayAndDrop('421 4.4.2 idle too long')],
  ])('that the server has ended %s: the mail goes over a new one at once', async (_how, end) => {
    const server = await serve({ mail: [undefined, end].map(reply => reply ?? '250 2.1.0 Ok') })
    const submitter = submitterFor()
    const settings = settingsFor(server)
    await attempt({ settings, submitter })
    const seen = await attempt({ settings, submitter })
    expect(seen.types.slice(0, 2)).toEqual(['reused-connection', 'connected'])
    expect(seen.outcome.kind).toBe('accepted')
    expect(server.messages).toHaveLength(2)
  })

  test('that ended while idle is not tried', async () => {
    const server = await serve()
    const submitter = submitterFor()
    const settings = settingsFor(server)
    await attempt({ settings, submitter })
    server.sessions[0]?.wire.drop()
    await server.sessions[0]?.closed
    const seen = await attempt({ settings, submitter })
    expect(seen.outcome.kind).toBe('accepted')
    expect(server.messages).toHaveLength(2)
  })

  test('that does not come about keeps nobody from calling the mail off', async () => {
    const greeting = hold()
    const server = await serve({ greeting })
    const submitter = submitterFor()
    const settings = settingsFor(server)
    submitter.warm({ accountId: 'account', settings, credentials: { user: '', password: '' } })
    await greeting.reached
    const off = new AbortController()
    const seen = attempt({ settings, submitter, signal: off.signal })
    off.abort()
    expect((await seen).outcome).toEqual({ kind: 'not accepted', problem: { kind: 'cancelled' } })
  })

  test('is not used with another password', async () => {
    const server = await serve({}, { users })
    const submitter = submitterFor()
    const settings = settingsFor(server)
    await attempt({ settings, credentials, submitter })
    const seen = await attempt({ settings, credentials: { user: 'yuki', password: 'wrong' }, submitter })
    expect(seen.outcome).toMatchObject({ problem: { kind: 'authentication' } })
  })

  test('after a refusal it is left, as its state is not ours any more', async () => {
    const server = await serve({ mail: ['550 5.7.1 no'] })
    const submitter = submitterFor()
    const settings = settingsFor(server)
    await attempt({ settings, submitter })
    await server.nextCommand(/^QUIT/)
    const seen = await attempt({ settings, submitter })
    expect(seen.outcome.kind).toBe('accepted')
    expect(server.sessions).toHaveLength(2)
  })
})
