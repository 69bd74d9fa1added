/** What a composer knows of its writing surface, without loading the editor that it is made of. */

import type { Settings, Signature } from '../../../shared/model.ts'
import type { Template } from '../../../shared/template.ts'

/** `html` is null for plain text; `text` is always there. */
export type Letter = { html: string | null; text: string }

/** `asksFields`: the first field in it is chosen, and Tab goes on to the next. `onBack`: see letter-insertion.ts. */
export type InsertOptions = { asksFields?: boolean; onBack?: (isBack: boolean) => void }

/** What can be called by `;name`, and the letter that one becomes. */
export type SnippetSource = {
  all(): readonly Template[]
  letterOf(snippet: Template): { letter: Letter; asksFields: boolean }
}

export type SignatureChange = {
  before: Signature | null
  after: Signature | null
  /** Where a signature stands in an answer: of two that read alike, the other is of the mail that goes on. */
  place: Settings['signatures']
}

export type Surface = {
  /** What is written, if it changed since it was taken last; costs as much as the letter is long. */
  take(): Letter | null
  /** What can be undone, to be kept beside the letter that was taken last. */
  undoRecord(): string | null
  /** Writes at the cursor, as if it were typed. */
  insert(text: string): void
  /** Puts a letter in at the cursor, with its formats where there are formats; one undo takes it back. */
  insertLetter(letter: Letter, options?: InsertOptions): void
  /** Puts another letter in the place of this one, which undo takes back; false where it is of the other mode. */
  replace(letter: Letter): boolean
  /** Puts one signature in the place of another; see letter-signature.ts. */
  sign(change: SignatureChange): void
  /** Where it is written. */
  element: HTMLElement
}
