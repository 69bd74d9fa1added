/**
 * Counts who mail goes to and comes from, in the sorting room: every message of the inboxes and of Sent once, in
 * slices behind everything else, and what the outbox hands over at once. Refuses to count a mail twice.
 */

import { createHash } from 'node:crypto'
import { addressKey, checkAddress } from '../../shared/address.ts'
import type { Address } from '../../shared/model.ts'
import { ok, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import { createCorrespondentStore, type MessagePeople, type Part } from './correspondent-store.ts'

/** A mail that a server took for these people. `messageIdHeader` without angle brackets. */
export type HandedOver = { messageIdHeader: string; at: number; people: Address[] }

/** What the desk may ask of the counting. */
export type CountingCommands = {
  countHandedOver(mails: HandedOver[]): Promise<Result<true>>
}

export type Counting = CountingCommands & {
  /** The person's own addresses: they are nobody's correspondents, unless written to. */
  setOwnAddresses(addresses: string[]): void
  /** There may be new messages. */
  wake(): void
  stop(): void
}

const SLICE = 100

export function createCounting({ db, emit }: { db: Db; emit: Emit }): Counting {
  const store = createCorrespondentStore(db)
  let own: ReadonlySet<string> = new Set()
  let next: NodeJS.Immediate | null = null
  let isStopped = false

  const count = (changed: Set<string>, messageId: string, person: Address, part: Part, at: number) => {
    if (checkAddress(person.address) !== 'ok') return
    const key = addressKey(person.address)
    if (part !== 'sent' && own.has(key)) return
    if (!store.markCounted(hashOf(messageId, key))) return
    store.count(person, part, at)
    changed.add(key)
  }

  const countMessage = (changed: Set<string>, message: MessagePeople) => {
    const { isSent, isBulk, from, to, cc, sentAt } = message
    const messageId =
      message.messageId === '' ? JSON.stringify([from.address, sentAt, to, cc]) : message.messageId
    if (!isSent) count(changed, messageId, from, isBulk ? 'bulk' : 'received', sentAt)
    // Whoever stands beside us on a list is a stranger.
    if (isBulk && !isSent) return
    for (const person of [...to, ...cc]) count(changed, messageId, person, isSent ? 'sent' : 'named', sentAt)
  }

  const slice = () => {
    next = null
    const changed = new Set<string>()
    const messages = store.transaction(() => {
      const found = store.messagesAfter(store.countedUntil('messages'), SLICE)
      for (const message of found) if (message.isCounted) countMessage(changed, message)
      const last = found.at(-1)
      if (last !== undefined) store.setCountedUntil('messages', last.id)
      return found
    })
    if (changed.size > 0) emit('people.changed', { addresses: [...changed] })
    if (messages.length === SLICE) wake()
  }

  const wake = () => {
    if (!isStopped) next ??= setImmediate(slice)
  }

  return {
    wake,
    setOwnAddresses(addresses) {
      own = new Set(addresses.map(addressKey))
    },
    async countHandedOver(mails) {
      const changed = new Set<string>()
      store.transaction(() => {
        for (const { messageIdHeader, at, people } of mails) {
          for (const person of people) count(changed, messageIdHeader, person, 'sent', at)
          store.setCountedUntil('outbox', at)
        }
      })
      if (changed.size > 0) emit('people.changed', { addresses: [...changed] })
      return ok(true as const)
    },
    stop() {
      isStopped = true
      if (next !== null) clearImmediate(next)
    },
  }
}

/** 48 bits of mail and address: enough that two of a million do not meet. */
function hashOf(messageId: string, key: string): number {
  return createHash('sha256').update(`${messageId}\n${key}`).digest().readUIntBE(0, 6)
}
