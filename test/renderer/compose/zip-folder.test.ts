/** A folder on its way to a draft: one zip file, written while it is sent, with all of it or not at all. */

import { randomBytes } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { type FolderFile, lookThrough } from '../../../renderer/compose/folder-files.ts'
import { PIECE_BYTES } from '../../../renderer/compose/upload.ts'
import { uploadFolder } from '../../../renderer/compose/zip-folder.ts'
import type { Bridge } from '../../../shared/api.ts'
import { ok } from '../../../shared/problem.ts'

const fileAt = (
  path: string,
  content: string | Uint8Array<ArrayBuffer>,
  lastModified = Date.UTC(2026, 10, 24),
): FolderFile => ({
  path,
  file: new File([content], path.split('/').at(-1) ?? '', { lastModified }),
})

/** Takes what the page sends, as the program does. */
function receiver(onPiece = (_received: number) => {}) {
  const calls: string[] = []
  const pieces: Buffer[] = []
  const call = (async (method: string, args: unknown[]) => {
    calls.push(method)
    if (method === 'files.begin') return ok({ fileToken: 'token' })
    if (method === 'drafts.attach') return ok({ id: 'one' })
    if (method !== 'files.append') return ok({ abandoned: true })
    const piece = Buffer.from(String(args[2]), 'base64')
    expect(args[1]).toBe(pieces.reduce((sum, { length }) => sum + length, 0))
    pieces.push(piece)
    onPiece(pieces.length)
    return ok({ received: 0 })
  }) as Bridge['call']
  return { call, calls, pieces, zip: () => Buffer.concat(pieces) }
}

const send = (
  files: readonly FolderFile[],
  to: ReturnType<typeof receiver>,
  signal = new AbortController().signal,
  onProgress = (_read: number) => {},
) => uploadFolder({ call: to.call, draftId: 'draft', name: '写真.zip', files, signal, onProgress })

const noise = (bytes: number) => new Uint8Array(randomBytes(bytes))

/** Of each entry of the central directory, bit 11 of its flags (APPNOTE 4.4.4): the name is UTF-8. */
function utf8Flags(zip: Buffer): boolean[] {
  const flags: boolean[] = []
  for (let at = zip.indexOf('PK\x01\x02'); at !== -1; at = zip.indexOf('PK\x01\x02', at + 46)) {
    flags.push((zip.readUInt16LE(at + 8) & 0x0800) !== 0)
  }
  return flags
}

test('names, times and bytes come out as they went in, and say that they are UTF-8', async () => {
  const big = noise(700_000)
  const files = [
    fileAt('写真/empty.txt', ''),
    // As a Mac writes it, in pieces.
    fileAt('写真/か\u3099そ\u3099う.jpg', big),
    fileAt('写真/東側/階段.txt', '階段 '.repeat(90_000)),
    fileAt('写真/old.txt', 'before zip', 0),
  ]
  const to = receiver()
  const seen: number[] = []
  expect((await send(files, to, undefined, read => seen.push(read))).ok).toBe(true)
  expect(to.calls.at(-1)).toBe('drafts.attach')
  const unzipped = unzipSync(to.zip())
  expect(Object.keys(unzipped)).toEqual([
    '写真/empty.txt',
    '写真/がぞう.jpg',
    '写真/東側/階段.txt',
    '写真/old.txt',
  ])
  expect(Buffer.from(unzipped['写真/がぞう.jpg'] ?? []).equals(Buffer.from(big))).toBe(true)
  expect(strFromU8(unzipped['写真/東側/階段.txt'] ?? new Uint8Array())).toBe('階段 '.repeat(90_000))
  expect(seen).toEqual(seen.toSorted((left, right) => left - right))
  expect(seen.at(-1)).toBe(files.reduce((sum, { file }) => sum + file.size, 0))

  expect(utf8Flags(to.zip())).toEqual([true, true, true, true])
})

test('no piece is larger than what is sent at once, and pieces go while the folder is read', async () => {
  const reads: number[] = []
  const to = receiver(sent => reads.push(sent))
  let firstPieceAt = Number.POSITIVE_INFINITY
  await send([fileAt('a/noise.bin', noise(1_000_000))], to, undefined, read => {
    if (reads.length > 0) firstPieceAt = Math.min(firstPieceAt, read)
  })
  expect(Math.max(...to.pieces.map(({ length }) => length))).toBe(PIECE_BYTES)
  expect(firstPieceAt).toBeLessThan(500_000)
})

test('a folder that is stopped, or has a file that cannot be read, leaves nothing behind', async () => {
  const stop = new AbortController()
  const stopped = receiver(() => stop.abort())
  expect(await send([fileAt('a/noise.bin', noise(900_000))], stopped, stop.signal)).toMatchObject({
    problem: { kind: 'cancelled' },
  })
  expect(stopped.calls.at(-1)).toBe('files.abandon')

  const gone = fileAt('a/gone.txt', 'x')
  gone.file.slice = () => {
    throw new DOMException('gone', 'NotReadableError')
  }
  const to = receiver()
  expect(await send([fileAt('a/b.txt', 'b'), gone], to)).toMatchObject({
    problem: { kind: 'attachment-unreadable', name: 'a/gone.txt' },
  })
  expect(to.calls.at(-1)).toBe('files.abandon')
})

test('what a system hides stays behind, and a folder of nothing else is said to be empty', async () => {
  const hidden = [
    'a/.DS_Store',
    'a/b/Thumbs.db',
    'a/desktop.ini',
    'a/.git/config',
    'a/__MACOSX/x',
    'a/._b.txt',
  ]
  const all = [...hidden, 'a/z.txt', 'a/b/c.txt'].map(path => fileAt(path, 'x'))
  const looked = await lookThrough(async () => all)
  expect(looked.ok && looked.value.files.map(({ path }) => path)).toEqual(['a/b/c.txt', 'a/z.txt'])
  expect(await lookThrough(async () => hidden.map(path => fileAt(path, 'x')))).toMatchObject({
    problem: { kind: 'invalid', field: 'folder', reason: 'empty' },
  })
  // The folder itself may have a dot in front: it was chosen.
  expect(await lookThrough(async () => [fileAt('.config/a.txt', 'x')])).toMatchObject({ ok: true })
})

test('more than a zip file holds is refused before anything is read', async () => {
  const huge = { path: 'a/film.mov', file: Object.defineProperty(new File([], 'x'), 'size', { value: 5e9 }) }
  expect(await lookThrough(async () => [huge])).toMatchObject({ problem: { kind: 'too-big', bytes: 5e9 } })
})
