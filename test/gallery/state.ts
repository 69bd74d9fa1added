/** What a picture of the gallery is: a view, in a state, on a played program. */

import type { ReactNode } from 'react'
import type { Where } from '../../renderer/frame/navigation.tsx'
import type { FakeBridge } from '../support/fake-bridge.ts'

export type GalleryState = {
  /** What is looked at: `inbox`, `composer` … */
  view: string
  /** `empty`, `loading`, `full`, `offline`, `failing`, or another word where a view has more. */
  state: string
  bridge(): FakeBridge
  /** Where the whole window begins; the unified inbox where it is left out. */
  startAt?: Where
  /** Instead of the whole window: one component, inside all providers. */
  show?(): ReactNode
  /** Runs once the window is mounted, for what begins with a command (`openComposer`). */
  afterMount?(bridge: FakeBridge): void
}
