/**
 * THE contract between the page and the program: one map of calls, one map of events.
 * Handlers, client and allow-list derive from it. Calls command, events announce; events carry ids, never rows.
 */

import type { AccountCheck } from './account-check.ts'
import type { Conversation, ConversationHead } from './conversation.ts'
import type { DraftStart } from './draft-start.ts'
import type { DraftWriter } from './draft-writer.ts'
import type { Folder, MoveTarget } from './folder.ts'
import type { LeavingWay, LeftList } from './list-leaving.ts'
import type { MergeBatch, MergeBatchRow, MergeColumns, MergePeople, MergeTable } from './merge.ts'
import type {
  Account,
  AccountInput,
  AccountStatus,
  Acquaintance,
  Address,
  AnsweredMail,
  Draft,
  DraftAttachment,
  DraftContent,
  DraftHead,
  DraftVersion,
  Group,
  Identity,
  ImportPreview,
  MailPreview,
  Message,
  MessageHead,
  OutboxCounts,
  OutboxItem,
  Person,
  Place,
  RemovalPreview,
  ServerAbilities,
  Settings,
  ShellInfo,
  Suggestion,
  TranscriptLine,
} from './model.ts'
import type { Result } from './problem.ts'
import type { FetchedPictures } from './remote-pictures.ts'
import type {
  MailFileNames,
  SearchCount,
  SearchExcerpt,
  SearchOrder,
  SearchPage,
  ServerSearch,
} from './search-answer.ts'
import type { Template, TemplateInput } from './template.ts'

