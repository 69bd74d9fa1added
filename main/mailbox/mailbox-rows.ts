/** The rows of mail.db as the sorting room knows them, and their translation from columns. Pure. */

import type { Address, FolderRole } from '../../shared/model.ts'
import type { Row } from '../db.ts'
import type { PackRef } from './pack.ts'

export type StoredFolder = {
  id: number
  accountId: string
  path: string
  name: string
  role: FolderRole | null
  isLocal: boolean
  delimiter: string
  isSubscribed: boolean
  isContainer: boolean
  uidValidity: string | null
  uidNext: number | null
  highestModseq: string | null
}

/** A new row. `uid` null where the mail lies only here (POP3, own copies). */
export type NewMessage = {
  uid: number | null
  sentAt: number
  messageIdHeader: string
  from: Address
  to: Address[]
  cc: Address[]
  /** From a list or a machine, by its own headers. */
  isBulk: boolean
  /** Message-IDs that it names, oldest first; left out where they are not known. */
  references?: string[]
  /** What the server calls its conversation, if it does. */
  serverThread?: string | null
  subject: string
  preview: string
  hasAttachments: boolean
  bytes: number
  isSeen: boolean
  isFlagged: boolean
  isDeleted: boolean
  source: PackRef | null
}

export type StoredMessage = {
  id: number
  accountId: string
  folderId: number
  uid: number | null
  bytes: number
  messageIdHeader: string
  isSeen: boolean
  isFlagged: boolean
  pendingSeen: boolean | null
  pendingFlagged: boolean | null
  /** Where the server has it: where it is shown, or where it was before it was moved here. Null for a local mail. */
  onServer: { folderId: number; uid: number } | null
  /** It is to be removed for good. */
  isGoing: boolean
  source: PackRef | null
}

export type ServerFlags = { uid: number; isSeen: boolean; isFlagged: boolean; isDeleted: boolean }

export type Cursor = { uidValidity: string; uidNext: number | null; highestModseq: string | null }

export function toSql(value: boolean | null): number | null {
  return value === null ? null : value ? 1 : 0
}

function toFlag(value: unknown): boolean | null {
  return value === null ? null : value === 1
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value)
}

function toPlace(row: Row): StoredMessage['onServer'] {
  if (row.origin_folder !== null) return { folderId: Number(row.origin_folder), uid: Number(row.origin_uid) }
  return row.uid === null ? null : { folderId: Number(row.folder_id), uid: Number(row.uid) }
}

export function toFolder(row: Row): StoredFolder {
  return {
    id: Number(row.id),
    accountId: String(row.account_id),
    path: String(row.path),
    name: String(row.name),
    role: row.role as FolderRole | null,
    isLocal: row.is_local === 1,
    delimiter: String(row.delimiter),
    isSubscribed: row.is_subscribed === 1,
    isContainer: row.is_container === 1,
    uidValidity: row.uid_validity as string | null,
    uidNext: toNumber(row.uid_next),
    highestModseq: row.highest_modseq as string | null,
  }
}

export function toMessage(row: Row): StoredMessage {
  return {
    id: Number(row.id),
    accountId: String(row.account_id),
    folderId: Number(row.folder_id),
    uid: toNumber(row.uid),
    bytes: Number(row.bytes),
    messageIdHeader: String(row.message_id),
    isSeen: row.is_seen === 1,
    isFlagged: row.is_flagged === 1,
    pendingSeen: toFlag(row.pending_seen),
    pendingFlagged: toFlag(row.pending_flagged),
    onServer: toPlace(row),
    isGoing: row.moving_to !== null,
    source:
      row.pack === null
        ? null
        : {
            pack: String(row.pack),
            offset: Number(row.pack_offset),
            length: Number(row.pack_length),
            sha256: String(row.sha256),
          },
  }
}
