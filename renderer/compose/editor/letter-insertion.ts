/**
 * Putting a whole letter in where the cursor is: a template, a snippet, a signature. One undo takes it back, and
 * nothing that is typed before or after goes with it. Refuses to choose the place.
 */

import type { Editor } from '@tiptap/core'
import { closeHistory, isHistoryTransaction } from '@tiptap/pm/history'
import { type Node, Slice } from '@tiptap/pm/model'
import { TextSelection, type Transaction } from '@tiptap/pm/state'
import { letterWords } from './letter-writer.ts'

/** Marks the change that puts a letter in. */
export const INSERTED = 'letterInserted'

export type Insertion = {
  /** Instead of what is selected. */
  range?: { from: number; to: number }
  /** Told when undo takes it back (true), and when redo puts it there again (false). */
  onBack?: (isBack: boolean) => void
}

/** Gives where it stands now: from its first character to behind its last. */
export function insertLetter(
  editor: Editor,
  letter: Node,
  insertion: Insertion,
): { from: number; to: number } {
  const { state, view } = editor
  const transaction = closeHistory(state.tr)
  if (insertion.range !== undefined) {
    const { from, to } = insertion.range
    transaction.setSelection(TextSelection.create(state.doc, from, to))
  }
  const { from } = transaction.selection
  const isInCode = transaction.selection.$from.parent.type.spec.code === true
  if (isInCode) transaction.insertText(letterWords(letter))
  else transaction.replaceSelection(sliceOf(letter))
  const to = transaction.selection.to
  view.dispatch(transaction.setMeta(INSERTED, true).scrollIntoView())
  // What is typed next is a change of its own.
  view.dispatch(closeHistory(view.state.tr))
  if (insertion.onBack !== undefined) followHistory(editor, state.doc, insertion.onBack)
  return { from, to }
}

/** Lines join the line they are put into; a list or a table at the edge stays a block of its own. */
function sliceOf({ content }: Node): Slice {
  const isLine = (node: Node | null) => node?.type.name === 'paragraph'
  return new Slice(content, isLine(content.firstChild) ? 1 : 0, isLine(content.lastChild) ? 1 : 0)
}

function followHistory(editor: Editor, before: Node, onBack: (isBack: boolean) => void): void {
  const after = editor.state.doc
  editor.on('transaction', ({ transaction }: { transaction: Transaction }) => {
    if (!transaction.docChanged || !isHistoryTransaction(transaction)) return
    if (transaction.doc.eq(before)) onBack(true)
    else if (transaction.doc.eq(after)) onBack(false)
  })
}
