/** Where a composer stands on its way to Send. */

import type { DraftQuestion } from '../../shared/draft-questions.ts'

/** What Send is doing: nothing, looking for questions, asking the writer, waiting for files, or putting it in the outbox. */
export type Sending =
  | { step: 'no' }
  /** What is written stays as it is; Escape takes Send back. */
  | { step: 'looks' }
  | { step: 'asks'; questions: readonly DraftQuestion[]; sendAt: number | null }
  /** The same mail went a moment ago, as `itemId`. */
  | { step: 'asks-again'; sendAt: number | null; itemId: string }
  /** It is too big for the server: the ways out are shown. */
  | { step: 'too-big'; sendAt: number | null }
  | { step: 'waits-for-files'; sendAt: number | null }
  /** A file could not be attached: it does not leave without it unasked. */
  | { step: 'lacks-files' }
  | { step: 'going' }
