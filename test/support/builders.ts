/** Builders of the nouns for views and tests: small, whole, and true to the contract. Journeys come from the real fold. */

import type { Folder } from '../../shared/folder.ts'
import { journeyOf } from '../../shared/journey.ts'
import type { CopyEvent, LedgerEvent, MailEvent, RecipientEvent } from '../../shared/ledger.ts'
import type {
  Account,
  AccountStatus,
  Draft,
  Message,
  MessageHead,
  OutboxItem,
  Person,
  ServerAbilities,
  ServerSettings,
  Settings,
  ShellInfo,
} from '../../shared/model.ts'
import { abilitiesOf } from '../../shared/outbox-abilities.ts'

/** Tuesday, 24 November 2026, 14:40 in Tokyo: the moment of every picture. */
export const NOW = Date.UTC(2026, 10, 24, 5, 40)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export function aServer(change: Partial<ServerSettings> = {}): ServerSettings {
  return {
    host: 'mail.example.co.jp',
    port: 465,
    tls: 'implicit',
    user: 'yuki@example.co.jp',
    pinnedCertificate: null,
    plaintextConsent: false,
    ...change,
  }
}

export function anAccount(change: Partial<Account> = {}): Account {
  const address = change.identity?.address ?? 'yuki@example.co.jp'
  const host = `mail.${address.split('@')[1]}`
  return {
    id: 'yuki',
    label: address,
    color: 'indigo',
    identity: { name: 'Yuki Tanaka', address },
    smtp: aServer({ host, user: address }),
    incoming: { kind: 'imap', ...aServer({ host, port: 993, user: address }) },
    sentCopy: 'we-file-it',
    isPractice: false,
    ...change,
  }
}

/** A usual submission server: 25 MB and everything but other letters before the @. */
export function someAbilities(change: Partial<ServerAbilities> = {}): ServerAbilities {
  return {
    seenAt: NOW - HOUR,
    size: 25_000_000,
    isEightBit: true,
    hasSmtputf8: false,
    hasDsn: true,
    hasRequireTls: false,
    hasPipelining: true,
    mostRecipients: 100,
    mostMails: null,
    ...change,
  }
}

export function aFolder(change: Partial<Folder> = {}): Folder {
  return {
    id: 'yuki/inbox',
    accountId: 'yuki',
    parentId: null,
    name: 'INBOX',
    role: 'inbox',
    total: 0,
    unread: 0,
    isLocal: false,
    isSubscribed: true,
    isContainer: false,
    ...change,
  }
}

export function aHead(change: Partial<MessageHead> = {}): MessageHead {
  return {
    id: 'message-1',
    accountId: 'yuki',
    folderId: 'yuki/inbox',
    from: { name: 'Aoki Haruka', address: 'haruka@aoki.example' },
    to: [{ name: 'Yuki Tanaka', address: 'yuki@example.co.jp' }],
    subject: 'Invoice 2026-11',
    preview: 'Please find the invoice attached.',
    sentAt: NOW - 8 * MINUTE,
    isSeen: true,
    isFlagged: false,
    hasAttachments: false,
    bytes: 4200,
    outboxItemId: null,
    ...change,
  }
}

export function aMessage(change: Partial<Message> = {}): Message {
  return {
    ...aHead(change),
    cc: [],
    bcc: [],
    replyTo: [],
    messageIdHeader: 'a1@mail.aoki.example',
    references: [],
    text: 'Please find the invoice attached.\n\nBest regards\nHaruka',
    unsafeHtml: null,
    inlineImages: {},
    attachments: [],
    received: [],
    leaving: null,
    authentication: 'unknown',
    isDamaged: false,
    ...change,
  }
}

export function aDraft(change: Partial<Draft> = {}): Draft {
  return {
    id: 'draft-1',
    accountId: 'yuki',
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    text: '',
    revision: 1,
    savedAt: NOW - 2 * MINUTE,
    createdAt: NOW - 10 * MINUTE,
    attachments: [],
    references: [],
    ...change,
  }
}

/** One step of a story: how long after the one before, and what happened. */
export type Step = [afterMs: number, event: MailEvent | RecipientEvent | CopyEvent]

/** Ledger rows from steps; the attempt grows by one with each `claimed`. */
export function ledgerOf(startAt: number, steps: readonly Step[]): LedgerEvent[] {
  let at = startAt
  let attempt = 0
  return steps.map(([afterMs, event], index) => {
    at += afterMs
    if (event.type === 'claimed') attempt += 1
    return { seq: index + 1, at, attempt, ...event }
  })
}

/** An item of the outbox from its story. `to` names the recipients; the first step should be `written`. */
export function anOutboxItem(
  change: Partial<OutboxItem> & { startAt?: number; isReadable?: boolean; steps: readonly Step[] },
): OutboxItem {
  const { startAt = NOW - 8 * MINUTE, isReadable = true, steps, ...rest } = change
  const journey = journeyOf(ledgerOf(startAt, steps))
  if (journey === null) throw new Error('a story has at least one step')
  return {
    id: 'item-1',
    accountId: 'yuki',
    from: { name: 'Yuki Tanaka', address: 'yuki@example.co.jp' },
    to: journey.recipients.map(({ address }) => ({ name: '', address })),
    cc: [],
    bcc: [],
    subject: 'Invoice 2026-11',
    preview: 'Please find the invoice attached.',
    bytes: journey.stations.written?.bytes ?? 0,
    attachments: [],
    messageIdHeader: 'item-1@example.co.jp',
    createdAt: startAt,
    journey,
    progress: null,
    can: abilitiesOf(journey, isReadable),
    retry:
      journey.state === 'queued' && journey.problem !== null
        ? { number: journey.attempt + 1, atMost: 36, givesUpAt: startAt + 5 * DAY }
        : null,
    search: null,
    ...rest,
  }
}

export function aStatus(change: Partial<AccountStatus> = {}): AccountStatus {
  return {
    accountId: 'yuki',
    incoming: { state: 'idle' },
    refusals: [],
    outgoing: { state: 'ready' },
    syncedAt: NOW - MINUTE,
    ...change,
  }
}

export function someSettings(change: Partial<Settings> = {}): Settings {
  return {
    language: null,
    theme: 'system',
    undoSeconds: 10,
    quotes: 'below',
    signatures: 'under-answer',
    whenSomeRefused: 'ask',
    dueAsleep: 'ask',
    paneWidths: { places: 228, list: 372 },
    defaultAccountId: null,
    singleKeys: true,
    writesPlain: false,
    checksOff: [],
    outsidersLimit: 10,
    remotePictures: 'ask',
    showsConversations: false,
    aheadDays: 90,
    ...change,
  }
}

export function aShell(change: Partial<ShellInfo> = {}): ShellInfo {
  return {
    shell: 'electron',
    version: '0.1.0',
    secrets: 'os-keychain',
    isPractice: false,
    dataDir: '/home/yuki/.local/share/todoke',
    systemLanguage: 'en',
    settingsProblem: null,
    ...change,
  }
}

/** Somebody mailed an hour before `NOW`. */
export function aPerson(name: string, address: string, change: Partial<Person> = {}): Person {
  return {
    address: { name, address },
    reading: '',
    lastMailedAt: NOW - HOUR,
    lastReceivedAt: null,
    demotedFor: null,
    hasNamesake: false,
    ...change,
  }
}
