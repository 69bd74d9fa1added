/** The files that go along with a template, each to be taken off. Pictures of the text are in the text. */

import { IconPaperclip, IconX } from '@tabler/icons-react'
import type { Template } from '../../shared/template.ts'
import attachments from '../compose/AttachmentList.module.css'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useAct } from '../ui/use-act.tsx'

export function TemplateFiles({ template }: { template: Template }) {
  const words = useWords()
  const format = useFormat()
  const act = useAct()
  const files = template.files.filter(({ contentId }) => contentId === undefined)
  if (files.length === 0) return null
  return (
    <ul className={attachments.list} aria-label={words('templates.files')}>
      {files.map(({ id, name, bytes }) => (
        <li key={id} className={attachments.file}>
          <IconPaperclip size={16} stroke={1.7} aria-hidden className={attachments.icon} />
          <span className={attachments.words}>
            <span className={attachments.name} title={name}>
              {name}
            </span>
            <span className={attachments.size}>{format.size(bytes)}</span>
          </span>
          <IconButton
            icon={IconX}
            size="small"
            name={words('templates.removeFile', { name })}
            onClick={() => void act('templates.removeFile', template.id, id)}
          />
        </li>
      ))}
    </ul>
  )
}
