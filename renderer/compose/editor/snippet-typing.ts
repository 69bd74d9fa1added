/**
 * A snippet called by its name: `;name` at the beginning of a word shows which there are, and a key or a click puts one
 * in its place. Refuses to do anything by itself: without a choice the text stays as it was typed, and while an input
 * method composes nothing is shown and no key is taken.
 */

import { Extension } from '@tiptap/core'
import { isHistoryTransaction } from '@tiptap/pm/history'
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { foldText } from '../../../shared/fold.ts'
import type { Template } from '../../../shared/template.ts'
import { isComposing } from '../../ui/ime.ts'
import { INSERTED } from './letter-insertion.ts'

const MOST_SHOWN = 8
const LONGEST_NAME = 40
/** A word begins behind a space, a bracket or a sign of punctuation, and in Japanese behind any letter. */
const CALL = new RegExp(
  `(?:^|[\\s\\ufffc([{（「『【〔〈《“‘"'、。，．・：！？…—–]|[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々])[;；]([^\\s;；\\ufffc]{1,${LONGEST_NAME}})$`,
  'u',
)

export type SnippetCall = {
  options: readonly Template[]
  active: number
  /** Where the call stands in the text: its semicolon, and the cursor. */
  from: number
  to: number
}

export type SnippetTyping = {
  extension: Extension
  call(): SnippetCall | null
  subscribe(listener: () => void): () => void
  point(index: number): void
  choose(index: number): void
  /** True where the key was for the list. */
  takeKey(event: KeyboardEvent): boolean
}

/** `put` gets what was chosen, and what it takes the place of. */
export function createSnippetTyping(
  snippets: () => readonly Template[],
  put: (snippet: Template, place: { from: number; to: number }) => void,
): SnippetTyping {
  const key = new PluginKey<boolean>('snippetTyping')
  const listeners = new Set<() => void>()
  let current: SnippetCall | null = null
  /** Where a list was closed: the same word does not open it again. */
  let dismissedAt: number | null = null

  function become(next: SnippetCall | null): void {
    if (next === null && current === null) return
    current = next
    for (const listener of listeners) listener()
  }

  function look(view: EditorView): void {
    // The word behind the cursor is all that is read at a key press.
    const called = view.composing || key.getState(view.state) !== true ? null : callAt(view.state)
    if (called === null) {
      dismissedAt = null
      become(null)
      return
    }
    if (called.from === dismissedAt) return
    const options = matching(snippets(), called.name)
    if (options.length === 0) become(null)
    else {
      const chosen = current?.options[current.active]
      const active = Math.max(
        0,
        options.findIndex(({ id }) => id === chosen?.id),
      )
      become({ options, active, from: called.from, to: called.to })
    }
  }

  function dismiss(): void {
    dismissedAt = current?.from ?? null
    become(null)
  }

  function choose(index: number): void {
    const option = current?.options[index]
    if (current === null || option === undefined) return
    const { from, to } = current
    become(null)
    put(option, { from, to })
  }

  const extension = Extension.create({
    name: 'snippetTyping',
    addProseMirrorPlugins: () => [
      new Plugin<boolean>({
        key,
        state: {
          init: () => false,
          // Only what was typed calls: no paste, no undo, no cursor that comes along.
          apply(transaction, isTyping, before, after) {
            if (!transaction.docChanged) return isTyping && before.selection.eq(after.selection)
            const isBrought = ['paste', 'drop', 'cut'].includes(String(transaction.getMeta('uiEvent')))
            return !isBrought && !isHistoryTransaction(transaction) && transaction.getMeta(INSERTED) !== true
          },
        },
        view: () => ({ update: look, destroy: () => become(null) }),
        props: {
          handleDOMEvents: {
            // The last change of a composition may come before it has ended.
            compositionend(view) {
              setTimeout(() => view.isDestroyed || look(view))
              return false
            },
            blur() {
              dismiss()
              return false
            },
          },
        },
      }),
    ],
  })

  return {
    extension,
    call: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    point(index) {
      if (current !== null) become({ ...current, active: index })
    },
    choose,
    takeKey(event) {
      if (current === null || isComposing(event)) return false
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
      const { active, options } = current
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      if (step !== undefined) {
        become({ ...current, active: (active + step + options.length) % options.length })
      } else if (event.key === 'Enter' || event.key === 'Tab') choose(active)
      else if (event.key === 'Escape') dismiss()
      else return false
      event.preventDefault()
      return true
    },
  }
}

function callAt({ selection }: EditorState): { name: string; from: number; to: number } | null {
  const { $from, empty } = selection
  const line = $from.parent
  if (!empty || !line.isTextblock || line.type.spec.code === true) return null
  const offset = $from.parentOffset
  const before = line.textBetween(Math.max(0, offset - LONGEST_NAME - 2), offset, undefined, '\ufffc')
  const name = CALL.exec(before)?.[1]
  if (name === undefined || $from.marks().some(mark => mark.type.name === 'code')) return null
  return { name, from: $from.pos - name.length - 1, to: $from.pos }
}

function matching(snippets: readonly Template[], name: string): Template[] {
  const wanted = foldText(name)
  const isExact = (snippet: Template) => foldText(snippet.name) === wanted
  return snippets
    .filter(snippet => foldText(snippet.name).startsWith(wanted))
    .sort((left, right) => Number(isExact(right)) - Number(isExact(left)))
    .slice(0, MOST_SHOWN)
}
