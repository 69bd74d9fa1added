/** Folders in the list of places, what is done with them, and mails that are moved, in their states. */

import { openFolderDialog } from '../../renderer/folders/folder-dialogs.ts'
import type { Where } from '../../renderer/frame/navigation.tsx'
import { aFolder, aStatus } from '../support/builders.ts'
import { clickOn, typeInto } from './acting.ts'
import { state } from './frame-states.tsx'
import { folders } from './sample-world.ts'
import type { GalleryState } from './state.ts'

const inbox = (messageId: string | null): Where => ({
  view: 'mail',
  place: { kind: 'unified', role: 'inbox' },
  messageId,
})

/** A person's own folders, one in another, one that only holds others. */
const tree = [
  aFolder({ id: 'yuki/work', accountId: 'yuki', name: '取引先', role: null, isContainer: true }),
  aFolder({
    id: 'yuki/sato',
    accountId: 'yuki',
    parentId: 'yuki/work',
    name: '佐藤工業',
    role: null,
    unread: 12,
  }),
  aFolder({ id: 'yuki/old', accountId: 'yuki', parentId: 'yuki/sato', name: '2025', role: null }),
  aFolder({ id: 'yuki/lists', accountId: 'yuki', name: 'Lists', role: null, isSubscribed: false }),
]
const inFolder: Where = { view: 'mail', place: { kind: 'folder', folderId: 'yuki/sato' }, messageId: null }

function withTree(name: string, startAt: Where, act: () => void): GalleryState {
  return { ...state('folders', name, startAt, { folders: [...folders, ...tree] }), afterMount: act }
}

export const folderStates: readonly GalleryState[] = [
  withTree('tree', inFolder, () => {}),
  withTree('menu', inFolder, () => clickOn('nav [aria-label*="佐藤工業"][aria-haspopup]')),
  withTree('create', inFolder, () => openFolderDialog({ kind: 'create', accountId: 'yuki', parent: null })),
  withTree('rename', inFolder, () => openFolderDialog({ kind: 'rename', folder: tree[1] ?? aFolder() })),
  withTree('remove', inFolder, () => openFolderDialog({ kind: 'remove', folder: tree[1] ?? aFolder() })),
  withTree('choose', inFolder, () => openFolderDialog({ kind: 'shown', accountId: 'yuki' })),
  withTree('move', inbox('in-1'), () => {
    openFolderDialog({
      kind: 'move',
      accountId: 'yuki',
      folderId: 'yuki/inbox',
      messageIds: ['in-1'],
      onMoved() {},
    })
  }),
  withTree('move-typed', inbox('in-1'), () => {
    openFolderDialog({
      kind: 'move',
      accountId: 'yuki',
      folderId: 'yuki/inbox',
      messageIds: ['in-1'],
      onMoved() {},
    })
    typeInto('[role="dialog"] [role="combobox"]', '佐藤')
  }),
  withTree('delete', inbox('in-1'), () => {
    openFolderDialog({ kind: 'delete', messageIds: ['in-1'], onDeleted() {} })
  }),
  withTree('moved', inbox('in-1'), () => clickOn('[aria-keyshortcuts="e"]')),
  state('folders', 'stopped', inbox(null), {
    status: [
      aStatus({ accountId: 'yuki', incoming: { state: 'stopped', done: 1240, total: 4210 } }),
      aStatus({ accountId: 'studio' }),
    ],
  }),
  state('folders', 'refused', inbox(null), {
    status: [
      aStatus({
        accountId: 'yuki',
        refusals: [
          {
            id: 1,
            act: 'move',
            folder: '',
            problem: { kind: 'protocol', host: 'imap.example.jp', detail: '[OVERQUOTA] Mailbox is full' },
          },
        ],
      }),
    ],
  }),
]
