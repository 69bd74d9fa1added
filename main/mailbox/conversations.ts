/**
 * Conversations as the desk has them: rows of the collapsed list, and the mails that are read together. Read-only, as
 * the sorting room has written them (`threads.ts`).
 */

import type { Conversation, ConversationHead, ConversationPerson } from '../../shared/conversation.ts'
import type { FolderRole, MessageHead, Place } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db, Row } from '../db.ts'
import { HEAD_COLUMNS, rowId, toHead } from './mailbox-list-store.ts'
import { idShape, placeShape } from './place-shape.ts'
import { readTogether, UNIFIED_PLACES } from './thread-rows.ts'

const LONGEST_PAGE = 200

export type Conversations = ReturnType<typeof createConversations>

export type ConversationDeps = {
  /** mail.db, opened read-only. */
  db: Db
  /** Our outbox's item with this Message-ID (no angle brackets). */
  outboxItemOf: (messageIdHeader: string) => string | null
}

export function createConversations({ db, outboxItemOf }: ConversationDeps) {
  const headOf = (row: Row): MessageHead => {
    const { messageIdHeader, ...head } = toHead(row)
    return { ...head, outboxItemId: messageIdHeader === '' ? null : outboxItemOf(messageIdHeader) }
  }
  return {
    count: (place: Place): { total: number } => ({
      total: Number(
        db.get('SELECT count(*) AS total FROM conversation WHERE place = ?', placeId(place))?.total,
      ),
    }),
    /** The one with the newest mail first. */
    page: (place: Place, offset: number, limit: number): ConversationHead[] =>
      db.all(CONVERSATION_PAGE, placeId(place), limit, offset, placeId(place)).map(row => ({
        threadId: String(row.thread_id),
        newest: headOf(row),
        people: JSON.parse(String(row.people)) as ConversationPerson[],
        mails: Number(row.mails),
        unread: Number(row.unread),
        isFlagged: row.has_flag === 1,
        hasAttachments: row.has_files === 1,
        own:
          row.own_at === null
            ? null
            : {
                sentAt: Number(row.own_at),
                isLast: Number(row.own_at) >= Number(row.newest_at),
                outboxItemId: row.own_message_id === '' ? null : outboxItemOf(String(row.own_message_id)),
              },
      })),
    /** All that is read together with this mail; empty where there is no such mail. */
    of(messageId: string): Conversation {
      const id = rowId(messageId)
      const thread = db.get('SELECT thread_id FROM threaded WHERE message_id = ?', id)?.thread_id
      const rows =
        thread === undefined
          ? db.all(`SELECT ${HEAD_COLUMNS}, role FROM message WHERE id = ?`, id)
          : db.all(
              `SELECT ${HEAD_COLUMNS}, role FROM message
               WHERE id IN (SELECT message_id FROM threaded WHERE thread_id = ?) AND is_shown = 1
               ORDER BY sent_at, id`,
              thread as number,
            )
      const asked = rows.find(row => Number(row.id) === id)
      const placed = rows.map(row => ({
        row,
        folderId: Number(row.folder_id),
        role: row.role as FolderRole | null,
        messageId: String(row.message_id),
        sentAt: Number(row.sent_at),
      }))
      const together = readTogether(placed, new Set(asked === undefined ? [] : [Number(asked.folder_id)]))
      return {
        threadId: thread === undefined ? null : String(thread),
        mails: together.map(({ row }) => headOf(row)),
      }
    },
    /** All its mails in one place, for what is done with them there. */
    mailsIn(place: Place, threadId: string): { messageIds: string[] } {
      const isFolder = place.kind === 'folder'
      return {
        messageIds: db
          .all(
            `SELECT id FROM message WHERE id IN (SELECT message_id FROM threaded WHERE thread_id = ?)
             AND is_shown = 1 AND ${isFolder ? 'folder_id' : 'role'} = ? ORDER BY sent_at DESC, id DESC`,
            rowId(threadId),
            isFolder ? rowId(place.folderId) : place.role,
          )
          .map(row => String(row.id)),
      }
    },
  }
}

function placeId(place: Place): number {
  return place.kind === 'unified' ? UNIFIED_PLACES[place.role] : rowId(place.folderId)
}

/** Which ones comes from one walk along an index, so that a deep OFFSET reads no rows; CROSS keeps that order. */
export const CONVERSATION_PAGE = `SELECT ${HEAD_COLUMNS.split(',')
  .map(column => `m.${column.trim()}`)
  .join(
    ', ',
  )}, c.thread_id, c.mails, c.unread, c.is_flagged AS has_flag, c.has_attachments AS has_files, c.people,
    c.own_at, c.own_message_id, c.newest_at
  FROM (
    SELECT thread_id FROM conversation INDEXED BY conversation_by_place
    WHERE place = ? ORDER BY newest_at DESC, newest_id DESC LIMIT ? OFFSET ?
  ) AS shown
  CROSS JOIN conversation c ON c.thread_id = shown.thread_id AND c.place = ?
  CROSS JOIN message m ON m.id = c.newest_id
  ORDER BY c.newest_at DESC, c.newest_id DESC`

type ConversationMethods =
  | 'mailbox.conversations'
  | 'mailbox.conversationCount'
  | 'mailbox.conversation'
  | 'mailbox.conversationMails'

export function conversationCalls(conversations: Conversations): Calls<ConversationMethods> {
  return {
    'mailbox.conversations': {
      args: z.tuple([placeShape, z.int().min(0).max(10_000_000), z.int().min(1).max(LONGEST_PAGE)]),
      run: (place, offset, limit) => ok(conversations.page(place, offset, limit)),
    },
    'mailbox.conversationCount': {
      args: z.tuple([placeShape]),
      run: place => ok(conversations.count(place)),
    },
    'mailbox.conversation': { args: z.tuple([idShape]), run: messageId => ok(conversations.of(messageId)) },
    'mailbox.conversationMails': {
      args: z.tuple([placeShape, idShape]),
      run: (place, threadId) => ok(conversations.mailsIn(place, threadId)),
    },
  }
}
