/** Folders as places: their names in words, their icons, their order. */

import {
  type Icon,
  IconArchive,
  IconFlag,
  IconFolder,
  IconInbox,
  IconMailQuestion,
  IconPencil,
  IconSend,
  IconStack2,
  IconTrash,
} from '@tabler/icons-react'
import type { Folder } from '../../shared/folder.ts'
import type { FolderRole, Place } from '../../shared/model.ts'
import type { Words } from '../i18n/words.ts'

const ROLE_ICONS: Record<FolderRole, Icon> = {
  inbox: IconInbox,
  sent: IconSend,
  drafts: IconPencil,
  archive: IconArchive,
  junk: IconMailQuestion,
  trash: IconTrash,
  all: IconStack2,
  flagged: IconFlag,
}

const ROLE_ORDER: readonly (FolderRole | null)[] = [
  'inbox',
  'flagged',
  'drafts',
  'sent',
  'archive',
  null,
  'all',
  'junk',
  'trash',
]

export function folderIcon(folder: Folder): Icon {
  return folder.role === null ? IconFolder : ROLE_ICONS[folder.role]
}

/** The role in words; the server's name only where there is no role. */
export function folderName(folder: Folder, words: Words): string {
  return folder.role === null ? folder.name : words(`frame.role.${folder.role}`)
}

/** Roles first in their order, then the person's own folders by name, then what is rarely opened. */
export function inOrder(folders: readonly Folder[], language: string): Folder[] {
  return [...folders].sort(
    (left, right) =>
      ROLE_ORDER.indexOf(left.role) - ROLE_ORDER.indexOf(right.role) ||
      left.name.localeCompare(right.name, language),
  )
}

export function isSamePlace(left: Place, right: Place): boolean {
  if (left.kind === 'folder') return right.kind === 'folder' && left.folderId === right.folderId
  return right.kind === 'unified' && left.role === right.role
}

/** What a list is called. A folder that is not known (any more) has no name. */
export function placeName(place: Place, folders: readonly Folder[], words: Words): string {
  if (place.kind === 'unified') return words(place.role === 'inbox' ? 'frame.inbox' : 'frame.sent')
  const folder = folders.find(candidate => candidate.id === place.folderId)
  return folder === undefined ? '' : folderName(folder, words)
}
