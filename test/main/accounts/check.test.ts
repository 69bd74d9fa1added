import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type AccountChecks, createAccountChecks } from '../../../main/accounts/check.ts'
import { createEventHub } from '../../../main/events.ts'
import { type Clock, systemClock } from '../../../main/host.ts'
import type { AccountCheck, CheckStage } from '../../../shared/account-check.ts'
import type { AccountInput, ServerSettings } from '../../../shared/model.ts'
import { fail, ok, type Result } from '../../../shared/problem.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { manualClock } from '../../support/manual-clock.ts'
import { freePorts } from '../../support/ports.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import { accountInput } from './account-input.ts'
import { type LineServer, lineServer, type Talk } from './line-server.ts'

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

type Bench = {
  checks: AccountChecks
  /** Every state that was announced. */
  seen: AccountCheck[]
  run(input: AccountInput): Promise<AccountCheck>
  until(checkId: string, isThere: (check: AccountCheck) => boolean): Promise<AccountCheck>
}

function bench(clock: Clock = systemClock): Bench {
  const hub = createEventHub()
  const seen: AccountCheck[] = []
  const checks = createAccountChecks({
    clock,
    emit: hub.emit,
    credentialsOf: (input, server) => {
      const password = input.passwords[server] ?? input.passwords.smtp
      if (password === null) return fail({ kind: 'password-missing', accountId: input.id ?? '' })
      return ok({ user: input[server].user, password })
    },
  })
  const until = (checkId: string, isThere: (check: AccountCheck) => boolean) =>
    new Promise<AccountCheck>(resolve => {
      const look = () => {
        const check = value(checks.state(checkId))
        if (isThere(check)) resolve(check)
      }
      hub.listen(look)
      look()
    })
  hub.listen(({ payload }) => {
    if ('checkId' in payload) seen.push(value(checks.state(payload.checkId)))
  })
  return {
    checks,
    seen,
    until,
    run: input => until(value(checks.start(input)).checkId, check => check.state !== 'running'),
  }
}

const shortly = (check: AccountCheck, server: CheckStage['server']) =>
  check.stages.filter(stage => stage.server === server).map(({ stage, state }) => `${stage} ${state}`)
const stageOf = (check: AccountCheck, server: CheckStage['server'], name: CheckStage['stage']) =>
  check.stages.find(({ server: one, stage }) => one === server && stage === name)
const failed = (check: AccountCheck, server: CheckStage['server']) =>
  check.stages.find(stage => stage.server === server && stage.state === 'failed')

const passedImplicit = ['dns', 'tcp', 'tls', 'greeting', 'capabilities', 'authentication'].map(
  s => `${s} passed`,
)
const passedStarttls = ['dns', 'tcp', 'greeting', 'tls', 'capabilities', 'authentication'].map(
  s => `${s} passed`,
)