/** Every call: its arguments and what it answers when all is well. Failure is always a `Problem`. */
export type Api = {
  'app.info': () => ShellInfo
  'app.status': () => AccountStatus[]
  /** Opens a link outside; only http, https and mailto (mailto opens a draft) are let through. */
  'app.openLink': (url: string) => { opened: boolean }
  /** Ends the program where its shell lets the page ask; `not-now` where the shell asks by itself. */
  'app.quit': () => { quitting: boolean }
  /** Starts the practice servers if need be and gives the practice account. */
  'practice.start': () => { accountId: string }

  'settings.get': () => Settings
  'settings.set': (patch: Partial<Settings>) => Settings

  'accounts.list': () => Account[]
  'accounts.save': (input: AccountInput) => Account
  /** All identities in their order; the account's own (`main`) keeps its name and address from `accounts.save`. */
  'accounts.saveIdentities': (accountId: string, identities: Identity[]) => Account
  'accounts.removalPreview': (accountId: string) => RemovalPreview
  'accounts.remove': (accountId: string) => RemovalPreview
  /** Starts the stage-by-stage check of the real servers; follow it with `accounts.checkState` on `check.changed`. */
  'accounts.check': (input: AccountInput) => { checkId: string }
  'accounts.checkState': (checkId: string) => AccountCheck
  'accounts.stopCheck': (checkId: string) => { stopped: boolean }
  /** What the sending server can take; null where it was never met. Asked again on `accounts.changed`. */
  'accounts.abilities': (accountId: string) => ServerAbilities | null

  'drafts.list': () => DraftHead[]
  'drafts.create': (start: DraftStart) => Draft
  'drafts.get': (draftId: string) => Draft
  /**
   * `revision` is the one that was typed on; an older one answers `conflict` and changes nothing. `undo` is what the
   * editor can take back, opaque to the program and kept for exactly this state; left out, there is none. Answers
   * `written-elsewhere` where a window other than `windowId` writes the draft, also where none is named.
   */
  'drafts.save': (
    draftId: string,
    revision: number,
    content: DraftContent,
    undo?: string | null,
    windowId?: string,
  ) => { revision: number; savedAt: number }
  /** What the editor could take back when the draft was saved as it is now, or null. */
  'drafts.undo': (draftId: string) => { undo: string | null }
  /** Every saved state, newest first. */
  'drafts.history': (draftId: string) => DraftVersion[]
  /** What the draft said then; it stays as it is. */
  'drafts.version': (draftId: string, versionId: number) => DraftContent & { attachments: DraftAttachment[] }
  /** Brings a state back as the newest one; `revision` as in `drafts.save`. What was there stays in the history. */
  'drafts.restoreVersion': (draftId: string, revision: number, versionId: number, windowId?: string) => Draft
  /** The very mail that Send would make of this revision. */
  'drafts.preview': (draftId: string, revision: number) => MailPreview
  'drafts.discard': (draftId: string) => { discarded: boolean }
  /** `contentId` makes it a picture within the text, which `cid:` in the html names. */
  'drafts.attach': (draftId: string, fileToken: string, contentId?: string) => DraftAttachment
  /**
   * A file of a received mail (`partId`), or the mail itself as message/rfc822 (null), fetched from its server if need be.
   * Its bytes do not come to the page.
   */
  'drafts.attachFromMail': (draftId: string, messageId: string, partId: string | null) => DraftAttachment
  'drafts.detach': (draftId: string, attachmentId: string) => { detached: boolean }
  /** A piece of an attached file from `offset` on, at most 192 KiB; shorter or empty only at the end of the file. */
  'drafts.readAttachment': (draftId: string, attachmentId: string, offset: number) => { base64: string }
  /** The same of a file that a version has, which the draft may have no more. */
  'drafts.readVersionFile': (
    draftId: string,
    versionId: number,
    attachmentId: string,
    offset: number,
  ) => { base64: string }
  /**
   * Makes several drafts of one, in one transaction: the attachments as grouped, the same people and text, "(1/n)" behind
   * the subject. The first is the draft itself. `groups` hold each attachment once, else `invalid`.
   */
  'drafts.split': (draftId: string, revision: number, groups: string[][]) => Draft[]
  /**
   * How the window stands to the draft; one that nobody writes is its own from now on, for as long as it saves or asks
   * again (every minute is often enough). `take` asks the window that writes for its last words and then takes over.
   */
  'drafts.claim': (draftId: string, windowId: string, how: 'ask' | 'take') => { writer: DraftWriter }
  /** The window writes the draft no longer; whoever asked for it has it then. */
  'drafts.release': (draftId: string, windowId: string) => { released: boolean }

  /** Templates, then snippets, each by name. */
  'templates.list': () => Template[]
  /** `id` null makes a new one; `invalid` where another of its kind has the name. */
  'templates.save': (input: TemplateInput) => Template
  /** Puts its files and pictures into a draft, under the Content-IDs that its html names; those that are there already are not doubled. */
  'templates.attach': (templateId: string, draftId: string) => DraftAttachment[]
  'templates.readFile': (templateId: string, fileId: string, offset: number) => { base64: string }
  'templates.removeFile': (templateId: string, fileId: string) => { removed: boolean }
  'templates.remove': (templateId: string) => { removed: boolean }

  /**
   * A file arrives in pieces, as the page has bytes and never a path. Pieces are base64 of at most 256 KiB; `bytes` null is
   * as many as come.
   */
  'files.begin': (name: string, type: string, bytes: number | null) => { fileToken: string }
  'files.append': (fileToken: string, offset: number, base64: string) => { received: number }
  'files.abandon': (fileToken: string) => { abandoned: boolean }

  /**
   * Freezes the draft into a mail and queues it. Answers once it is on disk; the window may close then. Answers
   * `same-mail` where the same words went to the same people within half an hour, unless they are meant `again`.
   */
  'outbox.send': (
    draftId: string,
    revision: number,
    sendAt: number | null,
    meant?: 'again',
  ) => { itemId: string; dueAt: number }
  /** Makes the account's connection ready and keeps it so: somebody is writing. Asked again every few seconds. */
  'outbox.warm': (accountId: string) => { asked: boolean }
  'outbox.list': () => OutboxItem[]
  'outbox.get': (itemId: string) => OutboxItem
  'outbox.counts': () => OutboxCounts
  'outbox.cancel': (itemId: string) => { cancelled: boolean }
  /** Takes the mail back and makes it a draft again. */
  'outbox.edit': (itemId: string) => { draftId: string }
  'outbox.tryNow': (itemId: string) => { dueAt: number }
  'outbox.pause': (itemId: string) => { paused: boolean }
  'outbox.resume': (itemId: string) => { dueAt: number }
  /** What waits with the account is tried now, whatever its server asked for. */
  'outbox.resumeAccount': (accountId: string) => { resumed: boolean }
  /** A mail that waits, was paused or whose time passed in sleep leaves at this time (epoch ms) instead. */
  'outbox.holdUntil': (itemId: string, at: number) => { dueAt: number }
  'outbox.chooseRecipients': (itemId: string, choice: 'send-to-others' | 'cancel') => { chosen: boolean }
  /**
   * Puts a right address in the place of a refused one and sends: the whole mail where nobody has it yet (same item),
   * else the same bytes to the new address alone (an item of its own). `invalid` where it is a recipient already.
   */
  'outbox.correctRecipient': (itemId: string, oldAddress: string, newAddress: string) => { itemId: string }
  'outbox.decideOutcome': (
    itemId: string,
    verdict: 'handed-over' | 'send-again' | 'do-not-send',
  ) => { decided: boolean }
  'outbox.remove': (itemId: string) => { removed: boolean }
  'outbox.transcript': (itemId: string) => TranscriptLine[]
  /** Writes the frozen mail as .eml where the person chooses; without the attachments that are damaged or gone. */
  'outbox.saveAs': (itemId: string) => { savedAs: string | null; leftOut: string[] }
  /** The mail's journey and its conversation with the servers, for a person and for a program; holds no secret. */
  'outbox.export': (itemId: string) => { text: string; json: string }
  'outbox.saveExport': (itemId: string, format: 'text' | 'json') => { savedAs: string | null }

  /**
   * Makes a mail of the outbox of every row of the table, from a draft whose fields the rows fill. The draft goes. Rows
   * with a fault are left out where `leaveOut`, else nothing begins and the answer is `invalid`. At most 10,000 rows.
   * `from` is the file or group, as the person knows it.
   */
  'merge.start': (
    draftId: string,
    revision: number,
    table: MergeTable,
    columns: MergeColumns,
    from: string,
    leaveOut: boolean,
  ) => { batchId: string; dueAt: number }
  /** Newest first; what ended and was put away is not in it. */
  'merge.list': () => MergeBatch[]
  'merge.get': (batchId: string) => MergeBatch
  /** In the order of the table; `limit` at most 200. */
  'merge.rows': (batchId: string, offset: number, limit: number) => MergeBatchRow[]
  'merge.pause': (batchId: string) => MergeBatch
  'merge.resume': (batchId: string) => MergeBatch
  /** What has not left does not leave any more. */
  'merge.cancel': (batchId: string) => MergeBatch
  /** What has not left becomes a draft again, with its files and the people who have not got it. */
  'merge.takeBack': (batchId: string) => { draftId: string }
  /** The people that came back with a draft; null where there are none. */
  'merge.people': (draftId: string) => MergePeople | null
  /** Cells, in the order of the table; `limit` at most 1,000. */
  'merge.peopleRows': (draftId: string, offset: number, limit: number) => string[][]
  'merge.forgetPeople': (draftId: string) => { forgotten: boolean }
  /** Takes a batch that is over off the list. */
  'merge.dismiss': (batchId: string) => { dismissed: boolean }

  'mailbox.folders': () => Folder[]
  'mailbox.count': (place: Place) => { total: number; unread: number }
  /** Newest first; `limit` at most 200. */
  'mailbox.page': (place: Place, offset: number, limit: number) => MessageHead[]
  /** The same, collapsed to conversations: by the newest mail of each in the place. */
  'mailbox.conversations': (place: Place, offset: number, limit: number) => ConversationHead[]
  'mailbox.conversationCount': (place: Place) => { total: number }
  /** What is read together with this mail. */
  'mailbox.conversation': (messageId: string) => Conversation
  /** The mails of a conversation that lie in this place, for what is done with it there; newest first. */
  'mailbox.conversationMails': (place: Place, threadId: string) => { messageIds: string[] }
  'mailbox.message': (messageId: string) => Message
  /** A mail by its Message-ID (no angle brackets), wherever it lies; null where its source is not here. Asks no server. */
  'mailbox.answered': (messageIdHeader: string) => AnsweredMail | null
  'mailbox.source': (messageId: string) => { source: string; isCut: boolean }
  /** What follows is done here at once and taken to the server behind the answer; see `refusals` of the status. */
  'mailbox.setFlags': (
    messageIds: string[],
    flags: { isSeen?: boolean; isFlagged?: boolean },
  ) => { changed: number; undoId: string }
  'mailbox.markRead': (place: Place) => { changed: number; undoId: string }
  'mailbox.move': (messageIds: string[], target: MoveTarget) => { moved: number; undoId: string }
  /** For good, out of the trash or junk; there is no way back. */
  'mailbox.remove': (messageIds: string[]) => { removed: number }
  'mailbox.undo': (undoId: string) => { undone: number }
  /** `parentId` null is beside the inbox. `invalid` for a name that is taken or cannot be one. */
  'mailbox.createFolder': (accountId: string, parentId: string | null, name: string) => { folderId: string }
  'mailbox.renameFolder': (folderId: string, name: string) => { renamed: boolean }
  /** With the folders in it; their mails go to the trash. */
  'mailbox.removeFolder': (folderId: string) => { removed: boolean }
  'mailbox.subscribe': (folderId: string, isSubscribed: boolean) => { changed: boolean }
  /** No more of what is missing is fetched until the next `mailbox.refresh`; what is new still comes. */
  'mailbox.stopFetching': (accountId: string) => { stopped: boolean }
  /** Writes the mail as it came, byte for byte, as .eml where the person chooses. */
  'mailbox.saveAs': (messageId: string) => { savedAs: string | null }
  'mailbox.saveAttachment': (messageId: string, partId: string) => { savedAs: string | null }
  'mailbox.refresh': (accountId: string | null) => { started: boolean }

  /** Mailing lists that were left, the last one first. */
  'lists.left': () => LeftList[]
  /** Leaves the list of the mail by a way it names (`Message.leaving`), and remembers it. */
  'lists.leave': (messageId: string, way: LeavingWay) => { way: LeavingWay }

  /** The pictures that the mail names, fetched from the internet without a trace; `not-now` where the settings say never. */
  'pictures.fetch': (messageId: string) => FetchedPictures
  /** Senders whose pictures are loaded without a question, the last one first. */
  'pictures.trusted': () => string[]
  'pictures.trust': (address: string, isTrusted: boolean) => { isTrusted: boolean }

  /**
   * Mails for what was typed (shared/search-query.ts), in a place or everywhere (null), a page of at most 100; with those
   * of `alsoIds`, which a server found, in their places. An older question under way answers `cancelled`.
   */
  'search.find': (
    text: string,
    place: Place | null,
    order: SearchOrder,
    cursor: string | null,
    alsoIds: string[],
  ) => SearchPage
  'search.count': (text: string, place: Place | null, alsoIds: string[]) => SearchCount
  /** Names of the files of mails, for their rows; null where the source is not here. At most 100. */
  'search.files': (messageIds: string[]) => MailFileNames[]
  'search.excerpts': (text: string, messageIds: string[]) => SearchExcerpt[]
  /** Asks the IMAP servers; what they find is shown by `search.find` with `alsoIds`. */
  'search.askServers': (text: string, place: Place | null) => ServerSearch

  /** The most likely first; `limit` at most 20. Prefixes of the words of name, address and domain. */
  'people.suggest': (query: string, limit: number) => Suggestion[]
  /** One answer for each address, in their order. */
  'people.knows': (addresses: string[]) => Acquaintance[]
  /** Domains of people who were written to on several days, or of several people; the latest first. */
  'people.domains': () => string[]
  /** No longer suggested or known, until a mail goes there again. */
  'people.forget': (address: string) => { forgotten: boolean }
  /** Those who match, nearest first; '' matches everybody. `limit` at most 200. */
  'people.list': (query: string, offset: number, limit: number) => { total: number; people: Person[] }
  /** Keeps a name and its reading by hand; they win over what mails and imports say. */
  'people.keep': (address: Address, reading: string) => { kept: boolean }
  /** In the order of their names. */
  'people.groups': () => Group[]
  /** `id` null makes a new one. `invalid` where it has no name, and for an address that is none. */
  'people.saveGroup': (group: { id: string | null; name: string; members: Address[] }) => Group
  'people.removeGroup': (groupId: string) => { removed: boolean }
  /** Reads a vCard or CSV file given by `files.*`; nothing is taken from it yet. `invalid` where it is neither. */
  'people.readImport': (fileToken: string) => ImportPreview
  /** All of it or nothing. The last file that was read. */
  'people.import': (importId: string) => { added: number; renewed: number }
  /** A table of people from a CSV file or from pasted rows, for a letter to many; `invalid` where it is none. */
  'people.readTable': (from: { fileToken: string } | { text: string }) => MergeTable
  /** Writes everybody (not lists and machines) as vCard 4.0 or CSV where the person chooses. */
  'people.export': (format: 'vcard' | 'csv') => { savedAs: string | null; people: number }
}

