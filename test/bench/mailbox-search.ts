/**
 * `node test/bench/mailbox-search.ts [mails]`: a made mailbox in the index, then questions as they are typed, beside
 * mu and notmuch where they are installed. Names what each figure may be and ends with 1 where one is over it. Time is that of the
 * processor, so that a busy machine does not change the answer.
 */

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../main/db.ts'
import { rowOfSource } from '../../main/mailbox/mail-row.ts'
import { createMailStore } from '../../main/mailbox/mailbox-store.ts'
import { createPacks } from '../../main/mailbox/pack.ts'
import { createSearchIndex } from '../../main/mailbox/search-index.ts'
import { createSearchReader, type SearchQuestion } from '../../main/mailbox/search-reader.ts'
import { mailMigrations } from '../../main/schema.ts'
import { foldText } from '../../shared/fold.ts'
import type { SearchOrder } from '../../shared/search-answer.ts'
import { parseSearch } from '../../shared/search-query.ts'
import { createMailmaker, createRandom } from './mailbox-generator.ts'

const MAILS = Number(process.argv[2] ?? 100_000)
/** The others index a part of them: it takes minutes for all. */
const FOR_OTHERS = Math.min(MAILS, 5_000)
const QUESTIONS = 200
const BATCH = 500

const folder = mkdtempSync(join(tmpdir(), 'todoke-bench-mailbox-'))
const packsDir = join(folder, 'packs')
const opened = openDatabase(join(folder, 'mail.db'), { durability: 'normal', migrations: mailMigrations })
if (!opened.ok) throw new Error(JSON.stringify(opened.problem))
const db = opened.value
const store = createMailStore(db)
const packs = createPacks(packsDir)
store.keepFolders('bench', [{ path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: true }])
const inbox = store.folderOfRole('bench', 'inbox')
if (inbox === null) throw new Error('no inbox')

const maker = createMailmaker(20_261_124)
const folded: string[] = []
let textBytes = 0
let sourceBytes = 0
for (let at = 0; at < MAILS; at += BATCH) {
  const rows = []
  for (let index = at; index < Math.min(MAILS, at + BATCH); index += 1) {
    const made = maker.mail(index)
    textBytes += Buffer.byteLength(made.text) + Buffer.byteLength(made.subject)
    folded.push(foldText(`${made.subject}\n${made.text}`))
    sourceBytes += made.source.length
    const ref = await packs.append('bench', made.source)
    if (!ref.ok) throw new Error(JSON.stringify(ref.problem))
    rows.push(rowOfSource(made.source, ref.value, made.sentAt, false))
  }
  store.add(inbox, rows)
}
await packs.close()

/** What this process has computed, in all of its threads. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

const failures: string[] = []
function say(name: string, figure: number, unit: string, bar: number, isLeast = false): void {
  const isGood = isLeast ? figure >= bar : figure <= bar
  if (!isGood) failures.push(name)
  const value = figure < 10 ? figure.toFixed(2) : figure.toFixed(1)
  console.log(
    `${isGood ? 'ok  ' : 'OVER'} ${name.padEnd(44)} ${value} ${unit} (${isLeast ? 'at least' : 'at most'} ${bar})`,
  )
}

console.log(
  `${MAILS} mails, ${(textBytes / 2 ** 20).toFixed(0)} MiB of text, ${(sourceBytes / MAILS / 1024).toFixed(1)} KiB a mail`,
)
const begun = cpuMs()
const index = createSearchIndex({ db, packsDir, emit: () => {} })
index.wake()
await index.settled()
const seconds = (cpuMs() - begun) / 1_000
console.log(`     index written in ${seconds.toFixed(1)} s, ${(MAILS / seconds).toFixed(0)} mails a second`)
const indexBytes =
  Number(db.get('SELECT sum(length(block)) AS bytes FROM search_data')?.bytes) +
  Number(db.get('SELECT count(*) * 12 AS bytes FROM search_docsize')?.bytes)
say('index in parts of the text', indexBytes / textBytes, '', 0.25)

const reader = createSearchReader(db, packsDir)
const world = { now: Date.UTC(2026, 10, 24), folders: [], accounts: [] }
const questionOf = (text: string, order: SearchOrder): SearchQuestion => ({
  query: parseSearch(text, world),
  folderIds: null,
  order,
  alsoIds: [],
})
const random = createRandom(5)
/** People look for words that say something: neither the first hundred nor what stands in one mail. */
const wordOf = (list: readonly string[]) => list[Math.floor(60 * (list.length / 60) ** random())] as string

function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0
}

