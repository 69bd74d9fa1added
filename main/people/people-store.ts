/** SQL of what only the person knows of people (tables of desk.db): imports, groups, failures, what is forgotten. */

import { addressKey } from '../../shared/address.ts'
import type { Address, Group } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'

/** Kept by hand or by an import. */
export type Contact = { key: string; address: Address; reading: string }

/** What stands against suggesting an address. Times in epoch ms. */
export type Reservations = { forgottenAt: number | null; failedAt: number | null }

export type PeopleStore = ReturnType<typeof createPeopleStore>

/** Contacts of imports that are complete, and those written by hand (0). */
const COMPLETE = `(import_id = 0 OR import_id IN (SELECT id FROM contact_import WHERE committed_at IS NOT NULL))`

export function createPeopleStore(db: Db) {
  return {
    ...contactPart(db),
    ...groupPart(db),

    reservations(key: string): Reservations {
      const forgotten = db.get('SELECT forgotten_at FROM forgotten_address WHERE address_key = ?', key)
      const failed = db.get('SELECT failed_at FROM failed_address WHERE address_key = ?', key)
      return {
        forgottenAt: forgotten === undefined ? null : Number(forgotten.forgotten_at),
        failedAt: failed === undefined ? null : Number(failed.failed_at),
      }
    },
    forget(key: string, at: number): void {
      db.transaction(() => {
        db.run('DELETE FROM contact WHERE address_key = ?', key)
        db.run(
          `INSERT INTO forgotten_address (address_key, forgotten_at) VALUES (?1, ?2)
           ON CONFLICT (address_key) DO UPDATE SET forgotten_at = ?2`,
          key,
          at,
        )
      })
    },
    setFailed(key: string, at: number): void {
      db.run(
        `INSERT INTO failed_address (address_key, failed_at) VALUES (?1, ?2)
         ON CONFLICT (address_key) DO UPDATE SET failed_at = max(failed_at, ?2)`,
        key,
        at,
      )
    },
  }
}

function contactPart(db: Db) {
  return {
    /** The newest word on this address wins, and what was written by hand over every import. */
    contact(key: string): Contact | null {
      const row = db.get(
        `SELECT * FROM contact WHERE address_key = ? AND ${COMPLETE}
         ORDER BY import_id = 0 DESC, import_id DESC LIMIT 1`,
        key,
      )
      return row === undefined ? null : toContact(row)
    },
    /** By hand: wins over every import. */
    keep(address: Address, reading: string): void {
      insertContact(db, 0, { address, reading })
    },
    /** An import is nowhere to be seen before it is committed: all of it comes at once, or nothing. */
    beginImport: (at: number): number =>
      db.run('INSERT INTO contact_import (begun_at) VALUES (?)', at).lastId,
    addToImport(importId: number, contacts: readonly { address: Address; reading: string }[]): void {
      db.transaction(() => {
        for (const contact of contacts) insertContact(db, importId, contact)
      })
    },
    commitImport(importId: number, at: number): void {
      db.run('UPDATE contact_import SET committed_at = ? WHERE id = ?', at, importId)
    },
    /** Some of what imports left behind that never came to their end; false where nothing is left. */
    clearSomeUnfinished(limit: number): boolean {
      const { changes } = db.run(
        `DELETE FROM contact WHERE (address_key, import_id) IN (
           SELECT address_key, import_id FROM contact
           WHERE import_id IN (SELECT id FROM contact_import WHERE committed_at IS NULL) LIMIT ?)`,
        limit,
      )
      if (changes === 0) db.run('DELETE FROM contact_import WHERE committed_at IS NULL')
      return changes > 0
    },
    /** Every key after this one, in order, once. */
    contactKeysAfter(key: string, limit: number): string[] {
      return db
        .all(
          `SELECT DISTINCT address_key FROM contact WHERE address_key > ? AND ${COMPLETE}
           ORDER BY address_key LIMIT ?`,
          key,
          limit,
        )
        .map(row => String(row.address_key))
    },
  }
}

function insertContact(db: Db, importId: number, contact: { address: Address; reading: string }): void {
  const { address, reading } = contact
  const key = addressKey(address.address)
  db.run(
    `INSERT INTO contact (address_key, import_id, address, name, reading) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (address_key, import_id) DO UPDATE SET address = ?3, name = ?4, reading = ?5`,
    key,
    importId,
    address.address,
    address.name,
    reading,
  )
  // Whoever is kept is not forgotten any more.
  if (importId === 0) db.run('DELETE FROM forgotten_address WHERE address_key = ?', key)
}

function groupPart(db: Db) {
  const membersOf = (groupId: string): Address[] =>
    db
      .all('SELECT name, address FROM people_group_member WHERE group_id = ? ORDER BY position', groupId)
      .map(row => ({ name: String(row.name), address: String(row.address) }))
  return {
    /** In the order of their names. */
    groups: (): Group[] =>
      db
        .all('SELECT id, name FROM people_group ORDER BY name COLLATE NOCASE, id')
        .map(row => ({ id: String(row.id), name: String(row.name), members: membersOf(String(row.id)) })),
    saveGroup({ id, name, members }: Group, at: number): void {
      db.transaction(() => {
        db.run(
          `INSERT INTO people_group (id, name, changed_at) VALUES (?1, ?2, ?3)
           ON CONFLICT (id) DO UPDATE SET name = ?2, changed_at = ?3`,
          id,
          name,
          at,
        )
        db.run('DELETE FROM people_group_member WHERE group_id = ?', id)
        for (const [position, member] of members.entries()) {
          db.run(
            `INSERT INTO people_group_member (group_id, position, address_key, address, name)
             VALUES (?, ?, ?, ?, ?)`,
            id,
            position,
            addressKey(member.address),
            member.address,
            member.name,
          )
        }
      })
    },
    removeGroup: (groupId: string): boolean =>
      db.run('DELETE FROM people_group WHERE id = ?', groupId).changes > 0,
    isInGroup: (key: string): boolean =>
      db.get('SELECT 1 FROM people_group_member WHERE address_key = ? LIMIT 1', key) !== undefined,
  }
}

function toContact(row: Row): Contact {
  return {
    key: String(row.address_key),
    address: { name: String(row.name), address: String(row.address) },
    reading: String(row.reading),
  }
}
