/**
 * The place in a HEIC or AVIF: its items of type Exif and XMP (ISO/IEC 23008-12, 14496-12 section 8.11). They are written
 * over where they lie, with as many bytes, so that nothing else moves. Refuses what it cannot find its way in.
 */

import { asLatin1, bytesOf, fromLatin1, type KeptParts, startsWith, viewOf } from './photo-bytes.ts'
import { bareTiff, exifFacts, tellsPlace } from './photo-exif.ts'

const BRANDS = /^(?:heic|heix|heim|heis|hevc|mif1|msf1|avif|avis)$/
const MOST_META_BYTES = 8 * 1024 * 1024
const MOST_ITEM_BYTES = 4 * 1024 * 1024
const XMP_TYPE = 'application/rdf+xml'
const EMPTY_XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'

type Box = { type: string; start: number; body: number; end: number }
type Range = { start: number; end: number }
type Item = { kind: 'exif' | 'xmp'; ranges: Range[] }

export const isBoxes = (start: Uint8Array): boolean =>
  startsWith(start, 4, 'ftyp') && BRANDS.test(asLatin1(start.subarray(8, 12)))

export async function boxesWithoutPlace(file: Blob): Promise<KeptParts | null> {
  const items = await itemsOf(file).catch(error => {
    // Read behind its end: it is not as the standard has it.
    if (error instanceof RangeError) return null
    throw error
  })
  if (items === null) return null
  const read = await Promise.all(
    items.map(async item => ({ ...item, data: await dataOf(file, item.ranges) })),
  )
  if (!read.some(({ kind, data }) => (kind === 'xmp' ? tellsPlace(data) : exifIn(data).hasPlace))) return null
  const written = read.flatMap(({ kind, data, ranges }) => {
    const bare = kind === 'xmp' ? bareXmp(data.length) : bareExif(data)
    let at = 0
    return ranges.map(({ start, end }) => {
      const bytes = bare.slice(at, at + end - start)
      at += end - start
      return { start, end, bytes }
    })
  })
  const kept: KeptParts = []
  let at = 0
  for (const { start, end, bytes } of written.toSorted((left, right) => left.start - right.start)) {
    if (start < at) return null
    kept.push(file.slice(at, start), bytes)
    at = end
  }
  return [...kept, file.slice(at)]
}

/** An item begins with how far behind it its TIFF structure does. */
function exifIn(data: Uint8Array) {
  if (data.length < 4) return { orientation: 1, hasPlace: false }
  const offset = viewOf(data).getUint32(0)
  return exifFacts(data.subarray(4 + Math.min(offset, data.length)))
}

function bareExif(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.length)
  const tiff = bareTiff(exifIn(data).orientation)
  if (tiff.length + 4 <= bytes.length) bytes.set(tiff, 4)
  return bytes
}

function bareXmp(length: number): Uint8Array<ArrayBuffer> {
  return fromLatin1((length >= EMPTY_XMP.length ? EMPTY_XMP : '').padEnd(length, ' '))
}

async function dataOf(file: Blob, ranges: readonly Range[]): Promise<Uint8Array> {
  return bytesOf(new Blob(ranges.map(({ start, end }) => file.slice(start, end))), 0, MOST_ITEM_BYTES)
}

/** Null where a part of one lies in another file, or is put together from others. */
async function itemsOf(file: Blob): Promise<Item[] | null> {
  const found = await metaOf(file)
  if (found === null) return null
  const { meta, at: offset } = found
  const children = boxesIn(meta, 12, meta.length)
  const bodyOf = (type: string) => children.find(box => box.type === type) ?? null
  const [infos, places, idat] = [bodyOf('iinf'), bodyOf('iloc'), bodyOf('idat')]
  if (infos === null || places === null) return null
  const kinds = kindsOf(meta, infos)
  const items: Item[] = []
  for (const { id, method, reference, ranges } of placesOf(meta, places)) {
    const kind = kinds.get(id)
    if (kind === undefined) continue
    const base = method === 1 ? (idat === null ? null : offset + idat.body) : 0
    if (base === null || method > 1 || reference !== 0) return null
    const moved = ranges.map(({ start, end }) => ({ start: base + start, end: base + end }))
    const isWhole = moved.every(({ start, end }) => end > start && end <= file.size)
    const bytes = moved.reduce((sum, { start, end }) => sum + end - start, 0)
    if (!isWhole || bytes > MOST_ITEM_BYTES) return null
    items.push({ kind, ranges: moved })
  }
  return items
}

