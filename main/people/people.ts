/**
 * The people one writes to: suggestions, groups, what is known of an address. Reads what the sorting room counted
 * (mail.db) and keeps what only the person knows (desk.db). Refuses to know a draft or a server.
 */

import { addressKey } from '../../shared/address.ts'
import type { Acquaintance, Address, Suggestion } from '../../shared/model.ts'
import { ok } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { createCorrespondentList } from './correspondent-store.ts'
import type { CountingCommands, HandedOver } from './counting.ts'
import { createPeopleIndex } from './people-index.ts'
import { createPeopleLoading } from './people-loading.ts'
import { createPeopleStore } from './people-store.ts'

const MOST_SUGGESTIONS = 20
const MOST_DOMAINS = 2_000

export type PeopleDeps = {
  desk: Db
  /** mail.db, read-only. */
  mail: Db
  clock: Clock
  emit: Emit
  room: CountingCommands
  /** What servers answered for mails handed over after `at`, oldest first; `until` null where there are none. */
  answersSince: (at: number, limit: number) => { answers: Answers[]; until: number | null }
}

/** What servers answered for the people of a mail. `messageIdHeader` without angle brackets. */
type Answers = { messageIdHeader: string; at: number; reached: Address[]; failed: string[] }

const DAY_MS = 24 * 60 * 60 * 1000

export type People = ReturnType<typeof createPeople>

export function createPeople({ desk, mail, clock, emit, room, answersSince }: PeopleDeps) {
  const store = createPeopleStore(desk)
  const correspondents = createCorrespondentList(mail)
  const index = createPeopleIndex()
  const changed = (addresses: string[]) => emit('people.changed', { addresses })
  const loading = createPeopleLoading({ store, correspondents, index, onChanged: changed })

  let isStopped = false

  /** A server refused these for good, or reported that it could not deliver to them. */
  const demote = (addresses: readonly string[], at: number): void => {
    const keys = addresses.map(addressKey)
    for (const key of keys) store.setFailed(key, at)
    if (keys.length > 0) loading.reload(keys)
  }

  return {
    /** Somebody is about to write: everybody is brought to mind, in slices. */
    warm: loading.start,
    /** Mail of these was counted. Announced once the new count is here. */
    reload: loading.reload,

    suggest(query: string, limit: number): Suggestion[] {
      loading.start()
      return index.suggest(query, limit).map(person => ({ kind: 'person', ...person }))
    },

    knows: (addresses: readonly string[]): Acquaintance[] =>
      addresses.map(address => {
        const key = addressKey(address)
        const met = correspondents.byKey(key)
        const { forgottenAt } = store.reservations(key)
        const isForgotten = forgottenAt !== null && forgottenAt >= (met?.lastSentAt ?? 0)
        return {
          address,
          firstMailedAt: isForgotten ? null : (met?.firstSentAt ?? null),
          lastMailedAt: isForgotten ? null : (met?.lastSentAt ?? null),
          lastReceivedAt: isForgotten ? null : (met?.lastReceivedAt ?? null),
          isKept: store.contact(key) !== null || store.isInGroup(key),
        }
      }),

    domains: (): string[] => correspondents.settledDomains(DAY_MS, MOST_DOMAINS),

    forget(address: string): { forgotten: boolean } {
      const key = addressKey(address)
      store.forget(key, clock.now())
      index.remove(key)
      changed([key])
      return { forgotten: true }
    },

    demote,

    /** Servers answered: who was reached is counted (once, however often it is told), who cannot be is demoted. */
    hear(answers: Answers): void {
      demote(answers.failed, clock.now())
      if (answers.reached.length > 0) void room.countHandedOver([toCount(answers)])
    },

    /** Counts what was handed over while nobody counted: before a crash, or before mail.db was built anew. */
    async catchUp(): Promise<void> {
      let since: number | null = correspondents.countedUntil('outbox') - DAY_MS
      while (since !== null && !isStopped) {
        const missed = answersSince(since, 20)
        if (missed.answers.length > 0) await room.countHandedOver(missed.answers.map(toCount))
        since = missed.until
      }
    },

    stop(): void {
      isStopped = true
      loading.stop()
    },
  }
}

function toCount({ messageIdHeader, at, reached }: Answers): HandedOver {
  return { messageIdHeader, at, people: reached }
}

const address = z.string().min(1).max(1_000)

export function peopleCalls(
  people: People,
): Calls<'people.suggest' | 'people.knows' | 'people.domains' | 'people.forget'> {
  return {
    'people.suggest': {
      args: z.tuple([z.string().max(1_000), z.int().min(1).max(MOST_SUGGESTIONS)]),
      run: (query, limit) => ok(people.suggest(query, limit)),
    },
    'people.knows': {
      args: z.tuple([z.array(address).max(10_000)]),
      run: addresses => ok(people.knows(addresses)),
    },
    'people.domains': { args: z.tuple([]), run: () => ok(people.domains()) },
    'people.forget': { args: z.tuple([address]), run: forgotten => ok(people.forget(forgotten)) },
  }
}
