/**
 * The cursor where it was when the letter gets the focus again by a key or by the page. A browser puts it at the very
 * beginning then, and the editor would believe it. Refuses to move the cursor of a mouse.
 */

import { Extension } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'

export const CursorReturn = Extension.create({
  name: 'cursorReturn',
  addProseMirrorPlugins() {
    let isPressed = false
    let atOnce = () => {}
    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            mousedown() {
              // The focus that a press brings follows at once.
              isPressed = true
              setTimeout(() => {
                isPressed = false
              })
              return false
            },
            focus(view) {
              if (!isPressed) atOnce = returnCursor(view)
              return false
            },
            // A key that is quicker than that writes at the right place too.
            keydown() {
              atOnce()
              return false
            },
          },
        },
      }),
    ]
  },
})

/**
 * After the browser has put its own cursor, whether or not the editor has heard of that by then. Gives the way to have
 * it at once.
 */
function returnCursor(view: EditorView): () => void {
  const { doc, selection } = view.state
  let isDone = false
  const go = () => {
    if (isDone) return
    isDone = true
    if (view.isDestroyed || !view.hasFocus() || !view.state.doc.eq(doc)) return
    if (view.state.selection.eq(selection)) view.focus()
    else view.dispatch(view.state.tr.setSelection(selection))
  }
  setTimeout(go)
  return go
}
