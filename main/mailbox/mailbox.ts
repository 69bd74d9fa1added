/**
 * The mailbox as the desk has it: reads mail.db (read-only) for every list, and asks the sorting room for what needs
 * a server, a pack or a parser. Refuses to write mail.db and to open a connection.
 */

import type { Folder } from '../../shared/folder.ts'
import type { Account, AnsweredMail, Message, MessageHead, Place } from '../../shared/model.ts'
import { FOLDER_ROLES } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db } from '../db.ts'
import { ownServerOf, verdictOf } from '../mime/authentication.ts'
import type { Quotable } from '../mime/quotable.ts'
import { safeFileName, writeNewFile } from './attachment-file.ts'
import type { FolderActs } from './folder-acts.ts'
import type { MailActs } from './mail-acts.ts'
import { createMailList, type ListedMessage } from './mailbox-list-store.ts'
import { idShape as id, placeShape as place } from './place-shape.ts'
import type { Receiving } from './receiving.ts'

const LONGEST_PAGE = 200
const MOST_MESSAGES = 10_000
/** What the source view shows of a mail, in bytes. */
const SOURCE_LIMIT = 1_000_000

export type Mailbox = ReturnType<typeof createMailbox>

export type MailboxDeps = {
  /** mail.db, opened read-only after the sorting room has made it. */
  db: Db
  room: MailActs &
    FolderActs &
    Pick<Receiving, 'refresh' | 'stopFetching' | 'read' | 'quote' | 'source' | 'bytes' | 'attachment'>
  /** Asks the person; a path that does not exist yet, or null. */
  saveAs: (suggestedName: string) => Promise<string | null>
  /** Our outbox's item with this Message-ID (no angle brackets), so that own mails are marked. */
  outboxItemOf: (messageIdHeader: string) => string | null
  /** Its server's word on the sender of a mail counts; null where the account is not there. */
  accountOf: (accountId: string) => Pick<Account, 'incoming' | 'identity'> | null
}

export function createMailbox({ db, room, saveAs, outboxItemOf, accountOf }: MailboxDeps) {
  const list = createMailList(db)
  const toHead = ({ messageIdHeader, ...head }: ListedMessage): MessageHead => ({
    ...head,
    outboxItemId: messageIdHeader === '' ? null : outboxItemOf(messageIdHeader),
  })

  /** The whole mail; fetched from the server where it is not here yet. */
  async function message(messageId: string): Promise<Result<Message>> {
    if (list.message(messageId) === null) return fail({ kind: 'not-found', what: 'message' })
    const read = await room.read(messageId)
    if (!read.ok) return read
    // Read again: the room may have learned and written more while it fetched.
    const row = list.message(messageId)
    if (row === null) return fail({ kind: 'message-gone' })
    const { preview: _preview, sentAt: _sentAt, from, trace, ...mail } = read.value
    const account = accountOf(row.accountId)
    return ok({
      ...toHead(row),
      ...mail,
      from: from.address === '' && from.name === '' ? row.from : from,
      authentication:
        account === null
          ? 'unknown'
          : verdictOf(trace, ownServerOf(account.incoming.host, account.identity.address)),
      hasAttachments: mail.attachments.some(attachment => !attachment.isInline),
    })
  }

  return {
    folders: (): Folder[] => list.folders(),
    count: (place: Place): { total: number; unread: number } => list.count(place),
    page: (place: Place, offset: number, limit: number): MessageHead[] =>
      list.page(place, offset, limit).map(toHead),
    /** What lies here of an account, for the preview of its removal. */
    storedFor: (accountId: string): { messages: number; localOnly: number } => list.storedFor(accountId),

    message,

    /** What of the mail may travel on in an answer, and where it lies. */
    async quotable(messageId: string): Promise<Result<Quotable & { accountId: string; sentAt: number }>> {
      if (list.message(messageId) === null) return fail({ kind: 'not-found', what: 'message' })
      const read = await room.quote(messageId)
      if (!read.ok) return read
      const row = list.message(messageId)
      if (row === null) return fail({ kind: 'message-gone' })
      const { from } = read.value
      return ok({
        ...read.value,
        from: from.address === '' && from.name === '' ? row.from : from,
        accountId: row.accountId,
        sentAt: row.sentAt,
      })
    },

    /** What a reply has to know of the mail it answers; null where that is not here with its source. */
    async answered(messageIdHeader: string): Promise<AnsweredMail | null> {
      const messageId = list.readable(messageIdHeader)
      const whole = messageId === null ? null : await message(messageId)
      if (whole?.ok !== true) return null
      const { from, to, cc, replyTo, hasAttachments } = whole.value
      return { from, to, cc, replyTo, hasAttachments }
    },

    source: (messageId: string): Promise<Result<{ source: string; isCut: boolean }>> =>
      room.source(messageId, SOURCE_LIMIT),
    setFlags: room.setFlags,
    markRead: room.markRead,
    move: room.move,
    remove: room.remove,
    undo: room.undo,
    createFolder: room.createFolder,
    renameFolder: room.renameFolder,
    removeFolder: room.removeFolder,
    subscribe: room.subscribe,
    refresh: room.refresh,
    stopFetching: room.stopFetching,

    async saveMail(messageId: string): Promise<Result<{ savedAs: string | null }>> {
      const row = list.message(messageId)
      if (row === null) return fail({ kind: 'not-found', what: 'message' })
      const source = await room.bytes(messageId)
      if (!source.ok) return source
      const path = await saveAs(safeFileName(`${row.subject.trim() || 'mail'}.eml`))
      return path === null ? ok({ savedAs: null }) : writeNewFile(path, source.value)
    },

    async saveAttachment(messageId: string, partId: string): Promise<Result<{ savedAs: string | null }>> {
      const attachment = await room.attachment(messageId, partId)
      if (!attachment.ok) return attachment
      const path = await saveAs(safeFileName(attachment.value.name))
      return path === null ? ok({ savedAs: null }) : writeNewFile(path, attachment.value.content)
    },
  }
}

