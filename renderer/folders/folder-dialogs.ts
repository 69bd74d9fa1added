/** Which dialog about folders is open, from wherever it was asked for. One at a time; drawn by `FolderDialogs`. */

import { useSyncExternalStore } from 'react'
import type { Folder } from '../../shared/folder.ts'

export type FolderDialog =
  | { kind: 'create'; accountId: string; parent: Folder | null }
  | { kind: 'rename'; folder: Folder }
  | { kind: 'remove'; folder: Folder }
  | { kind: 'shown'; accountId: string }
  /** `onMoved` runs once the mails have left their place. */
  | { kind: 'move'; accountId: string; folderId: string; messageIds: string[]; onMoved: () => void }
  | { kind: 'delete'; messageIds: string[]; onDeleted: () => void }

let open: FolderDialog | null = null
const listeners = new Set<() => void>()

export function openFolderDialog(dialog: FolderDialog | null): void {
  open = dialog
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useFolderDialog(): FolderDialog | null {
  return useSyncExternalStore(subscribe, () => open)
}
