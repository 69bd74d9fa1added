/** What MAIL and RCPT ask for, as a server hears it. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { NO_WISHES } from '../../../main/smtp/wire-envelope.ts'
import { type ScriptedSmtp, type SmtpOptions, startScriptedSmtp } from '../../servers/scripted-smtp.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import { attempt, settingsFor } from './attempt.ts'

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
async function serve(options: SmtpOptions): Promise<ScriptedSmtp> {
  const server = await startScriptedSmtp({}, options)
  servers.push(server)
  return server
}
const heard = (server: ScriptedSmtp) => server.commands.filter(line => /^(?:MAIL|RCPT)/.test(line))
const reported = { ...NO_WISHES, envelopeId: 'q3+x=7' }

describe.each([{ pipelining: true }, { pipelining: false }])('delivery reports %j', ({ pipelining }) => {
  test('are asked for with one token for the attempt and each recipient’s own address', async () => {
    const server = await serve({ pipelining, capabilities: ['DSN', 'SMTPUTF8'] })
    const to = ['bob@example.org', 'odd+tag=1@example.org', '田中@example.jp']
    const { outcome } = await attempt({ settings: settingsFor(server), wishes: reported, to })
    expect(outcome.kind).toBe('accepted')
    expect(heard(server)).toEqual([
      'MAIL FROM:<yuki@example.co.jp> SMTPUTF8 RET=HDRS ENVID=q3+2Bx+3D7',
      'RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;bob@example.org',
      'RCPT TO:<odd+tag=1@example.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;odd+2Btag+3D1@example.org',
      'RCPT TO:<田中@example.jp> NOTIFY=SUCCESS,FAILURE,DELAY',
    ])
  })

  test('are not asked for where the server knows none, or the mail wants none', async () => {
    const without = await serve({ pipelining, capabilities: [] })
    await attempt({ settings: settingsFor(without), wishes: reported })
    const unasked = await serve({ pipelining, capabilities: ['DSN'] })
    await attempt({ settings: settingsFor(unasked) })
    for (const server of [without, unasked]) {
      expect(heard(server)).toEqual(['MAIL FROM:<yuki@example.co.jp>', 'RCPT TO:<bob@example.org>'])
    }
  })
})

describe('TLS all the way', () => {
  const wishes = { ...NO_WISHES, requiresTls: true }
  const secured = (capabilities: string[]) =>
    serve({ security: 'implicit', tls: ca.issue(['127.0.0.1']), capabilities })

  test('is asked for where the server promises it', async () => {
    const server = await secured(['REQUIRETLS'])
    const { outcome } = await attempt({ settings: settingsFor(server, { tls: 'implicit' }), wishes })
    expect(outcome.kind).toBe('accepted')
    expect(heard(server)[0]).toBe('MAIL FROM:<yuki@example.co.jp> REQUIRETLS')
  })

  test('keeps the mail off the wire where the server does not, or the line is open', async () => {
    const servers = [await secured([]), await serve({ capabilities: ['REQUIRETLS'] })]
    for (const [index, server] of servers.entries()) {
      const settings = settingsFor(server, index === 0 ? { tls: 'implicit' } : {})
      const { outcome, terminating } = await attempt({ settings, wishes })
      const problem = { kind: 'server-lacks', host: '127.0.0.1', extension: 'REQUIRETLS' }
      expect(outcome).toEqual({ kind: 'not accepted', problem })
      expect([heard(server), terminating, server.messages]).toEqual([[], [], []])
    }
  })
})

describe('eight bits', () => {
  const wishes = { ...NO_WISHES, is8bit: true }

  test('are announced', async () => {
    const server = await serve({ capabilities: ['8BITMIME'] })
    expect((await attempt({ settings: settingsFor(server), wishes })).outcome.kind).toBe('accepted')
    expect(heard(server)[0]).toBe('MAIL FROM:<yuki@example.co.jp> BODY=8BITMIME')
  })

  test('stay off the wire where the server does not take them', async () => {
    const server = await serve({ capabilities: [] })
    const { outcome } = await attempt({ settings: settingsFor(server), wishes })
    const problem = { kind: 'server-lacks', host: '127.0.0.1', extension: '8BITMIME' }
    expect(outcome).toEqual({ kind: 'not accepted', problem })
    expect(heard(server)).toEqual([])
  })
})
