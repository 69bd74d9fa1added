/** SQL over the mails of a batch: how many are where, and which a wish is about. Private to the outbox; changes nothing. */

import type { Journey } from '../../shared/journey.ts'
import type { Db } from '../db.ts'

export type BatchWish = 'pause' | 'resume' | 'cancel'

const WISHED_WHERE: Record<BatchWish, string> = {
  // What rests for its account can be paused by the person too, and then stays when the account goes on.
  pause: `(state IN ('held', 'queued', 'sending') OR (state = 'paused' AND paused_for = 'account'))`,
  // What waits for its server, an address or an answer is not hurried by going on.
  resume: `state = 'paused' AND paused_for = 'person'`,
  cancel: `state IN ('held', 'queued', 'paused', 'sending')`,
}

export type BatchStore = ReturnType<typeof createBatchStore>

export function createBatchStore(db: Db) {
  return {
    /** How many mails of a batch are in which state; what was taken away before it left is not counted. */
    counts(batchId: string): Map<Journey['state'], number> {
      const rows = db.all(
        'SELECT state, count(*) AS n FROM outbox_item WHERE batch_id = ? GROUP BY state',
        batchId,
      )
      return new Map(rows.map(row => [String(row.state) as Journey['state'], Number(row.n)]))
    },

    /** For which the wish has something to do, in the order in which they were made. */
    idsFor(batchId: string, wish: BatchWish): string[] {
      return db
        .all(
          `SELECT id FROM outbox_item WHERE batch_id = ? AND ${WISHED_WHERE[wish]} ORDER BY rowid`,
          batchId,
        )
        .map(row => String(row.id))
    },
  }
}
