/**
 * What can be attached, and how each kind gets to the draft: a file of the page in pieces, a folder as one zip file, a
 * file of a received mail inside the program. Refuses to leave anything half: what is stopped is taken back.
 */

import type { Bridge } from '../../shared/api.ts'
import type { DraftAttachment } from '../../shared/model.ts'
import { fail, type Result } from '../../shared/problem.ts'
import type { FolderFile } from './folder-files.ts'
import { withoutPlace } from './photo-place.ts'
import { uploadFile } from './upload.ts'

export type UploadSource =
  | { kind: 'file'; file: File }
  | { kind: 'folder'; files: readonly FolderFile[] }
  /** `partId` null is the mail itself. */
  | { kind: 'mail'; messageId: string; partId: string | null }

type Options = {
  call: Bridge['call']
  draftId: string
  contentId: string | undefined
  name: string
  signal: AbortSignal
  onProgress: (received: number) => void
}

/** `original` is the file as it was, where its place was taken out of it. */
type Brought = { result: Result<DraftAttachment>; original: File | null }

export async function bring(source: UploadSource, options: Options): Promise<Brought> {
  switch (source.kind) {
    case 'file': {
      // What cannot be read is told by the upload.
      const placeless = await withoutPlace(source.file).catch(() => null)
      const result = await uploadFile({ ...options, file: placeless ?? source.file })
      return { result, original: placeless === null ? null : source.file }
    }
    case 'folder': {
      const { uploadFolder } = await import('./zip-folder.ts')
      return { result: await uploadFolder({ ...options, files: source.files }), original: null }
    }
    case 'mail':
      return { result: await takeFromMail(source, options), original: null }
  }
}

async function takeFromMail(
  { messageId, partId }: { messageId: string; partId: string | null },
  { call, draftId, signal }: Options,
): Promise<Result<DraftAttachment>> {
  if (signal.aborted) return fail({ kind: 'cancelled' })
  const attached = await call('drafts.attachFromMail', [draftId, messageId, partId])
  if (!attached.ok || !signal.aborted) return attached
  await call('drafts.detach', [draftId, attached.value.id])
  return fail({ kind: 'cancelled' })
}
