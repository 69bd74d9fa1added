// The parts of `npm run bench:mailbox` that compare with other programs. Each takes all ways once a round, one after
// the other, and gives medians.

import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { openDatabase } from '../../main/db.ts'
import { rowOfSource } from '../../main/mailbox/mail-row.ts'
import { createMailStore } from '../../main/mailbox/mailbox-store.ts'
import { createPacks } from '../../main/mailbox/pack.ts'
import { createSearchIndex } from '../../main/mailbox/search-index.ts'
import { mailMigrations } from '../../main/schema.ts'
import type { Place } from '../../shared/model.ts'
import { imapAccount, must, pop3Account } from '../main/mailbox/receiving-bench.ts'
import type { MailServers } from '../support/mail-servers.ts'
import { type Bars, median } from './bars.ts'
import { addMails, type Corpus, lendCorpus, SEED } from './mailbox-corpus.ts'
import { type Desk, openDesk } from './mailbox-desk.ts'
import { createMailmaker } from './mailbox-generator.ts'
import { isInstalled, type Login, mbsync, mpop, muIndex, notmuchNew } from './mailbox-peers.ts'

export type Bench = {
  bars: Bars
  /** For what the peers write, and our data. */
  folder: string
  corpus: Corpus
  rounds: number
  servers: MailServers
  password: string
}

