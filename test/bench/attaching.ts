/**
 * A file chosen in the page, brought into the program piece by piece, and its mail queued by Send: how long each took, and
 * how much memory program and page grew. The control reads the same bytes and makes base64 of them, and nothing else.
 */

import { randomFillSync } from 'node:crypto'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { WritingDesk } from './writing-desk.ts'

const MIB = 1024 * 1024
const LOOK_MS = 10

export type Attaching = {
  attachMs: number
  /** From the key that sends to the mail in the outbox: frozen, its bytes read and hashed, committed. */
  queueMs: number
  /** The most above idle, while the file came in and while its mail was queued. */
  programMiB: number
  pageMiB: number
}

export function bigFile(path: string, mib: number): string {
  const piece = Buffer.alloc(MIB)
  writeFileSync(path, '')
  for (let at = 0; at < mib; at += 1) writeFileSync(path, randomFillSync(piece), { flag: 'a' })
  return path
}

/** Reads a file and makes base64 of it, in pieces of the size the program reads. In ms. */
export async function bareBase64(path: string): Promise<number> {
  const startedAt = performance.now()
  let letters = 0
  // A multiple of three: no piece has padding.
  for await (const chunk of createReadStream(path, { highWaterMark: 192 * 1024 }))
    letters += (chunk as Buffer).toString('base64').length
  if (letters === 0) throw new Error('nothing was read')
  return performance.now() - startedAt
}

/** Attaches the file to a new mail and sends it. Looks at the memory every 10 ms. */
export async function attachAndSend({ page, call }: WritingDesk, path: string): Promise<Attaching> {
  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  await composer.getByRole('combobox', { name: 'To', exact: true }).fill('sara@lindqvist.example')
  await page.keyboard.press('Enter')
  await composer.getByLabel('Subject').fill('A large file')
  await composer.getByRole('textbox', { name: 'Text' }).fill('The file is attached.')
  const before = (await call('outbox.list')).length
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.detach()
  globalThis.gc?.()
  const watch = watchMemory(rendererPid())
  const attachMs = await timed(async () => {
    await composer.locator('input[type=file]').first().setInputFiles(path)
    await composer.getByRole('button', { name: `Remove ${basename(path)}` }).waitFor({ timeout: 300_000 })
  })
  const queueMs = await timed(async () => {
    await page.keyboard.press('Control+Enter')
    await composer.waitFor({ state: 'detached', timeout: 300_000 })
  })
  const grown = watch.stop()
  if ((await call('outbox.list')).length !== before + 1) throw new Error('it was not queued')
  return { attachMs, queueMs, ...grown }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function watchMemory(pagePid: number | null) {
  const idle = { program: process.memoryUsage.rss(), page: rssOf(pagePid) }
  const most = { ...idle }
  const look = () => {
    most.program = Math.max(most.program, process.memoryUsage.rss())
    most.page = Math.max(most.page, rssOf(pagePid))
  }
  const timer = setInterval(look, LOOK_MS)
  return {
    stop() {
      clearInterval(timer)
      look()
      return { programMiB: (most.program - idle.program) / MIB, pageMiB: (most.page - idle.page) / MIB }
    },
  }
}

/** Of the page: the process of this program's browser that renders. Null where the system has no /proc. */
function rendererPid(): number | null {
  const pids = [...descendants(process.pid)]
  const renderers = pids.filter(pid => /--type=renderer/.test(textOf(`/proc/${pid}/cmdline`)))
  return renderers.toSorted((a, b) => rssOf(b) - rssOf(a))[0] ?? null
}

function* descendants(pid: number): Generator<number> {
  for (const child of textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)) {
    yield child
    yield* descendants(child)
  }
}

function rssOf(pid: number | null): number {
  if (pid === null) return 0
  return Number(/^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) * 1024
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
