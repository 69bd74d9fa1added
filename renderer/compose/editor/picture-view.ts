/**
 * How a picture stands in the text: its pixels from a blob: URL, a frame when it is chosen, and a corner to pull. With
 * the keyboard Alt and an arrow make it bigger and smaller. Refuses any other source of pixels.
 */

import type { Node as ProseMirrorNode } from '@tiptap/pm/model'
import { NodeSelection } from '@tiptap/pm/state'
import type { EditorView, NodeView } from '@tiptap/pm/view'
import { Picture, type PictureAttributes } from './letter-schema.ts'
import type { Pictures } from './pictures.ts'

export type PictureWords = { resize: string; loading: string; gone: string }

const SMALLEST = 24
const LARGEST = 2_000
const STEP = 16

/** The size with this width in the same proportions. */
export function sizeOfWidth(
  { width, height }: PictureAttributes,
  wanted: number,
): Partial<PictureAttributes> {
  const next = Math.round(Math.min(LARGEST, Math.max(SMALLEST, wanted)))
  return {
    width: next,
    height: width !== null && height !== null ? Math.max(1, Math.round((height * next) / width)) : null,
  }
}

/** The picture that is chosen, with its place. */
export function chosenPicture(view: EditorView): { position: number; attributes: PictureAttributes } | null {
  const { selection } = view.state
  if (!(selection instanceof NodeSelection) || selection.node.type.name !== Picture.name) return null
  return { position: selection.from, attributes: selection.node.attrs as PictureAttributes }
}

/** Changes the picture at `position` and keeps it chosen. */
export function changePicture(view: EditorView, position: number, change: Partial<PictureAttributes>): void {
  const node = view.state.doc.nodeAt(position)
  if (node?.type.name !== Picture.name) return
  const transaction = view.state.tr.setNodeMarkup(position, null, { ...node.attrs, ...change }, node.marks)
  view.dispatch(transaction.setSelection(NodeSelection.create(transaction.doc, position)))
}

/** The node of a picture with its view. */
export function pictureNode(pictures: Pictures, words: PictureWords) {
  return Picture.extend({
    addNodeView() {
      return ({ node, view, getPos }) => createPictureView({ node, view, getPos, pictures, words })
    },
    addKeyboardShortcuts() {
      const resize = (by: number) => () => {
        const chosen = chosenPicture(this.editor.view)
        if (chosen === null) return false
        const { position, attributes } = chosen
        changePicture(this.editor.view, position, sizeOfWidth(attributes, (attributes.width ?? 320) + by))
        return true
      }
      return {
        'Alt-ArrowRight': resize(STEP),
        'Alt-ArrowUp': resize(STEP),
        'Alt-ArrowLeft': resize(-STEP),
        'Alt-ArrowDown': resize(-STEP),
      }
    },
  })
}

type ViewInput = {
  node: ProseMirrorNode
  view: EditorView
  getPos: () => number | undefined
  pictures: Pictures
  words: PictureWords
}

function createPictureView({ node, view, getPos, pictures, words }: ViewInput): NodeView {
  let attributes = node.attrs as PictureAttributes
  const dom = document.createElement('span')
  const image = document.createElement('img')
  const corner = document.createElement('span')
  const note = document.createElement('span')
  dom.className = 'letter-picture'
  corner.className = 'letter-corner'
  corner.title = words.resize
  note.className = 'letter-note'
  image.draggable = false
  dom.append(image, note, corner)

  function show(): void {
    const seen = pictures.look(attributes.contentId)
    dom.dataset.state = seen.state
    if (seen.state === 'there' && image.src !== seen.url) image.src = seen.url
    note.textContent = seen.state === 'loading' ? words.loading : seen.state === 'gone' ? words.gone : ''
    image.alt = attributes.alt
    for (const side of ['width', 'height'] as const) {
      const value = attributes[side]
      if (value === null) image.removeAttribute(side)
      else image.setAttribute(side, String(value))
    }
  }

  function pull(start: PointerEvent): void {
    start.preventDefault()
    start.stopPropagation()
    const { left } = image.getBoundingClientRect()
    corner.setPointerCapture(start.pointerId)
    let size: Partial<PictureAttributes> = {}
    const move = (event: PointerEvent) => {
      size = sizeOfWidth(withProportions(attributes, image), event.clientX - left)
      image.setAttribute('width', String(size.width))
      if (size.height) image.setAttribute('height', String(size.height))
    }
    const end = () => {
      corner.removeEventListener('pointermove', move)
      const position = getPos()
      if (size.width !== undefined && position !== undefined) changePicture(view, position, size)
    }
    corner.addEventListener('pointermove', move)
    corner.addEventListener('lostpointercapture', end, { once: true })
  }
  corner.addEventListener('pointerdown', pull)
  // Where the browser puts its cursor beside the picture, the editor would take that for the choice.
  image.addEventListener('click', () => {
    const position = getPos()
    if (position === undefined) return
    view.focus()
    view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, position)))
  })
  const unsubscribe = pictures.subscribe(show)
  show()

  return {
    dom,
    update(next) {
      if (next.type !== node.type) return false
      attributes = next.attrs as PictureAttributes
      show()
      return true
    },
    selectNode: () => dom.setAttribute('data-chosen', ''),
    deselectNode: () => dom.removeAttribute('data-chosen'),
    stopEvent: event => event.target === corner,
    ignoreMutation: () => true,
    destroy: unsubscribe,
  }
}

function withProportions(attributes: PictureAttributes, image: HTMLImageElement): PictureAttributes {
  if (attributes.width !== null && attributes.height !== null) return attributes
  return { ...attributes, width: image.naturalWidth || null, height: image.naturalHeight || null }
}
