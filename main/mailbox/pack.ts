/**
 * Where the sources of mails lie: append-only files of compressed records, one folder for each account. What a record
 * is, `pack-record.ts` knows; a lost database can be built again from them.
 */

import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { HEADER_BYTES, MAGIC, makeRecord, readHead, sourceOf } from './pack-record.ts'

/** Names a stored source: file, first byte of its record, length of the record, hash of the source itself. */
export type PackRef = { pack: string; offset: number; length: number; sha256: string }

export type Packs = {
  /** Writes the source at the end of the account's newest pack. Not durable before `sync`. */
  append(accountId: string, source: Uint8Array): Promise<Result<PackRef>>
  /** Several with one write; all of them or none. */
  appendAll(accountId: string, sources: readonly Uint8Array[]): Promise<Result<PackRef[]>>
  /** All that was appended is on the disk when it returns. Commit the rows that name it only then. */
  sync(accountId: string): Promise<Result<true>>
  read(accountId: string, ref: PackRef): Promise<Result<Buffer>>
  /** The same for several, each file opened once. */
  readAll(accountId: string, refs: readonly PackRef[]): Promise<Result<Buffer>[]>
  /** All that lies in the packs of an account, in the order in which it came; what is damaged is left out. */
  records(accountId: string): AsyncGenerator<{ ref: PackRef; source: Buffer }>
  /** Deletes all sources of an account that is no longer there. */
  removeAccount(accountId: string): Promise<void>
  close(): Promise<void>
}

const MAX_PACK_BYTES = 64 * 1024 * 1024

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

  const appendAll = (accountId: string, sources: readonly Uint8Array[]): Promise<Result<PackRef[]>> =>
    inOrder(accountId, async () => {
      try {
        const records = await Promise.all(sources.map(makeRecord))
        const pack = await openCurrent(accountId)
        const refs: PackRef[] = []
        let offset = pack.end
        for (const { bytes, sha256 } of records) {
          refs.push({ pack: pack.name, offset, length: bytes.length, sha256 })
          offset += bytes.length
        }
        await writeAll(pack.file, Buffer.concat(records.map(({ bytes }) => bytes)), pack.end)
        pack.end = offset
        return ok(refs)
      } catch (error) {
        return fail(problemOfFile(error))
      }
    })

  return {
    async append(accountId, source) {
      const refs = await appendAll(accountId, [source])
      return refs.ok ? ok(refs.value[0] as PackRef) : refs
    },
    appendAll,
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
    async read(accountId, ref) {
      const [source] = await readRecords(join(root, folderName(accountId)), [ref])
      return source as Result<Buffer>
    },
    readAll: (accountId, refs) => readRecords(join(root, folderName(accountId)), refs),
    records: accountId => allRecords(join(root, folderName(accountId))),
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

async function packNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter(name => /^\d{6}\.pack$/.test(name)).sort()
}

async function openPack(folder: string, goOn: boolean): Promise<OpenPack> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const names = await packNames(folder)
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

async function readRecords(folder: string, refs: readonly PackRef[]): Promise<Result<Buffer>[]> {
  const files = new Map<string, FileHandle>()
  try {
    const sources: Result<Buffer>[] = []
    for (const ref of refs) sources.push(await readRecord(folder, ref, files))
    return sources
  } finally {
    for (const file of files.values()) await file.close()
  }
}

async function readRecord(
  folder: string,
  ref: PackRef,
  files: Map<string, FileHandle>,
): Promise<Result<Buffer>> {
  try {
    const file = files.get(ref.pack) ?? (await open(join(folder, ref.pack), 'r'))
    files.set(ref.pack, file)
    const record = Buffer.allocUnsafe(ref.length)
    const { bytesRead } = await file.read(record, 0, ref.length, ref.offset)
    const source = bytesRead < ref.length ? null : await sourceOf(record, ref.sha256)
    return source === null
      ? fail({ kind: 'mail-unreadable', detail: 'the stored source is damaged' })
      : ok(source)
  } catch (error) {
    return fail({ kind: 'mail-unreadable', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** A pack is read whole: it is no larger than a large mail, and only a lost database asks for this. */
async function* allRecords(folder: string): AsyncGenerator<{ ref: PackRef; source: Buffer }> {
  let names: string[] = []
  try {
    names = await packNames(folder)
  } catch {
    // No mail has come yet.
  }
  for (const pack of names) {
    const bytes = await wholeFile(join(folder, pack))
    let at = bytes === null ? -1 : bytes.indexOf(MAGIC)
    while (bytes !== null && at >= 0) {
      const head = readHead(bytes.subarray(at, at + HEADER_BYTES))
      const record = head === null ? null : bytes.subarray(at, at + head.length)
      const source = head === null || record === null ? null : await sourceOf(record, head.sha256)
      if (head !== null && source !== null) {
        yield { ref: { pack, offset: at, length: head.length, sha256: head.sha256 }, source }
      }
      // Behind what is damaged the next record is looked for: one bad block takes no other mails along.
      at = bytes.indexOf(MAGIC, source === null || head === null ? at + 1 : at + head.length)
    }
  }
}

async function wholeFile(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch {
    return null
  }
}

function problemOfFile(error: unknown): Problem {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'disk-full' }
  return { kind: 'disk', detail: error instanceof Error ? error.message : String(error) }
}