describe('against Dovecot and Postfix', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers()
  })
  afterAll(() => servers.stop())

  type Way = { smtp: Partial<ServerSettings>; incoming: Partial<ServerSettings>; kind?: 'imap' | 'pop3' }
  const form = ({ smtp, incoming, kind = 'imap' }: Way, password = servers.haruka.password): AccountInput => {
    const usual = {
      host: servers.host,
      user: servers.haruka.user,
      pinnedCertificate: null,
      plaintextConsent: false,
    }
    const { ports } = servers.dovecot
    const receiving: ServerSettings = {
      ...usual,
      tls: 'implicit',
      port: kind === 'imap' ? ports.imaps : ports.pop3s,
      ...incoming,
    }
    return accountInput({
      identity: { name: '', address: servers.haruka.user },
      smtp: { ...usual, tls: 'implicit', port: servers.postfix.ports.submissions, ...smtp },
      incoming:
        kind === 'imap'
          ? { kind, ...receiving }
          : { kind, leaveOnServer: true, deleteAfterDays: null, ...receiving },
      passwords: { smtp: password, incoming: null },
    })
  }

  test('every stage passes in its order over TLS, and shows what was found', async () => {
    const { run, seen } = bench()
    const check = await run(form({ smtp: {}, incoming: {} }))
    expect(check.state).toBe('passed')
    expect(shortly(check, 'smtp')).toEqual([...passedImplicit, 'sender passed'])
    expect(shortly(check, 'incoming')).toEqual([...passedImplicit, 'mailbox passed'])
    expect(check.stages.every(({ ms, problem }) => ms !== null && ms >= 0 && problem === null)).toBe(true)
    expect(stageOf(check, 'smtp', 'dns')?.detail).toContain('127.0.0.1')
    expect(stageOf(check, 'smtp', 'tcp')?.detail).toBe(`127.0.0.1:${servers.postfix.ports.submissions}`)
    expect(stageOf(check, 'smtp', 'tls')?.detail).toMatch(
      /^TLSv1\.3 · TLS_AES_\S+ · .*Todoke Test CA · \d{4}-/,
    )
    expect(stageOf(check, 'smtp', 'capabilities')?.detail).toContain('PIPELINING')
    expect(stageOf(check, 'incoming', 'capabilities')?.detail).toContain('IMAP4rev1')
    expect(stageOf(check, 'incoming', 'mailbox')?.detail).toBe('LIST 6')
    const firstSeen = seen[0] as AccountCheck
    expect(firstSeen.stages.filter(({ state }) => state === 'running').length).toBeGreaterThan(0)
    expect(firstSeen.stages.filter(({ state }) => state === 'waiting').length).toBeGreaterThan(8)
    expect(servers.dovecot.mailbox(servers.haruka.user)).toEqual([])
  })

  test('every stage passes over STARTTLS and STLS', async () => {
    const { ports } = servers.dovecot
    const smtp = { tls: 'starttls', port: servers.postfix.ports.submission } as const
    const imap = await bench().run(form({ smtp, incoming: { tls: 'starttls', port: ports.imap } }))
    expect(shortly(imap, 'smtp')).toEqual([...passedStarttls, 'sender passed'])
    expect(shortly(imap, 'incoming')).toEqual([...passedStarttls, 'mailbox passed'])
    const pop3 = await bench().run(
      form({ smtp, incoming: { tls: 'starttls', port: ports.pop3 }, kind: 'pop3' }),
    )
    expect(shortly(pop3, 'incoming')).toEqual([...passedStarttls, 'mailbox passed'])
    expect(stageOf(pop3, 'incoming', 'mailbox')?.detail).toBe('STAT 0 0')
  })

  test('a wrong password fails at the login with the words of the server, and the rest is skipped', async () => {
    for (const kind of ['imap', 'pop3'] as const) {
      const check = await bench().run(form({ smtp: {}, incoming: {}, kind }, 'wrong'))
      expect(check.state).toBe('failed')
      expect(shortly(check, 'smtp').slice(-2)).toEqual(['authentication failed', 'sender skipped'])
      expect(shortly(check, 'incoming').slice(-2)).toEqual(['authentication failed', 'mailbox skipped'])
      expect(failed(check, 'smtp')?.problem).toMatchObject({
        kind: 'authentication',
        host: 'localhost',
        user: servers.haruka.user,
        text: expect.stringContaining('authentication failed'),
      })
      expect(failed(check, 'incoming')?.problem).toMatchObject({
        kind: 'authentication',
        text: expect.stringMatching(/Authentication failed/),
      })
    }
  })

  test('a password beyond ASCII passes in every way of logging in', async () => {
    // harukas: password has a colon and a space already; the wrong one proves that bytes reach the server.
    const check = await bench().run(form({ smtp: {}, incoming: {} }, 'パスワード"\\ '))
    expect(failed(check, 'incoming')?.stage).toBe('authentication')
  })

  test('a dead host fails at the connection of one server while the other is tried to its end', async () => {
    const [port] = (await freePorts(1)) as [number]
    const check = await bench().run(form({ smtp: { port }, incoming: {} }))
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'tcp',
      problem: { kind: 'unreachable', host: 'localhost', port, detail: 'ECONNREFUSED' },
    })
    expect(shortly(check, 'smtp').slice(2)).toEqual(
      ['tls', 'greeting', 'capabilities', 'authentication', 'sender'].map(stage => `${stage} skipped`),
    )
    expect(shortly(check, 'incoming').at(-1)).toBe('mailbox passed')
  })

  test('a host that does not exist fails at DNS', async () => {
    const host = 'no-such-host.invalid'
    const check = await bench().run(form({ smtp: { host }, incoming: { host } }))
    expect(failed(check, 'smtp')).toMatchObject({ stage: 'dns', problem: { kind: 'dns', host } })
    expect(failed(check, 'incoming')?.stage).toBe('dns')
  })

  test('TLS where the server speaks none yet is told apart', async () => {
    const check = await bench().run(
      form({
        smtp: { port: servers.postfix.ports.submission },
        incoming: { port: servers.dovecot.ports.imap },
      }),
    )
    expect(failed(check, 'smtp')).toMatchObject({ stage: 'tls', problem: { kind: 'tls', host: 'localhost' } })
    expect(failed(check, 'incoming')?.stage).toBe('tls')
  })
})

