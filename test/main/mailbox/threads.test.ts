/** Mails become conversations: over a real mail.db, with the triggers that keep them true. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { CONVERSATION_PAGE, createConversations } from '../../../main/mailbox/conversations.ts'
import type { NewMessage, StoredFolder } from '../../../main/mailbox/mailbox-rows.ts'
import { createMailStore } from '../../../main/mailbox/mailbox-store.ts'
import { MOST_IN_THREAD } from '../../../main/mailbox/thread-join.ts'
import { createThreads } from '../../../main/mailbox/threads.ts'
import { mailMigrations } from '../../../main/schema.ts'
import type { Address } from '../../../shared/model.ts'
import { must } from './receiving-bench.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const DAY_MS = 86_400_000
const MIKA: Address = { name: 'Mika', address: 'mika@example.com' }
const YUKI: Address = { name: 'Yuki', address: 'yuki@example.com' }
const NOVAK: Address = { name: 'Novak', address: 'novak@example.com' }

type Mail = Partial<NewMessage> & { id: string }

function openMailbox(folder = mkdtempSync(join(tmpdir(), 'todoke-threads-'))) {
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const db = must(openDatabase(join(folder, 'mail.db'), { durability: 'normal', migrations: mailMigrations }))
  undo.push(() => db.close())
  const store = createMailStore(db)
  for (const accountId of ['a', 'b']) {
    store.keepFolders(
      accountId,
      (['inbox', 'sent', 'archive', 'trash'] as const).map(role => ({
        path: role,
        name: role,
        role,
        isLocal: false,
      })),
    )
  }
  const threads = createThreads({ db, packsDir: join(folder, 'packs'), emit() {} })
  undo.push(() => threads.stop())
  let uid = 1
  const folderOf = (accountId: string, role: 'inbox' | 'sent' | 'archive' | 'trash') =>
    store.folderOfRole(accountId, role) as StoredFolder
  return {
    db,
    store,
    threads,
    folderOf,
    /** Mails come into a folder, in this order. */
    async come(mails: Mail[], role: 'inbox' | 'sent' | 'archive' = 'inbox', accountId = 'a') {
      store.add(
        folderOf(accountId, role),
        mails.map(mail => messageOf(mail, uid++)),
      )
      threads.catchUp()
      await threads.settled()
    },
    conversations: createConversations({
      db,
      outboxItemOf: messageId => (messageId === 'two@xx' ? 'item' : null),
    }),
    thread: (id: string) => threadOf(db, id),
    rows: (place: number) => rowsOf(db, place),
    idOf: (id: string) => String(db.get('SELECT id FROM message WHERE message_id = ?', id)?.id),
  }
}

function messageOf({ id, ...more }: Mail, uid: number): NewMessage {
  return {
    uid,
    sentAt: uid * 60_000,
    messageIdHeader: id,
    from: MIKA,
    to: [YUKI],
    cc: [],
    isBulk: false,
    references: [],
    subject: `about ${id}`,
    preview: '',
    hasAttachments: false,
    bytes: 1,
    isSeen: true,
    isFlagged: false,
    isDeleted: false,
    source: null,
    ...more,
  }
}

function threadOf(db: Db, messageId: string): number {
  return Number(
    db.get(
      'SELECT thread_id FROM threaded t JOIN message m ON m.id = t.message_id WHERE m.message_id = ?',
      messageId,
    )?.thread_id,
  )
}

function rowsOf(db: Db, place: number) {
  return db
    .all(
      `SELECT c.mails, c.unread, c.is_flagged, c.people, c.own_message_id, m.message_id AS newest FROM conversation c
       JOIN message m ON m.id = c.newest_id WHERE c.place = ? ORDER BY c.newest_at DESC, c.newest_id DESC`,
      place,
    )
    .map(row => ({
      newest: row.newest,
      mails: row.mails,
      unread: row.unread,
      people: (JSON.parse(String(row.people)) as { person: Address; isOwn: boolean }[]).map(
        ({ person, isOwn }) => (isOwn ? 'me' : person.name),
      ),
      own: row.own_message_id,
    }))
}

