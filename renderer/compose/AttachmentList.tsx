/** What is attached, and what is on its way to be: a chip each, with size or progress, and a way to take it off. */

import { IconRefresh, IconX } from '@tabler/icons-react'
import { useWords } from '../i18n/words.ts'
import { useFormat } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { ProblemNote } from '../ui/ProblemNote.tsx'
import { problemWords } from '../ui/problem-words.ts'
import { AttachmentChip } from './AttachmentChip.tsx'
import css from './AttachmentList.module.css'
import type { Attachments, Upload } from './use-attachments.ts'

type Props = { attachments: Attachments; draftId: string }

export function AttachmentList({ attachments, draftId }: Props) {
  const words = useWords()
  const { attached, uploads, problem } = attachments
  if (attached.length + uploads.length === 0) return null
  return (
    <div className={css.area}>
      {problem !== null && <ProblemNote problem={problem} shape="line" />}
      <ul className={css.list} aria-label={words('compose.attachments')}>
        {attached.map(attachment => (
          <AttachmentChip
            key={attachment.id}
            attachment={attachment}
            attachments={attachments}
            draftId={draftId}
          />
        ))}
        {uploads.map(upload => (
          <UploadItem key={upload.key} upload={upload} attachments={attachments} />
        ))}
      </ul>
    </div>
  )
}

function UploadItem({ upload, attachments }: { upload: Upload; attachments: Attachments }) {
  const words = useWords()
  const format = useFormat()
  const { key, file, received, state, problem } = upload
  if (state === 'failed' && problem !== null) {
    const isUnreadable = problem.kind === 'attachment-unreadable'
    return (
      <li className={css.file} data-failed>
        <span className={css.words}>
          <span className={css.name} title={file.name}>
            {file.name}
          </span>
          <span className={css.why} role="alert">
            {isUnreadable ? words('compose.unreadable') : problemWords(problem, words, format).title}
          </span>
        </span>
        {!isUnreadable && (
          <IconButton
            icon={IconRefresh}
            size="small"
            name={words('compose.uploadAgain')}
            onClick={() => attachments.again(key)}
          />
        )}
        <IconButton
          icon={IconX}
          size="small"
          name={words('compose.removeAttachment', { name: file.name })}
          onClick={() => attachments.stop(key)}
        />
      </li>
    )
  }
  const progress = words('compose.uploadProgress', {
    received: format.size(received),
    total: format.size(file.size),
  })
  return (
    <li className={css.file} data-running>
      <span className={css.words}>
        <span className={css.name} title={file.name}>
          {file.name}
        </span>
        <span className={css.size}>{state === 'waiting' ? words('compose.uploadWaits') : progress}</span>
        <progress
          className={css.progress}
          value={received}
          max={Math.max(1, file.size)}
          aria-label={words('compose.uploading', { name: file.name })}
        />
      </span>
      <IconButton
        icon={IconX}
        size="small"
        name={words('compose.stopUpload', { name: file.name })}
        onClick={() => attachments.stop(key)}
      />
    </li>
  )
}
