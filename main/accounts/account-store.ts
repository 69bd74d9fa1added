/** Owns the table account. Private to accounts.ts; never sees a password. */

import type { Account, SentCopyPolicy } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'

export type AccountStore = ReturnType<typeof createAccountStore>

type StoredSettings = Omit<Account, 'id' | 'sentCopy'>

export function createAccountStore(db: Db) {
  return {
    list(): Account[] {
      return db.all('SELECT * FROM account ORDER BY position, created_at').map(accountOf)
    },

    get(accountId: string): Account | null {
      const row = db.get('SELECT * FROM account WHERE id = ?', accountId)
      return row === undefined ? null : accountOf(row)
    },

    insert(account: Account, createdAt: number): void {
      db.run(
        `INSERT INTO account (id, position, settings, sent_copy, created_at)
         VALUES (?, (SELECT coalesce(max(position), 0) + 1 FROM account), ?, ?, ?)`,
        account.id,
        settingsJson(account),
        account.sentCopy,
        createdAt,
      )
    },

    update(account: Account): void {
      db.run(
        'UPDATE account SET settings = ?, sent_copy = ? WHERE id = ?',
        settingsJson(account),
        account.sentCopy,
        account.id,
      )
    },

    setSentCopy(accountId: string, policy: SentCopyPolicy): boolean {
      const sql = 'UPDATE account SET sent_copy = ? WHERE id = ? AND sent_copy <> ?'
      return db.run(sql, policy, accountId, policy).changes === 1
    },

    remove(accountId: string): boolean {
      return db.run('DELETE FROM account WHERE id = ?', accountId).changes === 1
    },
  }
}

function settingsJson({
  label,
  color,
  identity,
  smtp,
  incoming,
  isPractice,
  pace,
  identities,
}: Account): string {
  const stored: StoredSettings = {
    label,
    color,
    identity,
    smtp,
    incoming,
    isPractice,
    ...(pace === undefined ? {} : { pace }),
    ...(identities === undefined ? {} : { identities }),
  }
  return JSON.stringify(stored)
}

function accountOf(row: Row): Account {
  return {
    ...(JSON.parse(String(row.settings)) as StoredSettings),
    id: String(row.id),
    sentCopy: String(row.sent_copy) as SentCopyPolicy,
  }
}
