import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Calls, createDoor } from '../../../main/call.ts'
import {
  createSpool,
  fileCalls,
  PIECE_BYTES,
  type Spool,
  type SpooledFile,
} from '../../../main/drafts/spool.ts'
import type { Method } from '../../../shared/api.ts'
import type { Result } from '../../../shared/problem.ts'
import { manualClock } from '../../support/manual-clock.ts'

let dir: string
let clock: ReturnType<typeof manualClock>
let spool: Spool

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'todoke-spool-')), 'spool')
  clock = manualClock()
  spool = createSpool(dir, clock)
})
afterEach(async () => {
  await spool.close()
  rmSync(join(dir, '..'), { recursive: true, force: true })
})

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function put(bytes: Buffer, name = 'a.bin', type = 'application/pdf'): Promise<SpooledFile> {
  const { fileToken } = value(await spool.begin(name, type, bytes.length))
  for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) {
    value(await spool.append(fileToken, offset, bytes.subarray(offset, offset + PIECE_BYTES)))
  }
  return value(await spool.finish(fileToken))
}

describe('a file that arrives in pieces', () => {
  test('lies under its SHA-256, byte for byte, readable only by its owner', async () => {
    const bytes = Buffer.alloc(3 * PIECE_BYTES + 17, 'todoke ')
    const file = await put(bytes, '見積書.pdf')
    expect(file).toEqual({
      name: '見積書.pdf',
      type: 'application/pdf',
      bytes: bytes.length,
      sha256: hashOf(bytes),
    })
    const path = spool.pathOf(file.sha256)
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(dir, 'incoming'))).toEqual([])
  })

  test('is kept once however often it comes', async () => {
    const first = await put(Buffer.from('the same'), 'one.txt')
    const second = await put(Buffer.from('the same'), 'two.txt')
    expect(second.sha256).toBe(first.sha256)
    expect(second.name).toBe('two.txt')
    expect(readdirSync(join(dir, first.sha256.slice(0, 2)))).toEqual([first.sha256])
  })

  test('may be empty', async () => {
    const file = await put(Buffer.alloc(0))
    expect(file.bytes).toBe(0)
    expect(readFileSync(spool.pathOf(file.sha256))).toHaveLength(0)
  })

  test('heals a copy that was damaged on the disk', async () => {
    const file = await put(Buffer.from('precious'))
    writeFileSync(spool.pathOf(file.sha256), 'rotten!!')
    await put(Buffer.from('precious'))
    expect(readFileSync(spool.pathOf(file.sha256), 'utf8')).toBe('precious')
  })

  test('is taken in order even when the pieces are sent without waiting', async () => {
    const { fileToken } = value(await spool.begin('a', '', 6))
    const answers = await Promise.all([
      spool.append(fileToken, 0, Buffer.from('abc')),
      spool.append(fileToken, 3, Buffer.from('def')),
    ])
    expect(answers.map(answer => value(answer).received)).toEqual([3, 6])
    const file = value(await spool.finish(fileToken))
    expect(readFileSync(spool.pathOf(file.sha256), 'utf8')).toBe('abcdef')
  })
})

