/** Another window on a program that runs: the real page in a browser of its own, over the same door as the first. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import type { App } from '../../main/app.ts'
import { BINDING, bridgeScript, PAGE_ORIGIN } from '../../main/shells/chromium-page.ts'
import { createEventQueue } from '../../main/shells/event-queue.ts'
import { findChromium } from '../../main/shells/find-chromium.ts'
import { projectRoot } from '../../main/shells/open-app.ts'
import { createPageFiles } from '../../main/shells/page-files.ts'
import { serve } from '../../main/shells/serve.ts'

export type SecondWindow = { page: Page; close(): Promise<void> }

/** `close` lets the page say good-bye; `page.close()` does not. */
export async function openSecondWindow(app: App): Promise<SecondWindow> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('there is no browser on this machine')
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false })
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const files = createPageFiles(join(projectRoot, 'out', 'renderer'), PAGE_ORIGIN)
  const events = createEventQueue()
  const served = serve(app, events.add)
  await context.route(
    () => true,
    async route => {
      const { method, url } = { method: route.request().method(), url: route.request().url() }
      if (files.isOurs(url)) await route.fulfill(await files.answer(method, url))
      else await route.abort()
    },
  )
  await context.exposeBinding(BINDING, (_source, kind: unknown, text: unknown) =>
    kind === 'events' ? events.next() : served.answer(text),
  )
  const preload = readFileSync(join(projectRoot, 'out', 'preload', 'preload.cjs'), 'utf8')
  await context.addInitScript({ content: bridgeScript(preload) })
  const page = await context.newPage()
  await page.goto(`${PAGE_ORIGIN}/`)
  return {
    page,
    async close() {
      served.close()
      events.close()
      await browser.close()
    },
  }
}