describe('a thread', () => {
  test('holds an answer and what it answers, whichever came first', async () => {
    const { come, thread } = openMailbox()
    await come([{ id: 'first@x' }, { id: 'second@x', references: ['first@x'] }])
    await come([{ id: 'answer@y', references: ['question@y'] }])
    await come([{ id: 'question@y' }])
    expect(thread('second@x')).toBe(thread('first@x'))
    expect(thread('question@y')).toBe(thread('answer@y'))
    expect(thread('question@y')).not.toBe(thread('first@x'))
  })

  test('closes over a gap when the mail in the middle comes last', async () => {
    const { come, thread } = openMailbox()
    await come([{ id: 'one@xx' }])
    await come([
      { id: 'four@xx', references: ['three@xx'] },
      { id: 'five@xx', references: ['four@xx'] },
    ])
    expect(thread('four@xx')).not.toBe(thread('one@xx'))
    await come([{ id: 'three@xx', references: ['one@xx', 'two@xx'] }])
    await come([{ id: 'six@xx', references: ['five@xx'] }])
    expect(new Set(['one@xx', 'three@xx', 'four@xx', 'five@xx', 'six@xx'].map(thread)).size).toBe(1)
  })

  test('is found though a mail names itself or two name each other', async () => {
    const { come, thread } = openMailbox()
    await come([
      { id: 'self@xx', references: ['self@xx'] },
      { id: 'left@xx', references: ['right@xx'] },
      { id: 'right@xx', references: ['left@xx', 'right@xx'] },
    ])
    expect(thread('left@xx')).toBe(thread('right@xx'))
    expect(thread('self@xx')).not.toBe(thread('left@xx'))
  })

  test('is not made of mails whose References say nothing', async () => {
    const { come, thread } = openMailbox()
    await come([
      { id: 'a@xxx', references: ['<>', 'mail', ''] },
      { id: 'b@xxx', references: ['<>', 'mail', ''] },
      { id: '', subject: 'no name', references: [] },
    ])
    expect(thread('a@xxx')).not.toBe(thread('b@xxx'))
    expect(thread('')).not.toBe(thread('a@xxx'))
  })

  test('is not made of different mails that one machine gives the same Message-ID', async () => {
    const { come, db } = openMailbox()
    await come([
      { id: 'scan@printer', sentAt: 1_000 },
      { id: 'scan@printer', sentAt: 2_000 },
      { id: 'scan@printer', sentAt: 3_000 },
    ])
    expect(db.get('SELECT count(DISTINCT thread_id) AS threads FROM threaded')?.threads).toBe(3)
  })

  test('holds the copy that lies in Sent, and over accounts the one that came', async () => {
    const { come, rows, db } = openMailbox()
    const mail = { id: 'hello@xx', sentAt: 5_000 }
    await come([mail], 'sent')
    await come([mail], 'inbox', 'b')
    expect(db.get('SELECT count(DISTINCT thread_id) AS threads FROM threaded')?.threads).toBe(1)
    expect(rows(-1)).toEqual([expect.objectContaining({ mails: 1 })])
  })

  test('follows what the server says belongs together, within the account', async () => {
    const { come, thread } = openMailbox()
    await come([
      { id: 'p@xxx', serverThread: '17' },
      { id: 'q@xxx', serverThread: '17' },
    ])
    await come([{ id: 'r@xxx', serverThread: '17' }], 'inbox', 'b')
    expect(thread('p@xxx')).toBe(thread('q@xxx'))
    expect(thread('r@xxx')).not.toBe(thread('p@xxx'))
  })

  test('takes so many mails and then another one begins', async () => {
    const { come, db } = openMailbox()
    const mails = Array.from({ length: MOST_IN_THREAD + 10 }, (_, at) => ({
      id: `m${at}@xx`,
      references: ['root@xx'],
    }))
    await come(mails)
    expect(
      db.all('SELECT count(*) AS mails FROM threaded GROUP BY thread_id ORDER BY 1').map(row => row.mails),
    ).toEqual([10, MOST_IN_THREAD])
  })
})

