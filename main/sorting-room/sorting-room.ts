/**
 * The desk's side of the sorting room: starts the worker, carries commands and events, starts it again when it dies.
 * Knows nothing of mail. A command under way when the worker dies is answered with a Problem, never lost.
 */

import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { Worker } from 'node:worker_threads'
import { fail, type Result } from '../../shared/problem.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import type { AheadWish, IncomingStatus, Receiving, ReceivingAccount } from '../mailbox/receiving.ts'
import { freeze, type Recipe, type Written } from '../mime/recipe.ts'
import type { CountingCommands } from '../people/counting.ts'
import type { ReadingCommands } from '../people/reading.ts'
import type { FromRoom, RoomCommand, RoomStart, ToRoom } from './messages.ts'

export type SortingRoom = {
  /** Opens mail.db in the room. Only after an ok may the desk open it for reading. */
  start(): Promise<Result<true>>
  receiving: Receiving
  /** Freezes a long letter without holding up the desk. */
  freeze(written: Written, now: number): Promise<Recipe>
  people: CountingCommands & ReadingCommands
  /** As last heard. */
  statuses(): IncomingStatus[]
  /** Lets the room close its connections; ends it after five seconds whatever it does. */
  stop(): Promise<void>
}

export type SortingRoomDeps = {
  /** The worker's entry. */
  url: URL
  dataDir: string
  clock: Clock
  emit: Emit
  /** Mails to or from these were counted. */
  onCounted?: (addresses: string[]) => void
  /** An account's folders were looked through to the end. */
  onSynced?: (accountId: string) => void
  /** Told when the worker dies by itself; `detail` holds no secret. */
  onCrash?: (detail: string) => void
}

/** mail.db under the data directory: written by the room alone. */
export function mailDatabaseFile(dataDir: string): string {
  return join(dataDir, 'mail.db')
}

const RESTART_MS = [200, 1_000, 5_000, 30_000] as const
const QUIET_MS = 60_000
const STOP_MS = 5_000

type Waiting = (result: Result<unknown>) => void