describe('against servers that misbehave', () => {
  const open: LineServer[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(server => server.close()))
  })
  const serve = async (talk: Talk, tls?: { key: string; cert: string }): Promise<LineServer> => {
    const server = await lineServer(talk, tls)
    open.push(server)
    return server
  }
  const settings = (server: LineServer, change: Partial<ServerSettings> = {}): ServerSettings => ({
    host: 'localhost',
    port: server.port,
    tls: 'none',
    user: 'haruka',
    pinnedCertificate: null,
    plaintextConsent: false,
    ...change,
  })
  const form = (smtp: ServerSettings, incoming: AccountInput['incoming']) =>
    accountInput({ smtp, incoming, passwords: { smtp: 'top-secret', incoming: null } })

  const smtpTalk: Talk = {
    greeting: '220 mail.test ESMTP',
    reply: line =>
      /^EHLO/.test(line)
        ? '250-mail.test\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN'
        : /^AUTH/.test(line)
          ? '235 2.7.0 welcome'
          : /^QUIT/.test(line)
            ? '221 bye'
            : '250 2.0.0 Ok',
  }
  const imapTalk: Talk = {
    greeting: '* OK ready',
    reply(line) {
      const [tag = '', command = ''] = line.split(' ')
      if (command === 'CAPABILITY') return `* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n${tag} OK done`
      if (command === 'LIST')
        return `* LIST () "/" {7}\r\nA\r\nB"{1}\r\n* LIST () "/" INBOX\r\n${tag} OK done`
      return `${tag} OK done`
    },
  }
  const imap = (server: LineServer, change: Partial<ServerSettings> = {}) =>
    ({ kind: 'imap', ...settings(server, change) }) as const

  test('the scripted conversation passes, literals and all', async () => {
    const [smtp, incoming] = [await serve(smtpTalk), await serve(imapTalk)]
    const check = await bench().run(form(settings(smtp), imap(incoming)))
    expect(check.state).toBe('passed')
    expect(shortly(check, 'smtp')).toEqual(
      ['dns', 'tcp', 'greeting', 'capabilities', 'authentication', 'sender'].map(stage => `${stage} passed`),
    )
    expect(stageOf(check, 'incoming', 'mailbox')?.detail).toBe('LIST 2')
    expect(smtp.lines).toEqual([
      'EHLO [127.0.0.1]',
      `AUTH PLAIN ${Buffer.from('\0haruka\0top-secret').toString('base64')}`,
      'MAIL FROM:<haruka@todoke.test>',
      'RSET',
      'QUIT',
    ])
  })

  test('LOGIN is used where PLAIN is not offered, in SMTP and IMAP, with any character', async () => {
    const smtp = await serve({
      greeting: '220 x',
      reply: line =>
        /^EHLO/.test(line)
          ? '250-x\r\n250 AUTH=LOGIN'
          : line === 'AUTH LOGIN'
            ? '334 VXNlcm5hbWU6'
            : line === Buffer.from('haruka').toString('base64')
              ? '334 UGFzc3dvcmQ6'
              : line === Buffer.from('pass "\\wörd').toString('base64')
                ? '235 ok'
                : '250 ok',
    })
    const incoming = await serve({
      greeting: '* OK ready',
      reply(line) {
        const [tag = '', command = ''] = line.split(' ')
        if (command === 'CAPABILITY') return `* CAPABILITY IMAP4rev1\r\n${tag} OK done`
        if (/\{\d+\}$/.test(line)) return '+ go on'
        return line === 'pass "\\wörd' ? 'T2 OK in' : `${tag} OK done`
      },
    })
    const input = form(settings(smtp), imap(incoming))
    const check = await bench().run({ ...input, passwords: { smtp: 'pass "\\wörd', incoming: null } })
    expect(check.state).toBe('passed')
    expect(incoming.lines.slice(1, 4)).toEqual(['T2 LOGIN {6}', 'haruka {12}', 'pass "\\wörd'])
  })

  test('no password is sent where no way of sending it is offered', async () => {
    const smtp = await serve({ ...smtpTalk, reply: () => '250-x\r\n250 AUTH GSSAPI' })
    const incoming = await serve({
      greeting: '* OK ready',
      reply: line => `* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n${line.split(' ')[0]} OK done`,
    })
    const check = await bench().run(form(settings(smtp), imap(incoming)))
    expect(failed(check, 'smtp')?.problem).toEqual({
      kind: 'authentication-unavailable',
      host: 'localhost',
      offered: ['GSSAPI'],
    })
    expect(failed(check, 'incoming')?.problem).toMatchObject({ kind: 'authentication-unavailable' })
    expect([...smtp.lines, ...incoming.lines].join()).not.toMatch(/top-secret|AUTH|LOGIN/)
  })

  test('STARTTLS that is not offered is never replaced by plaintext', async () => {
    const smtp = await serve({ ...smtpTalk, reply: () => '250-x\r\n250 AUTH PLAIN' })
    const incoming = await serve(imapTalk)
    const check = await bench().run(
      form(settings(smtp, { tls: 'starttls' }), imap(incoming, { tls: 'starttls' })),
    )
    for (const server of ['smtp', 'incoming'] as const) {
      expect(failed(check, server)).toMatchObject({ stage: 'tls', problem: { kind: 'tls-not-offered' } })
    }
  })

  test('an answer smuggled in before the handshake is refused, in all three protocols', async () => {
    const smtp = await serve({
      ...smtpTalk,
      reply: line => (line === 'STARTTLS' ? '220 go\r\n250 AUTH PLAIN' : smtpTalk.reply(line)),
    })
    const incoming = await serve({
      greeting: '* OK ready',
      reply(line) {
        const [tag = '', command = ''] = line.split(' ')
        if (command === 'CAPABILITY') return `* CAPABILITY IMAP4rev1 STARTTLS\r\n${tag} OK done`
        return `${tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN`
      },
    })
    const pop3 = await serve({
      greeting: '+OK ready',
      reply: line => (line === 'CAPA' ? '+OK\r\nSTLS\r\n.' : '+OK begin\r\n+OK'),
    })
    const way = { tls: 'starttls' } as const
    const check = await bench().run(form(settings(smtp, way), imap(incoming, way)))
    const other = await bench().run(
      form(settings(smtp, way), {
        kind: 'pop3',
        leaveOnServer: true,
        deleteAfterDays: null,
        ...settings(pop3, way),
      }),
    )
    for (const stage of [failed(check, 'smtp'), failed(check, 'incoming'), failed(other, 'incoming')]) {
      expect(stage).toMatchObject({ stage: 'tls', problem: { kind: 'protocol' } })
    }
  })

  test('PREAUTH before STARTTLS is refused', async () => {
    const smtp = await serve(smtpTalk)
    const incoming = await serve({ ...imapTalk, greeting: '* PREAUTH welcome' })
    const check = await bench().run(form(settings(smtp), imap(incoming, { tls: 'starttls' })))
    expect(failed(check, 'incoming')).toMatchObject({ stage: 'tls', problem: { kind: 'protocol' } })
  })

  test('what servers say when they are busy or refuse is kept in their words', async () => {
    const smtp = await serve({ ...smtpTalk, greeting: '421-4.7.0 try again\r\n421 4.7.0 later' })
    const incoming = await serve({ ...imapTalk, greeting: '* BYE [ALERT] too many connections' })
    const check = await bench().run(form(settings(smtp), imap(incoming)))
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'greeting',
      problem: { kind: 'server-busy', reply: { code: 421, enhanced: '4.7.0', text: 'try again\nlater' } },
    })
    expect(failed(check, 'incoming')?.problem).toEqual({
      kind: 'throttled',
      host: 'localhost',
      text: 'too many connections',
    })
  })

  test('a sender that is refused is told at its stage', async () => {
    const smtp = await serve({
      ...smtpTalk,
      reply: line => (/^MAIL/.test(line) ? '553 5.7.1 not owned by you' : smtpTalk.reply(line)),
    })
    const check = await bench().run(form(settings(smtp), imap(await serve(imapTalk))))
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'sender',
      problem: { kind: 'refused', reply: { code: 553, enhanced: '5.7.1', text: 'not owned by you' } },
    })
  })

  test('a server that hangs up, talks nonsense or never ends its line is a problem, not a hang', async () => {
    const hangsUp = await serve({ greeting: '220 x', reply: () => null })
    const endless = await serve({ greeting: `* OK ${'x'.repeat(2_000_000)}`, reply: () => '' })
    const check = await bench().run(form(settings(hangsUp), imap(endless)))
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'capabilities',
      problem: { kind: 'connection-lost', host: 'localhost', phase: 'capabilities' },
    })
    expect(failed(check, 'incoming')?.problem?.kind).toBe('protocol')
    const nonsense = await serve({ greeting: 'HTTP/1.1 400 Bad Request', reply: () => '' })
    const again = await bench().run(form(settings(nonsense), imap(nonsense)))
    expect(failed(again, 'smtp')).toMatchObject({
      stage: 'greeting',
      problem: { kind: 'protocol', detail: 'HTTP/1.1 400 Bad Request' },
    })
    expect(failed(again, 'incoming')?.problem?.kind).toBe('protocol')
  })

  test('a silent server runs into the deadline of its stage', async () => {
    const clock = manualClock()
    const silent = await serve({ greeting: '', reply: () => '' })
    const { checks, until } = bench(clock)
    const { checkId } = value(checks.start(form(settings(silent), imap(silent))))
    await until(
      checkId,
      check =>
        check.stages.filter(({ stage, state }) => stage === 'greeting' && state === 'running').length === 2,
    )
    clock.advance(14_000)
    expect(value(checks.state(checkId)).state).toBe('running')
    clock.advance(2_000)
    const check = await until(checkId, ({ state }) => state === 'failed')
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'greeting',
      problem: { kind: 'timeout', host: 'localhost', phase: 'greeting' },
    })
    clock.advance(11 * 60_000)
    expect(checks.state(checkId)).toEqual(fail({ kind: 'not-found', what: 'check' }))
    expect(clock.pending()).toBe(0)
  })

  test('a check that is stopped ends at once, hangs up and says so', async () => {
    const silent = await serve({ greeting: '', reply: () => '' })
    const { checks, until } = bench()
    const { checkId } = value(checks.start(form(settings(silent), imap(silent))))
    await until(
      checkId,
      check =>
        check.stages.filter(({ stage, state }) => stage === 'greeting' && state === 'running').length === 2,
    )
    expect(checks.stop(checkId)).toEqual({ stopped: true })
    const check = value(checks.state(checkId))
    expect(check.state).toBe('stopped')
    expect(shortly(check, 'smtp').slice(2)).toEqual(
      ['greeting', 'capabilities', 'authentication', 'sender'].map(stage => `${stage} skipped`),
    )
    await silent.allClosed()
    expect(checks.stop(checkId)).toEqual({ stopped: false })
    checks.close()
  })

  describe('certificates', () => {
    let ca: TestCa
    beforeAll(async () => {
      ca = await createTestCa()
    })
    afterAll(() => ca.dispose())

    const over = { tls: 'implicit' } as const
    const tryBoth = async (tls: { key: string; cert: string }, pinnedCertificate: string | null = null) => {
      const [smtp, incoming] = [await serve(smtpTalk, tls), await serve(imapTalk, tls)]
      const change = { ...over, pinnedCertificate }
      const check = await bench().run(form(settings(smtp, change), imap(incoming, change)))
      return { check, said: [...smtp.lines, ...incoming.lines] }
    }

    test('that nobody vouches for are refused before a word is said, and offered to be trusted', async () => {
      const tls = ca.selfSigned(['localhost'])
      const { check, said } = await tryBoth(tls)
      expect(said).toEqual([])
      for (const server of ['smtp', 'incoming'] as const) {
        expect(failed(check, server)).toMatchObject({
          stage: 'tls',
          problem: { kind: 'certificate', host: 'localhost', reason: 'self-signed' },
        })
      }
      expect(check.untrusted.map(({ server }) => server).sort()).toEqual(['incoming', 'smtp'])
      expect(check.untrusted[0]?.certificate).toMatchObject({
        subject: 'localhost',
        issuer: 'localhost',
        fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
      })
      expect(check.untrusted[0]?.certificate.pem.trim()).toBe(tls.cert.trim())
    })

    test('that the person trusts for this server pass from then on', async () => {
      for (const tls of [ca.selfSigned(['another.test']), ca.issue(['localhost'])]) {
        const first = await tryBoth(tls)
        const pem = first.check.untrusted[0]?.certificate.pem ?? ''
        expect((await tryBoth(tls, pem)).check.state).toBe('passed')
      }
    })

    test('that are not the trusted one any more are refused, and the new one is shown', async () => {
      const trusted = ca.selfSigned(['localhost'])
      for (const tls of [ca.selfSigned(['localhost']), ca.issue(['localhost'])]) {
        const { check, said } = await tryBoth(tls, trusted.cert)
        expect(said).toEqual([])
        expect(failed(check, 'smtp')?.problem).toMatchObject({ kind: 'certificate', reason: 'changed' })
        expect(check.untrusted[0]?.certificate.pem.trim()).toBe(tls.cert.trim())
      }
    })

    test('of an unknown authority, for another name or out of their time are told apart', async () => {
      const reasonOf = async (tls: { key: string; cert: string }) => {
        const { check } = await tryBoth(tls)
        const problem = failed(check, 'smtp')?.problem
        return [problem?.kind === 'certificate' && problem.reason, check.untrusted.length]
      }
      expect(await reasonOf(ca.issue(['localhost']))).toEqual(['untrusted', 2])
      const distrust = trustCa(ca.caPem)
      expect(await reasonOf(ca.issue(['other.test']))).toEqual(['name-mismatch', 2])
      expect(await reasonOf(ca.issue(['localhost'], { expired: true }))).toEqual(['expired', 0])
      distrust()
    })
  })

  test('a form that could not be saved is not tried', () => {
    const { checks } = bench()
    expect(checks.start(accountInput({ identity: { name: '', address: 'haruka' } }))).toMatchObject({
      problem: { kind: 'address-invalid' },
    })
    const { smtp } = accountInput()
    expect(checks.start(accountInput({ smtp: { ...smtp, tls: 'none' } }))).toMatchObject({
      problem: { kind: 'plaintext-forbidden' },
    })
  })

  test('a missing password shows at the login, after the stages that need none', async () => {
    const [smtp, incoming] = [await serve(smtpTalk), await serve(imapTalk)]
    const input = {
      ...form(settings(smtp), imap(incoming)),
      id: 'one',
      passwords: { smtp: null, incoming: null },
    }
    const check = await bench().run(input)
    expect(failed(check, 'smtp')).toMatchObject({
      stage: 'authentication',
      problem: { kind: 'password-missing', accountId: 'one' },
    })
  })
})
