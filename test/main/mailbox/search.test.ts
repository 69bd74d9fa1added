import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../main/db.ts'
import { rowOfSource } from '../../../main/mailbox/mail-row.ts'
import type { NewMessage, StoredFolder } from '../../../main/mailbox/mailbox-rows.ts'
import { createMailStore } from '../../../main/mailbox/mailbox-store.ts'
import { createPacks } from '../../../main/mailbox/pack.ts'
import { createSearch } from '../../../main/mailbox/search.ts'
import { createSearchIndex } from '../../../main/mailbox/search-index.ts'
import { createSearchReader } from '../../../main/mailbox/search-reader.ts'
import { mailMigrations } from '../../../main/schema.ts'
import type { Place } from '../../../shared/model.ts'
import { ok } from '../../../shared/problem.ts'
import { createMailmaker } from '../../bench/mailbox-generator.ts'
import { anAccount } from '../../support/builders.ts'
import { must } from './receiving-bench.ts'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

const NOW = Date.UTC(2026, 10, 24, 9)
const DAY_MS = 86_400_000

type Mail = {
  subject?: string
  from?: string
  to?: string
  text?: string
  daysAgo?: number
  uid?: number
  id?: string
  files?: string[]
}

/** A mailbox with an index over it; sources lie in packs like those of POP3, or nowhere where `isHead`. */
function openMailbox() {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-search-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const options = { durability: 'normal' as const, migrations: mailMigrations }
  const db = must(openDatabase(join(folder, 'mail.db'), options))
  const reading = must(openDatabase(join(folder, 'mail.db'), { ...options, isReadOnly: true }))
  const packsDir = join(folder, 'packs')
  const packs = createPacks(packsDir)
  undo.push(() => {
    db.close()
    reading.close()
  })
  undo.push(() => packs.close())
  const store = createMailStore(db)
  store.keepFolders('a', [
    { path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: false },
    { path: 'Archive', name: 'Archive', role: 'archive', isLocal: false },
    { path: 'All', name: 'All', role: 'all', isLocal: false },
  ])
  store.keepFolders('b', [{ path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: false }])
  const folderOf = (role: 'inbox' | 'archive' | 'all', accountId = 'a') =>
    store.folderOfRole(accountId, role) as StoredFolder
  let index = createSearchIndex({ db, packsDir, emit: () => {} })
  undo.push(() => index.stop())
  const settled = async () => {
    index.wake()
    await index.settled()
  }
  const reader = createSearchReader(reading, packsDir)
  const search = createSearch({
    db: reading,
    reader: {
      find: async (...args) => ok(await reader.find(...args)),
      count: async (...args) => ok(await reader.count(...args)),
      excerpts: async (...args) => ok(await reader.excerpts(...args)),
      files: async (...args) => ok(await reader.files(...args)),
    },
    room: { searchServers: async () => ok({ messageIds: [], unlisted: 0, unreachable: [] }) },
    accounts: () => [anAccount({ id: 'a', label: 'Work' }), anAccount({ id: 'b', label: 'Home' })],
    outboxItemOf: () => null,
    now: () => NOW,
  })
  let count = 0
  const rowOf = async (mail: Mail): Promise<NewMessage> => {
    count += 1
    const source = sourceOf(mail, count)
    const ref = must(await packs.append('a', source))
    return { ...rowOfSource(source, ref, NOW, false), uid: mail.uid ?? 1_000 + count }
  }
  return {
    db,
    store,
    packs,
    folderOf,
    settled,
    search,
    rowOf,
    async add(mails: Mail[], where = folderOf('inbox')) {
      for (const mail of mails) store.add(where, [await rowOf(mail)])
      await settled()
    },
    async restart() {
      await index.stop()
      index = createSearchIndex({ db, packsDir, emit: () => {} })
    },
    /** Subjects in the order they are shown. */
    async found(
      text: string,
      place: Place | null = null,
      order: 'newest' | 'relevance' = 'newest',
      also: string[] = [],
    ) {
      const subjects: string[] = []
      let cursor: string | null = null
      do {
        const page: { heads: { subject: string }[]; cursor: string | null } = must(
          await search.find(text, place, order, cursor, also),
        )
        subjects.push(...page.heads.map(head => head.subject))
        cursor = page.cursor
      } while (cursor !== null)
      return subjects
    },
  }
}

