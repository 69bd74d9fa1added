/** The ways to attach that stand at the foot of a composer: files at once; a folder or a file of a mail from a menu. */

import { Menu } from '@mantine/core'
import { IconChevronUp, IconFolder, IconMail, IconPaperclip } from '@tabler/icons-react'
import { useRef } from 'react'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { pickedFolder } from './folder-files.ts'
import type { Attachments } from './use-attachments.ts'

type Props = { attachments: Attachments; onFromMail: () => void }

export function AttachButtons({ attachments, onFromMail }: Props) {
  const words = useWords()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)

  function takeFolder(picked: readonly File[]): void {
    const found = pickedFolder(picked)
    // A picker tells nothing of an empty folder, not even its name.
    if (found === null) announce(words('attach.folderEmptyNamed'))
    else attachments.addFolder(found.name, async () => found.files)
  }

  return (
    <span>
      <IconButton
        icon={IconPaperclip}
        name={words('compose.attach')}
        onClick={() => files.current?.click()}
      />
      <Menu position="top-start" withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <IconButton icon={IconChevronUp} size="small" name={words('attach.more')} aria-haspopup="menu" />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconMail size={16} stroke={1.7} aria-hidden />} onClick={onFromMail}>
            {words('attach.fromMail')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolder size={16} stroke={1.7} aria-hidden />}
            onClick={() => folder.current?.click()}
          >
            {words('attach.folder')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={event => {
          attachments.add([...(event.target.files ?? [])])
          // The same file can be chosen again after it was taken off.
          event.target.value = ''
        }}
      />
      <input
        ref={input => {
          folder.current = input
          if (input !== null) input.webkitdirectory = true
        }}
        type="file"
        data-folder
        hidden
        onChange={event => {
          takeFolder([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
    </span>
  )
}
