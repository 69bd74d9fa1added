/**
 * The place in a PNG: Exif in eXIf, XMP in iTXt, and the raw profiles of older programs in text chunks (PNG third edition,
 * 11.3). Refuses a file whose chunks do not follow one another to IEND.
 */

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

const SIGNATURE = '\x89PNG\r\n\x1a\n'
const TEXTS = new Set(['tEXt', 'zTXt', 'iTXt'])
const ABOUT_PHOTO = /^(?:XML:com\.adobe\.xmp|Raw profile type (?:exif|app1|xmp|iptc|8bim))\0/i
/** More than that stands in no text about a photo. */
const MOST_TEXT_BYTES = 4 * 1024 * 1024

type Chunk = { type: string; start: number; end: number }

export const isPng = (start: Uint8Array): boolean => startsWith(start, 0, SIGNATURE)

export async function pngWithoutPlace(file: Blob): Promise<KeptParts | null> {
  const chunks = await chunksOf(file)
  if (chunks === null) return null
  const about = new Set<Chunk>()
  let [hasPlace, orientation] = [false, 1]
  for (const chunk of chunks) {
    const data = await aboutPhoto(file, chunk)
    if (data === null) continue
    about.add(chunk)
    if (chunk.type === 'eXIf') {
      const facts = exifFacts(data)
      orientation = facts.orientation
      hasPlace ||= facts.hasPlace
    } else hasPlace ||= isPressed(chunk, data) || tellsPlace(data)
  }
  if (!hasPlace) return null
  const kept: KeptParts = [file.slice(0, SIGNATURE.length)]
  for (const chunk of chunks) {
    if (!about.has(chunk)) kept.push(file.slice(chunk.start, chunk.end))
    // Before the picture, so that who draws it while it comes knows it.
    if (chunk.type === 'IHDR' && orientation !== 1) kept.push(chunkOf('eXIf', bareTiff(orientation)))
  }
  return kept
}

async function chunksOf(file: Blob): Promise<Chunk[] | null> {
  const read = createReader(file)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at + 12 <= file.size; ) {
    const head = await read(at, 8)
    const end = at + 12 + viewOf(head).getUint32(0)
    const type = asLatin1(head.subarray(4))
    if (end > file.size) return null
    chunks.push({ type, start: at, end })
    if (type === 'IEND') return chunks
    at = end
  }
  return null
}

/** The data of a chunk that may tell a place; null for all others. */
async function aboutPhoto(file: Blob, { type, start, end }: Chunk): Promise<Uint8Array | null> {
  if (type !== 'eXIf' && !TEXTS.has(type)) return null
  const data = await bytesOf(file, start + 8, Math.min(end - 4, start + 8 + MOST_TEXT_BYTES))
  return type === 'eXIf' || ABOUT_PHOTO.test(asLatin1(data.subarray(0, 80))) ? data : null
}

/** Packed, or in hexadecimal: held to tell a place rather than unpacked. */
function isPressed({ type }: Chunk, data: Uint8Array): boolean {
  const text = asLatin1(data.subarray(0, 82))
  return type === 'zTXt' || text.startsWith('Raw profile') || data[text.indexOf('\0') + 1] === 1
}

function chunkOf(type: string, data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const chunk = new Uint8Array(data.length + 12)
  chunk.set(fromLatin1(type), 4)
  chunk.set(data, 8)
  const view = viewOf(chunk)
  view.setUint32(0, data.length)
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)))
  return chunk
}

/** PNG third edition, annex D; bit by bit, for a few bytes. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1
  }
  return (crc ^ 0xffff_ffff) >>> 0
}
