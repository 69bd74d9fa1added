/** What desk and sorting room say to each other. Only what a structured clone can carry; errors are Problems. */

import type { AnyEvent } from '../../shared/api.ts'
import type { Result } from '../../shared/problem.ts'
import type { IncomingStatus, Receiving } from '../mailbox/receiving.ts'
import type { SearchReader } from '../mailbox/search-reader.ts'
import type { MailReader } from '../mime/mail-reader.ts'
import type { Recipe, Written } from '../mime/recipe.ts'
import type { CountingCommands } from '../people/counting.ts'
import type { ReadingCommands } from '../people/reading.ts'

/** What takes too long for the desk. */
export type LetterWork = { freeze(written: Written, now: number): Promise<Result<Recipe>> }

/** All that a room does for the desk. */
export type RoomWork = Receiving & CountingCommands & ReadingCommands & LetterWork
export type RoomCommand = keyof RoomWork

/** A command by name; the id comes back with its reply. `setAccounts` carries passwords: never log a message. */
export type ToRoom =
  | { kind: 'call'; id: number; command: RoomCommand; args: unknown[] }
  /** Closes the connections in order, then the room ends by itself. */
  | { kind: 'stop' }

export type FromRoom =
  /** mail.db is open, or why it cannot be; the first message. */
  | { kind: 'opened'; result: Result<true> }
  | { kind: 'reply'; id: number; result: Result<unknown> }
  | { kind: 'event'; event: AnyEvent }
  | { kind: 'statuses'; statuses: IncomingStatus[] }

/** What the worker is started with. */
export type RoomStart = {
  dataDir: string
  /** The certificates the desk believes: a thread has a list of its own. */
  caCertificates: string[]
}

/** The thread that answers searches is started by the same entry. */
export type SearchStart = { part: 'search'; dataDir: string }
export type ToSearch = { command: keyof SearchReader; args: unknown[] }
export type FromSearch = { result: Result<unknown> }

/** The thread that reads whole mails is started by the same entry. */
export type ReadingStart = { part: 'reading' }
export type ToReading = { command: keyof MailReader; args: unknown[] }
/** Without `isDone` the mail could not be read. */
export type FromReading = { isDone: boolean; value: unknown }

/** The commands of a room; a list, as the worker must not call what is not one. */
export const ROOM_COMMANDS: readonly RoomCommand[] = [
  'setAccounts',
  'removeAccount',
  'refresh',
  'fetchAhead',
  'read',
  'source',
  'attachment',
  'bytes',
  'quote',
  'remotePictures',
  'takeFiles',
  'searchServers',
  'setFlags',
  'markRead',
  'move',
  'remove',
  'undo',
  'createFolder',
  'renameFolder',
  'removeFolder',
  'subscribe',
  'stopFetching',
  'fileSentCopy',
  'keepDraftCopy',
  'findSentCopy',
  'countHandedOver',
  'freeze',
  'readContacts',
  'readContactsPage',
  'readTable',
]
