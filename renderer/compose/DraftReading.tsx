/** A draft to be read, not written: its people, subject, text with its pictures, and the names of its files. All of it can be copied. */

import { IconPaperclip } from '@tabler/icons-react'
import { formatAddress } from '../../shared/address.ts'
import type { DraftAttachment, DraftContent } from '../../shared/model.ts'
import { useWords } from '../i18n/words.ts'
import { HtmlLetter } from '../mailbox/HtmlLetter.tsx'
import { useFormat } from '../ui/format.ts'
import css from './DraftReading.module.css'
import type { ReadFile } from './editor/pictures.ts'
import { useLetterPictures } from './use-letter-pictures.ts'

/** Our own letters name nothing remote. */
const ignore = () => {}
/** The editor writes a paragraph for each line, as Send knows. */
const LINES = '<style>p { margin: 0 }</style>'

type Props = {
  draft: DraftContent & { attachments: readonly DraftAttachment[] }
  /** How its files are read, for the pictures of the text. */
  readFile: ReadFile
}

export function DraftReading({ draft, readFile }: Props) {
  const words = useWords()
  const format = useFormat()
  const { html = null, text, subject, attachments } = draft
  const { images, shown } = useLetterPictures(html, attachments, readFile)
  const files = attachments.filter(({ id }) => !shown.has(id))
  return (
    <>
      <dl className={css.head}>
        {(['to', 'cc', 'bcc'] as const).map(
          field =>
            draft[field].length > 0 && (
              <div key={field}>
                <dt>{words(`compose.${field}`)}</dt>
                <dd>{format.list(draft[field].map(formatAddress))}</dd>
              </div>
            ),
        )}
        <div>
          <dt>{words('compose.subject')}</dt>
          <dd className={css.subject}>{subject || words('compose.noSubject')}</dd>
        </div>
      </dl>
      {html === null || html === '' ? (
        <div className={css.text}>{text}</div>
      ) : (
        <HtmlLetter html={`${LINES}${html}`} images={images} onLeftOut={ignore} />
      )}
      {files.length > 0 && (
        <ul className={css.files} aria-label={words('compose.attachments')}>
          {files.map(({ id, name, bytes }) => (
            <li key={id}>
              <IconPaperclip size={14} stroke={1.7} aria-hidden />
              <span>{name}</span>
              <span className={css.size}>{format.size(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
