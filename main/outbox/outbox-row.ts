/** What a row of the outbox and of its ledger says, believed only as far as it can be read. Knows no SQL. */

import { type Journey, journeyOf } from '../../shared/journey.ts'
import type { LedgerEvent } from '../../shared/ledger.ts'
import type { Row } from '../db.ts'
import { parseRecipe, type Recipe } from '../mime/recipe.ts'
import { salvageRecipe } from './salvage.ts'

export type StoredItem = {
  id: string
  accountId: string
  /** Null where the row does not hold a recipe this version understands. */
  recipe: Recipe | null
  /** What is left of it then, to be shown and saved. */
  remains: Recipe | null
  sha256: string
  bytes: number
  messageId: string
  createdAt: number
  events: LedgerEvent[]
  journey: Journey
}

/** An event of the ledger, of `seq, at, attempt, type, data`. */
export function eventOf(row: Row): LedgerEvent {
  const event: LedgerEvent = {
    ...JSON.parse(String(row.data)),
    seq: Number(row.seq),
    at: Number(row.at),
    attempt: Number(row.attempt),
    type: String(row.type),
  }
  return event
}

/** A mail, of all columns. Throws where its ledger is empty: that is a bug. */
export function itemOf(row: Row, events: LedgerEvent[]): StoredItem {
  const journey = journeyOf(events)
  if (journey === null) throw new Error('a mail without a ledger')
  const recipe = recipeOf(row)
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    recipe,
    remains: recipe === null ? salvageRecipe(String(row.recipe), String(row.message_id)) : null,
    sha256: String(row.sha256),
    bytes: Number(row.bytes),
    messageId: String(row.message_id),
    createdAt: Number(row.created_at),
    events,
    journey,
  }
}

/** Null where it is not one that this version understands. */
export function recipeOf(row: Row): Recipe | null {
  try {
    const parsed = parseRecipe(JSON.parse(String(row.recipe)))
    return parsed.ok ? parsed.value : null
  } catch {
    return null
  }
}
