// An outbox with everything real around it but the clock and the Sent folder: database file, drafts, spool, SMTP.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createDrafts, type Drafts } from '../../../main/drafts/drafts.ts'
import { createSpool, PIECE_BYTES, type Spool } from '../../../main/drafts/spool.ts'
import { createEventHub, type EventHub } from '../../../main/events.ts'
import {
  createOutbox,
  type FileSentCopy,
  type FindSentCopy,
  type Outbox,
} from '../../../main/outbox/outbox.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { Credentials } from '../../../main/smtp/submit.ts'
import { journeyOf } from '../../../shared/journey.ts'
import type { LedgerEvent } from '../../../shared/ledger.ts'
import type { Account, DraftContent, Message, OutboxItem, Settings } from '../../../shared/model.ts'
import { fail, ok, type Result } from '../../../shared/problem.ts'
import { type ManualClock, manualClock } from '../../support/manual-clock.ts'

export const password = 'correct horse'

export type House = {
  clock: ManualClock
  db: Db
  drafts: Drafts
  spool: Spool
  outbox: Outbox
  hub: EventHub
  accounts: Map<string, Account>
  /** By account; changed by a test that mends a password. */
  passwords: Map<string, string>
  /** By account, where it logs in by a token. */
  tokens: Map<string, string>
  /** Of every mailbox. */
  incomingPassword: string
  /** What came in, by id: what can be answered and forwarded. */
  messages: Map<string, Message>
  learned: string[]
  /** What lies in Sent: Message-IDs. */
  sent: string[]
  fileSentCopy: FileSentCopy
  findSentCopy: FindSentCopy
  undoSeconds: number
  whenSomeRefused: Settings['whenSomeRefused']
  dueAsleep: Settings['dueAsleep']
  saveTo: string | null
  /** The largest mail that the server is known to take. */
  limit: number
  bugs: unknown[]
  folder: string
  /** Writes a draft and presses Send. */
  send(more?: Partial<DraftContent>, sendAt?: number | null, attachment?: Buffer): Promise<string>
  draft(more?: Partial<DraftContent>, attachment?: Buffer): Promise<{ draftId: string; revision: number }>
  item(itemId: string): OutboxItem
  /** Resolves when the mail is so; asked again at each announcement. */
  until(itemId: string, look: (item: OutboxItem) => boolean): Promise<OutboxItem>
  untilState(itemId: string, state: OutboxItem['journey']['state']): Promise<OutboxItem>
  types(itemId: string): string[]
  ledger(itemId: string): LedgerEvent[]
  /** As if the program had been killed here and started again. */
  restart(): void
  close(): Promise<void>
}

export function accountFor(server: { port: number }, more: Partial<Account> = {}): Account {
  const settings = {
    host: '127.0.0.1',
    port: server.port,
    tls: 'none' as const,
    user: 'yuki',
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id: 'account',
    label: 'Yuki',
    color: 'indigo',
    identity: { name: 'Yuki', address: 'yuki@example.co.jp' },
    smtp: settings,
    incoming: { kind: 'imap', ...settings },
    sentCopy: 'we-file-it',
    isPractice: false,
    ...more,
  }
}

