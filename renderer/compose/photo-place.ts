/**
 * Takes the place out of a photo before it is attached: of what a camera wrote beside a JPEG, only which way is up is
 * left where a place stands in it. The picture itself is not touched. Refuses to guess: what is no JPEG as the standard
 * has it stays as it is.
 */

/** Markers before the picture begins (ITU T.81, B.1.1.3). */
const START_OF_IMAGE = 0xd8
const START_OF_SCAN = 0xda
const APP1 = 0xe1
const APP13 = 0xed
/** More than that is not read in search of a place: the segments before the picture are a few hundred KiB at most. */
const MOST_HEAD_BYTES = 8 * 1024 * 1024

const ORIENTATION = 0x0112
const GPS = 0x8825
const EXIF = 'Exif\0\0'
const XMP = ['http://ns.adobe.com/xap/1.0/\0', 'http://ns.adobe.com/xmp/extension/\0']

type Segment = { marker: number; start: number; end: number }

/** The photo without its place, or null where none stands in it. */
export async function withoutPlace(file: File): Promise<File | null> {
  if (!/^image\/jpe?g$/i.test(file.type)) return null
  const bytes = new Uint8Array(await file.slice(0, MOST_HEAD_BYTES).arrayBuffer())
  const segments = segmentsOf(bytes)
  if (segments === null || !segments.some(segment => hasPlace(bytes, segment))) return null
  const kept: BlobPart[] = [bytes.slice(0, 2)]
  const orientation = segments.map(segment => exifOf(bytes, segment)?.orientation ?? 1).find(way => way !== 1)
  if (orientation !== undefined) kept.push(bareExif(orientation))
  for (const segment of segments) {
    if (!isAboutPhoto(bytes, segment)) kept.push(bytes.slice(segment.start, segment.end))
  }
  kept.push(file.slice(segments.at(-1)?.end ?? 2))
  return new File(kept, file.name, { type: file.type, lastModified: file.lastModified })
}

/** What stands before the picture; null where that is no JPEG, or its picture does not begin within the head. */
function segmentsOf(bytes: Uint8Array): Segment[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) return null
  const segments: Segment[] = []
  let at = 2
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1] ?? 0
    if (marker === START_OF_SCAN) return segments
    if (marker === 0xff) {
      // Any number of fill bytes may stand before a marker.
      at += 1
      continue
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
    const end = at + 2 + length
    if (length < 2 || end > bytes.length) return null
    segments.push({ marker, start: at, end })
    at = end
  }
  return null
}

const startsWith = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))

/** Exif, XMP and the notes of photo programs: all that may tell a place. */
function isAboutPhoto(bytes: Uint8Array, { marker, start }: Segment): boolean {
  if (marker === APP13) return true
  return marker === APP1 && [EXIF, ...XMP].some(name => startsWith(bytes, start + 4, name))
}

function hasPlace(bytes: Uint8Array, segment: Segment): boolean {
  if (!isAboutPhoto(bytes, segment)) return false
  if (exifOf(bytes, segment) !== null) return exifOf(bytes, segment)?.hasPlace === true
  const words = new TextDecoder('latin1').decode(bytes.subarray(segment.start, segment.end))
  // As attribute or element of XMP; a place in words (city, country) is one too.
  return /GPS(Latitude|Longitude)|:(City|Country|Location|Sublocation)\b/.test(words)
}

/** Null where the segment is no Exif; one that cannot be read is held to tell a place. */
function exifOf(
  bytes: Uint8Array,
  { marker, start, end }: Segment,
): { orientation: number; hasPlace: boolean } | null {
  if (marker !== APP1 || !startsWith(bytes, start + 4, EXIF)) return null
  const tiff = new DataView(bytes.buffer, bytes.byteOffset + start + 10, end - start - 10)
  const found = { orientation: 1, hasPlace: false }
  try {
    const isLittle = tiff.getUint16(0) === 0x4949
    const directory = tiff.getUint32(4, isLittle)
    const count = tiff.getUint16(directory, isLittle)
    for (let index = 0; index < count; index += 1) {
      const entry = directory + 2 + index * 12
      const tag = tiff.getUint16(entry, isLittle)
      if (tag === GPS) found.hasPlace = true
      if (tag === ORIENTATION) found.orientation = tiff.getUint16(entry + 8, isLittle)
    }
  } catch {
    found.hasPlace = true
  }
  return found
}

/** An Exif segment that says which way is up, and nothing else. */
function bareExif(orientation: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(36)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, 0xffe1)
  view.setUint16(2, 34)
  for (const [index, letter] of [...EXIF].entries()) bytes[4 + index] = letter.charCodeAt(0)
  // Big-endian TIFF with one directory of one entry: a SHORT, once.
  view.setUint32(10, 0x4d4d002a)
  view.setUint32(14, 8)
  view.setUint16(18, 1)
  view.setUint16(20, ORIENTATION)
  view.setUint16(22, 3)
  view.setUint32(24, 1)
  view.setUint16(28, orientation)
  return bytes
}
