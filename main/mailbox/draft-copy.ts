/**
 * The one copy of a draft in the account's Drafts folder, for the person's other programs: put there, replaced, taken
 * away. Refuses to lay an older state over a newer one, and to remove before the new copy is there.
 */

import { ok, type Result } from '../../shared/problem.ts'
import type { ImapConnection } from './imap.ts'

/** A copy is known by its Message-ID, which names the draft and its revision. */
export function draftMessageId(draftId: string, revision: number): string {
  return `${draftId}.${revision}@draft.todoke.invalid`
}

export type DraftCopy = { revision: number; write: () => Promise<Result<Buffer>> }

/**
 * On the selected Drafts folder. `copy` null takes every copy away. Answers whether the folder changed; a state that is
 * older than what lies there changes nothing.
 */
export async function keepDraftCopy(
  imap: ImapConnection,
  path: string,
  draftId: string,
  copy: DraftCopy | null,
): Promise<Result<{ isChanged: boolean }>> {
  const there = await copiesOf(imap, draftId)
  if (!there.ok) return there
  const newest = Math.max(0, ...there.value.map(({ revision }) => revision))
  if (copy !== null && newest > copy.revision) return ok({ isChanged: false })
  // A second copy of the newest state is one too many as well.
  const kept = copy === null ? undefined : there.value.find(({ revision }) => revision === copy.revision)
  if (copy !== null && kept === undefined) {
    const source = await copy.write()
    if (!source.ok) return source
    const appended = await imap.append(path, source.value, ['\\Seen', '\\Draft'])
    if (!appended.ok) return appended
  }
  const gone = there.value.filter(found => found !== kept).map(({ uid }) => uid)
  const removed = gone.length === 0 ? ok(true as const) : await imap.remove(gone)
  if (!removed.ok) return removed
  return ok({ isChanged: gone.length > 0 || (copy !== null && kept === undefined) })
}

/** SEARCH HEADER finds substrings (RFC 3501 section 6.4.4): all revisions at once. What it answers is read again. */
async function copiesOf(
  imap: ImapConnection,
  draftId: string,
): Promise<Result<{ uid: number; revision: number }[]>> {
  const found = await imap.findHeader('message-id', `${draftId}.`)
  if (!found.ok || found.value.length === 0) return found.ok ? ok([]) : found
  const heads = await imap.heads(found.value.join(','), found.value.length)
  if (!heads.ok) return heads
  const copies: { uid: number; revision: number }[] = []
  for (const { uid, headers, isDeleted } of heads.value) {
    if (isDeleted) continue
    const [, id, revision] =
      /^message-id:\s*<([0-9a-f-]+)\.(\d+)@draft\.todoke\.invalid>/im.exec(headers.toString('latin1')) ?? []
    if (id === draftId) copies.push({ uid, revision: Number(revision) })
  }
  return ok(copies)
}
