/**
 * One letter being written: the editor put together, and the few things a page wants of it. It lives outside of React,
 * which never renders what is typed. Refuses to compute html at a key press: it is taken at a pause.
 */

import { Editor } from '@tiptap/core'
import { closeHistory } from '@tiptap/pm/history'
import type { Node } from '@tiptap/pm/model'
import { EditorState, Selection } from '@tiptap/pm/state'
import { isComposing } from '../../ui/ime.ts'
import { clipboardExtension } from './clipboard.ts'
import { Composition } from './composition.ts'
import { CursorReturn } from './cursor-return.ts'
import { fillFieldsIn, LetterFields, takeFieldKey } from './letter-fields.ts'
import { type Insertion, insertLetter } from './letter-insertion.ts'
import { letterOfHtml, letterOfWords } from './letter-reader.ts'
import { plainExtensions, richExtensions } from './letter-schema.ts'
import { blockToWrite, changeSignature, positionOf } from './letter-signature.ts'
import { hasFormats, letterHtml, letterWords } from './letter-writer.ts'
import { type PictureWords, pictureNode } from './picture-view.ts'
import { isPicture, naturalSize, newContentId, type Pictures } from './pictures.ts'
import { createSnippetTyping, type SnippetTyping } from './snippet-typing.ts'
import type { InsertOptions, Letter, SnippetSource, Surface } from './surface.ts'
import { createUndoRecord } from './undo-record.ts'

/** Wider pictures are shown, and sent, as wide as a line of text. */
const WIDEST_PICTURE = 560

export type LetterEditorOptions = {
  element: HTMLElement
  letter: Letter
  /** What `undoRecord` gave when this letter was saved, if it was. */
  undo: string | null
  pictures: Pictures
  pictureWords: PictureWords
  /** Attaches a file: under this Content-ID, or as a file like others where there is none. False refuses it. */
  attach(file: File, contentId: string | null): boolean
  /** Null where no snippet is called. */
  snippets: SnippetSource | null
  attributes: Record<string, string>
  /** Something was written; called at every change, so it has to be cheap. */
  onTyping(): void
}

export type LetterEditor = Surface & {
  editor: Editor
  isRich: boolean
  /** What is written, changed or not. */
  read(): Letter
  hasFormats(): boolean
  snippetTyping: SnippetTyping
  insertPictures(files: readonly File[], position?: number): void
  /** Its file could not be attached, or was taken off. */
  removePicture(contentId: string): void
  destroy(): void
}

