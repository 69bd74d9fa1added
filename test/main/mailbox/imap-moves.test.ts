import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type CuttingProxy, startCuttingProxy } from '../../servers/cutting-proxy.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import {
  type Bench,
  clearBench,
  failing,
  imapAccount,
  incoming,
  mail,
  must,
  openBench,
  receiveFor,
  rows,
} from './receiving-bench.ts'

const USERS = Array.from({ length: 40 }, (_, index) => ({
  user: `mover${index}@todoke.test`,
  password: `pass ${index}`,
}))

const withMove = { name: 'with MOVE', hides: /$^/g }
const withoutMove = { name: 'without MOVE', hides: / MOVE\b/g }
const bare = {
  name: 'without MOVE and UIDPLUS',
  hides: / MOVE\b| UIDPLUS\b| \[COPYUID [^\]]*\]/g,
}
const CUTS = [
  { server: withMove, command: /UID MOVE/ },
  { server: withoutMove, command: /UID COPY/ },
  { server: withoutMove, command: /UID STORE/ },
  { server: withoutMove, command: /UID EXPUNGE/ },
  { server: bare, command: /UID COPY/ },
  { server: bare, command: /UID STORE/ },
].flatMap(one => (['before', 'after'] as const).map(when => ({ ...one, when })))

/** Without an id, and two that nothing tells apart. */
const nameless = Buffer.from('From: a@elsewhere.test\r\nSubject: nameless\r\n\r\nText.\r\n')
const SENT_THERE = [mail(1), mail(2), nameless, mail(3), mail(3)]

