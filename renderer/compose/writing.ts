/** What a form that writes a draft can be asked for from outside, and what it leaves behind. Only shapes. */

import type { RefObject } from 'react'
import type { Draft } from '../../shared/model.ts'

/** What a composer that must not write any more leaves behind. */
export type Left = {
  draft: Draft
  /** False where the program does not have the last words. */
  isSaved: boolean
  /** Names of files that were on their way and are not in the draft. */
  files: readonly string[]
}

export type Writing = {
  /** Saves the last words, if it `saves`, and never again. */
  letGo(saves: boolean): Promise<Left>
  /** It sends or discards the draft itself: that it is no more is no news. */
  isEnding(): boolean
}

/** How this window has the draft, and where the form says how it can be asked to let it go. */
export type HeldDraft = {
  /** The fields hold words that were never saved. */
  isUnsaved: boolean
  onRefused: () => void
  writing: RefObject<Writing | null>
}
