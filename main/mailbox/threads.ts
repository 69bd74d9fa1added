/**
 * Keeps threads and the list of conversations true, in the sorting room: what came in or changed is taken up before
 * the page hears of it, and much at once (a first sync, an older mail.db) in slices behind everything else, going on
 * where it stopped after a restart. Refuses to hold up a command.
 */

import type { Db } from '../db.ts'
import type { Emit } from '../events.ts'
import { type Clock, systemClock } from '../host.ts'
import { scanHead } from '../mime/read-mail.ts'
import { createPacks } from './pack.ts'
import { createJoiner } from './thread-join.ts'
import { CLOCK_SLACK_MS, isAnswerTo, SUBJECT_WINDOW_MS, writeReferences } from './thread-names.ts'
import { rowsOfThread } from './thread-rows.ts'
import { createThreadStore, type WaitingMail } from './thread-store.ts'

export type Threads = {
  /** Takes up what waits, as far as it is little; the rest follows by itself. */
  catchUp(): void
  /** Resolves when nothing waits. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** Mails and threads that are taken up at once, and of one slice behind everything else: each slice is a commit. */
const LITTLE = 500
const SLICE = 4_000
/** Of its time, the room gives this much at most to what is taken up at once; a first sync goes before. */
const SHARE = 0.1
/** Sources are read for References so many at a time. */
const LINKS = 50
/** So many threads lost all their mails before the names they leave are looked for. */
const MANY_EMPTY = 5_000

type Deps = { db: Db; packsDir: string; emit: Emit; clock?: Clock }

export function createThreads({ db, packsDir, emit, clock = systemClock }: Deps): Threads {
  const packs = createPacks(packsDir)
  const store = createThreadStore(db)
  let running: Promise<void> | null = null
  let isAsked = false
  let notBefore = 0
  let cancelWake: (() => void) | null = null
  let isStopped = false
  let emptied = 0
  let linkedUntil = 0

  /** Puts the next mails into their threads; answers how many. */
  const threadSlice = (limit: number): number =>
    store.transaction(() => {
      const mails = store.waiting(limit)
      if (mails.length === 0) return 0
      const joiner = createJoiner(store.known(new Set(mails.flatMap(({ own, others }) => [...others, own]))))
      for (const mail of mails) {
        const isTaken = joiner.threadOfName(mail.own) !== undefined && store.isNameTaken(mail)
        joiner.add(isTaken ? { ...mail, own: 0 } : mail)
      }
      store.write(mails, joiner.joined())
      joinBySubject(mails)
      return mails.length
    })

  /** Answers that do not say what they answer: of this slice, and older ones for which the mail has come now. */
  const joinBySubject = (mails: readonly WaitingMail[]) => {
    const keys = new Set(mails.flatMap(({ subjectKey }) => subjectKey ?? []))
    for (const answer of store.orphans(keys)) {
      const { subjectKey, sentAt } = answer
      const found = store
        .neighbours(subjectKey, sentAt - SUBJECT_WINDOW_MS, sentAt + CLOCK_SLACK_MS)
        .find(mail => mail.id !== answer.id && isAnswerTo(answer, mail))
      if (found === undefined) continue
      // Merged a moment ago, it may be another thread now.
      const threads = store.threadsOf([answer.id, found.id])
      const joiner = createJoiner({ names: new Map(), sizes: store.sizes(threads), next: 0 })
      const [one, other] = threads
      if (one === undefined || other === undefined) continue
      joiner.unite(one, other)
      store.merge(joiner.joined().merged)
    }
  }

  /** Writes the rows of the next threads that look different; tells whose folders they lie in. */
  const listSlice = (limit: number, touched: Map<string, Set<string>>): number =>
    store.transaction(() => {
      const threads = store.stale(limit)
      if (threads.length === 0) return 0
      const mails = store.mails(threads)
      emptied += threads.length - mails.size
      store.list(threads, [...mails.values()].flatMap(rowsOfThread))
      for (const mail of [...mails.values()].flat()) {
        const folders = touched.get(mail.accountId) ?? new Set()
        touched.set(mail.accountId, folders.add(String(mail.folderId)))
      }
      return threads.length
    })

  /** Reads References of mails from before they were kept; answers whether there were any. */
  const linkSlice = async (): Promise<boolean> => {
    const unlinked = store.unlinked(linkedUntil, LINKS)
    const found: [id: number, references: string][] = []
    for (const { id, accountId, source } of unlinked) {
      const read = await packs.read(accountId, source)
      if (read.ok) found.push([id, writeReferences(scanHead(read.value).references)])
    }
    linkedUntil = unlinked.at(-1)?.id ?? linkedUntil
    if (isStopped) return false
    store.transaction(() => {
      for (const [id, references] of found) store.link(id, references)
    })
    return unlinked.length > 0
  }

  const work = async (): Promise<void> => {
    const touched = new Map<string, Set<string>>()
    do {
      isAsked = false
      while (!isStopped && threadSlice(SLICE) > 0) await turn()
      while (!isStopped && listSlice(SLICE, touched) > 0) await turn()
    } while (!isStopped && ((await linkSlice()) || isAsked))
    if (isStopped) return
    if (emptied >= MANY_EMPTY) {
      emptied = 0
      store.transaction(() => store.forgetEmpty())
    }
    for (const [accountId, folderIds] of touched) {
      emit('mailbox.changed', { accountId, folderIds: [...folderIds] })
    }
  }

  const wake = () => {
    cancelWake?.()
    cancelWake = null
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
    catchUp() {
      const now = clock.now()
      if (isStopped) return
      if (running !== null) {
        isAsked = true
        return
      }
      if (now < notBefore) {
        cancelWake ??= clock.after(notBefore - now, wake)
        return
      }
      const isMore = threadSlice(LITTLE) === LITTLE || listSlice(LITTLE, new Map()) === LITTLE
      notBefore = now + (clock.now() - now) / SHARE
      if (isMore || store.unlinked(linkedUntil, 1).length > 0) wake()
    },
    async settled() {
      if (cancelWake !== null) wake()
      while (running !== null) await running
    },
    async stop() {
      isStopped = true
      cancelWake?.()
      await running
    },
  }
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))
