import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase, problemOfDbError } from '../../main/db.ts'
import { deskMigrations, mailMigrations } from '../../main/schema.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-db-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const FULL = 2
const NORMAL = 1
const table = 'CREATE TABLE letter (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;'

function open(name: string, migrations: readonly string[], durability: 'full' | 'normal' = 'full'): Db {
  const opened = openDatabase(join(folder, name), { durability, migrations })
  if (!opened.ok) throw new Error(opened.problem.kind)
  return opened.value
}

test('the outbox file is opened so that a commit is on the disk when it returns', () => {
  const desk = open('desk.db', deskMigrations)
  expect(desk.get('PRAGMA synchronous')?.synchronous).toBe(FULL)
  expect(desk.get('PRAGMA journal_mode')?.journal_mode).toBe('wal')
  desk.close()
  const mail = open('mail.db', mailMigrations, 'normal')
  expect(mail.get('PRAGMA synchronous')?.synchronous).toBe(NORMAL)
  mail.close()
})

test('migrations are applied once, in order, and remembered', () => {
  open('a.db', [table]).close()
  const again = open('a.db', [table, "INSERT INTO letter (text) VALUES ('second');"])
  expect(again.all('SELECT text FROM letter')).toEqual([{ text: 'second' }])
  again.close()
  const third = open('a.db', [table, "INSERT INTO letter (text) VALUES ('second');"])
  expect(third.all('SELECT text FROM letter')).toHaveLength(1)
  third.close()
})

test('a file from a newer version is refused and left as it is', () => {
  open('a.db', [table, "INSERT INTO letter (text) VALUES ('kept');"]).close()
  const opened = openDatabase(join(folder, 'a.db'), { durability: 'full', migrations: [table] })
  expect(opened).toMatchObject({ ok: false, problem: { kind: 'database-newer' } })
  const still = open('a.db', [table, "INSERT INTO letter (text) VALUES ('kept');"])
  expect(still.all('SELECT text FROM letter')).toEqual([{ text: 'kept' }])
  still.close()
})

test('a file that is no database answers that it is corrupt', () => {
  writeFileSync(join(folder, 'a.db'), 'this is a letter, not a database. '.repeat(200))
  const opened = openDatabase(join(folder, 'a.db'), { durability: 'full', migrations: [table] })
  expect(opened).toMatchObject({ ok: false, problem: { kind: 'database-corrupt' } })
})

test('what throws inside a transaction leaves nothing behind, and a nested one joins the outer', () => {
  const db = open('a.db', [table])
  expect(() =>
    db.transaction(() => {
      db.run('INSERT INTO letter (text) VALUES (?)', 'outer')
      db.transaction(() => db.run('INSERT INTO letter (text) VALUES (?)', 'inner'))
      throw new Error('power cut')
    }),
  ).toThrow('power cut')
  expect(db.all('SELECT * FROM letter')).toEqual([])
  db.transaction(() => db.run('INSERT INTO letter (text) VALUES (?)', 'whole'))
  expect(db.all('SELECT text FROM letter')).toEqual([{ text: 'whole' }])
  db.close()
})

test('a full disk is named as such', () => {
  const db = open('a.db', [table])
  db.get('PRAGMA max_page_count = 4')
  let thrown: unknown
  try {
    db.transaction(() => {
      for (let line = 0; line < 100; line += 1)
        db.run('INSERT INTO letter (text) VALUES (?)', 'x'.repeat(1000))
    })
  } catch (error) {
    thrown = error
  }
  expect(problemOfDbError(thrown, 'a.db')).toEqual({ kind: 'disk-full' })
  expect(db.all('SELECT * FROM letter')).toEqual([])
  db.close()
})

test('what is committed unsynced can be read at once, and who waits together waits for one sync', async () => {
  const db = open('a.db', [table])
  const write = (text: string) =>
    db.transactionUnsynced(() => db.run('INSERT INTO letter (text) VALUES (?)', text))
  write('one')
  expect(db.all('SELECT text FROM letter')).toEqual([{ text: 'one' }])
  const first = db.synced()
  write('in the same turn')
  expect(db.synced()).toBe(first)
  await new Promise(resolve => setImmediate(resolve))
  // Now it may have begun before this.
  write('two')
  const [second, third] = [db.synced(), db.synced()]
  expect(second).not.toBe(first)
  expect(third).toBe(second)
  await Promise.all([first, second])
  // Every other commit is as durable as before.
  expect(db.get('PRAGMA synchronous')?.synchronous).toBe(FULL)
  expect(() => db.transaction(() => write('three'))).toThrow(/put off/)
  db.close()
  const again = open('a.db', [table])
  expect(again.all('SELECT text FROM letter')).toEqual([
    { text: 'one' },
    { text: 'in the same turn' },
    { text: 'two' },
  ])
  again.close()
})

test('a commit that is put off and fails leaves nothing behind, and the next one is synced again', () => {
  const db = open('a.db', [table])
  expect(() =>
    db.transactionUnsynced(() => {
      db.run("INSERT INTO letter (text) VALUES ('half')")
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(db.all('SELECT text FROM letter')).toEqual([])
  expect(db.get('PRAGMA synchronous')?.synchronous).toBe(FULL)
  db.close()
})