export function createLetterEditor(options: LetterEditorOptions): LetterEditor {
  const { letter, pictures } = options
  const isRich = letter.html !== null
  const record = createUndoRecord()
  let hasChanged = false
  let lastContent = letter.html ?? letter.text

  async function insertPicture(file: File, position: number | undefined): Promise<void> {
    const contentId = newContentId()
    const size = isPicture(file) ? await naturalSize(pictures.add(contentId, file)) : null
    if (editor.isDestroyed) return
    const isTaken = options.attach(file, size === null ? null : contentId)
    if (!isTaken || size === null) return
    const width = Math.min(size.width, WIDEST_PICTURE)
    const height = Math.max(1, Math.round((size.height * width) / size.width))
    const at = Math.min(position ?? editor.state.selection.to, editor.state.doc.content.size)
    editor
      .chain()
      .insertContentAt(at, { type: 'picture', attrs: { contentId, alt: '', width, height } })
      .run()
  }

  async function insertPictures(files: readonly File[], position?: number): Promise<void> {
    for (const file of files) await insertPicture(file, position)
  }

  function removePicture(contentId: string): void {
    const transaction = editor.state.tr
    editor.state.doc.descendants((node, position) => {
      if (node.type.name === 'picture' && node.attrs.contentId === contentId) {
        const at = transaction.mapping.map(position)
        transaction.delete(at, at + node.nodeSize)
      }
    })
    if (transaction.docChanged) editor.view.dispatch(transaction)
  }

  /** Puts a letter in and, where the writer is asked for its fields, chooses the first. */
  function insert(inserted: Letter, { asksFields = false, ...insertion }: InsertOptions & Insertion): void {
    const place = insertLetter(editor, docOf(editor, inserted), insertion)
    if (asksFields) fillFieldsIn(editor, place)
  }

  const snippetTyping = createSnippetTyping(
    () => options.snippets?.all() ?? [],
    (snippet, range) => {
      const { letter: own, asksFields } = options.snippets?.letterOf(snippet) ?? {
        letter: snippet,
        asksFields: false,
      }
      insert(own, { asksFields, range })
    },
  )

  const editor = new Editor({
    element: options.element,
    injectCSS: false,
    enablePasteRules: ['link'],
    extensions: [
      Composition,
      CursorReturn,
      LetterFields,
      snippetTyping.extension,
      clipboardExtension({ isRich, insertPictures: (files, at) => void insertPictures(files, at) }),
      ...(isRich
        ? richExtensions(record, pictureNode(pictures, options.pictureWords))
        : plainExtensions(record)),
    ],
    editorProps: {
      attributes: options.attributes,
      // Of the rest, the composer's keys are left to it untouched.
      handleDOMEvents: {
        keydown: (_view, event) =>
          snippetTyping.takeKey(event) || takeFieldKey(editor, event) || isComposerKey(event),
      },
    },
    onUpdate() {
      hasChanged = true
      options.onTyping()
    },
  })

  begin(editor, docOf(editor, letter))
  const again = options.undo === null ? null : record.restore(editor.state, lastContent, options.undo)
  if (again !== null) editor.view.updateState(again)

  function read(): Letter {
    const { doc } = editor.state
    const text = letterWords(doc)
    return { html: isRich ? letterHtml(doc) : null, text }
  }

  return {
    editor,
    isRich,
    read,
    take() {
      if (!hasChanged) return null
      const taken = read()
      hasChanged = false
      lastContent = taken.html ?? taken.text
      return taken
    },
    undoRecord: () => record.write(lastContent),
    hasFormats: () => isRich && hasFormats(editor.state.doc),
    insertPictures: (files, position) => void insertPictures(files, position),
    removePicture,
    insert: text => editor.view.dispatch(editor.state.tr.insertText(text).scrollIntoView()),
    insertLetter: (inserted, asked = {}) => insert(inserted, asked),
    sign: change => changeSignature(editor, change, piece => docOf(editor, piece)),
    replace(next) {
      if ((next.html !== null) !== isRich) return false
      const { content } = closedBelow(docOf(editor, next))
      const { doc, tr } = editor.state
      editor.view.dispatch(closeHistory(tr).replaceWith(0, doc.content.size, content))
      // What is typed next is a change of its own.
      editor.view.dispatch(closeHistory(editor.state.tr))
      return true
    },
    snippetTyping,
    element: editor.view.dom,
    destroy: () => editor.destroy(),
  }
}

/** Send and close; of an input method they are not. */
function isComposerKey(event: KeyboardEvent): boolean {
  if (isComposing(event)) return false
  return event.key === 'Escape' || (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
}

function docOf(editor: Editor, { html, text }: Letter): Node {
  const isRich = editor.schema.nodes.blockquote !== undefined
  return isRich && html !== null && html !== ''
    ? letterOfHtml(editor.schema, html)
    : letterOfWords(editor.schema, text)
}

/** Below a quote or a table there is a line to write on; put in here, it is not a change of the writer's. */
function closedBelow(doc: Node): Node {
  if (doc.lastChild?.type.name === 'paragraph') return doc
  const line = doc.type.schema.nodes.paragraph?.create()
  return line === undefined ? doc : doc.copy(doc.content.addToEnd(line))
}

/** Puts the letter in, which nobody can undo, with the cursor on the line that is meant for the answer. */
function begin(editor: Editor, doc: Node): void {
  const { plugins } = editor.state
  const closed = closedBelow(doc)
  const selection = Selection.near(closed.resolve(positionOf(doc, blockToWrite(doc)) + 1))
  editor.view.updateState(EditorState.create({ doc: closed, selection, plugins }))
}
