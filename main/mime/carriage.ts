/**
 * How an attached mail can travel: as it is, where the wire takes its octets (RFC 2046 section 5.2.1 forbids to encode
 * it), else as a file. Reads the spool; refuses to change a byte.
 */

import { createReadStream } from 'node:fs'
import type { RecipeAttachment } from './recipe.ts'

/** RFC 5322 section 2.1.1, without the line end. */
const LONGEST_LINE = 998
const CR = 13
const LF = 10

type Carried = RecipeAttachment & { encoding?: '7bit' | '8bit' | undefined }

/** The attachments with what was found of those that are mails; `takes8bit`: the server is known to offer 8BITMIME. */
export async function carriedAs(
  attachments: readonly RecipeAttachment[],
  openPath: (sha256: string) => string,
  takes8bit: boolean,
): Promise<Carried[]> {
  const carried: Carried[] = []
  for (const { encoding: _, ...attachment } of attachments) {
    const isMail = attachment.type.toLowerCase() === 'message/rfc822'
    const found = isMail ? await encodingOf(openPath(attachment.sha256)) : null
    const encoding = found === '8bit' && !takes8bit ? null : found
    carried.push(encoding === null ? attachment : { ...attachment, encoding })
  }
  return carried
}

/** Null where the octets cannot go as they are, or cannot be read; that shows when the mail is written. */
async function encodingOf(path: string): Promise<'7bit' | '8bit' | null> {
  let encoding: '7bit' | '8bit' = '7bit'
  let length = 0
  let before = LF
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      for (const byte of chunk) {
        if (byte === 0 || (before === CR) !== (byte === LF)) return null
        if (byte > 127) encoding = '8bit'
        if (byte === LF) length = 0
        else if (byte !== CR) length += 1
        if (length > LONGEST_LINE) return null
        before = byte
      }
    }
  } catch {
    return null
  }
  return before === CR ? null : encoding
}
