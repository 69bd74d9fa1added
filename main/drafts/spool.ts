/**
 * Owns the bytes of attachments: they arrive in pieces, are hashed as they come, and lie under their SHA-256,
 * fsynced, before anybody is told that they are attached. Refuses to follow a symbolic link or to know a draft.
 */

import { createHash, type Hash, randomUUID } from 'node:crypto'
import { constants, lstatSync, mkdirSync, unlinkSync } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { type Clock, systemClock } from '../host.ts'
import { cleanFileName, cleanFileType } from './file-name.ts'

/** The largest piece the page may send at once, in bytes. */
export const PIECE_BYTES = 256 * 1024
/** The largest piece the page is given at once: 256 KiB in base64. */
export const READ_BYTES = 192 * 1024

const IDLE_UPLOAD_MS = 60 * 60 * 1000
const FRESH_MS = 60 * 60 * 1000
const MAX_UPLOADS = 64
const SHA256 = /^[0-9a-f]{64}$/

/** A file that lies safely in the spool. */
export type SpooledFile = { name: string; type: string; bytes: number; sha256: string }

export type Spool = {
  /**
   * Announces a file of exactly `bytes`, or of as many as come (null). Answers `disk-full` at once where it cannot fit.
   */
  begin(name: string, type: string, bytes: number | null): Promise<Result<{ fileToken: string }>>
  /** Pieces come in order; `offset` is what was received so far. A piece that fails loses the upload, not the draft. */
  append(fileToken: string, offset: number, piece: Uint8Array): Promise<Result<{ received: number }>>
  abandon(fileToken: string): Promise<boolean>
  /**
   * Checks the size, syncs file and directory and moves the file to its hash. The token is used up either way.
   * `attachment-unreadable`: fewer bytes came than were announced, or what was written is not there any more.
   */
  finish(fileToken: string): Promise<Result<SpooledFile>>
  /** A piece of a file from `offset` on, at most `READ_BYTES`; empty behind its end. `disk` where it cannot be read. */
  read(sha256: string, offset: number): Promise<Result<Uint8Array>>
  /** A file whose bytes are at hand. */
  put(name: string, type: string, bytes: Uint8Array): Promise<Result<SpooledFile>>
  /**
   * Files that another thread puts into this folder: nothing is swept up while `work` runs, and they count as fresh
   * when it is done.
   */
  adopt<T extends { sha256: string }>(work: () => Promise<Result<T[]>>): Promise<Result<T[]>>
  /** Where the bytes of this hash lie, if they do. Throws for what is no SHA-256 in lower-case hex. */
  pathOf(sha256: string): string
  /**
   * Removes what nobody needs: files not named in `inUse` (compute it in the same tick as the call) and the rests
   * of uploads of an earlier run. Files finished within the last hour are spared: they may be on their way to a draft.
   */
  sweep(inUse: ReadonlySet<string>): Promise<{ removed: number }>
  /** Uploads that are under way. */
  running(): number
  /** Abandons every running upload. */
  close(): Promise<void>
}

type Upload = {
  name: string
  type: string
  /** Null where it is as long as it gets. */
  announced: number | null
  received: number
  path: string
  handle: FileHandle
  hash: Hash
  /** Calls for one upload run one after the other. */
  turn: Promise<unknown>
  cancelIdle: () => void
}

