/** The field above a list: what is typed is searched at once, but not while an input method composes it. */

import { IconSearch, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { isComposing } from '../ui/ime.ts'
import { showKey } from '../ui/keys.ts'
import styles from './SearchField.module.css'
import type { SearchState } from './search-state.ts'

/** What the results do for keys that are pressed in the field. */
export type ResultWalk = {
  step(by: number): void
  /** Opens the row that is walked to, or the first. */
  open(): void
}

type Props = {
  search: SearchState | undefined
  placeName: string
  listId: string
  activeId: string | null
  onOpen(): void
  onText(text: string): void
  onClose(): void
  walk: { current: ResultWalk | null }
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }

export function SearchField({ search, placeName, listId, activeId, onOpen, onText, onClose, walk }: Props) {
  const words = useWords()
  const input = useRef<HTMLInputElement>(null)
  const text = search?.text ?? ''
  const [typed, setTyped] = useState(text)
  const isComposingHere = useRef(false)
  const asked = search?.asked ?? 0

  useEffect(() => {
    if (!isComposingHere.current) setTyped(text)
  }, [text])
  useEffect(() => {
    if (asked === 0) return
    input.current?.focus()
    if (input.current?.value !== '' && asked > 1) input.current?.select()
  }, [asked])

  function change(value: string): void {
    setTyped(value)
    if (!isComposingHere.current) onText(value)
  }

  function press(event: KeyboardEvent<HTMLInputElement>): void {
    if (isComposing(event)) return
    const by = STEPS[event.key]
    if (by !== undefined) walk.current?.step(by)
    else if (event.key === 'Enter') walk.current?.open()
    else if (event.key === 'Escape' && typed !== '') change('')
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const hasText = typed.trim() !== ''
  return (
    <search className={styles.field} data-open={search !== undefined || undefined}>
      <IconSearch size={15} stroke={1.8} aria-hidden />
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-label={words('search.fieldIn', { place: placeName })}
        aria-expanded={hasText}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-keyshortcuts="/"
        {...(activeId !== null && { 'aria-activedescendant': activeId })}
        placeholder={words('search.field')}
        autoComplete="off"
        spellCheck={false}
        maxLength={1_000}
        enterKeyHint="search"
        value={typed}
        onFocus={() => {
          if (search === undefined) onOpen()
        }}
        onChange={event => change(event.target.value)}
        onKeyDown={press}
        onCompositionStart={() => {
          isComposingHere.current = true
        }}
        onCompositionEnd={event => {
          isComposingHere.current = false
          onText(event.currentTarget.value)
        }}
      />
      {search === undefined ? (
        <kbd aria-hidden>{showKey('/')}</kbd>
      ) : (
        <IconButton icon={IconX} name={words('search.close')} size="small" onClick={onClose} />
      )}
    </search>
  )
}
