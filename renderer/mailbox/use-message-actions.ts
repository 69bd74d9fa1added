/** What can be done with one mail: one list for the buttons, the keys, and Ctrl/Cmd+K. */

import {
  type Icon,
  IconArchive,
  IconArrowBackUp,
  IconArrowBackUpDouble,
  IconArrowForwardUp,
  IconArrowRampRight,
  IconCopyPlus,
  IconFlag,
  IconMail,
  IconMailForward,
  IconMailOpened,
  IconTrash,
} from '@tabler/icons-react'
import { useMemo } from 'react'
import type { Folder } from '../../shared/folder.ts'
import type { Message, MessageHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { openComposer } from '../compose/composers.ts'
import { useWords, type WordKey, type Words } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import type { KeyName } from '../ui/keys.ts'
import { useAct } from '../ui/use-act.tsx'

export type MessageAction = {
  id:
    | 'reply'
    | 'reply-all'
    | 'forward'
    | 'forward-attachment'
    | 'edit-as-new'
    | 'redirect'
    | 'archive'
    | 'trash'
    | 'flag'
    | 'unread'
  name: string
  icon: Icon
  key?: KeyName
  /** For a switch. */
  isOn?: boolean
  /** Lies in the menu, not on the bar. */
  isRare?: boolean
  run(): void
}

function isIn(role: Folder['role'], message: MessageHead, folders: readonly Folder[]): boolean {
  return folders.some(folder => folder.id === message.folderId && folder.role === role)
}

type Act = ReturnType<typeof useAct>

function answering(message: MessageHead, words: Words): MessageAction[] {
  const messageId = message.id
  const start = (kind: 'reply' | 'forward', all = false) =>
    openComposer(kind === 'reply' ? { kind, messageId, all } : { kind, messageId, as: 'inline' })
  return [
    { id: 'reply', name: words('mailbox.reply'), icon: IconArrowBackUp, key: 'r', run: () => start('reply') },
    {
      id: 'reply-all',
      name: words('mailbox.replyAll'),
      icon: IconArrowBackUpDouble,
      key: 'a',
      run: () => start('reply', true),
    },
    {
      id: 'forward',
      name: words('mailbox.forward'),
      icon: IconArrowForwardUp,
      key: 'f',
      run: () => start('forward'),
    },
    {
      id: 'forward-attachment',
      name: words('mailbox.forwardAttachment'),
      icon: IconMailForward,
      isRare: true,
      run: () => openComposer({ kind: 'forward', messageId, as: 'attachment' }),
    },
    {
      id: 'redirect',
      name: words('mailbox.redirect'),
      icon: IconArrowRampRight,
      isRare: true,
      run: () => openComposer({ kind: 'redirect', messageId }),
    },
    {
      id: 'edit-as-new',
      name: words('mailbox.editAsNew'),
      icon: IconCopyPlus,
      isRare: true,
      run: () => openComposer({ kind: 'edit-as-new', messageId }),
    },
  ]
}

function filing(
  message: MessageHead,
  folders: readonly Folder[],
  words: Words,
  act: Act,
  onRemoved: () => void,
): MessageAction[] {
  const move = async (role: 'archive' | 'trash', said: 'mailbox.archived' | 'mailbox.trashed') => {
    const answer = await act('mailbox.move', [message.id], { role })
    if (answer === null || answer.moved === 0) return
    onRemoved()
    announce(words(said satisfies WordKey, { count: answer.moved }))
  }
  const archive: MessageAction = {
    id: 'archive',
    name: words('mailbox.archive'),
    icon: IconArchive,
    key: 'e',
    run: () => void move('archive', 'mailbox.archived'),
  }
  const trash: MessageAction = {
    id: 'trash',
    name: words('mailbox.trash'),
    icon: IconTrash,
    key: 'Delete',
    run: () => void move('trash', 'mailbox.trashed'),
  }
  return [
    ...(isIn('archive', message, folders) ? [] : [archive]),
    ...(isIn('trash', message, folders) ? [] : [trash]),
  ]
}

/** `onRemoved` runs once the mail has left its list, so that the view can go to the next one. */
export function useMessageActions(
  message: Message | MessageHead | null,
  onRemoved: () => void,
): MessageAction[] {
  const words = useWords()
  const act = useAct()
  const folders = useAsk('mailbox.folders', [], { isEnabled: message !== null })
  return useMemo(() => {
    if (message === null) return []
    const setFlags = (flags: { isSeen?: boolean; isFlagged?: boolean }) =>
      void act('mailbox.setFlags', [message.id], flags)
    return [
      ...answering(message, words),
      ...filing(message, folders.data ?? [], words, act, onRemoved),
      {
        id: 'flag',
        name: words('mailbox.flag'),
        icon: IconFlag,
        key: 's',
        isOn: message.isFlagged,
        run: () => setFlags({ isFlagged: !message.isFlagged }),
      },
      {
        id: 'unread',
        name: words(message.isSeen ? 'mailbox.markUnread' : 'mailbox.markRead'),
        icon: message.isSeen ? IconMail : IconMailOpened,
        key: 'u',
        run: () => setFlags({ isSeen: !message.isSeen }),
      },
    ]
  }, [message, words, act, folders.data, onRemoved])
}
