import { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hold, sayAndDrop } from '../../servers/acts.ts'
import { startScriptedImap } from '../../servers/scripted-imap.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import {
  type Bench,
  clearBench,
  failing,
  imapAccount,
  inbox,
  incoming,
  mail,
  must,
  openBench,
  receiveFor,
  recipe,
  rows,
  sent,
  subjects,
} from './receiving-bench.ts'

const opened: Bench[] = []
function bench(options: Parameters<typeof openBench>[0] = {}): Bench {
  const made = openBench(options)
  opened.push(made)
  return made
}
afterEach(async () => {
  for (const made of opened.splice(0)) {
    await made.stop()
    clearBench(made)
  }
})

describe.skipIf(!needsPackages(['dovecot-imapd', 'dovecot-lmtpd']))('an IMAP account on Dovecot', () => {
  let servers: MailServers
  let count = 0
  const clients: ImapFlow[] = []
  beforeAll(async () => {
    const users = Array.from({ length: 20 }, (_, at) => ({
      user: `user${at}@todoke.test`,
      password: `pass ${at}`,
    }))
    servers = await startMailServers({ users })
  })
  afterAll(() => servers?.stop())
  afterEach(() => {
    for (const client of clients.splice(0)) client.close()
  })

  /** A user of one's own for each test, with an account over STARTTLS or TLS. */
  function someone(tls: 'starttls' | 'implicit' = 'implicit') {
    const { user, password } = servers.dovecot.users[count++] as { user: string; password: string }
    const port = tls === 'implicit' ? servers.dovecot.ports.imaps : servers.dovecot.ports.imap
    return { user, password, account: imapAccount({ host: 'localhost', port, tls, user }) }
  }
  type Someone = ReturnType<typeof someone>
  const deliver = async ({ user }: Someone, ...mails: Buffer[]) => {
    for (const data of mails) await servers.dovecot.deliver(user, data)
  }
  /** A second client of the same user. */
  async function second({ user, password }: Someone): Promise<ImapFlow> {
    const { imaps: port } = servers.dovecot.ports
    const auth = { user, pass: password }
    const client = new ImapFlow({ host: 'localhost', port, secure: true, auth, logger: false })
    await client.connect()
    clients.push(client)
    return client
  }
  const isIdle = (here: Bench) => incoming(here)?.state === 'idle'

  test('over STARTTLS and TLS the mails are listed newest first, with their first words', async () => {
    for (const tls of ['starttls', 'implicit'] as const) {
      const me = someone(tls)
      await deliver(me, mail(1), mail(2), mail(3))
      const here = bench()
      await receiveFor(here, me.account, me.password)
      await here.until(() => rows(here)[0]?.preview !== '' && rows(here).length === 3, 'three rows')
      expect(subjects(here)).toEqual(['mail 3', 'mail 2', 'mail 1'])
      expect(rows(here)[0]).toMatchObject({
        from: { name: 'Anna Weber', address: 'anna@elsewhere.test' },
        preview: 'The text of mail 3.',
        isSeen: false,
      })
      expect(here.mailbox.count(inbox)).toEqual({ total: 3, unread: 3 })
    }
  })

  test('a mail that arrives is in the list by itself within two seconds', async () => {
    const me = someone()
    await deliver(me, mail(1))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && subjects(here).length === 1, 'the first sync')
    const begun = performance.now()
    await deliver(me, mail(2))
    await here.until(() => subjects(here).includes('mail 2'), 'the new mail')
    expect(performance.now() - begun).toBeLessThan(2_000)
  })

  test('a mail is fetched when it is opened, and then it is here without a server', async () => {
    const me = someone()
    await deliver(me, mail(1, { body: 'All of it.' }))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    const [row] = await here.until(() => rows(here).length === 1 && rows(here), 'one row')
    const opened = must(await here.mailbox.message(row?.id ?? ''))
    expect(opened.text).toContain('All of it.')
    expect(opened.received.length).toBeGreaterThan(0)
    must(await here.receiving.setAccounts([]))
    expect(must(await here.mailbox.message(row?.id ?? '')).text).toContain('All of it.')
    const [stored] = servers.dovecot.mailbox(me.user)
    expect(must(await here.mailbox.source(row?.id ?? '')).source).toBe(stored?.raw.toString())
  })

  test('flags go both ways', async () => {
    const me = someone()
    await deliver(me, mail(1), mail(2))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && rows(here).length === 2, 'the first sync')
    const other = await second(me)
    await other.mailboxOpen('INBOX')
    await other.messageFlagsAdd('1', ['\\Seen', '\\Flagged'], { uid: true })
    await here.until(() => rows(here)[1]?.isSeen && rows(here)[1]?.isFlagged, 'the flags of the other client')
    expect(here.mailbox.count(inbox).unread).toBe(1)

    const [newest] = rows(here)
    const set = here.mailbox.setFlags([newest?.id ?? ''], { isSeen: true, isFlagged: true })
    expect(rows(here)[0]).toMatchObject({ isSeen: true, isFlagged: true })
    expect(must(await set).changed).toBe(1)
    await here.receiving.settled()
    const onServer = await other.fetchOne('2', { flags: true }, { uid: true })
    expect(onServer && [...(onServer.flags ?? [])].sort()).toEqual(['\\Flagged', '\\Seen'])
    must(await here.mailbox.setFlags([newest?.id ?? ''], { isFlagged: false }))
    await here.receiving.settled()
    const again = await other.fetchOne('2', { flags: true }, { uid: true })
    expect(again && [...(again.flags ?? [])]).toEqual(['\\Seen'])
  })

  test('a flag that was changed while there was no connection goes to the server later', async () => {
    const me = someone()
    await deliver(me, mail(1))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && rows(here).length === 1, 'the first sync')
    must(await here.receiving.setAccounts([]))
    must(await here.mailbox.setFlags([rows(here)[0]?.id ?? ''], { isSeen: true }))
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here), 'the next sync')
    expect(rows(here)[0]?.isSeen).toBe(true)
    const [stored] = servers.dovecot.mailbox(me.user)
    expect(stored?.flags).toEqual(['\\Seen'])
  })

  test('what another client expunges is gone here', async () => {
    const me = someone()
    await deliver(me, mail(1), mail(2), mail(3))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && rows(here).length === 3, 'the first sync')
    const other = await second(me)
    await other.mailboxOpen('INBOX')
    await other.messageDelete('2', { uid: true })
    await here.until(() => rows(here).length === 2, 'the expunge')
    expect(subjects(here)).toEqual(['mail 3', 'mail 1'])
    expect(here.mailbox.count(inbox)).toEqual({ total: 2, unread: 2 })
  })

  test('what vanished, came and changed while we were away is seen at the next start', async () => {
    const me = someone()
    await deliver(me, mail(1), mail(2), mail(3))
    const first = bench()
    await receiveFor(first, me.account, me.password)
    await first.until(() => isIdle(first) && rows(first).length === 3, 'the first sync')
    await first.stop()
    opened.splice(opened.indexOf(first), 1)
    const other = await second(me)
    await other.mailboxOpen('INBOX')
    await other.messageDelete('1', { uid: true })
    await other.messageFlagsAdd('3', ['\\Seen'], { uid: true })
    await deliver(me, mail(4))
    const here = bench({ dataDir: first.dataDir })
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && rows(here).length === 3, 'the second sync')
    expect(subjects(here)).toEqual(['mail 4', 'mail 3', 'mail 2'])
    expect(rows(here).map(row => row.isSeen)).toEqual([false, true, false])
  })

  test('archive and trash move the mail on the server, and its source stays here', async () => {
    const me = someone()
    await deliver(me, mail(1), mail(2))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here) && rows(here).length === 2, 'the first sync')
    const [newest, oldest] = rows(here)
    must(await here.mailbox.message(newest?.id ?? ''))
    expect(must(await here.mailbox.move([newest?.id ?? ''], { role: 'archive' })).moved).toBe(1)
    expect(subjects(here)).toEqual(['mail 1'])
    must(await here.mailbox.move([oldest?.id ?? ''], { role: 'trash' }))
    await here.receiving.settled()
    expect(servers.dovecot.mailbox(me.user, 'INBOX')).toEqual([])
    expect(servers.dovecot.mailbox(me.user, 'Archive').length).toBe(1)
    expect(servers.dovecot.mailbox(me.user, 'Trash').length).toBe(1)
    const archive = here.mailbox.folders().find(folder => folder.role === 'archive')
    await here.until(
      () => rows(here, { kind: 'folder', folderId: archive?.id ?? '' }).length === 1,
      'the move',
    )
    must(await here.receiving.setAccounts([]))
    expect(must(await here.mailbox.message(newest?.id ?? '')).text).toContain('mail 2')
  })

  test('the Sent copy is appended once, however often it is filed', async () => {
    const me = someone()
    const copy = mail(7, { headers: ['Bcc: secret@todoke.test'] })
    const here = bench({ sentCopy: () => copy })
    await receiveFor(here, me.account, me.password)
    const filing = { accountId: me.account.id, messageIdHeader: 'mail-7@elsewhere.test', recipe: recipe() }
    expect(must(await here.receiving.findSentCopy(filing)).isThere).toBe(false)
    expect(must(await here.receiving.fileSentCopy(filing))).toEqual({ how: 'appended', folder: 'Sent' })
    expect(must(await here.receiving.fileSentCopy(filing))).toEqual({ how: 'found', folder: 'Sent' })
    expect(must(await here.receiving.findSentCopy(filing)).isThere).toBe(true)
    const stored = servers.dovecot.mailbox(me.user, 'Sent')
    expect(stored.map(entry => entry.raw.equals(copy))).toEqual([true])
    expect(stored[0]?.flags).toEqual(['\\Seen'])
    await here.until(() => subjects(here, sent).length === 1, 'the copy in the list')
  })

  test('the Sent copy of a redirected mail is found by its own id, not by that of the mail within', async () => {
    const me = someone()
    const copy = Buffer.concat([Buffer.from('Resent-Message-ID: <again-7@todoke.test>\r\n'), mail(7)])
    const here = bench({ sentCopy: () => copy })
    await receiveFor(here, me.account, me.password)
    const filing = { accountId: me.account.id, messageIdHeader: 'again-7@todoke.test', recipe: recipe() }
    expect(must(await here.receiving.findSentCopy(filing)).isThere).toBe(false)
    expect(must(await here.receiving.fileSentCopy(filing)).how).toBe('appended')
    expect(must(await here.receiving.findSentCopy(filing)).isThere).toBe(true)
    expect(must(await here.receiving.fileSentCopy(filing)).how).toBe('found')
    expect(servers.dovecot.mailbox(me.user, 'Sent')).toHaveLength(1)
  })

  test('of a draft there is one copy, never an older one over a newer, and none once it was sent', async () => {
    const me = someone()
    const other = await second(me)
    const draftId = '1f0a4c3e-0000-4000-8000-000000000001'
    const here = bench({
      sentCopy: ({ messageId, text }) =>
        Buffer.from(`Message-ID: <${messageId}>\r\nSubject: draft\r\n\r\n${text}\r\n`),
    })
    await receiveFor(here, me.account, me.password)
    const keep = async (revision: number, text: string) =>
      must(
        await here.receiving.keepDraftCopy({
          accountId: me.account.id,
          draftId,
          copy: { revision, recipe: { ...recipe(), text } },
        }),
      )
    const texts = () =>
      servers.dovecot.mailbox(me.user, 'Drafts').map(({ raw, flags }) => {
        const body = raw.toString().split('\r\n\r\n')[1]?.trim()
        return `${body} ${flags.toSorted().join(' ')}`
      })
    await keep(1, 'first')
    expect(texts()).toEqual(['first \\Draft \\Seen'])
    await other.append('Drafts', mail(1))
    await keep(3, 'third')
    await keep(3, 'third again')
    await keep(2, 'second, late')
    const ofOthers = () => texts().filter(text => !text.startsWith('third'))
    expect(texts().filter(text => text.startsWith('third'))).toEqual(['third \\Draft \\Seen'])
    expect(ofOthers()).toHaveLength(1)
    must(await here.receiving.keepDraftCopy({ accountId: me.account.id, draftId, copy: null }))
    expect(texts()).toEqual(ofOthers())
    expect(texts()).toHaveLength(1)
  })

  test('a folder that is numbered anew is rebuilt, with no mail twice and none of the old ones', async () => {
    const me = someone()
    const other = await second(me)
    await other.mailboxCreate('Work')
    for (const number of [1, 2]) await other.append('Work', mail(number))
    const first = bench()
    await receiveFor(first, me.account, me.password)
    const work = () => {
      const folder = opened
        .at(-1)
        ?.mailbox.folders()
        .find(({ name }) => name === 'Work')
      return { kind: 'folder' as const, folderId: folder?.id ?? '' }
    }
    await first.until(() => isIdle(first) && rows(first, work()).length === 2, 'the first sync')
    must(await first.mailbox.message(rows(first, work())[0]?.id ?? ''))
    await first.stop()
    opened.splice(opened.indexOf(first), 1)
    await other.mailboxDelete('Work')
    await other.mailboxCreate('Work')
    await other.append('Work', mail(3))
    const here = bench({ dataDir: first.dataDir })
    const before = Number(here.db.get('SELECT max(id) AS id FROM message')?.id)
    await receiveFor(here, me.account, me.password)
    await here.until(() => isIdle(here), 'the second sync')
    expect(subjects(here, work())).toEqual(['mail 3'])
    const [row] = rows(here, work())
    expect(Number(row?.id)).toBeGreaterThan(before)
    expect(must(await here.mailbox.message(row?.id ?? '')).text).toContain('mail 3')
  })

  test('six hundred mails come newest first, all of them once', async () => {
    const me = someone()
    const other = await second(me)
    await other.mailboxOpen('INBOX')
    for (let number = 1; number <= 600; number += 1) await other.append('INBOX', mail(number))
    const here = bench()
    await receiveFor(here, me.account, me.password)
    const first = await here.until(() => rows(here).length > 0 && rows(here), 'the first rows')
    expect(first[0]?.subject).toBe('mail 600')
    await here.until(() => isIdle(here) && here.mailbox.count(inbox).total === 600, 'all of them')
    expect(here.mailbox.page(inbox, 599, 10).map(row => row.subject)).toEqual(['mail 1'])
    expect(here.db.get('SELECT count(DISTINCT uid) AS count FROM message')?.count).toBe(600)
  })

  test('a wrong password is said in the words of the server and not tried again', async () => {
    const me = someone()
    const here = bench()
    await receiveFor(here, me.account, 'not the password')
    const state = await here.until(() => failing(here), 'the failure')
    expect(state).toMatchObject({ problem: { kind: 'authentication', user: me.user }, retryAt: null })
    expect(JSON.stringify(here.events)).not.toContain('not the password')
  })

  test('a certificate that nobody vouches for is not believed', async () => {
    const me = someone()
    const untrusted = await startScriptedImap(
      {},
      { security: 'implicit', tls: servers.ca.selfSigned(['localhost']) },
    )
    const here = bench()
    await receiveFor(
      here,
      imapAccount({ host: 'localhost', port: untrusted.port, tls: 'implicit', user: me.user }),
    )
    const state = await here.until(() => failing(here), 'the failure')
    expect(state.problem).toMatchObject({ kind: 'certificate', reason: 'self-signed', host: 'localhost' })
    await untrusted.stop()
  })
})

test('an account that got one connection only stops at once, also in the middle of a command', async () => {
  let connections = 0
  const inCommand = hold()
  const server = await startScriptedImap({
    greeting: () => {
      connections += 1
      return connections > 1 ? sayAndDrop('* BYE one is enough') : undefined
    },
    replies: { SELECT: inCommand },
  })
  const here = bench()
  await receiveFor(here, imapAccount({ port: server.port }))
  await inCommand.reached
  await here.receiving.setAccounts([])
  await server.stop()
})