const OWNER = 61_234
const INBOX: Place = { kind: 'unified', role: 'inbox' }
const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`
const times = (ratio: number) => `${ratio.toFixed(2)}×`

function mailboxOf({ servers, corpus }: Bench, user: string): string {
  const mailbox = join(servers.dovecot.mailRoot, user, 'Maildir')
  lendCorpus(corpus, mailbox, OWNER)
  return mailbox
}

function loginOf({ servers, password }: Bench, user: string, port: number): Login {
  return { port, user: `${user}@${servers.dovecot.users[0]?.user.split('@')[1]}`, password }
}

const storedSources = ({ db }: Desk) =>
  Number(db.get('SELECT count(*) AS count FROM message WHERE pack IS NOT NULL')?.count)
const isIndexed = ({ db }: Desk) => db.get('SELECT 1 FROM message WHERE is_indexed = 0 LIMIT 1') === undefined

/** The first sync: rows, the list, the sources, and when all of it can be searched. */
export async function syncPart(bench: Bench): Promise<void> {
  const { bars, folder, corpus, rounds, servers } = bench
  if (!isInstalled('mbsync')) bars.say('mbsync is not installed: nothing to stand beside')
  const login = loginOf(bench, 'sync', servers.dovecot.ports.imap)
  mailboxOf(bench, login.user)
  const quick = mbsync(folder, login, false)
  const durable = mbsync(folder, login, true)
  const account = imapAccount({ port: login.port, user: login.user })
  const peer = { quick: [] as number[], durable: [] as number[] }
  const ours = { rows: [] as number[], list: [] as number[], sources: [] as number[], index: [] as number[] }
  const most = { desk: [] as number[], room: [] as number[], memory: [] as number[] }
  // The first round only warms the server, as any mailbox is that somebody has used.
  for (let round = -1; round < rounds; round += 1) {
    const dataDir = join(folder, 'desk')
    rmSync(dataDir, { recursive: true, force: true })
    mkdirSync(dataDir)
    const desk = await openDesk(dataDir)
    await desk.receive(account, bench.password)
    const rows = await desk.until(() => desk.mailbox.page(INBOX, 0, 50).length === Math.min(50, corpus.mails))
    const list = await desk.until(() => desk.mailbox.count(INBOX).total === corpus.mails)
    const sources = await desk.until(() => storedSources(desk) === corpus.mails)
    const index = await desk.until(() => isIndexed(desk))
    const { deskStallMs, roomStallMs, mostMiB } = await desk.stop()
    const quickMs = isInstalled('mbsync') ? quick.first() : Number.NaN
    const durableMs = isInstalled('mbsync') ? durable.first() : Number.NaN
    if (round < 0) continue
    ours.rows.push(rows)
    ours.list.push(list)
    ours.sources.push(sources)
    ours.index.push(index)
    most.desk.push(deskStallMs)
    most.room.push(roomStallMs)
    most.memory.push(mostMiB)
    peer.quick.push(quickMs)
    peer.durable.push(durableMs)
    bars.say(
      `        rows ${seconds(rows)}, list ${seconds(list)}, sources ${seconds(sources)}, searchable ${seconds(index)}; mbsync ${seconds(quickMs)}, by default ${seconds(durableMs)}`,
    )
  }
  bars.note('first 50 rows', seconds(median(ours.rows)), 'at most 0.5 s', median(ours.rows) <= 500)
  const ratio = (mine: number[], theirs: number[], what: string, most: number) => {
    const value = median(mine.map((ms, at) => ms / (theirs[at] as number)))
    bars.note(what, times(value), `at most ${most}×`, value <= most)
  }
  ratio(ours.list, peer.quick, 'list usable / mbsync without fsync', 1)
  ratio(ours.sources, peer.quick, 'sources stored / mbsync without fsync', 1.5)
  ratio(ours.sources, peer.durable, 'sources stored / mbsync by default', 0.25)
  bars.note(
    'longest stall of the desk',
    `${median(most.desk).toFixed(1)} ms`,
    'at most 16 ms',
    median(most.desk) <= 16,
  )
  bars.say(
    `        longest stall of the sorting room ${median(most.room).toFixed(0)} ms; most memory ${median(most.memory).toFixed(0)} MiB`,
  )
}

/** What a start costs when all is here: nothing new, 100 new mails, 1,000 flags changed. */
export async function resyncPart(bench: Bench): Promise<void> {
  const { bars, folder, corpus, rounds, servers } = bench
  if (!isInstalled('mbsync')) return bars.say('mbsync is not installed: resync is left out')
  const login = loginOf(bench, 'resync', servers.dovecot.ports.imap)
  const mailbox = mailboxOf(bench, login.user)
  const peer = mbsync(folder, login, false)
  const account = imapAccount({ port: login.port, user: login.user })
  const dataDir = join(folder, 'desk-resync')
  mkdirSync(dataDir)
  const visit = async (isDone: (desk: Desk) => boolean): Promise<number> => {
    const desk = await openDesk(dataDir)
    await desk.receive(account, bench.password)
    const ms = await desk.until(() => isDone(desk) && desk.room.statuses()[0]?.incoming.state === 'idle')
    await desk.until(() => isIndexed(desk))
    await desk.stop()
    return ms
  }
  let mails = corpus.mails
  await visit(desk => storedSources(desk) === mails)
  peer.first()
  let isFlagged = false
  const flags = Math.min(1_000, corpus.mails)
  const ours = { nothing: [] as number[], mails: [] as number[], flags: [] as number[] }
  const theirs = { nothing: [] as number[], mails: [] as number[], flags: [] as number[] }
  for (let round = 0; round < rounds; round += 1) {
    ours.nothing.push(await visit(() => true))
    theirs.nothing.push(peer.again())
    addMails(mailbox, mails, 100, OWNER)
    mails += 100
    theirs.mails.push(peer.again())
    ours.mails.push(await visit(desk => storedSources(desk) === mails))
    isFlagged = !isFlagged
    await changeFlags(login, `1:${flags}`, isFlagged)
    ours.flags.push(
      await visit(
        desk =>
          Number(desk.db.get('SELECT count(*) AS count FROM message WHERE is_flagged = 1')?.count) ===
          (isFlagged ? flags : 0),
      ),
    )
    theirs.flags.push(peer.again())
  }
  const ratio = (mine: number[], other: number[], what: string, most: number) => {
    const value = median(mine.map((ms, at) => ms / (other[at] as number)))
    const figure = `${times(value)} (${median(mine).toFixed(0)} ms, mbsync ${median(other).toFixed(0)} ms)`
    bars.note(what, figure, `at most ${most}×`, value <= most)
  }
  ratio(ours.nothing, theirs.nothing, 'resync, nothing new / mbsync', 1)
  ratio(ours.mails, theirs.mails, 'resync, 100 new / mbsync', 1.5)
  ratio(ours.flags, theirs.flags, `resync, ${flags} flags / mbsync`, 1)
}

async function changeFlags(
  { port, user, password }: Login,
  range: string,
  isFlagged: boolean,
): Promise<void> {
  const auth = { user, pass: password }
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: false,
    doSTARTTLS: false,
    auth,
    logger: false,
  })
  await client.connect()
  await client.mailboxOpen('INBOX')
  if (isFlagged) await client.messageFlagsAdd(range, ['\\Flagged'], { silent: true })
  else await client.messageFlagsRemove(range, ['\\Flagged'], { silent: true })
  await client.logout()
}

/** All mails of a maildrop, durably here, and left there. */
export async function pop3Part(bench: Bench): Promise<void> {
  const { bars, folder, corpus, rounds, servers } = bench
  if (!isInstalled('mpop')) return bars.say('mpop is not installed: POP3 is left out')
  const login = loginOf(bench, 'pop3', servers.dovecot.ports.pop3)
  mailboxOf(bench, login.user)
  const account = pop3Account({ port: login.port, user: login.user })
  const ratios: number[] = []
  for (let round = -1; round < rounds; round += 1) {
    const dataDir = join(folder, 'desk-pop3')
    rmSync(dataDir, { recursive: true, force: true })
    mkdirSync(dataDir)
    const desk = await openDesk(dataDir)
    await desk.receive(account, bench.password)
    const ms = await desk.until(
      () =>
        desk.mailbox.count(INBOX).total === corpus.mails &&
        desk.room.statuses()[0]?.incoming.state === 'idle',
    )
    const { deskStallMs } = await desk.stop()
    const peerMs = mpop(folder, login)
    if (round < 0) continue
    ratios.push(ms / peerMs)
    bars.say(
      `        ${seconds(ms)}, mpop ${seconds(peerMs)}; longest stall of the desk ${deskStallMs.toFixed(1)} ms`,
    )
  }
  bars.note('POP3, all mails / mpop', times(median(ratios)), 'at most 0.5×', median(ratios) <= 0.5)
}

/** From sources in the packs to an index that answers. */
export async function indexPart(bars: Bars, folder: string, corpus: Corpus, rounds: number): Promise<void> {
  mkdirSync(folder)
  const ours: number[] = []
  const mu: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const dataDir = join(folder, String(round))
    ours.push(await indexOnce(dataDir, corpus.mails))
    rmSync(dataDir, { recursive: true, force: true })
    if (isInstalled('mu')) mu.push(muIndex(folder, corpus.maildir))
  }
  const notmuch = isInstalled('notmuch') ? seconds(notmuchNew(folder, corpus.maildir)) : 'not installed'
  if (mu.length === 0) return bars.say('mu is not installed: nothing to stand beside')
  const ratio = median(ours.map((ms, at) => ms / (mu[at] as number)))
  bars.say(`        index ${seconds(median(ours))}, mu ${seconds(median(mu))}, notmuch once ${notmuch}`)
  bars.note('search complete / mu index', times(ratio), 'at most 0.25×', ratio <= 0.25)
}

async function indexOnce(dataDir: string, mails: number): Promise<number> {
  mkdirSync(dataDir)
  const db = must(
    openDatabase(join(dataDir, 'mail.db'), { durability: 'normal', migrations: mailMigrations }),
  )
  const store = createMailStore(db)
  const packs = createPacks(join(dataDir, 'packs'))
  store.keepFolders('bench', [{ path: 'INBOX', name: 'INBOX', role: 'inbox', isLocal: true }])
  const inbox = store.folderOfRole('bench', 'inbox')
  if (inbox === null) throw new Error('no inbox')
  const maker = createMailmaker(SEED)
  for (let at = 0; at < mails; at += 200) {
    const made = Array.from({ length: Math.min(200, mails - at) }, (_, each) => maker.mail(at + each))
    const refs = must(
      await packs.appendAll(
        'bench',
        made.map(({ source }) => source),
      ),
    )
    store.add(
      inbox,
      made.map(({ source, sentAt }, each) =>
        rowOfSource(source, refs[each] as (typeof refs)[0], sentAt, false),
      ),
    )
  }
  await packs.close()
  const index = createSearchIndex({ db, packsDir: join(dataDir, 'packs'), emit: () => {} })
  const startedAt = performance.now()
  index.wake()
  await index.settled()
  const ms = performance.now() - startedAt
  db.close()
  return ms
}
