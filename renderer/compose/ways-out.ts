/**
 * How big a mail is for its server, and how its files are dealt out over several mails where it is too big. Pure.
 * Refuses to promise: sizes are those of mail-size.ts, and the program counts the real bytes before a mail leaves.
 */

import { attachmentSize } from '../../shared/mail-size.ts'
import type { DraftAttachment } from '../../shared/model.ts'

/** `limit` is null where the server named none. */
export type Meter = { bytes: number; limit: number | null; level: 'quiet' | 'near' | 'over' }

const NEAR = 0.8
/** So much the estimate may be wrong; in between, the program counts. */
const DOUBT = { share: 0.01, bytes: 1_000 }

export function meterOf(bytes: number, limit: number | null): Meter {
  const level = limit === null || bytes < limit * NEAR ? 'quiet' : bytes > limit ? 'over' : 'near'
  return { bytes, limit, level }
}

/** Beyond all doubt: not even counted by the program. */
export function isFarTooBig({ bytes, limit }: Meter): boolean {
  return limit !== null && bytes > limit * (1 + DOUBT.share) + DOUBT.bytes
}

export type Deal = {
  /** Attachments of each mail, in the order they have in the draft. */
  mails: { attachments: DraftAttachment[]; bytes: number }[]
  /** Those that no mail can carry, however many there are. */
  tooBig: DraftAttachment[]
}

type Sized = { attachment: DraftAttachment; index: number; bytes: number }

/** Few mails, each within the limit: the big files first, each into the first mail with room. `bare` is the mail without files. */
export function dealOut(attachments: readonly DraftAttachment[], bare: number, limit: number): Deal {
  const most = limit * (1 - DOUBT.share) - DOUBT.bytes
  const sized = attachments.map(
    (attachment, index): Sized => ({ attachment, index, bytes: attachmentSize(attachment) }),
  )
  const tooBig = sized.filter(({ bytes }) => bare + bytes > most).map(({ attachment }) => attachment)
  const mails: { files: Sized[]; bytes: number }[] = []
  for (const file of sized.toSorted((left, right) => right.bytes - left.bytes)) {
    if (tooBig.includes(file.attachment)) continue
    const withRoom = mails.find(mail => mail.bytes + file.bytes <= most)
    if (withRoom === undefined) mails.push({ files: [file], bytes: bare + file.bytes })
    else {
      withRoom.files.push(file)
      withRoom.bytes += file.bytes
    }
  }
  const inOrder = mails
    .map(({ files, bytes }) => ({ files: files.toSorted((a, b) => a.index - b.index), bytes }))
    .toSorted((left, right) => (left.files[0]?.index ?? 0) - (right.files[0]?.index ?? 0))
  return {
    mails: inOrder.map(({ files, bytes }) => ({ attachments: files.map(file => file.attachment), bytes })),
    tooBig,
  }
}
