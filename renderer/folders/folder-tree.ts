/** Folders as the tree they are: what is shown, how deep, and its whole name. Pure. */

import type { Folder } from '../../shared/folder.ts'
import { folderName, inOrder } from '../frame/folders.ts'
import type { Words } from '../i18n/words.ts'

export type TreeFolder = { folder: Folder; depth: number; hasChildren: boolean }

/** Those that are shown, each after the one it lies in. Inside of `closed` ones nothing is. */
export function treeOf(
  folders: readonly Folder[],
  language: string,
  closed: ReadonlySet<string>,
): TreeFolder[] {
  const shown = shownOf(folders)
  const ids = new Set(shown.map(({ id }) => id))
  const childrenOf = Map.groupBy(shown, ({ parentId }) =>
    parentId !== null && ids.has(parentId) ? parentId : null,
  )
  const walk = (parentId: string | null, depth: number): TreeFolder[] =>
    inOrder(childrenOf.get(parentId) ?? [], language).flatMap(folder => [
      { folder, depth, hasChildren: childrenOf.has(folder.id) },
      ...(closed.has(folder.id) ? [] : walk(folder.id, depth + 1)),
    ])
  return walk(null, 0)
}

/** Subscribed ones, and what they lie in. */
export function shownOf(folders: readonly Folder[]): Folder[] {
  const byId = new Map(folders.map(folder => [folder.id, folder]))
  const shown = new Set<string>()
  for (const folder of folders) {
    if (!folder.isSubscribed || folder.isContainer) continue
    for (let at: Folder | undefined = folder; at !== undefined && !shown.has(at.id); ) {
      shown.add(at.id)
      at = at.parentId === null ? undefined : byId.get(at.parentId)
    }
  }
  return folders.filter(({ id }) => shown.has(id))
}

/** `Work / Invoices`. */
export function wholeName(folder: Folder, folders: readonly Folder[], words: Words): string {
  const parent = folders.find(({ id }) => id === folder.parentId)
  const own = folderName(folder, words)
  return parent === undefined ? own : `${wholeName(parent, folders, words)} / ${own}`
}
