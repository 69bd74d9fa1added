/**
 * Send: checks a draft, freezes it into a mail, hashes its bytes and puts it into the queue in one transaction.
 * Refuses to let go of the draft before the mail is on the disk.
 */

import { randomUUID } from 'node:crypto'
import { draftFaults } from '../../shared/draft-check.ts'
import { identityOf } from '../../shared/identity.ts'
import type { Account, Draft, DraftAttachment, DraftContent } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import { type Freezing, frozenDraft, type WrittenDraft } from '../drafts/frozen-draft.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { envelopeOf, type Recipe } from '../mime/recipe.ts'
import { hashMail, writeMail } from '../mime/write-mail.ts'
import { fingerprintOf, SAME_MAIL_MS } from './fingerprint.ts'
import { isDiskError, type NewEvent, type OutboxStore } from './outbox-store.ts'

type DepartureDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  emit: Emit
  accounts: { get(accountId: string): Account | null }
  drafts: {
    get(draftId: string): Draft | null
    removeWithin(draftId: string): unknown
    restore(content: DraftContent, attachments: Omit<DraftAttachment, 'id'>[], references: string[]): Draft
  }
  undoSeconds: () => number
  fitsServer: (accountId: string, bytes: number) => Result<true>
  /** The server of the account is known to offer 8BITMIME. */
  takes8bit: (accountId: string) => boolean
  freezeElsewhere?: Freezing['elsewhere']
  openPath: (sha256: string) => string
  announce: (itemId: string) => void
  onQueued: () => void
  lookAtClock: () => void
}

type Queued = { itemId: string; dueAt: number }

export type FrozenMail = { recipe: Recipe; sha256: string; bytes: number }

/** What was written as a mail of `account`, its bytes hashed; `at` is its Date, epoch ms. Fails with what is in the way. */
export async function frozenMail(
  written: WrittenDraft,
  account: Account,
  at: number,
  deps: Pick<DepartureDeps, 'fitsServer' | 'openPath' | 'takes8bit' | 'freezeElsewhere'>,
): Promise<Result<FrozenMail>> {
  const [fault] = draftFaults(written, identityOf(account, written.identityId))
  if (fault !== undefined) return fail(fault)
  // Without its source it would leave as a mail of its own.
  if (written.answers?.kind === 'redirect' && written.attachments.length === 0)
    return fail({ kind: 'not-found', what: 'attachment' })
  const recipe = await frozenDraft(written, account, at, {
    openPath: deps.openPath,
    takes8bit: deps.takes8bit(account.id),
    ...(deps.freezeElsewhere === undefined ? {} : { elsewhere: deps.freezeElsewhere }),
  })
  const hashed = await hashMail(writeMail(recipe, { for: 'wire', openPath: deps.openPath, isFleeting: true }))
  if (!hashed.ok) return hashed
  const fits = deps.fitsServer(account.id, hashed.value.bytes)
  return fits.ok ? ok({ recipe, ...hashed.value }) : fits
}

