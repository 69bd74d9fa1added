/** What cameras and photo programs write beside a picture: Exif (a TIFF directory) and XMP, and whether it tells a place. */

import { asLatin1, viewOf } from './photo-bytes.ts'

const ORIENTATION = 0x0112
const GPS = 0x8825

export type ExifFacts = { orientation: number; hasPlace: boolean }

/** Of the TIFF structure of an Exif block; one that cannot be read is held to tell a place. */
export function exifFacts(tiffBytes: Uint8Array): ExifFacts {
  const tiff = viewOf(tiffBytes)
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

/** As attribute or element of XMP; a place in words (city, country) is one too. */
export function tellsPlace(xmp: Uint8Array): boolean {
  return /GPS(Latitude|Longitude)|:(City|Country|Location|Sublocation)\b/.test(asLatin1(xmp))
}

/** A TIFF structure that says which way is up, and nothing else: big-endian, one directory of one SHORT. */
export function bareTiff(orientation: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(26)
  const view = viewOf(bytes)
  view.setUint32(0, 0x4d4d002a)
  view.setUint32(4, 8)
  view.setUint16(8, 1)
  view.setUint16(10, ORIENTATION)
  view.setUint16(12, 3)
  view.setUint32(14, 1)
  view.setUint16(18, orientation)
  return bytes
}
