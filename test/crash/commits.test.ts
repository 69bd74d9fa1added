// What the kernel saw: the outbox is on the disk before a mail is spoken of, and before its last bytes go out.

import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from './world.ts'

const SENDS = 100
const WITHIN_MS = 240_000
const TRACE = ['-e', 'trace=fsync,fdatasync,pwrite64,write,writev,sendto,sendmsg', '-s', '6000', '-y']

let folder: string | undefined
let world: World | undefined
beforeAll(async () => {
  if (process.platform !== 'linux') return
  folder = await mkdtemp(join(tmpdir(), 'todoke-strace-'))
  world = await openWorld({ under: ['strace', '-f', ...TRACE, '-o', join(folder, 'calls')] })
}, WITHIN_MS)
afterAll(async () => {
  await world?.close()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
})

/** `write` and `sync` of the outbox file, what is `said` on the wire with the `sender` and the `end` of a mail. */
type Call = 'write' | 'sync' | 'said' | 'sender' | 'end'

function callsOf(trace: string, pid: number): Call[] {
  const calls: Call[] = []
  let unfinished = ''
  for (const line of trace.split('\n')) {
    const [, thread, rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(thread) !== pid) continue
    if (rest.endsWith('<unfinished ...>')) {
      unfinished = rest
      continue
    }
    const call = rest.startsWith('<... ') ? unfinished : rest
    if (/^pwrite64\(\d+<[^>]*desk\.db-wal>/.test(call)) calls.push('write')
    else if (/^f(data)?sync\(\d+<[^>]*desk\.db-wal>/.test(call)) calls.push('sync')
    else if (/^(write|writev|sendto|sendmsg)\((?![12]<)\d+<(TCP|socket)/.test(call)) {
      // The last bytes of the mail go out just before its dot.
      if (/^\w+\(\d+<[^>]*>, "\.\\r\\n", 3/.test(call)) calls[calls.lastIndexOf('said')] = 'end'
      else calls.push(call.includes('MAIL FROM:<') ? 'sender' : 'said')
    }
  }
  return calls
}

/** Written and synced since the last of `since`, with nothing written after the sync. */
function isOnTheDisk(calls: Call[], at: number, since: Call): boolean {
  const from = calls.lastIndexOf(since, at - 1)
  const between = calls.slice(from + 1, at)
  return between.includes('write') && between.lastIndexOf('sync') > between.lastIndexOf('write')
}

test.skipIf(process.platform !== 'linux')(
  `in ${SENDS} of ${SENDS} sends the claim is synced before MAIL FROM, and the end before its last bytes`,
  async () => {
    if (world === undefined || folder === undefined) throw new Error('no world')
    const drafts = []
    for (let mail = 0; mail < SENDS; mail += 1) drafts.push(await world.compose())
    const before = world.office.smtp.messages.length
    const ids: string[] = []
    for (const { draftId, revision } of drafts) {
      ids.push((await world.program.call('outbox.send', draftId, revision, null)).itemId)
    }
    for (const itemId of ids) {
      await world.program.until(itemId, ({ journey }) => journey.state === 'accepted', WITHIN_MS)
    }
    const { pid } = world.program
    await world.program.kill()
    expect(world.office.smtp.messages.length - before).toBe(SENDS)

    const calls = callsOf(readFileSync(join(folder, 'calls'), 'utf8'), pid)
    const senders = calls.flatMap((call, at) => (call === 'sender' ? [at] : [])).slice(-SENDS)
    const ends = calls.flatMap((call, at) => (call === 'end' ? [at] : [])).slice(-SENDS)
    expect({
      claimed: senders.filter(at => isOnTheDisk(calls, at, 'end')).length,
      terminating: ends.filter(at => isOnTheDisk(calls, at, 'sender')).length,
    }).toEqual({ claimed: SENDS, terminating: SENDS })
  },
  WITHIN_MS,
)
