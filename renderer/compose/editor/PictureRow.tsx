/** The chosen picture's description and width, in the place of the bar. */

import { Button } from '@mantine/core'
import type { Editor } from '@tiptap/core'
import { useEffect, useId, useState } from 'react'
import { useWords } from '../../i18n/words.ts'
import css from './EditorBar.module.css'
import { changePicture, chosenPicture, sizeOfWidth } from './picture-view.ts'

export function PictureRow({ editor }: { editor: Editor }) {
  const words = useWords()
  const altId = useId()
  const widthId = useId()
  const chosen = useChosen(editor)
  const [width, setWidth] = useState('')
  const shownWidth = chosen?.attributes.width ?? null
  useEffect(() => setWidth(shownWidth === null ? '' : String(shownWidth)), [shownWidth])
  if (chosen === null) return null
  const { position, attributes } = chosen

  function resize(): void {
    const wanted = Number(width)
    if (Number.isFinite(wanted) && wanted > 0)
      changePicture(editor.view, position, sizeOfWidth(attributes, wanted))
  }

  return (
    <div className={css.bar}>
      <label className={css.label} htmlFor={altId}>
        {words('editor.pictureAlt')}
      </label>
      <input
        id={altId}
        className={css.field}
        type="text"
        autoComplete="off"
        spellCheck
        value={attributes.alt}
        onChange={event => changePicture(editor.view, position, { alt: event.target.value })}
      />
      <label className={css.label} htmlFor={widthId}>
        {words('editor.pictureWidth')}
      </label>
      <input
        id={widthId}
        className={css.number}
        type="number"
        min={24}
        max={2000}
        step={16}
        value={width}
        onChange={event => setWidth(event.target.value)}
        onBlur={resize}
        onKeyDown={event => {
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) resize()
        }}
      />
      <Button
        size="compact-sm"
        onClick={() =>
          editor
            .chain()
            .focus()
            .setTextSelection(position + 1)
            .run()
        }
      >
        {words('editor.back')}
      </Button>
    </div>
  )
}

/** The picture as it is now; it is written in here, so that each change is looked at again. */
function useChosen(editor: Editor) {
  const [, setCount] = useState(0)
  useEffect(() => {
    const look = () => setCount(count => count + 1)
    editor.on('transaction', look)
    return () => {
      editor.off('transaction', look)
    }
  }, [editor])
  return chosenPicture(editor.view)
}