/** Opens (and makes, mode 0700) the spool in `dir`. Throws where `dir` is not a folder of ours. */
export function createSpool(dir: string, clock: Clock = systemClock): Spool {
  const incoming = join(dir, 'incoming')
  makeFolder(dir)
  makeFolder(incoming)
  const uploads = new Map<string, Upload>()
  /** Being opened or settled: theirs are the files in `incoming` that no upload stands for. */
  const passing = new Set<string>()
  const fresh = new Map<string, number>()
  let adopting = 0

  const pathOf = (sha256: string): string => {
    if (!SHA256.test(sha256)) throw new Error('not a SHA-256')
    return join(dir, sha256.slice(0, 2), sha256)
  }

  const forget = async (fileToken: string): Promise<boolean> => {
    const upload = uploads.get(fileToken)
    if (upload === undefined) return false
    uploads.delete(fileToken)
    upload.cancelIdle()
    await upload.turn
    await upload.handle.close().catch(() => {})
    await rm(upload.path, { force: true }).catch(() => {})
    return true
  }

  const watchIdle = (fileToken: string): (() => void) =>
    clock.after(IDLE_UPLOAD_MS, () => void forget(fileToken))

  /** Waits for the calls before this one on the same upload. */
  const inTurn = <T>(upload: Upload, work: () => Promise<T>): Promise<T> => {
    const mine = upload.turn.then(work)
    upload.turn = mine.catch(() => {})
    return mine
  }

  return {
    async begin(name, type, bytes) {
      if (bytes !== null && (!Number.isSafeInteger(bytes) || bytes < 0)) {
        return fail({ kind: 'invalid', field: 'bytes', reason: 'size' })
      }
      if (uploads.size >= MAX_UPLOADS) return fail({ kind: 'not-now', what: 'too-many-files-at-once' })
      const fileToken = randomUUID()
      const path = join(incoming, fileToken)
      passing.add(fileToken)
      try {
        const disk = await statfs(incoming)
        if (disk.bavail * disk.bsize < (bytes ?? 0)) return fail({ kind: 'disk-full' })
        uploads.set(fileToken, {
          name: cleanFileName(name),
          type: cleanFileType(type),
          announced: bytes,
          received: 0,
          path,
          handle: await openNew(path),
          hash: createHash('sha256'),
          turn: Promise.resolve(),
          cancelIdle: watchIdle(fileToken),
        })
      } catch (error) {
        return fail(problemOfFileError(error))
      } finally {
        passing.delete(fileToken)
      }
      return ok({ fileToken })
    },

    async append(fileToken, offset, piece) {
      const upload = uploads.get(fileToken)
      if (upload === undefined) return fail({ kind: 'not-found', what: 'file' })
      const answer = await inTurn(upload, () => appendPiece(upload, offset, piece))
      if (!answer.ok && answer.problem.kind !== 'invalid') await forget(fileToken)
      else if (uploads.has(fileToken)) {
        upload.cancelIdle()
        upload.cancelIdle = watchIdle(fileToken)
      }
      return answer
    },

    abandon: forget,

    async finish(fileToken) {
      const upload = uploads.get(fileToken)
      if (upload === undefined) return fail({ kind: 'not-found', what: 'file' })
      passing.add(fileToken)
      uploads.delete(fileToken)
      upload.cancelIdle()
      const answer = await inTurn(upload, () =>
        settle(upload, dir, pathOf, sha256 => fresh.set(sha256, clock.now())),
      )
      if (!answer.ok) {
        await upload.handle.close().catch(() => {})
        await rm(upload.path, { force: true }).catch(() => {})
      }
      passing.delete(fileToken)
      return answer
    },

    async put(name, type, bytes) {
      const begun = await this.begin(name, type, bytes.length)
      if (!begun.ok) return begun
      const { fileToken } = begun.value
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        const appended = await this.append(fileToken, at, bytes.subarray(at, at + PIECE_BYTES))
        if (!appended.ok) return appended
      }
      return this.finish(fileToken)
    },

    async adopt(work) {
      adopting += 1
      try {
        const files = await work()
        if (files.ok) for (const { sha256 } of files.value) fresh.set(sha256, clock.now())
        return files
      } finally {
        adopting -= 1
      }
    },

    pathOf,
    read: (sha256, offset) => readPiece(pathOf(sha256), offset),

    async sweep(inUse) {
      if (adopting > 0) return { removed: 0 }
      const isWanted = (sha256: string) =>
        inUse.has(sha256) || clock.now() - (fresh.get(sha256) ?? -Infinity) < FRESH_MS
      let removed = 0
      for (const [sha256, at] of fresh) if (clock.now() - at >= FRESH_MS) fresh.delete(sha256)
      for (const fileToken of await namesIn(incoming)) {
        if (uploads.has(fileToken) || passing.has(fileToken) || adopting > 0) continue
        removed += removeNow(join(incoming, fileToken))
      }
      for (const folder of await namesIn(dir)) {
        if (!/^[0-9a-f]{2}$/.test(folder) || !isRealFolder(join(dir, folder))) continue
        for (const sha256 of await namesIn(join(dir, folder))) {
          // Asked and removed in one tick, so that a file finished meanwhile is seen.
          if (SHA256.test(sha256) && adopting === 0 && !isWanted(sha256))
            removed += removeNow(join(dir, folder, sha256))
        }
      }
      return { removed }
    },

    running: () => uploads.size,

    async close() {
      await Promise.all([...uploads.keys()].map(forget))
    },
  }
}

