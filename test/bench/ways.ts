// The ways that the bench compares: our whole outbox, plain nodemailer, smtp-source and msmtp, each sending the same
// mails to the same server. Refuses to measure: each gives a function that sends, the bench keeps the time.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createTransport } from 'nodemailer'
import { type Db, openDatabase } from '../../main/db.ts'
import { createDrafts } from '../../main/drafts/drafts.ts'
import { createSpool } from '../../main/drafts/spool.ts'
import { createEventHub } from '../../main/events.ts'
import { systemClock } from '../../main/host.ts'
import { createOutbox } from '../../main/outbox/outbox.ts'
import { deskMigrations } from '../../main/schema.ts'
import { type Account, type ServerSettings, USUAL_OPTIONS } from '../../shared/model.ts'
import { fail, ok } from '../../shared/problem.ts'

export const FROM = { name: 'Haruka', address: 'haruka@todoke.test' }
export const TO = 'somebody@sink.test'
export const TEXT = 'All work and no play makes Haruka a dull correspondent, says Weber.\n'.repeat(32)

export type Target = { settings: ServerSettings; password: string }
export type File = { name: string; path: string; sha256: string; bytes: number }

/** Counts what is committed: outermost transactions that wrote, and writes outside of any. */
function counted(db: Db): { db: Db; commits: () => number } {
  let commits = 0
  let depth = 0
  let hasWritten = false
  const counting =
    (transaction: Db['transaction']): Db['transaction'] =>
    work => {
      if (depth === 0) hasWritten = false
      depth += 1
      try {
        return transaction(work)
      } finally {
        depth -= 1
        if (depth === 0 && hasWritten) commits += 1
      }
    }
  return {
    commits: () => commits,
    db: {
      ...db,
      run(sql, ...values) {
        if (depth === 0) commits += 1
        hasWritten = true
        return db.run(sql, ...values)
      },
      transaction: counting(db.transaction),
      transactionUnsynced: counting(db.transactionUnsynced),
    },
  }
}

export type OutboxWay = Awaited<ReturnType<typeof outboxWay>>