export function createDeparture(deps: DepartureDeps) {
  const { db, store, clock, emit, accounts, drafts, announce } = deps
  const sending = new Map<string, Promise<Result<Queued>>>()
  /** Which mail a draft became, for whoever still has its window open. */
  const sent = new Map<string, string>()

  const checkedDraft = (draftId: string, revision: number): Result<{ draft: Draft; account: Account }> => {
    const draft = drafts.get(draftId)
    const became = sent.get(draftId)
    if (draft === null) {
      return fail(
        became === undefined ? { kind: 'not-found', what: 'draft' } : { kind: 'same-mail', itemId: became },
      )
    }
    if (draft.revision !== revision)
      return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
    const account = accounts.get(draft.accountId)
    if (account === null) return fail({ kind: 'not-found', what: 'account' })
    const [fault] = draftFaults(draft, identityOf(account, draft.identityId))
    return fault === undefined ? ok({ draft, account }) : fail(fault)
  }

  /** False where it is on its way already: then it is not taken back. */
  const putBack = (itemId: string, draft: Draft): boolean => {
    const restored = db.transaction(() => {
      const state = store.stateOf(itemId)
      if (state !== 'held' && state !== 'queued') return null
      store.remove(itemId)
      return drafts.restore(draft, draft.attachments, draft.references)
    })
    if (restored === null) return false
    emit('drafts.changed', { draftIds: [draft.id, restored.id] })
    announce(itemId)
    return true
  }

  const freezeAndQueue = async (
    draftId: string,
    revision: number,
    sendAt: number | null,
    meant: 'again' | null,
  ): Promise<Result<Queued>> => {
    const checked = checkedDraft(draftId, revision)
    if (!checked.ok) return checked
    const { draft, account } = checked.value
    const askedAt = clock.now()
    const fingerprint = fingerprintOf(draft)
    /** Asked before the work, and once more where nobody can come between. */
    const known = () => (meant === 'again' ? null : store.sameMail(fingerprint, askedAt - SAME_MAIL_MS))
    const before = known()
    if (before !== null) return fail({ kind: 'same-mail', itemId: before })
    const frozen = await frozenMail(draft, account, Math.max(askedAt, sendAt ?? 0), deps)
    if (!frozen.ok) return frozen
    const { recipe, sha256, bytes } = frozen.value
    const itemId = randomUUID()
    const recipients = envelopeOf(recipe).to
    let dueAt = askedAt
    let isWritten = false
    try {
      deps.lookAtClock()
      const queued = db.transactionUnsynced((): Result<true> => {
        const again = checkedDraft(draftId, revision)
        if (!again.ok) return again
        if (hashesOf(again.value.draft) !== hashesOf(draft))
          return fail({ kind: 'conflict', what: 'draft', revision })
        const same = known()
        if (same !== null) return fail({ kind: 'same-mail', itemId: same })
        const at = clock.now()
        const hold = holdOf(at, sendAt, deps.undoSeconds())
        dueAt = hold.type === 'held' ? hold.dueAt : at
        store.insert(
          { id: itemId, accountId: account.id, recipe, sha256, bytes, createdAt: at, fingerprint },
          [{ at, type: 'written', bytes, sha256, recipients }, hold],
        )
        drafts.removeWithin(draftId)
        return ok(true)
      })
      if (!queued.ok) return queued
      isWritten = true
      await db.synced()
    } catch (error) {
      if (!isDiskError(error)) throw error
      // The disk took it and could not keep it: nothing was promised, so the draft comes back, under a new id.
      if (isWritten && !putBack(itemId, draft)) return ok({ itemId, dueAt })
      return fail(problemOfDbError(error, 'desk.db'))
    }
    sent.set(draftId, itemId)
    emit('drafts.changed', { draftIds: [draftId] })
    announce(itemId)
    deps.onQueued()
    return ok({ itemId, dueAt })
  }

  return {
    /**
     * Once it answers, the draft is gone and the mail safe. `sendAt` is epoch ms or null for now; pressing twice is
     * one mail. `same-mail` where it went to the same people lately, from whichever account, unless meant `again`.
     */
    send(
      draftId: string,
      revision: number,
      sendAt: number | null,
      meant: 'again' | null = null,
    ): Promise<Result<Queued>> {
      const running = sending.get(draftId)
      if (running !== undefined) return running
      const work = freezeAndQueue(draftId, revision, sendAt, meant).finally(() => sending.delete(draftId))
      sending.set(draftId, work)
      return work
    },
  }
}

function holdOf(at: number, sendAt: number | null, undoSeconds: number): NewEvent {
  if (sendAt !== null && sendAt > at) return { at, type: 'held', dueAt: sendAt, why: 'schedule' }
  if (undoSeconds > 0) return { at, type: 'held', dueAt: at + undoSeconds * 1000, why: 'undo' }
  return { at, type: 'released', by: 'window' }
}

const hashesOf = ({ attachments }: Draft): string =>
  JSON.stringify(attachments.map(({ id, sha256 }) => [id, sha256]))
