/**
 * What a person may do with a mail that waits, hangs or is over: take it back, edit, hurry, pause, decide. Every wish is
 * checked against what the ledger says now. Refuses to touch what is past the point of no return.
 */

import type { DraftAnswer } from '../../shared/draft-start.ts'
import type { Account, Draft, DraftAttachment, DraftContent, OutboxItem } from '../../shared/model.ts'
import { abilitiesOf } from '../../shared/outbox-abilities.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Clock } from '../host.ts'
import type { StoredItem } from './outbox-row.ts'
import type { NewEvent, OutboxStore } from './outbox-store.ts'
import { outstanding } from './outcome-events.ts'
import { contentOf, draftAnswerOf } from './taken-back.ts'
import type { Worker } from './worker.ts'

type SteeringDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  worker: Pick<Worker, 'takeBack' | 'wake' | 'resumeAccount' | 'lookAtClock'>
  accounts: { get(accountId: string): Account | null }
  restore(
    content: DraftContent,
    attachments: Omit<DraftAttachment, 'id'>[],
    references: string[],
    answers?: DraftAnswer | null,
  ): Draft
  draftsChanged: (draftIds: string[]) => void
  announce: (itemId: string) => void
  copiesChanged: () => void
}

export function createSteering(deps: SteeringDeps) {
  const { db, store, clock, worker, announce } = deps

  /** Takes the row away, or only off the list where its bytes may be out and reports may come. */
  const retire = (item: StoredItem) => {
    const mayBeOut = item.events.some(({ type }) => type === 'terminating')
    if (mayBeOut) store.dismiss(item.id, clock.now())
    else store.remove(item.id)
  }

  /** Finds the mail and checks that this may be done now. */
  const allowed = (itemId: string, ability: keyof OutboxItem['can']): Result<StoredItem> => {
    const item = store.get(itemId)
    if (item === null) return fail({ kind: 'not-found', what: 'mail' })
    if (abilitiesOf(item.journey, item.recipe !== null)[ability]) return ok(item)
    const isTooLate = item.journey.isPastNoReturn && ['cancel', 'edit', 'pause'].includes(ability)
    return fail(isTooLate ? { kind: 'past-no-return' } : { kind: 'not-now', what: item.journey.state })
  }

  const append = (itemId: string, event: NewEvent) => {
    store.append(itemId, [event])
    announce(itemId)
    worker.wake()
  }

  /** Stops a running attempt first; `fail` where that came too late. */
  const stopRunning = async (
    item: StoredItem,
    wish: 'pause' | 'cancel',
  ): Promise<Result<'stopped' | 'was not running'>> => {
    if (item.journey.state !== 'sending') return ok('was not running')
    const isCalledOff = await worker.takeBack(item.id, wish)
    const now = store.get(item.id)?.journey
    // It may have ended by itself at that very moment, and wait to be tried again: then nothing was settled yet.
    if (isCalledOff && now?.state === (wish === 'pause' ? 'paused' : 'cancelled')) return ok('stopped')
    if (now !== undefined && now.state !== 'sending' && !now.isPastNoReturn) return ok('was not running')
    return fail(
      now?.isPastNoReturn === false ? { kind: 'not-now', what: 'sending' } : { kind: 'past-no-return' },
    )
  }

  return {
    /** Within a transaction of the caller, who announces it; false where it is being sent, or it is too late. */
    settleWithin(itemId: string, wish: 'pause' | 'cancel'): boolean {
      const found = allowed(itemId, wish)
      if (!found.ok || found.value.journey.state === 'sending') return false
      const at = clock.now()
      store.append(itemId, [
        wish === 'cancel'
          ? { at, type: 'cancelled', by: 'person' }
          : { at, type: 'paused', why: 'person', problem: null },
      ])
      return true
    },

    async cancel(itemId: string): Promise<Result<{ cancelled: boolean }>> {
      const found = allowed(itemId, 'cancel')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'cancel')
      if (!stopped.ok) return stopped
      if (stopped.value === 'stopped') return ok({ cancelled: true })
      const again = allowed(itemId, 'cancel')
      if (!again.ok) return again
      append(itemId, { at: clock.now(), type: 'cancelled', by: 'person' })
      return ok({ cancelled: true })
    },

    async edit(itemId: string): Promise<Result<{ draftId: string }>> {
      const found = allowed(itemId, 'edit')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'cancel')
      if (!stopped.ok) return stopped
      const again = allowed(itemId, 'edit')
      if (!again.ok) return again
      const item = again.value
      const { recipe } = item
      if (recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
      const { attachments, references } = recipe
      const content = contentOf(item, recipe, deps.accounts.get(item.accountId))
      const draft = db.transaction(() => {
        if (item.journey.state !== 'cancelled') {
          store.append(itemId, [{ at: clock.now(), type: 'cancelled', by: 'person' }])
        }
        const restored = deps.restore(content, attachments, references, draftAnswerOf(recipe))
        retire(item)
        return restored
      })
      announce(itemId)
      deps.draftsChanged([draft.id])
      return ok({ draftId: draft.id })
    },

    tryNow(itemId: string): Result<{ dueAt: number }> {
      const found = allowed(itemId, 'tryNow')
      if (!found.ok) return found
      const at = clock.now()
      const isRefused = found.value.journey.state === 'refused'
      append(
        itemId,
        isRefused ? { at, type: 'resumed', dueAt: at, by: 'person' } : { at, type: 'released', by: 'person' },
      )
      return ok({ dueAt: at })
    },

    async pause(itemId: string): Promise<Result<{ paused: boolean }>> {
      const found = allowed(itemId, 'pause')
      if (!found.ok) return found
      const stopped = await stopRunning(found.value, 'pause')
      if (!stopped.ok) return stopped
      if (stopped.value === 'stopped') return ok({ paused: true })
      const again = allowed(itemId, 'pause')
      if (!again.ok) return again
      append(itemId, { at: clock.now(), type: 'paused', why: 'person', problem: null })
      return ok({ paused: true })
    },

    resume(itemId: string): Result<{ dueAt: number }> {
      const found = allowed(itemId, 'resume')
      if (!found.ok) return found
      const item = found.value
      const at = clock.now()
      if (item.journey.pausedFor === 'account') {
        // One notice for the account, one answer for all its mails.
        worker.resumeAccount(item.accountId)
        return ok({ dueAt: at })
      }
      const events: NewEvent[] = [{ at, type: 'resumed', dueAt: at, by: 'person' }]
      const held = scheduleAhead(item, at)
      if (held !== null) events.push(held)
      store.append(itemId, events)
      announce(itemId)
      worker.wake()
      return ok({ dueAt: held?.dueAt ?? at })
    },

    /** Another time for a mail that waits; one that was paused or whose time passed is scheduled again. */
    holdUntil(itemId: string, at: number): Result<{ dueAt: number }> {
      const found = allowed(itemId, 'holdUntil')
      if (!found.ok) return found
      worker.lookAtClock()
      const now = clock.now()
      if (at <= now) return fail({ kind: 'invalid', field: 'at', reason: 'past' })
      const held: NewEvent = { at: now, type: 'held', dueAt: at, why: 'schedule' }
      const isPaused = found.value.journey.state === 'paused'
      store.append(itemId, isPaused ? [{ at: now, type: 'resumed', dueAt: at, by: 'person' }, held] : [held])
      announce(itemId)
      worker.wake()
      return ok({ dueAt: at })
    },

    chooseRecipients(itemId: string, choice: 'send-to-others' | 'cancel'): Result<{ chosen: boolean }> {
      const found = allowed(itemId, 'chooseRecipients')
      if (!found.ok) return found
      const { events, journey } = found.value
      const refused = journey.recipients
        .filter(({ state }) => state === 'refused')
        .map(({ address }) => address)
      const left = outstanding(events).filter(address => !refused.includes(address))
      if (choice === 'send-to-others' && left.length === 0) return fail({ kind: 'no-recipients' })
      append(itemId, { at: clock.now(), type: 'chosen', choice, dropped: choice === 'cancel' ? [] : refused })
      return ok({ chosen: true })
    },

    decideOutcome(
      itemId: string,
      verdict: 'handed-over' | 'send-again' | 'do-not-send',
    ): Result<{ decided: boolean }> {
      const found = allowed(itemId, 'decideOutcome')
      if (!found.ok) return found
      const at = clock.now()
      db.transaction(() => {
        store.append(itemId, [{ at, type: 'reconciled', proof: 'person', verdict }])
        if (verdict === 'handed-over') store.setCopyDue(itemId, at)
      })
      announce(itemId)
      worker.wake()
      deps.copiesChanged()
      return ok({ decided: true })
    },

    remove(itemId: string): Result<{ removed: boolean }> {
      const found = allowed(itemId, 'remove')
      if (!found.ok) return found
      retire(found.value)
      announce(itemId)
      return ok({ removed: true })
    },
  }
}

/** A mail paused while it was scheduled goes back to its time, if that is still to come. */
function scheduleAhead({ events }: StoredItem, at: number): (NewEvent & { type: 'held' }) | null {
  const last = events.findLast(event => event.type === 'held' || event.type === 'claimed')
  if (last?.type !== 'held' || last.why !== 'schedule' || last.dueAt <= at) return null
  return { at, type: 'held', dueAt: last.dueAt, why: 'schedule' }
}
