// `npm run bench:send`: how fast and how frugal sending is, as ratios of medians of interleaved rounds in one run.
// Prints and does not judge, unless asked to with --assert. Options: --mails, --big, --rounds, --assert.

import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { freeze } from '../../main/mime/recipe.ts'
import { writeMail } from '../../main/mime/write-mail.ts'
import { startDelayProxy } from '../support/delay-proxy.ts'
import { type MailServers, startMailServers } from '../support/mail-servers.ts'
import { freePorts, portAnswers } from '../support/ports.ts'
import { FROM, msmtpLoop, nodemailerWay, outboxWay, smtpSource, type Target, TEXT, TO } from './ways.ts'

const { values } = parseArgs({
  options: {
    mails: { type: 'string', default: '1000' },
    big: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '5' },
    assert: { type: 'boolean', default: false },
  },
})
const MAILS = Number(values.mails)
const BIG = Number(values.big)
const ROUNDS = Number(values.rounds)
const MIB = 1024 * 1024

const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
const has = (command: string) => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The longest turn of the event loop and the most memory while `work` runs. */
async function watched(work: () => Promise<void>): Promise<{ stallMs: number; growthMiB: number }> {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const sampler = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  delay.enable()
  await work()
  delay.disable()
  clearInterval(sampler)
  return { stallMs: delay.max / 1e6, growthMiB: (most - before) / MIB }
}

const plain = (port: number): Target => ({
  settings: {
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: '',
    pinnedCertificate: null,
    plaintextConsent: false,
  },
  password: '',
})

type Bar = { what: string; value: string; bar: string; holds: boolean }
const bars: Bar[] = []
const note = (what: string, value: string, bar: string, holds: boolean) => {
  bars.push({ what, value, bar, holds })
  process.stdout.write(`${holds ? 'holds ' : 'MISSED'}  ${what}: ${value} (bar: ${bar})\n`)
}
const say = (text: string) => process.stdout.write(`${text}\n`)

async function small(name: string, port: number, count: number, maxRatio: number | null): Promise<void> {
  const times = {
    outbox: [] as number[],
    merge: [] as number[],
    queued: [] as number[],
    nodemailer: [] as number[],
    source: [] as number[],
    msmtp: [] as number[],
  }
  const perMail: number[] = []
  const stalls: number[] = []
  const fewer = Math.min(20, count)
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await outboxWay(plain(port))
    const drafts = await ours.written(count, null)
    const before = ours.commits()
    let facts = { queuedMs: 0, commitsAtSend: 0 }
    const { stallMs } = await watched(async () => {
      times.outbox.push(await timed(async () => (facts = await ours.send(drafts))))
    })
    times.queued.push(facts.queuedMs)
    perMail.push((ours.commits() - before - facts.commitsAtSend) / count)
    stalls.push(stallMs)
    await ours.close()
    const merge = await outboxWay(plain(port))
    const batch = await merge.written(count, null)
    times.merge.push(await timed(() => merge.send(batch, 'at once')))
    await merge.close()
    const theirs = nodemailerWay(plain(port))
    times.nodemailer.push(await timed(() => theirs.send(count, null)))
    theirs.close()
    if (has('smtp-source')) times.source.push(await timed(() => smtpSource(port, count, TEXT.length + 400)))
    if (has('msmtp'))
      times.msmtp.push(((await timed(() => msmtpLoop(port, fewer, `Subject: x\n\n${TEXT}`))) / fewer) * count)
  }
  const rate = (list: number[]) =>
    list.length === 0 ? 'not installed' : `${Math.round((count / median(list)) * 1000)}/s`
  say(
    `\n${count} small mails to ${name}: outbox ${rate(times.outbox)} (Send alone ${rate(times.queued)}), all at once ${rate(times.merge)}, nodemailer ${rate(times.nodemailer)}, smtp-source ${rate(times.source)}, msmtp ${rate(times.msmtp)}`,
  )
  const ratio = median(times.outbox) / median(times.nodemailer)
  if (maxRatio !== null)
    note(`${name}: outbox against nodemailer`, `${ratio.toFixed(2)}×`, `${maxRatio}×`, ratio <= maxRatio)
  else say(`        ${name}: outbox against nodemailer ${ratio.toFixed(2)}×`)
  const merged = median(times.merge) / median(times.nodemailer)
  if (maxRatio !== null)
    note(`${name}: a batch at once against nodemailer`, `${merged.toFixed(2)}×`, '1.25×', merged <= 1.25)
  else say(`        ${name}: a batch at once against nodemailer ${merged.toFixed(2)}×`)
  if (times.source.length > 0)
    say(
      `        ${name}: rate against smtp-source ${(median(times.source) / median(times.outbox)).toFixed(2)}× (stretch: 0.85× on Postfix)`,
    )
  if (times.msmtp.length > 0) {
    const faster = median(times.msmtp) / median(times.outbox)
    note(`${name}: rate against msmtp`, `${faster.toFixed(1)}×`, '10×', faster >= 10)
  }
  note(
    `${name}: commits per mail in the running queue`,
    median(perMail).toFixed(2),
    '2',
    median(perMail) <= 2.05,
  )
  note(`${name}: longest stall`, `${median(stalls).toFixed(1)} ms`, '16 ms', median(stalls) <= 16)
}

