// One program, its servers and its data over many deaths, and what has to hold for a mail after each of them.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Db, openDatabase } from '../../main/db.ts'
import { deskMigrations } from '../../main/schema.ts'
import type { AccountInput, OutboxItem } from '../../shared/model.ts'
import { type Certificate, createTestCa } from '../support/test-ca.ts'
import { login, openPostOffice, type PostOffice } from './post-office.ts'
import { type Program, type StartOptions, startProgram } from './program.ts'

export const recipients = ['a@x.org', 'b@x.org', 'c@x.org']
/** A mail of this size does not fit into the buffers between the program and the server. */
export const LARGE_BYTES = 12 * 1024 * 1024
const PIECE = 192 * 1024

export type Composed = { draftId: string; revision: number; subject: string }

export type World = {
  office: PostOffice
  program: Program
  accountId: string
  folder: string
  dataDir: string
  compose(attachmentBytes?: number): Promise<Composed>
  send(attachmentBytes?: number, sendAt?: number | null): Promise<string>
  /** Kills what runs, if it still does, and starts it again. */
  restart(): Promise<void>
  /** When the program was last started again, by `performance.now()`. */
  restartedAt: number
  close(): Promise<void>
}

export type WorldOptions = StartOptions & {
  /** Leaves the account as it is before its first mail: nobody knows who files the copy. */
  isNew?: boolean
  /** Submission in plain text, for who looks at the bytes. */
  isPlain?: boolean
  /** Where its data lies; a folder of its own when not said. */
  dataDir?: string
}

