/**
 * axe on every state of every view. Each theme and each language is looked at; `GALLERY_ALL=1` looks at all four
 * pairs, as contrast hangs on the theme alone and names on the language alone.
 */

import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { type Look, test } from './open-gallery.ts'

const LOOKS: Look[] = [
  { theme: 'light', lang: 'en' },
  { theme: 'dark', lang: 'ja' },
]
if (process.env.GALLERY_ALL) LOOKS.push({ theme: 'dark', lang: 'en' }, { theme: 'light', lang: 'ja' })
/** `GALLERY_ONLY=inbox,message` looks at these views alone. */
const only = process.env.GALLERY_ONLY?.split(',') ?? null

test.describe.configure({ mode: 'parallel' })

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on any view, ${theme}, ${lang}`, async ({ gallery }) => {
    test.setTimeout(900_000)
    const offences: string[] = []
    for (const { view, state } of await gallery.states()) {
      if (only !== null && !only.includes(view)) continue
      await gallery.open(view, state, { theme, lang })
      // The legacy mode opens no page of its own for the report, which takes longer than the look itself.
      const { violations } = await new AxeBuilder({ page: gallery.page })
        .options({ resultTypes: ['violations'] })
        .setLegacyMode(true)
        .analyze()
      for (const violation of violations) {
        for (const node of violation.nodes) {
          offences.push(
            `${view}, ${state}: ${violation.id} at ${node.target.join(' ')}: ${node.failureSummary}`,
          )
        }
      }
    }
    expect(offences).toEqual([])
    expect(gallery.leaks).toEqual([])
  })
}
