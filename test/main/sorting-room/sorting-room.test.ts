import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { systemClock } from '../../../main/host.ts'
import { createMailbox } from '../../../main/mailbox/mailbox.ts'
import { freeze } from '../../../main/mime/recipe.ts'
import { mailMigrations } from '../../../main/schema.ts'
import {
  createSortingRoom,
  mailDatabaseFile,
  type SortingRoom,
} from '../../../main/sorting-room/sorting-room.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import { ok } from '../../../shared/problem.ts'
import { startScriptedPop3 } from '../../servers/scripted-pop3.ts'
import { type MailServers, startMailServers } from '../../support/mail-servers.ts'
import { needsPackages } from '../../support/packages.ts'
import { imapAccount, inbox, mail, must, pop3Account } from '../mailbox/receiving-bench.ts'

const workerUrl = new URL('../../../main/sorting-room/worker.ts', import.meta.url)
const dyingUrl = new URL('./dying-worker.ts', import.meta.url)
const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

function makeRoom(url = workerUrl, dataDir = makeDataDir()) {
  const hub = createEventHub()
  const events: AnyEvent[] = []
  const crashes: string[] = []
  const synced: string[] = []
  hub.listen(event => events.push(event))
  const room = createSortingRoom({
    url,
    dataDir,
    clock: systemClock,
    emit: hub.emit,
    onSynced: accountId => synced.push(accountId),
    onCrash: detail => crashes.push(detail),
  })
  undo.push(() => room.stop())
  const until = <T>(look: () => T | undefined | false | null): Promise<T> =>
    new Promise(resolve => {
      const again = () => {
        const answer = look()
        if (answer === undefined || answer === false || answer === null) return
        stopListening()
        resolve(answer)
      }
      const stopListening = hub.listen(again)
      again()
    })
  return { room, dataDir, events, crashes, synced, until }
}

function makeDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'todoke-room-'))
  undo.push(() => rmSync(dataDir, { recursive: true, force: true }))
  return dataDir
}

/** The desk's side: read-only on the room's database. */
function deskOver(room: SortingRoom, dataDir: string) {
  const options = { durability: 'normal' as const, migrations: mailMigrations, isReadOnly: true }
  const db = must(openDatabase(mailDatabaseFile(dataDir), options))
  undo.push(() => db.close())
  return createMailbox({
    db,
    room: room.receiving,
    saveAs: async () => null,
    outboxItemOf: () => null,
    accountOf: () => null,
  })
}

