/**
 * The people one writes to: suggestions, groups, what is known of an address. Reads what the sorting room counted
 * (mail.db) and keeps what only the person knows (desk.db). Refuses to know a draft or a server.
 */

import { randomUUID } from 'node:crypto'
import { addressKey, checkAddress } from '../../shared/address.ts'
import { foldText, isCjk } from '../../shared/fold.ts'
import type { MergeTable } from '../../shared/merge.ts'
import type { Acquaintance, Address, Group, Person, Suggestion } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { exportContacts } from './contact-export.ts'
import { createContactImport } from './contact-import.ts'
import { createCorrespondentList } from './correspondent-store.ts'
import type { CountingCommands, HandedOver } from './counting.ts'
import { createPeopleIndex } from './people-index.ts'
import { createPeopleLoading } from './people-loading.ts'
import { createPeopleStore } from './people-store.ts'
import type { ReadingCommands } from './reading.ts'

const MOST_SUGGESTIONS = 20
const MOST_GROUPS = 3
const MOST_MEMBERS = 2_000
const LONGEST_PAGE = 200
const MOST_DOMAINS = 2_000

export type PeopleDeps = {
  desk: Db
  /** mail.db, read-only. */
  mail: Db
  clock: Clock
  emit: Emit
  room: CountingCommands & ReadingCommands
  /** The file behind a token of `files.*`, on this disk; the token is used up. */
  takeFile: (fileToken: string) => Promise<Result<{ path: string }>>
  /** Asks where; a path that does not exist yet, or null. */
  saveAs: (suggestedName: string) => Promise<string | null>
  /** What servers answered for mails handed over after `at`, oldest first; `until` null where there are none. */
  answersSince: (at: number, limit: number) => { answers: Answers[]; until: number | null }
}

/** What servers answered for the people of a mail. `messageIdHeader` without angle brackets. */
type Answers = { messageIdHeader: string; at: number; reached: Address[]; failed: string[] }

const DAY_MS = 24 * 60 * 60 * 1000

export type People = ReturnType<typeof createPeople>

