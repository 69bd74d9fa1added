/** Which of a draft's attachments are files to its writer and which are pictures within the text. */

import { useMemo } from 'react'
import { namedContentIds } from '../../shared/letter-html.ts'
import type { Attachments } from './use-attachments.ts'

/** What is listed, and what goes with the mail: a picture that the text no longer shows does not. */
export function useFiles(attachments: Attachments, html: string | null) {
  const named = useMemo(() => (html === null ? null : namedContentIds(html)), [html])
  return useMemo(() => {
    if (named === null) return { files: attachments, travelling: attachments }
    const isFile = ({ contentId }: { contentId?: string | undefined }) => contentId === undefined
    return {
      files: {
        ...attachments,
        attached: attachments.attached.filter(isFile),
        uploads: attachments.uploads.filter(upload => isFile(upload) || upload.state === 'failed'),
      },
      travelling: {
        ...attachments,
        attached: attachments.attached.filter(file => isFile(file) || named.has(file.contentId ?? '')),
      },
    }
  }, [attachments, named])
}