export function createSortingRoom(deps: SortingRoomDeps): SortingRoom {
  const { clock, emit } = deps
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let worker: Worker | null = null
  let accounts: ReceivingAccount[] = []
  let ahead: AheadWish | null = null
  let statuses: IncomingStatus[] = []
  let isStopping = false
  let crashes = 0
  let cancelRestart = () => {}
  let startedAt = 0

  const call = <T>(command: RoomCommand, args: unknown[]): Promise<Result<T>> =>
    new Promise(resolve => {
      if (worker === null) return resolve(fail({ kind: 'not-now', what: 'sorting-room' }))
      const id = nextId++
      waiting.set(id, result => resolve(result as Result<T>))
      worker.postMessage({ kind: 'call', id, command, args } satisfies ToRoom)
    })

  const hearStatuses = (now: IncomingStatus[]) => {
    const before = new Map(statuses.map(({ accountId, syncedAt }) => [accountId, syncedAt]))
    statuses = now
    for (const { accountId, syncedAt } of now) {
      if (syncedAt !== null && syncedAt !== before.get(accountId)) deps.onSynced?.(accountId)
    }
  }

  const hear = (message: FromRoom) => {
    switch (message.kind) {
      case 'reply':
        waiting.get(message.id)?.(message.result)
        waiting.delete(message.id)
        return
      case 'event':
        // Counted there and not known here yet: announced once the desk has read it.
        if (message.event.name === 'people.changed') return deps.onCounted?.(message.event.payload.addresses)
        return emit(message.event.name, message.event.payload)
      case 'statuses':
        return hearStatuses(message.statuses)
      case 'opened':
        return
    }
  }

  const onExit = (detail: string) => {
    worker = null
    for (const answer of waiting.values())
      answer(fail({ kind: 'internal', detail: 'the sorting room stopped' }))
    waiting.clear()
    if (isStopping) return
    deps.onCrash?.(detail)
    if (clock.now() - startedAt > QUIET_MS) crashes = 0
    const delay = RESTART_MS[Math.min(crashes, RESTART_MS.length - 1)] as number
    crashes += 1
    cancelRestart = clock.after(delay, () => {
      void open().then(async opened => {
        if (!opened.ok) return
        if (ahead !== null) await call('fetchAhead', [ahead])
        await call('setAccounts', [accounts])
      })
    })
  }

  const open = (): Promise<Result<true>> =>
    new Promise(resolve => {
      startedAt = clock.now()
      const workerData: RoomStart = { dataDir: deps.dataDir, caCertificates: trustedCertificates() }
      const started = new Worker(deps.url, { workerData, name: 'sorting-room' })
      worker = started
      let detail = 'the worker ended'
      started.on('message', (message: FromRoom) => {
        if (message.kind === 'opened') resolve(message.result)
        hear(message)
      })
      started.on('error', error => {
        detail = error instanceof Error ? error.message : String(error)
      })
      started.on('exit', () => {
        resolve(fail({ kind: 'internal', detail }))
        if (worker === started) onExit(detail)
      })
    })

  return {
    start: open,
    receiving: {
      setAccounts(list) {
        accounts = list
        return call('setAccounts', [list])
      },
      removeAccount(accountId) {
        accounts = accounts.filter(entry => entry.account.id !== accountId)
        return call('removeAccount', [accountId])
      },
      refresh: accountId => call('refresh', [accountId]),
      fetchAhead(wish) {
        ahead = wish
        return call('fetchAhead', [wish])
      },
      read: messageId => call('read', [messageId]),
      source: (messageId, limit) => call('source', [messageId, limit]),
      bytes: messageId => call('bytes', [messageId]),
      attachment: (messageId, partId) => call('attachment', [messageId, partId]),
      setFlags: (messageIds, wish) => call('setFlags', [messageIds, wish]),
      markRead: place => call('markRead', [place]),
      remove: messageIds => call('remove', [messageIds]),
      undo: undoId => call('undo', [undoId]),
      createFolder: (accountId, parentId, name) => call('createFolder', [accountId, parentId, name]),
      renameFolder: (folderId, name) => call('renameFolder', [folderId, name]),
      removeFolder: folderId => call('removeFolder', [folderId]),
      subscribe: (folderId, isSubscribed) => call('subscribe', [folderId, isSubscribed]),
      stopFetching: accountId => call('stopFetching', [accountId]),
      quote: messageId => call('quote', [messageId]),
      remotePictures: messageId => call('remotePictures', [messageId]),
      takeFiles: (messageId, wanted) => call('takeFiles', [messageId, wanted]),
      searchServers: (query, folderIds, limit) => call('searchServers', [query, folderIds, limit]),
      move: (messageIds, target) => call('move', [messageIds, target]),
      fileSentCopy: copy => call('fileSentCopy', [copy]),
      keepDraftCopy: copy => call('keepDraftCopy', [copy]),
      findSentCopy: copy => call('findSentCopy', [copy]),
    },
    async freeze(written, now) {
      const frozen = await call<Recipe>('freeze', [written, now])
      // A mail does not wait for a room that is being started again.
      return frozen.ok ? frozen.value : freeze(written, now)
    },
    people: {
      countHandedOver: mails => call('countHandedOver', [mails]),
      readContacts: path => call('readContacts', [path]),
      readTable: from => call('readTable', [from]),
      readContactsPage: (readId, offset, limit) => call('readContactsPage', [readId, offset, limit]),
    },
    statuses: () => statuses,
    async stop() {
      isStopping = true
      cancelRestart()
      const ending = worker
      if (ending === null) return
      await new Promise<void>(resolve => {
        const cancel = clock.after(STOP_MS, () => void ending.terminate())
        ending.once('exit', () => {
          cancel()
          resolve()
        })
        ending.postMessage({ kind: 'stop' } satisfies ToRoom)
      })
    },
  }
}

function trustedCertificates(): string[] {
  try {
    return getCACertificates('default')
  } catch {
    // An embedder's Node may not have it; the worker then keeps its own list.
    return []
  }
}