async function big(port: number): Promise<void> {
  const times = { outbox: [] as number[], queued: [] as number[], nodemailer: [] as number[] }
  const growth: number[] = []
  const stalls: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await outboxWay(plain(port))
    const file = ours.keep(randomBytes(10 * MIB), 'big.bin')
    const drafts = await ours.written(BIG, file)
    const seen = await watched(async () => {
      times.outbox.push(await timed(async () => times.queued.push((await ours.send(drafts)).queuedMs)))
    })
    growth.push(seen.growthMiB)
    stalls.push(seen.stallMs)
    const theirs = nodemailerWay(plain(port))
    times.nodemailer.push(await timed(() => theirs.send(BIG, file)))
    theirs.close()
    await ours.close()
  }
  const speed = (list: number[]) => `${Math.round((BIG * 10) / (median(list) / 1000))} MiB/s`
  say(
    `\n${BIG} mails of 10 MiB to smtp-sink: outbox ${speed(times.outbox)} (Send alone ${Math.round(median(times.queued) / BIG)} ms each), nodemailer by path ${speed(times.nodemailer)}`,
  )
  const ratio = median(times.outbox) / median(times.nodemailer)
  note('10 MiB: outbox against nodemailer', `${ratio.toFixed(2)}×`, '1.15×', ratio <= 1.15)
  note('10 MiB: memory', `+${median(growth).toFixed(0)} MiB`, '+40 MiB', median(growth) <= 40)
  note('10 MiB: longest stall', `${median(stalls).toFixed(1)} ms`, '16 ms', median(stalls) <= 16)
}

/**
 * Round trips of a cold send by STARTTLS: connection and greeting, EHLO, STARTTLS, the handshake, EHLO, AUTH by PLAIN,
 * the envelope, the mail. SCRAM, which is taken where it is offered, has two more (RFC 5802, RFC 4954 section 4).
 */
const COLD_TURNS = { PLAIN: 8, SCRAM: 10 }

async function latency(name: string, target: Target, rttMs: number, coldTurns: number): Promise<void> {
  const cold: number[] = []
  const warm: number[] = []
  const composed: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const ours = await outboxWay(target)
    const [first, second] = await ours.written(2, null)
    if (first === undefined || second === undefined) throw new Error('no drafts')
    cold.push(await timed(() => ours.send([first])))
    warm.push(await timed(() => ours.send([second])))
    await ours.close()
    const open = await outboxWay(target)
    const [third] = await open.written(1, null)
    if (third === undefined) throw new Error('no draft')
    open.warm()
    // While somebody writes.
    await new Promise(resolve => setTimeout(resolve, 500 + 20 * rttMs))
    composed.push(await timed(() => open.send([third])))
    await open.close()
  }
  const [c, w, o] = [median(cold), median(warm), median(composed)]
  say(
    `\none mail to Postfix by STARTTLS and AUTH, ${name}: cold ${c.toFixed(0)} ms, warm ${w.toFixed(0)} ms, first one of a composer that was open ${o.toFixed(0)} ms`,
  )
  note(
    `${name}: a composer that was open`,
    `${o.toFixed(0)} ms`,
    `2 round trips + 15 ms`,
    o <= 2 * rttMs + 15,
  )
  note(`${name}: warm`, `${w.toFixed(0)} ms`, `2 round trips + 15 ms`, w <= 2 * rttMs + 15)
  note(`${name}: cold`, `${c.toFixed(0)} ms`, `${coldTurns} round trips + 20 ms`, c <= coldTurns * rttMs + 20)
}

