/** Where a link of the text leads: set, changed or taken off, in the place of the bar. Enter sets, Escape goes back. */

import { Button } from '@mantine/core'
import type { Editor } from '@tiptap/core'
import { type KeyboardEvent, useId, useState } from 'react'
import { isLetterLink } from '../../../shared/letter-html.ts'
import { useWords } from '../../i18n/words.ts'
import { isComposing } from '../../ui/ime.ts'
import css from './EditorBar.module.css'

type Props = { editor: Editor; href: string | null; onDone: () => void }

/** What was typed as an address: with its scheme where it has none; null where it leads nowhere a letter may lead. */
export function linkOf(typed: string): string | null {
  const address = typed.trim()
  if (/^[^\s@/:]+@[^\s@/:]+$/.test(address)) return `mailto:${address}`
  const complete = /^[a-z][a-z\d+.-]*:/i.test(address) ? address : `https://${address}`
  return address !== '' && isLetterLink(complete) ? complete : null
}

export function LinkRow({ editor, href, onDone }: Props) {
  const words = useWords()
  const [typed, setTyped] = useState(href ?? '')
  const [isWrong, setWrong] = useState(false)
  const id = useId()

  function set(): void {
    const link = linkOf(typed)
    if (link === null) {
      setWrong(true)
      return
    }
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && href === null) {
      chain
        .insertContent({ type: 'text', text: typed.trim(), marks: [{ type: 'link', attrs: { href: link } }] })
        .run()
    } else chain.setLink({ href: link }).run()
    onDone()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event)) return
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      set()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      editor.commands.focus()
      onDone()
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter and Escape of the field inside
    <div className={css.bar} onKeyDown={onKeyDown}>
      <label className={css.label} htmlFor={id}>
        {words('editor.linkTo')}
      </label>
      <input
        id={id}
        className={css.field}
        type="url"
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: the row was asked for and has one field
        autoFocus
        value={typed}
        aria-invalid={isWrong || undefined}
        placeholder="https://"
        onChange={event => {
          setTyped(event.target.value)
          setWrong(false)
        }}
      />
      {isWrong && (
        <span className={css.wrong} role="alert">
          {words('editor.linkWrong')}
        </span>
      )}
      <Button size="compact-sm" onClick={set}>
        {words('editor.linkSet')}
      </Button>
      {href !== null && (
        <Button
          size="compact-sm"
          onClick={() => {
            editor.chain().focus().extendMarkRange('link').unsetLink().run()
            onDone()
          }}
        >
          {words('editor.linkOff')}
        </Button>
      )}
      <Button size="compact-sm" onClick={onDone}>
        {words('editor.back')}
      </Button>
    </div>
  )
}
