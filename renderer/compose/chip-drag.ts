/**
 * Chips on their way from one field of recipients to another. The drag carries their text for every program; which chips
 * of which field they are is this page's own note. Refuses what other programs drag.
 */

import { type DragEvent, useState } from 'react'
import { type Chip, type RecipientFieldName, textOf } from './chips.ts'

/** `owner` is the draft whose chips they are. */
type Dragged = { owner: string; from: RecipientFieldName; ids: ReadonlySet<number> }

const TYPE = 'application/x-todoke-recipients'
let dragged: Dragged | null = null

export function beginDrag(event: DragEvent, note: Dragged, chips: readonly Chip[]): void {
  event.dataTransfer.setData('text/plain', textOf(chips))
  event.dataTransfer.setData(TYPE, '')
  event.dataTransfer.effectAllowed = 'copyMove'
  dragged = note
}

export function endDrag(): void {
  dragged = null
}

/** A place that takes chips. Those of another draft are copied: they stay where they are. */
export function useChipDrop(
  owner: string,
  take: { move: (from: RecipientFieldName, ids: ReadonlySet<number>) => void; copy: (text: string) => void },
) {
  const [isOver, setOver] = useState(false)
  const holdsChips = (event: DragEvent) => event.dataTransfer.types.includes(TYPE)
  return {
    isOver,
    handlers: {
      onDragOver(event: DragEvent) {
        if (!holdsChips(event)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = dragged?.owner === owner ? 'move' : 'copy'
        setOver(true)
      },
      onDragLeave(event: DragEvent) {
        const isInside =
          event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)
        if (!isInside) setOver(false)
      },
      onDrop(event: DragEvent) {
        if (!holdsChips(event)) return
        event.preventDefault()
        setOver(false)
        if (dragged?.owner === owner) take.move(dragged.from, dragged.ids)
        else take.copy(event.dataTransfer.getData('text/plain'))
        endDrag()
      },
    },
  }
}
