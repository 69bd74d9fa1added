/**
 * The only door to node:sqlite. Opens a file with the durability it needs, brings it up to date and gives
 * prepared statements and transactions. Refuses a file from a newer version, untouched.
 */

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
      database.exec(`PRAGMA synchronous = ${options.durability === 'full' ? 'FULL' : 'NORMAL'}`)
      migrate(database, version, options.migrations)
    }
    return ok(wrap(database))
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

function wrap(database: DatabaseSync): Db {
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
  return {
    all: (sql, ...values) => prepare(sql).all(...values) as Row[],
    get: (sql, ...values) => prepare(sql).get(...values) as Row | undefined,
    run(sql, ...values) {
      const { changes, lastInsertRowid } = prepare(sql).run(...values)
      return { changes: Number(changes), lastId: Number(lastInsertRowid) }
    },
    transaction(work) {
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
    },
    close: () => database.close(),
  }
}

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
