/**
 * What conversations cost at 100,000 mails: putting them into threads in the worker's turns, and a page of the list.
 * Threads are as long as people make them (one in two mails stands alone, a few run to hundreds).
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDatabase } from '../../main/db.ts'
import { createConversations } from '../../main/mailbox/conversations.ts'
import { createMailStore } from '../../main/mailbox/mailbox-store.ts'
import { createThreads } from '../../main/mailbox/threads.ts'
import { mailMigrations } from '../../main/schema.ts'
import { type Bars, createBars } from './bars.ts'
import { createRandom } from './mailbox-generator.ts'

export const THREADED_MAILS = 100_000
const FIRST = Date.UTC(2020, 0)
const STEP_MS = 30 * 60_000
const BATCH = 1_000

export type ThreadFigures = {
  mails: number
  conversations: number
  /** All of it: threads, and the rows of the list. */
  threadingMs: number
  longestTurnMs: number
  /** 50 rows of the unified inbox: from the top, and from anywhere in it. */
  pageP95Ms: { top: number; anywhere: number }
}

const PAGES = 400
const PAGE_ROWS = 50

/** A mail.db with so many mails that are in no thread yet. */
export function fillMailbox(dir: string, mails: number) {
  const opened = openDatabase(join(dir, 'mail.db'), { durability: 'normal', migrations: mailMigrations })
  if (!opened.ok) throw new Error(opened.problem.kind)
  const db = opened.value
  const store = createMailStore(db)
  const random = createRandom(7)
  const accounts = ['one', 'two'].map(accountId => {
    const listed = (['inbox', 'sent'] as const).map(role => ({
      path: role,
      name: role,
      role,
      isLocal: false,
    }))
    store.keepFolders(accountId, listed)
    return listed.map(({ role }) => store.folderOfRole(accountId, role)).filter(folder => folder !== null)
  })
  const open: { subject: string; ids: string[]; folders: (typeof accounts)[number] }[] = []
  for (let at = 0; at < mails; at += BATCH) {
    store.transaction(() => {
      for (let index = at; index < Math.min(mails, at + BATCH); index += 1) {
        const isAnswer = random() < 0.5 && open.length > 0
        const thread = isAnswer
          ? (open[Math.floor(random() ** 2 * Math.min(open.length, 2_000))] as (typeof open)[number])
          : {
              subject: `Subject ${index} of a mail`,
              ids: [],
              folders: accounts[index % 2] as (typeof accounts)[number],
            }
        if (!isAnswer) {
          open.unshift(thread)
          open.length = Math.min(open.length, 2_000)
        }
        const isOwn = isAnswer && random() < 0.4
        const person = { name: `Person ${index % 400}`, address: `person${index % 400}@example.com` }
        const own = { name: 'Yuki', address: 'yuki@example.com' }
        const folder = thread.folders[isOwn ? 1 : 0]
        if (folder === undefined) throw new Error('no folder')
        store.add(folder, [
          {
            uid: index + 1,
            sentAt: FIRST + index * STEP_MS,
            messageIdHeader: `made-${index}.${index * 7919}@mail.example.com`,
            references: thread.ids.slice(-20),
            from: isOwn ? own : person,
            to: [isOwn ? person : own],
            cc: [],
            isBulk: false,
            subject: isAnswer ? `Re: ${thread.subject}` : thread.subject,
            preview:
              'The first words of the mail, as a list shows them to whoever looks through it for something.',
            hasAttachments: random() < 0.15,
            bytes: 20_000,
            isSeen: random() < 0.9,
            isFlagged: false,
            isDeleted: false,
            source: null,
          },
        ])
        thread.ids.push(`made-${index}.${index * 7919}@mail.example.com`)
      }
    })
  }
  return db
}

export async function measureThreading(mails = THREADED_MAILS): Promise<ThreadFigures> {
  const dir = mkdtempSync(join(tmpdir(), 'todoke-bench-threads-'))
  try {
    const db = fillMailbox(dir, mails)
    const threads = createThreads({ db, packsDir: join(dir, 'packs'), emit() {} })
    let longestTurnMs = 0
    let last = performance.now()
    let isOver = false
    const watch = () => {
      const now = performance.now()
      longestTurnMs = Math.max(longestTurnMs, now - last)
      last = now
      if (!isOver) setImmediate(watch)
    }
    const begun = performance.now()
    watch()
    threads.catchUp()
    await threads.settled()
    const threadingMs = performance.now() - begun
    isOver = true
    const conversations = Number(db.get('SELECT count(DISTINCT thread_id) AS count FROM threaded')?.count)
    const pageP95Ms = measurePages(db)
    await threads.stop()
    db.close()
    return { mails, conversations, threadingMs, longestTurnMs, pageP95Ms }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function measurePages(db: Db): ThreadFigures['pageP95Ms'] {
  const list = createConversations({ db, outboxItemOf: () => null })
  const place = { kind: 'unified', role: 'inbox' } as const
  const { total } = list.count(place)
  const random = createRandom(11)
  const p95 = (offsetOf: () => number) => {
    const times: number[] = []
    for (let page = 0; page < PAGES; page += 1) {
      const offset = offsetOf()
      const begun = performance.now()
      list.page(place, offset, PAGE_ROWS)
      times.push(performance.now() - begun)
    }
    return times.sort((left, right) => left - right)[Math.floor(PAGES * 0.95)] as number
  }
  return {
    top: p95(() => Math.floor(random() * 1_000)),
    anywhere: p95(() => Math.floor(random() * Math.max(1, total - PAGE_ROWS))),
  }
}

/** Says both, and holds them against their bars. */
export async function threadsPart(bars: Bars): Promise<void> {
  const { mails, conversations, threadingMs, longestTurnMs, pageP95Ms } = await measureThreading()
  bars.say(`\n${mails} mails in ${conversations} conversations, longest turn ${longestTurnMs.toFixed(0)} ms`)
  bars.note('threads and their list', `${threadingMs.toFixed(0)} ms`, '1,000 ms', threadingMs <= 1_000)
  bars.note('a page from the top, p95', `${pageP95Ms.top.toFixed(2)} ms`, '1 ms', pageP95Ms.top <= 1)
  const { anywhere } = pageP95Ms
  bars.note('a page from anywhere, p95', `${anywhere.toFixed(2)} ms`, '1 ms', anywhere <= 1)
}

if (import.meta.main) await threadsPart(createBars())
