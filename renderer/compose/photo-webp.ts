/** The place in a WebP: its chunks EXIF and XMP (RFC 9649 section 2.7.1.5). Refuses a file that is cut or has no VP8X. */

import {
  asLatin1,
  bytesOf,
  createReader,
  fromLatin1,
  type KeptParts,
  startsWith,
  viewOf,
} from './photo-bytes.ts'
import { bareTiff, exifFacts, tellsPlace } from './photo-exif.ts'

const HEAD_BYTES = 12
const HAS_EXIF = 0x08
const HAS_XMP = 0x04

type Chunk = { type: string; start: number; end: number; bytes: number }

export const isWebp = (start: Uint8Array): boolean =>
  startsWith(start, 0, 'RIFF') && startsWith(start, 8, 'WEBP')

export async function webpWithoutPlace(file: Blob): Promise<KeptParts | null> {
  const chunks = await chunksOf(file)
  const extended = chunks?.[0]
  if (chunks === null || extended?.type !== 'VP8X') return null
  let [hasPlace, orientation] = [false, 1]
  for (const { type, start, bytes } of chunks) {
    if (type !== 'EXIF' && type !== 'XMP ') continue
    const data = await bytesOf(file, start + 8, start + 8 + bytes)
    if (type === 'XMP ') hasPlace ||= tellsPlace(data)
    else {
      // Some programs put the mark of a JPEG segment before it.
      const facts = exifFacts(startsWith(data, 0, 'Exif\0\0') ? data.subarray(6) : data)
      orientation = facts.orientation
      hasPlace ||= facts.hasPlace
    }
  }
  if (!hasPlace) return null
  const isTurned = orientation !== 1
  const head = await bytesOf(file, extended.start, extended.end)
  head[8] = ((head[8] ?? 0) & ~(HAS_EXIF | HAS_XMP)) | (isTurned ? HAS_EXIF : 0)
  const body: KeptParts = [
    head,
    ...chunks
      .slice(1)
      .filter(({ type }) => type !== 'EXIF' && type !== 'XMP ')
      .map(({ start, end }) => file.slice(start, end)),
    ...(isTurned ? [chunkOf('EXIF', bareTiff(orientation))] : []),
  ]
  return [riffHead(new Blob(body).size), ...body]
}

async function chunksOf(file: Blob): Promise<Chunk[] | null> {
  const read = createReader(file)
  const end = 8 + viewOf(await read(4, 4)).getUint32(0, true)
  if (end > file.size) return null
  const chunks: Chunk[] = []
  let at = HEAD_BYTES
  while (at + 8 <= end) {
    const head = await read(at, 8)
    const bytes = viewOf(head).getUint32(4, true)
    // Each begins at an even place.
    const next = at + 8 + bytes + (bytes % 2)
    if (at + 8 + bytes > end) return null
    chunks.push({ type: asLatin1(head.subarray(0, 4)), start: at, end: Math.min(next, end), bytes })
    at = next
  }
  return chunks
}

function chunkOf(type: string, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(8 + data.length + (data.length % 2))
  chunk.set(fromLatin1(type))
  viewOf(chunk).setUint32(4, data.length, true)
  chunk.set(data, 8)
  return chunk
}

function riffHead(bodyBytes: number): Uint8Array<ArrayBuffer> {
  const head = fromLatin1('RIFF\0\0\0\0WEBP')
  viewOf(head).setUint32(4, bodyBytes + 4, true)
  return head
}
