/** The conversation that a mail is read in, where the person reads so and it has more than this one mail. */

import { useMemo } from 'react'
import type { MessageHead, Place } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'

export type ReadConversation = {
  threadId: string
  /** Oldest first. */
  mails: MessageHead[]
  /** Its mails in the place it is read in: what is done with the conversation is done with these. */
  hereIds: string[]
}

export function useConversation(messageId: string, place: Place): ReadConversation | null {
  const isWanted = useAsk('settings.get', []).data?.showsConversations === true
  const read = useAsk('mailbox.conversation', [messageId], { isEnabled: isWanted }).data
  const threadId = isWanted ? (read?.threadId ?? null) : null
  const here = useAsk('mailbox.conversationMails', [place, threadId ?? ''], {
    isEnabled: threadId !== null,
  }).data
  return useMemo(() => {
    if (threadId === null || read === undefined || read.mails.length < 2) return null
    return { threadId, mails: read.mails, hereIds: here?.messageIds ?? [] }
  }, [threadId, read, here])
}
