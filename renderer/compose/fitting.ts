/** How many composers stand side by side. Pure. */

import type { ComposerSize, OpenComposer } from './composers.ts'

export const COMPOSER_WIDTH = 640
const GAP = 12
const MARGIN = 24

/**
 * The size each is drawn in: the ones on the right stay as they are, those for which the window has no room are
 * drawn minimised until there is room again. One that is full leaves the rest minimised.
 */
export function fitted(composers: readonly OpenComposer[], windowWidth: number): ComposerSize[] {
  const isOneFull = composers.some(composer => composer.size === 'full')
  let room = Math.max(1, Math.floor((windowWidth - 2 * MARGIN + GAP) / (COMPOSER_WIDTH + GAP)))
  return composers
    .toReversed()
    .map((composer): ComposerSize => {
      if (composer.size === 'minimised' || composer.size === 'full') return composer.size
      if (isOneFull || room === 0) return 'minimised'
      room -= 1
      return 'normal'
    })
    .toReversed()
}
