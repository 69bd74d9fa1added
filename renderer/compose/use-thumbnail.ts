/** A small picture of an attached one, drawn in the page. Refuses what is too large to be decoded for a glance. */

import { useEffect, useState } from 'react'
import type { DraftAttachment } from '../../shared/model.ts'
import { call } from '../bridge.ts'
import { readAttachment } from './shrink-picture.ts'

const SHOWN = /^image\/(jpeg|png|webp|gif|avif|bmp)$/
const MOST_BYTES = 12 * 1024 * 1024
/** Twice what it takes on the page, for fine screens. */
const EDGE = 72

/** One at a time: a decoded picture can take two hundred megabytes. */
let drawing: Promise<unknown> = Promise.resolve()

/** A `blob:` address; null as long as there is none, or the file is no picture. */
export function useThumbnail(draftId: string, attachment: DraftAttachment): string | null {
  const [address, setAddress] = useState<string | null>(null)
  const { id, type, bytes } = attachment
  const isShown = SHOWN.test(type.toLowerCase()) && bytes > 0 && bytes <= MOST_BYTES
  // biome-ignore lint/correctness/useExhaustiveDependencies: an attachment never changes under its id
  useEffect(() => {
    if (!isShown) return
    const stop = new AbortController()
    let made: string | null = null
    drawing = drawing
      .then(() => (stop.signal.aborted ? null : thumbnailOf(draftId, attachment, stop.signal)))
      .then(picture => {
        if (picture === null || stop.signal.aborted) return
        made = URL.createObjectURL(picture)
        setAddress(made)
      })
      .catch(() => {})
    return () => {
      stop.abort()
      setAddress(null)
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [draftId, id, isShown])
  return address
}

/** The middle of the picture as a square; null where it cannot be had, or is none. */
async function thumbnailOf(
  draftId: string,
  attachment: DraftAttachment,
  signal: AbortSignal,
): Promise<Blob | null> {
  const source = await readAttachment((method, args) => call(method, ...args), draftId, attachment, signal)
  if (source === null) return null
  const picture = await createImageBitmap(source, { imageOrientation: 'from-image' })
  try {
    const side = Math.min(picture.width, picture.height)
    const canvas = new OffscreenCanvas(EDGE, EDGE)
    const brush = canvas.getContext('2d')
    if (brush === null) return null
    brush.imageSmoothingQuality = 'high'
    const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2]
    brush.drawImage(picture, left, top, side, side, 0, 0, EDGE, EDGE)
    return await canvas.convertToBlob({ type: 'image/png' })
  } finally {
    picture.close()
  }
}
