import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createMailList, pageSql } from '../../../main/mailbox/mailbox-list-store.ts'
import type { NewMessage, StoredFolder } from '../../../main/mailbox/mailbox-rows.ts'
import { createMailStore } from '../../../main/mailbox/mailbox-store.ts'
import { mailMigrations } from '../../../main/schema.ts'
import { must } from './receiving-bench.ts'

const undo: (() => void)[] = []
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step()
})

function openStore() {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-store-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const db = must(openDatabase(join(folder, 'mail.db'), { durability: 'normal', migrations: mailMigrations }))
  undo.push(() => db.close())
  const store = createMailStore(db)
  const listed = [
    { path: 'INBOX', name: 'INBOX', role: 'inbox' as const, isLocal: false },
    { path: 'Archive', name: 'Archive', role: 'archive' as const, isLocal: false },
  ]
  store.keepFolders('a', listed)
  store.keepFolders('b', listed)
  const inbox = (accountId: string) => store.folderOfRole(accountId, 'inbox') as StoredFolder
  return { db, store, list: createMailList(db), inbox }
}

function message(uid: number | null, sentAt: number, more: Partial<NewMessage> = {}): NewMessage {
  return {
    uid,
    sentAt,
    messageIdHeader: `m${uid}@x`,
    from: { name: '', address: 'a@x' },
    to: [],
    cc: [],
    isBulk: false,
    subject: `s${sentAt}`,
    preview: '',
    hasAttachments: false,
    bytes: 1,
    isSeen: false,
    isFlagged: false,
    isDeleted: false,
    source: null,
    ...more,
  }
}

const unified = { kind: 'unified', role: 'inbox' } as const

function planOf(db: Db, sql: string, ...values: (string | number)[]): string {
  return db
    .all(`EXPLAIN QUERY PLAN ${sql}`, ...values)
    .map(row => row.detail)
    .join('\n')
}

describe('the list', () => {
  test('shows the newest of all accounts first, in one order however it is paged', () => {
    const { store, list, inbox } = openStore()
    store.add(inbox('a'), [message(1, 10), message(2, 30), message(3, 30)])
    store.add(inbox('b'), [message(1, 20), message(2, 40)])
    const all = list.page(unified, 0, 50).map(row => `${row.accountId}${row.subject}`)
    expect(all).toEqual(['bs40', 'as30', 'as30', 'bs20', 'as10'])
    const paged = [0, 2, 4].flatMap(offset => list.page(unified, offset, 2).map(row => row.id))
    expect(paged).toEqual(list.page(unified, 0, 50).map(row => row.id))
  })

  test('pages 50,000 rows along one covering index, without sorting', () => {
    const { db, store, list, inbox } = openStore()
    const folder = inbox('a')
    for (let uid = 1; uid <= 50_000; uid += 10_000) {
      store.add(
        folder,
        Array.from({ length: 10_000 }, (_, at) => message(uid + at, ((uid + at) * 7_919) % 1_000_000)),
      )
    }
    expect(list.count(unified)).toEqual({ total: 50_000, unread: 50_000 })
    const deep = list.page(unified, 49_990, 50)
    expect(deep.length).toBe(10)
    expect(deep.map(row => row.sentAt)).toEqual(deep.map(row => row.sentAt).sort((x, y) => y - x))
    for (const by of ['role', 'folder_id'] as const) {
      const plan = planOf(db, pageSql(by), by === 'role' ? 'inbox' : folder.id, 50, 40_000)
      const index = by === 'role' ? 'message_by_role' : 'message_by_folder'
      expect(plan).toContain(`USING COVERING INDEX ${index} (${by}=? AND is_shown=?)`)
      expect(plan).toContain('SEARCH message USING INTEGER PRIMARY KEY')
      expect(plan).not.toContain('SCAN message')
      // Only the 50 rows of the page are put in order; the walk itself needs no sorting.
      expect(plan.match(/TEMP B-TREE/g)?.length ?? 0).toBeLessThanOrEqual(1)
    }
  })

  test('counters follow every change', () => {
    const { store, list, inbox } = openStore()
    const folder = inbox('a')
    store.add(folder, [message(1, 1), message(2, 2, { isSeen: true }), message(3, 3, { isDeleted: true })])
    expect(list.count(unified)).toEqual({ total: 2, unread: 1 })
    store.applyFlags(folder.id, [{ uid: 3, isSeen: false, isFlagged: false, isDeleted: false }])
    expect(list.count(unified)).toEqual({ total: 3, unread: 2 })
    store.applyFlags(folder.id, [{ uid: 1, isSeen: true, isFlagged: true, isDeleted: false }])
    expect(list.count(unified)).toEqual({ total: 3, unread: 1 })
    const archive = store.folderOfRole('a', 'archive') as StoredFolder
    const [third] = list.page(unified, 0, 1)
    store.wishMove([third?.id ?? ''], archive)
    expect(list.count(unified)).toEqual({ total: 2, unread: 0 })
    store.finishMove(Number(third?.id), archive, 9)
    expect(list.count({ kind: 'folder', folderId: String(archive.id) })).toEqual({ total: 1, unread: 1 })
    store.removeUids(folder.id, [1])
    expect(list.count(unified)).toEqual({ total: 1, unread: 0 })
    store.rebuildFolder(folder.id, '2')
    expect(list.count(unified)).toEqual({ total: 0, unread: 0 })
  })

  test('an id that is none finds nothing', () => {
    const { list } = openStore()
    for (const id of ['', 'x', '-1', '1 OR 1=1', '9'.repeat(30)]) expect(list.message(id)).toBe(null)
  })
})

