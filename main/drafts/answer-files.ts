/** Which files of a mail go along with an answer to it. Pure; the bytes never come to this thread. */

import type { DraftStart } from '../../shared/draft-start.ts'
import type { DraftAttachment, DraftContent } from '../../shared/model.ts'
import type { FilesWanted } from '../mime/mail-files.ts'
import type { AnsweredSource } from './answer-people.ts'

export type TakenFile = Omit<DraftAttachment, 'id'>

/** Null where none goes along. */
export function filesFor(
  start: DraftStart,
  message: AnsweredSource,
  content: DraftContent,
): FilesWanted | null {
  switch (start.kind) {
    case 'forward':
      return start.as === 'attachment'
        ? { kind: 'source', name: mailFileName(message) }
        : partsOf(message, content)
    case 'edit-as-new':
      return partsOf(message, content)
    case 'redirect':
      return { kind: 'redirect', name: mailFileName(message) }
    default:
      return null
  }
}

/** All files. Pictures of the letter where they are shown; where it stays behind, they are files like any other. */
function partsOf(
  { attachments = [], pictures = [] }: AnsweredSource,
  content: DraftContent,
): FilesWanted | null {
  const hasLetter = typeof content.html === 'string'
  const parts = attachments.flatMap(({ partId, contentId, isInline }) => {
    const isShown = hasLetter && contentId !== null && pictures.includes(contentId)
    if (hasLetter && isInline && !isShown) return []
    return [{ partId, contentId: isShown ? contentId : null }]
  })
  return parts.length === 0 ? null : { kind: 'parts', parts }
}

/** What a mail is called as a file: by its subject. */
export function mailFileName({ subject }: Pick<AnsweredSource, 'subject'>): string {
  const clean = subject.replace(
    /[\\/:*?"<>|\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    ' ',
  )
  return `${[...clean.replace(/\s+/g, ' ').trim()].slice(0, 80).join('') || 'mail'}.eml`
}
