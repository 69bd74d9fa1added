/**
 * Brings one file from the page into the program, in pieces, with progress and a stop. The page has bytes and never a
 * path. It refuses to keep a file half: whatever ends early is abandoned.
 */

import type { Bridge } from '../../shared/api.ts'
import type { DraftAttachment } from '../../shared/model.ts'
import { fail, type Result } from '../../shared/problem.ts'

/**
 * A multiple of three, so that its base64 has no padding, and small: a string of more than 128 KiB is a large object to
 * the engine, which the program would keep until its heap is full of them.
 */
export const PIECE_BYTES = 90 * 1024

/** What of a `File` is needed; a test gives its own. */
export type FileSource = {
  name: string
  type: string
  size: number
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

export type SendOptions = {
  call: Bridge['call']
  file: FileSource
  signal: AbortSignal
  onProgress: (received: number) => void
}

export type UploadOptions = SendOptions & {
  draftId: string
  /** Under this Content-ID it is a picture within the text. */
  contentId?: string | undefined
}

/** Base64 of a piece, by ways that neither overflow the stack nor need a newer engine. */
export function toBase64(bytes: Uint8Array): string {
  const step = 0x2000
  let binary = ''
  for (let at = 0; at < bytes.length; at += step) {
    binary += String.fromCharCode(...bytes.subarray(at, at + step))
  }
  return btoa(binary)
}

/** The attachment once it lies safe in the spool, or why not; `cancelled` when it was stopped. */
export async function uploadFile(options: UploadOptions): Promise<Result<DraftAttachment>> {
  const sent = await sendFile(options)
  if (!sent.ok) return sent
  const { call, draftId, contentId } = options
  const { fileToken } = sent.value
  return call(
    'drafts.attach',
    contentId === undefined ? [draftId, fileToken] : [draftId, fileToken, contentId],
  )
}

/** The whole file in the hands of the program, under a token that is good for one use; or nothing of it. */
export async function sendFile(options: SendOptions): Promise<Result<{ fileToken: string }>> {
  const { call, file, signal } = options
  if (signal.aborted) return fail({ kind: 'cancelled' })
  const begun = await call('files.begin', [file.name, file.type, file.size])
  if (!begun.ok) return begun
  const { fileToken } = begun.value
  const sent = await sendPieces(fileToken, options)
  if (sent.ok && !signal.aborted) return begun
  await call('files.abandon', [fileToken])
  return sent.ok ? fail({ kind: 'cancelled' }) : sent
}

async function sendPieces(fileToken: string, options: SendOptions): Promise<Result<null>> {
  const { call, file, signal, onProgress } = options
  let offset = 0
  while (offset < file.size) {
    if (signal.aborted) return fail({ kind: 'cancelled' })
    const piece = await readPiece(file, offset)
    if (piece === null) return fail({ kind: 'attachment-unreadable', name: file.name })
    const appended = await call('files.append', [fileToken, offset, toBase64(piece)])
    if (!appended.ok) return appended
    offset += piece.length
    onProgress(offset)
  }
  return { ok: true, value: null }
}

/** Null where the file cannot be read any more: gone, forbidden, a folder, or shorter than it said. */
async function readPiece(file: FileSource, offset: number): Promise<Uint8Array | null> {
  const wanted = Math.min(PIECE_BYTES, file.size - offset)
  try {
    const bytes = new Uint8Array(await file.slice(offset, offset + wanted).arrayBuffer())
    return bytes.length === wanted ? bytes : null
  } catch {
    return null
  }
}
