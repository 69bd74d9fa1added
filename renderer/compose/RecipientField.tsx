/** One field of recipients: chips and an input among them. The law of it is in chips.ts; this is its hands and eyes. */

import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
} from 'react'
import type { Account, Person, Suggestion } from '../../shared/model.ts'
import { useCommand } from '../ask.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { isComposing } from '../ui/ime.ts'
import {
  atEnd,
  chipOfForeign,
  chosen,
  committed,
  type FieldState,
  foreignAddress,
  opened,
  pasted,
  removed,
  typed,
} from './chips.ts'
import { ForeignAddressNote } from './ForeignAddressNote.tsx'
import { RecipientChip } from './RecipientChip.tsx'
import css from './RecipientField.module.css'
import { SuggestionList } from './SuggestionList.tsx'
import { suggestionId, useSuggestions } from './use-suggestions.ts'

/** Where the chosen account's server carries only plain addresses: what else could be done. */
export type PlainServer = { ableAccounts: readonly Account[]; onChoose: (accountId: string) => void }

type Props = {
  label: string
  state: FieldState
  onChange: (state: FieldState) => void
  inputRef?: Ref<HTMLInputElement>
  /** Null where the server carries every address, or nobody knows. */
  plainServer: PlainServer | null
  children?: ReactNode
}

export function RecipientField({ label, state, onChange, inputRef, plainServer, children }: Props) {
  const words = useWords()
  const inputId = useId()
  const helpId = useId()
  const field = useRef<HTMLUListElement>(null)
  /** A chip or the input that takes the focus after the next drawing. */
  const wanted = useRef<number | 'input' | null>(null)

  useEffect(() => {
    if (wanted.current === null) return
    focusOn(field.current, wanted.current)
    wanted.current = null
  })

  const suggestions = useSuggestions(state.text, state.chips)
  const forgetting = useCommand('people.forget')
  const { options, active } = suggestions
  const listId = `${inputId}-suggestions`

  function choose(option: Suggestion): void {
    wanted.current = 'input'
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

  function editChip(id: number): void {
    wanted.current = 'input'
    onChange(opened(state, id))
  }

  function removeChip(id: number, next: number | 'input'): void {
    wanted.current = next
    onChange(removed(state, id))
  }

  function onInputKey(event: KeyboardEvent<HTMLInputElement>): void {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
    if (onListKey(event)) return
    const { selectionStart, selectionEnd } = event.currentTarget
    const isAtStart = selectionStart === 0 && selectionEnd === 0
    const isAtEnd = selectionStart === state.text.length && selectionEnd === state.text.length
    const before = state.chips[state.at - 1]
    const after = state.chips[state.at]
    if (event.key === 'Enter') {
      event.preventDefault()
      suggestions.close()
      onChange(atEnd(committed(state)))
    } else if (event.key === 'ArrowDown' && state.text.trim() !== '') {
      event.preventDefault()
      suggestions.open()
    } else if (
      (event.key === 'Backspace' || event.key === 'ArrowLeft') &&
      isAtStart &&
      before !== undefined
    ) {
      event.preventDefault()
      focusOn(field.current, before.id)
    } else if ((event.key === 'Delete' || event.key === 'ArrowRight') && isAtEnd && after !== undefined) {
      event.preventDefault()
      focusOn(field.current, after.id)
    }
  }

  function onChipKey(event: KeyboardEvent, index: number): void {
    const chip = state.chips[index]
    if (chip === undefined || isComposing(event)) return
    const neighbour = (step: -1 | 1): number | 'input' => {
      const isInputThere = step === 1 ? index + 1 === state.at : index === state.at
      return isInputThere ? 'input' : (state.chips[index + step]?.id ?? (step === 1 ? 'input' : chip.id))
    }
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        focusOn(field.current, neighbour(event.key === 'ArrowLeft' ? -1 : 1))
        break
      case 'Home':
        focusOn(field.current, state.chips[0]?.id ?? 'input')
        break
      case 'End':
      case 'Escape':
        focusOn(field.current, 'input')
        break
      case 'Backspace':
        removeChip(chip.id, state.chips[index - 1]?.id ?? state.chips[index + 1]?.id ?? 'input')
        break
      case 'Delete':
        removeChip(chip.id, state.chips[index + 1]?.id ?? 'input')
        break
      case 'Enter':
      case 'F2':
        editChip(chip.id)
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function onPaste(event: ClipboardEvent<HTMLInputElement>): void {
    const next = pasted(state, event.clipboardData.getData('text/plain'))
    suggestions.close()
    if (next === null) return
    event.preventDefault()
    onChange(atEnd(next))
  }

  const input = (
    <li key="input" className={css.entry} style={{ flexBasis: `${state.text.length + 3}ch` }}>
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
          if (!isHalf && !inputType.startsWith('insertFrom')) suggestions.open()
          else suggestions.close()
          onChange(isHalf || !isAtEnd ? { ...state, text: value } : typed(state, value))
        }}
        onCompositionEnd={event => {
          suggestions.open()
          onChange(typed(state, event.currentTarget.value))
        }}
        onKeyDown={onInputKey}
        onPaste={onPaste}
        onBlur={() => {
          suggestions.close()
          onChange(atEnd(committed(state)))
        }}
      />
    </li>
  )
  const foreign = plainServer === null ? null : foreignAddress(state)
  const foreignChip = chipOfForeign(state)
  const chips = state.chips.map((chip, index) => (
    <RecipientChip
      key={chip.id}
      chip={chip}
      isForeign={plainServer !== null && foreignAddress({ ...state, chips: [chip], text: '' }) !== null}
      onKey={event => onChipKey(event, index)}
      onEdit={() => editChip(chip.id)}
      onRemove={() => removeChip(chip.id, 'input')}
    />
  ))
  return (
    <>
      <div className={css.row}>
        <label className={css.label} htmlFor={inputId}>
          {label}
        </label>
        <ul ref={field} className={css.field} aria-label={label}>
          {chips.toSpliced(state.at, 0, input)}
        </ul>
        <span id={helpId} className="for-ears">
          {words('compose.chipHelp')}
        </span>
        {children}
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
      </div>
      {plainServer !== null && foreign !== null && (
        <ForeignAddressNote
          address={foreign}
          accounts={plainServer.ableAccounts}
          onEdit={foreignChip === null ? null : () => editChip(foreignChip.id)}
          onChoose={plainServer.onChoose}
        />
      )}
    </>
  )
}

function focusOn(field: HTMLElement | null, target: number | 'input'): void {
  const selector = target === 'input' ? 'input' : `[data-chip="${target}"]`
  field?.querySelector<HTMLElement>(selector)?.focus()
}
