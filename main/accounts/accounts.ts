/**
 * Owns who the person is: accounts with their servers, and the way to their passwords (only through `secrets`).
 * Refuses to keep half an account: settings and passwords are saved together or not at all.
 */

import { randomUUID } from 'node:crypto'
import {
  ACCOUNT_COLORS,
  type Account,
  type AccountInput,
  type Identity,
  type RemovalPreview,
  SENT_COPY_POLICIES,
  type SentCopyPolicy,
} from '../../shared/model.ts'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock, Secrets } from '../host.ts'
import { checkAccountInput, checkIdentities } from './account-check.ts'
import { createAccountStore } from './account-store.ts'
import { type AccountChecks, createAccountChecks } from './check.ts'

export type ServerName = 'smtp' | 'incoming'
export type Credentials = { user: string; password: string }

/** What other rooms hold for an account; app.ts joins them. */
export type Belongings = {
  count(accountId: string): RemovalPreview
  /** Inside the transaction that removes the account. */
  removeWithin(accountId: string): void
}

export type AccountsDeps = {
  db: Db
  secrets: Secrets
  emit: Emit
  clock: Clock
  belongings: Belongings
}

export type Accounts = {
  /** In the order they were made. */
  list(): Account[]
  get(accountId: string): Account | null
  save(input: AccountInput): Result<Account>
  /** Saves the practice account: a new one, or the one from last time on its new ports. */
  savePractice(input: AccountInput): Result<Account>
  /** All identities of the account in their order. */
  saveIdentities(accountId: string, identities: Identity[]): Result<Account>
  removalPreview(accountId: string): Result<RemovalPreview>
  /** Answers what was deleted. */
  remove(accountId: string): Result<RemovalPreview>
  /** `password-missing` where none is kept; incoming without a password of its own uses the one for sending. */
  credentials(accountId: string, server: ServerName): Result<Credentials>
  /** What the form would use: the typed password, else the stored one. */
  credentialsOf(input: AccountInput, server: ServerName): Result<Credentials>
  learnSentCopy(accountId: string, policy: SentCopyPolicy): void
  /** The stage-by-stage check of a form's servers. */
  checks: AccountChecks
  /** Ends what checks are running. */
  close(): void
}

export function createAccounts(deps: AccountsDeps): Accounts {
  const { db, secrets, emit, clock, belongings } = deps
  const store = createAccountStore(db)
  const announce = (accountId: string) => emit('accounts.changed', { accountIds: [accountId] })

  const stored = (accountId: string, server: ServerName): Result<string | null> => {
    const own = secrets.get(secretKey(accountId, server))
    if (!own.ok || own.value !== null || server === 'smtp') return own
    return secrets.get(secretKey(accountId, 'smtp'))
  }

  const keep = (input: AccountInput, isPractice: boolean): Result<Account> => {
    const checked = checkAccountInput(input)
    if (!checked.ok) return checked
    const { id, passwords, ...settings } = checked.value
    const before = id === null ? null : store.get(id)
    if (id !== null && before === null) return fail({ kind: 'not-found', what: 'account' })
    const account: Account = {
      ...settings,
      id: id ?? randomUUID(),
      // Of our own practice server we know it.
      sentCopy: settings.sentCopy ?? before?.sentCopy ?? (isPractice ? 'we-file-it' : 'unknown'),
      pace: settings.pace ?? before?.pace,
      isPractice: before?.isPractice ?? isPractice,
      ...(before?.identities === undefined ? {} : { identities: before.identities }),
    }
    const changes: SecretChange[] = []
    for (const server of ['smtp', 'incoming'] as const) {
      const password = passwords[server]
      if (password !== null) changes.push({ key: secretKey(account.id, server), value: password })
    }
    const saved = together(secrets, changes, () => {
      if (before === null) store.insert(account, clock.now())
      else store.update(account)
    })
    if (!saved.ok) return saved
    announce(account.id)
    return ok(account)
  }

  const removalPreview = (accountId: string): Result<RemovalPreview> =>
    store.get(accountId) === null
      ? fail({ kind: 'not-found', what: 'account' })
      : ok(belongings.count(accountId))

  const credentialsFrom = (
    accountId: string,
    user: string,
    password: Result<string | null>,
  ): Result<Credentials> => {
    if (!password.ok) return password
    if (password.value === null) return fail({ kind: 'password-missing', accountId })
    return ok({ user, password: password.value })
  }

  const credentialsOf = (input: AccountInput, server: ServerName): Result<Credentials> => {
    // A password typed for sending holds for both, unless the incoming server has one of its own.
    const typed = input.passwords[server]
    if (typed !== null) return ok({ user: input[server].user, password: typed })
    const own = input.id === null ? ok(null) : secrets.get(secretKey(input.id, server))
    if (!own.ok) return own
    const fallback = own.value ?? input.passwords.smtp
    const password = fallback === null && input.id !== null ? stored(input.id, server) : ok(fallback)
    return credentialsFrom(input.id ?? '', input[server].user, password)
  }
  const checks = createAccountChecks({ clock, emit, credentialsOf })

  return {
    checks,
    close: () => checks.close(),
    list: () => store.list(),
    get: accountId => store.get(accountId),
    save: input => keep(input, false),

    savePractice(input) {
      const known = store.list().find(account => account.isPractice)
      if (known === undefined) return keep({ ...input, id: null }, true)
      return keep({ ...input, id: known.id, label: known.label, color: known.color }, true)
    },

    saveIdentities(accountId, identities) {
      const before = store.get(accountId)
      if (before === null) return fail({ kind: 'not-found', what: 'account' })
      const checked = checkIdentities(identities)
      if (!checked.ok) return checked
      const account: Account = { ...before, identities: checked.value }
      const saved = together(secrets, [], () => store.update(account))
      if (!saved.ok) return saved
      announce(accountId)
      return ok(account)
    },

    removalPreview,

    remove(accountId) {
      const preview = removalPreview(accountId)
      if (!preview.ok) return preview
      const changes: SecretChange[] = (['smtp', 'incoming'] as const).map(server => ({
        key: secretKey(accountId, server),
        value: null,
      }))
      const removed = together(secrets, changes, () =>
        db.transaction(() => {
          belongings.removeWithin(accountId)
          store.remove(accountId)
        }),
      )
      if (!removed.ok) return removed
      announce(accountId)
      return preview
    },

    credentials(accountId, server) {
      const account = store.get(accountId)
      if (account === null) return fail({ kind: 'not-found', what: 'account' })
      return credentialsFrom(accountId, account[server].user, stored(accountId, server))
    },

    credentialsOf,

    learnSentCopy(accountId, policy) {
      if (store.setSentCopy(accountId, policy)) announce(accountId)
    },
  }
}

