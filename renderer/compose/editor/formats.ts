/** Which formats hold where the cursor is, and the commands of the bar. Refuses to know how a button looks. */

import type { ChainedCommands, Editor } from '@tiptap/core'

export const FORMATS = [
  'bold',
  'italic',
  'underline',
  'bulletList',
  'orderedList',
  'blockquote',
  'link',
  'code',
] as const
export type FormatName = (typeof FORMATS)[number]

const TOGGLES: Readonly<Record<Exclude<FormatName, 'link'>, (chain: ChainedCommands) => ChainedCommands>> = {
  bold: chain => chain.toggleBold(),
  italic: chain => chain.toggleItalic(),
  underline: chain => chain.toggleUnderline(),
  bulletList: chain => chain.toggleBulletList(),
  orderedList: chain => chain.toggleOrderedList(),
  blockquote: chain => chain.toggleBlockquote(),
  code: chain => chain.toggleCode(),
}

export function toggleFormat(editor: Editor, name: Exclude<FormatName, 'link'>): void {
  TOGGLES[name](editor.chain().focus()).run()
}

export function clearFormats(editor: Editor): void {
  editor.chain().focus().unsetAllMarks().clearNodes().run()
}

/** What the bar shows: a new object only where it differs, so that React has nothing to do while somebody types. */
export type BarState = {
  active: ReadonlySet<FormatName>
  /** The address of the link under the cursor. */
  href: string | null
  isPictureChosen: boolean
}

function barState(editor: Editor): BarState {
  const { href } = editor.getAttributes('link')
  return {
    active: new Set(FORMATS.filter(name => editor.isActive(name))),
    href: typeof href === 'string' ? href : null,
    isPictureChosen: editor.isActive('picture'),
  }
}

/** Follows the editor for `useSyncExternalStore`; silent while an input method composes. */
export function followFormats(editor: Editor) {
  let state = barState(editor)
  let key = keyOf(state)
  return {
    state: () => state,
    subscribe(listener: () => void) {
      const look = () => {
        if (editor.view.composing) return
        const next = barState(editor)
        if (keyOf(next) === key) return
        state = next
        key = keyOf(next)
        listener()
      }
      editor.on('transaction', look)
      return () => {
        editor.off('transaction', look)
      }
    },
  }
}

function keyOf({ active, href, isPictureChosen }: BarState): string {
  return `${[...active].join()}|${href}|${isPictureChosen}`
}
