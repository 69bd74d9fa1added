/** The place in a JPEG: Exif, XMP and the notes of photo programs, all in segments before the picture (ITU T.81). */

import { bytesOf, fromLatin1, type KeptParts, startsWith, viewOf } from './photo-bytes.ts'
import { bareTiff, type ExifFacts, exifFacts, tellsPlace } from './photo-exif.ts'

/** Markers before the picture begins (ITU T.81, B.1.1.3). */
const START_OF_IMAGE = 0xd8
const START_OF_SCAN = 0xda
const APP1 = 0xe1
const APP13 = 0xed
/** More than that is not read in search of a place: the segments before the picture are a few hundred KiB at most. */
const MOST_HEAD_BYTES = 8 * 1024 * 1024

const EXIF = 'Exif\0\0'
const XMP = ['http://ns.adobe.com/xap/1.0/\0', 'http://ns.adobe.com/xmp/extension/\0']

type Segment = { marker: number; start: number; end: number }

export const isJpeg = (start: Uint8Array): boolean => start[0] === 0xff && start[1] === START_OF_IMAGE

export async function jpegWithoutPlace(file: Blob): Promise<KeptParts | null> {
  const bytes = await bytesOf(file, 0, MOST_HEAD_BYTES)
  const segments = segmentsOf(bytes)
  if (segments === null || !segments.some(segment => hasPlace(bytes, segment))) return null
  const kept: KeptParts = [bytes.slice(0, 2)]
  const orientation = segments.map(segment => exifOf(bytes, segment)?.orientation ?? 1).find(way => way !== 1)
  if (orientation !== undefined) kept.push(bareExif(orientation))
  for (const segment of segments) {
    if (!isAboutPhoto(bytes, segment)) kept.push(bytes.slice(segment.start, segment.end))
  }
  return [...kept, file.slice(segments.at(-1)?.end ?? 2)]
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

/** Exif, XMP and the notes of photo programs: all that may tell a place. */
function isAboutPhoto(bytes: Uint8Array, { marker, start }: Segment): boolean {
  if (marker === APP13) return true
  return marker === APP1 && [EXIF, ...XMP].some(name => startsWith(bytes, start + 4, name))
}

function hasPlace(bytes: Uint8Array, segment: Segment): boolean {
  if (!isAboutPhoto(bytes, segment)) return false
  const exif = exifOf(bytes, segment)
  return exif === null ? tellsPlace(bytes.subarray(segment.start, segment.end)) : exif.hasPlace
}

/** Null where the segment is no Exif. */
function exifOf(bytes: Uint8Array, { marker, start, end }: Segment): ExifFacts | null {
  if (marker !== APP1 || !startsWith(bytes, start + 4, EXIF)) return null
  return exifFacts(bytes.subarray(start + 10, end))
}

/** An Exif segment that says which way is up, and nothing else. */
function bareExif(orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = bareTiff(orientation)
  const bytes = new Uint8Array(10 + tiff.length)
  viewOf(bytes).setUint32(0, 0xffe1_0000 + bytes.length - 2)
  bytes.set(fromLatin1(EXIF), 4)
  bytes.set(tiff, 10)
  return bytes
}