const ids = z.array(id).max(MOST_MESSAGES)

const target = z.union([
  z.object({ role: z.enum(FOLDER_ROLES).extract(['archive', 'junk', 'trash', 'inbox']) }),
  z.object({ folderId: id }),
])
const folderName = z.string().max(1_000)

type MailboxMethods =
  | 'mailbox.folders'
  | 'mailbox.count'
  | 'mailbox.page'
  | 'mailbox.message'
  | 'mailbox.answered'
  | 'mailbox.source'
  | 'mailbox.setFlags'
  | 'mailbox.saveAs'
  | 'mailbox.markRead'
  | 'mailbox.move'
  | 'mailbox.remove'
  | 'mailbox.undo'
  | 'mailbox.createFolder'
  | 'mailbox.renameFolder'
  | 'mailbox.removeFolder'
  | 'mailbox.subscribe'
  | 'mailbox.stopFetching'
  | 'mailbox.saveAttachment'
  | 'mailbox.refresh'

export function mailboxCalls(mailbox: Mailbox): Calls<MailboxMethods> {
  return {
    'mailbox.folders': { args: z.tuple([]), run: () => ok(mailbox.folders()) },
    'mailbox.count': { args: z.tuple([place]), run: where => ok(mailbox.count(where)) },
    'mailbox.page': {
      args: z.tuple([place, z.int().min(0).max(10_000_000), z.int().min(1).max(LONGEST_PAGE)]),
      run: (where, offset, limit) => ok(mailbox.page(where, offset, limit)),
    },
    'mailbox.message': { args: z.tuple([id]), run: messageId => mailbox.message(messageId) },
    'mailbox.answered': {
      args: z.tuple([z.string().min(1).max(1_000)]),
      run: async messageIdHeader => ok(await mailbox.answered(messageIdHeader)),
    },
    'mailbox.source': { args: z.tuple([id]), run: messageId => mailbox.source(messageId) },
    'mailbox.setFlags': {
      args: z.tuple([
        ids,
        z.object({ isSeen: z.boolean().exactOptional(), isFlagged: z.boolean().exactOptional() }),
      ]),
      run: (messageIds, wish) => mailbox.setFlags(messageIds, wish),
    },
    'mailbox.saveAs': { args: z.tuple([id]), run: messageId => mailbox.saveMail(messageId) },
    'mailbox.markRead': { args: z.tuple([place]), run: where => mailbox.markRead(where) },
    'mailbox.move': { args: z.tuple([ids, target]), run: (messageIds, to) => mailbox.move(messageIds, to) },
    'mailbox.remove': { args: z.tuple([ids]), run: messageIds => mailbox.remove(messageIds) },
    'mailbox.undo': { args: z.tuple([id]), run: undoId => mailbox.undo(undoId) },
    'mailbox.createFolder': {
      args: z.tuple([id, id.nullable(), folderName]),
      run: (accountId, parentId, name) => mailbox.createFolder(accountId, parentId, name),
    },
    'mailbox.renameFolder': {
      args: z.tuple([id, folderName]),
      run: (folderId, name) => mailbox.renameFolder(folderId, name),
    },
    'mailbox.removeFolder': { args: z.tuple([id]), run: folderId => mailbox.removeFolder(folderId) },
    'mailbox.subscribe': {
      args: z.tuple([id, z.boolean()]),
      run: (folderId, isSubscribed) => mailbox.subscribe(folderId, isSubscribed),
    },
    'mailbox.stopFetching': { args: z.tuple([id]), run: accountId => mailbox.stopFetching(accountId) },
    'mailbox.saveAttachment': {
      args: z.tuple([id, z.string().min(1).max(20)]),
      run: (messageId, partId) => mailbox.saveAttachment(messageId, partId),
    },
    'mailbox.refresh': {
      args: z.tuple([id.nullable()]),
      run: accountId => mailbox.refresh(accountId),
    },
  }
}
