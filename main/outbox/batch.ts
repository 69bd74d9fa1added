/**
 * Many mails at once, for a room that makes them from one letter: each is an item of its own, and they can be paused,
 * taken up again and cancelled together. Refuses to know where they come from.
 */

import { randomUUID } from 'node:crypto'
import type { Journey } from '../../shared/journey.ts'
import type { Account, Draft, DraftContent } from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'

import type { Freezing } from '../drafts/frozen-draft.ts'
import type { Clock } from '../host.ts'
import { envelopeOf } from '../mime/recipe.ts'
import { type BatchWish, createBatchStore } from './batch-store.ts'
import { type FrozenMail, frozenMail } from './departure.ts'
import { isDiskError, type NewEvent, type OutboxStore } from './outbox-store.ts'

/** A mail of a batch before it is in the queue. */
export type BatchMail = Pick<Draft, keyof DraftContent | 'references' | 'attachments'>

type BatchDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  accounts: { get(accountId: string): Account | null }
  fitsServer: (accountId: string, bytes: number) => Result<true>
  openPath: (sha256: string) => string
  takes8bit: (accountId: string) => boolean
  freezeElsewhere?: Freezing['elsewhere']
  announceAll: (itemIds: string[]) => void
  onQueued: () => void
  lookAtClock: () => void
}

/** What the person may want of all mails of a batch; each is checked by itself. */
type Steering = Record<BatchWish, (itemId: string) => Promise<Result<unknown>> | Result<unknown>> & {
  settleWithin(itemId: string, wish: 'pause' | 'cancel'): boolean
}

/** Thousands of mails are steered in turns of so long: the rest of the desk goes on in between. */
const TURN_MS = 3
const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))

export function createBatches(deps: BatchDeps, steering: Steering) {
  const { db, store, clock, accounts } = deps
  const batchStore = createBatchStore(db)
  /** Past the point of no return when they were wished to stop: their server may still put them off. */
  const late = new Map<string, BatchWish>()

  /** Takes as many off `left` as one turn allows; gives those that are being sent and must be stopped first. */
  const settleSome = (left: string[], wish: 'pause' | 'cancel'): string[] => {
    const until = performance.now() + TURN_MS
    const settled: string[] = []
    const running: string[] = []
    db.transaction(() => {
      let itemId = left.shift()
      while (itemId !== undefined) {
        if (steering.settleWithin(itemId, wish)) settled.push(itemId)
        else running.push(itemId)
        itemId = performance.now() < until ? left.shift() : undefined
      }
    })
    if (settled.length > 0) {
      deps.announceAll(settled)
      deps.onQueued()
    }
    return running
  }

  const resumeSome = async (left: string[]): Promise<string[]> => {
    const until = performance.now() + TURN_MS
    while (left.length > 0 && performance.now() < until) {
      await steering.resume(left.shift() as string)
    }
    return []
  }

  return {
    /**
     * Freezes the mails and queues them in one transaction, held until `dueAt` (epoch ms). `kept` runs within it with
     * the item of each mail, or the problem of one that cannot go: what the caller notes there is true with it.
     */
    async enqueue(
      batchId: string,
      mails: readonly BatchMail[],
      dueAt: number,
      keptWithin: (items: (string | Problem)[]) => void,
    ): Promise<Result<{ itemIds: string[] }>> {
      const frozen: Result<{ id: string; accountId: string; mail: FrozenMail }>[] = []
      for (const mail of mails) {
        const account = accounts.get(mail.accountId)
        const made =
          account === null
            ? fail({ kind: 'not-found', what: 'account' })
            : await frozenMail(mail, account, Math.max(clock.now(), dueAt), deps)
        frozen.push(made.ok ? ok({ id: randomUUID(), accountId: mail.accountId, mail: made.value }) : made)
      }
      deps.lookAtClock()
      try {
        db.transaction(() => {
          const at = clock.now()
          const hold: NewEvent =
            dueAt > at ? { at, type: 'held', dueAt, why: 'undo' } : { at, type: 'released', by: 'window' }
          for (const made of frozen) {
            if (!made.ok) continue
            const { id, accountId, mail } = made.value
            const { recipe, sha256, bytes } = mail
            store.insert(
              { id, accountId, recipe, sha256, bytes, createdAt: at, fingerprint: null, batchId },
              [{ at, type: 'written', bytes, sha256, recipients: envelopeOf(recipe).to }, hold],
            )
          }
          keptWithin(frozen.map(made => (made.ok ? made.value.id : made.problem)))
        })
      } catch (error) {
        if (!isDiskError(error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
      const itemIds = frozen.filter(made => made.ok).map(made => made.value.id)
      if (itemIds.length > 0) {
        deps.announceAll(itemIds)
        deps.onQueued()
      }
      return ok({ itemIds })
    },

    /** By state; what was taken away before it left is not counted. */
    counts: (batchId: string): Map<Journey['state'], number> => batchStore.counts(batchId),

    /**
     * In the order in which they would leave, so that it outruns the sending, many in one transaction; a mail for which
     * it is too late stays as it is. Ends early where `isWanted` no more.
     */
    async steer(batchId: string, wish: BatchWish, isWanted: () => boolean = () => true): Promise<void> {
      if (wish === 'resume') late.clear()
      const left = batchStore.idsFor(batchId, wish)
      while (left.length > 0 && isWanted()) {
        const running = wish === 'resume' ? await resumeSome(left) : settleSome(left, wish)
        for (const itemId of running) {
          late.set(itemId, wish)
          if ((await steering[wish](itemId)).ok) late.delete(itemId)
        }
        await nextTurn()
      }
    },

    /** An attempt ended: what was wished too late for it holds for the next one. */
    ended(itemId: string): void {
      const wish = late.get(itemId)
      late.delete(itemId)
      if (wish !== undefined) void steering[wish](itemId)
    },

    /** Whether nobody can have got the mail: it was taken back before its last byte went out. */
    isTakenBack(itemId: string): boolean {
      const item = store.get(itemId)
      if (item === null) return true
      return item.journey.state === 'cancelled' && !item.events.some(({ type }) => type === 'terminating')
    },

    /** Takes away what `isTakenBack`. */
    removeWithin: (itemId: string): void => store.remove(itemId),

    stateOf: (itemId: string): Journey['state'] | null => store.stateOf(itemId),
  }
}
