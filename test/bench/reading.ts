// `npm run bench:reading`: what hostile mails cost. For each bomb the processor time of every reading of it, and the
// longest task of the page that shows it, in processor time of that thread. Prints and does not judge, unless asked to
// with --assert. --only takes a part of a name.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { type CDPSession, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { readerHere } from '../../main/mime/mail-reader.ts'
import type { ParsedMail } from '../../main/mime/read-mail.ts'
import { scanHead } from '../../main/mime/read-mail.ts'
import { searchTextOf } from '../../main/mime/search-text.ts'
import { findChromium } from '../../main/shells/find-chromium.ts'
import { mailBombs } from '../support/mail-bombs.ts'
import { createBars } from './bars.ts'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, assert: { type: 'boolean', default: false } },
})
const STALL_MS = 100
const READ_MS = 10_000
const ORIGIN = 'https://gallery.invalid'
const { say, note, end } = createBars()

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

async function openPage(folder: string) {
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath !== null && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.route(
    () => true,
    route => {
      const { pathname } = new URL(route.request().url())
      const path = join(folder, pathname === '/' ? 'index.html' : pathname)
      return route.fulfill({ body: readFileSync(path), contentType: TYPES[extname(path)] ?? 'image/svg+xml' })
    },
  )
  const session = await page.context().newCDPSession(page)
  return { page, session, close: () => browser.close() }
}

type TraceEvent = { name: string; tid: number; pid: number; tdur?: number; args?: { name?: string } }

/** The longest task of the page's own thread while `work` goes on, in processor ms. */
async function longestTask(session: CDPSession, work: () => Promise<void>): Promise<number> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: unknown[] }) => events.push(...(value as TraceEvent[]))
  session.on('Tracing.dataCollected', collect)
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'] },
  })
  await work()
  const complete = new Promise(resolve => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.end')
  await complete
  session.off('Tracing.dataCollected', collect)
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = events.filter(({ name, pid, tid }) => /RunTask$/.test(name) && mains.has(`${pid} ${tid}`))
  return tasks.reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1_000), 0)
}

async function show(page: Page, mail: ParsedMail): Promise<void> {
  await page.evaluate(async given => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) throw new Error('no gallery')
    bridge.world.messages['in-6'] = { ...given, sentAt: 0 }
    // What was handed over is not a part of what is measured: a task of its own.
    await new Promise(resolve => setTimeout(resolve, 50))
    bridge.emit({ name: 'message.changed', payload: { messageIds: ['in-6'] } })
  }, mail)
  await page
    .getByRole('heading', { level: 2 })
    .filter({ hasText: mail.subject.slice(0, 20) })
    .waitFor()
  await page.evaluate(async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise(requestAnimationFrame)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  })
}

async function cpu(work: () => unknown): Promise<number> {
  const begun = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(begun)
  return (user + system) / 1_000
}

const folder = mkdtempSync(join(tmpdir(), 'todoke-reading-'))
try {
  await build({
    configFile: join(import.meta.dirname, '../gallery/vite.config.ts'),
    build: { outDir: folder, emptyOutDir: true },
    logLevel: 'error',
  })
  const { page, session, close } = await openPage(folder)
  // A change of a mail is shown without opening the page again, as a person would go from mail to mail.
  await page.goto(`${ORIGIN}/?view=message&state=html&theme=light&lang=en`)
  await page.locator('article iframe').waitFor()
  for (const [name, make] of Object.entries(mailBombs)) {
    if (!name.includes(values.only)) continue
    const source = make()
    const scanned = await cpu(() => [scanHead(source), searchTextOf(source)])
    let mail: ParsedMail | null = null
    const read = await cpu(async () => {
      mail = await readerHere.read(source)
    })
    const answered = await cpu(() => readerHere.quote(source))
    const stall = await longestTask(session, () => show(page, mail as unknown as ParsedMail))
    const worst = Math.max(read, answered)
    note(
      `${name}, read`,
      `${worst.toFixed(0)} ms, its row ${scanned.toFixed(0)} ms`,
      `${READ_MS} ms`,
      worst < READ_MS,
    )
    note(`${name}, the page's longest task`, `${stall.toFixed(0)} ms`, `${STALL_MS} ms`, stall <= STALL_MS)
  }
  await close()
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const missed = end()
say('Processor time; what else the machine does is not in it.')
if (values.assert && missed > 0) process.exitCode = 1
