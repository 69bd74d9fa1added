/**
 * What each account's submission server said it can do, in its last EHLO, kept over restarts: the composer's meter and
 * questions come from here. Refuses to decide: a server that was never met forbids nothing.
 */

import type { ServerAbilities, ServerSettings } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Db, Row } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { offers, recipientLimit, sizeLimit } from './conversation.ts'

export type Abilities = ReturnType<typeof createAbilities>

/** `settingsOf` gives the account's server as it is now: what another server said does not count. */
export function createAbilities(deps: {
  db: Db
  clock: Clock
  emit: Emit
  settingsOf: (accountId: string) => ServerSettings | null
}) {
  const { db, clock, emit, settingsOf } = deps

  const get = (accountId: string): ServerAbilities | null => {
    const settings = settingsOf(accountId)
    if (settings === null) return null
    const row = db.get(
      'SELECT extensions, seen_at FROM server_abilities WHERE account_id = ? AND server = ?',
      accountId,
      nameOf(settings),
    )
    return row === undefined ? null : abilitiesOf(extensionsOf(row), Number(row.seen_at))
  }

  return {
    get,

    /** After each EHLO; writes only what is new, as a commit per mail would be one too many. */
    learn(accountId: string, settings: ServerSettings, extensions: readonly string[]): void {
      const said = JSON.stringify(extensions)
      const { changes } = db.run(
        `INSERT INTO server_abilities (account_id, server, extensions, seen_at)
         SELECT id, ?2, ?3, ?4 FROM account WHERE id = ?1
         ON CONFLICT (account_id) DO UPDATE SET server = ?2, extensions = ?3, seen_at = ?4
           WHERE server <> ?2 OR extensions <> ?3`,
        accountId,
        nameOf(settings),
        said,
        clock.now(),
      )
      if (changes > 0) emit('accounts.changed', { accountIds: [accountId] })
    },

    /** Whether the server is known to take a mail of so many bytes, as encoded; `too-big` where it is known not to. */
    fitsServer(accountId: string, bytes: number): Result<true> {
      const limit = get(accountId)?.size ?? null
      return limit !== null && bytes > limit ? fail({ kind: 'too-big', bytes, limit }) : ok(true)
    },
  }
}

function nameOf({ host, port }: ServerSettings): string {
  return `${host.toLowerCase()}:${port}`
}

function extensionsOf(row: Row): string[] {
  const list: unknown = JSON.parse(String(row.extensions))
  return Array.isArray(list) ? list.filter(line => typeof line === 'string') : []
}

/** The lines of an EHLO reply after its first, as facts (RFC 1870, 6152, 6531, 3461, 8689, 2920, 9422). */
export function abilitiesOf(extensions: readonly string[], seenAt: number): ServerAbilities {
  const limits = extensions.find(line => /^LIMITS /i.test(line)) ?? ''
  return {
    seenAt,
    size: sizeLimit(extensions),
    isEightBit: offers(extensions, '8BITMIME'),
    hasSmtputf8: offers(extensions, 'SMTPUTF8'),
    hasDsn: offers(extensions, 'DSN'),
    hasRequireTls: offers(extensions, 'REQUIRETLS'),
    hasPipelining: offers(extensions, 'PIPELINING'),
    mostRecipients: recipientLimit(extensions),
    mostMails: Number(/\bMAILMAX=(\d{1,6})\b/i.exec(limits)?.[1] ?? 0) || null,
  }
}

export function abilityCalls(abilities: Abilities): Calls<'accounts.abilities'> {
  return {
    'accounts.abilities': { args: z.tuple([z.string()]), run: accountId => ok(abilities.get(accountId)) },
  }
}
