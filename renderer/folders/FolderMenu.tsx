/** What can be done with a folder: opened by its button, the right button of the mouse or the menu key. */

import { Menu } from '@mantine/core'
import {
  IconDots,
  IconEyeOff,
  IconFolderPlus,
  IconMailOpened,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import type { Folder } from '../../shared/folder.ts'
import { folderName } from '../frame/folders.ts'
import { useWords } from '../i18n/words.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useAct } from '../ui/use-act.tsx'
import { openFolderDialog } from './folder-dialogs.ts'
import { useSayDone } from './use-undo.tsx'

type Props = { folder: Folder; isOpen: boolean; onOpen(isOpen: boolean): void }

export function FolderMenu({ folder, isOpen, onOpen }: Props) {
  const words = useWords()
  const act = useAct()
  const say = useSayDone()
  const isOwn = folder.role === null
  async function markRead(): Promise<void> {
    const answer = await act('mailbox.markRead', { kind: 'folder', folderId: folder.id })
    if (answer === null) return
    if (answer.changed === 0) say(words('folders.said.nothingUnread'), null)
    else say(words('folders.said.markedRead', { count: answer.changed }), answer.undoId)
  }
  return (
    <Menu
      opened={isOpen}
      onChange={onOpen}
      position="bottom-start"
      withInitialFocusPlaceholder={false}
      // A part of the places, also for ears; fixed, so that their edge does not cut it.
      withinPortal={false}
      floatingStrategy="fixed"
    >
      <Menu.Target>
        <IconButton
          icon={IconDots}
          size="small"
          name={words('folders.menu', { folder: folderName(folder, words) })}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {!folder.isContainer && (
          <Menu.Item leftSection={<IconMailOpened size={16} stroke={1.7} />} onClick={() => void markRead()}>
            {words('folders.markRead')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconFolderPlus size={16} stroke={1.7} />}
          onClick={() => openFolderDialog({ kind: 'create', accountId: folder.accountId, parent: folder })}
        >
          {words('folders.createInside')}
        </Menu.Item>
        {isOwn && (
          <>
            <Menu.Item
              leftSection={<IconPencil size={16} stroke={1.7} />}
              onClick={() => openFolderDialog({ kind: 'rename', folder })}
            >
              {words('folders.rename')}
            </Menu.Item>
            {!folder.isLocal && !folder.isContainer && (
              <Menu.Item
                leftSection={<IconEyeOff size={16} stroke={1.7} />}
                onClick={() => void act('mailbox.subscribe', folder.id, false)}
              >
                {words('folders.hide')}
              </Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconTrash size={16} stroke={1.7} />}
              onClick={() => openFolderDialog({ kind: 'remove', folder })}
            >
              {words('folders.remove')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
