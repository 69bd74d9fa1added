/**
 * Makes a picture smaller, in the page: decoded as its camera held it, drawn anew, encoded. What a camera wrote beside
 * the picture (place, time, maker) is not drawn and so does not go along. Refuses to enlarge.
 */

import type { Bridge } from '../../shared/api.ts'
import type { DraftAttachment } from '../../shared/model.ts'
import { asLatin1, bytesOf, startsWith } from './photo-bytes.ts'
import { isPng } from './photo-png.ts'

export const EDGES = [2048, 1280] as const
export type Edge = (typeof EDGES)[number]

/** The smaller file, or null where the picture is not larger than the edge or would not get smaller. */
export type ShrunkPicture = Record<Edge, File | null>

const QUALITY = 0.85
const SHRINKABLE = new Set(['image/jpeg', 'image/png', 'image/webp'])

export function isShrinkable({ type }: { type: string }): boolean {
  return SHRINKABLE.has(type.toLowerCase())
}

/** Every size of one attached picture; null where its bytes cannot be had or are no picture. */
export async function shrinkPicture(
  call: Bridge['call'],
  draftId: string,
  attachment: DraftAttachment,
  signal: AbortSignal,
): Promise<ShrunkPicture | null> {
  const source = await readAttachment(call, draftId, attachment, signal)
  if (source === null || (await isAnimated(source))) return null
  const picture = await createImageBitmap(source, { imageOrientation: 'from-image' }).catch(() => null)
  if (picture === null) return null
  try {
    const shrunk: ShrunkPicture = { 2048: null, 1280: null }
    for (const edge of EDGES) shrunk[edge] = await drawn(picture, attachment, edge)
    return shrunk
  } finally {
    picture.close()
  }
}

const HEAD_BYTES = 64 * 1024

/** Of a picture that moves only its first would be left: GIF, APNG (acTL before the picture), WebP (RFC 9649, VP8X flag A). */
export async function isAnimated(picture: Blob): Promise<boolean> {
  const head = await bytesOf(picture, 0, HEAD_BYTES)
  if (startsWith(head, 0, 'GIF8')) return true
  if (startsWith(head, 8, 'WEBPVP8X')) return ((head[20] ?? 0) & 2) !== 0
  const text = asLatin1(head)
  const control = text.indexOf('acTL')
  return isPng(head) && control !== -1 && (control < text.indexOf('IDAT') || !text.includes('IDAT'))
}

async function drawn(
  picture: ImageBitmap,
  { name, type, bytes }: DraftAttachment,
  edge: Edge,
): Promise<File | null> {
  const scale = edge / Math.max(picture.width, picture.height)
  if (scale >= 1) return null
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(picture.width * scale)),
    Math.max(1, Math.round(picture.height * scale)),
  )
  const brush = canvas.getContext('2d')
  if (brush === null) return null
  brush.imageSmoothingQuality = 'high'
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await canvas.convertToBlob({ type: type.toLowerCase(), quality: QUALITY })
  return blob.size < bytes ? new File([blob], name, { type: blob.type }) : null
}

/** The whole file, piece by piece; null where it is not there, not whole, or nobody waits for it any more. */
export async function readAttachment(
  call: Bridge['call'],
  draftId: string,
  { id, type, bytes }: DraftAttachment,
  signal: AbortSignal,
): Promise<Blob | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let read = 0
  while (read < bytes) {
    if (signal.aborted) return null
    const reply = await call('drafts.readAttachment', [draftId, id, read])
    if (!reply.ok) return null
    const piece = fromBase64(reply.value.base64)
    if (piece.length === 0) return null
    pieces.push(piece)
    read += piece.length
  }
  return read === bytes ? new Blob(pieces, { type }) : null
}

function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}
