/**
 * A draft as the mail that leaves: who writes it, where answers go, how each file travels, and the recipe of its bytes.
 * Send, preview and the copy in Drafts all come through here, so that what is shown is what is sent.
 */

import { hiddenCopies, identityOf } from '../../shared/identity.ts'
import type { Account, Draft, DraftContent } from '../../shared/model.ts'
import { carriedAs } from '../mime/carriage.ts'
import { freeze, type Recipe, type Written } from '../mime/recipe.ts'

export type Freezing = {
  /** Where the spool keeps the bytes of a hash. */
  openPath: (sha256: string) => string
  /** The account's server is known to offer 8BITMIME. */
  takes8bit: boolean
  /** Freezes long letters where that holds nobody up; left out, here. */
  elsewhere?: (written: Written, now: number) => Promise<Recipe>
}

/** A draft as far as its mail depends on it. */
export type WrittenDraft = Pick<Draft, keyof DraftContent | 'references' | 'attachments' | 'answers'>

/** UTF-16 units of html that are cleaned within a few milliseconds. */
const SHORT_LETTER = 8_000

/** The mail that this draft would be at `now` (epoch ms). */
export async function frozenDraft(
  draft: WrittenDraft,
  account: Account,
  now: number,
  { openPath, takes8bit, elsewhere }: Freezing,
): Promise<Recipe> {
  const identity = identityOf(account, draft.identityId)
  const { name, address, replyTo, organisation } = identity
  const { to, cc, subject, text, html, options, references } = draft
  const isRedirect = draft.answers?.kind === 'redirect'
  const written: Written = {
    from: { name, address },
    to,
    cc,
    bcc: hiddenCopies(identity, draft),
    subject,
    text,
    html,
    options,
    references,
    replyTo,
    organisation,
    isRedirect,
    // The source is the first that the draft was given; nothing else can go with it.
    attachments: await carriedAs(
      isRedirect ? draft.attachments.slice(0, 1) : draft.attachments,
      openPath,
      takes8bit,
    ),
  }
  return freezeWritten(written, now, elsewhere)
}

/** A long letter is frozen `elsewhere`, if there is such a place. */
export async function freezeWritten(
  written: Written,
  now: number,
  elsewhere: Freezing['elsewhere'],
): Promise<Recipe> {
  const isLong = (written.html?.length ?? 0) > SHORT_LETTER
  return isLong && elsewhere !== undefined ? elsewhere(written, now) : freeze(written, now)
}
