/**
 * `npm run bench:merge`: a letter to 10,000 people as the desk begins, makes, lists, pauses, goes on with and takes back.
 * For each the longest turn of the thread, as time of the processor, beside the 16 ms of one task; and the memory above
 * idle. A turn is all that ran between two immediates: it is never shorter than its longest task.
 */

import { createEventHub } from '../../main/events.ts'
import { createMerge } from '../../main/merge/merge.ts'
import { mergeCalls } from '../../main/merge/merge-calls.ts'
import { mergeFaults } from '../../shared/merge.ts'
import type { Result } from '../../shared/problem.ts'
import { accountFor, buildHouse } from '../main/outbox/house.ts'

const ROWS = 10_000
const TASK_MS = 16

const house = buildHouse(accountFor({ port: 1 }))
house.undoSeconds = 60 * 60
const bugs: unknown[] = []
const merge = createMerge({
  db: house.db,
  clock: house.clock,
  emit: createEventHub().emit,
  accounts: { get: () => accountFor({ port: 1 }) },
  drafts: house.drafts,
  undoSeconds: () => house.undoSeconds,
  batches: house.outbox.batches,
  reportBug: (_where, error) => bugs.push(error),
})
const calls = mergeCalls(merge)

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

let isMissed = false
const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0)

/** Runs `work` and every turn until it is done; what is slower than a task may be is named. */
async function measured<T>(what: string, work: () => Promise<T> | T): Promise<T> {
  let isOver = false
  let longest = 0
  let turns = 0
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    longest = Math.max(longest, (user + system) / 1000)
    turns += 1
    before = process.threadCpuUsage()
    if (!isOver) setImmediate(look)
  }
  await new Promise(resolve => setImmediate(resolve))
  const began = performance.now()
  before = process.threadCpuUsage()
  setImmediate(look)
  const done = await work()
  isOver = true
  await new Promise(resolve => setImmediate(resolve))
  const seconds = ((performance.now() - began) / 1000).toFixed(2)
  const figures = `${longest.toFixed(2).padStart(7)} ms  ${(longest / TASK_MS).toFixed(2)} of ${TASK_MS} ms`
  console.log(`${what.padEnd(44)} ${figures}  (${turns} turns, ${seconds} s)`)
  if (longest > TASK_MS) isMissed = true
  return done
}

async function until(batchId: string, look: () => boolean): Promise<void> {
  while (!look()) await new Promise(resolve => setTimeout(resolve, 50))
  value(merge.get(batchId))
}

const table = {
  columns: ['mail', 'name', 'company', 'section', 'town'],
  rows: Array.from({ length: ROWS }, (_, at) => [
    `person${at}@company${at % 300}.example.com`,
    `Person Number ${at}`,
    `Company ${at % 300}`,
    'Sales',
    'Tokyo, Chiyoda 1-2-3',
  ]),
}
const columns = { address: 0, name: 1 }
const paragraph = '<p>Dear {{name}} of {{company}}, we would like to see you at our table in {{town}}.</p>'
const { draftId, revision } = await house.draft({
  to: [],
  subject: 'For {{name}}',
  text: 'Dear {{name}}',
  html: paragraph.repeat(12),
})
const idle = process.memoryUsage().rss
let highest = 0
const watch = setInterval(() => {
  highest = Math.max(highest, process.memoryUsage().rss)
}, 20)

const wire = JSON.stringify([draftId, revision, table, columns, 'guests.csv', true])
const { args, run } = calls['merge.start']
const parsed = await measured('a table from the page: read and checked', () => args.parse(JSON.parse(wire)))
const { batchId } = value(await measured('the batch begins', async () => run(...parsed)))
await measured('500 of its rows become mails', () =>
  until(batchId, () => value(merge.get(batchId)).counts.toMake <= ROWS - 500),
)
await measured('the list of batches, 20 times', async () => {
  for (let count = 0; count < 20; count += 1) {
    merge.list()
    await new Promise(resolve => setImmediate(resolve))
  }
})
await measured('200 rows from the end, 20 times', async () => {
  for (let count = 0; count < 20; count += 1) {
    value(merge.rows(batchId, ROWS - 200, 200))
    await new Promise(resolve => setImmediate(resolve))
  }
})
const isWhole = process.argv.includes('--all')
if (isWhole) {
  await measured('all of its rows become mails', () =>
    until(batchId, () => value(merge.get(batchId)).counts.toMake === 0),
  )
}
await measured('it is paused', async () => {
  value(merge.pause(batchId))
  await until(batchId, () => house.outbox.batches.counts(batchId).get('held') === undefined)
})
await measured('the counts of the outbox meanwhile, 20 times', async () => {
  for (let count = 0; count < 20; count += 1) {
    house.outbox.counts()
    await new Promise(resolve => setImmediate(resolve))
  }
})
const back = value(await measured('it is taken back', () => merge.takeBack(batchId)))
const rows = await measured('its people are asked for', async () => {
  const all: string[][] = []
  while (all.length < ROWS) {
    all.push(...merge.peopleRows(back.draftId, all.length, 500))
    await new Promise(resolve => setImmediate(resolve))
  }
  return all
})
clearInterval(watch)
if (rows.length !== ROWS || bugs.length > 0) throw new Error(`${rows.length} rows, ${bugs.join()}`)
const began = performance.now()
mergeFaults({ subject: 'For {{name}}', text: '', html: paragraph }, table, columns)
console.log(`in the page, all rows looked at: ${(performance.now() - began).toFixed(0)} ms`)
console.log(`memory: ${megabytes(idle)} MiB idle, at most ${megabytes(highest - idle)} MiB above`)
await merge.stop()
await house.close()
if (isMissed) process.exitCode = 1
