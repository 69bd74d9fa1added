/**
 * The writing surface of a composer, loaded when the first composer opens. React gives it a place and a bar and leaves
 * the text alone. A change of mode makes a new editor; everything else happens in the one there is.
 */

import { type RefObject, useEffect, useRef, useState } from 'react'
import { call } from '../../bridge.ts'
import { useLanguage, useWords } from '../../i18n/words.ts'
import { ConfirmDialog } from '../ConfirmDialog.tsx'
import type { Attachments } from '../use-attachments.ts'
import { EditorBar } from './EditorBar.tsx'
import css from './LetterSurface.module.css'
import { createLetterEditor, type LetterEditor } from './letter-editor.ts'
import { createPictures } from './pictures.ts'
import { SnippetList } from './SnippetList.tsx'
import type { Letter, SnippetSource, Surface } from './surface.ts'

type Props = {
  draftId: string
  /** What is written when the surface appears. */
  letter: Letter
  /** Nothing can have been undone in a draft that was just made. */
  isNew: boolean
  takesFocus: boolean
  attachments: Attachments
  surface: RefObject<Surface | null>
  snippets: SnippetSource
  /** The surface is there. */
  onReady(): void
  onTyping(): void
  /** The letter after a change of mode. */
  onLetter(letter: Letter): void
}

/** `takesFocus`: always after a change of mode; `unless-taken` where the writer may be elsewhere by now. */
type Start = { letter: Letter; undo: string | null; takesFocus: boolean | 'unless-taken' }

export function LetterSurface(props: Props) {
  const { draftId, letter, isNew, takesFocus, onLetter } = props
  const words = useWords()
  const [start, setStart] = useState<Start | null>(() => (isNew ? firstStart(letter, takesFocus) : null))
  const [isAsking, setAsking] = useState(false)
  const [current, setCurrent] = useState<LetterEditor | null>(null)
  const first = useRef({ letter, takesFocus })

  useEffect(() => {
    if (isNew) return
    let isHere = true
    void call('drafts.undo', draftId).then(reply => {
      const undo = reply.ok ? reply.value.undo : null
      const { letter: firstLetter, takesFocus: wasWanted } = first.current
      if (isHere) setStart(known => known ?? { ...firstStart(firstLetter, wasWanted), undo })
    })
    return () => {
      isHere = false
    }
  }, [draftId, isNew])

  function changeMode(): void {
    if (current === null) return
    const { text } = current.read()
    const next: Letter = { html: current.isRich ? null : '', text }
    setAsking(false)
    setStart({ letter: next, undo: null, takesFocus: true })
    onLetter(next)
  }

  return (
    <>
      <div className={css.sheet}>
        {start !== null && <Sheet {...props} start={start} onEditor={setCurrent} />}
      </div>
      {current !== null && <SnippetList letter={current} />}
      <EditorBar
        letter={current}
        isRich={start === null ? letter.html !== null : start.letter.html !== null}
        onMode={() => (current?.hasFormats() === true ? setAsking(true) : changeMode())}
      />
      <ConfirmDialog
        isOpen={isAsking}
        title={words('editor.plainTitle')}
        yes={{ text: words('editor.plainYes'), act: changeMode }}
        no={{ text: words('editor.plainNo'), act: () => setAsking(false) }}
      >
        {words('editor.plainText')}
      </ConfirmDialog>
    </>
  )
}

const firstStart = (letter: Letter, takesFocus: boolean): Start => ({
  letter,
  undo: null,
  takesFocus: takesFocus && 'unless-taken',
})

/** The surface comes late; a field, a menu of the composer or a question before it may have the focus by then. */
function isWriterElsewhere(surface: HTMLElement): boolean {
  const active = document.activeElement
  const isInComposer = surface.closest('section')?.contains(active) === true
  return isInComposer || active?.closest('[role="dialog"]') != null
}

type SheetProps = Props & { start: Start; onEditor(editor: LetterEditor | null): void }

/** The element that the editor owns. */
function Sheet({ draftId, attachments, surface, snippets, onReady, onTyping, start, onEditor }: SheetProps) {
  const words = useWords()
  const language = useLanguage()
  const host = useRef<HTMLDivElement>(null)
  const editorOf = useRef<LetterEditor | null>(null)
  const latest = useRef({ attachments, snippets, onReady, onTyping, onEditor, words, language })
  latest.current = { attachments, snippets, onReady, onTyping, onEditor, words, language }

  useEffect(() => {
    const element = host.current
    if (element === null) return
    const pictures = createPictures(
      (id, offset) => call('drafts.readAttachment', draftId, id, offset),
      () => latest.current.attachments.attached,
    )
    const { words: say } = latest.current
    const editor = createLetterEditor({
      element,
      letter: start.letter,
      undo: start.undo,
      pictures,
      pictureWords: {
        resize: say('editor.pictureResize'),
        loading: say('editor.pictureLoading'),
        gone: say('editor.pictureGone'),
      },
      attach(file, contentId) {
        latest.current.attachments.add([file], contentId ?? undefined)
        return true
      },
      snippets: {
        all: () => latest.current.snippets.all(),
        letterOf: snippet => latest.current.snippets.letterOf(snippet),
      },
      attributes: {
        class: css.text ?? '',
        'aria-label': say('compose.text'),
        'aria-multiline': 'true',
        'data-place': 'text',
        spellcheck: 'true',
        lang: latest.current.language,
      },
      onTyping: () => latest.current.onTyping(),
    })
    surface.current = editor
    editorOf.current = editor
    latest.current.onEditor(editor)
    latest.current.onReady()
    const isFree = start.takesFocus === true || !isWriterElsewhere(editor.element)
    if (start.takesFocus !== false && isFree) editor.element.focus({ preventScroll: true })
    return () => {
      if (surface.current === editor) surface.current = null
      editorOf.current = null
      latest.current.onEditor(null)
      editor.destroy()
      pictures.close()
    }
  }, [draftId, surface, start])

  // A picture whose file was given up is not part of the letter any more.
  const present = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const all = [...attachments.attached, ...attachments.uploads].map(({ contentId }) => contentId)
    const now = new Set(all.filter(contentId => contentId !== undefined))
    for (const contentId of present.current)
      if (!now.has(contentId)) editorOf.current?.removePicture(contentId)
    present.current = now
  }, [attachments.attached, attachments.uploads])

  return <div ref={host} className={css.host} data-plain={start.letter.html === null || undefined} />
}
