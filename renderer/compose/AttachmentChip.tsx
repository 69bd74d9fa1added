/** One attached file: what it is, a picture of it where it is one, smaller where that helps, and a way to take it off. */

import { Menu } from '@mantine/core'
import { IconArrowsMinimize, IconMapPinOff, IconPaperclip, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { DraftAttachment } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import css from './AttachmentList.module.css'
import { isShrinkable } from './shrink-picture.ts'
import type { Attachments } from './use-attachments.ts'
import { useShrunkPictures } from './use-shrunk-pictures.ts'
import { useThumbnail } from './use-thumbnail.ts'

/** A picture with fewer bytes is small already. */
const WORTH_SHRINKING_BYTES = 300_000

type Props = { attachment: DraftAttachment; attachments: Attachments; draftId: string }

export function AttachmentChip({ attachment, attachments, draftId }: Props) {
  const words = useWords()
  const format = useFormat()
  const { id, name, bytes } = attachment
  const thumbnail = useThumbnail(draftId, attachment)
  const isPlaceTaken = attachments.placeTaken.has(id)
  return (
    <li className={css.file}>
      {thumbnail === null ? (
        <IconPaperclip size={16} stroke={1.7} aria-hidden className={css.icon} />
      ) : (
        <img src={thumbnail} alt="" className={css.thumbnail} />
      )}
      <span className={css.words}>
        <span className={css.name} title={name}>
          {name}
        </span>
        <span className={css.size}>{format.size(bytes)}</span>
        {isPlaceTaken && (
          <span className={css.place}>
            <IconMapPinOff size={13} stroke={1.8} aria-hidden />
            {words('compose.placeTaken')}
            <button type="button" onClick={() => attachments.keepPlace(id)}>
              {words('compose.keepPlace')}
              <span className="for-ears"> {name}</span>
            </button>
          </span>
        )}
      </span>
      {isShrinkable(attachment) && bytes >= WORTH_SHRINKING_BYTES && (
        <Smaller attachment={attachment} attachments={attachments} draftId={draftId} />
      )}
      <IconButton
        icon={IconX}
        size="small"
        name={words('compose.removeAttachment', { name })}
        onClick={() => attachments.remove(id)}
      />
    </li>
  )
}

/** The sizes of a picture, worked out once somebody asks for them. */
function Smaller({ attachment, attachments, draftId }: Props) {
  const words = useWords()
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const { left, choices } = useShrunkPictures(draftId, [attachment], isOpen)
  return (
    <Menu
      opened={isOpen}
      onChange={setOpen}
      position="top-start"
      withinPortal={false}
      floatingStrategy="fixed"
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <IconButton
          icon={IconArrowsMinimize}
          size="small"
          name={words('compose.smallerFile', { name: attachment.name })}
          aria-haspopup="menu"
        />
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map(({ edge, before, after, files }) => (
          <Menu.Item
            key={edge}
            onClick={() => {
              const file = files[0]?.file
              if (file !== undefined) void attachments.replace(attachment.id, file)
            }}
          >
            {words('compose.smallerTo', { edge })}
            <small className={css.gain}>
              {words('compose.smallerBytes', { before: format.size(before), after: format.size(after) })}
            </small>
          </Menu.Item>
        ))}
        {choices.length === 0 && (
          <Menu.Item disabled>
            {words(left > 0 ? 'compose.smallerLooking' : 'compose.smallerNone', { count: left })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
