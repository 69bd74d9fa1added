/**
 * Keeps the search index true, in the sorting room: what came in or got its source is written in small slices behind
 * everything else, the newest first, and goes on where it stopped after a restart. Refuses to hold up a command.
 */

import { addTerms } from '../../shared/search-terms.ts'
import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import { searchTextOf } from '../mime/search-text.ts'
import { createPacks } from './pack.ts'
import { createSearchStore, type UnindexedMessage } from './search-store.ts'

export type SearchIndex = {
  /** There may be new messages, or sources of old ones. */
  wake(): void
  /** Resolves when nothing waits to be written. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Few enough that a slice with a merge in it is over soon. */
const SLICE = 25
/** While there is much to write, the page is told so often at most. */
const TOLD_EVERY = 40

type Deps = { db: Db; packsDir: string; emit: Emit }

export function createSearchIndex({ db, packsDir, emit }: Deps): SearchIndex {
  const packs = createPacks(packsDir)
  const store = createSearchStore(db)
  let running: Promise<void> | null = null
  let isAsked = false
  let isStopped = false

  const termsOf = async (message: UnindexedMessage): Promise<string> => {
    const source = message.source === null ? null : await packs.read(message.accountId, message.source)
    const found = source?.ok === true ? searchTextOf(source.value) : { text: message.preview, files: [] }
    return termsOfMessage(message, found)
  }

  const slice = async (): Promise<number> => {
    const messages = store.unindexed(SLICE)
    const terms: string[] = []
    for (const message of messages) terms.push(await termsOf(message))
    if (isStopped) return 0
    store.transaction(() => {
      for (const [index, message] of messages.entries()) store.write(message, terms[index] as string)
    })
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
