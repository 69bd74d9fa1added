/** Signing in: which way is taken, what is never said, and what a refusal is called. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createScram, ScramFault } from '../../../main/sasl/scram.ts'
import type { Credentials } from '../../../main/smtp/submit.ts'
import {
  type ScriptedSmtp,
  type SmtpOptions,
  type SmtpScript,
  startScriptedSmtp,
} from '../../servers/scripted-smtp.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import { attempt, settingsFor } from '../smtp/attempt.ts'

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
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

const login = { user: 'yu,ki=1', password: 'p\u00e4ssw\u00f6rd, long' }
const users = { [login.user]: login.password }

async function serve(options: SmtpOptions = {}, script: SmtpScript = {}): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp(script, { users, ...options })
  servers.push(server)
  return server
}
const secure = (mechanisms: string[], more: SmtpOptions = {}, script: SmtpScript = {}) =>
  serve({ security: 'implicit', tls: ca.issue(['127.0.0.1']), mechanisms, ...more }, script)
const send = (server: ScriptedSmtp, tls: 'implicit' | 'none', credentials: Credentials = login) =>
  attempt({ settings: settingsFor(server, { tls, user: credentials.user }), credentials })
const used = (server: ScriptedSmtp) =>
  server.commands.filter(line => line.startsWith('AUTH')).map(line => line.split(' ')[1])

const ALL = ['PLAIN', 'CRAM-MD5', 'LOGIN', 'XOAUTH2', 'SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'OAUTHBEARER']

describe('over TLS, the best way that both know', () => {
  test.each([
    [ALL, 'SCRAM-SHA-256-PLUS'],
    [ALL.filter(one => one !== 'SCRAM-SHA-256-PLUS'), 'SCRAM-SHA-256'],
    [['CRAM-MD5', 'LOGIN', 'PLAIN'], 'PLAIN'],
    [['CRAM-MD5', 'LOGIN'], 'LOGIN'],
    [['CRAM-MD5', 'XOAUTH2'], 'CRAM-MD5'],
  ])('of %j is %s', async (offered, mechanism) => {
    const server = await secure(offered)
    const seen = await send(server, 'implicit')
    expect(seen.outcome.kind).toBe('accepted')
    expect(used(server)).toEqual([mechanism])
    expect(seen.events).toContainEqual(expect.objectContaining({ type: 'authenticated', mechanism }))
  })

  test('SCRAM is bound to the connection also with TLS 1.2 by not offering what cannot be bound', async () => {
    const server = await serve({
      security: 'implicit',
      tls: { ...ca.issue(['127.0.0.1']), maxVersion: 'TLSv1.2' },
      mechanisms: ['SCRAM-SHA-256'],
    })
    expect((await send(server, 'implicit')).outcome.kind).toBe('accepted')
  })
})

test('in the open, what hides the password comes first', async () => {
  const server = await serve({ mechanisms: ['PLAIN', 'LOGIN', 'CRAM-MD5'] })
  expect((await send(server, 'none')).outcome.kind).toBe('accepted')
  const scram = await serve({ mechanisms: ALL })
  expect((await send(scram, 'none')).outcome.kind).toBe('accepted')
  expect([used(server), used(scram)]).toEqual([['CRAM-MD5'], ['SCRAM-SHA-256']])
})

describe('no secret is in the transcript', () => {
  test.each(ALL)('of %s', async mechanism => {
    const isToken = mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER'
    const token = 'ya29.a0AfB-secret-token'
    const server = await secure([mechanism], isToken ? { users: { yuki: token } } : {})
    const credentials: Credentials = isToken
      ? { user: 'yuki', password: '', token: async () => ({ ok: true, value: token }) }
      : login
    const seen = await send(server, 'implicit', credentials)
    expect(seen.outcome.kind).toBe('accepted')
    const text = seen.lines.join('\n')
    for (const line of seen.lines.filter(
      line => /AUTH|334/.test(line) && !line.includes('AUTH PLAIN CRAM'),
    )) {
      expect(line).toMatch(/^client: AUTH [\w-]+( \*\*\*)?$|^server: 334 \*\*\*$|250[- ]AUTH/)
    }
    for (const secret of [login.password, token]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    }
    expect(text).not.toMatch(/[rsvpc]=[\w+/%]{8}/)
    const words = text.match(/[A-Za-z0-9+/]{24,}={0,2}/g) ?? []
    for (const word of words) expect(Buffer.from(word, 'base64').toString()).not.toMatch(/r=|v=|p=|Bearer/)
  })
})

describe('what is refused', () => {
  test('a wrong password in SCRAM is tried once more as PLAIN, since few servers keep it in SCRAM\u2019s form', async () => {
    const server = await secure(['SCRAM-SHA-256', 'PLAIN'])
    const seen = await send(server, 'implicit', { ...login, password: 'wrong' })
    expect(seen.outcome).toMatchObject({ problem: { kind: 'authentication', user: login.user } })
    expect(used(server)).toEqual(['SCRAM-SHA-256', 'PLAIN'])
  })

  test('in the open a refused SCRAM is never followed by the bare password', async () => {
    const server = await serve({ mechanisms: ['SCRAM-SHA-256', 'PLAIN', 'LOGIN'] })
    const seen = await send(server, 'none', { ...login, password: 'wrong' })
    expect(seen.outcome).toMatchObject({ problem: { kind: 'authentication' } })
    expect(used(server)).toEqual(['SCRAM-SHA-256'])
  })

  test.each([
    '454 4.7.0 Too many login attempts, please try again later',
    '421 4.7.0 Too many errors',
    '535 5.7.0 (#AUTH005) Too many bad auth attempts',
  ])('%s is a throttled login, not a wrong password', async auth => {
    const server = await secure(['PLAIN'], {}, { auth })
    const seen = await send(server, 'implicit')
    expect(seen.outcome).toMatchObject({ problem: { kind: 'throttled', step: 'auth' } })
  })

  test('where only tokens are taken no byte of the password is sent', async () => {
    const server = await secure(['XOAUTH2', 'OAUTHBEARER'])
    const seen = await send(server, 'implicit')
    expect(seen.outcome).toMatchObject({
      problem: { kind: 'authentication-unavailable', offered: ['XOAUTH2', 'OAUTHBEARER'] },
    })
    expect(used(server)).toEqual([])
  })

  test('where only passwords are taken no token is asked for', async () => {
    const server = await secure(['PLAIN', 'SCRAM-SHA-256'])
    let asked = 0
    const seen = await send(server, 'implicit', {
      user: 'yuki',
      password: 'not this',
      token: async () => {
        asked += 1
        return { ok: true, value: 'x' }
      },
    })
    expect(seen.outcome).toMatchObject({ problem: { kind: 'authentication-unavailable' } })
    expect([asked, used(server)]).toEqual([0, []])
  })

  test.each(['XOAUTH2', 'OAUTHBEARER'])(
    'a token that %s does not take is the account\u2019s trouble',
    async mechanism => {
      const server = await secure([mechanism], { users: { yuki: 'good' } })
      const seen = await send(server, 'implicit', {
        user: 'yuki',
        password: '',
        token: async () => ({ ok: true, value: 'stale-token' }),
      })
      expect(seen.outcome).toMatchObject({ problem: { kind: 'authentication' } })
    },
  )

  test('a token that cannot be had is told as it is, and nothing is sent', async () => {
    const server = await secure(['XOAUTH2'])
    const seen = await send(server, 'implicit', {
      user: 'yuki',
      password: '',
      token: async () => ({ ok: false, problem: { kind: 'offline' } }),
    })
    expect(seen.outcome).toEqual({ kind: 'not accepted', problem: { kind: 'offline' } })
    expect(used(server)).toEqual([])
  })
})

describe('SCRAM itself', () => {
  const nonce = 'rOprNGfwEbeRWgbNEkqO'
  const first = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
  const scram = (password = 'pencil') =>
    createScram('user', password, { header: 'n', data: Buffer.alloc(0) }, nonce)

  test('speaks the example of RFC 7677 section 3', async () => {
    const client = scram()
    expect(client.first).toBe('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
    expect(await client.final(first)).toBe(
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    )
    expect(() => client.verify('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')).not.toThrow()
  })

  test.each([
    ['a nonce that is not ours', 'r=other%hvY,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'],
    ['our nonce and nothing of theirs', `r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ['too few rounds', first.replace('4096', '1')],
    ['endless rounds', first.replace('4096', '99999999999')],
    ['no salt', first.replace(/s=[^,]*/, 's=')],
    ['an extension it must know', `m=x,${first}`],
  ])('refuses %s', async (_what, serverFirst) => {
    await expect(scram().final(serverFirst)).rejects.toThrow(ScramFault)
  })

  test('believes no server that does not know the password', async () => {
    const client = scram('other')
    await client.final(first)
    for (const final of ['v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=', 'v=', 'e=other-error', '']) {
      expect(() => client.verify(final)).toThrow(ScramFault)
    }
  })
})
