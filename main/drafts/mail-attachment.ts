/** A file out of a mail that is here or on its server, for a draft: one of its parts, or the whole mail as it came. */

import { fail, type Result } from '../../shared/problem.ts'
import type { FilesWanted } from '../mime/mail-files.ts'
import { mailFileName, type TakenFile } from './answer-files.ts'
import type { AnsweredSource } from './answer-people.ts'

export type MailAttachmentDeps = {
  readMessage(messageId: string): Promise<Result<AnsweredSource>>
  takeFiles(messageId: string, wanted: FilesWanted): Promise<Result<TakenFile[]>>
}

/** `partId` null is the mail itself (message/rfc822). The file lies in the spool when this answers. */
export async function fileOfMail(
  { readMessage, takeFiles }: MailAttachmentDeps,
  messageId: string,
  partId: string | null,
): Promise<Result<TakenFile>> {
  const taken = await takeFiles(
    messageId,
    partId === null
      ? { kind: 'source', name: 'mail.eml' }
      : { kind: 'parts', parts: [{ partId, contentId: null }] },
  )
  if (!taken.ok) return taken
  const [file] = taken.value
  if (file === undefined) return fail({ kind: 'not-found', what: 'attachment' })
  if (partId !== null) return { ok: true, value: file }
  const message = await readMessage(messageId)
  return message.ok ? { ok: true, value: { ...file, name: mailFileName(message.value) } } : message
}
