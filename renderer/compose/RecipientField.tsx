/** One field of recipients: chips and an input among them. The law of it is in chips.ts; this is its hands and eyes. */

import { IconAlertTriangle, IconX } from '@tabler/icons-react'
import {
  type ClipboardEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useRef,
} from 'react'
import { formatAddress } from '../../shared/address.ts'
import type { Account } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { isComposing } from '../ui/ime.ts'
import {
  atEnd,
  type Chip,
  chipFault,
  chipOfForeign,
  committed,
  type FieldState,
  foreignAddress,
  opened,
  pasted,
  removed,
  typed,
} from './chips.ts'
import { ForeignAddressNote } from './ForeignAddressNote.tsx'
import css from './RecipientField.module.css'

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
    const { selectionStart, selectionEnd } = event.currentTarget
    const isAtStart = selectionStart === 0 && selectionEnd === 0
    const isAtEnd = selectionStart === state.text.length && selectionEnd === state.text.length
    const before = state.chips[state.at - 1]
    const after = state.chips[state.at]
    if (event.key === 'Enter') {
      event.preventDefault()
      onChange(atEnd(committed(state)))
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
          const isHalf = 'isComposing' in event.nativeEvent && event.nativeEvent.isComposing === true
          onChange(isHalf || !isAtEnd ? { ...state, text: value } : typed(state, value))
        }}
        onCompositionEnd={event => onChange(typed(state, event.currentTarget.value))}
        onKeyDown={onInputKey}
        onPaste={onPaste}
        onBlur={() => onChange(atEnd(committed(state)))}
      />
    </li>
  )
  const foreign = plainServer === null ? null : foreignAddress(state)
  const foreignChip = chipOfForeign(state)
  const chips = state.chips.map((chip, index) => (
    <ChipItem
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

type ChipProps = {
  chip: Chip
  isForeign: boolean
  onKey: (event: KeyboardEvent) => void
  onEdit: () => void
  onRemove: () => void
}

function ChipItem({ chip, isForeign, onKey, onEdit, onRemove }: ChipProps) {
  const words = useWords()
  const fault = chipFault(chip) ?? (isForeign ? 'not-here' : null)
  const { name, address } = chip.address
  const whole = formatAddress(chip.address)
  return (
    <li className={css.chip} data-fault={fault ?? undefined}>
      <button
        type="button"
        className={css.who}
        data-chip={chip.id}
        tabIndex={-1}
        title={whole}
        onKeyDown={onKey}
        onDoubleClick={onEdit}
      >
        {fault !== null && <IconAlertTriangle size={13} stroke={2} aria-hidden className={css.sign} />}
        <span className={css.name}>{name === '' ? address : name}</span>
        {name !== '' && <span className="for-ears">{address}</span>}
        {fault !== null && <span className={css.fault}>{words(`compose.verdict.${fault}`)}</span>}
      </button>
      <button
        type="button"
        className={css.remove}
        tabIndex={-1}
        aria-label={words('compose.removeChip', { address: whole })}
        onClick={onRemove}
      >
        <IconX size={12} stroke={2.2} aria-hidden />
      </button>
    </li>
  )
}
