import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import {
  type Bench,
  clearBench,
  imapAccount,
  incoming,
  mail,
  must,
  openBench,
  receiveFor,
  rows,
} from './receiving-bench.ts'

const opened: Bench[] = []
function bench(dataDir?: string): Bench {
  const made = openBench(dataDir === undefined ? {} : { dataDir })
  opened.push(made)
  return made
}
afterEach(async () => {
  for (const made of opened.splice(0)) {
    await made.stop()
    clearBench(made)
  }
})

const DAY_MS = 86_400_000

/** A mail of so many days ago. */
function aged(days: number): Buffer {
  const date = new Date(Date.now() - days * DAY_MS).toUTCString().replace('GMT', '+0000')
  const text = mail(days, { body: `Words of ${days} days ago.` }).toString()
  return Buffer.from(text.replace(/^Date: .*$/m, `Date: ${date}`))
}

/** The days of the mails whose source is here. */
function stored(here: Bench): number[] {
  return here.db
    .all('SELECT subject FROM message WHERE pack IS NOT NULL ORDER BY sent_at DESC')
    .map(row => Number(String(row.subject).replace('mail ', '')))
}

describe.skipIf(!needsPackages(['dovecot-imapd', 'dovecot-lmtpd']))('mails fetched ahead', () => {
  let servers: MailServers
  let count = 0
  beforeAll(async () => {
    const users = Array.from({ length: 8 }, (_, at) => ({ user: `u${at}@todoke.test`, password: 'a word' }))
    servers = await startMailServers({ users })
  })
  afterAll(() => servers?.stop())

  async function someone(...mails: Buffer[]) {
    const { user, password } = servers.dovecot.users[count++] as { user: string; password: string }
    for (const data of mails) await servers.dovecot.deliver(user, data)
    const { imaps: port } = servers.dovecot.ports
    return { user, password, account: imapAccount({ host: 'localhost', port, tls: 'implicit', user }) }
  }
  const isIdle = (here: Bench) => incoming(here)?.state === 'idle'
  const isQuiet = (here: Bench) => isIdle(here) && !here.receiving.isFetching()
  /** An event comes after the last thing was done, also where nothing was. */
  const nudge = (here: Bench) => here.receiving.refresh(null)

  test('those of the last days are here before they are opened, the others are not', async () => {
    const me = await someone(aged(1), aged(80), aged(200))
    const here = bench()
    must(await here.receiving.fetchAhead({ days: 90, isHeld: false }))
    await receiveFor(here, me.account, me.password)
    await here.until(() => stored(here).length === 2, 'the mails of the last days')
    expect(stored(here)).toEqual([1, 80])
    must(await here.receiving.fetchAhead({ days: null, isHeld: false }))
    await here.until(() => stored(here).length === 3, 'everything')
  })

  test('what came ahead and what was opened is read without the server, also after a restart', async () => {
    const me = await someone(aged(1), aged(200))
    const before = bench()
    must(await before.receiving.fetchAhead({ days: 90, isHeld: false }))
    await receiveFor(before, me.account, me.password)
    await before.until(() => stored(before).length === 1 && isIdle(before), 'the new mail')
    const old = rows(before).find(row => row.subject === 'mail 200')
    must(await before.mailbox.message(old?.id ?? ''))
    await before.stop()
    opened.splice(opened.indexOf(before), 1)
    // Nobody listens there: the server is cut off.
    const here = bench(before.dataDir)
    const nowhere = imapAccount({ host: '127.0.0.1', port: 1, tls: 'implicit', user: me.user })
    await receiveFor(here, nowhere, me.password)
    for (const row of rows(here)) {
      const message = must(await here.mailbox.message(row.id))
      expect(message.text).toContain(`Words of ${row.subject.replace('mail ', '')} days ago.`)
    }
    expect(rows(here)).toHaveLength(2)
  })

  test('nothing is fetched while it is held, and it goes on after that', async () => {
    const me = await someone(aged(1), aged(2))
    const here = bench()
    must(await here.receiving.fetchAhead({ days: 90, isHeld: true }))
    await receiveFor(here, me.account, me.password)
    await here.until(() => isQuiet(here) && rows(here).length === 2, 'the list')
    await nudge(here)
    await here.until(() => isQuiet(here), 'a second look')
    expect(stored(here)).toEqual([])
    must(await here.receiving.fetchAhead({ days: 90, isHeld: false }))
    await here.until(() => stored(here).length === 2, 'both mails')
  })

  test('with no days only what is opened is fetched', async () => {
    const me = await someone(aged(1), aged(2))
    const here = bench()
    must(await here.receiving.fetchAhead({ days: 0, isHeld: false }))
    await receiveFor(here, me.account, me.password)
    await here.until(() => isQuiet(here) && rows(here).length === 2, 'the list')
    must(await here.mailbox.message(rows(here)[0]?.id ?? ''))
    expect(stored(here)).toEqual([1])
  })

  test('a new mail is fetched as it comes, the list row has its words and its files', async () => {
    const me = await someone(aged(3))
    const here = bench()
    must(await here.receiving.fetchAhead({ days: 90, isHeld: false }))
    await receiveFor(here, me.account, me.password)
    await here.until(() => stored(here).length === 1, 'the first mail')
    await servers.dovecot.deliver(me.user, aged(0))
    await here.until(() => stored(here).length === 2, 'the new mail')
    expect(rows(here)[0]?.preview).toBe('Words of 0 days ago.')
  })
})