async function appendPiece(
  upload: Upload,
  offset: number,
  piece: Uint8Array,
): Promise<Result<{ received: number }>> {
  if (offset !== upload.received)
    return fail({ kind: 'invalid', field: 'offset', reason: String(upload.received) })
  if (piece.length > PIECE_BYTES) return fail({ kind: 'invalid', field: 'piece', reason: 'too-big' })
  if (upload.announced !== null && upload.received + piece.length > upload.announced) {
    return fail({ kind: 'attachment-unreadable', name: upload.name })
  }
  try {
    let done = 0
    while (done < piece.length) {
      const { bytesWritten } = await upload.handle.write(piece, done, piece.length - done, offset + done)
      done += bytesWritten
    }
  } catch (error) {
    return fail(problemOfFileError(error))
  }
  upload.hash.update(piece)
  upload.received += piece.length
  return ok({ received: upload.received })
}

async function readPiece(path: string, offset: number): Promise<Result<Uint8Array>> {
  const { O_RDONLY, O_NOFOLLOW } = constants
  try {
    const handle = await open(path, O_RDONLY | (O_NOFOLLOW ?? 0))
    try {
      const piece = Buffer.allocUnsafe(READ_BYTES)
      let filled = 0
      while (filled < READ_BYTES) {
        const { bytesRead } = await handle.read(piece, filled, READ_BYTES - filled, offset + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return ok(piece.subarray(0, filled))
    } finally {
      await handle.close()
    }
  } catch (error) {
    return fail(problemOfFileError(error))
  }
}

/** The last step of an upload: on the disk, under its name, known as fresh before it can be seen. */
async function settle(
  upload: Upload,
  dir: string,
  pathOf: (sha256: string) => string,
  markFresh: (sha256: string) => void,
): Promise<Result<SpooledFile>> {
  const { name, type, received: bytes, announced } = upload
  try {
    if (announced !== null && bytes !== announced) return fail({ kind: 'attachment-unreadable', name })
    await upload.handle.sync()
    const written = await upload.handle.stat()
    await upload.handle.close()
    if (!written.isFile() || written.size !== bytes || written.nlink !== 1) {
      return fail({ kind: 'attachment-unreadable', name })
    }
    const sha256 = upload.hash.digest('hex')
    const path = pathOf(sha256)
    const folder = join(dir, sha256.slice(0, 2))
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dir)
    if (!isRealFolder(folder)) return fail({ kind: 'disk', detail: 'a spool folder is not a folder' })
    markFresh(sha256)
    await moveInto(upload.path, path, bytes)
    await syncFolder(folder)
    return ok({ name, type, bytes, sha256 })
  } catch (error) {
    return fail(problemOfFileError(error))
  }
}

/** Renaming over a file of the same hash heals one that was damaged; a link in its place is replaced, not followed. */
async function moveInto(from: string, to: string, bytes: number): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    // Windows does not replace a file that is being read (a mail on its way).
    const there = await lstat(to).catch(() => null)
    if (!there?.isFile() || there.size !== bytes) throw error
    await rm(from, { force: true })
  }
}

function openNew(path: string): Promise<FileHandle> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  return open(path, O_CREAT | O_EXCL | O_WRONLY | (O_NOFOLLOW ?? 0), 0o600)
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder; its rename is journalled.
  if (process.platform === 'win32') return
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (!isRealFolder(path)) throw new Error('the spool is not a folder')
}

function isRealFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch(() => [])
}

function removeNow(path: string): number {
  try {
    unlinkSync(path)
    return 1
  } catch {
    // In use, or gone already: the next sweep sees it again.
    return 0
  }
}

function problemOfFileError(error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return { kind: 'disk-full' }
  return { kind: 'disk', detail: code === '' ? String(error) : code }
}

const base64Piece = z.string().max(Math.ceil(PIECE_BYTES / 3) * 4)

/** The page's way into the spool. A piece that is not clean base64 is refused rather than decoded to something else. */
export function fileCalls(spool: Spool): Calls<'files.begin' | 'files.append' | 'files.abandon'> {
  return {
    'files.begin': {
      args: z.tuple([z.string().max(4096), z.string().max(255), z.int().nonnegative().nullable()]),
      run: (name, type, bytes) => spool.begin(name, type, bytes),
    },
    'files.append': {
      args: z.tuple([z.string(), z.int().nonnegative(), base64Piece]),
      run: (fileToken, offset, base64) => {
        const piece = Buffer.from(base64, 'base64')
        if (piece.toString('base64') !== base64) {
          return fail({ kind: 'invalid', field: 'base64', reason: 'shape' })
        }
        return spool.append(fileToken, offset, piece)
      },
    },
    'files.abandon': {
      args: z.tuple([z.string()]),
      run: async fileToken => ok({ abandoned: await spool.abandon(fileToken) }),
    },
  }
}
