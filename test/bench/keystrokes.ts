/**
 * Typing as a person does, by key events of the browser, and what each key took until it was painted. What is measured
 * stands at `Stroke`; the control types the same keys into pages without any program.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CDPSession, chromium, type Locator, type Page } from 'playwright-core'
import { chromiumFlags } from '../../main/shells/chromium-page.ts'
import { findChromium } from '../../main/shells/find-chromium.ts'

/**
 * One key, in ms. `toPaint` is from the moment the browser had it to the end of the frame that shows it (the first task
 * after the frame's own: script, layout and paint are done, the compositor is not). `work` is the same without the wait
 * for that frame, which is up to 16.7 ms by chance: the wait before the key was heard, its handlers, and the frame.
 */
export type Stroke = { toPaint: number; work: number }

/** Strokes, and what each took of the processor on the page's main thread with all that ran until the next one. */
export type Strokes = { strokes: Stroke[]; cpu: number[] }

const UNCOUNTED = 10
const WORDS = 'and so the plan for March is ready, we only have to see who comes; '

/** Types `count` keys in an uneven rhythm where the cursor is. The first ten are not counted. */
export async function strokes(page: Page, count: number, random: () => number): Promise<Strokes> {
  const cdp = await page.context().newCDPSession(page)
  await page.evaluate(watchKeys)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  const cpu: number[] = []
  let before = await taskMs(cdp)
  for (let at = 0; at < count + UNCOUNTED; at += 1) {
    await typeKey(cdp, WORDS[at % WORDS.length] ?? ' ')
    const isPause = random() < 0.02
    await new Promise(resolve => setTimeout(resolve, isPause ? 1_200 : 40 + random() * 110))
    const now = await taskMs(cdp)
    cpu.push(now - before)
    before = now
  }
  const seen = await page.evaluate(() => (window as unknown as { strokes: Stroke[] }).strokes)
  await cdp.detach()
  return { strokes: seen.slice(UNCOUNTED), cpu: cpu.slice(UNCOUNTED) }
}

async function taskMs(cdp: CDPSession): Promise<number> {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1_000
}

/** A key as the browser gets it from the system, with the text it makes. */
export async function typeKey(cdp: CDPSession, key: string): Promise<void> {
  const code = key.toUpperCase().charCodeAt(0)
  const named = { key, windowsVirtualKeyCode: code, nativeVirtualKeyCode: code }
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, unmodifiedText: key, ...named })
  await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...named })
}

/** Runs in the page. */
function watchKeys(): void {
  const strokes: { toPaint: number; work: number }[] = []
  Object.assign(window, { strokes })
  const after = (run: () => void) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = run
    port2.postMessage(null)
  }
  let sentAt = 0
  window.addEventListener('keydown', event => (sentAt = event.timeStamp), { capture: true })
  window.addEventListener(
    'input',
    () => {
      const stroke = { sentAt, handledAt: 0 }
      // Heard after every handler of the key, and after what they do at once.
      after(() => (stroke.handledAt = performance.now()))
      requestAnimationFrame(() => {
        const frameAt = performance.now()
        after(() => {
          const toPaint = performance.now() - stroke.sentAt
          const waited = stroke.handledAt === 0 ? 0 : Math.max(0, frameAt - stroke.handledAt)
          strokes.push({ toPaint, work: toPaint - waited })
        })
      })
    },
    { capture: true },
  )
}

/** Puts the cursor at the end of a line in the middle of a long text. */
export async function goToMiddle(page: Page, line: Locator): Promise<void> {
  await line.scrollIntoViewIfNeeded()
  await line.click()
  await page.keyboard.press('End')
}

export type Control = { page: Page; close(): Promise<void> }

/** The same browser with the same flags, and one page: `lines` of text that can be edited, without a script. */
export async function openControl(lines: readonly string[]): Promise<Control> {
  const profile = mkdtempSync(join(tmpdir(), 'todoke-bench-control-'))
  const isRoot = process.getuid?.() === 0
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium() ?? '',
    headless: true,
    args: chromiumFlags({ isRoot, isFirstStart: true }),
    ignoreDefaultArgs: ['--enable-automation', 'about:blank'],
    viewport: null,
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const text = lines.map(line => `<p>${line === '' ? '<br>' : line}</p>`).join('')
  const style =
    'width: 600px; height: 400px; overflow: auto; overflow-wrap: anywhere; white-space: break-spaces'
  await page.setContent(
    `<!doctype html><style>p { margin: 0 }</style><div style="${style}"><div id="text" contenteditable="true">${text}</div></div>`,
  )
  return {
    page,
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
