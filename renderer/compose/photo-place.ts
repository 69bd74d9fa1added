/**
 * Takes the place out of a photo before it is attached: JPEG, PNG, WebP, HEIC and AVIF, told by their first bytes. Of what
 * a camera wrote beside the picture only which way is up is left where a place stands in it; the picture itself is not
 * touched. Refuses to guess: what is not as its standard has it stays as it is.
 */

import { bytesOf, type KeptParts } from './photo-bytes.ts'
import { boxesWithoutPlace, isBoxes } from './photo-heic.ts'
import { isJpeg, jpegWithoutPlace } from './photo-jpeg.ts'
import { isPng, pngWithoutPlace } from './photo-png.ts'
import { isWebp, webpWithoutPlace } from './photo-webp.ts'

type Format = {
  isIt(start: Uint8Array): boolean
  without(file: Blob): Promise<KeptParts | null>
}

const FORMATS: readonly Format[] = [
  { isIt: isJpeg, without: jpegWithoutPlace },
  { isIt: isPng, without: pngWithoutPlace },
  { isIt: isWebp, without: webpWithoutPlace },
  { isIt: isBoxes, without: boxesWithoutPlace },
]

/** The photo without its place, or null where none stands in it. Throws where the file cannot be read. */
export async function withoutPlace(file: File): Promise<File | null> {
  const start = await bytesOf(file, 0, 16)
  const kept = await FORMATS.find(({ isIt }) => isIt(start))?.without(file)
  if (kept == null) return null
  return new File(kept, file.name, { type: file.type, lastModified: file.lastModified })
}
