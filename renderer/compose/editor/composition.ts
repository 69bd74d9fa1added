/**
 * What an input method does is only text. While a word is composed, and when it is settled, no Markdown rule and no
 * link finder of the editor acts on it; they act again at the next key that is one. Refuses to touch the text itself.
 */

import { Extension } from '@tiptap/core'
import { Plugin } from '@tiptap/pm/state'

export const Composition = Extension.create({
  name: 'composition',
  priority: 1_000,

  addStorage() {
    return { isFresh: false }
  },

  dispatchTransaction({ transaction, next }) {
    const { storage } = this
    // The rules also run by themselves a moment after a composition has ended.
    if (storage.isFresh && transaction.getMeta('inputRule') === true) return
    if (storage.isFresh) transaction.setMeta('preventAutolink', true)
    next(transaction)
  },

  addProseMirrorPlugins() {
    const { storage } = this
    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            compositionstart() {
              storage.isFresh = true
              return false
            },
            keydown(_view, event) {
              if (!event.isComposing && event.keyCode !== 229) storage.isFresh = false
              return false
            },
          },
        },
      }),
    ]
  },
})
