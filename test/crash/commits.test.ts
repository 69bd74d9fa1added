// What the kernel saw: a mail's claim is on the disk before a server hears of it, and its end before its last bytes go.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { idOf } from './post-office.ts'
import { openWorld, type World } from './world.ts'

const SENDS = process.env.TODOKE_CRASH_LONG === '1' ? 100 : 12
const WITHIN_MS = 240_000
const TRACE = ['-e', 'trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg', '-s', '6000', '-y']
const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0
if (!canTrace) console.log('Shows 2: skipped, as strace cannot look into a process here')

let folder: string | undefined
let world: World | undefined
beforeAll(async () => {
  if (!canTrace) return
  folder = await mkdtemp(join(tmpdir(), 'todoke-strace-'))
  world = await openWorld({ isPlain: true, under: ['strace', '-f', ...TRACE, '-o', join(folder, 'calls')] })
}, WITHIN_MS)
afterAll(async () => {
  await world?.close()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

/** `write` and `sync` of the outbox file, what is `said` on the wire with the `sender` and the `end` of a mail. */
type Kind = 'write' | 'sync' | 'said' | 'sender' | 'end'
type Seen = {
  calls: Kind[]
  /** `item type` of a row of the ledger: the first call that wrote it. */
  rows: Map<string, number>
  /** The writes that were the last of a commit; the header of their page says so. */
  commits: number[]
  /** Of each sync: how many calls there were when it began, and when it had come back. */
  syncs: { from: number; at: number }[]
}

const FRAME_HEADER = /^pwrite64\([^"]*"(.*)", 24, /

/** The second number of a page's header: how large the file is after this commit, 0 in the middle of one. */
function endsCommit(header: string): boolean {
  const bytes = header.match(/\\[0-7]{1,3}|\\.|[^\\]/gs) ?? []
  return bytes.slice(4, 8).some(byte => byte !== '\\0')
}

/** A row of the ledger as it lies in a page: item, time and attempt in a few bytes, and the type. */
const ROW =
  /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\\[0-7]{1,3}|\\.|[^\\]){4,14}?(claimed|terminating)/g

function seenIn(trace: string, pid: number): Seen {
  const seen: Seen = { calls: [], rows: new Map(), commits: [], syncs: [] }
  const { calls, rows } = seen
  /** By thread: a call that has not come back yet. */
  const unfinished = new Map<string, { call: string; from: number }>()
  let isCommit = false
  for (const line of trace.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(thread, { call: rest, from: calls.length })
      continue
    }
    const begun = rest.startsWith('<... ') ? unfinished.get(thread) : undefined
    const { call, from } = begun ?? { call: rest, from: calls.length }
    // The outbox is synced on other threads too; it is written and mails are spoken of on one only.
    if (/^f(data)?sync\(\d+<[^>]*desk\.db-wal>/.test(call)) {
      seen.syncs.push({ from, at: calls.length })
      calls.push('sync')
    } else if (Number(thread) !== pid) continue
    else if (/^pwrite64\(\d+<[^>]*desk\.db-wal>/.test(call)) {
      const header = FRAME_HEADER.exec(call)?.[1]
      if (header === undefined && isCommit) seen.commits.push(calls.length)
      isCommit = header !== undefined && endsCommit(header)
      for (const [, item, type] of call.matchAll(ROW)) {
        const row = `${item} ${type}`
        if (!rows.has(row)) rows.set(row, calls.length)
      }
      calls.push('write')
    } else if (/^(write|writev|sendto|sendmsg)\((?![12]<)\d+<(TCP|socket)/.test(call)) {
      // The dot goes with the last bytes of the mail, and the next one may speak in the same call.
      const kinds: Kind[] = []
      if (/\\r\\n\.\\r\\n"/.test(call)) kinds.push('end')
      if (call.includes('MAIL FROM:<')) kinds.push('sender')
      calls.push(...(kinds.length > 0 ? kinds : ['said' as const]))
    }
  }
  return seen
}

/** The commit with the row was whole, and a sync that began after that had come back before this call. */
function isOnTheDisk({ rows, commits, syncs }: Seen, row: string, at: number): boolean {
  const written = rows.get(row)
  const whole = commits.find(commit => commit >= (written ?? Number.POSITIVE_INFINITY))
  return whole !== undefined && syncs.some(sync => sync.from > whole && sync.at < at)
}

test.skipIf(!canTrace)(
  `in ${SENDS} of ${SENDS} sends the claim is synced before MAIL FROM, and the end before its last bytes`,
  async () => {
    if (world === undefined || folder === undefined) throw new Error('no world')
    const { program, office } = world
    const drafts = []
    for (let mail = 0; mail < SENDS; mail += 1) drafts.push(await world.compose())
    const before = office.smtp.messages.length
    const items = new Map<string, string>()
    for (const { draftId, revision } of drafts) {
      const { itemId } = await program.call('outbox.send', draftId, revision, null)
      items.set((await program.call('outbox.get', itemId)).messageIdHeader, itemId)
    }
    for (const itemId of items.values()) {
      await program.until(itemId, ({ journey }) => journey.state === 'accepted', WITHIN_MS)
    }
    await program.kill()
    // The mails in the order in which the server heard of them.
    const sent = office.smtp.messages.slice(before).map(({ data }) => items.get(idOf(data)) ?? 'unknown')
    expect(new Set(sent).size).toBe(SENDS)

    const seen = seenIn(readFileSync(join(folder, 'calls'), 'utf8'), program.pid)
    const places = (kind: Kind) => seen.calls.flatMap((call, at) => (call === kind ? [at] : [])).slice(-SENDS)
    const proved = (type: string, kind: Kind) => {
      const at = places(kind)
      return sent.filter((itemId, turn) => isOnTheDisk(seen, `${itemId} ${type}`, at[turn] ?? -1)).length
    }
    const [claimed, terminating] = [proved('claimed', 'sender'), proved('terminating', 'end')]
    console.log(
      `Shows 2: synced before MAIL FROM ${claimed} of ${SENDS}, before the last bytes ${terminating} of ${SENDS}`,
    )
    expect({ claimed, terminating }).toEqual({ claimed: SENDS, terminating: SENDS })
  },
  WITHIN_MS,
)
