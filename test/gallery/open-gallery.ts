/**
 * The gallery in a real browser, for specs: built once per worker, served from memory at a made-up origin. No port is
 * opened, and every request that is not ours is refused and remembered.
 */

import { readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../../main/shells/find-chromium.ts'
import { NOW } from '../support/builders.ts'

export const ORIGIN = 'https://gallery.invalid'
export const SIZES = { wide: { width: 1280, height: 800 }, small: { width: 900, height: 640 } } as const

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export type Look = { theme: 'light' | 'dark'; lang: 'en' | 'ja' }
export type GalleryPage = {
  page: Page
  /** Opens one state and waits until it is drawn. */
  open(view: string, state: string, look?: Partial<Look>): Promise<void>
  /** Addresses of requests that wanted to leave. Stays empty. */
  leaks: string[]
  states(): Promise<{ view: string; state: string }[]>
}

/** How many of our own files are being asked for. */
type Traffic = { open: number }

async function serve(
  context: BrowserContext,
  folder: string,
  leaks: string[],
  traffic: Traffic,
): Promise<void> {
  await context.route(
    () => true,
    async route => {
      const url = new URL(route.request().url())
      if (url.origin !== ORIGIN) {
        leaks.push(url.href)
        await route.abort()
        return
      }
      const name = url.pathname === '/' ? 'index.html' : decodeURIComponent(url.pathname.slice(1))
      const path = resolve(folder, name)
      if (!path.startsWith(folder)) return route.abort()
      traffic.open += 1
      try {
        const body = readFileSync(path)
        await route.fulfill({ body, contentType: TYPES[extname(path)] ?? 'application/octet-stream' })
      } catch {
        await route.fulfill({ status: 404, body: '' })
      } finally {
        traffic.open -= 1
      }
    },
  )
}

/** Answers have come, the acts of the state are done, lazy views are here, and nothing moves any more. */
async function settled(page: Page, traffic: Traffic): Promise<void> {
  await page.waitForFunction(() => document.querySelector('#page')?.childElementCount !== 0)
  await page.waitForFunction(() => !document.documentElement.hasAttribute('data-acting'))
  await expect.poll(() => traffic.open).toBe(0)
  await page.evaluate(async () => {
    const nextFrame = () => new Promise(resolve => requestAnimationFrame(resolve))
    const waiting = () => document.querySelectorAll('[aria-busy="true"]').length > 0
    // The shapes of waiting views appear after 300 ms; what is still busy then stays so in this state.
    const until = performance.now() + (waiting() ? 700 : 250)
    while (performance.now() < until) await nextFrame()
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(a => a.effect?.getComputedTiming().iterations !== Infinity)
        .map(a => a.finished),
    )
    await nextFrame()
  })
}

export const test = base.extend<{ gallery: GalleryPage }, { galleryFolder: string }>({
  galleryFolder: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures off the pattern
    async ({}, use, workerInfo) => {
      const folder = resolve(import.meta.dirname, `../../test-results/gallery-page-${workerInfo.workerIndex}`)
      await build({
        configFile: join(import.meta.dirname, 'vite.config.ts'),
        build: { outDir: folder },
      })
      await use(folder)
    },
    { scope: 'worker', timeout: 240_000 },
  ],
  launchOptions: [
    async ({ launchOptions }, use) => {
      const executablePath = findChromium()
      await use({
        ...launchOptions,
        ...(executablePath !== null && { executablePath }),
        chromiumSandbox: process.getuid?.() !== 0,
      })
    },
    { scope: 'worker' },
  ],
  gallery: async ({ browser, galleryFolder }, use) => {
    const context = await browser.newContext({
      viewport: SIZES.wide,
      locale: 'en',
      timezoneId: 'Asia/Tokyo',
      reducedMotion: 'reduce',
    })
    const leaks: string[] = []
    const traffic: Traffic = { open: 0 }
    await serve(context, galleryFolder, leaks, traffic)
    const page = await context.newPage()
    await page.clock.setFixedTime(NOW)
    await use({
      page,
      leaks,
      async open(view, state, { theme = 'light', lang = 'en' } = {}) {
        await page.goto(`${ORIGIN}/?view=${view}&state=${state}&theme=${theme}&lang=${lang}`)
        await settled(page, traffic)
      },
      async states() {
        await page.goto(`${ORIGIN}/?view=inbox&state=full`)
        await page.waitForFunction(() => window.gallery !== undefined)
        return page.evaluate(() => window.gallery?.states ?? [])
      },
    })
    await context.close()
  },
})