async function metaOf(file: Blob): Promise<{ meta: Uint8Array; at: number } | null> {
  for (let at = 0; at + 8 <= file.size; ) {
    const [box] = boxesIn(await bytesOf(file, at, at + 16), 0, file.size - at)
    if (box === undefined) return null
    const isMeta = box.type === 'meta'
    if (isMeta && (box.body !== 8 || box.end > MOST_META_BYTES)) return null
    if (isMeta) return { meta: await bytesOf(file, at, at + box.end), at }
    at += box.end
  }
  return null
}

/** The boxes that follow one another; of the last one only its head has to be there. */
function boxesIn(bytes: Uint8Array, from: number, until: number): Box[] {
  const view = viewOf(bytes)
  const boxes: Box[] = []
  for (let at = from; at + 8 <= Math.min(until, bytes.length); ) {
    const short = view.getUint32(at)
    const size = short === 0 ? until - at : short === 1 ? Number(view.getBigUint64(at + 8)) : short
    const body = at + (short === 1 ? 16 : 8)
    const end = at + size
    if (end < body || end > until) return boxes
    boxes.push({ type: asLatin1(bytes.subarray(at + 4, at + 8)), start: at, body, end })
    at = end
  }
  return boxes
}

function kindsOf(meta: Uint8Array, infos: Box): Map<number, Item['kind']> {
  const view = viewOf(meta)
  const isShort = meta[infos.body] === 0
  const kinds = new Map<number, Item['kind']>()
  for (const { type, body, end } of boxesIn(meta, infos.body + (isShort ? 6 : 8), infos.end)) {
    const version = meta[body] ?? 0
    if (type !== 'infe' || version < 2) continue
    const idBytes = version === 2 ? 2 : 4
    const id = idBytes === 2 ? view.getUint16(body + 4) : view.getUint32(body + 4)
    const typeAt = body + 4 + idBytes + 2
    if (startsWith(meta, typeAt, 'Exif')) kinds.set(id, 'exif')
    const names = asLatin1(meta.subarray(typeAt + 4, end)).split('\0')
    if (startsWith(meta, typeAt, 'mime') && names[1] === XMP_TYPE) kinds.set(id, 'xmp')
  }
  return kinds
}

type Place = { id: number; method: number; reference: number; ranges: Range[] }

function placesOf(meta: Uint8Array, { body }: Box): Place[] {
  const view = viewOf(meta)
  let at = body + 4
  /** The next number of so many bytes; of none it is 0. */
  const next = (bytes: number): number => {
    let value = 0
    for (let left = bytes; left > 0; left -= 1, at += 1) value = value * 256 + view.getUint8(at)
    return value
  }
  const version = meta[body] ?? 0
  const [sizes, bases] = [next(1), next(1)]
  const count = next(version < 2 ? 2 : 4)
  const places: Place[] = []
  for (let index = 0; index < count; index += 1) {
    const id = next(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : next(2) & 15
    const reference = next(2)
    const base = next(bases >> 4)
    const ranges: Range[] = []
    for (let extents = next(2); extents > 0; extents -= 1) {
      if (version > 0) next(bases & 15)
      const start = base + next(sizes >> 4)
      ranges.push({ start, end: start + next(sizes & 15) })
    }
    places.push({ id, method, reference, ranges })
  }
  return places
}