describe('an answer without References', () => {
  const asked = { id: 'asked@xx', subject: '会議の件', from: MIKA, to: [YUKI], sentAt: 10 * DAY_MS }
  const answer = { id: 'answer@xx', subject: 'Re: 会議の件', from: YUKI, to: [MIKA], sentAt: 11 * DAY_MS }

  test('joins the mail of its subject that its writer got, whichever came first', async () => {
    const one = openMailbox()
    await one.come([asked])
    await one.come([answer], 'sent')
    expect(one.thread('answer@xx')).toBe(one.thread('asked@xx'))
    const other = openMailbox()
    await other.come([answer], 'sent')
    await other.come([asked])
    expect(other.thread('answer@xx')).toBe(other.thread('asked@xx'))
  })

  test.each([
    ['AW:', 'AW: 会議の件'],
    ['返信:', '返信：会議の件'],
    ['SV: and RE:', 'SV: RE: 会議の件'],
  ])('is known by %s', async (_name, subject) => {
    const { come, thread } = openMailbox()
    await come([asked, { ...answer, subject }])
    expect(thread('answer@xx')).toBe(thread('asked@xx'))
  })

  test.each([
    ['nobody of it wrote the mail', { to: [NOVAK] }],
    ['its writer did not get the mail', { from: NOVAK }],
    ['it comes weeks later', { sentAt: 40 * DAY_MS }],
    ['it comes before the mail', { sentAt: 5 * DAY_MS }],
    ['it has no "Re:"', { subject: '会議の件' }],
    ['it says what it answers', { references: ['something.else@xx'] }],
    ['the subject is another one', { subject: 'Re: 会議' }],
    ['the subject says nothing', { subject: 'Re:' }],
  ])('stays alone where %s', async (_name, change) => {
    const { come, thread } = openMailbox()
    await come([asked, { ...answer, ...change }])
    expect(thread('answer@xx')).not.toBe(thread('asked@xx'))
  })
})

describe('the list of conversations', () => {
  test('has one row a conversation, with who wrote, the newest, and what is unread', async () => {
    const { come, rows } = openMailbox()
    await come([{ id: 'one@xx' }, { id: 'other@xx', from: NOVAK, isSeen: false }])
    await come([{ id: 'two@xx', from: YUKI, to: [MIKA], references: ['one@xx'] }], 'sent')
    await come([{ id: 'three@xx', references: ['one@xx', 'two@xx'], isSeen: false }])
    expect(rows(-1)).toEqual([
      { newest: 'three@xx', mails: 3, unread: 1, people: ['Mika', 'me'], own: 'two@xx' },
      { newest: 'other@xx', mails: 1, unread: 1, people: ['Novak'], own: null },
    ])
    expect(rows(-2)).toEqual([
      { newest: 'two@xx', mails: 3, unread: 0, people: ['Mika', 'me'], own: 'two@xx' },
    ])
  })

  test('follows flags, moves and what vanishes', async () => {
    const { come, rows, store, threads, folderOf, idOf } = openMailbox()
    await come([{ id: 'one@xx' }, { id: 'two@xx', references: ['one@xx'], isSeen: false }])
    store.wishFlags([idOf('two@xx')], { isSeen: true })
    threads.catchUp()
    await threads.settled()
    expect(rows(-1)).toEqual([expect.objectContaining({ mails: 2, unread: 0 })])
    store.wishMove([idOf('two@xx')], folderOf('a', 'trash'))
    threads.catchUp()
    await threads.settled()
    expect(rows(-1)).toEqual([expect.objectContaining({ newest: 'one@xx', mails: 1 })])
    expect(rows(folderOf('a', 'trash').id)).toEqual([expect.objectContaining({ newest: 'two@xx', mails: 2 })])
    store.remove(Number(idOf('one@xx')))
    threads.catchUp()
    await threads.settled()
    expect(rows(-1)).toEqual([])
  })

  test('is made of an older mail.db in slices, and goes on after a restart', async () => {
    const { db, store, threads, folderOf, rows } = openMailbox()
    const mails = Array.from({ length: 3_000 }, (_, at) =>
      messageOf({ id: `m${at}@xx`, references: at % 3 === 0 ? [] : [`m${at - (at % 3)}@xx`] }, at + 1),
    )
    store.add(folderOf('a', 'inbox'), mails)
    threads.catchUp()
    expect(db.get('SELECT count(*) AS waiting FROM unthreaded')?.waiting).toBe(2_500)
    await threads.stop()
    const again = createThreads({ db, packsDir: '', emit() {} })
    again.catchUp()
    await again.settled()
    expect(rows(-1)).toHaveLength(1_000)
    expect(rows(-1).every(row => row.mails === 3)).toBe(true)
    await again.stop()
  })
})

