/** The keys of chips: which of them is meant, going from one to the next, choosing several, opening and taking out. */

import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react'
import { isComposing } from '../ui/ime.ts'
import { between, type Chip, type FieldState } from './chips.ts'

type Acts = {
  focus: (target: number | 'input') => void
  edit: (id: number) => void
  /** `next` gets the focus. */
  remove: (ids: ReadonlySet<number>, next: number | 'input') => void
  openMenu: (id: number) => void
}

export type ChipKeys = {
  /** The chips an act is meant for when it happens on this one. */
  meant(id: number): ReadonlySet<number>
  onKey(event: KeyboardEvent, index: number): void
  onPoint(event: MouseEvent, id: number): void
  clear(): void
}

export function useChipKeys(state: FieldState, acts: Acts): ChipKeys {
  const [selected, select] = useState<ReadonlySet<number>>(new Set())
  const anchor = useRef<number | null>(null)

  function neighbour(index: number, step: -1 | 1): Chip | 'input' {
    const isInputThere = step === 1 ? index + 1 === state.at : index === state.at
    const chip = state.chips[index + step]
    if (isInputThere) return 'input'
    return chip ?? (step === 1 ? 'input' : (state.chips[index] ?? 'input'))
  }

  function go(target: Chip | 'input' | undefined): void {
    select(new Set())
    anchor.current = null
    acts.focus(target === undefined || target === 'input' ? 'input' : target.id)
  }

  function extend(from: number, to: number): void {
    anchor.current ??= from
    select(between(state, anchor.current, to))
    acts.focus(to)
  }

  const meant = (id: number): ReadonlySet<number> => (selected.has(id) ? selected : new Set([id]))

  function onArrow(event: KeyboardEvent, chip: Chip, index: number): void {
    const step = event.key === 'ArrowLeft' ? -1 : 1
    const there = state.chips[index + step]
    if (event.shiftKey) {
      if (there !== undefined) extend(chip.id, there.id)
    } else go(neighbour(index, step))
  }

  function takeOut(chip: Chip, side: -1 | 1): void {
    const ids = meant(chip.id)
    const first = state.chips.findIndex(({ id }) => ids.has(id))
    const last = state.chips.findLastIndex(({ id }) => ids.has(id))
    const before = state.chips[first - 1]
    const after = state.chips[last + 1]
    acts.remove(ids, (side === -1 ? (before ?? after) : after)?.id ?? 'input')
    select(new Set())
  }

  return {
    meant,
    clear: () => select(new Set()),
    onPoint(event, id) {
      if (event.shiftKey && anchor.current !== null) extend(anchor.current, id)
      else {
        select(new Set())
        anchor.current = id
      }
    },
    onKey(event, index) {
      const chip = state.chips[index]
      if (chip === undefined || isComposing(event) || event.altKey) return
      const isCommand = event.ctrlKey || event.metaKey
      if (isCommand && event.key.toLowerCase() === 'a') select(new Set(state.chips.map(({ id }) => id)))
      else if (isCommand) return
      else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') onArrow(event, chip, index)
      else if (event.key === 'ArrowDown' || event.key === 'ContextMenu') acts.openMenu(chip.id)
      else if (event.key === 'F10' && event.shiftKey) acts.openMenu(chip.id)
      else if (event.key === 'Home') go(state.chips[0])
      else if (event.key === 'End' || event.key === 'Escape') go('input')
      else if (event.key === 'Backspace') takeOut(chip, -1)
      else if (event.key === 'Delete') takeOut(chip, 1)
      else if (event.key === 'Enter' || event.key === 'F2') acts.edit(chip.id)
      else return
      event.preventDefault()
      event.stopPropagation()
    },
  }
}
