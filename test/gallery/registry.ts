/** Every state of every view, in one list: the gallery page, the axe check and the photographer all read it. */

import { accountsStates } from './accounts-states.tsx'
import { composeStates } from './compose-states.tsx'
import { conversationStates } from './conversation-states.tsx'
import { folderStates } from './folder-states.tsx'
import { frameStates } from './frame-states.tsx'
import { identityStates } from './identity-states.tsx'
import { journeyStates } from './journey-states.tsx'
import { mergeStates } from './merge-states.tsx'
import { outboxStates } from './outbox-states.tsx'
import { peopleStates } from './people-states.tsx'
import { questionStates } from './question-states.tsx'
import { searchStates } from './search-states.tsx'
import type { GalleryState } from './state.ts'
import { templatesStates } from './templates-states.tsx'

export const galleryStates: readonly GalleryState[] = [
  ...frameStates,
  ...conversationStates,
  ...folderStates,
  ...composeStates,
  ...identityStates,
  ...questionStates,
  ...outboxStates,
  ...mergeStates,
  ...journeyStates,
  ...accountsStates,
  ...peopleStates,
  ...searchStates,
  ...templatesStates,
]
