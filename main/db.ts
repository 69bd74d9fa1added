/**
 * The only door to node:sqlite. Opens a file with the durability it needs, brings it up to date and gives
 * prepared statements and transactions. Refuses a file from a newer version, untouched.
 */

import { type FileHandle, open } from 'node:fs/promises'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { fail, ok, type Problem, type Result } from '../shared/problem.ts'

export type Row = Record<string, unknown>
export type SqlValue = SQLInputValue

export type Db = {
  all(sql: string, ...values: SqlValue[]): Row[]
  get(sql: string, ...values: SqlValue[]): Row | undefined
  run(sql: string, ...values: SqlValue[]): { changes: number; lastId: number }
  /** One BEGIN IMMEDIATE … COMMIT; what throws inside rolls back and is thrown on. Nested calls join the outer one. */
  transaction<T>(work: () => T): T
  /**
   * Like `transaction`, and can be read at once, but is on the disk only when `synced()` resolves. Nothing may be said
   * or done on the strength of it before that.
   */
  transactionUnsynced<T>(work: () => T): T
  /**
   * Resolves when all that was committed before is on the disk. The thread goes on meanwhile, and who waits at the same
   * time waits for one sync. Rejects like a failed commit.
   */
  synced(): Promise<void>
  close(): void
}

export type OpenOptions = {
  /** `full`: a commit is on the disk when it returns. `normal`: a power cut may take the last commits (WAL). */
  durability: 'full' | 'normal'
  /** Append-only: the position in this list is the file's version. */
  migrations: readonly string[]
  isReadOnly?: boolean
}

/** Opens `file` (':memory:' in tests). Answers `database-newer`, `database-corrupt`, `disk-full` or `disk`. */
export function openDatabase(file: string, options: OpenOptions): Result<Db> {
  let database: DatabaseSync | null = null
  try {
    database = new DatabaseSync(file, {
      readOnly: options.isReadOnly ?? false,
      timeout: 5_000,
      enableForeignKeyConstraints: true,
    })
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0)
    if (version > options.migrations.length) {
      database.close()
      return fail({ kind: 'database-newer', file })
    }
    if (!options.isReadOnly) {
      database.exec('PRAGMA journal_mode = WAL')
      database.exec(levelOf(options.durability))
      migrate(database, version, options.migrations)
    }
    return ok(wrap(database, options.durability, createFileSync(file)))
  } catch (error) {
    database?.close()
    return fail(problemOfDbError(error, file))
  }
}

function migrate(database: DatabaseSync, from: number, migrations: readonly string[]): void {
  for (let version = from; version < migrations.length; version += 1) {
    database.exec('BEGIN IMMEDIATE')
    database.exec(migrations[version] as string)
    database.exec(`PRAGMA user_version = ${version + 1}`)
    database.exec('COMMIT')
  }
}

function levelOf(durability: OpenOptions['durability']): string {
  return `PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`
}

function wrap(database: DatabaseSync, durability: OpenOptions['durability'], file: FileSync): Db {
  const statements = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    let statement = statements.get(sql)
    if (statement === undefined) {
      statement = database.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  let depth = 0
  const transaction = <T>(work: () => T): T => {
    if (depth > 0) return work()
    database.exec('BEGIN IMMEDIATE')
    depth += 1
    try {
      const value = work()
      database.exec('COMMIT')
      return value
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    } finally {
      depth -= 1
    }
  }
  return {
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    run(sql, ...values) {
      const { changes, lastInsertRowid } = prepare(sql).run(...values)
      return { changes: Number(changes), lastId: Number(lastInsertRowid) }
    },
    transaction,
    transactionUnsynced(work) {
      if (depth > 0) throw new Error('a commit that another one waits for cannot be put off')
      // In WAL mode this level writes the same bytes and leaves only the sync of the commit to us.
      database.exec(levelOf('normal'))
      try {
        return transaction(work)
      } finally {
        database.exec(levelOf(durability))
        file.isStale = true
      }
    },
    synced: () => file.sync(),
    close() {
      file.close()
      database.close()
    },
  }
}

type FileSync = { isStale: boolean; sync(): Promise<void>; close(): void }

/** Syncs the write-ahead log of a database from a thread of the pool; one sync at a time, for all who wait by then. */
function createFileSync(file: string): FileSync {
  let log: FileHandle | null = null
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let isClosed = false
  let hasBegun = false

  const begin = async (): Promise<void> => {
    hasBegun = false
    // What is committed in this turn of the loop waits for one sync together.
    await new Promise(resolve => setImmediate(resolve))
    hasBegun = true
    state.isStale = false
    try {
      // Closing has brought it all into the file, and synced that.
      if (isClosed) return
      log ??= await open(`${file}-wal`, 'r+')
      await log.datasync()
    } catch (error) {
      state.isStale = true
      const { code } = error as NodeJS.ErrnoException
      const isFull = code === 'ENOSPC' || code === 'EDQUOT'
      throw Object.assign(error as Error, { errcode: isFull ? SQLITE_FULL : SQLITE_IOERR })
    } finally {
      running = null
      if (isClosed) await log?.close()
    }
  }
  const state: FileSync = {
    isStale: false,
    sync() {
      if (file === ':memory:' || (running === null && !state.isStale)) return Promise.resolve()
      if (running === null) {
        running = begin()
        return running
      }
      if (!hasBegun || !state.isStale) return running
      // What runs may have begun too early for the last commit.
      next ??= running
        .catch(() => {})
        .then(() => {
          next = null
          return state.sync()
        })
      return next
    },
    close() {
      isClosed = true
      if (running === null) void log?.close()
    },
  }
  return state
}

const SQLITE_IOERR = 10
const SQLITE_FULL = 13
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26

/** What a thrown SQLite error means. Used at the edges that must answer instead of throw (a failed Send). */
export function problemOfDbError(error: unknown, file: string): Problem {
  const code = (error as { errcode?: number }).errcode
  const primary = code === undefined ? 0 : code & 0xff
  if (primary === SQLITE_FULL) return { kind: 'disk-full' }
  if (primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB) return { kind: 'database-corrupt', file }
  return { kind: 'disk', detail: error instanceof Error ? error.message : String(error) }
}