describe.skipIf(!needsPackages(['dovecot-imapd']))('a line that breaks in the middle of a move', () => {
  let servers: MailServers
  let proxy: CuttingProxy
  let here: Bench
  let used = 0
  beforeAll(async () => {
    servers = await startMailServers({ users: USERS })
  })
  afterEach(async () => {
    await here.stop()
    clearBench(here)
    await proxy.stop()
  })
  afterAll(() => servers?.stop())

  const open = async (hides: RegExp, sources = SENT_THERE) => {
    const person = USERS[used++] as (typeof USERS)[number]
    for (const source of sources) await servers.dovecot.deliver(person.user, source)
    const rewrite = (line: string) => line.replace(hides, '')
    proxy = await startCuttingProxy(servers.dovecot.ports.imap, { rewrite })
    here = openBench({ limits: { settleMs: 50 } })
    const account = imapAccount({ host: 'localhost', port: proxy.port, tls: 'none', user: person.user })
    await receiveFor(here, account, person.password)
    await here.until(() => isIdle() && rows(here).length === sources.length, 'the first sync')
    return person.user
  }
  const isIdle = () => incoming(here)?.state === 'idle'
  /** Connects again at once and looks through all folders. */
  const again = async () => {
    await here.until(() => failing(here), 'the break')
    must(await here.receiving.refresh(null))
    await here.until(isIdle, 'the new line')
    await here.until(() => here.db.get('SELECT 1 FROM move_begun') === undefined, 'the moves')
    await here.receiving.settled()
    await lookAgain()
  }
  const lookAgain = async () => {
    const before = here.receiving.statuses()[0]?.syncedAt ?? 0
    must(await here.receiving.refresh(null))
    await here.until(() => isIdle() && (here.receiving.statuses()[0]?.syncedAt ?? 0) > before, 'the look')
  }
  const there = (user: string, folder: string) =>
    servers.dovecot
      .mailbox(user, folder)
      .filter(({ flags }) => !flags.includes('\\Deleted'))
      .map(({ raw }) => /Subject: (.*)\r/.exec(raw.toString())?.[1] ?? '')
      .toSorted()
  const rowsIn = (role: 'inbox' | 'archive' | 'trash') => {
    const folder = here.mailbox.folders().find(one => one.role === role)
    return rows(here, { kind: 'folder', folderId: folder?.id ?? '' })
  }
  const shownIn = (role: 'inbox' | 'archive' | 'trash') =>
    rowsIn(role)
      .map(({ subject }) => subject)
      .toSorted()
  const all = ['mail 1', 'mail 2', 'mail 3', 'mail 3', 'nameless']

  test.each(CUTS)(
    '$server.name, $when $command: every mail arrives once',
    async ({ server, command, when }) => {
      const user = await open(server.hides)
      const ids = rows(here).map(({ id }) => id)
      proxy.cutAt({ command, when })
      must(await here.mailbox.move(ids, { role: 'archive' }))
      await proxy.hasCut()
      await again()
      expect(there(user, 'Archive')).toEqual(all)
      expect(there(user, 'INBOX')).toEqual([])
      expect(shownIn('archive')).toEqual(all)
      expect(shownIn('inbox')).toEqual([])
      // The very rows that were moved, not others in their place.
      const now = rowsIn('archive').map(({ id }) => id)
      expect(now.toSorted()).toEqual(ids.toSorted())
      expect(here.db.get('SELECT count(*) AS count FROM move_begun')?.count).toBe(0)
    },
  )

  test.each([withMove, withoutMove])(
    '$name: what is moved on or taken back while nobody knows is where the person wants it, once',
    async ({ hides }) => {
      const user = await open(hides, [mail(1), mail(2)])
      const [second, first] = rows(here).map(({ id }) => id)
      proxy.cutAt({ command: /UID (MOVE|COPY)/, when: 'after' })
      const moved = must(await here.mailbox.move([second ?? '', first ?? ''], { role: 'archive' }))
      await proxy.hasCut()
      await here.until(() => failing(here), 'the break')
      must(await here.mailbox.undo(moved.undoId))
      must(await here.mailbox.move([first ?? ''], { role: 'trash' }))
      await again()
      expect([there(user, 'INBOX'), there(user, 'Archive'), there(user, 'Trash')]).toEqual([
        ['mail 2'],
        [],
        ['mail 1'],
      ])
      expect([shownIn('inbox'), shownIn('archive'), shownIn('trash')]).toEqual([['mail 2'], [], ['mail 1']])
    },
  )

  test.each([/UID COPY/, /UID EXPUNGE/, / DELETE /])(
    'a folder that is removed empties into the trash once, also where the line breaks after %s',
    async command => {
      const user = await open(withoutMove.hides)
      const [account] = here.receiving.statuses()
      const made = must(await here.mailbox.createFolder(account?.accountId ?? '', null, 'Old'))
      await here.receiving.settled()
      const ids = rows(here).map(({ id }) => id)
      must(await here.mailbox.move(ids, { folderId: made.folderId }))
      await here.receiving.settled()
      await lookAgain()
      expect(there(user, 'Old')).toEqual(all)
      proxy.cutAt({ command, when: 'after' })
      must(await here.mailbox.removeFolder(made.folderId))
      await proxy.hasCut()
      await again()
      expect(there(user, 'Trash')).toEqual(all)
      expect(here.mailbox.folders().some(({ name }) => name === 'Old')).toBe(false)
    },
  )

  test('a copy that the server only claims to have made takes nothing from where it was', async () => {
    const user = await open(/$^/g, [mail(1)])
    await here.stop()
    await proxy.stop()
    // A server without MOVE that answers OK to a COPY it never heard of: NOOP in its place.
    proxy = await startCuttingProxy(servers.dovecot.ports.imap, {
      rewrite: line => line.replace(withoutMove.hides, '').replace(/ \[COPYUID [^\]]*\]/, ''),
      ask: command => command.replace(/^(\S+) UID COPY .*$/, '$1 NOOP'),
    })
    here = openBench({ dataDir: here.dataDir })
    const account = imapAccount({ host: 'localhost', port: proxy.port, tls: 'none', user })
    await receiveFor(here, account, USERS.find(one => one.user === user)?.password)
    await here.until(isIdle, 'the new line')
    must(await here.mailbox.move([rows(here)[0]?.id ?? ''], { role: 'archive' }))
    await here.receiving.settled()
    expect(proxy.commands().filter(command => /UID (STORE|EXPUNGE)/.test(command))).toEqual([])
    expect(there(user, 'INBOX')).toEqual(['mail 1'])
    expect(shownIn('inbox')).toEqual(['mail 1'])
    expect(here.receiving.statuses()[0]?.refusals).toMatchObject([{ act: 'move' }])
  })
})
