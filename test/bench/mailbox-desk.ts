// The receiving half of the program, as the app wires it: the sorting room in its thread, the desk reading mail.db in
// this one. Each step is waited for by the events that the page gets too.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Db, openDatabase } from '../../main/db.ts'
import { systemClock } from '../../main/host.ts'
import { createMailbox, type Mailbox } from '../../main/mailbox/mailbox.ts'
import { mailMigrations } from '../../main/schema.ts'
import {
  createSortingRoom,
  mailDatabaseFile,
  type SortingRoom,
} from '../../main/sorting-room/sorting-room.ts'
import type { Account } from '../../shared/model.ts'
import { ok, type Result } from '../../shared/problem.ts'
import { STALL_FILE } from './stall-file.ts'

export type Desk = {
  room: SortingRoom
  mailbox: Mailbox
  db: Db
  /** Starts receiving. The clock starts here. */
  receive(account: Account, password: string): Promise<void>
  /** Ms since `receive` when the look first answered yes; asked after each event of the room. */
  until(look: () => boolean): Promise<number>
  /** Closes all of it. */
  stop(): Promise<{ deskStallMs: number; roomStallMs: number; mostMiB: number }>
}

const GIVEN_UP_MS = 600_000

export async function openDesk(dataDir: string): Promise<Desk> {
  const lookers = new Set<() => void>()
  const room = createSortingRoom({
    url: new URL('./mailbox-room.ts', import.meta.url),
    dataDir,
    clock: systemClock,
    emit: () => setImmediate(() => lookers.forEach(look => void look())),
    onSynced: () => setImmediate(() => lookers.forEach(look => void look())),
  })
  must(await room.start())
  // Answered once its libraries are loaded: the start of the program is no part of what is measured.
  must(await room.receiving.refresh(null))
  const db = must(
    openDatabase(mailDatabaseFile(dataDir), {
      durability: 'normal',
      migrations: mailMigrations,
      isReadOnly: true,
    }),
  )
  const mailbox = createMailbox({
    db,
    room: room.receiving,
    saveAs: async () => null,
    outboxItemOf: () => null,
    accountOf: () => null,
  })
  let startedAt = 0
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let most = 0
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  return {
    room,
    mailbox,
    db,
    async receive(account, password) {
      delay.enable()
      startedAt = performance.now()
      // Everything is fetched, as by mbsync.
      must(await room.receiving.fetchAhead({ days: null, isHeld: false }))
      must(
        await room.receiving.setAccounts([
          { account, credentials: ok({ user: account.incoming.user, password }) },
        ]),
      )
    },
    until: look =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not in time: ${JSON.stringify(room.statuses())}`)),
          GIVEN_UP_MS,
        )
        const again = () => {
          if (!look()) return
          lookers.delete(again)
          clearTimeout(late)
          resolve(performance.now() - startedAt)
        }
        lookers.add(again)
        again()
      }),
    async stop() {
      delay.disable()
      clearInterval(sampler)
      await room.stop()
      db.close()
      return {
        deskStallMs: delay.max / 1e6,
        roomStallMs: Number(readFileSync(join(dataDir, STALL_FILE), 'utf8')),
        mostMiB: most / 2 ** 20,
      }
    },
  }
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}
