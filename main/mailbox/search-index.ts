/**
 * Keeps the search index true, in the sorting room: what came in or got its source is written in small slices behind
 * everything else, the newest first, and goes on where it stopped after a restart. Refuses to hold up a command.
 */

import { addTerms } from '../../shared/search-terms.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import { type Clock, systemClock } from '../host.ts'
import { searchTextOf } from '../mime/search-text.ts'
import { createPacks, type PackRef } from './pack.ts'
import { createSearchStore, type UnindexedMessage } from './search-store.ts'

export type SearchIndex = {
  /** There may be new messages, or sources of old ones. */
  wake(): void
  /** Resolves when nothing waits to be written. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/**
 * One transaction of the index: FTS5 makes a piece of each, and merging many small pieces costs more than writing
 * them. Few enough that it is over soon.
 */
const SLICE = 500
/** So many are read and cut between two looks at what else is to do. */
const READ_AT_ONCE = 20
/** While there is much to write, the page is told so often at most. */
const TOLD_EVERY = 4

/** While mails come in by the thousand they have the thread; what is here by then is written this often. */
const BUSY_MS = 10_000
const LOOK_AGAIN_MS = 100

type Deps = {
  db: Db
  packsDir: string
  emit: Emit
  /** Left out, nothing else is ever at work. */
  isBusy?: () => boolean
  clock?: Clock
}

export function createSearchIndex({
  db,
  packsDir,
  emit,
  isBusy = () => false,
  clock = systemClock,
}: Deps): SearchIndex {
  const packs = createPacks(packsDir)
  const store = createSearchStore(db)
  let running: Promise<void> | null = null
  let isAsked = false
  let isStopped = false

  /** The terms of some messages, in their order. */
  const termsOf = async (messages: UnindexedMessage[]): Promise<string[]> => {
    const sources = new Map<number, Buffer>()
    for (const [accountId, stored] of Map.groupBy(messages, message => message.accountId)) {
      const here = stored.filter(message => message.source !== null)
      const read = await packs.readAll(
        accountId,
        here.map(message => message.source as PackRef),
      )
      for (const [at, source] of read.entries()) {
        if (source.ok) sources.set((here[at] as UnindexedMessage).id, source.value)
      }
    }
    return messages.map(message => {
      const source = sources.get(message.id)
      return termsOfMessage(message, source ? searchTextOf(source) : { text: message.preview, files: [] })
    })
  }

  let writtenAt = clock.monotonic()
  let endWait = () => {}
  /** A mail that is written before its source has come is written twice. */
  const whileBusy = async (): Promise<void> => {
    while (isBusy() && !isStopped && clock.monotonic() - writtenAt < BUSY_MS) {
      await new Promise<void>(resolve => {
        const cancel = clock.after(LOOK_AGAIN_MS, resolve)
        endWait = () => {
          cancel()
          resolve()
        }
      })
    }
  }

  const slice = async (): Promise<number> => {
    await whileBusy()
    const messages = store.unindexed(SLICE)
    const terms: string[] = []
    for (let at = 0; at < messages.length && !isStopped; at += READ_AT_ONCE) {
      terms.push(...(await termsOf(messages.slice(at, at + READ_AT_ONCE))))
      // Commands and connections first.
      await turn()
    }
    if (isStopped) return 0
    store.transaction(() => {
      // The newest are chosen first and written last: FTS5 begins a new piece whenever a row comes before the last one.
      for (let at = messages.length - 1; at >= 0; at -= 1) {
        store.write(messages[at] as UnindexedMessage, terms[at] as string)
      }
    })
    writtenAt = clock.monotonic()
    return messages.length
  }

  const work = async (): Promise<void> => {
    let slices = 0
    let isLarge = false
    do {
      isAsked = false
      for (let written = await slice(); written > 0 && !isStopped; written = await slice()) {
        slices += 1
        if (slices % TOLD_EVERY === 0) emit('search.changed', {})
        isLarge ||= slices >= TOLD_EVERY
        // Commands and connections first.
        await turn()
      }
    } while (isAsked && !isStopped)
    if (slices > 0 && !isStopped) emit('search.changed', {})
    if (!isLarge) return
    for (let isFirst = true; !isStopped && !isAsked && store.tidy(isFirst); isFirst = false) await turn()
  }

  const wake = () => {
    isAsked = true
    if (isStopped || running !== null) return
    running = turn()
      .then(work)
      .finally(() => {
        running = null
        if (isAsked) wake()
      })
  }

  return {
    wake,
    async settled() {
      while (running !== null) await running
    },
    async stop() {
      isStopped = true
      isAsked = false
      endWait()
      await running
    },
  }
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** All terms of a mail, each once; those of a field marked as well. */
export function termsOfMessage(
  { subject, from, to }: Pick<UnindexedMessage, 'subject' | 'from' | 'to'>,
  { text, files }: { text: string; files: readonly string[] },
): string {
  const terms = new Set<string>()
  const add = (words: string, field: 'from' | 'to' | 'subject' | 'file') => {
    addTerms(terms, words)
    addTerms(terms, words, field)
  }
  add(subject, 'subject')
  add(`${from.name} ${from.address}`, 'from')
  for (const { name, address } of to) add(`${name} ${address}`, 'to')
  for (const file of files) add(file, 'file')
  addTerms(terms, text)
  return [...terms].join(' ')
}
