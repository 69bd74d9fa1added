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
              if (!isPressed) returnCursor(view)
              return false
            },
          },
        },
      }),
    ]
  },
})

/** After the browser has put its own cursor, whether or not the editor has heard of that by then. */
function returnCursor(view: EditorView): void {
  const { doc, selection } = view.state
  setTimeout(() => {
    if (view.isDestroyed || !view.hasFocus() || !view.state.doc.eq(doc)) return
    if (view.state.selection.eq(selection)) view.focus()
    else view.dispatch(view.state.tr.setSelection(selection))
  })
}
