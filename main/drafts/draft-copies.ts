/**
 * Copies drafts to the Drafts folder of their IMAP account when nobody has typed for a while, and takes the copies away
 * when the draft was sent or discarded. Owns the table draft_copy; refuses to be in the way: the draft here is the truth.
 */

import { isSendableAddress } from '../../shared/draft-check.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Account, Address, Draft } from '../../shared/model.ts'
import { ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Clock } from '../host.ts'
import type { Recipe } from '../mime/recipe.ts'
import { type Freezing, freezeWritten } from './frozen-draft.ts'

/** Longer than any pause within a sentence; a copy is for another machine, not for this one. */
export const IDLE_MS = 20_000
const RETRY_MS = [60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000] as const

/** In the Drafts folder of that account lies this copy and no other of the draft; null takes them away. */
export type KeepDraftCopy = (copy: {
  accountId: string
  draftId: string
  copy: { revision: number; recipe: Recipe } | null
}) => Promise<Result<true>>

export type DraftCopiesDeps = {
  db: Db
  clock: Clock
  drafts: {
    get(draftId: string): Draft | null
    isNewer(draftId: string): boolean
    ids(): string[]
    newestVersion(draftId: string): number
  }
  account(accountId: string): Account | null
  /** Null where there are no servers to copy to. */
  keep: KeepDraftCopy | null
  /** Freezes long letters where that holds nobody up. */
  freezeElsewhere?: Freezing['elsewhere'] | undefined
}

export type DraftCopies = {
  /** Looks at all drafts; for the start of the program. */
  start(): void
  /** That draft was changed, sent or discarded. */
  touched(draftId: string): void
  /** Begins nothing more; answers when a running copy is done. */
  stop(): Promise<void>
}

export function createDraftCopies({
  db,
  clock,
  drafts,
  account,
  keep,
  freezeElsewhere,
}: DraftCopiesDeps): DraftCopies {
  const timers = new Map<string, () => void>()
  const failures = new Map<string, number>()
  let running: Promise<unknown> = Promise.resolve()
  let isStopped = false

  const plan = (draftId: string, ms: number): void => {
    timers.get(draftId)?.()
    if (isStopped || keep === null) return
    timers.set(
      draftId,
      clock.after(ms, () => {
        timers.delete(draftId)
        // One after the other: a copy is not worth a second connection.
        running = running.then(() => bring(draftId))
      }),
    )
  }

  const bring = async (draftId: string): Promise<void> => {
    if (isStopped || keep === null) return
    const done = await bringOnce(draftId, keep)
    if (done.ok) {
      failures.delete(draftId)
      return
    }
    const failed = failures.get(draftId) ?? 0
    failures.set(draftId, failed + 1)
    plan(draftId, RETRY_MS[Math.min(failed, RETRY_MS.length - 1)] as number)
  }

  const bringOnce = async (draftId: string, keepOnServer: KeepDraftCopy): Promise<Result<true>> => {
    // Not gone, only not to be read here: its copy stays as it is too.
    if (drafts.isNewer(draftId)) return ok(true)
    const draft = drafts.get(draftId)
    const kept = keptCopy(draftId)
    if (kept !== null && (draft === null || draft.accountId !== kept.accountId)) {
      const { accountId } = kept
      const removed =
        account(accountId) === null ? ok(true) : await keepOnServer({ accountId, draftId, copy: null })
      if (!removed.ok && !isFinal(removed.problem)) return removed
      db.run('DELETE FROM draft_copy WHERE draft_id = ?', draftId)
    }
    const owner = draft === null ? null : account(draft.accountId)
    if (draft === null || owner?.incoming.kind !== 'imap' || isBlank(draft)) return ok(true)
    const revision = drafts.newestVersion(draftId)
    if (kept?.accountId === draft.accountId && kept.revision >= revision) return ok(true)
    const copied = await keepOnServer({
      accountId: owner.id,
      draftId,
      copy: { revision, recipe: await recipeOf(draft, owner, freezeElsewhere) },
    })
    if (!copied.ok) return isFinal(copied.problem) ? ok(true) : copied
    db.run(
      `INSERT INTO draft_copy (draft_id, account_id, revision) VALUES (?, ?, ?)
       ON CONFLICT (draft_id) DO UPDATE SET account_id = excluded.account_id, revision = excluded.revision`,
      draftId,
      owner.id,
      revision,
    )
    // Sent or discarded while it was on its way: the copy goes again.
    if (drafts.get(draftId) === null) plan(draftId, 0)
    return ok(true)
  }

  const keptCopy = (draftId: string): { accountId: string; revision: number } | null => {
    const row = db.get('SELECT account_id, revision FROM draft_copy WHERE draft_id = ?', draftId)
    return row === undefined ? null : { accountId: String(row.account_id), revision: Number(row.revision) }
  }

  return {
    start() {
      const copied = db.all('SELECT draft_id FROM draft_copy').map(row => String(row.draft_id))
      for (const id of new Set([...copied, ...drafts.ids()])) plan(id, IDLE_MS)
    },
    // A copy that is too much goes at once: nobody should go on writing a mail that was sent.
    touched: draftId => plan(draftId, drafts.newestVersion(draftId) === 0 ? 0 : IDLE_MS),
    async stop() {
      isStopped = true
      for (const cancel of timers.values()) cancel()
      timers.clear()
      await running
    },
  }
}

/** Trying again would end the same way: the account is gone, or one of its files. */
function isFinal(problem: Problem): boolean {
  return ['not-found', 'attachment-missing', 'attachment-unreadable', 'mail-unreadable'].includes(
    problem.kind,
  )
}

function isBlank({ to, cc, bcc, subject, text, attachments }: Draft): boolean {
  const isAddressed = to.length + cc.length + bcc.length > 0
  return !isAddressed && subject.trim() === '' && text.trim() === '' && attachments.length === 0
}

/** What is half typed in a recipients' field is no address yet and would be another one in a header. */
function recipeOf(draft: Draft, account: Account, elsewhere: Freezing['elsewhere']): Promise<Recipe> {
  const { name, address } = identityOf(account, draft.identityId)
  const whole = (list: Address[]) => list.filter(each => isSendableAddress(each.address))
  const people = { to: whole(draft.to), cc: whole(draft.cc), bcc: whole(draft.bcc) }
  return freezeWritten({ ...draft, ...people, from: { name, address } }, draft.savedAt, elsewhere)
}
