import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Clock } from '../../../main/host.ts'
import { systemClock } from '../../../main/host.ts'
import { byteByByte, cutAfter } from '../../servers/acts.ts'
import { type Pop3Script, type ScriptedPop3, startScriptedPop3 } from '../../servers/scripted-pop3.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import { createTestCa, type TestCa, trustCa } from '../../support/test-ca.ts'
import {
  type Bench,
  clearBench,
  failing,
  incoming,
  mail,
  must,
  openBench,
  pop3Account,
  receiveFor,
  recipe,
  rows,
  sent,
  subjects,
} from './receiving-bench.ts'

const opened: Bench[] = []
const servers: ScriptedPop3[] = []
function bench(options: Parameters<typeof openBench>[0] = {}): Bench {
  const made = openBench(options)
  opened.push(made)
  return made
}
/** Ends the program and starts it on the same data. */
async function restart(before: Bench, options: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  await before.stop()
  opened.splice(opened.indexOf(before), 1)
  return bench({ ...options, dataDir: before.dataDir })
}
async function scripted(...args: Parameters<typeof startScriptedPop3>): Promise<ScriptedPop3> {
  const server = await startScriptedPop3(...args)
  servers.push(server)
  return server
}
afterEach(async () => {
  for (const made of opened.splice(0)) {
    await made.stop()
    clearBench(made)
  }
  for (const server of servers.splice(0)) await server.stop()
})

const isIdle = (here: Bench) => incoming(here)?.state === 'idle'
const mailbox = (...numbers: number[]) => numbers.map(number => ({ uidl: `u${number}`, data: mail(number) }))
const retrieved = (server: ScriptedPop3) => server.commands.filter(line => line.startsWith('RETR')).length
const deletions = (server: ScriptedPop3) => server.commands.filter(line => line.startsWith('DELE')).length

/** A clock that a test moves on; timers stay real. */
function movableClock(): Clock & { move(ms: number): void } {
  let ahead = 0
  return {
    now: () => systemClock.now() + ahead,
    monotonic: systemClock.monotonic,
    after: systemClock.after,
    move: ms => {
      ahead += ms
    },
  }
}