async function mime(): Promise<void> {
  const ours = await outboxWay(plain(1))
  const file = ours.keep(randomBytes(25 * MIB), 'mime.bin')
  const attachment = {
    name: file.name,
    type: 'application/octet-stream',
    bytes: file.bytes,
    sha256: file.sha256,
  }
  const recipe = freeze(
    {
      from: FROM,
      to: [{ name: '', address: TO }],
      cc: [],
      bcc: [],
      subject: 'x',
      text: TEXT,
      references: [],
      attachments: [attachment],
    },
    0,
  )
  const speeds: number[] = []
  const growth: number[] = []
  const stalls: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const seen = await watched(async () => {
      let bytes = 0
      const ms = await timed(async () => {
        for await (const chunk of writeMail(recipe, { for: 'wire', openPath: () => file.path }))
          bytes += chunk.length
      })
      speeds.push(bytes / MIB / (ms / 1000))
    })
    growth.push(seen.growthMiB)
    stalls.push(seen.stallMs)
  }
  await ours.close()
  say('\nMIME of 25 MiB by path')
  note('MIME: speed', `${median(speeds).toFixed(0)} MiB/s`, '100 MiB/s', median(speeds) >= 100)
  note('MIME: memory', `+${median(growth).toFixed(0)} MiB`, '+25 MiB', median(growth) <= 25)
  note('MIME: longest stall', `${median(stalls).toFixed(1)} ms`, '16 ms', median(stalls) <= 16)
}

async function withSink<T>(work: (port: number) => Promise<T>): Promise<T> {
  const [port = 0] = await freePorts(1)
  const sink = spawn('smtp-sink', ['-u', 'nobody', `127.0.0.1:${port}`, '100'], { stdio: 'ignore' })
  try {
    while (!(await portAnswers(port))) await new Promise(resolve => setTimeout(resolve, 20))
    return await work(port)
  } finally {
    sink.kill()
  }
}

if (!has('msmtp')) say('msmtp is not installed: skipped')
say(`Node ${process.versions.node}, medians of ${ROUNDS} interleaved rounds`)
await withSink(async port => {
  await small('smtp-sink', port, MAILS, null)
  await big(port)
})
await mime()
const routes = { 'sink.test': 'discard:' }
/** The same mail to a server that offers one way to sign in, directly and from far away. */
async function latencies(
  mechanism: keyof typeof COLD_TURNS,
  { haruka, postfix }: MailServers,
): Promise<void> {
  const { user, password } = haruka
  const target = (port: number): Target => ({
    settings: {
      host: 'localhost',
      port,
      tls: 'starttls',
      user,
      pinnedCertificate: null,
      plaintextConsent: false,
    },
    password,
  })
  await latency(`${mechanism}, directly`, target(postfix.ports.submission), 0, COLD_TURNS[mechanism])
  const proxy = await startDelayProxy(postfix.ports.submission, 25)
  const rttMs = await proxy.roundTripMs()
  await latency(`${mechanism}, ${rttMs.toFixed(1)} ms away`, target(proxy.port), rttMs, COLD_TURNS[mechanism])
  await proxy.stop()
}

const office = await startMailServers({ postfix: { plain: true, routes } })
try {
  await small('Postfix', office.postfix.ports.plain, Math.min(MAILS, 300), 1.5)
  await latencies('SCRAM', office)
} finally {
  await office.stop()
}
const plainly = await startMailServers({
  postfix: { routes, settings: { smtpd_sasl_mechanism_filter: 'plain' } },
})
try {
  await latencies('PLAIN', plainly)
} finally {
  await plainly.stop()
}
const missed = bars.filter(({ holds }) => !holds)
say(`\n${bars.length - missed.length} of ${bars.length} bars hold`)
if (values.assert && missed.length > 0) process.exitCode = 1
