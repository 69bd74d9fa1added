/**
 * The entry of the sorting room's thread: opens mail.db for writing, runs `receiving` and answers the desk.
 * Refuses commands that are not in the list; a thrown bug is answered, not fatal. Writes no log.
 */

import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setDefaultCACertificates } from 'node:tls'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { AnyEvent } from '../../shared/api.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Db, openDatabase } from '../db.ts'
import { createSpool } from '../drafts/spool.ts'
import type { Emit } from '../events.ts'
import { systemClock } from '../host.ts'
import { createReceiving, type ReceivingHere } from '../mailbox/receiving.ts'
import { problemOfWriting, type Recipe, writeMail } from '../mime/write-mail.ts'
import { mailMigrations } from '../schema.ts'
import { type FromRoom, ROOM_COMMANDS, type RoomCommand, type RoomStart, type ToRoom } from './messages.ts'

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
  if (!opened.ok) {
    say({ kind: 'opened', result: opened })
    return port.close()
  }
  const emit: Emit = (name, payload) => {
    if (name === 'status.changed') say({ kind: 'statuses', statuses: receiving.statuses() })
    say({ kind: 'event', event: { name, payload } as AnyEvent })
  }
  const receiving = createReceiving({
    db: opened.value,
    packsDir: join(dataDir, 'packs'),
    clock: systemClock,
    emit,
    writeSentCopy: createCopyWriter(createSpool(join(dataDir, 'spool')).pathOf),
  })
  say({ kind: 'opened', result: ok(true as const) })
  port.on('message', (message: ToRoom) => {
    if (message.kind === 'call') {
      void answer(receiving, message.command, message.args).then(result =>
        say({ kind: 'reply', id: message.id, result }),
      )
      return
    }
    void receiving.stop().then(() => {
      opened.value.close()
      port.close()
    })
  })
}

async function answer(
  receiving: ReceivingHere,
  command: RoomCommand,
  args: unknown[],
): Promise<Result<unknown>> {
  if (!ROOM_COMMANDS.includes(command)) return fail({ kind: 'invalid', field: 'command', reason: 'unknown' })
  try {
    return await (receiving[command] as Command)(...args)
  } catch (error) {
    return fail({ kind: 'internal', detail: error instanceof Error ? error.message : String(error) })
  }
}

function createCopyWriter(openPath: (sha256: string) => string) {
  return async (recipe: Recipe): Promise<Result<Buffer>> => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of writeMail(recipe, { for: 'sent-copy', openPath })) chunks.push(chunk)
      return ok(Buffer.concat(chunks))
    } catch (error) {
      return fail(problemOfWriting(error))
    }
  }
}

if (parentPort !== null) runRoom(parentPort, workerData as RoomStart)