describe('a POP3 account', () => {
  test('takes every mail once, newest first, and leaves it on the server over restarts', async () => {
    const server = await scripted({}, { mailbox: mailbox(1, 2, 3) })
    let here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here) && rows(here).length === 3, 'three mails')
    expect(subjects(here)).toEqual(['mail 3', 'mail 2', 'mail 1'])
    expect(server.commands.find(line => line.startsWith('RETR'))).toBe('RETR 3')
    expect(rows(here)[0]).toMatchObject({ preview: 'The text of mail 3.', isSeen: false })

    here = await restart(here)
    server.mailbox.push(...mailbox(4))
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here) && rows(here).length === 4, 'the fourth mail')
    here = await restart(here)
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the third session')
    expect(subjects(here)).toEqual(['mail 4', 'mail 3', 'mail 2', 'mail 1'])
    expect(retrieved(server)).toBe(4)
    expect(deletions(server)).toBe(0)
    expect(server.mailbox.length).toBe(4)
  })

  test('keeps 8-bit bytes, dots and line ends exactly as they are', async () => {
    const bytes = Buffer.concat([mail(1), Buffer.from([0x82, 0xa0, 0xff, 0x00, 0x80]), Buffer.from('\r\n')])
    const dots = Buffer.concat([bytes, Buffer.from('.\r\n..\r\n...text\r\n.\r\nlast\r\n')])
    const server = await scripted({}, { mailbox: [{ uidl: 'a', data: dots }] })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    const [row] = await here.until(() => rows(here).length === 1 && rows(here), 'the mail')
    const { source } = must(await here.mailbox.source(row?.id ?? ''))
    expect(source).toBe(dots.toString('latin1'))
  })

  test('a terminator and doubled dots may come a byte at a time', async () => {
    const data = Buffer.from('Subject: slow\r\n\r\n.one\r\n..two\r\n')
    const server = await scripted({ retr: byteByByte() }, { mailbox: [{ uidl: 'a', data }] })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    const [row] = await here.until(() => rows(here).length === 1 && rows(here), 'the mail')
    expect(must(await here.mailbox.source(row?.id ?? '')).source).toBe(data.toString())
  })

  test('a line that breaks in the middle of a mail loses nothing and doubles nothing', async () => {
    let asked = 0
    const breakSecond = () => (++asked === 2 ? cutAfter(60) : undefined)
    const server = await scripted({ retr: breakSecond }, { mailbox: mailbox(1, 2, 3), pipelining: false })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => failing(here), 'the broken line')
    expect(subjects(here)).toEqual(['mail 3'])
    must(await here.receiving.refresh(null))
    await here.until(() => isIdle(here), 'the second session')
    expect(subjects(here)).toEqual(['mail 3', 'mail 2', 'mail 1'])
    expect(here.db.get('SELECT count(*) AS count FROM message')?.count).toBe(3)
  })

  test('mails whose UIDL is missing, double or too long are all taken, and only once', async () => {
    const long = 'x'.repeat(200)
    const odd = [
      { uidl: 'same', data: mail(1) },
      { uidl: 'same', data: mail(2) },
      { uidl: long, data: mail(3) },
      { uidl: '', data: mail(4) },
      { uidl: 'good', data: mail(5) },
    ]
    const server = await scripted({}, { mailbox: odd })
    let here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the first session')
    expect(subjects(here).sort()).toEqual(['mail 1', 'mail 2', 'mail 3', 'mail 4', 'mail 5'])
    here = await restart(here)
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the second session')
    expect(rows(here).length).toBe(5)
    expect(retrieved(server)).toBe(5)
  })

  test('a server without UIDL is known by the heads of its mails', async () => {
    const server = await scripted({ uidl: '-ERR what?' }, { mailbox: mailbox(1, 2) })
    let here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the first session')
    here = await restart(here)
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the second session')
    expect(rows(here).length).toBe(2)
    expect(retrieved(server)).toBe(2)
  })

  test('a UIDL that comes again for another mail does not hide it', async () => {
    const server = await scripted({}, { mailbox: [{ uidl: '1', data: mail(1) }] })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the first session')
    server.mailbox.splice(0, 1)
    must(await here.receiving.refresh(null))
    await here.until(() => server.sessions[1]?.hasQuit && isIdle(here), 'the empty session')
    server.mailbox.push({ uidl: '1', data: mail(2) })
    must(await here.receiving.refresh(null))
    await here.until(() => rows(here).length === 2, 'the new mail')
    expect(subjects(here)).toEqual(['mail 2', 'mail 1'])
  })

  test('a maildrop that was empty for a moment brings no mail a second time', async () => {
    const server = await scripted({}, { mailbox: mailbox(1, 2) })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the first session')
    const away = server.mailbox.splice(0, 2)
    must(await here.receiving.refresh(null))
    await here.until(() => server.sessions[1]?.hasQuit && isIdle(here), 'the empty session')
    server.mailbox.push(...away)
    must(await here.receiving.refresh(null))
    await here.until(() => server.sessions[2]?.hasQuit && isIdle(here), 'the third session')
    expect(rows(here).length).toBe(2)
  })

  test('deletes on the server after the days that were chosen, not before', async () => {
    const clock = movableClock()
    const server = await scripted({}, { mailbox: mailbox(1) })
    let here = bench({ clock })
    const account = pop3Account(server, { deleteAfterDays: 7 })
    await receiveFor(here, account)
    await here.until(() => isIdle(here), 'the first session')
    expect(deletions(server)).toBe(0)
    clock.move(8 * 86_400_000)
    here = await restart(here, { clock })
    await receiveFor(here, account)
    await here.until(() => isIdle(here), 'the second session')
    expect(server.deleted).toEqual(['u1'])
    expect(subjects(here)).toEqual(['mail 1'])
  })

  test('a mail is marked for deletion only when it is in the database', async () => {
    let here: Bench | null = null
    const stored: unknown[] = []
    const script: Pop3Script = {
      dele: () => {
        stored.push(here?.db.get('SELECT count(*) AS count FROM message WHERE sha256 IS NOT NULL')?.count)
        return undefined
      },
    }
    const server = await scripted(script, { mailbox: mailbox(1, 2), pipelining: false })
    here = bench()
    const at = here
    await receiveFor(at, pop3Account(server, { leaveOnServer: false }))
    await at.until(() => isIdle(at), 'the session')
    expect(stored).toEqual([2, 2])
    expect(server.mailbox).toEqual([])
    expect(rows(at).length).toBe(2)
  })

  test('a mail that the server does not give is not deleted there', async () => {
    const server = await scripted({ retr: ['-ERR not now'] }, { mailbox: mailbox(1, 2), pipelining: false })
    const here = bench()
    await receiveFor(here, pop3Account(server, { leaveOnServer: false }))
    await here.until(() => isIdle(here), 'the session')
    expect(subjects(here)).toEqual(['mail 1'])
    expect(server.deleted).toEqual(['u1'])
    must(await here.receiving.refresh(null))
    await here.until(() => rows(here).length === 2, 'the second session')
    await here.until(() => isIdle(here), 'its end')
    expect(server.deleted).toEqual(['u1', 'u2'])
  })

  test('when the line breaks before QUIT, the mail is deleted at the next session', async () => {
    const server = await scripted({ quit: ['-ERR later'] }, { mailbox: mailbox(1) })
    const here = bench()
    await receiveFor(here, pop3Account(server, { leaveOnServer: false }))
    await here.until(() => failing(here), 'the refused QUIT')
    expect(server.mailbox.length).toBe(1)
    must(await here.receiving.refresh(null))
    await here.until(() => isIdle(here), 'the second session')
    expect(server.mailbox.length).toBe(0)
    expect(rows(here).length).toBe(1)
    expect(retrieved(server)).toBe(1)
  })

  test('a mail that was thrown away here does not come back', async () => {
    const server = await scripted({}, { mailbox: mailbox(1) })
    const here = bench()
    await receiveFor(here, pop3Account(server))
    await here.until(() => isIdle(here), 'the first session')
    must(await here.mailbox.move([rows(here)[0]?.id ?? ''], { role: 'trash' }))
    must(await here.receiving.refresh(null))
    await here.until(() => server.sessions[1]?.hasQuit && isIdle(here), 'the second session')
    expect(rows(here)).toEqual([])
    const trash = here.mailbox.folders().find(folder => folder.role === 'trash')
    expect(trash).toMatchObject({ total: 1, isLocal: true })
    expect(retrieved(server)).toBe(1)
  })

  test('the Sent copy of a redirected mail is filed here once, whatever the mail within is called', async () => {
    const server = await scripted()
    const head = Buffer.from('Resent-Message-ID: <again-7@todoke.test>\r\n')
    const here = bench({ sentCopy: () => Buffer.concat([head, mail(7)]) })
    const account = pop3Account(server)
    await receiveFor(here, account)
    const filing = { accountId: account.id, messageIdHeader: 'again-7@todoke.test', recipe: recipe() }
    expect(must(await here.receiving.fileSentCopy(filing)).how).toBe('local')
    expect(must(await here.receiving.fileSentCopy(filing)).how).toBe('found')
    expect(subjects(here, sent)).toEqual(['mail 7'])
  })

  test('the Sent copy is filed here, once', async () => {
    const server = await scripted()
    const here = bench({ sentCopy: () => mail(7) })
    const account = pop3Account(server)
    await receiveFor(here, account)
    const filing = { accountId: account.id, messageIdHeader: 'mail-7@elsewhere.test', recipe: recipe() }
    expect(must(await here.receiving.fileSentCopy(filing))).toMatchObject({ how: 'local' })
    expect(must(await here.receiving.fileSentCopy(filing))).toMatchObject({ how: 'found' })
    expect(must(await here.receiving.findSentCopy(filing)).isThere).toBe(true)
    expect(subjects(here, sent)).toEqual(['mail 7'])
    expect(rows(here, sent)[0]?.isSeen).toBe(true)
    expect(must(await here.mailbox.message(rows(here, sent)[0]?.id ?? '')).text).toContain('mail 7')
  })

  test('a wrong password is said and not tried again', async () => {
    const server = await scripted({}, { users: { 'haruka@todoke.test': 'right' } })
    const here = bench()
    await receiveFor(here, pop3Account(server), 'wrong secret')
    const state = await here.until(() => failing(here), 'the failure')
    expect(state).toMatchObject({ problem: { kind: 'authentication' }, retryAt: null })
    expect(JSON.stringify([here.events, state])).not.toContain('wrong secret')
  })

  test('APOP is used where the line is plain and the server offers it', async () => {
    const server = await scripted(
      {},
      { apop: true, users: { 'haruka@todoke.test': 'right' }, mailbox: mailbox(1) },
    )
    const here = bench()
    await receiveFor(here, pop3Account(server), 'right')
    await here.until(() => isIdle(here), 'the session')
    expect(server.commands.some(line => line.startsWith('APOP'))).toBe(true)
    expect(server.transcript()).not.toMatch(/PASS|AUTH PLAIN/)
  })

  test('a password is not sent in plain to a host that is not this machine', async () => {
    const here = bench()
    await receiveFor(here, pop3Account({ host: 'pop.elsewhere.test', port: 110 }))
    const state = await here.until(() => failing(here), 'the failure')
    expect(state).toMatchObject({ problem: { kind: 'plaintext-forbidden' }, retryAt: null })
  })
})

