// A disk that is really full: a small one of its own that is filled up, and one write after the other that the kernel
// refuses. A failed Send says so and keeps the draft; what was queued goes once there is space again.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { hold } from '../servers/acts.ts'
import { faultsOf } from './matrix.ts'
import { openWorld, settle, type World } from './world.ts'

const IS_LONG = process.env.TODOKE_CRASH_LONG === '1'
const WITHIN_MS = 300_000
const MOST_WRITES = 120
const DISK = '12m'

const undo: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
}, WITHIN_MS)

/** Null where none can be mounted, as only root can. */
function smallDisk(): { folder: string; fill(): void; free(): void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'todoke-disk-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]).status !== 0) return null
  undo.push(() => void spawnSync('umount', ['-l', folder]))
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill() {
      const file = openSync(ballast, 'a')
      for (const piece of [Buffer.alloc(65_536), Buffer.alloc(4_096), Buffer.alloc(1)]) {
        try {
          for (;;) writeSync(file, piece)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
        }
      }
      closeSync(file)
    },
    free: () => unlinkSync(ballast),
  }
}

/** Writes a draft so long that it cannot go where an earlier one lay. */
async function longDraft(world: World) {
  const { draftId, revision } = await world.compose()
  const { program } = world
  const { to, cc, bcc, subject, accountId } = await program.call('drafts.get', draftId)
  const text = 'a line of many\n'.repeat(20_000)
  const content = { accountId, to, cc, bcc, subject, text }
  const saved = await program.call('drafts.save', draftId, revision, content as never)
  return { draftId, revision: saved.revision, subject, text }
}

const isQueued = async ({ program }: World, wanted: string) =>
  (await program.call('outbox.list')).some(({ subject }) => subject === wanted)

/** Once for each, with the same bytes. The copy may take its time: the folders lay on the same full disk. */
async function wentOnce(world: World, itemId: string): Promise<void> {
  await world.program.until(itemId, ({ journey }) => journey.state === 'accepted')
  const verdict = await settle(world, itemId)
  expect(faultsOf({ ...verdict, copies: 1 }, { allowed: ['accepted'] })).toEqual([])
}

async function openSmallWorld() {
  const disk = smallDisk()
  if (disk === null) return null
  const dataDir = join(disk.folder, 'data')
  mkdirSync(dataDir)
  const world = await openWorld({ dataDir })
  undo.push(() => world.close())
  return { disk, world }
}

test(
  'a Send on a full disk says that it is not queued and keeps the draft; later it goes once',
  async context => {
    const small = await openSmallWorld()
    if (small === null) {
      console.log('Shows disk: no disk of its own, as nothing can be mounted here')
      return context.skip()
    }
    const { disk, world } = small
    const { draftId, revision, subject, text } = await longDraft(world)
    disk.fill()
    const answer = await world.program.ask('outbox.send', draftId, revision, null)
    expect(answer).toMatchObject({ ok: false, problem: { kind: 'disk-full' } })
    expect(await isQueued(world, subject)).toBe(false)
    expect((await world.program.call('drafts.get', draftId)).text).toBe(text)
    // Killed now, it is all the same.
    await world.restart()
    expect((await world.program.call('drafts.get', draftId)).text).toBe(text)
    disk.free()
    const { itemId } = await world.program.call('outbox.send', draftId, revision, null)
    await wentOnce(world, itemId)
  },
  WITHIN_MS,
)

test(
  'a file that does not fit is not attached, and the draft is what it was',
  async context => {
    const small = await openSmallWorld()
    if (small === null) return context.skip()
    const { disk, world } = small
    const { draftId, revision } = await world.compose()
    const begun = await world.program.ask('files.begin', 'big.bin', 'application/octet-stream', 50_000_000)
    expect(begun).toMatchObject({ ok: false, problem: { kind: 'disk-full' } })
    // It would have fitted when it was begun.
    const late = await world.program.call('files.begin', 'late.bin', 'application/octet-stream', 150_000)
    disk.fill()
    const piece = Buffer.alloc(150_000, 'x').toString('base64')
    expect(await world.program.ask('files.append', late.fileToken, 0, piece)).toMatchObject({
      ok: false,
      problem: { kind: 'disk-full' },
    })
    expect(await world.program.ask('drafts.attach', draftId, late.fileToken)).toMatchObject({ ok: false })
    disk.free()
    const { itemId } = await world.program.call('outbox.send', draftId, revision, null)
    await wentOnce(world, itemId)
  },
  WITHIN_MS,
)

