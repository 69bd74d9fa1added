/**
 * Of all saved states of a draft, those that a person looks for: the last before a rest, before words were lost, and
 * before files came or went. A state a second is kept while somebody types; nobody wants to read such a list.
 */

import type { DraftVersion } from '../../shared/model.ts'

export const REST_MS = 60_000
/** So many characters fewer are a loss, and not a correction. */
export const LOSS = 20

export type VersionStep = {
  version: DraftVersion
  /** The words that this stretch of writing began with. */
  words: string
  /** Characters against the step before; null for the first. */
  growth: number | null
}

/** Both newest first. With `isEvery`, each state is a step. */
export function versionSteps(versions: readonly DraftVersion[], isEvery = false): VersionStep[] {
  const steps: VersionStep[] = []
  for (const [index, version] of versions.entries()) {
    const newer = versions[index - 1]
    const last = steps.at(-1)
    if (newer === undefined || last === undefined || isEvery || isStep(version, newer)) {
      if (last !== undefined) last.growth = last.version.characters - version.characters
      steps.push({ version, words: version.preview, growth: null })
    } else if (version.preview !== '') last.words = version.preview
  }
  return steps
}

const isStep = (version: DraftVersion, newer: DraftVersion): boolean =>
  newer.savedAt - version.savedAt >= REST_MS ||
  version.characters - newer.characters >= LOSS ||
  newer.attachments !== version.attachments
