/**
 * What comes into a letter by paste and drop: words, sanitised structure, pictures. Everything is taken by us, so that
 * the browser itself never puts foreign html on the page. Refuses files that are no pictures: they are attachments.
 */

import { Extension } from '@tiptap/core'
import { Slice } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { blocksOfLines } from './letter-reader.ts'
import { wordsOfFragment } from './letter-writer.ts'
import { pastedHtml } from './pasted-html.ts'
import { isPicture } from './pictures.ts'

type Options = {
  isRich: boolean
  /** Puts pictures at a place of the text; left out, where the cursor is. */
  insertPictures(files: readonly File[], position?: number): void
}

/** What a clipboard or a drag holds: `files` only where there are no words beside them (a table brings its picture). */
function filesOf(data: DataTransfer): File[] {
  return data.types.includes('text/plain') ? [] : [...data.files]
}

function areAllPictures(files: readonly File[]): boolean {
  return files.length > 0 && files.every(isPicture)
}

export function clipboardExtension({ isRich, insertPictures }: Options) {
  /** True where nothing is left to be done for the editor or the browser. */
  function takePaste(view: EditorView, event: ClipboardEvent): boolean {
    const data = event.clipboardData
    // Foreign html in the middle of a word being composed would be the browser's to place.
    if (data === null || view.composing) return refuse(event)
    const files = filesOf(data)
    if (files.length > 0) {
      // Other files go to the composer, which attaches them.
      if (isRich && areAllPictures(files)) {
        insertPictures(files)
        event.stopPropagation()
        return refuse(event)
      }
      return true
    }
    const words = data.getData('text/plain')
    const hasHtml = data.types.includes('text/html')
    if (!isRich && words !== '') {
      view.pasteText(words, event)
      return refuse(event)
    }
    return words === '' && !hasHtml ? refuse(event) : false
  }

  function takeDrop(view: EditorView, event: DragEvent): boolean {
    const files = event.dataTransfer === null ? [] : [...event.dataTransfer.files]
    if (files.length === 0) return false
    if (!isRich || !areAllPictures(files)) return true
    const place = view.posAtCoords({ left: event.clientX, top: event.clientY })
    insertPictures(files, place?.pos)
    // Not stopped: the composer has to see that the drag is over.
    return refuse(event)
  }

  return Extension.create({
    name: 'clipboard',
    priority: 1_000,
    addProseMirrorPlugins: () => [
      new Plugin({
        props: {
          handleDOMEvents: { paste: takePaste, drop: takeDrop },
          transformPastedHTML: pastedHtml,
          // One line each, empty ones too; an answer's `>` is text when it is pasted.
          clipboardTextParser(text, _context, _isPlain, view) {
            const lines = text.toWellFormed().replace(/\r\n?/g, '\n').split('\n')
            const blocks = blocksOfLines(view.state.schema, lines, Number.POSITIVE_INFINITY)
            return Slice.maxOpen(view.state.schema.node('doc', null, blocks).content)
          },
          clipboardTextSerializer: slice => wordsOfFragment(slice.content),
        },
      }),
    ],
  })
}

function refuse(event: Event): true {
  event.preventDefault()
  return true
}
