/** Recipients being found. */

import { openComposer } from '../../renderer/compose/composers.ts'
import { aDraft } from '../support/builders.ts'
import { createFakeBridge, type World } from '../support/fake-bridge.ts'
import { typeInto } from './acting.ts'
import { groups, people } from './sample-people.ts'
import { sampleWorld } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }
const blank = aDraft({ id: 'blank', to: [haruka], subject: 'Photos for the catalogue' })

function recipients(name: string, act: () => void, world: Partial<World> = {}): GalleryState {
  return {
    view: 'recipients',
    state: name,
    bridge: () => createFakeBridge({ world: sampleWorld({ drafts: [blank], people, groups, ...world }) }),
    afterMount() {
      openComposer({ draftId: 'blank' })
      act()
    },
  }
}

const INPUT = 'section [role="combobox"]'

export const peopleStates: readonly GalleryState[] = [
  recipients('suggested', () => typeInto(INPUT, 'sa')),
  recipients('suggested-by-reading', () => typeInto(INPUT, '佐藤')),
]
