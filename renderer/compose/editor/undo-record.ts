/**
 * What can be undone and redone in a letter, as steps that outlive the window. Beside the editor's own history it notes
 * how each change is taken back; a letter that is opened again goes back by these steps and does them anew, and with that
 * the editor's history is what it was. Bounded; refuses a record that does not fit the letter to the last character.
 */

import { closeHistory, history, isHistoryTransaction, redoDepth, undo, undoDepth } from '@tiptap/pm/history'
import type { Node, Schema } from '@tiptap/pm/model'
import { EditorState, Plugin, TextSelection, type Transaction } from '@tiptap/pm/state'
import { Step, Transform } from '@tiptap/pm/transform'

/** How many changes can be taken back, and how long a pause begins a new one. */
const UNDO_DEPTH = 200
const UNDO_PAUSE_MS = 500
/** Characters of all that is kept; the oldest changes go first. */
export const LONGEST_RECORD = 400_000

/** One thing that undo takes back: its steps backwards, newest first, and where the cursor was before it. */
type Change = { back: Step[]; cursor: [number, number] }

type Written = { version: 1; of: string; undo: WrittenChange[]; redo: WrittenChange[] }
type WrittenChange = { back: unknown[]; cursor: [number, number] }

export type UndoRecord = {
  /** The editor's history and what watches it, in this order. */
  plugins: Plugin[]
  /** The record as it is saved beside `content`, or null where there is nothing to take back. */
  write(content: string): string | null
  /** The state with its history again, or null where the record does not fit. Call before anything is typed. */
  restore(state: EditorState, content: string, written: string): EditorState | null
}

/** A short name of a text, to see that a record belongs to it; not for secrets. */
export function fingerprint(text: string): string {
  let low = 0xdeadbeef
  let high = 0x41c6ce57
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    low = Math.imul(low ^ code, 2654435761)
    high = Math.imul(high ^ code, 1597334677)
  }
  return `${text.length}.${(low >>> 0).toString(36)}.${(high >>> 0).toString(36)}`
}

/** The steps that take `transaction` back, newest first. */
function stepsBack(transaction: Transform): Step[] {
  return transaction.steps.map((step, index) => step.invert(transaction.docs[index] as Node)).reverse()
}

/** Puts steps that come before on top; what was typed letter by letter is taken back as one piece. */
function stack(newer: readonly Step[], older: readonly Step[]): Step[] {
  const all: Step[] = []
  for (const step of [...newer, ...older]) {
    const joined = all.at(-1)?.merge(step)
    if (joined) all[all.length - 1] = joined
    else all.push(step)
  }
  return all
}

export function createUndoRecord(): UndoRecord {
  const memory = history({ depth: UNDO_DEPTH, newGroupDelay: UNDO_PAUSE_MS })
  let undone: Change[] = []
  let done: Change[] = []

  function note(transactions: readonly Transaction[], before: EditorState, after: EditorState): void {
    const changes = transactions.filter(transaction => transaction.docChanged)
    if (changes.length === 0) return
    const back = changes.reduce<Step[]>((steps, transaction) => stack(stepsBack(transaction), steps), [])
    const cursor: Change['cursor'] = [before.selection.anchor, before.selection.head]
    if (changes.some(isHistoryTransaction)) {
      const isUndo = redoDepth(after) > redoDepth(before)
      const [from, to] = isUndo ? [done, undone] : [undone, done]
      const moved = from.pop()
      to.push({ back, cursor: moved?.cursor ?? cursor })
      return
    }
    undone = []
    const last = done.at(-1)
    if (last !== undefined && undoDepth(after) === undoDepth(before)) last.back = stack(back, last.back)
    else done.push({ back, cursor })
    if (done.length > UNDO_DEPTH) done = done.slice(-UNDO_DEPTH)
  }

  return {
    plugins: [
      memory,
      new Plugin({
        appendTransaction(transactions, before, after) {
          note(transactions, before, after)
          return null
        },
      }),
    ],

    write(content) {
      const asWritten = ({ back, cursor }: Change): WrittenChange => ({
        back: back.map(step => step.toJSON()),
        cursor,
      })
      let room = LONGEST_RECORD
      const fitting = (changes: readonly Change[]): WrittenChange[] => {
        const kept: WrittenChange[] = []
        for (const change of [...changes].reverse()) {
          const written = asWritten(change)
          room -= JSON.stringify(written).length
          if (room < 0) break
          kept.unshift(written)
        }
        return kept
      }
      const written: Written = {
        version: 1,
        of: fingerprint(content),
        undo: fitting(done),
        redo: fitting(undone),
      }
      return written.undo.length + written.redo.length === 0 ? null : JSON.stringify(written)
    },

    restore(state, content, text) {
      const written = parseWritten(text, state.schema)
      if (written === null || written.of !== fingerprint(content)) return null
      const again = replay(state, memory, written)
      if (again !== null) [done, undone] = [written.undo, written.redo]
      return again
    },
  }
}

type Parsed = { of: string; undo: Change[]; redo: Change[] }

function parseWritten(text: string, schema: Schema): Parsed | null {
  try {
    const written = JSON.parse(text) as Written
    if (written.version !== 1) return null
    const changes = (list: WrittenChange[]): Change[] =>
      list.map(({ back, cursor: [anchor, head] }) => ({
        back: back.map(step => Step.fromJSON(schema, step)),
        cursor: [Number(anchor), Number(head)],
      }))
    return { of: String(written.of), undo: changes(written.undo), redo: changes(written.redo) }
  } catch {
    return null
  }
}

/** Goes back to where the record begins, and forward again with the editor's own history watching. */
function replay(state: EditorState, memory: Plugin, written: Parsed): EditorState | null {
  try {
    const past = new Transform(state.doc)
    const forward: { steps: Step[]; cursor: Change['cursor'] }[] = []
    for (const { back, cursor } of [...written.undo].reverse()) {
      const piece = new Transform(past.doc)
      for (const step of back) piece.step(step)
      forward.unshift({ steps: stepsBack(piece), cursor })
      for (const step of back) past.step(step)
    }
    // The history alone: what appends to changes (links, closing lines) has its steps in the record already.
    let again = EditorState.create({ doc: past.doc, plugins: [memory] })
    for (const change of forward) again = apply(again, change)
    if (!again.doc.eq(state.doc)) return null
    for (const { back, cursor } of [...written.redo].reverse()) again = apply(again, { steps: back, cursor })
    for (let count = written.redo.length; count > 0; count -= 1) {
      undo(again, transaction => {
        again = again.apply(transaction)
      })
    }
    if (!again.doc.eq(state.doc)) return null
    again = again.apply(again.tr.setSelection(state.selection.map(again.doc, again.tr.mapping)))
    return again.reconfigure({ plugins: state.plugins })
  } catch {
    return null
  }
}

function apply(
  state: EditorState,
  change: { steps: readonly Step[]; cursor: readonly [number, number] },
): EditorState {
  const place = (position: number) =>
    state.doc.resolve(Math.min(Math.max(0, position), state.doc.content.size))
  const [anchor, head] = change.cursor
  const before = state.apply(state.tr.setSelection(TextSelection.between(place(anchor), place(head))))
  const transaction = closeHistory(before.tr)
  for (const step of change.steps) transaction.step(step)
  return before.apply(transaction)
}
