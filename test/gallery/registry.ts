/** Every state of every view, in one list: the gallery page, the axe check and the photographer all read it. */

import { frameStates } from './frame-states.tsx'
import type { GalleryState } from './state.ts'

export const galleryStates: readonly GalleryState[] = [...frameStates]
