/**
 * How one draft becomes several because together it is too big: who gets it and what is said stays, the attachments are
 * dealt out. Pictures of the text are text: they go with every part. Pure. Refuses a deal that loses or doubles a file.
 */

import { randomUUID } from 'node:crypto'
import type { Draft, DraftAttachment } from '../../shared/model.ts'

/** The parts in the order of `groups`, the first under the id of the draft; null where the deal is none. */
export function splitDraft(draft: Draft, groups: readonly string[][], now: number): Draft[] | null {
  const hasHtml = typeof draft.html === 'string'
  const isPicture = ({ contentId }: DraftAttachment) => hasHtml && contentId !== undefined
  const listed = draft.attachments.filter(attachment => !isPicture(attachment))
  const dealt = groups.flat()
  const isWhole =
    groups.length > 1 &&
    groups.every(group => group.length > 0) &&
    dealt.length === listed.length &&
    new Set(dealt).size === dealt.length &&
    dealt.every(id => listed.some(attachment => attachment.id === id))
  if (!isWhole) return null
  return groups.map((group, index): Draft => {
    const isFirst = index === 0
    const files = draft.attachments.filter(file => isPicture(file) || group.includes(file.id))
    return {
      ...draft,
      id: isFirst ? draft.id : randomUUID(),
      revision: isFirst ? draft.revision + 1 : 1,
      createdAt: isFirst ? draft.createdAt : now,
      savedAt: now,
      subject: `${draft.subject} (${index + 1}/${groups.length})`.trimStart(),
      attachments: isFirst ? files : files.map(file => ({ ...file, id: randomUUID() })),
    }
  })
}