describe('a file that does not come as announced', () => {
  test('a piece at the wrong place is refused, says how far it is, and does no harm', async () => {
    const { fileToken } = value(await spool.begin('a', '', 6))
    value(await spool.append(fileToken, 0, Buffer.from('abc')))
    expect(await spool.append(fileToken, 0, Buffer.from('abc'))).toEqual({
      ok: false,
      problem: { kind: 'invalid', field: 'offset', reason: '3' },
    })
    value(await spool.append(fileToken, 3, Buffer.from('def')))
    expect(value(await spool.finish(fileToken)).bytes).toBe(6)
  })

  test('too few bytes are unreadable, and nothing stays behind', async () => {
    const { fileToken } = value(await spool.begin('half.zip', '', 6))
    value(await spool.append(fileToken, 0, Buffer.from('abc')))
    expect(await spool.finish(fileToken)).toEqual({
      ok: false,
      problem: { kind: 'attachment-unreadable', name: 'half.zip' },
    })
    expect(readdirSync(join(dir, 'incoming'))).toEqual([])
    expect(await spool.finish(fileToken)).toEqual({ ok: false, problem: { kind: 'not-found', what: 'file' } })
  })

  test('too many bytes are unreadable, and the upload is over', async () => {
    const { fileToken } = value(await spool.begin('grown.log', '', 2))
    expect(await spool.append(fileToken, 0, Buffer.from('abc'))).toEqual({
      ok: false,
      problem: { kind: 'attachment-unreadable', name: 'grown.log' },
    })
    expect(readdirSync(join(dir, 'incoming'))).toEqual([])
  })

  test('what was cut or removed on the disk meanwhile is not attached', async () => {
    for (const harm of [(path: string) => truncateSync(path, 1), unlinkSync]) {
      const { fileToken } = value(await spool.begin('a', '', 3))
      value(await spool.append(fileToken, 0, Buffer.from('abc')))
      harm(join(dir, 'incoming', fileToken))
      expect(await spool.finish(fileToken)).toMatchObject({ problem: { kind: 'attachment-unreadable' } })
    }
  })

  test('a file larger than the disk is refused before a byte is sent', async () => {
    expect(await spool.begin('huge', '', Number.MAX_SAFE_INTEGER)).toEqual({
      ok: false,
      problem: { kind: 'disk-full' },
    })
    expect(readdirSync(join(dir, 'incoming'))).toEqual([])
  })

  test('an abandoned upload leaves nothing, and one left alone for an hour is abandoned', async () => {
    const first = value(await spool.begin('a', '', 3))
    expect(await spool.abandon(first.fileToken)).toBe(true)
    expect(await spool.abandon(first.fileToken)).toBe(false)
    const second = value(await spool.begin('b', '', 3))
    clock.advance(59 * 60_000)
    value(await spool.append(second.fileToken, 0, Buffer.from('a')))
    clock.advance(59 * 60_000)
    value(await spool.append(second.fileToken, 1, Buffer.from('b')))
    clock.advance(61 * 60_000)
    expect(await spool.append(second.fileToken, 2, Buffer.from('c'))).toMatchObject({
      problem: { kind: 'not-found' },
    })
    await spool.close()
    await expect.poll(() => readdirSync(join(dir, 'incoming'))).toEqual([])
  })
})

describe('links', () => {
  test('a link in the place of a file is replaced and what it points at is not touched', async () => {
    const outside = join(dir, '..', 'outside')
    writeFileSync(outside, 'mine')
    const sha256 = hashOf(Buffer.from('letter'))
    mkdirSync(join(dir, sha256.slice(0, 2)), { mode: 0o700 })
    symlinkSync(outside, spool.pathOf(sha256))
    await put(Buffer.from('letter'))
    expect(readFileSync(outside, 'utf8')).toBe('mine')
    expect(lstatSync(spool.pathOf(sha256)).isFile()).toBe(true)
  })

  test('a linked folder is refused', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'todoke-elsewhere-'))
    const sha256 = hashOf(Buffer.from('letter'))
    symlinkSync(elsewhere, join(dir, sha256.slice(0, 2)))
    const { fileToken } = value(await spool.begin('a', '', 6))
    value(await spool.append(fileToken, 0, Buffer.from('letter')))
    expect(await spool.finish(fileToken)).toMatchObject({ problem: { kind: 'disk' } })
    expect(readdirSync(elsewhere)).toEqual([])
    symlinkSync(elsewhere, join(dir, '..', 'linked'))
    expect(() => createSpool(join(dir, '..', 'linked'))).toThrow()
    rmSync(elsewhere, { recursive: true })
  })

  test('a path is never made of what is no hash', () => {
    for (const bad of ['', '..', 'a'.repeat(63), 'A'.repeat(64), `../${'a'.repeat(61)}`]) {
      expect(() => spool.pathOf(bad)).toThrow()
    }
  })
})