/** The whole outbox on a real disk, without its window: what Send does, and the queue behind it. */
export async function outboxWay({ settings, password }: Target) {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-bench-'))
  const opened = openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations })
  if (!opened.ok) throw new Error(opened.problem.kind)
  const { db, commits } = counted(opened.value)
  const hub = createEventHub()
  const spool = createSpool(join(folder, 'spool'), systemClock)
  const account: Account = {
    id: 'account',
    label: 'bench',
    color: 'indigo',
    identity: FROM,
    smtp: settings,
    incoming: { kind: 'imap', ...settings },
    sentCopy: 'we-file-it',
    isPractice: false,
  }
  const drafts = createDrafts({
    db,
    spool,
    clock: systemClock,
    emit: hub.emit,
    accounts: { list: () => [account] },
    readMessage: async () => fail({ kind: 'not-found', what: 'message' }),
    preferences: () => ({ language: 'en', defaultAccountId: null }),
  })
  const outbox = createOutbox({
    db,
    clock: systemClock,
    emit: hub.emit,
    drafts,
    spool,
    accounts: {
      get: () => account,
      credentials: () => ok({ user: settings.user, password }),
      learnSentCopy: () => {},
    },
    undoSeconds: () => 0,
    // Filing is IMAP's and measured there; here it would only blur what sending costs, so it stays out.
    fileSentCopy: () => new Promise(() => {}),
    findSentCopy: async () => ok({ isThere: false, folder: 'Sent' }),
    saveAs: async () => null,
  })
  outbox.start()

  const written = async (count: number, file: File | null): Promise<{ id: string; revision: number }[]> => {
    const made: { id: string; revision: number }[] = []
    for (let n = 0; n < count; n += 1) {
      const begun = await drafts.create({ kind: 'empty', accountId: 'account' })
      if (!begun.ok) throw new Error(begun.problem.kind)
      const { id } = begun.value
      const content = { accountId: 'account', cc: [], bcc: [], subject: `Mail ${n}`, text: TEXT }
      // No reports: the other ways ask for none, and for each of them the server makes a mail of its own.
      const options = { ...USUAL_OPTIONS, wantsReport: false }
      drafts.save(id, begun.value.revision, { ...content, options, to: [{ name: '', address: TO }] })
      if (file !== null) {
        db.run(
          `INSERT INTO draft_attachment (id, draft_id, position, name, type, bytes, sha256)
           VALUES (?, ?, 0, ?, 'application/octet-stream', ?, ?)`,
          `${id}-file`,
          id,
          file.name,
          file.bytes,
          file.sha256,
        )
      }
      made.push({ id, revision: drafts.get(id)?.revision ?? 0 })
    }
    return made
  }

  return {
    commits,
    warm: () => outbox.warm('account'),
    /** Puts a file where attaching would have put it. */
    keep(bytes: Buffer, name: string): File {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const path = spool.pathOf(sha256)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, bytes)
      return { name, path, sha256, bytes: bytes.length }
    },
    written,
    /**
     * Presses Send on each, after the one before answered or on all at once as a merge does, and resolves when all were
     * handed over; `queuedMs` is until the last Send answered.
     */
    async send(
      made: { id: string; revision: number }[],
      how: 'one by one' | 'at once' = 'one by one',
    ): Promise<{ queuedMs: number; commitsAtSend: number }> {
      const startedAt = performance.now()
      const press = async ({ id, revision }: { id: string; revision: number }) => {
        const queued = await outbox.send(id, revision, null)
        if (!queued.ok) throw new Error(JSON.stringify(queued.problem))
      }
      if (how === 'at once') await Promise.all(made.map(press))
      else for (const one of made) await press(one)
      const queuedMs = performance.now() - startedAt
      // Looked at now and then in an index, so that looking is no part of what is measured.
      const rest = "SELECT 1 FROM outbox_item WHERE state IN ('held', 'queued', 'sending') LIMIT 1"
      while (db.get(rest) !== undefined) {
        await new Promise(resolve => setTimeout(resolve, 1))
      }
      return { queuedMs, commitsAtSend: made.length }
    },
    async close() {
      const failed = db.get("SELECT count(*) AS n FROM outbox_item WHERE state <> 'accepted'")?.n
      if (Number(failed) > 0) throw new Error(`${failed} mails were not accepted`)
      await outbox.stop()
      await spool.close()
      opened.value.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** One kept connection, composing, nothing else. */
export function nodemailerWay({ settings, password }: Target) {
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'starttls',
    ignoreTLS: settings.tls === 'none',
    pool: true,
    maxConnections: 1,
    maxMessages: Number.POSITIVE_INFINITY,
    ...(settings.user === '' ? {} : { auth: { user: settings.user, pass: password } }),
  })
  return {
    async send(count: number, file: File | null): Promise<void> {
      const mails = Array.from({ length: count }, (_, n) =>
        transport.sendMail({
          from: FROM,
          to: TO,
          subject: `Mail ${n}`,
          text: TEXT,
          ...(file === null ? {} : { attachments: [{ filename: file.name, path: file.path }] }),
        }),
      )
      await Promise.all(mails)
    },
    close: () => transport.close(),
  }
}

/** Postfix's own generator over one connection: near to the limit of the server. */
export const smtpSource = (port: number, count: number, bytes: number) =>
  run('smtp-source', [
    '-d',
    '-s',
    '1',
    '-m',
    `${count}`,
    '-l',
    `${bytes}`,
    '-f',
    FROM.address,
    '-t',
    TO,
    `127.0.0.1:${port}`,
  ])

/** A process per mail. */
export async function msmtpLoop(port: number, count: number, text: string): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await run(
      'msmtp',
      [
        '--file=/dev/null',
        '--host=127.0.0.1',
        `--port=${port}`,
        '--auth=off',
        '--tls=off',
        `--from=${FROM.address}`,
        TO,
      ],
      text,
    )
  }
}

function run(command: string, args: string[], input = ''): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', chunk => {
      said += chunk
    })
    child.on('error', reject)
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    child.on('close', code => (code === 0 ? resolve() : reject(new Error(`${command}: ${code} ${said}`))))
  })
}
