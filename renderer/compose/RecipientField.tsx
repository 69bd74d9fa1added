/** One field of recipients: chips and an input among them. The law of it is in chips.ts; this is its hands and eyes. */

import { type ReactNode, type Ref, useEffect, useId, useRef, useState } from 'react'
import type { Account, Address } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { ChipMenu } from './ChipMenu.tsx'
import { beginDrag, endDrag, useChipDrop } from './chip-drag.ts'
import {
  atEnd,
  type Chip,
  chipFault,
  chipOfForeign,
  type FieldState,
  foreignAddress,
  opened,
  pasted,
  type RecipientFieldName,
  textOf,
  without,
} from './chips.ts'
import { ForeignAddressNote } from './ForeignAddressNote.tsx'
import { RecipientChip } from './RecipientChip.tsx'
import css from './RecipientField.module.css'
import { RecipientInput } from './RecipientInput.tsx'
import { RepeatedNote } from './RepeatedNote.tsx'
import { useChipClipboard } from './use-chip-clipboard.ts'
import { useChipKeys } from './use-chip-keys.ts'

/** Where the chosen account's server carries only plain addresses: what else could be done. */
export type PlainServer = { ableAccounts: readonly Account[]; onChoose: (accountId: string) => void }

type Props = {
  name: RecipientFieldName
  label: string
  /** The draft: chips dragged from another one are copied, not moved. */
  owner: string
  state: FieldState
  onChange: (state: FieldState) => void
  /** Null where this is the only field. */
  onMove: ((from: RecipientFieldName, ids: ReadonlySet<number>, to: RecipientFieldName) => void) | null
  onSaveGroup: ((members: Address[]) => void) | null
  inputRef?: Ref<HTMLInputElement>
  /** Null where the server carries every address, or nobody knows. */
  plainServer: PlainServer | null
  children?: ReactNode
}

/** Of more chips than this only the first are drawn, and those that need a look, until all are asked for. */
const MOST_DRAWN = 30
const FIRST_DRAWN = 20

export function RecipientField(props: Props) {
  const { name, label, owner, state, onChange, onMove, onSaveGroup, inputRef, plainServer, children } = props
  const words = useWords()
  const inputId = useId()
  const helpId = useId()
  const field = useRef<HTMLUListElement>(null)
  const [isUnfolded, setUnfolded] = useState(false)
  const [menuFor, setMenuFor] = useState<number | null>(null)
  /** A chip or the input that takes the focus after the next drawing. */
  const wanted = useRef<number | 'input' | null>(null)

  useEffect(() => {
    if (wanted.current === null) return
    focusOn(field.current, wanted.current)
    wanted.current = null
  })

  const isForeign = (chip: Chip) =>
    plainServer !== null && foreignAddress({ chips: [chip], text: '', at: 0 }) !== null
  const isFolded = !isUnfolded && state.chips.length > MOST_DRAWN && state.at === state.chips.length
  const drawn = state.chips.filter(
    (chip, index) => !isFolded || index < FIRST_DRAWN || chipFault(chip) !== null || isForeign(chip),
  )

  function editChip(id: number): void {
    wanted.current = 'input'
    onChange(opened(state, id))
  }

  function removeChips(ids: ReadonlySet<number>, next: number | 'input'): void {
    wanted.current = next
    onChange(without(state, ids))
  }

  /** The chip may lie in the fold. */
  function onEdge(side: 'before' | 'after'): boolean {
    const chip = state.chips[side === 'before' ? state.at - 1 : state.at]
    if (chip === undefined) return false
    setUnfolded(isUnfolded || isFolded)
    if (isFolded) wanted.current = chip.id
    else focusOn(field.current, chip.id)
    return true
  }

  const keys = useChipKeys(state, {
    focus: target => focusOn(field.current, target),
    edit: editChip,
    remove: removeChips,
    openMenu: setMenuFor,
  })
  const chosenChips = (id: number) => {
    const meant = keys.meant(id)
    return state.chips.filter(chip => meant.has(chip.id))
  }
  const focusedId = () => Number(document.activeElement?.getAttribute('data-chip'))
  useChipClipboard(field, {
    copy: () => textOf(chosenChips(focusedId())),
    cut: () => removeChips(keys.meant(focusedId()), 'input'),
    paste(text) {
      const next = pasted({ ...state, text: '' }, text)
      if (next !== null) onChange({ ...next, text: state.text })
    },
  })
  const drop = useChipDrop(owner, {
    move: (from, ids) => onMove?.(from, ids, name),
    copy: text => onChange(atEnd(pasted({ ...state, text: '' }, text) ?? state)),
  })

  async function copyAddress(id: number): Promise<void> {
    await navigator.clipboard.writeText(
      chosenChips(id)
        .map(chip => chip.address.address)
        .join(', '),
    )
    announce(words('people.copied'))
  }

  function closeMenu(): void {
    wanted.current ??= menuFor
    setMenuFor(null)
  }

  const chips = drawn.map(chip => (
    <RecipientChip
      key={chip.id}
      chip={chip}
      isForeign={isForeign(chip)}
      isSelected={keys.meant(chip.id).size > 1}
      onKey={event => keys.onKey(event, state.chips.indexOf(chip))}
      onPoint={event => keys.onPoint(event, chip.id)}
      onMenu={() => setMenuFor(chip.id)}
      onDragStart={event =>
        beginDrag(event, { owner, from: name, ids: keys.meant(chip.id) }, chosenChips(chip.id))
      }
      onDragEnd={endDrag}
      onEdit={() => editChip(chip.id)}
      onRemove={() => removeChips(new Set([chip.id]), 'input')}
    >
      {menuFor === chip.id && (
        <ChipMenu
          from={name}
          onMove={onMove === null ? null : to => onMove(name, keys.meant(chip.id), to)}
          onCopy={() => void copyAddress(chip.id)}
          onEdit={() => editChip(chip.id)}
          onSaveGroup={
            onSaveGroup === null || state.chips.length < 2
              ? null
              : () => onSaveGroup(state.chips.map(({ address }) => address))
          }
          onClose={closeMenu}
        />
      )}
    </RecipientChip>
  ))
  const more = (
    <li key="more" className={css.more}>
      <button type="button" className={css.unfold} onClick={() => setUnfolded(true)}>
        {words('people.more', { count: state.chips.length - drawn.length })}
      </button>
    </li>
  )
  const input = (
    <RecipientInput
      key="input"
      inputId={inputId}
      inputRef={inputRef}
      helpId={helpId}
      state={state}
      onChange={onChange}
      onEdge={onEdge}
    />
  )
  const foreign = plainServer === null ? null : foreignAddress(state)
  const foreignChip = chipOfForeign(state)
  return (
    <>
      <div className={css.row} data-over={drop.isOver || undefined} {...drop.handlers}>
        <label className={css.label} htmlFor={inputId}>
          {label}
        </label>
        <ul ref={field} className={css.field} aria-label={label}>
          {isFolded ? [...chips, more, input] : chips.toSpliced(state.at, 0, input)}
        </ul>
        <span id={helpId} className="for-ears">
          {words('compose.chipHelp')}
        </span>
        {children}
      </div>
      <RepeatedNote addresses={state.repeated ?? []} />
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
