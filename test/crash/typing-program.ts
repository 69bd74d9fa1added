// The program with its window, as a process of its own, with hands that write in it by key events of the browser. It is
// ended by kill -9 at any moment: what was typed until then it has told, key by key. Run by typing-kills.ts alone.

import type { Locator } from 'playwright-core'
import { openChromiumShell } from '../../main/shells/chromium.ts'
import { createRandom } from '../bench/mailbox-generator.ts'
import { IDLE_HURRIED_MS, type Told, type TypingOrder } from './typing-orders.ts'

const IDLE_MS = 20_000
const WORDS =
  'so the plan for March is ready and we only have to see who comes to the meeting on Monday'.split(' ')

// A draft is copied to its server when nobody typed for long: here that is the pause between two sentences.
const realTimeout = globalThis.setTimeout
globalThis.setTimeout = Object.assign(
  (run: () => void, ms = 0) => realTimeout(run, ms === IDLE_MS ? IDLE_HURRIED_MS : ms),
  realTimeout,
) as typeof setTimeout

const [dataDir = ''] = process.argv.slice(2)
const shell = await openChromiumShell({ dataDir, headless: true, systemLanguage: 'en-GB' })
const { page, app } = shell
const tell = (told: Told) => process.send?.(told)
const pause = (ms: number) => new Promise(resolve => realTimeout(resolve, ms))

process.on('message', (order: TypingOrder) => {
  void obey(order).catch(error => tell({ kind: 'failed', detail: String(error) }))
})
process.on('disconnect', () => process.exit())
tell({ kind: 'ready' })

async function obey(order: TypingOrder): Promise<void> {
  switch (order.do) {
    case 'call':
      return void tell({ kind: 'answer', id: order.id, value: await app.door.call(order.method, order.args) })
    case 'read':
      return void tell({ kind: 'answer', id: order.id, value: await shownText(order.preview) })
    case 'type':
      return type(order)
  }
}

/** What the window shows of a draft that is opened again, its lines joined by line feeds. */
async function shownText(preview: string): Promise<string> {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: /^Drafts/ })
    .click()
  await page.getByText(preview).first().click()
  const composer = page.locator('section[data-size]').last()
  const surface = composer.locator('[data-place=text]')
  await surface.waitFor()
  const lines = await surface.locator('> p').evaluateAll(all => all.map(line => line.textContent ?? ''))
  await composer.locator('header button').last().click()
  await composer.waitFor({ state: 'detached' })
  return lines.join('\n')
}

/** Until the end: bursts of words, short stops and long ones, now and then a new line. */
async function type({ seed, isPlain }: Extract<TypingOrder, { do: 'type' }>): Promise<void> {
  const random = createRandom(seed)
  await page
    .getByRole('button', { name: /^Write a mail/ })
    .first()
    .click()
  const composer = page.locator('section[data-size]').last()
  const surface = composer.locator('[data-place=text]')
  await surface.waitFor()
  if (isPlain) await makePlain(composer)
  await surface.click()
  const keyboard = page.keyboard
  tell({ kind: 'begins' })
  for (let word = 0; ; word += 1) {
    const text = word === 0 ? `Run${seed}` : (WORDS[Math.floor(random() * WORDS.length)] ?? '')
    for (const key of text) await press(key)
    await press(random() < 0.08 ? '\n' : ' ')
    const rest = random()
    if (rest < 0.04) await pause(1_000 + random() * 1_500)
    else if (rest < 0.2) await pause(150 + random() * 500)
  }

  async function press(key: string): Promise<void> {
    await keyboard.press(key === '\n' ? 'Enter' : key === ' ' ? 'Space' : key)
    // The browser answered: the key is in the text.
    tell({ kind: 'typed', text: key, at: Date.now() })
    await pause(10 + random() ** 3 * 120)
  }
}

async function makePlain(composer: Locator): Promise<void> {
  await composer.getByRole('button', { name: 'Plain text' }).click()
  await composer.getByRole('button', { name: 'With formats' }).waitFor()
}