describe('a POP3 account over TLS', () => {
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
  const users = { 'haruka@todoke.test': 'secret' }

  test('works over STLS and over TLS from the first byte', async () => {
    for (const [security, tls] of [
      ['starttls', 'starttls'],
      ['implicit', 'implicit'],
    ] as const) {
      const server = await scripted(
        {},
        { security, tls: ca.issue(['localhost']), users, mailbox: mailbox(1) },
      )
      const here = bench()
      await receiveFor(here, pop3Account({ host: 'localhost', port: server.port, tls }))
      await here.until(() => isIdle(here), `the session over ${security}`)
      expect(subjects(here)).toEqual(['mail 1'])
    }
  })

  test('says nothing of a password to a server that refuses STLS', async () => {
    const server = await scripted({ stls: '-ERR no' }, { users, mailbox: mailbox(1) })
    const here = bench()
    await receiveFor(here, pop3Account({ host: 'localhost', port: server.port, tls: 'starttls' }))
    const state = await here.until(() => failing(here), 'the failure')
    expect(state.problem).toEqual({ kind: 'tls-not-offered', host: 'localhost' })
    expect(server.commands).toEqual(['STLS'])
  })

  test('believes nothing that was said between STLS and the handshake', async () => {
    const server = await scripted(
      { stls: '+OK begin\n+OK injected' },
      { security: 'starttls', tls: ca.issue(['localhost']), users },
    )
    const here = bench()
    await receiveFor(here, pop3Account({ host: 'localhost', port: server.port, tls: 'starttls' }))
    const state = await here.until(() => failing(here), 'the failure')
    expect(state.problem.kind).toBe('tls')
  })

  test('does not believe a certificate that nobody vouches for', async () => {
    const server = await scripted({}, { security: 'implicit', tls: ca.selfSigned(['localhost']), users })
    const here = bench()
    await receiveFor(here, pop3Account({ host: 'localhost', port: server.port, tls: 'implicit' }))
    const state = await here.until(() => failing(here), 'the failure')
    expect(state.problem).toMatchObject({ kind: 'certificate', reason: 'self-signed' })
  })
})

