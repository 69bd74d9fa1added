/** The files that came with a mail, as chips: saved on a click, never opened unasked. */

import { Loader } from '@mantine/core'
import {
  type Icon,
  IconDownload,
  IconFile,
  IconFileText,
  IconFileZip,
  IconMusic,
  IconPhoto,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Message, MessageAttachment } from '../../shared/model.ts'
import { putMailFile } from '../compose/mail-file-drag.ts'
import { useWords } from '../i18n/words.ts'
import { announce } from '../ui/announce.tsx'
import { useFormat } from '../ui/format.ts'
import { useAct } from '../ui/use-act.tsx'
import styles from './Attachments.module.css'

function iconOf(type: string): Icon {
  if (type.startsWith('image/')) return IconPhoto
  if (type.startsWith('audio/')) return IconMusic
  if (type.startsWith('text/') || type === 'application/pdf') return IconFileText
  return /zip|compressed|tar/.test(type) ? IconFileZip : IconFile
}

export function Attachments({ message }: { message: Message }) {
  const words = useWords()
  const shown = message.attachments.filter(attachment => !attachment.isInline)
  if (shown.length === 0) return null
  return (
    <section className={styles.attachments} aria-label={words('mailbox.attachments')}>
      <ul>
        {shown.map(attachment => (
          <li key={attachment.partId}>
            <Chip messageId={message.id} attachment={attachment} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Chip({ messageId, attachment }: { messageId: string; attachment: MessageAttachment }) {
  const words = useWords()
  const format = useFormat()
  const act = useAct()
  const [state, setState] = useState<{ isSaving: boolean; savedAs: string | null }>({
    isSaving: false,
    savedAs: null,
  })
  const name = attachment.name || words('mailbox.unnamed')
  const Shape = iconOf(attachment.type)

  async function save(): Promise<void> {
    setState({ isSaving: true, savedAs: null })
    const answer = await act('mailbox.saveAttachment', messageId, attachment.partId)
    const savedAs = answer?.savedAs ?? null
    setState({ isSaving: false, savedAs })
    if (savedAs !== null) announce(words('mailbox.savedAs', { name: savedAs }))
  }

  return (
    <button
      type="button"
      className={styles.chip}
      disabled={state.isSaving}
      draggable
      onDragStart={event => {
        const { partId, type, bytes } = attachment
        putMailFile(event.dataTransfer, { messageId, partId, name, type, bytes })
      }}
      onClick={() => void save()}
    >
      <Shape size={20} stroke={1.5} aria-hidden className={styles.icon} />
      <span className="for-ears">{words(state.isSaving ? 'mailbox.saving' : 'mailbox.save')} </span>
      <span className={styles.words}>
        <span className={styles.name}>{name} </span>
        <small>
          {state.savedAs === null
            ? format.size(attachment.bytes)
            : words('mailbox.savedAs', { name: state.savedAs })}
        </small>
      </span>
      {state.isSaving ? (
        <Loader size={16} color="ink" />
      ) : (
        <IconDownload size={17} stroke={1.7} aria-hidden className={styles.save} />
      )}
    </button>
  )
}