export function buildHouse(...accountList: Account[]): House {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-outbox-'))
  const clock = manualClock()
  const hub = createEventHub()
  const accounts = new Map(accountList.map(account => [account.id, account]))
  const spool = createSpool(join(folder, 'spool'), clock)
  const open = () => {
    const opened = openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations })
    if (!opened.ok) throw new Error(opened.problem.kind)
    return opened.value
  }
  const makeDrafts = (db: Db) =>
    createDrafts({
      db,
      spool,
      clock,
      emit: hub.emit,
      accounts: { list: () => [...accounts.values()] },
      readMessage: async messageId => {
        const message = house.messages.get(messageId)
        return message === undefined ? fail({ kind: 'not-found', what: 'message' }) : ok(message)
      },
      preferences: () => ({ language: 'en', defaultAccountId: null }),
    })
  let life = 0
  const makeOutbox = (db: Db, drafts: Drafts) => {
    const mine = life
    return createOutbox({
      db,
      // The timers of a killed program never ring.
      clock: {
        now: clock.now,
        monotonic: clock.monotonic,
        after: (ms, callback) => clock.after(ms, () => (mine === life ? callback() : undefined)),
      },
      emit: hub.emit,
      drafts,
      spool,
      accounts: {
        get: accountId => accounts.get(accountId) ?? null,
        credentials: (accountId, server): Result<Credentials> => {
          const user = accounts.get(accountId)?.smtp.user ?? ''
          if (server === 'incoming') return ok({ user, password: house.incomingPassword })
          const found = house.passwords.get(accountId)
          const token = house.tokens.get(accountId)
          if (token !== undefined) return ok({ user, password: found ?? '', token: async () => ok(token) })
          return found === undefined
            ? fail({ kind: 'password-missing', accountId })
            : ok({ user, password: found })
        },
        learnSentCopy(accountId, policy) {
          house.learned.push(policy)
          const account = accounts.get(accountId)
          if (account !== undefined) accounts.set(accountId, { ...account, sentCopy: policy })
        },
      },
      undoSeconds: () => house.undoSeconds,
      whenSomeRefused: () => house.whenSomeRefused,
      dueAsleep: () => house.dueAsleep,
      fitsServer: (_accountId, bytes) =>
        bytes > house.limit ? fail({ kind: 'too-big', bytes, limit: house.limit }) : ok(true),
      fileSentCopy: copy => house.fileSentCopy(copy),
      findSentCopy: wanted => house.findSentCopy(wanted),
      saveAs: async () => house.saveTo,
      reportBug: (_where, error) => (mine === life ? house.bugs.push(error) : undefined),
      random: () => 0,
    })
  }
  const db = open()
  const drafts = makeDrafts(db)
  const ledger = (itemId: string) =>
    house.db.all('SELECT * FROM ledger WHERE item_id = ? ORDER BY seq', itemId).map(
      (row): LedgerEvent => ({
        ...JSON.parse(String(row.data)),
        seq: Number(row.seq),
        at: Number(row.at),
        attempt: Number(row.attempt),
        type: String(row.type),
      }),
    )
  const house: House = {
    clock,
    db,
    drafts,
    spool,
    outbox: undefined as never,
    hub,
    accounts,
    passwords: new Map(accountList.map(({ id }) => [id, password])),
    tokens: new Map(),
    incomingPassword: password,
    messages: new Map(),
    learned: [],
    sent: [],
    async fileSentCopy({ messageIdHeader }) {
      if (house.sent.includes(messageIdHeader)) return ok({ how: 'found', folder: 'Sent' })
      house.sent.push(messageIdHeader)
      return ok({ how: 'appended', folder: 'Sent' })
    },
    findSentCopy: async ({ messageIdHeader }) =>
      ok({ isThere: house.sent.includes(messageIdHeader), folder: 'Sent' }),
    undoSeconds: 10,
    whenSomeRefused: 'ask',
    dueAsleep: 'ask',
    saveTo: null,
    limit: Number.POSITIVE_INFINITY,
    bugs: [],
    folder,

    async draft(more = {}, attachment) {
      const begun = await house.drafts.create({ kind: 'empty', accountId: accountList[0]?.id ?? null })
      if (!begun.ok) throw new Error(begun.problem.kind)
      const { id, accountId } = begun.value
      const content: DraftContent = {
        accountId,
        to: [{ name: '', address: 'bob@example.org' }],
        cc: [],
        bcc: [],
        subject: 'Hello',
        text: 'Hi Bob\n.\n..\n',
        ...more,
      }
      const saved = house.drafts.save(id, begun.value.revision, content)
      if (!saved.ok) throw new Error(saved.problem.kind)
      if (attachment !== undefined) await attach(house, id, attachment)
      return { draftId: id, revision: house.drafts.get(id)?.revision ?? 0 }
    },

    async send(more = {}, sendAt = null, attachment) {
      const { draftId, revision } = await house.draft(more, attachment)
      // Many tests send the same words twice and mean it.
      const queued = await house.outbox.send(draftId, revision, sendAt, 'again')
      if (!queued.ok) throw new Error(JSON.stringify(queued.problem))
      return queued.value.itemId
    },

    item(itemId) {
      const item = house.outbox.get(itemId)
      if (item === null) throw new Error('no such mail')
      return item
    },

    until(itemId, look) {
      return new Promise((resolve, reject) => {
        const check = () => {
          const item = house.outbox.get(itemId)
          if (item === null || !look(item)) return false
          resolve(item)
          return true
        }
        if (check()) return
        const late = setTimeout(() => {
          stop()
          reject(
            new Error(
              `never so: ${JSON.stringify(house.outbox.get(itemId)?.journey)} ${house.types(itemId)}`,
            ),
          )
        }, 20_000)
        const stop = hub.listen(event => {
          if (event.name !== 'outbox.changed' || !event.payload.itemIds.includes(itemId) || !check()) return
          clearTimeout(late)
          stop()
        })
      })
    },

    untilState: (itemId, state) => house.until(itemId, item => item.journey.state === state),
    types: itemId => ledger(itemId).map(({ type }) => type),
    ledger,

    restart() {
      // Whatever the old one still wants to write, it cannot.
      life += 1
      house.db.close()
      house.db = open()
      house.drafts = makeDrafts(house.db)
      house.outbox = makeOutbox(house.db, house.drafts)
      house.outbox.start()
    },

    async close() {
      await Promise.race([house.outbox.stop(), new Promise(resolve => setTimeout(resolve, 200))])
      columnsAreWhatTheLedgerSays(house)
      house.db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  house.outbox = makeOutbox(db, drafts)
  house.outbox.start()
  return house
}

/** Law 2, checked after every test: the columns are what the ledger folds to. */
function columnsAreWhatTheLedgerSays(house: House): void {
  for (const row of house.db.all('SELECT * FROM outbox_item')) {
    const journey = journeyOf(house.ledger(String(row.id)))
    const said = [row.state, row.due_at, row.attempt, row.copy_state]
    const folded = [journey?.state, journey?.dueAt, journey?.attempt, journey?.sentCopy.state]
    if (JSON.stringify(said) !== JSON.stringify(folded)) {
      throw new Error(`columns ${JSON.stringify(said)} are not the ledger's ${JSON.stringify(folded)}`)
    }
    if ((row.state === 'sending') !== (row.lease_owner !== null)) throw new Error('a lease without sending')
  }
}

async function attach(house: House, draftId: string, content: Buffer): Promise<void> {
  const begun = await house.spool.begin('データ.bin', 'application/octet-stream', content.length)
  if (!begun.ok) throw new Error(begun.problem.kind)
  const { fileToken } = begun.value
  for (let at = 0; at < content.length; at += PIECE_BYTES) {
    await house.spool.append(fileToken, at, content.subarray(at, at + PIECE_BYTES))
  }
  const attached = await house.drafts.attach(draftId, fileToken)
  if (!attached.ok) throw new Error(attached.problem.kind)
}

export const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
