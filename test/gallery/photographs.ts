/**
 * Not a test of `npm test`: `playwright test --config test/gallery/photographs.config.ts`. Photographs every state of every view, light and dark, English and Japanese, in both sizes, into
 * `test-results/gallery/`. Fails where nothing is drawn, where the page scrolls sideways, or where something is thrown.
 */

import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect } from '@playwright/test'
import { type Look, SIZES, test } from './open-gallery.ts'

const folder = resolve(import.meta.dirname, '../../test-results/gallery')
/** `GALLERY_ONLY=inbox,composer/history` photographs these views or states alone. */
const only = process.env.GALLERY_ONLY?.split(',') ?? null

/** The two sizes of LOOK, and the stack. */
const FRAMES = { ...SIZES, narrow: { width: 600, height: 800 } } as const

for (const lang of ['en', 'ja'] as const satisfies Look['lang'][]) {
  for (const theme of ['light', 'dark'] as const satisfies Look['theme'][]) {
    test(`every view is drawn whole, ${theme}, ${lang}`, async ({ gallery }) => {
      test.setTimeout(600_000)
      mkdirSync(folder, { recursive: true })
      const { page } = gallery
      const thrown: string[] = []
      page.on('pageerror', error => thrown.push(String(error)))
      for (const { view, state } of await gallery.states()) {
        if (only !== null && !only.includes(view) && !only.includes(`${view}/${state}`)) continue
        await page.setViewportSize(SIZES.wide)
        await gallery.open(view, state, { theme, lang })
        for (const [name, size] of Object.entries(FRAMES)) {
          await page.setViewportSize(size)
          await page.evaluate(
            () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          )
          const name_ = `${view}-${state}-${theme}-${lang}-${name}.png`
          await page.screenshot({ path: resolve(folder, name_) })
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
          expect(overflow, `${name_} scrolls sideways`).toBeLessThanOrEqual(0)
        }
      }
      expect(thrown).toEqual([])
      expect(gallery.leaks).toEqual([])
    })
  }
}