describe.skipIf(!needsPackages(['dovecot-pop3d', 'dovecot-lmtpd']))('a POP3 account on Dovecot', () => {
  let real: MailServers
  beforeAll(async () => {
    real = await startMailServers()
  })
  afterAll(() => real?.stop())

  test('stores byte for byte what the server has, and deletes it when told so', async () => {
    const { user, password } = real.haruka
    for (const number of [1, 2]) await real.dovecot.deliver(user, mail(number, { body: '.dot\r\n..dots' }))
    const stored = real.dovecot.mailbox(user).map(entry => entry.raw.toString())
    const { pop3, pop3s } = real.dovecot.ports
    const here = bench()
    await receiveFor(here, pop3Account({ host: 'localhost', port: pop3, tls: 'starttls', user }), password)
    await here.until(() => isIdle(here) && rows(here).length === 2, 'the session')
    const sources = []
    for (const row of rows(here)) sources.push(must(await here.mailbox.source(row.id)).source)
    expect(sources.reverse()).toEqual(stored)
    expect(real.dovecot.mailbox(user).length).toBe(2)
    const account = pop3Account(
      { host: 'localhost', port: pop3s, tls: 'implicit', user },
      { leaveOnServer: false },
    )
    await receiveFor(here, account, password)
    await here.until(() => isIdle(here), 'the deleting session')
    expect(real.dovecot.mailbox(user)).toEqual([])
    expect(rows(here).length).toBe(2)
  })
})
