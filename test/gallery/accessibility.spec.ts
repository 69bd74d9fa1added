/**
 * axe on every state of every view, on light paper in English and on dark paper in Japanese: contrast hangs on the
 * theme, names on the language. A state is opened once and switched while it is open, as a person would.
 */

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { type GalleryPage, test } from './open-gallery.ts'

/** `GALLERY_ONLY=inbox,message` looks at these views alone. */
const only = process.env.GALLERY_ONLY?.split(',') ?? null
const SHARES = 2

test.describe.configure({ mode: 'parallel' })

async function offencesOf(page: Page): Promise<string[]> {
  // The legacy mode opens no page of its own for the report, which takes longer than the look itself.
  const { violations } = await new AxeBuilder({ page })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode(true)
    .analyze()
  return violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id} at ${node.target.join(' ')}: ${node.failureSummary}`),
  )
}

/** Switches the open page; where the program of this state does not answer, the state is opened anew. */
async function toDarkJapanese(gallery: GalleryPage, view: string, state: string): Promise<void> {
  await gallery.page.evaluate(() => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) return
    bridge.world.settings = { ...bridge.world.settings, theme: 'dark', language: 'ja' }
    bridge.emit({ name: 'settings.changed', payload: {} })
  })
  const switched = gallery.page.locator('html[lang=ja][data-mantine-color-scheme=dark]')
  await switched
    .waitFor({ state: 'attached', timeout: 3_000 })
    .catch(() => gallery.open(view, state, { theme: 'dark', lang: 'ja' }))
  // Colours glide for a moment after a switch.
  await gallery.page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(animation => animation.effect?.getComputedTiming().iterations !== Infinity)
        .map(animation => animation.finished),
    ),
  )
}

for (let share = 0; share < SHARES; share += 1) {
  test(`axe finds nothing on any view in both themes and languages, part ${share + 1}`, async ({
    gallery,
  }) => {
    test.setTimeout(900_000)
    const offences: string[] = []
    for (const [index, { view, state }] of (await gallery.states()).entries()) {
      if (
        index % SHARES !== share ||
        (only !== null && !only.includes(view) && !only.includes(`${view}/${state}`))
      )
        continue
      await gallery.open(view, state, { theme: 'light', lang: 'en' })
      for (const offence of await offencesOf(gallery.page))
        offences.push(`${view}, ${state}, light: ${offence}`)
      await toDarkJapanese(gallery, view, state)
      for (const offence of await offencesOf(gallery.page))
        offences.push(`${view}, ${state}, dark: ${offence}`)
    }
    expect(offences).toEqual([])
    expect(gallery.leaks).toEqual([])
  })
}
