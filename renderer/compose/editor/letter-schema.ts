/**
 * What a letter can consist of, as extensions of the editor: one set with formats, one of plain lines. Refuses anything
 * that shared/letter-html.ts does not list, so that nothing can be typed or pasted that could not be sent.
 */

import { Extension, type Extensions, Node } from '@tiptap/core'
import { TableKit } from '@tiptap/extension-table'
import { redo, undo } from '@tiptap/pm/history'
import type { Command } from '@tiptap/pm/state'
import StarterKit from '@tiptap/starter-kit'
import { contentIdOf, isLetterLink } from '../../../shared/letter-html.ts'
import type { UndoRecord } from './undo-record.ts'

/** `example.org` becomes a link only where it is meant as one: file names end like domains ("plan.zip"). */
function isMeantAsLink(text: string): boolean {
  return /^(?:https?:\/\/|www\.|mailto:)/i.test(text) || /^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(text)
}

function isLinkTarget(url: string | undefined): boolean {
  if (url === undefined) return false
  return isLetterLink(url) || (!/^[a-z][a-z\d+.-]*:/i.test(url) && isLetterLink(`https://${url}`))
}

/** The mark of a quote of another mail, beside quotes that the writer makes. */
const CitedQuote = Extension.create({
  name: 'citedQuote',
  addGlobalAttributes() {
    return [
      {
        types: ['blockquote'],
        attributes: {
          isCited: {
            default: false,
            parseHTML: element => element.getAttribute('type') === 'cite',
            renderHTML: attributes => (attributes.isCited === true ? { type: 'cite' } : {}),
          },
        },
      },
    ]
  },
})

function sizeOf(value: string | null): number | null {
  return value !== null && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : null
}

export type PictureAttributes = {
  contentId: string
  alt: string
  width: number | null
  height: number | null
}

/** A picture within the text. It names its attachment and never an address; how it looks is picture-view.ts. */
export const Picture = Node.create({
  name: 'picture',
  inline: true,
  group: 'inline',
  draggable: true,
  atom: true,
  addAttributes() {
    return {
      contentId: { default: '' },
      alt: { default: '' },
      width: { default: null },
      height: { default: null },
    }
  },
  parseHTML() {
    return [
      {
        tag: 'img[src]',
        getAttrs: image => {
          const contentId = contentIdOf(image.getAttribute('src') ?? '')
          if (contentId === null) return false
          return {
            contentId,
            alt: image.getAttribute('alt') ?? '',
            width: sizeOf(image.getAttribute('width')),
            height: sizeOf(image.getAttribute('height')),
          } satisfies PictureAttributes
        },
      },
    ]
  },
  /** For the clipboard alone: `cid:` leads nowhere outside of this draft. */
  renderHTML({ node }) {
    const { contentId, alt, width, height } = node.attrs as PictureAttributes
    return ['img', { src: `cid:${contentId}`, alt, width, height }]
  },
})

/** The editor's history is the one whose record is kept with the draft. */
function undoing(record: UndoRecord) {
  return Extension.create({
    name: 'undoing',
    addProseMirrorPlugins: () => record.plugins,
    addKeyboardShortcuts() {
      const { editor } = this
      // Taken also where there is nothing left: a redo that is not would fall through to the key without Shift.
      const take = (command: Command) => () => {
        command(editor.state, editor.view.dispatch)
        return true
      }
      const back = take(undo)
      const forth = take(redo)
      return { 'Mod-z': back, 'Shift-Mod-z': forth, 'Mod-y': forth }
    },
  })
}

/** Lines and nothing else. */
export function plainExtensions(record: UndoRecord): Extensions {
  return [
    StarterKit.configure({
      blockquote: false,
      bold: false,
      bulletList: false,
      code: false,
      codeBlock: false,
      dropcursor: false,
      gapcursor: false,
      hardBreak: false,
      heading: false,
      horizontalRule: false,
      italic: false,
      link: false,
      listItem: false,
      listKeymap: false,
      orderedList: false,
      strike: false,
      trailingNode: false,
      underline: false,
      undoRedo: false,
    }),
    undoing(record),
  ]
}

/** `picture` is the node with the view it is shown by. */
export function richExtensions(record: UndoRecord, picture: Node): Extensions {
  return [
    StarterKit.configure({
      heading: { levels: [1, 2, 3] },
      dropcursor: { class: 'letter-drop', color: false },
      undoRedo: false,
      link: {
        openOnClick: false,
        markdownLinks: true,
        defaultProtocol: 'https',
        HTMLAttributes: { target: null, rel: null },
        isAllowedUri: isLinkTarget,
        shouldAutoLink: isMeantAsLink,
      },
    }),
    undoing(record),
    CitedQuote,
    TableKit.configure({ table: { resizable: false } }),
    picture,
  ]
}
