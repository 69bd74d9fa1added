// `npm run bench:mailbox`: what receiving and searching cost, as ratios to others at the same work in one run, each
// beside the other in every round. Prints and does not judge, unless asked to with --assert.
// Options: --mails, --rounds, --only sync,resync,pop3,scan,index,threads,search, --assert.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startMailServers } from '../support/mail-servers.ts'
import { createBars } from './bars.ts'
import { writeCorpus } from './mailbox-corpus.ts'
import { type Bench, indexPart, pop3Part, resyncPart, syncPart } from './mailbox-parts.ts'
import { scanPart } from './mailbox-scan.ts'
import { threadsPart } from './mailbox-threads.ts'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'sync,resync,pop3,scan,index,threads,search' },
    assert: { type: 'boolean', default: false },
  },
})
const only = values.only.split(',')
const bars = createBars()
const folder = mkdtempSync(join(tmpdir(), 'todoke-bench-mailbox-'))
const corpus = writeCorpus(join(folder, 'corpus'), Number(values.mails))
const perMail = corpus.bytes / corpus.mails / 1024
bars.say(
  `${corpus.mails} mails, ${(corpus.bytes / 2 ** 20).toFixed(0)} MiB, ${perMail.toFixed(1)} KiB a mail, ` +
    `${(corpus.textBytes / 2 ** 20).toFixed(0)} MiB of text; load ${loadavg()[0]?.toFixed(1)}`,
)

const users = ['sync', 'resync', 'pop3'].map(name => ({ user: `${name}@todoke.test`, password: 'a word' }))
const needsServer = only.some(part => users.some(({ user }) => user.startsWith(part)))
const servers = needsServer ? await startMailServers({ users, dovecotConfig: 'mail_fsync = never\n' }) : null
try {
  if (servers !== null) {
    mkdirSync(join(folder, 'peers'))
    const bench: Bench = {
      bars,
      folder: join(folder, 'peers'),
      corpus,
      rounds: Number(values.rounds),
      servers,
      password: 'a word',
    }
    if (only.includes('sync')) await syncPart(bench)
    if (only.includes('resync')) await resyncPart(bench)
    if (only.includes('pop3')) await pop3Part(bench)
  }
  if (only.includes('threads')) await threadsPart(bars)
  if (only.includes('scan')) await scanPart(bars, corpus)
  if (only.includes('index')) await indexPart(bars, join(folder, 'index'), corpus, Number(values.rounds))
} finally {
  await servers?.stop()
  rmSync(folder, { recursive: true, force: true })
}
let missed = bars.end()
if (only.includes('search')) {
  // A process of its own: the memory of what was before would be in its way.
  const count = String(Math.max(Number(values.mails), Number(values.mails) === 20_000 ? 100_000 : 0))
  const search = spawnSync(process.execPath, [join(import.meta.dirname, 'mailbox-search.ts'), count], {
    stdio: 'inherit',
  })
  missed += search.status ?? 1
}
bars.say(`load at the end ${loadavg()[0]?.toFixed(1)}`)
if (values.assert && missed > 0) process.exitCode = 1
