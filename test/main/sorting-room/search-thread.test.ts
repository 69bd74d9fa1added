import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '../../../main/db.ts'
import type { StoredFolder } from '../../../main/mailbox/mailbox-rows.ts'
import { createMailStore } from '../../../main/mailbox/mailbox-store.ts'
import { createSearchIndex } from '../../../main/mailbox/search-index.ts'
import type { SearchQuestion } from '../../../main/mailbox/search-reader.ts'
import { mailMigrations } from '../../../main/schema.ts'
import { createSearchThread } from '../../../main/sorting-room/search-thread.ts'
import { parseSearch } from '../../../shared/search-query.ts'
import { must } from '../mailbox/receiving-bench.ts'

const url = new URL('../../../main/sorting-room/worker.ts', import.meta.url)
const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function questionOf(text: string): SearchQuestion {
  const query = parseSearch(text, { now: 0, folders: [], accounts: [] })
  return { query, folderIds: null, order: 'newest', alsoIds: [] }
}

async function openThread() {
  const dataDir = mkdtempSync(join(tmpdir(), 'todoke-search-thread-'))
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const db = must(
    openDatabase(join(dataDir, 'mail.db'), { durability: 'normal', migrations: mailMigrations }),
  )
  undo.push(() => db.close())
  const store = createMailStore(db)
  store.keepFolders('a', [{ path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: false }])
  const inbox = store.folderOfRole('a', 'inbox') as StoredFolder
  const person = { name: '', address: 'a@x' }
  store.add(
    inbox,
    ['copper', 'silver'].map((subject, index) => ({
      uid: index + 1,
      sentAt: index,
      messageIdHeader: `m${index}@x`,
      from: person,
      to: [],
      cc: [],
      isBulk: false,
      subject,
      preview: '',
      hasAttachments: false,
      bytes: 1,
      isSeen: false,
      isFlagged: false,
      isDeleted: false,
      source: null,
    })),
  )
  const index = createSearchIndex({ db, packsDir: join(dataDir, 'packs'), emit: () => {} })
  index.wake()
  await index.settled()
  const thread = createSearchThread({ url, dataDir })
  undo.push(() => thread.stop())
  return thread
}

test('a question is answered from the other thread, and only the newest of those that wait', async () => {
  const thread = await openThread()
  const answers = await Promise.all(
    ['c', 'copp', 'coppe', 'copper '].map(text => thread.find(questionOf(text), null, 10)),
  )
  expect(answers.map(answer => (answer.ok ? answer.value.heads.length : answer.problem.kind))).toEqual([
    0,
    'cancelled',
    'cancelled',
    1,
  ])
  expect(must(await thread.count(questionOf('silver ')))).toMatchObject({ total: 1, isExact: true })
})

test('a question that fails is answered, and the next one is too', async () => {
  const thread = await openThread()
  const broken = { ...questionOf('copper '), folderIds: 'not a list' as never }
  expect(await thread.find(broken, null, 10)).toMatchObject({ ok: false, problem: { kind: 'internal' } })
  expect(must(await thread.find(questionOf('copper '), null, 10)).heads).toHaveLength(1)
})

test('after the end nothing is asked any more', async () => {
  const thread = await openThread()
  await thread.stop()
  expect(await thread.find(questionOf('copper '), null, 10)).toMatchObject({ problem: { kind: 'cancelled' } })
})