describe('the sorting room in its own thread', () => {
  test('receives, and the desk reads what it has written', async () => {
    const server = await startScriptedPop3(
      {},
      { mailbox: [1, 2].map(n => ({ uidl: `u${n}`, data: mail(n) })) },
    )
    undo.push(() => server.stop())
    const { room, dataDir, until, events, synced } = makeRoom()
    must(await room.start())
    const mailbox = deskOver(room, dataDir)
    const account = pop3Account(server)
    const credentials = ok({ user: account.incoming.user, password: 'very secret' })
    must(await room.receiving.setAccounts([{ account, credentials }]))
    await until(() => room.statuses()[0]?.incoming.state === 'idle' && mailbox.count(inbox).total === 2)
    const [row] = mailbox.page(inbox, 0, 10)
    expect(row?.subject).toBe('mail 2')
    expect(must(await mailbox.message(row?.id ?? '')).text).toContain('The text of mail 2.')
    expect(must(await mailbox.setFlags([row?.id ?? ''], { isFlagged: true })).changed).toBe(1)
    expect(mailbox.page(inbox, 0, 1)[0]?.isFlagged).toBe(true)
    expect(JSON.stringify(events)).not.toContain('very secret')
    // Each sync to its end is told once, however often the state is said.
    expect(synced).toEqual([account.id])
    must(await room.receiving.refresh(account.id))
    await until(() => synced.length === 2)
  })

  test('files the Sent copy from its recipe, Bcc and all', async () => {
    const server = await startScriptedPop3()
    undo.push(() => server.stop())
    const { room, dataDir } = makeRoom()
    must(await room.start())
    const mailbox = deskOver(room, dataDir)
    const account = pop3Account(server)
    must(await room.receiving.setAccounts([{ account, credentials: ok({ user: 'u', password: 'p' }) }]))
    const recipe = freeze(
      {
        from: account.identity,
        to: [{ name: '', address: 'anna@elsewhere.test' }],
        cc: [],
        bcc: [{ name: '', address: 'hidden@elsewhere.test' }],
        subject: '届けの控え',
        text: 'Hello',
        references: [],
        attachments: [],
      },
      Date.now(),
    )
    const filing = { accountId: account.id, messageIdHeader: recipe.messageId, recipe }
    expect(must(await room.receiving.fileSentCopy(filing))).toMatchObject({ how: 'local' })
    const [row] = mailbox.page({ kind: 'unified', role: 'sent' }, 0, 10)
    expect(row?.subject).toBe('届けの控え')
    expect(must(await mailbox.message(row?.id ?? '')).bcc).toEqual([
      { name: '', address: 'hidden@elsewhere.test' },
    ])
    const missing = { ...recipe, attachments: [{ name: 'a', type: '', bytes: 1, sha256: '0'.repeat(64) }] }
    const failed = await room.receiving.fileSentCopy({
      ...filing,
      messageIdHeader: 'other@x',
      recipe: missing,
    })
    expect(failed).toEqual({ ok: false, problem: { kind: 'attachment-missing', name: 'a' } })
  })

  test('a damaged database is put aside and made anew', async () => {
    const { room, dataDir } = makeRoom()
    writeFileSync(
      mailDatabaseFile(dataDir),
      'this is not a database at all, but long enough to look like one'.repeat(40),
    )
    must(await room.start())
    expect(deskOver(room, dataDir).folders()).toEqual([])
  })

  test('a database of a newer version is left alone and said', async () => {
    const { room, dataDir } = makeRoom()
    const db = must(
      openDatabase(mailDatabaseFile(dataDir), { durability: 'normal', migrations: mailMigrations }),
    )
    db.run(`PRAGMA user_version = ${mailMigrations.length + 1}`)
    db.close()
    expect(await room.start()).toMatchObject({ ok: false, problem: { kind: 'database-newer' } })
  })

  test('a command that is none is answered with a problem, a wrong id as well', async () => {
    const { room } = makeRoom()
    must(await room.start())
    expect(await room.receiving.read('nonsense')).toEqual({
      ok: false,
      problem: { kind: 'not-found', what: 'message' },
    })
    expect(await room.receiving.findSentCopy({ accountId: 'none', messageIdHeader: 'x' })).toMatchObject({
      problem: { kind: 'not-found', what: 'account' },
    })
  })
})

describe('a sorting room that dies', () => {
  test('answers what it was asked, is started again with its accounts, and works', async () => {
    const { room, events, crashes, until } = makeRoom(dyingUrl)
    must(await room.start())
    must(
      await room.receiving.setAccounts([
        { account: pop3Account({ port: 1 }), credentials: ok({ user: 'u', password: 'p' }) },
      ]),
    )
    const told = () => events.filter(event => event.name === 'accounts.changed').length
    for (const starts of [1, 2]) {
      const answer = await room.receiving.refresh(null)
      expect(answer).toMatchObject({ ok: false, problem: { kind: 'internal' } })
      expect(crashes.length).toBe(starts)
      await until(() => told() === starts + 1)
    }
    expect(crashes).toEqual(['death 1', 'death 2'])
    expect(must(await room.receiving.refresh(null))).toEqual({ started: true })
  })

  test('while it is away, commands say so at once', async () => {
    const { room } = makeRoom(dyingUrl)
    must(await room.start())
    await room.receiving.refresh(null)
    expect(await room.receiving.refresh(null)).toEqual({
      ok: false,
      problem: { kind: 'not-now', what: 'sorting-room' },
    })
  })
})

describe.skipIf(!needsPackages(['dovecot-imapd', 'dovecot-lmtpd']))('the sorting room with Dovecot', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers()
  })
  afterAll(() => servers?.stop())

  test('believes in its thread the certificates that the desk believes', async () => {
    const { user, password } = servers.haruka
    await servers.dovecot.deliver(user, mail(1))
    const { room, dataDir, until } = makeRoom()
    must(await room.start())
    const mailbox = deskOver(room, dataDir)
    const account = imapAccount({
      host: 'localhost',
      port: servers.dovecot.ports.imaps,
      tls: 'implicit',
      user,
    })
    must(await room.receiving.setAccounts([{ account, credentials: ok({ user, password }) }]))
    await until(() => mailbox.count(inbox).total === 1)
    expect(mailbox.page(inbox, 0, 10)[0]?.subject).toBe('mail 1')
  })
})
