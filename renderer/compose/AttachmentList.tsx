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
  if (attached.length + uploads.length === 0 && problem === null) return null
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
  const { key, name, bytes, received, state, source } = upload
  if (state === 'failed') return <FailedItem upload={upload} attachments={attachments} />
  // What comes out of a mail comes in one step, inside the program; a folder has to be known first.
  const isMeasured = source.kind !== 'mail' && state !== 'looking'
  return (
    <li className={css.file} data-running>
      <span className={css.words}>
        <span className={css.name} title={name}>
          {name}
        </span>
        <span className={css.size}>
          <Progress upload={upload} />
        </span>
        <progress
          className={css.progress}
          {...(isMeasured && { value: received, max: Math.max(1, bytes) })}
          aria-label={words('compose.uploading', { name })}
        />
      </span>
      <IconButton
        icon={IconX}
        size="small"
        name={words('compose.stopUpload', { name })}
        onClick={() => attachments.stop(key)}
      />
    </li>
  )
}

function Progress({ upload }: { upload: Upload }): string {
  const { state, source, received, bytes } = upload
  const words = useWords()
  const format = useFormat()
  if (state === 'looking') return words('attach.folderLooking')
  const sizes = { received: format.size(received), total: format.size(bytes) }
  if (source.kind === 'folder') {
    return state === 'waiting'
      ? words('attach.folderFiles', { count: source.files.length, size: format.size(bytes) })
      : words('attach.folderProgress', sizes)
  }
  if (state === 'waiting') return words('compose.uploadWaits')
  return source.kind === 'mail' ? words('attach.fetching') : words('compose.uploadProgress', sizes)
}

function FailedItem({ upload, attachments }: { upload: Upload; attachments: Attachments }) {
  const words = useWords()
  const { key, name, problem } = upload
  const why = useReason(upload)
  const isHopeless = problem?.kind === 'attachment-unreadable' || problem?.kind === 'invalid'
  return (
    <li className={css.file} data-failed>
      <span className={css.words}>
        <span className={css.name} title={name}>
          {name}
        </span>
        <span className={css.why} role="alert">
          {why}
        </span>
      </span>
      {!isHopeless && (
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
        name={words('compose.removeAttachment', { name })}
        onClick={() => attachments.stop(key)}
      />
    </li>
  )
}

function useReason({ problem, source }: Upload): string {
  const words = useWords()
  const format = useFormat()
  if (problem === null) return ''
  const isFolder = source.kind === 'folder'
  if (isFolder && problem.kind === 'invalid') return words('attach.folderEmpty')
  if (isFolder && problem.kind === 'too-big') return words('attach.folderTooBig')
  if (problem.kind !== 'attachment-unreadable') return problemWords(problem, words, format).title
  return isFolder && problem.name !== ''
    ? words('attach.unreadableIn', { name: problem.name })
    : words('compose.unreadable')
}
