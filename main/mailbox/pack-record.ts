/**
 * One record of a pack: what a source becomes on the disk and back. A record says what it is, so that a pack can be
 * read without the database. Refuses to give back bytes whose hash is not the one that was stored. Knows no files.
 */

import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

/** Magic(4), stored bytes u32, source bytes u32, codec u32, SHA-256(32), stored bytes. */
export const HEADER_BYTES = 48
export const MAGIC = Buffer.from('TDK1', 'latin1')
const CODEC_DEFLATE = 1
const CODEC_ZSTD = 2
const LARGEST_SOURCE = 1_000_000_000

/** Larger ones are compressed on a thread of the pool: here they would hold up whoever waits. */
const LARGE_BYTES = 512 * 1024

// A runtime without zstd writes what the first packs were written with; both are read.
const hasZstd = typeof zlib.zstdCompressSync === 'function'
const compressLater = hasZstd ? promisify(zlib.zstdCompress) : promisify(zlib.deflateRaw)
const deflateLater = promisify(zlib.deflateRaw)
const inflateLater = promisify(zlib.inflateRaw)

export type PackRecord = { bytes: Buffer; sha256: string }

/** The four times faster codec of equal size (docs/performance-mailbox.md). */
export async function makeRecord(source: Uint8Array): Promise<PackRecord> {
  const digest = createHash('sha256').update(source).digest()
  const stored = await compressed(source)
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt32LE(stored.length, 4)
  header.writeUInt32LE(source.length, 8)
  header.writeUInt32LE(hasZstd ? CODEC_ZSTD : CODEC_DEFLATE, 12)
  digest.copy(header, 16)
  return { bytes: Buffer.concat([header, stored]), sha256: digest.toString('hex') }
}

async function compressed(source: Uint8Array): Promise<Buffer> {
  if (!hasZstd) return deflateLater(source, { level: 6 })
  return source.length > LARGE_BYTES ? compressLater(source) : zlib.zstdCompressSync(source)
}

/** What the head of a record says; null where no record begins here. */
export type RecordHead = { length: number; sourceBytes: number; codec: number; sha256: string }

export function readHead(bytes: Buffer): RecordHead | null {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return null
  const sourceBytes = bytes.readUInt32LE(8)
  const codec = bytes.readUInt32LE(12)
  if (sourceBytes > LARGEST_SOURCE || (codec !== CODEC_DEFLATE && codec !== CODEC_ZSTD)) return null
  const sha256 = bytes.toString('hex', 16, HEADER_BYTES)
  return { length: HEADER_BYTES + bytes.readUInt32LE(4), sourceBytes, codec, sha256 }
}

/** The source of a whole record; null where it is not what was stored. */
export async function sourceOf(record: Buffer, sha256: string): Promise<Buffer | null> {
  const head = readHead(record)
  if (head === null || head.length !== record.length || head.sha256 !== sha256) return null
  const stored = record.subarray(HEADER_BYTES)
  // One more than promised, so that a record that unpacks without end ends.
  const options = { maxOutputLength: head.sourceBytes + 1, chunkSize: Math.max(64, head.sourceBytes) }
  const isLarge = head.sourceBytes > LARGE_BYTES
  try {
    const source =
      head.codec === CODEC_DEFLATE
        ? isLarge
          ? await inflateLater(stored, { maxOutputLength: head.sourceBytes + 1 })
          : zlib.inflateRawSync(stored, options)
        : isLarge
          ? await promisify(zlib.zstdDecompress)(stored, { maxOutputLength: head.sourceBytes + 1 })
          : zlib.zstdDecompressSync(stored, options)
    return createHash('sha256').update(source).digest('hex') === sha256 ? source : null
  } catch {
    return null
  }
}
