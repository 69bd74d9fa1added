/** The text of a template, in the editor of the composer; plain or with formats. Takes no pictures: it keeps no files. */

import { type RefObject, useEffect, useRef, useState } from 'react'
import { ConfirmDialog } from '../compose/ConfirmDialog.tsx'
import { EditorBar } from '../compose/editor/EditorBar.tsx'
import surfaceCss from '../compose/editor/LetterSurface.module.css'
import { createLetterEditor, type LetterEditor } from '../compose/editor/letter-editor.ts'
import { createPictures } from '../compose/editor/pictures.ts'
import type { Letter } from '../compose/editor/surface.ts'
import { useLanguage, useWords } from '../i18n/words.ts'
import css from './TemplatesView.module.css'

type Props = {
  letter: Letter
  editor: RefObject<LetterEditor | null>
  onTyping: () => void
  /** The letter after a change of mode. */
  onLetter: (letter: Letter) => void
}

export function TemplateText({ letter, editor, onTyping, onLetter }: Props) {
  const words = useWords()
  const language = useLanguage()
  const host = useRef<HTMLDivElement>(null)
  const [start, setStart] = useState(letter)
  const [current, setCurrent] = useState<LetterEditor | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [hasRefused, setRefused] = useState(false)
  const latest = useRef({ words, language, onTyping })
  latest.current = { words, language, onTyping }
  const isRich = start.html !== null

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const { words: say } = latest.current
    // A picture that another program put in has no file here.
    const pictures = createPictures('', () => [])
    const made = createLetterEditor({
      element,
      letter: start,
      undo: null,
      pictures,
      pictureWords: {
        resize: say('editor.pictureResize'),
        loading: say('editor.pictureLoading'),
        gone: say('editor.pictureGone'),
      },
      attach() {
        setRefused(true)
        return false
      },
      snippets: null,
      attributes: {
        class: surfaceCss.text ?? '',
        role: 'textbox',
        'aria-label': say('templates.text'),
        'aria-multiline': 'true',
        spellcheck: 'true',
        lang: latest.current.language,
      },
      onTyping: () => latest.current.onTyping(),
    })
    editor.current = made
    setCurrent(made)
    return () => {
      editor.current = null
      setCurrent(null)
      made.destroy()
      pictures.close()
    }
  }, [editor, start])

  function changeMode(): void {
    if (current === null) return
    const next: Letter = { html: isRich ? null : '', text: current.read().text }
    setAsking(false)
    setStart(next)
    onLetter(next)
  }

  return (
    <div className={css.paper}>
      <div className={surfaceCss.sheet}>
        <div ref={host} className={surfaceCss.host} data-plain={!isRich || undefined} />
      </div>
      <EditorBar
        letter={current}
        isRich={isRich}
        takesPictures={false}
        onMode={() => (current?.hasFormats() === true ? setAsking(true) : changeMode())}
      />
      {hasRefused && (
        <p className={css.refused} role="status">
          {words('templates.noPictures')}
        </p>
      )}
      <ConfirmDialog
        isOpen={isAsking}
        title={words('editor.plainTitle')}
        yes={{ text: words('editor.plainYes'), act: changeMode }}
        no={{ text: words('editor.plainNo'), act: () => setAsking(false) }}
      >
        {words('editor.plainText')}
      </ConfirmDialog>
    </div>
  )
}
