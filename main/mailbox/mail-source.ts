/** What an IMAP and a POP3 account both are to the rest of the sorting room. Types only. */

import type { Account, AccountStatus } from '../../shared/model.ts'
import type { Result } from '../../shared/problem.ts'
import type { SearchQuery } from '../../shared/search-query.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import type { DraftCopy } from './draft-copy.ts'
import type { FoundOnServer } from './imap-search.ts'
import type { StoredFolder, StoredMessage } from './mailbox-rows.ts'
import type { MailStore } from './mailbox-store.ts'
import type { Packs } from './pack.ts'

/** An account with what opens its incoming server. The password stays in memory and is never logged. */
export type ReceivingAccount = { account: Account; credentials: Result<{ user: string; password: string }> }

export type SourceState = Pick<AccountStatus, 'incoming' | 'syncedAt' | 'refusals'>

/** Folders that a command may need and that are made where the server has none. */
export type NeededRole = 'archive' | 'trash' | 'junk' | 'sent' | 'drafts'

export type SentCopy = { messageIdHeader: string; write: () => Promise<Result<Buffer>> }
export type FiledCopy = { how: 'appended' | 'found' | 'local'; folder: string }

/** One account at work: it keeps its connections, syncs by itself and answers what a person asks for. */
export type MailSource = {
  start(): void
  /** Looks at the server now, also where it would have waited after a failure. */
  refresh(): void
  /** Fetches no more of what is missing until the next `refresh`; what is new still comes. */
  stopFetching(): void
  /** The whole mail as it lies on the server. `message-gone` removes the row. */
  fetchSource(message: StoredMessage): Promise<Result<Buffer>>
  /**
   * Brings what is pending of this account to the server. Resolves once it is there or undone (then `refusals` say
   * why); while there is no connection it stays pending.
   */
  pushWishes(): Promise<void>
  ensureFolder(role: NeededRole): Promise<Result<StoredFolder>>
  /** Puts the copy into Sent unless a mail with its Message-ID is there. */
  fileSentCopy(copy: SentCopy): Promise<Result<FiledCopy>>
  /** The Drafts folder holds this one copy of the draft, or none (null); POP3 has no such folder and does nothing. */
  keepDraftCopy(draftId: string, copy: DraftCopy | null): Promise<Result<true>>
  /** Mails in these folders (null: all) that the server finds for the question. POP3 has all its mails here. */
  searchServer(query: SearchQuery, folderIds: string[] | null, limit: number): Promise<Result<FoundOnServer>>
  findSentCopy(messageIdHeader: string): Promise<Result<{ isThere: boolean }>>
  /** What is fetched ahead is wished otherwise, or may go on. */
  fetchAhead(): void
  /** Sources are on their way here in numbers. */
  isFetching(): boolean
  state(): SourceState
  stop(): Promise<void>
}

/** Sources of how many days are here before they are opened: null all, 0 none. `isHeld`: not now. */
export type AheadWish = { days: number | null; isHeld: boolean }

/** All that a source may use. */
export type SourceTools = {
  store: MailStore
  packs: Packs
  clock: Clock
  emit: Emit
  /** The state has changed. */
  onState: () => void
  ahead: () => AheadWish
}