describe('conversations as the page gets them', () => {
  const unified = { kind: 'unified', role: 'inbox' } as const

  test('say who wrote, how many mails there are, and the own answer with its item in the outbox', async () => {
    const { come, conversations, thread } = openMailbox()
    await come([{ id: 'one@xx', hasAttachments: true }])
    await come([{ id: 'two@xx', from: YUKI, to: [MIKA], references: ['one@xx'] }], 'sent')
    const [row] = conversations.page(unified, 0, 50)
    expect(conversations.count(unified)).toEqual({ total: 1 })
    expect(row).toMatchObject({
      threadId: String(thread('one@xx')),
      newest: { subject: 'about one@xx' },
      people: [
        { person: MIKA, isOwn: false },
        { person: YUKI, isOwn: true },
      ],
      mails: 2,
      hasAttachments: true,
      own: { isLast: true, outboxItemId: 'item' },
    })
  })

  test('come by pages, the newest first', async () => {
    const { come, conversations } = openMailbox()
    await come(Array.from({ length: 25 }, (_, at) => ({ id: `m${at}@xx`, subject: `mail ${at}` })))
    const subjects = [0, 10, 20].flatMap(from =>
      conversations.page(unified, from, 10).map(row => row.newest.subject),
    )
    expect(subjects).toEqual(Array.from({ length: 25 }, (_, at) => `mail ${24 - at}`))
  })

  test('are read in order, each mail once, without what was thrown away', async () => {
    const { come, conversations, idOf, store, folderOf, threads } = openMailbox()
    const first = { id: 'one@xx', sentAt: 1_000 }
    await come([{ id: 'three@xx', references: ['one@xx'], sentAt: 3_000 }, first])
    await come([{ id: 'two@xx', references: ['one@xx'], from: YUKI, sentAt: 2_000 }], 'sent')
    await come([first], 'archive')
    await come([{ id: 'junk@xx', references: ['one@xx'], sentAt: 4_000 }])
    store.wishMove([idOf('junk@xx')], folderOf('a', 'trash'))
    threads.catchUp()
    await threads.settled()
    const read = (id: string) => conversations.of(idOf(id)).mails.map(mail => mail.subject)
    expect(read('three@xx')).toEqual(['about one@xx', 'about two@xx', 'about three@xx'])
    expect(read('junk@xx')).toHaveLength(4)
    expect(conversations.of('9999')).toEqual({ threadId: null, mails: [] })
  })

  test('name the mails of one place, so that an act leaves the others alone', async () => {
    const { come, conversations, idOf, thread } = openMailbox()
    await come([{ id: 'one@xx' }, { id: 'three@xx', references: ['one@xx'] }])
    await come([{ id: 'two@xx', references: ['one@xx'], from: YUKI }], 'sent')
    expect(conversations.mailsIn(unified, String(thread('one@xx')))).toEqual({
      messageIds: [idOf('three@xx'), idOf('one@xx')],
    })
  })

  test('find their page by the index alone, and read no more rows than they show', async () => {
    const { db } = openMailbox()
    const plan = db
      .all(`EXPLAIN QUERY PLAN ${CONVERSATION_PAGE}`, -1, 50, 0, -1)
      .map(row => row.detail)
      .join('\n')
    expect(plan).toContain('COVERING INDEX conversation_by_place')
    expect(plan).toMatch(
      /SEARCH c USING PRIMARY KEY .thread_id=. AND place=.*\n.*SEARCH m USING INTEGER PRIMARY KEY/,
    )
  })
})
