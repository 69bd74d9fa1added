/**
 * The entry of the sorting room's thread: opens mail.db for writing, runs `receiving` and answers the desk.
 * Refuses commands that are not in the list; a thrown bug is answered, not fatal. Writes no log.
 */

import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { AnyEvent } from '../../shared/api.ts'
import { identitiesOf } from '../../shared/identity.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, openDatabase } from '../db.ts'
import type { Emit } from '../events.ts'
import { systemClock } from '../host.ts'
import type { Recipe } from '../mime/recipe.ts'
import { mailMigrations } from '../schema.ts'
import {
  type FromRoom,
  type FromSearch,
  type ReadingStart,
  ROOM_COMMANDS,
  type RoomCommand,
  type RoomStart,
  type RoomWork,
  type SearchStart,
  type ToReading,
  type ToRoom,
  type ToSearch,
} from './messages.ts'

type Command = (...args: unknown[]) => Promise<Result<unknown>>

/** A damaged mail.db is put aside and built anew: nearly all of it can be fetched again, and the packs stay. */
function openMailDatabase(dataDir: string): Result<Db> {
  const file = join(dataDir, 'mail.db')
  const opened = openDatabase(file, { durability: 'normal', migrations: mailMigrations })
  if (opened.ok || opened.problem.kind !== 'database-corrupt') return opened
  for (const ending of ['', '-wal', '-shm']) {
    try {
      renameSync(file + ending, `${file}.damaged-${Date.now()}${ending}`)
    } catch {
      // There is not always a WAL.
    }
  }
  return openDatabase(file, { durability: 'normal', migrations: mailMigrations })
}

function runRoom(port: MessagePort, { dataDir, caCertificates }: RoomStart): void {
  const say = (message: FromRoom) => port.postMessage(message)
  if (caCertificates.length > 0) setDefaultCACertificates(caCertificates)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const opened = openMailDatabase(dataDir)
  say({ kind: 'opened', result: opened.ok ? ok(true as const) : opened })
  if (!opened.ok) return port.close()
  // The window waits for the database, not for the libraries of the protocols: those are loaded after the answer.
  const work = startWork(opened.value, dataDir, say)
  port.on('message', async (message: ToRoom) => {
    if (message.kind === 'call') {
      const result = await answer(await work, message.command, message.args)
      return say({ kind: 'reply', id: message.id, result })
    }
    await (await work).stop()
    opened.value.close()
    port.close()
  })
}

type Work = RoomWork & { stop(): Promise<void> }

async function startWork(db: Db, dataDir: string, say: (message: FromRoom) => void): Promise<Work> {
  const [
    { createReceiving },
    { createSearchIndex },
    { createThreads },
    { createCounting },
    { createReading },
    { createSpool },
    { createReadingThread },
  ] = await Promise.all([
    import('../mailbox/receiving.ts'),
    import('../mailbox/search-index.ts'),
    import('../mailbox/threads.ts'),
    import('../people/counting.ts'),
    import('../people/reading.ts'),
    import('../drafts/spool.ts'),
    import('./reading-thread.ts'),
  ])
  const emit: Emit = (name, payload) => {
    if (name === 'status.changed') say({ kind: 'statuses', statuses: receiving.statuses() })
    if (name === 'mailbox.changed') counting.wake()
    if (name === 'mailbox.changed' || name === 'message.changed') {
      // First, so that the page finds the conversations as they are now.
      threads.catchUp()
      index.wake()
    }
    say({ kind: 'event', event: { name, payload } as AnyEvent })
  }
  const counting = createCounting({ db, emit })
  const index = createSearchIndex({
    db,
    packsDir: join(dataDir, 'packs'),
    emit,
    isBusy: () => receiving.isFetching(),
  })
  const threads = createThreads({ db, packsDir: join(dataDir, 'packs'), emit })
  const spool = createSpool(join(dataDir, 'spool'))
  const reader = createReadingThread({ url: new URL(import.meta.url), clock: systemClock })
  const receiving = createReceiving({
    db,
    reader,
    packsDir: join(dataDir, 'packs'),
    clock: systemClock,
    emit,
    writeSentCopy: createCopyWriter(spool.pathOf),
    spoolFile: (name, type, bytes) => spool.put(name, type, bytes),
  })
  return {
    ...receiving,
    setAccounts(accounts) {
      counting.setOwnAddresses(
        accounts.flatMap(({ account }) => identitiesOf(account).map(own => own.address)),
      )
      counting.wake()
      index.wake()
      threads.catchUp()
      return receiving.setAccounts(accounts)
    },
    countHandedOver: counting.countHandedOver,
    async freeze(written, now) {
      const { freeze } = await import('../mime/recipe.ts')
      return ok(freeze(written, now))
    },
    ...createReading(),
    async stop() {
      counting.stop()
      await Promise.all([index.stop(), threads.stop()])
      await receiving.stop()
      await reader.stop()
    },
  }
}

async function answer(work: RoomWork, command: RoomCommand, args: unknown[]): Promise<Result<unknown>> {
  if (!ROOM_COMMANDS.includes(command)) return fail({ kind: 'invalid', field: 'command', reason: 'unknown' })
  try {
    return await (work[command] as Command)(...args)
  } catch (error) {
    return fail({ kind: 'internal', detail: error instanceof Error ? error.message : String(error) })
  }
}

function createCopyWriter(openPath: (sha256: string) => string) {
  return async (recipe: Recipe): Promise<Result<Buffer>> => {
    const { problemOfWriting, writeMail } = await import('../mime/write-mail.ts')
    try {
      const chunks: Buffer[] = []
      for await (const chunk of writeMail(recipe, { for: 'sent-copy', openPath })) chunks.push(chunk)
      return ok(Buffer.concat(chunks))
    } catch (error) {
      return fail(problemOfWriting(error))
    }
  }
}

/** The other thread that begins here: it reads mail.db, and writes nothing. */
async function runSearch(port: MessagePort, { dataDir }: SearchStart): Promise<void> {
  const [{ createSearchReader }, { answerSearch }] = await Promise.all([
    import('../mailbox/search-reader.ts'),
    import('./search-thread.ts'),
  ])
  const opened = openDatabase(join(dataDir, 'mail.db'), {
    durability: 'normal',
    migrations: mailMigrations,
    isReadOnly: true,
  })
  const reader = opened.ok ? createSearchReader(opened.value, join(dataDir, 'packs')) : null
  port.on('message', async (asked: ToSearch) => {
    const answer = reader === null ? { result: opened } : await answerSearch(reader, asked)
    port.postMessage(answer satisfies FromSearch)
  })
}

/** And the thread that reads whole mails, begun by the room: it sees no disk and no server. */
async function runReading(port: MessagePort): Promise<void> {
  const { answerReading } = await import('./reading-thread.ts')
  port.on('message', async (asked: ToReading) => port.postMessage(await answerReading(asked)))
}

if (parentPort !== null) {
  const start = workerData as RoomStart | SearchStart | ReadingStart
  if ('part' in start) void (start.part === 'search' ? runSearch(parentPort, start) : runReading(parentPort))
  else runRoom(parentPort, start)
}
