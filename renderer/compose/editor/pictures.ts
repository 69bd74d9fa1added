/**
 * The pictures of one letter while it is written: what is shown for a Content-ID, as blob: URLs that go when the editor
 * goes. Refuses types that are not pictures of pixels; uploading is use-attachments.ts.
 */

import type { DraftAttachment } from '../../../shared/model.ts'
import type { Result } from '../../../shared/problem.ts'

const TYPES = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/
/** Bigger pictures are attachments: nobody reads a mail whose text weighs this much. */
const MOST_BYTES = 40 * 1024 * 1024

export type PictureState = { state: 'loading' } | { state: 'there'; url: string } | { state: 'gone' }

export type Pictures = {
  /** Shows a file at once, before it is attached. */
  add(contentId: string, file: Blob): string
  /** What can be shown now; asks for it where it was not asked for yet. */
  look(contentId: string): PictureState
  subscribe(listener: () => void): () => void
  close(): void
}

export function isPicture(file: { type: string; size: number }): boolean {
  return TYPES.test(file.type) && file.size > 0 && file.size <= MOST_BYTES
}

/** A Content-ID that nobody else has (RFC 2392); the domain is one that leads nowhere. */
export function newContentId(): string {
  return `${crypto.randomUUID()}@todoke.invalid`
}

/** The size of a picture in its own pixels, or null where it is none that can be shown. */
export async function naturalSize(url: string): Promise<{ width: number; height: number } | null> {
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch {
    return null
  }
  return image.naturalWidth > 0 ? { width: image.naturalWidth, height: image.naturalHeight } : null
}

/** Gives a piece of a file from `offset` on. */
export type ReadFile = (fileId: string, offset: number) => Promise<Result<{ base64: string }>>

export function createPictures(read: ReadFile, attached: () => readonly DraftAttachment[]): Pictures {
  const known = new Map<string, PictureState>()
  const listeners = new Set<() => void>()
  let isClosed = false

  function become(contentId: string, state: PictureState): void {
    if (isClosed) {
      if (state.state === 'there') URL.revokeObjectURL(state.url)
      return
    }
    known.set(contentId, state)
    for (const listener of listeners) listener()
  }

  async function load(contentId: string): Promise<void> {
    const attachment = attached().find(candidate => candidate.contentId === contentId)
    const isShown = attachment !== undefined && isPicture({ type: attachment.type, size: attachment.bytes })
    const bytes = isShown ? await readAll(read, attachment) : null
    if (bytes === null || attachment === undefined) become(contentId, { state: 'gone' })
    else {
      const url = URL.createObjectURL(new Blob([bytes], { type: attachment.type }))
      become(contentId, { state: 'there', url })
    }
  }

  return {
    add(contentId, file) {
      const url = URL.createObjectURL(file)
      become(contentId, { state: 'there', url })
      return url
    },
    look(contentId) {
      const state = known.get(contentId)
      if (state !== undefined) return state
      const loading = { state: 'loading' } as const
      known.set(contentId, loading)
      void load(contentId)
      return loading
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      isClosed = true
      for (const state of known.values()) if (state.state === 'there') URL.revokeObjectURL(state.url)
      known.clear()
      listeners.clear()
    },
  }
}

/** The bytes of an attachment, piece by piece; null where they cannot be had. */
export async function readAll(
  read: ReadFile,
  { id, bytes }: DraftAttachment,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const all = new Uint8Array(bytes)
  let at = 0
  while (at < bytes) {
    const reply = await read(id, at)
    if (!reply.ok) return null
    const piece = Uint8Array.from(atob(reply.value.base64), sign => sign.charCodeAt(0))
    if (piece.length === 0 || at + piece.length > bytes) return null
    all.set(piece, at)
    at += piece.length
  }
  return all
}