const kinds: Record<string, () => string> = {
  'English, one word': () => `${wordOf(maker.english)} `,
  'English, two words': () => `${wordOf(maker.english)} ${wordOf(maker.english)} `,
  'English, half a word': () => wordOf(maker.english).slice(0, 4),
  'Japanese, 2 or 3 kanji': () => wordOf(maker.japanese).slice(0, 3),
}
for (const order of ['newest', 'relevance'] as const) {
  const all: number[] = []
  for (const [kind, make] of Object.entries(kinds)) {
    const times: number[] = []
    for (let count = 0; count < QUESTIONS; count += 1) {
      const question = questionOf(make(), order)
      const from = cpuMs()
      await reader.find(question, null, 50)
      times.push(cpuMs() - from)
    }
    all.push(...times)
    console.log(
      `     ${order}: ${kind.padEnd(24)} p50 ${percentile(times, 0.5).toFixed(2)}  p95 ${percentile(times, 0.95).toFixed(2)}  max ${Math.max(...times).toFixed(1)} ms`,
    )
  }
  say(`search p95, ${order}`, percentile(all, 0.95), 'ms', order === 'newest' ? 10 : 50)
}
{
  const times: number[] = []
  for (let count = 0; count < QUESTIONS; count += 1) {
    const question = questionOf((Object.values(kinds)[count % 4] as () => string)(), 'newest')
    const from = cpuMs()
    await reader.count(question)
    times.push(cpuMs() - from)
  }
  console.log(
    `     count: p50 ${percentile(times, 0.5).toFixed(2)}  p95 ${percentile(times, 0.95).toFixed(2)}  max ${Math.max(...times).toFixed(1)} ms`,
  )
}

/** What a plain look through all the text finds. */
let truth = 0
let hits = 0
let foundInAll = 0
for (let count = 0; count < 40; count += 1) {
  const text = wordOf(maker.japanese.filter(each => /^[一-鿿]{2,3}$/.test(each)))
  const plain = folded.filter(each => each.replaceAll('\n', '').includes(foldText(text))).length
  const found = await countAll(text)
  truth += plain
  hits += Math.min(found, plain)
  foundInAll += found
}
async function countAll(text: string): Promise<number> {
  let total = 0
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof reader.find>> = await reader.find(
      questionOf(`${text} `, 'newest'),
      cursor,
      1_000,
    )
    total += page.heads.length
    cursor = page.cursor
  } while (cursor !== null)
  return total
}
console.log(`     40 Japanese words: ${truth} by looking through the text, ${foundInAll} by the index`)
say('Japanese recall', hits / truth, '', 0.98, true)
say('Japanese hits too many', (foundInAll - hits) / truth, '', 0.02)

besideOthers()

/** The other indexers on the first mails of the same mailbox; what they compute, as with us. */
function besideOthers(): void {
  const maildir = join(folder, 'maildir')
  for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, part), { recursive: true })
  for (let each = 0; each < FOR_OTHERS; each += 1) {
    writeFileSync(join(maildir, 'cur', `${each}:2,S`), maker.mail(each).source)
  }
  const ours = (seconds * 1_000) / MAILS
  const words = Array.from({ length: 20 }, () =>
    wordOf(maker.japanese.filter(each => /^[一-鿿]{2}$/.test(each))),
  )
  const plain = words.reduce(
    (sum, text) =>
      sum + folded.slice(0, FOR_OTHERS).filter(each => each.replaceAll('\n', '').includes(text)).length,
    0,
  )
  const beside = (
    name: string,
    index: string,
    find: (text: string) => number,
    env: Record<string, string>,
  ) => {
    if (spawnSync(name, ['--version']).status !== 0) {
      console.log(`     ${name} is not installed: nothing to stand beside`)
      return
    }
    const timed = spawnSync('bash', ['-c', `time (${index}) >/dev/null`], {
      env: { ...process.env, ...env, TIMEFORMAT: '%U %S' },
      encoding: 'utf8',
    })
    const parts = timed.stderr.trim().split(/\s+/).slice(-2)
    const theirs = (parts.reduce((sum, part) => sum + Number(part), 0) * 1_000) / FOR_OTHERS
    const found = words.reduce((sum, text) => sum + find(text), 0)
    console.log(
      `     ${name}: ${theirs.toFixed(2)} ms a mail, ours ${ours.toFixed(2)}; finds ${found} of ${plain} Japanese hits`,
    )
    if (name === 'mu') say('index written, in parts of mu', ours / theirs, '', 0.25)
  }
  const muHome = join(folder, 'mu')
  const mu = (...args: string[]) => spawnSync('mu', [...args, `--muhome=${muHome}`], { encoding: 'utf8' })
  beside(
    'mu',
    `mu init --muhome=${muHome} --maildir=${maildir} && mu index --muhome=${muHome}`,
    text =>
      mu('find', text, '--fields=l')
        .stdout.split('\n')
        .filter(line => line !== '').length,
    {},
  )
  const config = join(folder, 'notmuch-config')
  writeFileSync(
    config,
    `[database]\npath=${maildir}\n[user]\nname=x\nprimary_email=x@example\n[new]\ntags=\n`,
  )
  const env = { NOTMUCH_CONFIG: config }
  beside(
    'notmuch',
    'notmuch new --quiet',
    text =>
      Number(
        spawnSync('notmuch', ['count', text], { env: { ...process.env, ...env }, encoding: 'utf8' }).stdout,
      ),
    env,
  )
}

console.log(`     mail.db ${(statSync(join(folder, 'mail.db')).size / 2 ** 20).toFixed(0)} MiB`)
db.close()
rmSync(folder, { recursive: true, force: true })
if (failures.length > 0) {
  console.log(`over: ${failures.join(', ')}`)
  process.exitCode = 1
}
