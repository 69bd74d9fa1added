/** Where a recipient is typed: an ARIA combobox over the suggestions. A key of an input method never chooses. */

import type { ClipboardEvent, KeyboardEvent, Ref } from 'react'
import type { Person, Suggestion } from '../../shared/model.ts'
import { useCommand } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { isComposing } from '../ui/ime.ts'
import { atEnd, chosen, committed, type FieldState, pasted, typed } from './chips.ts'
import css from './RecipientField.module.css'
import { SuggestionList } from './SuggestionList.tsx'
import { suggestionId, useSuggestions } from './use-suggestions.ts'

type Props = {
  inputId: string
  inputRef: Ref<HTMLInputElement> | undefined
  helpId: string
  state: FieldState
  onChange: (state: FieldState) => void
  /** A key goes over the edge of what is typed, to the chip on that side. False where there is none. */
  onEdge: (side: 'before' | 'after') => boolean
}

export function RecipientInput({ inputId, inputRef, helpId, state, onChange, onEdge }: Props) {
  const words = useWords()
  const suggestions = useSuggestions(state.text, state.chips)
  const forgetting = useCommand('people.forget')
  const { options, active } = suggestions
  const listId = `${inputId}-suggestions`

  function choose(option: Suggestion): void {
    suggestions.close()
    onChange(atEnd(chosen(state, option.kind === 'group' ? option.members : [option.address])))
  }

  function forget({ address: { address } }: Person): void {
    forgetting.mutate([address], { onSuccess: () => announce(words('people.forgotten', { address })) })
  }

  /** The keys of an open list; false for every other key. */
  function onListKey(event: KeyboardEvent<HTMLInputElement>): boolean {
    const option = options[active]
    if (options.length === 0) return false
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      suggestions.move(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Escape') suggestions.close()
    else if (event.key === 'Delete' && event.shiftKey && option?.kind === 'person') forget(option)
    else if ((event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) && option !== undefined) {
      choose(option)
    } else return false
    event.preventDefault()
    return true
  }

  function onKey(event: KeyboardEvent<HTMLInputElement>): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
    if (onListKey(event)) return
    const { selectionStart, selectionEnd } = event.currentTarget
    const isAtStart = selectionStart === 0 && selectionEnd === 0
    const isAtEnd = selectionStart === state.text.length && selectionEnd === state.text.length
    if (event.key === 'Enter') {
      event.preventDefault()
      suggestions.close()
      onChange(atEnd(committed(state)))
    } else if (event.key === 'ArrowDown' && state.text.trim() !== '') {
      event.preventDefault()
      suggestions.open()
    } else if ((event.key === 'Backspace' || event.key === 'ArrowLeft') && isAtStart) {
      if (onEdge('before')) event.preventDefault()
    } else if ((event.key === 'Delete' || event.key === 'ArrowRight') && isAtEnd) {
      if (onEdge('after')) event.preventDefault()
    }
  }

  function onPaste(event: ClipboardEvent<HTMLInputElement>): void {
    const next = pasted(state, event.clipboardData.getData('text/plain'))
    suggestions.close()
    if (next === null) return
    event.preventDefault()
    onChange(atEnd(next))
  }

  return (
    <li className={css.entry} style={{ flexBasis: `${state.text.length + 3}ch` }}>
      <input
        id={inputId}
        ref={inputRef}
        className={css.input}
        type="text"
        inputMode="email"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={options.length > 0}
        aria-controls={options.length > 0 ? listId : undefined}
        aria-activedescendant={active < 0 ? undefined : suggestionId(listId, active)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        aria-describedby={state.chips.length > 0 ? helpId : undefined}
        value={state.text}
        size={1}
        onChange={event => {
          const { value, selectionStart } = event.target
          const isAtEnd = selectionStart === value.length
          // Half a composition is not typed yet, and a comma in the middle may be a correction.
          const { isComposing: isHalf = false, inputType = '' } = event.nativeEvent as InputEvent
          if (!isHalf && !inputType?.startsWith('insertFrom')) suggestions.open()
          else suggestions.close()
          onChange(isHalf || !isAtEnd ? { ...state, text: value } : typed(state, value))
        }}
        onCompositionEnd={event => {
          suggestions.open()
          onChange(typed(state, event.currentTarget.value))
        }}
        onKeyDown={onKey}
        onPaste={onPaste}
        onBlur={() => {
          suggestions.close()
          onChange(atEnd(committed(state)))
        }}
      />
      {options.length > 0 && (
        <SuggestionList
          listId={listId}
          options={options}
          active={active}
          onChoose={choose}
          onForget={forget}
          onPoint={suggestions.point}
        />
      )}
      <span className="for-ears" role="status">
        {suggestions.isAnswered &&
          (options.length === 0
            ? words('people.noSuggestions')
            : words('people.suggestionCount', { count: options.length }))}
      </span>
    </li>
  )
}
