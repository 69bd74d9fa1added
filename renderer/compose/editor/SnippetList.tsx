/** The list under the cursor while a snippet is called: names and first words. The keys are taken by the text itself. */

import { useEffect, useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { cutText } from '../../../shared/cut-text.ts'
import { useWords } from '../../i18n/words.ts'
import { announce } from '../../ui/announce.tsx'
import type { LetterEditor } from './letter-editor.ts'
import css from './SnippetList.module.css'
import type { SnippetCall } from './snippet-typing.ts'

/** From the edge of the window, and from the line of the cursor. */
const MARGIN = 8
const GAP = 4

export function SnippetList({ letter }: { letter: LetterEditor }) {
  const { snippetTyping } = letter
  const call = useSyncExternalStore(snippetTyping.subscribe, snippetTyping.call)
  return call === null ? null : <OpenList letter={letter} call={call} />
}

function OpenList({ letter, call }: { letter: LetterEditor; call: SnippetCall }) {
  const words = useWords()
  const listId = useId()
  const list = useRef<HTMLDivElement>(null)
  const { options, active } = call
  usePlace(list, letter, call)
  useNamed(letter.element, listId, `${listId}-${active}`)

  const count = options.length
  useEffect(() => announce(words('templates.called', { count })), [words, count])
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])

  return (
    <div ref={list} id={listId} className={css.list} role="listbox" aria-label={words('templates.snippets')}>
      {options.map((snippet, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text that has the focus
        <div
          key={snippet.id}
          id={`${listId}-${index}`}
          className={css.option}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // The text keeps the focus.
          onMouseDown={event => event.preventDefault()}
          onMouseMove={() => index !== active && letter.snippetTyping.point(index)}
          onClick={() => letter.snippetTyping.choose(index)}
        >
          <span className={css.name}>
            <span aria-hidden>;</span>
            {snippet.name}
          </span>
          <span className={css.text}>{cutText(snippet.text, 120)}</span>
        </div>
      ))}
    </div>
  )
}

/** Under the line of the call, above it where there is no room; it goes along when the text is scrolled. */
function usePlace(
  list: { current: HTMLDivElement | null },
  { editor }: LetterEditor,
  call: SnippetCall,
): void {
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    const again = () => setTurn(current => current + 1)
    window.addEventListener('scroll', again, { capture: true, passive: true })
    window.addEventListener('resize', again)
    return () => {
      window.removeEventListener('scroll', again, { capture: true })
      window.removeEventListener('resize', again)
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: placed anew when it moved or another list is shown
  useLayoutEffect(() => {
    const element = list.current
    if (element === null) return
    const { left, top, bottom } = editor.view.coordsAtPos(call.from)
    const { offsetWidth: width, offsetHeight: height } = element
    const isBelow = bottom + GAP + height + MARGIN <= window.innerHeight
    element.style.left = `${Math.max(MARGIN, Math.min(left, window.innerWidth - width - MARGIN))}px`
    element.style.top = `${isBelow ? bottom + GAP : Math.max(MARGIN, top - GAP - height)}px`
  }, [call, turn])
}

/** Tells who reads the text aloud that there is a list, and which of it is chosen. */
function useNamed(text: HTMLElement, listId: string, optionId: string): void {
  useEffect(() => {
    const told = { 'aria-controls': listId, 'aria-activedescendant': optionId, 'aria-autocomplete': 'list' }
    for (const [name, value] of Object.entries(told)) text.setAttribute(name, value)
    return () => {
      for (const name of Object.keys(told)) text.removeAttribute(name)
    }
  }, [text, listId, optionId])
}
