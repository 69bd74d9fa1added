/** The played program's conversations: by `threads` of its world; a mail that is not in there stands alone. */

import type { Handlers } from '../../shared/api.ts'
import type { ConversationHead } from '../../shared/conversation.ts'
import type { Folder } from '../../shared/folder.ts'
import type { MessageHead, Place } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'

export type ConversationWorld = {
  /** Which thread a mail is in, by its id. */
  threads: Record<string, string>
}

type Known = ConversationWorld & { heads: MessageHead[]; folders: Folder[] }

export function conversationHandlers(world: Known, listOf: (place: Place) => MessageHead[]) {
  const threadOf = (head: MessageHead) => world.threads[head.id] ?? `of ${head.id}`
  const roleOf = (head: MessageHead) => world.folders.find(({ id }) => id === head.folderId)?.role
  const wholeOf = (threadId: string) =>
    world.heads
      .filter(head => threadOf(head) === threadId)
      .sort((left, right) => left.sentAt - right.sentAt || left.id.localeCompare(right.id))
  const rowOf = (threadId: string, here: MessageHead[]): ConversationHead => {
    const whole = wholeOf(threadId)
    const own = whole.findLast(head => roleOf(head) === 'sent')
    const newest = here[0] as MessageHead
    const people = new Map(
      whole.map(head => {
        const isOwn = roleOf(head) === 'sent'
        return [isOwn ? 'own' : head.from.address, { person: head.from, isOwn }]
      }),
    )
    return {
      threadId,
      newest,
      people: [...people.values()],
      mails: whole.length,
      unread: here.filter(head => !head.isSeen).length,
      isFlagged: here.some(head => head.isFlagged),
      hasAttachments: whole.some(head => head.hasAttachments),
      own:
        own === undefined
          ? null
          : {
              sentAt: own.sentAt,
              isLast: own.sentAt >= newest.sentAt,
              outboxItemId: own.outboxItemId,
            },
    }
  }
  const rowsOf = (place: Place): ConversationHead[] =>
    [...Map.groupBy(listOf(place), threadOf)].map(([threadId, here]) => rowOf(threadId, here))
  return {
    'mailbox.conversations': (place, offset, limit) => ok(rowsOf(place).slice(offset, offset + limit)),
    'mailbox.conversationCount': place => ok({ total: rowsOf(place).length }),
    'mailbox.conversation': messageId => {
      const head = world.heads.find(({ id }) => id === messageId)
      if (head === undefined) return ok({ threadId: null, mails: [] })
      return ok({ threadId: threadOf(head), mails: wholeOf(threadOf(head)) })
    },
    'mailbox.conversationMails': (place, threadId) =>
      ok({ messageIds: listOf(place).flatMap(head => (threadOf(head) === threadId ? head.id : [])) }),
  } satisfies Partial<Handlers>
}