describe('wishes', () => {
  test('what the server says does not overwrite what a person wants and the server has not heard', () => {
    const { store, list, inbox } = openStore()
    const folder = inbox('a')
    store.add(folder, [message(1, 1)])
    const [row] = list.page(unified, 0, 1)
    const id = row?.id ?? ''
    store.wishFlags([id], { isSeen: true })
    expect(
      store.applyFlags(folder.id, [{ uid: 1, isSeen: false, isFlagged: true, isDeleted: false }]),
    ).toEqual([Number(id)])
    expect(list.message(id)).toMatchObject({ isSeen: true, isFlagged: true })
    store.settleFlags([Number(id)], { isSeen: true, isFlagged: null })
    store.applyFlags(folder.id, [{ uid: 1, isSeen: false, isFlagged: true, isDeleted: false }])
    expect(list.message(id)?.isSeen).toBe(false)
  })

  test('a wish that was changed while it was on its way stays pending', () => {
    const { store, list, inbox } = openStore()
    store.add(inbox('a'), [message(1, 1)])
    const id = list.page(unified, 0, 1)[0]?.id ?? ''
    store.wishFlags([id], { isFlagged: true })
    store.wishFlags([id], { isFlagged: false })
    store.settleFlags([Number(id)], { isSeen: null, isFlagged: true })
    expect(store.pending('a').map(entry => entry.pendingFlagged)).toEqual([false])
  })

  test('a row that the sync has made already gives way to the moved one, which has its source', () => {
    const { store, list, inbox } = openStore()
    const archive = store.folderOfRole('a', 'archive') as StoredFolder
    store.add(inbox('a'), [message(1, 1)])
    store.add(archive, [message(9, 1)])
    const id = list.page(unified, 0, 1)[0]?.id ?? ''
    store.wishMove([id], archive)
    store.finishMove(Number(id), archive, 9)
    const place = { kind: 'folder', folderId: String(archive.id) } as const
    expect(list.page(place, 0, 10).map(row => row.id)).toEqual([id])
  })
})

describe('folders', () => {
  test('a folder that is gone takes its messages along, a new role changes the unified list', () => {
    const { store, list, inbox } = openStore()
    store.add(inbox('a'), [message(1, 1)])
    const renamed = [{ path: 'INBOX', name: 'INBOX', role: null, isLocal: false }]
    expect(store.keepFolders('a', renamed)).toBe(true)
    expect(store.keepFolders('a', renamed)).toBe(false)
    expect(list.count(unified).total).toBe(0)
    expect(list.page(unified, 0, 10)).toEqual([])
    store.keepFolders('a', [])
    expect(list.storedFor('a')).toEqual({ messages: 0, localOnly: 0 })
    expect(list.folders().map(folder => folder.accountId)).toEqual(['b', 'b'])
  })
})