export type Method = keyof Api
export type Args<M extends Method> = Parameters<Api[M]>
export type Value<M extends Method> = ReturnType<Api[M]>

/** What the page gets for a call. */
export type Reply<M extends Method> = Result<Value<M>>

/** Every event: the ids of what changed. A lost or doubled event does no harm: the page asks again. */
export type Events = {
  'accounts.changed': { accountIds: string[] }
  'check.changed': { checkId: string }
  'drafts.changed': { draftIds: string[] }
  /** Only what is written in them, and now it is saved: many times while somebody writes. */
  'drafts.saved': { draftIds: string[] }
  /** Another window may write these now, or asks for them. */
  'writers.changed': { draftIds: string[] }
  'templates.changed': { templateIds: string[] }
  'outbox.changed': { itemIds: string[] }
  'merge.changed': { batchIds: string[] }
  'mailbox.changed': { accountId: string; folderIds: string[] }
  'lists.changed': { keys: string[] }
  'pictures.changed': { addresses: string[] }
  'message.changed': { messageIds: string[] }
  /** More of what is stored can be found now. */
  'search.changed': Record<string, never>
  /** The addresses; none where it may be any. */
  'people.changed': { addresses: string[] }
  'settings.changed': Record<string, never>
  'status.changed': { accountIds: string[] }
  /** Somebody outside asked for a composer (mailto:, second start): this draft wants a window. */
  'compose.requested': { draftId: string }
}

export type EventName = keyof Events
export type AnyEvent = { [N in EventName]: { name: N; payload: Events[N] } }[EventName]

/** All that the preload puts on `window.todoke`; `renderer/bridge.ts` takes it and deletes the global. */
export type Bridge = {
  call<M extends Method>(method: M, args: Args<M>): Promise<Reply<M>>
  /** Returns the unsubscribe. */
  on(listener: (event: AnyEvent) => void): () => void
}

/** The program's side of the contract: one function a call, sync or async. */
export type Handlers = { [M in Method]: (...args: Args<M>) => Promise<Reply<M>> | Reply<M> }