export function createPeople(deps: PeopleDeps) {
  const { desk, mail, clock, emit, room, answersSince } = deps
  const store = createPeopleStore(desk)
  const correspondents = createCorrespondentList(mail)
  const index = createPeopleIndex()
  const changed = (addresses: string[]) => emit('people.changed', { addresses })
  const loading = createPeopleLoading({ store, correspondents, index, onChanged: changed })

  const contacts = createContactImport({
    ...deps,
    store,
    correspondents,
    onImported: keys => loading.reload(keys),
  })
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
      const groups = matchingGroups(store.groups(), query).slice(0, MOST_GROUPS)
      const people = index.suggest(query, limit - groups.length)
      return [
        ...people.slice(0, 1).map(person => ({ kind: 'person' as const, ...person })),
        ...groups.map(group => ({ kind: 'group' as const, ...group })),
        ...people.slice(1).map(person => ({ kind: 'person' as const, ...person })),
      ]
    },

    /** Everybody, once everybody is here. */
    async list(query: string, offset: number, limit: number): Promise<{ total: number; people: Person[] }> {
      loading.start()
      await loading.loaded()
      return index.page(query, offset, limit)
    },

    keep({ name, address }: Address, reading: string): Result<{ kept: boolean }> {
      if (checkAddress(address) !== 'ok') return fail({ kind: 'invalid', field: 'address', reason: 'shape' })
      store.keep({ name: name.trim().normalize('NFC'), address }, reading.trim())
      loading.reload([addressKey(address)])
      return ok({ kept: true })
    },

    groups: (): Group[] => store.groups(),

    saveGroup({ id, name, members }: Pick<Group, 'name' | 'members'> & { id: string | null }): Result<Group> {
      const title = name.replace(/\s+/g, ' ').trim().normalize('NFC')
      if (title === '') return fail({ kind: 'invalid', field: 'name', reason: 'empty' })
      const wrong = members.find(({ address }) => checkAddress(address) !== 'ok')
      if (wrong !== undefined) return fail({ kind: 'invalid', field: 'members', reason: wrong.address })
      const keys = new Set<string>()
      const once = members.filter(({ address }) => keys.size < keys.add(addressKey(address)).size)
      const group: Group = { id: id ?? randomUUID(), name: title, members: once }
      store.saveGroup(group, clock.now())
      changed([...keys])
      return ok(group)
    },

    removeGroup(groupId: string): { removed: boolean } {
      const removed = store.removeGroup(groupId)
      if (removed) changed([])
      return { removed }
    },

    readImport: contacts.read,
    /** A table of people, for a letter to many; nobody is taken into the address book. */
    async readTable(from: { fileToken: string } | { text: string }): Promise<Result<MergeTable>> {
      if ('text' in from) return deps.room.readTable(from)
      const file = await deps.takeFile(from.fileToken)
      return file.ok ? deps.room.readTable(file.value) : file
    },
    import: contacts.run,

    /** Lists and machines stay out: nobody writes to them. */
    async export(format: 'vcard' | 'csv'): Promise<Result<{ savedAs: string | null; people: number }>> {
      loading.start()
      await loading.loaded()
      return exportContacts(format, (offset, limit) => index.page('', offset, limit).people, deps.saveAs)
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
      await contacts.clear()
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

function matchingGroups(groups: readonly Group[], query: string): Group[] {
  const asked = foldText(query).trim()
  if (asked === '') return []
  return groups.filter(({ name }) => {
    const folded = foldText(name)
    return isCjk(asked) ? folded.includes(asked) : ` ${folded}`.includes(` ${asked}`)
  })
}

function toCount({ messageIdHeader, at, reached }: Answers): HandedOver {
  return { messageIdHeader, at, people: reached }
}

const address = z.string().min(1).max(1_000)

const name = z.string().max(1_000)
const person = z.object({ name, address })

type PeopleMethods =
  | 'people.suggest'
  | 'people.knows'
  | 'people.domains'
  | 'people.forget'
  | 'people.list'
  | 'people.keep'
  | 'people.groups'
  | 'people.saveGroup'
  | 'people.removeGroup'
  | 'people.readImport'
  | 'people.import'
  | 'people.export'
  | 'people.readTable'

export function peopleCalls(people: People): Calls<PeopleMethods> {
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
    'people.list': {
      args: z.tuple([
        z.string().max(1_000),
        z.int().min(0).max(10_000_000),
        z.int().min(1).max(LONGEST_PAGE),
      ]),
      run: async (query, offset, limit) => ok(await people.list(query, offset, limit)),
    },
    'people.keep': { args: z.tuple([person, name]), run: (kept, reading) => people.keep(kept, reading) },
    'people.groups': { args: z.tuple([]), run: () => ok(people.groups()) },
    'people.saveGroup': {
      args: z.tuple([
        z.object({ id: z.string().max(100).nullable(), name, members: z.array(person).max(MOST_MEMBERS) }),
      ]),
      run: group => people.saveGroup(group),
    },
    'people.removeGroup': { args: z.tuple([z.string().max(100)]), run: id => ok(people.removeGroup(id)) },
    'people.readImport': { args: z.tuple([z.string().max(100)]), run: token => people.readImport(token) },
    'people.readTable': {
      args: z.tuple([
        z.union([
          z.object({ fileToken: z.string().max(100) }),
          z.object({ text: z.string().max(4_000_000) }),
        ]),
      ]),
      run: from => people.readTable(from),
    },
    'people.import': { args: z.tuple([z.string().max(100)]), run: importId => people.import(importId) },
    'people.export': { args: z.tuple([z.enum(['vcard', 'csv'])]), run: format => people.export(format) },
  }
}
