/** A folder as the page knows it, and where a mail can be moved. */

import type { FolderRole } from './model.ts'

export type Folder = {
  id: string
  accountId: string
  /** The folder it lies in, where that is listed too. */
  parentId: string | null
  /** The server's name without those of its parents, decoded; shown only where there is no role. */
  name: string
  role: FolderRole | null
  total: number
  unread: number
  isLocal: boolean
  /** One that is not is fetched only when somebody subscribes to it. */
  isSubscribed: boolean
  /** It holds other folders and no mails. */
  isContainer: boolean
}

/** Where mails go: into a folder of their own account. */
export type MoveTarget = { role: 'archive' | 'junk' | 'trash' | 'inbox' } | { folderId: string }
