import { afterEach, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '../../../main/host.ts'
import { openImap } from '../../../main/mailbox/imap.ts'
import { numbersOf, rangeOf } from '../../../main/mailbox/imap-row.ts'
import type { Problem } from '../../../shared/problem.ts'
import { drop, endless, rawBytes, stall } from '../../servers/acts.ts'
import { type ImapScript, type ScriptedImap, startScriptedImap } from '../../servers/scripted-imap.ts'
import {
  type Bench,
  clearBench,
  failing,
  imapAccount,
  incoming,
  must,
  openBench,
  receiveFor,
  refusals,
  rows,
  serverSettings,
} from './receiving-bench.ts'

const limits = { connectMs: 2_000, commandMs: 400, mailBytes: 1_000_000, settleMs: 0 }
const servers: ScriptedImap[] = []
const benches: Bench[] = []
const closing: AbortController[] = []
afterEach(async () => {
  for (const controller of closing.splice(0)) controller.abort()
  for (const here of benches.splice(0)) {
    await here.stop()
    clearBench(here)
  }
  for (const server of servers.splice(0)) await server.stop()
})

async function scripted(...args: Parameters<typeof startScriptedImap>): Promise<ScriptedImap> {
  const server = await startScriptedImap(...args)
  servers.push(server)
  return server
}

function connect(port: number, tls: 'none' | 'starttls' = 'none') {
  const controller = new AbortController()
  closing.push(controller)
  const ended: Problem[] = []
  const settings = serverSettings({ port, tls })
  const events = { onChange: () => {}, onClose: (problem: Problem) => void ended.push(problem) }
  const login = { settings, user: settings.user, password: 'secret' }
  return { ended, connection: openImap(login, events, systemClock, controller.signal, limits) }
}

function bench(clock: Clock = systemClock): Bench {
  const here = openBench({ clock })
  benches.push(here)
  return here
}

/** A mailbox of one mail (UID 5) whose replies a test may change. */
function oneMail(replies: ImapScript['replies'] = {}): ImapScript {
  const header = 'Subject: one\r\nFrom: anna@elsewhere.test\r\n\r\n'
  const row = [
    '* 1 FETCH (UID 5 FLAGS () INTERNALDATE "01-Jan-2026 00:00:00 +0000" RFC822.SIZE 100',
    'BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 10 1)',
    `BODY[HEADER.FIELDS (DATE FROM SENDER TO SUBJECT MESSAGE-ID)] {${header.length}}`,
  ].join(' ')
  const list = ['INBOX', 'Archive', 'Trash'].map(name => {
    const use = name === 'INBOX' ? '' : `\\${name}`
    return `* LIST (${use}) "/" ${name}`
  })
  return {
    replies: {
      LIST: `${list.join('\n')}\n$tag OK done`,
      SELECT:
        '* 1 EXISTS\n* FLAGS (\\Seen \\Flagged \\Deleted)\n* OK [UIDVALIDITY 9]\n* OK [UIDNEXT 6]\n$tag OK [READ-WRITE] done',
      'UID SEARCH': '* SEARCH 5\n$tag OK done',
      // What arrives gets the UID 6.
      STATUS: asked => `* STATUS ${asked.rest.split(' ')[0]} (UIDNEXT 6 UIDVALIDITY 9)\n$tag OK done`,
      FETCH: `${row}\n${header.trimEnd()}\n\n)\n$tag OK done`,
      'UID FETCH': asked => {
        if (asked.rest.includes('BODY.PEEK[1]'))
          return '* 1 FETCH (UID 5 BODY[1]<0> {5}\nHello)\n$tag OK done'
        if (asked.rest.includes('HEADER')) return `${row}\n${header.trimEnd()}\n\n)\n$tag OK done`
        return '* 1 FETCH (UID 5 FLAGS ())\n$tag OK done'
      },
      ...replies,
    },
  }
}
const plain = { capabilities: ['IDLE', 'NAMESPACE', 'UIDPLUS', 'SPECIAL-USE'] }

describe('an IMAP connection', () => {
  test.each([
    ['untagged lines without end', endless('* 1 RECENT')],
    ['fetched rows without end', endless('* 1 FETCH (UID 5 FLAGS ())')],
    ['silence', stall()],
  ])('%s in place of an answer ends by our deadline', async (_name, act) => {
    const server = await scripted({
      replies: { 'UID FETCH': act, SELECT: '* 1 EXISTS\n* OK [UIDVALIDITY 1]\n$tag OK done' },
    })
    const { connection, ended } = connect(server.port)
    const imap = must(await connection)
    must(await imap.open('INBOX'))
    const answer = await imap.flags('1:*', 10)
    expect(answer.ok).toBe(false)
    expect(!answer.ok && ['timeout', 'protocol']).toContain(!answer.ok && answer.problem.kind)
    expect(imap.isUsable()).toBe(false)
    expect(ended.length).toBe(1)
  })

  test('a literal beyond the limit is not taken into memory', async () => {
    const big = rawBytes('* 1 FETCH (UID 5 BODY[] {2147483648}\r\n')
    const server = await scripted({
      replies: { 'UID FETCH': big, SELECT: '* 1 EXISTS\n* OK [UIDVALIDITY 1]\n$tag OK done' },
    })
    const imap = must(await connect(server.port).connection)
    must(await imap.open('INBOX'))
    const answer = await imap.source(5, 100)
    expect(answer).toMatchObject({ ok: false, problem: { kind: 'protocol' } })
  })

  test('without STARTTLS no password is sent', async () => {
    const server = await scripted()
    const { connection } = connect(server.port, 'starttls')
    expect(await connection).toEqual({ ok: false, problem: { kind: 'tls-not-offered', host: '127.0.0.1' } })
    expect(server.transcript()).not.toMatch(/LOGIN|AUTHENTICATE/)
  })

  test('a greeting that claims to know us already does not get around TLS', async () => {
    const server = await scripted({ greeting: '* PREAUTH [CAPABILITY IMAP4rev1] welcome' })
    const { connection } = connect(server.port, 'starttls')
    expect((await connection).ok).toBe(false)
  })

  test('a dead host, a drop at the greeting and a refused login each have their problem', async () => {
    const gone = await scripted()
    await gone.stop()
    expect(await connect(gone.port).connection).toMatchObject({ problem: { kind: 'unreachable' } })
    const dropping = await scripted({ greeting: drop() })
    expect(await connect(dropping.port).connection).toMatchObject({ problem: { kind: 'connection-lost' } })
    const refusing = await scripted({}, { users: { somebody: 'else' } })
    expect(await connect(refusing.port).connection).toMatchObject({
      problem: { kind: 'authentication', text: 'wrong user or password' },
    })
  })

  test('UIDs are named in as few words as possible', () => {
    expect(rangeOf([7, 3, 1, 2, 9])).toBe('1:3,7,9')
    expect(rangeOf([4])).toBe('4')
    expect(numbersOf('1:3,7,9', 10)).toEqual([1, 2, 3, 7, 9])
    expect(numbersOf('', 10)).toEqual([])
    for (const beyond of ['1:4294967295', '1:*', 'x', '1:3,2:9']) expect(numbersOf(beyond, 10)).toBe(null)
  })
})

describe('what a server refuses', () => {
  const settled = (here: Bench) => incoming(here)?.state === 'idle' && rows(here).length === 1
  async function start(replies: ImapScript['replies'] = {}, capabilities = plain.capabilities) {
    const server = await scripted(oneMail(replies), { capabilities })
    const here = bench()
    await receiveFor(here, imapAccount(server))
    await here.until(() => settled(here), 'the first sync')
    return { here, server, id: rows(here)[0]?.id ?? '' }
  }

  test('a flag is undone on screen, with the words of the server', async () => {
    const { here, id } = await start({ 'UID STORE': '$tag NO not yours' })
    must(await here.mailbox.setFlags([id], { isSeen: true }))
    expect(rows(here)[0]?.isSeen).toBe(true)
    await here.receiving.settled()
    expect(refusals(here)).toMatchObject([
      { act: 'flags', problem: { kind: 'protocol', host: '127.0.0.1', detail: 'not yours' } },
    ])
    expect(rows(here)[0]?.isSeen).toBe(false)
    expect(here.mailbox.count({ kind: 'unified', role: 'inbox' }).unread).toBe(1)
  })

  test('a refused move brings the mail back into the list', async () => {
    const { here, id } = await start({ 'UID MOVE': '$tag NO [OVERQUOTA] full' }, [
      ...plain.capabilities,
      'MOVE',
    ])
    must(await here.mailbox.move([id], { role: 'archive' }))
    await here.receiving.settled()
    expect(refusals(here)).toMatchObject([{ act: 'move', problem: { kind: 'protocol', detail: 'full' } }])
    expect(rows(here).length).toBe(1)
  })

  test('a move that was refused when the copy was there already is ended, not doubled', async () => {
    const replies = {
      'UID MOVE': '$tag NO deleted under us',
      'UID STORE': '$tag OK done',
      'UID EXPUNGE': '* 1 EXPUNGE\n$tag OK done',
      // So the mail of UID 5 has just arrived there.
      STATUS: '* STATUS Archive (UIDNEXT 5 UIDVALIDITY 9)\n$tag OK done',
    }
    const { here, server, id } = await start(replies, [...plain.capabilities, 'MOVE'])
    must(await here.mailbox.move([id], { role: 'archive' }))
    await here.receiving.settled()
    expect(refusals(here)).toEqual([])
    expect(rows(here)).toEqual([])
    expect(server.commands.filter(line => /UID (MOVE|EXPUNGE)/.test(line)).length).toBe(2)
  })

  test('without MOVE the mail is copied, marked and expunged by its UID', async () => {
    const ok = {
      'UID COPY': '$tag OK [COPYUID 9 5 6] done',
      'UID STORE': '$tag OK done',
      'UID EXPUNGE': '* 1 EXPUNGE\n$tag OK done',
    }
    const { here, server, id } = await start(ok)
    must(await here.mailbox.move([id], { role: 'archive' }))
    await here.receiving.settled()
    const verbs = server.commands.filter(line => /UID (COPY|STORE|EXPUNGE)|[0-9A-Z]+ EXPUNGE/.test(line))
    expect(verbs.map(line => line.replace(/^\S+ /, ''))).toEqual([
      'UID COPY 5 Archive',
      'UID STORE 5 +FLAGS (\\Deleted)',
      'UID EXPUNGE 5',
    ])
    expect(rows(here)).toEqual([])
  })

  test('after a copy that failed nothing is marked and nothing expunged', async () => {
    const { here, server, id } = await start({ 'UID COPY': '$tag NO [OVERQUOTA] full' })
    must(await here.mailbox.move([id], { role: 'trash' }))
    await here.receiving.settled()
    expect(refusals(here).map(refusal => refusal.act)).toEqual(['move'])
    expect(server.commands.some(line => line.includes('UID COPY'))).toBe(true)
    expect(server.commands.some(line => /EXPUNGE|STORE/.test(line))).toBe(false)
    expect(rows(here).length).toBe(1)
  })

  test('without UIDPLUS nothing is expunged, lest another client loses what it has marked', async () => {
    const replies = {
      'UID COPY': '$tag OK done',
      'UID STORE': '$tag OK done',
      // So the mail of UID 5 has just arrived there.
      STATUS: '* STATUS Archive (UIDNEXT 5 UIDVALIDITY 9)\n$tag OK done',
    }
    const { here, server, id } = await start(replies, ['IDLE', 'NAMESPACE', 'SPECIAL-USE'])
    must(await here.mailbox.move([id], { role: 'archive' }))
    await here.receiving.settled()
    expect(server.commands.some(line => line.includes('EXPUNGE'))).toBe(false)
    expect(server.commands.some(line => line.includes('UID STORE 5'))).toBe(true)
  })

  test.each(['flag', 'move', 'trash'] as const)(
    'under a new UIDVALIDITY nothing is done by an old UID: %s',
    async act => {
      let validity = 9
      const select = () =>
        `* 1 EXISTS\n* FLAGS (\\Seen \\Flagged \\Deleted)\n* OK [UIDVALIDITY ${validity}]\n* OK [UIDNEXT 6]\n$tag OK [READ-WRITE] done`
      const { here, server, id } = await start({ SELECT: select }, [...plain.capabilities, 'MOVE'])
      validity = 10
      if (act === 'flag') must(await here.mailbox.setFlags([id], { isFlagged: true }))
      else must(await here.mailbox.move([id], { role: act === 'move' ? 'archive' : 'trash' }))
      await here.receiving.settled()
      await here.until(() => settled(here) && rows(here)[0]?.id !== id, 'the folder as it is now')
      expect(server.commands.filter(line => /STORE|MOVE|COPY|EXPUNGE/.test(line))).toEqual([])
      // The script has the same mail in each of its three folders.
      expect(here.db.get('SELECT count(*) AS count FROM message')?.count).toBe(3)
    },
  )

  test('a connection that breaks is opened again, and its wishes are not lost', async () => {
    const { here, server, id } = await start({ 'UID STORE': [drop(), '$tag OK done'] })
    must(await here.mailbox.setFlags([id], { isFlagged: true }))
    await here.until(() => failing(here), 'the break')
    expect(rows(here)[0]?.isFlagged).toBe(true)
    must(await here.receiving.refresh(null))
    await here.until(() => settled(here), 'the second connection')
    expect(server.commands.filter(line => line.includes('UID STORE')).length).toBe(2)
    expect(here.db.get('SELECT pending_flagged AS pending FROM message')?.pending).toBe(null)
  })

  test('a connection that breaks while it rests is opened again by itself', async () => {
    const soon = {
      ...systemClock,
      after: (ms: number, work: () => void) => systemClock.after(ms === 2_000 ? 10 : ms, work),
    }
    const server = await scripted(oneMail(), plain)
    const here = bench(soon)
    await receiveFor(here, imapAccount(server))
    await here.until(() => settled(here), 'the first sync')
    const before = server.sessions.length
    for (const session of server.sessions) session.wire.reset()
    await here.until(() => failing(here), 'the break')
    await here.until(() => settled(here) && server.sessions.length >= before + 2, 'the second connection')
    expect(rows(here).length).toBe(1)
  })
})