function sourceOf(
  {
    subject = 'none',
    from = 'Sato Kenji <kenji@sato.example>',
    to = 'yuki@example.co.jp',
    text = '',
    daysAgo = 0,
    id,
    files = [],
  }: Mail,
  count: number,
): Buffer {
  const head = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date(NOW - daysAgo * DAY_MS).toUTCString()}`,
    `Message-ID: <${id ?? `mail-${count}@test`}>`,
    'MIME-Version: 1.0',
  ]
  const body = `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n`
  if (files.length === 0) return Buffer.from(`${head.join('\r\n')}\r\n${body}`)
  const parts = files.map(
    name =>
      `--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''${encodeURIComponent(name)}\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n`,
  )
  return Buffer.from(
    `${head.join('\r\n')}\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${body}${parts.join('')}--b--\r\n`,
  )
}

describe('what is found', () => {
  test('the text, the people, the subject and the names of files, in English and Japanese', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'text', text: 'Please find the revised schedule' },
      { subject: 'person', from: '鈴木 花子 <hanako@suzuki.example>' },
      { subject: 'file', files: ['見積書_2026.pdf'] },
      { subject: '週次報告', text: 'お疲れさまです。来週の打ち合\r\nわせについて' },
    ])
    expect(await box.found('schedules')).toEqual(['text'])
    expect(await box.found('revis')).toEqual(['text'])
    expect(await box.found('鈴木')).toEqual(['person'])
    expect(await box.found('suzuki.example')).toEqual(['person'])
    expect(await box.found('見積書')).toEqual(['file'])
    expect(await box.found('file:見積')).toEqual(['file'])
    expect(await box.found('打ち合わせ')).toEqual(['週次報告'])
    expect(await box.found('ﾂｶﾚ お疲れ')).toEqual([])
    expect(await box.found('報')).toEqual(['週次報告'])
    expect(await box.found('告')).toEqual(['週次報告'])
    expect(await box.found('nothing of this')).toEqual([])
  })

  test('half a word finds what the whole word will find', async () => {
    const box = openMailbox()
    await box.add([{ subject: 'one', text: 'The organization of the meeting was discussed at length' }])
    for (const word of ['organization', 'meeting', 'discussed']) {
      for (let length = 3; length <= word.length; length += 1) {
        expect(await box.found(word.slice(0, length)), word.slice(0, length)).toEqual(['one'])
      }
    }
  })

  test('every operator narrows, and without narrows too', async () => {
    const box = openMailbox()
    await box.add([
      {
        subject: 'offer',
        from: 'Weber <m@bau.example>',
        to: 'yuki@example.co.jp',
        text: 'steel',
        daysAgo: 2,
      },
      {
        subject: 'answer',
        from: 'yuki@example.co.jp',
        to: 'Weber <m@bau.example>',
        text: 'steel',
        daysAgo: 1,
      },
      { subject: 'steel', text: 'about iron', files: ['plan.pdf'], daysAgo: 40 },
    ])
    await box.add([{ subject: 'steel at home', daysAgo: 3 }], box.folderOf('inbox', 'b'))
    await box.add([{ subject: 'old steel', daysAgo: 400 }], box.folderOf('archive'))
    expect(await box.found('steel')).toEqual(['answer', 'offer', 'steel at home', 'steel', 'old steel'])
    expect(await box.found('from:weber')).toEqual(['offer'])
    expect(await box.found('to:weber')).toEqual(['answer'])
    expect(await box.found('subject:steel -old')).toEqual(['steel at home', 'steel'])
    expect(await box.found('steel has:attachment')).toEqual(['steel'])
    expect(await box.found('steel after:7d')).toEqual(['answer', 'offer', 'steel at home'])
    expect(await box.found('before:1y')).toEqual(['old steel'])
    expect(await box.found('steel in:archive')).toEqual(['old steel'])
    expect(await box.found('steel account:home')).toEqual(['steel at home'])
    expect(await box.found('steel -from:weber -in:archive')).toEqual(['answer', 'steel at home', 'steel'])
    expect(await box.found('-steel')).toEqual([])
    expect(await box.found('-iron after:30d')).toEqual(['answer', 'offer', 'steel at home'])
    expect(
      await box.found('steel', { kind: 'folder', folderId: String(box.folderOf('archive').id) }),
    ).toEqual(['old steel'])
    expect(await box.found('steel', { kind: 'unified', role: 'inbox' })).toHaveLength(4)
    const [first] = must(await box.search.find('from:weber', null, 'newest', null, [])).heads
    box.store.wishFlags([first?.id ?? ''], { isSeen: true })
    expect(await box.found('is:read')).toEqual(['offer'])
    expect(await box.found('is:unread steel after:7d')).toEqual(['answer', 'steel at home'])
  })

  test('words in quotes stand together, and without them means exactly them', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'together', text: 'the site\r\nvisit on Thursday', daysAgo: 1 },
      { subject: 'apart', text: 'visit the site', daysAgo: 2 },
      { subject: '京都の大学', text: '東京都', daysAgo: 3 },
      { subject: '東の京都', daysAgo: 4 },
    ])
    expect(await box.found('site visit')).toEqual(['together', 'apart'])
    expect(await box.found('"site visit"')).toEqual(['together'])
    expect(await box.found('site -"site visit"')).toEqual(['apart'])
    expect(await box.found('"東京都"')).toEqual(['京都の大学'])
    await box.add([{ subject: '折り返し', text: '来週の打ち合\r\nわせについて' }])
    expect(await box.found('"打ち合わせ"')).toEqual(['折り返し'])
    expect(must(await box.search.count('"site visit"', null, []))).toMatchObject({ isExact: false })
  })

  test('the order by relevance begins with the subject, then people and files, then the text', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'newest', text: 'about aoki', daysAgo: 1 },
      { subject: 'person', from: 'Aoki <a@x.example>', daysAgo: 2 },
      { subject: 'Aoki, second', daysAgo: 4 },
      { subject: 'Aoki', daysAgo: 3 },
    ])
    expect(await box.found('aoki', null, 'relevance')).toEqual(['Aoki', 'Aoki, second', 'person', 'newest'])
    expect(await box.found('aoki')).toEqual(['newest', 'person', 'Aoki', 'Aoki, second'])
  })

  test('a mail of a folder of everything is shown once', async () => {
    const box = openMailbox()
    await box.add([{ subject: 'in the inbox', text: 'copper', id: 'same@test' }])
    await box.add(
      [
        { subject: 'in all', text: 'copper', id: 'same@test' },
        { subject: 'alone', text: 'copper' },
      ],
      box.folderOf('all'),
    )
    expect((await box.found('copper')).sort()).toEqual(['alone', 'in the inbox'])
    expect(await box.found('copper in:all')).toHaveLength(2)
  })

  test('what a server found stands in its place among the others, once', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'first', text: 'zinc', daysAgo: 1 },
      { subject: 'from the server', daysAgo: 2 },
      { subject: 'last', text: 'zinc', daysAgo: 3 },
    ])
    const ids = must(await box.search.find('after:1y', null, 'newest', null, [])).heads.map(head => head.id)
    expect(await box.found('zinc', null, 'newest', ids)).toEqual(['first', 'from the server', 'last'])
    expect(must(await box.search.count('zinc', null, ids))).toEqual({ total: 3, isExact: true, waiting: 0 })
    expect(await box.found('zinc', null, 'relevance', ids)).toHaveLength(3)
  })

  test('the line around the first place is shown, or the file', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'a', text: `${'before '.repeat(40)}the titanium plate`, files: ['mercury.pdf'] },
    ])
    const [head] = must(await box.search.find('titanium', null, 'newest', null, [])).heads
    const ids = [head?.id ?? '']
    expect(must(await box.search.excerpts('titanium', ids))[0]?.excerpt).toMatch(
      /^…before.* the titanium plate$/,
    )
    expect(must(await box.search.excerpts('mercury', ids))).toEqual([
      { messageId: ids[0], excerpt: 'mercury.pdf' },
    ])
    expect(must(await box.search.excerpts('subject:a', ids))[0]?.excerpt).toBeNull()
    expect(must(await box.search.files([...ids, '999']))).toEqual([
      { messageId: ids[0], names: ['mercury.pdf'] },
      { messageId: '999', names: null },
    ])
  })

  test('no input is an error', async () => {
    const box = openMailbox()
    await box.add([{ subject: 'one', text: 'NEAR AND OR NOT' }])
    for (const text of [
      '"',
      '*',
      'a*',
      'AND',
      'NOT x',
      '(',
      'NEAR(a b)',
      'terms:x',
      '^a',
      '-',
      "'; DROP TABLE message",
      'x'.repeat(900),
      '\u0000',
      '\ud800',
      '書 "',
      'from:" ',
    ]) {
      await box.found(text)
      await box.found(text, null, 'relevance')
      must(await box.search.count(text, null, []))
    }
    expect(await box.found('NEAR AND OR NOT')).toEqual(['one'])
  })
})

describe('the index is kept true', () => {
  test('a new mail is found, a removed one is not, a moved one is found where it is', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'stays', text: 'nickel' },
      { subject: 'goes', text: 'nickel', uid: 7 },
    ])
    expect(await box.found('nickel')).toHaveLength(2)
    box.store.removeUids(box.folderOf('inbox').id, [7])
    expect(await box.found('nickel')).toEqual(['stays'])
    const [head] = must(await box.search.find('nickel', null, 'newest', null, [])).heads
    box.store.wishMove([head?.id ?? ''], box.folderOf('archive'))
    expect(await box.found('nickel in:archive')).toEqual(['stays'])
    box.store.finishMove(Number(head?.id), box.folderOf('archive'), 70)
    expect(await box.found('nickel in:archive')).toEqual(['stays'])
    expect(await box.found('nickel in:inbox')).toEqual([])
    expect(rowsOfIndex(box.db)).toBe(1)
  })

  test('under a new UIDVALIDITY nothing of the old mails is found', async () => {
    const box = openMailbox()
    await box.add([
      { subject: 'old one', text: 'cobalt', uid: 1 },
      { subject: 'old two', text: 'cobalt', uid: 2 },
    ])
    box.store.rebuildFolder(box.folderOf('inbox').id, '99')
    expect(await box.found('cobalt')).toEqual([])
    await box.add([{ subject: 'new one', text: 'silver', uid: 1 }])
    expect(await box.found('cobalt')).toEqual([])
    expect(await box.found('silver')).toEqual(['new one'])
    expect(rowsOfIndex(box.db)).toBe(1)
  })

  test('a folder or an account that goes takes its rows along', async () => {
    const box = openMailbox()
    await box.add([{ subject: 'x', text: 'iridium' }], box.folderOf('archive'))
    await box.add([{ subject: 'y', text: 'iridium' }], box.folderOf('inbox', 'b'))
    box.store.keepFolders('a', [{ path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: false }])
    expect(await box.found('iridium')).toEqual(['y'])
    box.store.removeAccount('b')
    expect(await box.found('iridium')).toEqual([])
    expect(rowsOfIndex(box.db)).toBe(0)
  })

  test('a mail is found by its head at once and by its text when the source has come', async () => {
    const box = openMailbox()
    const row = await box.rowOf({ subject: 'head', text: 'platinum' })
    box.store.add(box.folderOf('inbox'), [{ ...row, source: null, preview: 'the first words' }])
    await box.settled()
    expect(await box.found('head')).toEqual(['head'])
    expect(await box.found('first words')).toEqual(['head'])
    expect(await box.found('platinum')).toEqual([])
    const [head] = must(await box.search.find('head', null, 'newest', null, [])).heads
    if (row.source === null) throw new Error('no source')
    box.store.setSource(Number(head?.id), row.source, { preview: 'platinum', hasAttachments: false })
    await box.settled()
    expect(await box.found('platinum')).toEqual(['head'])
    expect(rowsOfIndex(box.db)).toBe(1)
  })

  test('what was stored before there was an index is written when the program starts, and goes on after a stop', async () => {
    const box = openMailbox()
    for (let count = 0; count < 120; count += 1) {
      box.store.add(box.folderOf('inbox'), [await box.rowOf({ subject: `mail ${count}`, text: 'osmium' })])
    }
    expect(must(await box.search.count('osmium', null, []))).toMatchObject({ total: 0, waiting: 120 })
    await box.restart()
    await box.settled()
    expect(must(await box.search.count('osmium', null, []))).toEqual({
      total: 120,
      isExact: true,
      waiting: 0,
    })
    expect(await box.found('osmium')).toHaveLength(120)
  })

  test('thousands of mails of one moment keep the order of time around them', async () => {
    const box = openMailbox()
    const rows: NewMessage[] = []
    const one = await box.rowOf({ subject: 'many', text: 'gallium', daysAgo: 5 })
    for (let count = 0; count < 300; count += 1)
      rows.push({ ...one, uid: 5_000 + count, source: null, preview: 'gallium' })
    box.store.add(box.folderOf('inbox'), rows)
    await box.add([
      { subject: 'later', text: 'gallium', daysAgo: 1 },
      { subject: 'before', text: 'gallium', daysAgo: 9 },
    ])
    const subjects = await box.found('gallium')
    expect(subjects).toHaveLength(302)
    expect([subjects[0], subjects.at(-1)]).toEqual(['later', 'before'])
  })
})

test('40 words of two and three kanji find what a plain look through the text finds', async () => {
  const box = openMailbox()
  const maker = createMailmaker(7)
  const texts: string[] = []
  for (let count = 0; count < 400; count += 1) {
    const { source, subject, text } = maker.mail(count)
    texts.push(`${subject}\n${text.replaceAll('\n', '')}`)
    const ref = must(await box.packs.append('a', source))
    box.store.add(box.folderOf('inbox'), [{ ...rowOfSource(source, ref, NOW, false), uid: count + 1 }])
  }
  await box.settled()
  const words = maker.japanese.filter(word => /^[一-鿿]{2,3}$/.test(word)).slice(0, 40)
  let truth = 0
  let hits = 0
  for (const word of words) {
    const plain = texts.filter(text => text.includes(word)).length
    truth += plain
    hits += Math.min(plain, must(await box.search.count(`${word} `, null, [])).total)
  }
  expect(words).toHaveLength(40)
  expect(truth).toBeGreaterThan(500)
  expect(hits / truth).toBeGreaterThanOrEqual(0.98)
})

function rowsOfIndex(db: ReturnType<typeof openMailbox>['db']): number {
  return Number(db.get('SELECT count(*) AS count FROM search_docsize')?.count)
}
