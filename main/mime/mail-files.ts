/** What of a mail's source goes along with an answer, as files: some of its parts, the whole of it, or a redirected one. */

import { endOfHead, latin1 } from './mail-header.ts'
import { readAttachments } from './read-mail.ts'

/** Some parts of a mail, its whole source as a file, or the source as it is redirected. */
export type FilesWanted =
  | { kind: 'parts'; parts: { partId: string; contentId: string | null }[] }
  | { kind: 'source'; name: string }
  | { kind: 'redirect'; name: string }

export type MailFile = { name: string; type: string; content: Uint8Array; contentId: string | null }

/** Null where a part is not there. */
export async function mailFiles(source: Uint8Array, wanted: FilesWanted): Promise<MailFile[] | null> {
  switch (wanted.kind) {
    case 'source':
      return [{ name: wanted.name, type: 'message/rfc822', content: source, contentId: null }]
    case 'redirect':
      return [{ name: wanted.name, type: 'message/rfc822', content: redirectable(source), contentId: null }]
    case 'parts': {
      const contents = await readAttachments(
        source,
        wanted.parts.map(({ partId }) => partId),
      )
      if (contents === null) return null
      return contents.map((content, index) => ({
        ...content,
        contentId: wanted.parts[index]?.contentId ?? null,
      }))
    }
  }
}

/**
 * The source as it may go on to somebody else (RFC 5322 section 3.6.6): whoever was hidden stays hidden, and the way
 * back of its last delivery is not the way back of the next. Line ends as the wire wants them; all else as it came.
 */
export function redirectable(source: Uint8Array): Uint8Array {
  const end = endOfHead(source)
  const fields = latin1(source.subarray(0, end))
    .replace(/\r\n|\r|\n/g, '\r\n')
    // An mbox mark is no field.
    .replace(/^>?From [^\r\n]*\r\n/, '')
    .split(/\r\n(?![ \t])/)
  const kept = fields.filter(field => !/^(?:bcc|resent-bcc|return-path)[ \t]*:/i.test(field))
  const body = latin1(source.subarray(end)).replace(/\r\n|\r|\n/g, '\r\n')
  return Buffer.from(kept.join('\r\n') + body, 'latin1')
}