function secretKey(accountId: string, server: ServerName): string {
  return `${server}:${accountId}`
}

type SecretChange = { key: string; value: string | null }

/** Changes secrets, then writes; whatever fails, the secrets are as they were. */
function together(secrets: Secrets, changes: SecretChange[], write: () => void): Result<true> {
  const undo: SecretChange[] = []
  const put = ({ key, value }: SecretChange) =>
    value === null ? secrets.remove(key) : secrets.set(key, value)
  const giveUp = (problem: Problem): Result<true> => {
    for (const change of undo.reverse()) put(change)
    return fail(problem)
  }
  for (const change of changes) {
    const before = secrets.get(change.key)
    if (!before.ok) return giveUp(before.problem)
    if (before.value === change.value) continue
    // Also when it fails: a store may have taken half of it.
    undo.push({ key: change.key, value: before.value })
    const done = put(change)
    if (!done.ok) return giveUp(done.problem)
  }
  try {
    write()
  } catch (error) {
    const answer = giveUp(problemOfDbError(error, 'desk.db'))
    if (!(error instanceof Error) || !('errcode' in error)) throw error
    return answer
  }
  return ok(true)
}

const serverShape = {
  host: z.string().max(1_000),
  port: z.number(),
  tls: z.enum(['implicit', 'starttls', 'none']),
  user: z.string().max(1_000),
  pinnedCertificate: z.string().max(100_000).nullable(),
  plaintextConsent: z.boolean(),
}

const address = z.object({ name: z.string().max(1_000), address: z.string().max(1_000) })

const identity: z.ZodType<Identity> = z.object({
  id: z.string().min(1).max(100),
  ...address.shape,
  replyTo: z.array(address).max(100),
  organisation: z.string().max(1_000),
  copiesSelf: z.boolean(),
  signature: z
    .object({ text: z.string().max(100_000), html: z.string().max(1_000_000).nullable() })
    .nullable(),
  isUsual: z.boolean().optional(),
})

const accountInput: z.ZodType<AccountInput> = z.object({
  id: z.string().max(100).nullable(),
  label: z.string().max(1_000),
  color: z.enum(ACCOUNT_COLORS),
  identity: address,
  smtp: z.object(serverShape),
  incoming: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('imap'), ...serverShape }),
    z.object({
      kind: z.literal('pop3'),
      leaveOnServer: z.boolean(),
      deleteAfterDays: z.number().nullable(),
      ...serverShape,
    }),
  ]),
  sentCopy: z.enum(SENT_COPY_POLICIES).optional(),
  pace: z
    .object({ connections: z.int().min(1).max(8), perMinute: z.int().min(1).max(10_000).nullable() })
    .optional(),
  passwords: z.object({
    smtp: z.string().max(10_000).nullable(),
    incoming: z.string().max(10_000).nullable(),
  }),
})

export function accountCalls(
  accounts: Accounts,
): Calls<
  | 'accounts.list'
  | 'accounts.save'
  | 'accounts.saveIdentities'
  | 'accounts.removalPreview'
  | 'accounts.remove'
  | 'accounts.check'
  | 'accounts.checkState'
  | 'accounts.stopCheck'
> {
  const oneId: z.ZodType<[string]> = z.tuple([z.string()])
  return {
    'accounts.list': { args: z.tuple([]), run: () => ok(accounts.list()) },
    'accounts.save': { args: z.tuple([accountInput]), run: input => accounts.save(input) },
    'accounts.saveIdentities': {
      args: z.tuple([z.string(), z.array(identity).max(200)]),
      run: (accountId, identities) => accounts.saveIdentities(accountId, identities),
    },
    'accounts.removalPreview': { args: oneId, run: accountId => accounts.removalPreview(accountId) },
    'accounts.remove': { args: oneId, run: accountId => accounts.remove(accountId) },
    'accounts.check': { args: z.tuple([accountInput]), run: input => accounts.checks.start(input) },
    'accounts.checkState': { args: oneId, run: checkId => accounts.checks.state(checkId) },
    'accounts.stopCheck': { args: oneId, run: checkId => ok(accounts.checks.stop(checkId)) },
  }
}
