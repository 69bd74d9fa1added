/**
 * `node test/bench/people.ts`: suggestions over 50,000 addresses, as the desk answers them; the p95 beside the 10 ms it
 * may take, and the longest task while everybody is brought to mind beside the 16 ms of one task. Time is that of the
 * processor, so that a busy machine does not change the answer; beside it the time on the wall.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../main/db.ts'
import { createCorrespondentStore } from '../../main/people/correspondent-store.ts'
import { createPeople } from '../../main/people/people.ts'
import { deskMigrations, mailMigrations } from '../../main/schema.ts'
import { manualClock } from '../support/manual-clock.ts'

const PEOPLE = 50_000
const NOW = Date.UTC(2026, 10, 24)
const DAY_MS = 24 * 60 * 60 * 1000
const SUGGESTION_MS = 10
const TASK_MS = 16

const FAMILY =
  '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 Weber Lindqvist Okafor Tanaka Sato Raman García Müller'
const GIVEN = '健二 優希 みどり 美咲 大輔 陽子 翔太 Haruka Martin Sara Priya Lena Samuel José Zoë Kenji Yuki'
const HOUSES =
  'example.co.jp mail.example.org museum.example gallery.example studio.example sato-kogyo.example bau.example'

/** The same people each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0
}

function open(file: string, migrations: readonly string[]) {
  const opened = openDatabase(file, { durability: 'normal', migrations })
  if (!opened.ok) throw new Error(JSON.stringify(opened.problem))
  return opened.value
}

const folder = mkdtempSync(join(tmpdir(), 'todoke-bench-people-'))
const mail = open(join(folder, 'mail.db'), mailMigrations)
const desk = open(join(folder, 'desk.db'), deskMigrations)
const random = createRandom(7)
const pick = (words: string) => {
  const list = words.split(' ')
  return list[Math.floor(random() * list.length)] ?? ''
}
const store = createCorrespondentStore(mail)
store.transaction(() => {
  for (let count = 0; count < PEOPLE; count += 1) {
    const name = `${pick(FAMILY)} ${pick(GIVEN)}`
    const local = `${String.fromCharCode(97 + Math.floor(random() * 26))}.${count.toString(36)}`
    const at = NOW - Math.floor(random() * 2_000) * DAY_MS
    const part = random() < 0.3 ? 'sent' : 'received'
    store.count({ name, address: `${local}@${Math.floor(random() * 900)}.${pick(HOUSES)}` }, part, at)
  }
})

type Span = { cpu: number; wall: number }
/** Milliseconds of this thread, and on the wall. */
function spanOf(work: () => void): Span {
  const before = process.threadCpuUsage()
  const wall = performance.now()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return { cpu: (user + system) / 1000, wall: performance.now() - wall }
}

const loadedAt = performance.now()
const slices: Span[] = []
const loaded = Promise.withResolvers<void>()
const people = createPeople({
  desk,
  mail,
  clock: manualClock(NOW),
  emit: name => name === 'people.changed' && loaded.resolve(),
  room: {
    countHandedOver: async () => ({ ok: true, value: true }),
    readContacts: () => Promise.reject(new Error('nothing is imported')),
    readContactsPage: () => Promise.reject(new Error('nothing is imported')),
    readTable: () => Promise.reject(new Error('nothing is imported')),
  },
  takeFile: () => Promise.reject(new Error('nothing is imported')),
  saveAs: async () => null,
  answersSince: () => ({ answers: [], until: null }),
})
const memoryBefore = process.memoryUsage().heapUsed
const first = spanOf(() => people.warm())
// The slices run as immediates: what one turn takes is one of them.
const { setImmediate: realImmediate } = globalThis
globalThis.setImmediate = Object.assign(
  (slice: () => void) => realImmediate(() => slices.push(spanOf(slice))),
  realImmediate,
)
await loaded.promise
globalThis.setImmediate = realImmediate
const loadMs = performance.now() - loadedAt

const QUERIES = [
  ...'abcdefghijklmnopqrstuvwxyz',
  '佐',
  '田中',
  '優希',
  'みどり',
  'sa',
  'tan',
  'sato yu',
  'zz',
  'xyzxyz',
  'a.1',
  'museum',
  '@bau',
  'ｓａｔｏ',
  '500.',
]
const times: Span[] = []
for (let round = 0; round < 20; round += 1) {
  for (const query of QUERIES) times.push(spanOf(() => people.suggest(query, 12)))
}

let isMissed = false
function line(what: string, spans: readonly Span[], part: number, limit: number, isBar = true): void {
  const cpu = percentile(
    spans.map(span => span.cpu),
    part,
  )
  const wall = percentile(
    spans.map(span => span.wall),
    part,
  )
  const figures = `${cpu.toFixed(2).padStart(8)} ms  ${(cpu / limit).toFixed(2)} of ${limit} ms`
  console.log(`${what.padEnd(46)} ${figures}  (on the wall ${wall.toFixed(2)} ms)`)
  if (isBar && cpu > limit) isMissed = true
}
console.log(`${PEOPLE} addresses, ${times.length} suggestions`)
line('suggestion, median', times, 0.5, SUGGESTION_MS)
line('suggestion, p95', times, 0.95, SUGGESTION_MS)
line('suggestion, worst', times, 1, SUGGESTION_MS, false)
line('the first slice, before the first answer', [first], 1, TASK_MS)
line('a task while everybody is read, p95', slices, 0.95, TASK_MS)
const megabytes = ((process.memoryUsage().heapUsed - memoryBefore) / 1e6).toFixed(0)
console.log(
  `everybody is there after ${loadMs.toFixed(0)} ms in ${slices.length + 1} tasks, in ${megabytes} MB`,
)
people.stop()
mail.close()
desk.close()
rmSync(folder, { recursive: true })
if (isMissed) process.exitCode = 1
