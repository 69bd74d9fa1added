import { ImapFlow } from 'imapflow'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import {
  type Bench,
  clearBench,
  imapAccount,
  inbox,
  incoming,
  mail,
  must,
  openBench,
  receiveFor,
  refusals,
  rows,
  subjects,
} from './receiving-bench.ts'

const benches: Bench[] = []
const clients: ImapFlow[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const here of benches.splice(0)) {
    await here.stop()
    clearBench(here)
  }
})

describe.skipIf(!needsPackages(['dovecot-imapd', 'dovecot-lmtpd']))('folders on Dovecot', () => {
  let servers: MailServers
  let count = 0
  beforeAll(async () => {
    const users = Array.from({ length: 20 }, (_, at) => ({
      user: `user${at}@todoke.test`,
      password: `pass ${at}`,
    }))
    servers = await startMailServers({ users })
  })
  afterAll(() => servers?.stop())

  /** A user with an account here and a second client there. */
  async function someone() {
    const { user, password } = servers.dovecot.users[count++] as { user: string; password: string }
    const port = servers.dovecot.ports.imaps
    const account = imapAccount({ host: 'localhost', port, tls: 'implicit', user })
    const auth = { user, pass: password }
    const other = new ImapFlow({ host: 'localhost', port, secure: true, auth, logger: false })
    await other.connect()
    clients.push(other)
    const here = openBench()
    benches.push(here)
    const connect = () => receiveFor(here, account, password)
    const disconnect = async () => must(await here.receiving.setAccounts([]))
    const isIdle = () => incoming(here)?.state === 'idle'
    return { user, account, other, here, connect, disconnect, isIdle }
  }
  const folderOf = (here: Bench, name: string) => {
    const found = here.mailbox.folders().find(folder => folder.name === name)
    if (found === undefined) throw new Error(`no folder ${name}`)
    return found
  }
  const placeOf = (here: Bench, name: string) =>
    ({ kind: 'folder', folderId: folderOf(here, name).id }) as const
  const names = async (other: ImapFlow) => (await other.list()).map(({ path }) => path).sort()

  test('what is subscribed is fetched and counted, in the order of the server', async () => {
    const { other, here, connect, isIdle } = await someone()
    for (const path of ['Work', 'Work/Invoices', '請求書', 'Lists']) await other.mailboxCreate(path)
    await other.mailboxUnsubscribe('Lists')
    await other.append('Work/Invoices', mail(1))
    await other.append('Work/Invoices', mail(2), ['\\Seen'])
    await other.append('Lists', mail(3))
    await connect()
    await here.until(isIdle, 'the first sync')
    const work = folderOf(here, 'Work')
    expect(folderOf(here, 'Invoices')).toMatchObject({ parentId: work.id, total: 2, unread: 1, role: null })
    expect(work).toMatchObject({ parentId: null, isSubscribed: true, isContainer: false })
    expect(folderOf(here, '請求書')).toMatchObject({ total: 0, isSubscribed: true })
    expect(folderOf(here, 'Lists')).toMatchObject({ isSubscribed: false, total: 0 })

    must(await here.mailbox.subscribe(folderOf(here, 'Lists').id, true))
    await here.until(() => folderOf(here, 'Lists').total === 1, 'what was not subscribed')
    await here.receiving.settled()
    expect((await other.list()).find(({ path }) => path === 'Lists')?.subscribed).toBe(true)
  })

  test('a folder and a mail moved into it are here at once without a server, and there in order later', async () => {
    const { user, other, here, connect, disconnect, isIdle } = await someone()
    await servers.dovecot.deliver(user, mail(1))
    await connect()
    await here.until(() => isIdle() && rows(here).length === 1, 'the first sync')
    await disconnect()

    // The account is set up, but its server cannot be reached.
    await receiveFor(here, imapAccount({ port: 1 }))
    const { folderId } = must(await here.mailbox.createFolder('acc-imap', null, 'Plans'))
    const id = rows(here)[0]?.id ?? ''
    must(await here.mailbox.move([id], { folderId }))
    expect(subjects(here)).toEqual([])
    expect(subjects(here, { kind: 'folder', folderId })).toEqual(['mail 1'])
    must(await here.mailbox.renameFolder(folderId, '計画'))
    const inside = must(await here.mailbox.createFolder('acc-imap', folderId, '2026'))
    must(await here.mailbox.move([id], { folderId: inside.folderId }))
    expect(folderOf(here, '計画').total).toBe(0)
    expect(folderOf(here, '2026')).toMatchObject({ total: 1, unread: 1, parentId: folderId })

    await connect()
    await here.until(isIdle, 'the next sync')
    await here.receiving.settled()
    expect(await names(other)).toEqual(expect.arrayContaining(['計画', '計画/2026']))
    expect(await names(other)).not.toContain('Plans')
    expect(servers.dovecot.mailbox(user, '計画/2026').length).toBe(1)
    expect(servers.dovecot.mailbox(user).length).toBe(0)
    expect(rows(here, placeOf(here, '2026')).map(row => row.id)).toEqual([id])
    expect(refusals(here)).toEqual([])
  })

  test('a move is taken back before the server heard of it, and after', async () => {
    const { user, other, here, connect, isIdle } = await someone()
    await servers.dovecot.deliver(user, mail(1))
    await servers.dovecot.deliver(user, mail(2))
    await connect()
    await here.until(() => isIdle() && rows(here).length === 2, 'the first sync')
    const ids = rows(here).map(row => row.id)
    const early = must(await here.mailbox.move(ids, { role: 'junk' }))
    expect(rows(here)).toEqual([])
    expect(must(await here.mailbox.undo(early.undoId)).undone).toBe(2)
    expect(subjects(here)).toEqual(['mail 2', 'mail 1'])
    await here.receiving.settled()
    await here.until(isIdle, 'quiet')
    expect(servers.dovecot.mailbox(user).length).toBe(2)

    const late = must(await here.mailbox.move(ids, { role: 'archive' }))
    await here.receiving.settled()
    expect(servers.dovecot.mailbox(user, 'Archive').length).toBe(2)
    expect(must(await here.mailbox.undo(late.undoId)).undone).toBe(2)
    await here.receiving.settled()
    await here.until(() => isIdle() && subjects(here).length === 2, 'both are back')
    expect(servers.dovecot.mailbox(user, 'Archive').length).toBe(0)
    await other.mailboxOpen('INBOX')
    expect(await other.search({ all: true })).toHaveLength(2)
    // A change is taken back once.
    expect(must(await here.mailbox.undo(late.undoId)).undone).toBe(0)
  })

  test('a renamed folder stays subscribed, with those in it', async () => {
    const { other, here, connect, isIdle } = await someone()
    for (const path of ['Work', 'Work/Deep']) await other.mailboxCreate(path)
    await connect()
    await here.until(isIdle, 'the first sync')
    must(await here.mailbox.renameFolder(folderOf(here, 'Work').id, '仕事'))
    await here.receiving.settled()
    await here.until(isIdle, 'the next sync')
    expect(['仕事', 'Deep'].map(name => folderOf(here, name).isSubscribed)).toEqual([true, true])
    const subscribed = (await other.list()).filter(folder => folder.subscribed).map(({ path }) => path)
    expect(subscribed).toEqual(expect.arrayContaining(['仕事', '仕事/Deep']))
  })

  test('a mail comes back also out of a folder that was just made', async () => {
    const { user, here, connect, isIdle } = await someone()
    for (const number of [1, 2]) await servers.dovecot.deliver(user, mail(number))
    await connect()
    await here.until(() => isIdle() && rows(here).length === 2, 'the first sync')
    const { folderId } = must(await here.mailbox.createFolder('acc-imap', null, '請求書'))
    const [newest, oldest] = rows(here)
    must(await here.mailbox.move([oldest?.id ?? ''], { folderId }))
    await here.receiving.settled()
    const { undoId } = must(await here.mailbox.move([newest?.id ?? ''], { folderId }))
    await here.receiving.settled()
    expect(servers.dovecot.mailbox(user, '請求書').length).toBe(2)
    expect(must(await here.mailbox.undo(undoId)).undone).toBe(1)
    await here.receiving.settled()
    await here.until(() => isIdle() && subjects(here).join() === 'mail 2', 'the mail')
    expect(servers.dovecot.mailbox(user, '請求書').length).toBe(1)
  })

  test('all of a folder is marked read, and unread again where it was', async () => {
    const { user, other, here, connect, isIdle } = await someone()
    for (const number of [1, 2, 3]) await servers.dovecot.deliver(user, mail(number))
    await other.mailboxOpen('INBOX')
    await other.messageFlagsAdd('2', ['\\Seen'], { uid: true })
    await connect()
    await here.until(() => isIdle() && here.mailbox.count(inbox).total === 3, 'the first sync')
    const { changed, undoId } = must(await here.mailbox.markRead(inbox))
    expect([changed, here.mailbox.count(inbox).unread]).toEqual([2, 0])
    await here.receiving.settled()
    await other.noop()
    expect(await other.search({ seen: false })).toEqual([])
    must(await here.mailbox.undo(undoId))
    await here.receiving.settled()
    await other.noop()
    expect(await other.search({ seen: false }, { uid: true })).toEqual([1, 3])
  })

  test('a removed folder leaves its mails in the trash, also those that nobody had seen here', async () => {
    const { user, other, here, connect, isIdle } = await someone()
    for (const path of ['Old', 'Old/Older']) await other.mailboxCreate(path)
    await other.append('Old', mail(1))
    await other.append('Old/Older', mail(2))
    await connect()
    await here.until(() => isIdle() && folderOf(here, 'Older').total === 1, 'the first sync')
    await other.append('Old/Older', mail(3))
    must(await here.mailbox.removeFolder(folderOf(here, 'Old').id))
    expect(here.mailbox.folders().some(({ name }) => name === 'Old' || name === 'Older')).toBe(false)
    await here.receiving.settled()
    expect(refusals(here)).toEqual([])
    expect((await names(other)).filter(path => path.startsWith('Old'))).toEqual([])
    expect(servers.dovecot.mailbox(user, 'Trash').length).toBe(3)
    await here.until(() => isIdle() && folderOf(here, 'Trash').total === 3, 'the trash')
  })

  test('mails go for good out of the trash only, and only those', async () => {
    const { user, other, here, connect, isIdle } = await someone()
    for (const number of [1, 2, 3]) await other.append('Trash', mail(number))
    await servers.dovecot.deliver(user, mail(4))
    await other.mailboxOpen('Trash')
    // Another client has marked one of its own, and not expunged it.
    await other.messageFlagsAdd('3', ['\\Deleted'], { uid: true })
    await connect()
    await here.until(() => isIdle() && folderOf(here, 'Trash').total === 2, 'the first sync')
    expect(await here.mailbox.remove([rows(here)[0]?.id ?? ''])).toMatchObject({
      ok: false,
      problem: { kind: 'not-now' },
    })
    const [newest] = rows(here, placeOf(here, 'Trash'))
    expect(must(await here.mailbox.remove([newest?.id ?? ''])).removed).toBe(1)
    expect(subjects(here, placeOf(here, 'Trash'))).toEqual(['mail 1'])
    await here.receiving.settled()
    await other.noop()
    expect(await other.search({ all: true }, { uid: true })).toEqual([1, 3])
  })

  test('what the server refuses of folders is undone on screen, in its words', async () => {
    const { other, here, connect, isIdle } = await someone()
    await other.mailboxCreate('Mine')
    await connect()
    await here.until(isIdle, 'the first sync')
    await other.mailboxCreate('Taken')
    must(await here.mailbox.renameFolder(folderOf(here, 'Mine').id, 'Taken'))
    await here.receiving.settled()
    expect(refusals(here)).toMatchObject([{ act: 'rename', problem: { kind: 'protocol' } }])
    await here.until(() => here.mailbox.folders().some(({ name }) => name === 'Mine'), 'the old name')
    expect((await names(other)).filter(path => path === 'Mine' || path === 'Taken')).toEqual([
      'Mine',
      'Taken',
    ])
  })

  test.each(['', '  ', 'a/b', 'x\u0007y', 'x'.repeat(201), 'Work'])(
    '%j is no name for a folder',
    async name => {
      const { other, here, connect, isIdle } = await someone()
      await other.mailboxCreate('work')
      await connect()
      await here.until(isIdle, 'the first sync')
      expect(await here.mailbox.createFolder('acc-imap', null, name)).toMatchObject({
        ok: false,
        problem: { kind: 'invalid', field: 'name' },
      })
    },
  )

  test('fetching stops where it is told to, new mail still comes, and it goes on from there', async () => {
    const { other, here, connect, isIdle } = await someone()
    await other.mailboxCreate('Big')
    for (let number = 1; number <= 320; number += 1) await other.append('Big', mail(number))
    await connect()
    const first = await here.until(() => {
      const folder = here.mailbox.folders().find(({ name }) => name === 'Big')
      return folder !== undefined && folder.total >= 50 && folder
    }, 'the newest mails')
    must(await here.mailbox.stopFetching('acc-imap'))
    const state = await here.until(() => {
      const now = incoming(here)
      return now?.state === 'stopped' && now
    }, 'the stop')
    expect(state.total).toBe(320)
    expect(state.done).toBe(here.mailbox.count({ kind: 'folder', folderId: first.id }).total)
    expect(state.done).toBeLessThan(320)
    await other.append('INBOX', mail(321))
    await here.until(() => subjects(here).join() === 'mail 321', 'the new mail')
    must(await here.mailbox.refresh('acc-imap'))
    const seen: number[] = []
    await here.until(() => {
      const now = incoming(here)
      if (now?.state === 'syncing' && now.total !== null) seen.push(now.done)
      return isIdle() && here.mailbox.count({ kind: 'folder', folderId: first.id }).total === 320
    }, 'all of them')
    expect(seen).toEqual(seen.toSorted((left, right) => left - right))
    expect(
      here.db.get('SELECT count(DISTINCT uid) AS count FROM message WHERE folder_id = ?', first.id)?.count,
    ).toBe(320)
  })
})
