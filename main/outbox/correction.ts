/**
 * A right address in the place of a refused one. While nobody has the mail it is written anew as a whole (same
 * Message-ID, date and boundaries; the address in its header is the new one). Once the others have it, the same bytes,
 * as they were frozen, go to the new address alone, as a mail of its own. Refuses an address that gets it anyway.
 */

import { randomUUID } from 'node:crypto'
import { sameAddress } from '../../shared/address.ts'
import { isSendableAddress } from '../../shared/draft-check.ts'
import type { Address } from '../../shared/model.ts'
import { isCorrectable } from '../../shared/outbox-abilities.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Clock } from '../host.ts'
import { envelopeOf, type Recipe, wireAddress } from '../mime/recipe.ts'
import { hashMail, writeMail } from '../mime/write-mail.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { StoredItem } from './outbox-row.ts'
import { isDiskError, type OutboxStore } from './outbox-store.ts'

type CorrectionDeps = {
  db: Db
  store: OutboxStore
  clock: Clock
  openPath: (sha256: string) => string
  fitsServer: (accountId: string, bytes: number) => Result<true>
  announce: (itemId: string) => void
  onQueued: () => void
}

/** What was found to be right; `recipe` is the whole mail as it was frozen. */
type Checked = { item: StoredItem; recipe: Recipe; from: string; to: string }

export function createCorrection(deps: CorrectionDeps) {
  const { db, store, clock, openPath, announce } = deps

  const check = (itemId: string, oldAddress: string, newAddress: string): Result<Checked> => {
    const item = store.get(itemId)
    if (item === null) return fail({ kind: 'not-found', what: 'mail' })
    const { journey, recipe } = item
    if (recipe === null) return fail({ kind: 'mail-unreadable', detail: 'recipe' })
    const address = newAddress.trim().normalize('NFC')
    const isWhole = journey.state === 'refused' || journey.pausedFor === 'recipients'
    if (!isWhole && journey.state !== 'accepted') return fail({ kind: 'not-now', what: journey.state })
    const refused = journey.recipients.find(one => sameAddress(one.address, wireAddress(oldAddress)))
    if (refused?.correctedTo !== undefined) return fail({ kind: 'not-now', what: 'corrected' })
    if (refused === undefined || !isCorrectable(journey, refused)) {
      return fail({ kind: 'not-now', what: refused?.state ?? 'recipient' })
    }
    if (!isSendableAddress(address)) return fail({ kind: 'address-invalid', address, field: 'to' })
    const to = wireAddress(address)
    const getsItAnyway = journey.recipients.some(
      one => sameAddress(one.address, to) || sameAddress(one.correctedTo ?? '', to),
    )
    if (getsItAnyway) return fail({ kind: 'invalid', field: 'newAddress', reason: 'already-recipient' })
    return ok({ item, recipe, from: refused.address, to: address })
  }

  /** Nobody has it: the whole envelope in one transaction. */
  const correctWhole = async ({ item, recipe, from, to }: Checked): Promise<Result<{ itemId: string }>> => {
    const replace = (people: Address[]) =>
      people.map(one => (sameAddress(wireAddress(one.address), from) ? { name: one.name, address: to } : one))
    const corrected: Recipe = {
      ...recipe,
      to: replace(recipe.to),
      cc: replace(recipe.cc),
      bcc: replace(recipe.bcc),
    }
    const hashed = await hashMail(writeMail(corrected, { for: 'wire', openPath, isFleeting: true }))
    if (!hashed.ok) return hashed
    const { sha256, bytes } = hashed.value
    const fits = deps.fitsServer(item.accountId, bytes)
    if (!fits.ok) return fits
    return db.transaction(() => {
      const now = store.get(item.id)
      if (now?.events.at(-1)?.seq !== item.events.at(-1)?.seq) {
        return fail({ kind: 'not-now', what: now?.journey.state ?? 'gone' })
      }
      store.rewrite(item.id, { recipe: corrected, sha256, bytes, fingerprint: fingerprintOf(corrected) })
      store.append(item.id, [
        {
          at: clock.now(),
          type: 'corrected',
          from,
          to: wireAddress(to),
          bytes,
          sha256,
          recipients: envelopeOf(corrected).to,
        },
      ])
      return ok({ itemId: item.id })
    })
  }

  /** The others have it: the same bytes for one more. */
  const correctApart = ({ item, recipe, from, to }: Checked): Result<{ itemId: string }> => {
    const itemId = randomUUID()
    const at = clock.now()
    const { accountId, sha256, bytes } = item
    const recipients = [wireAddress(to)]
    db.transaction(() => {
      store.insert({ id: itemId, accountId, recipe, sha256, bytes, createdAt: at, fingerprint: null }, [
        { at, type: 'written', bytes, sha256, recipients },
        { at, type: 'released', by: 'person' },
      ])
      store.append(item.id, [
        { at, type: 'corrected-apart', recipient: from, to: recipients[0] ?? to, itemId },
      ])
    })
    announce(itemId)
    return ok({ itemId })
  }

  return {
    async correctRecipient(
      itemId: string,
      oldAddress: string,
      newAddress: string,
    ): Promise<Result<{ itemId: string }>> {
      const checked = check(itemId, oldAddress, newAddress)
      if (!checked.ok) return checked
      try {
        const isPart = checked.value.item.journey.state === 'accepted'
        const corrected = isPart ? correctApart(checked.value) : await correctWhole(checked.value)
        if (!corrected.ok) return corrected
        announce(itemId)
        deps.onQueued()
        return corrected
      } catch (error) {
        if (!isDiskError(error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
    },
  }
}