test(
  'a disk that fills up between the claim and the end keeps the mail back, and it goes when there is space',
  async context => {
    const small = await openSmallWorld()
    if (small === null) return context.skip()
    const { disk, world } = small
    const atData = hold()
    world.office.script.data = [atData]
    const itemId = await world.send()
    await atData.reached
    disk.fill()
    atData.release()
    await world.office.smtp.waitFor(() => world.office.smtp.abandoned.length > 0, 'the mail to be broken off')
    disk.free()
    const item = await world.program.until(itemId, ({ journey }) => journey.state === 'queued')
    expect(item.journey.problem).toEqual({ kind: 'disk-full' })
    const verdict = await settle(world, itemId)
    // The other thread lost its files to the same disk: its copy may come only at the second try, half a minute later.
    await world.program.until(itemId, ({ journey }) => journey.sentCopy.state === 'filed', 120_000)
    const copies = world.office.filed(item.messageIdHeader)
    expect(faultsOf({ ...verdict, copies }, { allowed: ['queued', 'accepted'] })).toEqual([])
  },
  WITHIN_MS,
)

/** Has the kernel refuse the nth write to the outbox file from now on; null where that is not possible. */
async function refuseWrite(world: World, nth: number) {
  const file = join(world.dataDir, 'desk.db-wal')
  const words = ['-f', '-p', String(world.program.pid), '-e', 'trace=pwrite64', '-P', file]
  const strace: ChildProcess = spawn('strace', [...words, '-e', `inject=pwrite64:error=ENOSPC:when=${nth}`])
  let said = ''
  const attached = new Promise<boolean>(resolve => {
    strace.stderr?.on('data', chunk => {
      said += chunk
      if (/attached/.test(said)) resolve(true)
    })
    strace.once('close', () => resolve(false))
    strace.once('error', () => resolve(false))
  })
  if (!(await attached)) return null
  return {
    /** Lets go; whether the write came. */
    async end(): Promise<boolean> {
      strace.kill('SIGINT')
      await once(strace, 'close')
      return said.includes('INJECTED')
    },
  }
}

test(
  'each write to the outbox file of a mail’s way refused once: no mail is lost, doubled or other than it was',
  async context => {
    const world = await openWorld()
    undo.push(() => world.close())
    let [refused, kept] = [0, 0]
    for (let nth = 1; nth <= MOST_WRITES; nth += IS_LONG ? 1 : 13) {
      const { draftId, revision, subject } = await world.compose()
      const tracer = await refuseWrite(world, nth)
      if (tracer === null) {
        console.log('Shows disk: no write can be refused, as strace cannot look into a process here')
        return context.skip()
      }
      const answer = await world.program.ask('outbox.send', draftId, revision, null)
      let itemId = answer.ok ? answer.value.itemId : ''
      if (!answer.ok) {
        expect(answer.problem).toEqual({ kind: 'disk-full' })
        expect(await isQueued(world, subject)).toBe(false)
        expect((await world.program.call('drafts.get', draftId)).to).toHaveLength(2)
        kept += 1
        itemId = (await world.program.call('outbox.send', draftId, revision, null)).itemId
      }
      const verdict = await settle(world, itemId)
      const wasRefused = await tracer.end()
      expect([nth, faultsOf(verdict, { allowed: ['accepted', 'queued'] })]).toEqual([nth, []])
      if (!wasRefused) break
      refused += 1
    }
    console.log(
      `Shows disk: ${refused} writes of the outbox file refused one after the other: ${kept} Sends said "not queued" with the draft whole, every mail went once in the end`,
    )
    expect(refused).toBeGreaterThan(3)
  },
  WITHIN_MS,
)