let certificate: Certificate | null = null
async function certificateOfOffice(): Promise<Certificate> {
  if (certificate !== null) return certificate
  const ca = await createTestCa()
  certificate = ca.selfSigned(['127.0.0.1'])
  return certificate
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-crash-'))
  const tls = options.isPlain === true ? null : await certificateOfOffice()
  const office = await openPostOffice(tls)
  const dataDir = options.dataDir ?? join(folder, 'data')
  const program = await startProgram(dataDir, options)
  const account = await program.call('accounts.save', accountFor(office, tls))
  await program.call('settings.set', { undoSeconds: 0 })
  let count = 0
  const world: World = {
    office,
    program,
    accountId: account.id,
    folder,
    dataDir,
    async compose(attachmentBytes = 0) {
      const draft = await world.program.call('drafts.create', { kind: 'empty', accountId: account.id })
      count += 1
      const subject = `mail ${count}`
      await world.program.call('drafts.save', draft.id, draft.revision, {
        accountId: account.id,
        to: recipients.slice(0, 2).map(address => ({ name: '', address })),
        cc: [],
        bcc: recipients.slice(2).map(address => ({ name: '', address })),
        subject,
        text: `${subject}\n.\n..\nこんにちは\n`,
      })
      if (attachmentBytes > 0) await attach(world.program, draft.id, attachmentBytes)
      const { revision } = await world.program.call('drafts.get', draft.id)
      return { draftId: draft.id, revision, subject }
    },
    async send(attachmentBytes = 0, sendAt = null) {
      const { draftId, revision } = await world.compose(attachmentBytes)
      const { itemId } = await world.program.call('outbox.send', draftId, revision, sendAt)
      return itemId
    },
    restartedAt: performance.now(),
    async restart() {
      await world.program.kill().catch(() => {})
      world.restartedAt = performance.now()
      world.program = await startProgram(dataDir, { ...options, under: [] })
    },
    async close() {
      await world.program.kill().catch(() => {})
      await office.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  if (options.isNew !== true) await learnWhoFiles(world)
  return world
}

/** Of a new server nobody knows whether it files the copy itself; half a minute goes by until the first one says. */
async function learnWhoFiles(world: World): Promise<void> {
  const itemId = await world.send()
  await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filing')
  await world.program.order({ do: 'move clock', ms: 40_000 })
  await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed', 90_000)
  await world.program.order({ do: 'move clock', ms: -40_000 })
}

function accountFor(office: PostOffice, tls: Certificate | null): AccountInput {
  const server = {
    host: '127.0.0.1',
    tls: 'none' as const,
    user: login.user,
    pinnedCertificate: null,
    plaintextConsent: false,
  }
  return {
    id: null,
    label: 'Yuki',
    color: 'indigo',
    identity: { name: 'Yuki', address: 'yuki@example.co.jp' },
    smtp: {
      ...server,
      port: office.smtp.port,
      ...(tls === null ? {} : { tls: 'starttls', pinnedCertificate: tls.cert }),
    },
    incoming: { kind: 'imap', ...server, port: office.imapPort },
    passwords: { smtp: login.password, incoming: login.password },
  }
}

async function attach(program: Program, draftId: string, bytes: number): Promise<void> {
  const { fileToken } = await program.call('files.begin', 'データ.bin', 'application/octet-stream', bytes)
  const content = Buffer.alloc(bytes, 'todoke\n.\n')
  for (let at = 0; at < bytes; at += PIECE) {
    const piece = content.subarray(at, at + PIECE)
    await program.call('files.append', fileToken, at, piece.toString('base64'))
  }
  await program.call('drafts.attach', draftId, fileToken)
}

/** The file of the outbox, read from outside. */
function inFile<T>(world: World, look: (db: Db) => T): T {
  const opened = openDatabase(join(world.dataDir, 'desk.db'), {
    durability: 'full',
    migrations: deskMigrations,
    isReadOnly: true,
  })
  if (!opened.ok) throw new Error(opened.problem.kind)
  try {
    return look(opened.value)
  } finally {
    opened.value.close()
  }
}

export function rowOf(world: World, itemId: string): { sha256: string } | null {
  const row = inFile(world, db => db.get('SELECT sha256 FROM outbox_item WHERE id = ?', itemId))
  return row === undefined ? null : { sha256: String(row.sha256) }
}

/** The last event in the ledger of a mail, also while the program stands still or is dead. */
export function lastOf(world: World, itemId: string): string | null {
  const row = inFile(world, db =>
    db.get('SELECT type FROM ledger WHERE item_id = ? ORDER BY seq DESC LIMIT 1', itemId),
  )
  return row === undefined ? null : String(row.type)
}

/** All mails of the outbox and how far each had come. */
export function lastOfAll(world: World): Map<string, string> {
  const rows = inFile(world, db => db.all('SELECT item_id, type, max(seq) FROM ledger GROUP BY item_id'))
  return new Map(rows.map(row => [String(row.item_id), String(row.type)]))
}

export type Verdict = {
  /** What the program knew of the mail when it came to rest for the first time. */
  seen: OutboxItem['journey']['state']
  lost: number
  doubled: number
  hasSameBytes: boolean
  /** Times that the hidden reader is named in what went out. */
  leaks: number
  copies: number
  drainMs: number
}

const AT_REST = new Set(['accepted', 'uncertain', 'refused', 'paused'])

/**
 * Lets a mail come to its end as a person would (tries again, decides what is unknown by what the server has) and
 * counts at the server. `expected` is who shall have it.
 */
export async function settle(
  world: World,
  itemId: string,
  expected: readonly string[] = recipients,
): Promise<Verdict> {
  const { office } = world
  const startedAt = performance.now()
  let seen: OutboxItem['journey']['state'] | null = null
  for (let turn = 0; turn < 12; turn += 1) {
    const item = await world.program.until(itemId, ({ journey, can }) => {
      const isWaiting = journey.state === 'queued' && journey.problem !== null && can.tryNow
      return (
        (AT_REST.has(journey.state) && journey.state !== 'accepted') ||
        isWaiting ||
        (journey.state === 'accepted' &&
          journey.sentCopy.state !== 'none' &&
          journey.sentCopy.state !== 'filing')
      )
    })
    const { journey } = item
    seen ??= journey.state
    if (journey.state === 'accepted' && journey.sentCopy.state === 'filed') break
    await push(world, item)
  }
  const drainMs = performance.now() - startedAt
  const item = await world.program.call('outbox.get', itemId)
  const taken = office.taken(item.messageIdHeader)
  const hash = rowOf(world, itemId)?.sha256
  const bytes = office.bytesOf(item.messageIdHeader)
  return {
    seen: seen ?? 'held',
    lost: expected.filter(address => !taken.has(address)).length,
    doubled:
      [...taken.values()].filter(times => times > 1).length +
      [...taken.keys()].filter(address => !expected.includes(address)).length,
    hasSameBytes: bytes.every(data => createHash('sha256').update(data).digest('hex') === hash),
    leaks: bytes.filter(data => /^bcc:|c@x\.org/im.test(data.toString('latin1'))).length,
    copies: office.filed(item.messageIdHeader),
    drainMs,
  }
}

async function push({ program, office }: World, { id, messageIdHeader, journey }: OutboxItem): Promise<void> {
  switch (journey.state) {
    case 'uncertain': {
      const isTaken = office.taken(messageIdHeader).size > 0
      await program.ask('outbox.decideOutcome', id, isTaken ? 'handed-over' : 'send-again')
      return
    }
    case 'paused':
      if (journey.pausedFor === 'recipients')
        await program.ask('outbox.chooseRecipients', id, 'send-to-others')
      else await program.ask('outbox.resume', id)
      return
    case 'refused':
    case 'queued':
      await program.ask('outbox.tryNow', id)
      return
    default:
      // A failed copy comes again by itself; nothing a person would have to do.
      await new Promise(resolve => setTimeout(resolve, 500))
  }
}
