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
  IconFolderSymlink,
  IconMail,
  IconMailCheck,
  IconMailForward,
  IconMailOpened,
  IconMailQuestion,
  IconTrash,
  IconTrashX,
} from '@tabler/icons-react'
import { useMemo } from 'react'
import type { Folder } from '../../shared/folder.ts'
import type { Message, MessageHead } from '../../shared/model.ts'
import { useAsk } from '../ask.ts'
import { openComposer } from '../compose/composers.ts'
import { openFolderDialog } from '../folders/folder-dialogs.ts'
import { useFiling } from '../folders/use-filing.ts'
import { useWords, type Words } from '../i18n/words.ts'
import type { KeyName } from '../ui/keys.ts'
import { useAct } from '../ui/use-act.tsx'
import type { ReadConversation } from './use-conversation.ts'

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
    | 'delete'
    | 'move'
    | 'junk'
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

/** The ways to answer one mail or pass it on. */
export function answering(message: MessageHead, words: Words): MessageAction[] {
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

/** What is acted on: the mail, or all of its conversation in its place; a folder takes those of its account. */
type Acted = { all: string[]; ofAccount: string[] }

function actedOn(message: MessageHead, conversation: ReadConversation | null): Acted {
  const here = conversation?.hereIds ?? []
  if (conversation === null || here.length === 0) return { all: [message.id], ofAccount: [message.id] }
  const elsewhere = new Set(
    conversation.mails.flatMap(({ id, accountId }) => (accountId === message.accountId ? [] : id)),
  )
  return { all: here, ofAccount: here.filter(id => !elsewhere.has(id)) }
}

function filing(
  message: MessageHead,
  acted: Acted,
  folders: readonly Folder[],
  words: Words,
  file: ReturnType<typeof useFiling>,
  onRemoved: () => void,
): MessageAction[] {
  const { accountId, folderId } = message
  const to = async (role: 'archive' | 'junk' | 'trash' | 'inbox') => {
    if (await file(acted.all, { role }, words(`frame.role.${role}`))) onRemoved()
  }
  const archive: MessageAction = {
    id: 'archive',
    name: words('mailbox.archive'),
    icon: IconArchive,
    key: 'e',
    run: () => void to('archive'),
  }
  const trash: MessageAction = {
    id: 'trash',
    name: words('mailbox.trash'),
    icon: IconTrash,
    key: 'Delete',
    run: () => void to('trash'),
  }
  const forGood: MessageAction = {
    id: 'delete',
    name: words('folders.deleteForGood'),
    icon: IconTrashX,
    key: 'Delete',
    run: () => openFolderDialog({ kind: 'delete', messageIds: acted.all, onDeleted: onRemoved }),
  }
  const move: MessageAction = {
    id: 'move',
    name: words('folders.move'),
    icon: IconFolderSymlink,
    key: 'v',
    run: () =>
      openFolderDialog({
        kind: 'move',
        accountId,
        folderId,
        messageIds: acted.ofAccount,
        onMoved: onRemoved,
      }),
  }
  const isJunk = isIn('junk', message, folders)
  const junk: MessageAction = {
    id: 'junk',
    name: words(isJunk ? 'folders.notJunk' : 'folders.junk'),
    icon: isJunk ? IconMailCheck : IconMailQuestion,
    key: '!',
    isRare: !isJunk,
    run: () => void to(isJunk ? 'inbox' : 'junk'),
  }
  return [
    ...(isIn('archive', message, folders) ? [] : [archive]),
    isIn('trash', message, folders) ? forGood : trash,
    move,
    ...(isIn('sent', message, folders) || isIn('drafts', message, folders) ? [] : [junk]),
  ]
}

/** `onRemoved` runs once the mail has left its list, so that the view can go to the next one. */
export function useMessageActions(
  message: Message | MessageHead | null,
  onRemoved: () => void,
  conversation: ReadConversation | null = null,
): MessageAction[] {
  const words = useWords()
  const act = useAct()
  const file = useFiling()
  const folders = useAsk('mailbox.folders', [], { isEnabled: message !== null })
  return useMemo(() => {
    if (message === null) return []
    const acted = actedOn(message, conversation)
    const setFlags = (flags: { isSeen?: boolean; isFlagged?: boolean }) =>
      void act('mailbox.setFlags', flags.isFlagged === undefined ? acted.all : [message.id], flags)
    return [
      ...answering(message, words),
      ...filing(message, acted, folders.data ?? [], words, file, onRemoved),
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
  }, [message, conversation, words, act, file, folders.data, onRemoved])
}
