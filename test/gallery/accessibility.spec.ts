/** axe on every state of every view, in both themes and both languages. */

import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { type Look, test } from './open-gallery.ts'

const LOOKS: Look[] = [
  { theme: 'light', lang: 'en' },
  { theme: 'dark', lang: 'ja' },
  { theme: 'dark', lang: 'en' },
  { theme: 'light', lang: 'ja' },
]
/** `GALLERY_ONLY=inbox,message` looks at these views alone. */
const only = process.env.GALLERY_ONLY?.split(',') ?? null

for (const { theme, lang } of LOOKS) {
  test(`axe finds nothing on any view, ${theme}, ${lang}`, async ({ gallery }) => {
    test.setTimeout(900_000)
    const offences: string[] = []
    for (const { view, state } of await gallery.states()) {
      if (only !== null && !only.includes(view)) continue
      await gallery.open(view, state, { theme, lang })
      const { violations } = await new AxeBuilder({ page: gallery.page }).analyze()
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