describe('sweeping', () => {
  test('removes what no draft and no mail names, but not what has just arrived', async () => {
    const kept = await put(Buffer.from('kept'))
    const lost = await put(Buffer.from('lost'))
    clock.advance(2 * 60 * 60_000)
    const fresh = await put(Buffer.from('fresh'))
    expect(await spool.sweep(new Set([kept.sha256]))).toEqual({ removed: 1 })
    expect([kept, lost, fresh].map(file => existsSync(spool.pathOf(file.sha256)))).toEqual([
      true,
      false,
      true,
    ])
  })

  test('removes uploads of an earlier run and spares a running one', async () => {
    writeFileSync(join(dir, 'incoming', 'left-over'), 'half')
    const { fileToken } = value(await spool.begin('a', '', 3))
    await spool.sweep(new Set())
    expect(readdirSync(join(dir, 'incoming'))).toEqual([fileToken])
  })

  test('spares a file that is being begun or finished at that moment', async () => {
    for (let round = 0; round < 30; round += 1) {
      const beginning = spool.begin('a', '', 3)
      const sweeps = [spool.sweep(new Set()), spool.sweep(new Set())]
      const { fileToken } = value(await beginning)
      value(await spool.append(fileToken, 0, Buffer.from('abc')))
      const finishing = spool.finish(fileToken)
      sweeps.push(spool.sweep(new Set()), spool.sweep(new Set()))
      expect(await finishing).toMatchObject({ ok: true })
      await Promise.all(sweeps)
    }
  })

  test('touches nothing in the folder that is not its own', async () => {
    writeFileSync(join(dir, 'README'), 'x')
    mkdirSync(join(dir, 'ab'))
    writeFileSync(join(dir, 'ab', 'note.txt'), 'x')
    await spool.sweep(new Set())
    expect(existsSync(join(dir, 'README')) && existsSync(join(dir, 'ab', 'note.txt'))).toBe(true)
  })
})

describe('the calls of the page', () => {
  const door = () => createDoor(fileCalls(spool) as Calls<Method>, () => {})

  test('carry a file in base64', async () => {
    const begun = await door().call('files.begin', ['a.txt', 'text/plain', 5])
    const { fileToken } = (begun as { value: { fileToken: string } }).value
    expect(await door().call('files.append', [fileToken, 0, 'aGVsbG8='])).toEqual({
      ok: true,
      value: { received: 5 },
    })
    expect(await door().call('files.abandon', [fileToken])).toEqual({ ok: true, value: { abandoned: true } })
  })

  test('refuse what is not base64, too large a piece and impossible sizes', async () => {
    const { fileToken } = value(await spool.begin('a', '', 1_000_000))
    const invalid = { ok: false, problem: { kind: 'invalid' } }
    expect(await door().call('files.append', [fileToken, 0, 'not base64!'])).toMatchObject(invalid)
    expect(await door().call('files.append', [fileToken, 0, 'A'.repeat(400_000)])).toMatchObject(invalid)
    expect(await door().call('files.append', [fileToken, -1, ''])).toMatchObject(invalid)
    expect(await door().call('files.begin', ['a', '', -1])).toMatchObject(invalid)
    expect(await door().call('files.begin', ['a', '', 1.5])).toMatchObject(invalid)
  })
})

test('a file whose length nobody knows beforehand is as long as what came of it', async () => {
  const begun = value(await spool.begin('folder.zip', 'application/zip', null))
  value(await spool.append(begun.fileToken, 0, Buffer.from('one ')))
  value(await spool.append(begun.fileToken, 4, Buffer.from('two')))
  const file = value(await spool.finish(begun.fileToken))
  expect(file).toMatchObject({ name: 'folder.zip', bytes: 7 })
  expect(readFileSync(spool.pathOf(file.sha256), 'utf8')).toBe('one two')
})
