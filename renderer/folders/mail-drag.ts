/** A mail that is dragged from a list onto a folder. Nothing of it leaves the window. */

import type { DragEvent } from 'react'
import type { MessageHead } from '../../shared/model.ts'

export type DraggedMail = Pick<MessageHead, 'id' | 'accountId' | 'folderId'>

const TYPE = 'application/x-todoke-mail'
/** A browser shows the data only at the drop: until then this says whose mail it is. */
let dragged: DraggedMail | null = null

export function startMailDrag(event: DragEvent, { id, accountId, folderId }: MessageHead): void {
  dragged = { id, accountId, folderId }
  event.dataTransfer.setData(TYPE, id)
  event.dataTransfer.effectAllowed = 'move'
}

export function endMailDrag(): void {
  dragged = null
}

/** The mail over a folder, or null where it is none or cannot go there. */
export function mailOver(event: DragEvent, folder: { id: string; accountId: string }): DraggedMail | null {
  if (dragged === null || !event.dataTransfer.types.includes(TYPE)) return null
  return dragged.accountId === folder.accountId && dragged.folderId !== folder.id ? dragged : null
}
