// A mailbox for tests: the sorting room's work in this thread over a real mail.db, and the desk's side of it.
// Refuses to fake anything but what a test passes in.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { type Clock, systemClock } from '../../../main/host.ts'
import { IMAP_LIMITS, type ImapLimits } from '../../../main/mailbox/imap.ts'
import { createMailbox, type Mailbox } from '../../../main/mailbox/mailbox.ts'
import { createReceiving, type ReceivingHere } from '../../../main/mailbox/receiving.ts'
import type { Recipe } from '../../../main/mime/recipe.ts'
import { mailMigrations } from '../../../main/schema.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import {
  type Account,
  type IncomingSettings,
  type MessageHead,
  type Place,
  type ServerSettings,
  USUAL_OPTIONS,
} from '../../../shared/model.ts'
import { ok, type Result } from '../../../shared/problem.ts'

export const inbox: Place = { kind: 'unified', role: 'inbox' }
export const sent: Place = { kind: 'unified', role: 'sent' }

export type Bench = {
  dataDir: string
  receiving: ReceivingHere
  mailbox: Mailbox
  /** mail.db as the room has it. */
  db: Db
  events: AnyEvent[]
  /** Where the next attachment is saved. */
  saveAs: { path: string | null; suggested: string[] }
  /** Resolves with the first truthy answer; asked again after every event. */
  until<T>(look: () => T | undefined | false | null, what: string): Promise<T>
  stop(): Promise<void>
}

export type BenchOptions = {
  clock?: Clock
  dataDir?: string
  sentCopy?: (recipe: Recipe) => Buffer
  limits?: Partial<ImapLimits>
}

const deadlineMs = 15_000

/** Opens everything; `dataDir` of an earlier bench is a restart of the program. */
export function openBench(options: BenchOptions = {}): Bench {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'todoke-mail-'))
  const db = must(
    openDatabase(join(dataDir, 'mail.db'), { durability: 'normal', migrations: mailMigrations }),
  )
  const reading = must(
    openDatabase(join(dataDir, 'mail.db'), {
      durability: 'normal',
      migrations: mailMigrations,
      isReadOnly: true,
    }),
  )
  const hub = createEventHub()
  const events: AnyEvent[] = []
  hub.listen(event => events.push(event))
  const receiving = createReceiving({
    db,
    packsDir: join(dataDir, 'packs'),
    clock: options.clock ?? systemClock,
    emit: hub.emit,
    imapLimits: { ...IMAP_LIMITS, ...options.limits },
    writeSentCopy: async recipe =>
      ok(options.sentCopy?.(recipe) ?? Buffer.from('Subject: copy\r\n\r\ncopy\r\n')),
  })
  const saveAs: Bench['saveAs'] = { path: null, suggested: [] }
  const mailbox = createMailbox({
    db: reading,
    room: receiving,
    saveAs: async name => {
      saveAs.suggested.push(name)
      return saveAs.path
    },
    outboxItemOf: messageIdHeader =>
      messageIdHeader.startsWith('own.') ? `item-of-${messageIdHeader}` : null,
    accountOf: () => null,
  })
  const until: Bench['until'] = (look, what) =>
    new Promise((resolve, reject) => {
      const finish = (end: () => void) => {
        clearTimeout(late)
        stopListening()
        end()
      }
      const again = () => {
        const answer = look()
        if (answer !== undefined && answer !== false && answer !== null) finish(() => resolve(answer))
      }
      const stopListening = hub.listen(again)
      const late = setTimeout(() => {
        const states = JSON.stringify(receiving.statuses())
        finish(() => reject(new Error(`${what} did not come within ${deadlineMs} ms; ${states}`)))
      }, deadlineMs)
      again()
    })
  return {
    dataDir,
    receiving,
    mailbox,
    db,
    events,
    saveAs,
    until,
    async stop() {
      await receiving.stop()
      reading.close()
      db.close()
    },
  }
}

/** Removes what a bench has written. */
export function clearBench(bench: Bench): void {
  rmSync(bench.dataDir, { recursive: true, force: true })
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`a problem: ${JSON.stringify(result.problem)}`)
  return result.value
}

type Server = Partial<ServerSettings> & { port: number }

export function imapAccount(server: Server, id = 'acc-imap'): Account {
  return accountWith(id, { kind: 'imap', ...serverSettings(server) })
}

export function pop3Account(
  server: Server,
  keep: { leaveOnServer?: boolean; deleteAfterDays?: number | null } = {},
  id = 'acc-pop3',
): Account {
  return accountWith(id, {
    kind: 'pop3',
    leaveOnServer: keep.leaveOnServer ?? true,
    deleteAfterDays: keep.deleteAfterDays ?? null,
    ...serverSettings(server),
  })
}

export function serverSettings({ host, port, tls, user }: Server): ServerSettings {
  return {
    host: host ?? '127.0.0.1',
    port,
    tls: tls ?? 'none',
    user: user ?? 'haruka@todoke.test',
    pinnedCertificate: null,
    plaintextConsent: false,
  }
}

function accountWith(id: string, incoming: IncomingSettings): Account {
  return {
    id,
    label: id,
    color: 'indigo',
    identity: { name: 'Haruka', address: 'haruka@todoke.test' },
    smtp: serverSettings({ port: 25 }),
    incoming,
    sentCopy: 'unknown',
    isPractice: false,
  }
}

/** Starts receiving for one account. */
export async function receiveFor(bench: Bench, account: Account, password = 'secret'): Promise<void> {
  const credentials = ok({ user: account.incoming.user, password })
  must(await bench.receiving.setAccounts([{ account, credentials }]))
}

/** A whole list, newest first. */
export function rows(bench: Bench, place: Place = inbox): MessageHead[] {
  return bench.mailbox.page(place, 0, 200)
}

export function subjects(bench: Bench, place: Place = inbox): string[] {
  return rows(bench, place).map(row => row.subject)
}

/** A small mail; the later the number, the newer. */
export function mail(number: number, more: { headers?: string[]; body?: string } = {}): Buffer {
  const date = new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toUTCString().replace('GMT', '+0000')
  const lines = [
    'From: Anna Weber <anna@elsewhere.test>',
    'To: haruka@todoke.test',
    `Subject: mail ${number}`,
    `Date: ${date}`,
    `Message-ID: <mail-${number}@elsewhere.test>`,
    ...(more.headers ?? []),
    '',
    more.body ?? `The text of mail ${number}.`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

/** The state of the only account. */
export function incoming(bench: Bench) {
  return bench.receiving.statuses()[0]?.incoming
}

/** What its server said no to. */
export function refusals(bench: Bench) {
  return bench.receiving.statuses()[0]?.refusals ?? []
}

/** Its state when it is failing. */
export function failing(here: Bench) {
  const state = incoming(here)
  return state?.state === 'failing' ? state : null
}

/** A recipe that nobody reads: the bench writes its own bytes. */
export function recipe() {
  return {
    version: 2 as const,
    replyTo: [],
    organisation: '',
    html: null,
    options: USUAL_OPTIONS,
    from: { name: '', address: 'haruka@todoke.test' },
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    text: '',
    date: 0,
    messageId: 'mail-7@elsewhere.test',
    boundary: 'b',
    references: [],
    attachments: [],
  }
}
