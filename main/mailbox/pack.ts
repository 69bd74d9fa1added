/**
 * Where the sources of mails lie: append-only files of compressed records, one folder for each account.
 * Each record says what it is (magic, sizes, SHA-256), so that a lost database can be built again from the packs.
 * Refuses to give back bytes whose hash is not the one that was stored.
 */

import { createHash } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import { fail, ok, type Result } from '../../shared/problem.ts'

const compress = promisify(deflateRaw)
const decompress = promisify(inflateRaw)

/** Names a stored source: file, first byte of its record, length of the record, hash of the source itself. */
export type PackRef = { pack: string; offset: number; length: number; sha256: string }

export type Packs = {
  /** Writes the source at the end of the account's newest pack. Not durable before `sync`. */
  append(accountId: string, source: Uint8Array): Promise<Result<PackRef>>
  /** All that was appended is on the disk when it returns. Commit the rows that name it only then. */
  sync(accountId: string): Promise<Result<true>>
  read(accountId: string, ref: PackRef): Promise<Result<Buffer>>
  /** Deletes all sources of an account that is no longer there. */
  removeAccount(accountId: string): Promise<void>
  close(): Promise<void>
}

/** Record: magic(4), stored bytes u32, source bytes u32, codec u32 (1 = raw deflate), SHA-256(32), stored bytes. */
const HEADER_BYTES = 48
const MAGIC = 'TDK1'
const CODEC_DEFLATE = 1
const MAX_PACK_BYTES = 64 * 1024 * 1024
const LARGEST_SOURCE = 1_000_000_000

type OpenPack = { name: string; file: FileHandle; end: number; isNew: boolean; folder: string }

export function createPacks(root: string): Packs {
  const current = new Map<string, OpenPack>()
  const queues = new Map<string, Promise<unknown>>()

  // Two appends to one account must not take the same offset.
  const inOrder = <T>(accountId: string, work: () => Promise<T>): Promise<T> => {
    const next = (queues.get(accountId) ?? Promise.resolve()).then(work, work)
    queues.set(accountId, next)
    return next
  }

  const openCurrent = async (accountId: string): Promise<OpenPack> => {
    const known = current.get(accountId)
    if (known !== undefined && known.end < MAX_PACK_BYTES) return known
    if (known !== undefined) await finish(known)
    const pack = await openPack(join(root, folderName(accountId)), known === undefined)
    current.set(accountId, pack)
    return pack
  }

  return {
    append: (accountId, source) =>
      inOrder(accountId, async () => {
        try {
          const record = await makeRecord(source)
          const pack = await openCurrent(accountId)
          const offset = pack.end
          await writeAll(pack.file, record.bytes, offset)
          pack.end = offset + record.bytes.length
          return ok({ pack: pack.name, offset, length: record.bytes.length, sha256: record.sha256 })
        } catch (error) {
          return fail(problemOfFile(error))
        }
      }),
    sync: accountId =>
      inOrder(accountId, async () => {
        try {
          const pack = current.get(accountId)
          if (pack !== undefined) await syncPack(pack)
          return ok(true as const)
        } catch (error) {
          return fail(problemOfFile(error))
        }
      }),
    read: (accountId, ref) => readRecord(join(root, folderName(accountId), ref.pack), ref),
    removeAccount: accountId =>
      inOrder(accountId, async () => {
        await current.get(accountId)?.file.close()
        current.delete(accountId)
        await rm(join(root, folderName(accountId)), { recursive: true, force: true })
      }),
    async close() {
      await Promise.allSettled(queues.values())
      for (const pack of current.values()) await finish(pack)
      current.clear()
    },
  }
}

/** Account ids are ours, but a file name is no place to trust in that. */
function folderName(accountId: string): string {
  return accountId.replace(/[^A-Za-z0-9-]/g, '_')
}

async function makeRecord(source: Uint8Array): Promise<{ bytes: Buffer; sha256: string }> {
  const stored = await compress(source, { level: 6 })
  const digest = createHash('sha256').update(source).digest()
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 'latin1')
  header.writeUInt32LE(stored.length, 4)
  header.writeUInt32LE(source.length, 8)
  header.writeUInt32LE(CODEC_DEFLATE, 12)
  digest.copy(header, 16)
  return { bytes: Buffer.concat([header, stored]), sha256: digest.toString('hex') }
}

async function openPack(folder: string, goOn: boolean): Promise<OpenPack> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = (await readdir(folder)).filter(name => /^\d{6}\.pack$/.test(name)).sort()
  const newest = names.at(-1)
  if (goOn && newest !== undefined) {
    const file = await open(join(folder, newest), 'r+')
    // Beyond the last committed record may lie the rest of an interrupted append: it stays, nothing names it.
    const { size } = await file.stat()
    if (size < MAX_PACK_BYTES) return { name: newest, file, end: size, isNew: false, folder }
    await file.close()
  }
  const name = `${String(Number.parseInt(newest ?? '0', 10) + 1).padStart(6, '0')}.pack`
  const file = await open(join(folder, name), 'wx', 0o600)
  return { name, file, end: 0, isNew: true, folder }
}

async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written)
    written += bytesWritten
  }
}

async function syncPack(pack: OpenPack): Promise<void> {
  await pack.file.datasync()
  if (!pack.isNew) return
  // A new name is durable only when its folder is. Windows opens no folders and needs none of this.
  if (process.platform !== 'win32') {
    const folder = await open(pack.folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }
  pack.isNew = false
}

async function finish(pack: OpenPack): Promise<void> {
  try {
    await syncPack(pack)
  } finally {
    await pack.file.close()
  }
}

async function readRecord(path: string, ref: PackRef): Promise<Result<Buffer>> {
  let file: FileHandle | null = null
  try {
    file = await open(path, 'r')
    const record = Buffer.alloc(ref.length)
    const { bytesRead } = await file.read(record, 0, ref.length, ref.offset)
    const sourceBytes = record.readUInt32LE(8)
    if (bytesRead < ref.length || record.toString('latin1', 0, 4) !== MAGIC || sourceBytes > LARGEST_SOURCE) {
      return fail({ kind: 'mail-unreadable', detail: 'the stored record is damaged' })
    }
    const source = await decompress(record.subarray(HEADER_BYTES), { maxOutputLength: sourceBytes + 1 })
    const digest = createHash('sha256').update(source).digest('hex')
    if (digest !== ref.sha256)
      return fail({ kind: 'mail-unreadable', detail: 'the stored source has changed' })
    return ok(source)
  } catch (error) {
    return fail({ kind: 'mail-unreadable', detail: error instanceof Error ? error.message : String(error) })
  } finally {
    await file?.close()
  }
}

function problemOfFile(error: unknown): { kind: 'disk-full' } | { kind: 'disk'; detail: string } {
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return { kind: 'disk-full' }
  return { kind: 'disk', detail: error instanceof Error ? error.message : String(error) }
}
