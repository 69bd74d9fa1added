/** A letter that is kept for other letters, a template or a signature; plain or with formats. Shows the pictures it was saved with; refuses new ones. */

import { type RefObject, useEffect, useRef, useState } from 'react'
import type { DraftAttachment } from '../../../shared/model.ts'
import { fail } from '../../../shared/problem.ts'
import { useLanguage, useWords } from '../../i18n/words.ts'
import { ConfirmDialog } from '../ConfirmDialog.tsx'
import { EditorBar } from './EditorBar.tsx'
import css from './KeptLetter.module.css'
import surfaceCss from './LetterSurface.module.css'
import { createLetterEditor, type LetterEditor } from './letter-editor.ts'
import { createPictures, type ReadFile } from './pictures.ts'
import type { Letter } from './surface.ts'

type Props = {
  /** What it is, for ears. */
  name: string
  /** Why a picture is not taken. */
  noPictures: string
  letter: Letter
  /** The pictures that the letter shows, and how they are read; left out where it has none. */
  files?: readonly DraftAttachment[]
  readFile?: ReadFile
  editor: RefObject<LetterEditor | null>
  onTyping: () => void
  /** The letter after a change of mode. */
  onLetter: (letter: Letter) => void
}

const NO_FILES: readonly DraftAttachment[] = []
const readNothing: ReadFile = async () => fail({ kind: 'not-found', what: 'file' })

export function KeptLetter({ name, noPictures, letter, editor, onTyping, onLetter, ...kept }: Props) {
  const { files = NO_FILES, readFile = readNothing } = kept
  const words = useWords()
  const language = useLanguage()
  const host = useRef<HTMLDivElement>(null)
  const [start, setStart] = useState(letter)
  const [current, setCurrent] = useState<LetterEditor | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [hasRefused, setRefused] = useState(false)
  const latest = useRef({ name, words, language, onTyping, files, readFile })
  latest.current = { name, words, language, onTyping, files, readFile }
  const isRich = start.html !== null

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const { words: say } = latest.current
    // A picture that another program put in has no file here.
    const pictures = createPictures(
      (id, offset) => latest.current.readFile(id, offset),
      () => latest.current.files,
    )
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
        'aria-label': latest.current.name,
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
          {noPictures}
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
