/**
 * A folder as one zip file, written while it is read and sent: at most a few pieces of it are in memory. The door of
 * fflate. Photos go in without their place, as they would alone. Refuses to leave out silently what cannot be read.
 */

import { Zip, ZipDeflate } from 'fflate'
import type { DraftAttachment } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { FolderFile } from './folder-files.ts'
import { withoutPlace } from './photo-place.ts'
import { PIECE_BYTES, toBase64, type UploadOptions } from './upload.ts'

type FolderOptions = Omit<UploadOptions, 'file'> & { name: string; files: readonly FolderFile[] }

/** What is small already is only put in. */
const PRESSED =
  /\.(?:jpe?g|png|gif|webp|heic|avif|mp[34]|m4[av]|mov|avi|mkv|webm|ogg|flac|zip|7z|rar|gz|bz2|xz|zst|docx|xlsx|pptx|od[tsp]|epub|pdf)$/i
/** What the clock of a zip file can say. */
const [FIRST_YEAR, LAST_YEAR] = [1980, 2107]

/** Zips, sends and attaches the folder, or leaves nothing of it behind. Progress counts the bytes that were read. */
export async function uploadFolder(options: FolderOptions): Promise<Result<DraftAttachment>> {
  const { call, draftId, name, signal, contentId } = options
  if (signal.aborted) return fail({ kind: 'cancelled' })
  const begun = await call('files.begin', [name, 'application/zip', null])
  if (!begun.ok) return begun
  const { fileToken } = begun.value
  const sent = await sendZip(fileToken, options)
  if (sent.ok && !signal.aborted) {
    return call(
      'drafts.attach',
      contentId === undefined ? [draftId, fileToken] : [draftId, fileToken, contentId],
    )
  }
  await call('files.abandon', [fileToken])
  return sent.ok ? fail({ kind: 'cancelled' }) : sent
}

async function sendZip(
  fileToken: string,
  { call, files, signal, onProgress }: FolderOptions,
): Promise<Result<null>> {
  const pieces = createPieces()
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    pieces.add(chunk)
  })
  let offset = 0
  let read = 0
  const send = async (isEnd: boolean): Promise<Result<null>> => {
    for (let piece = pieces.take(isEnd); piece !== null; piece = pieces.take(isEnd)) {
      if (signal.aborted) return fail({ kind: 'cancelled' })
      const appended = await call('files.append', [fileToken, offset, toBase64(piece)])
      if (!appended.ok) return appended
      offset += piece.length
    }
    return ok(null)
  }
  for (const { path, file } of files) {
    const clean = (await withoutPlace(file).catch(() => null)) ?? file
    const entry = new ZipDeflate(nameInZip(path), { level: PRESSED.test(path) ? 0 : 6 })
    entry.mtime = timeInZip(file.lastModified)
    zip.add(entry)
    let at = 0
    do {
      if (signal.aborted) return fail({ kind: 'cancelled' })
      const bytes = await pieceOf(clean, at)
      if (bytes === null) return fail({ kind: 'attachment-unreadable', name: path })
      at += bytes.length
      entry.push(bytes, at >= clean.size)
      onProgress(read + Math.min(at, file.size))
      const sent = await send(false)
      if (!sent.ok) return sent
    } while (at < clean.size)
    read += file.size
  }
  zip.end()
  return send(true)
}

/** Null where it cannot be read any more, or is shorter than it said. */
async function pieceOf(file: File, at: number): Promise<Uint8Array | null> {
  const wanted = Math.min(PIECE_BYTES, file.size - at)
  try {
    const bytes = new Uint8Array(await file.slice(at, at + wanted).arrayBuffer())
    return bytes.length === wanted ? bytes : null
  } catch {
    return null
  }
}

/** NFC, as other systems write names; a backslash would be a folder to Windows. */
const nameInZip = (path: string) => path.normalize('NFC').toWellFormed().replaceAll('\\', '_')

function timeInZip(time: number): Date {
  const date = new Date(time)
  if (date.getFullYear() < FIRST_YEAR) return new Date(FIRST_YEAR, 0, 1)
  return date.getFullYear() > LAST_YEAR ? new Date(LAST_YEAR, 11, 31) : date
}

/** What a zip file is written in is cut into what is sent at once. */
function createPieces() {
  let chunks: Uint8Array[] = []
  let bytes = 0
  return {
    add(chunk: Uint8Array): void {
      chunks.push(chunk)
      bytes += chunk.length
    },
    /** The next whole piece; at the end the rest. Null where there is none. */
    take(isEnd: boolean): Uint8Array | null {
      if (bytes === 0 || (bytes < PIECE_BYTES && !isEnd)) return null
      const piece = new Uint8Array(Math.min(bytes, PIECE_BYTES))
      let filled = 0
      while (filled < piece.length) {
        const [first = new Uint8Array(), ...others] = chunks
        const part = first.subarray(0, piece.length - filled)
        piece.set(part, filled)
        filled += part.length
        chunks = part.length === first.length ? others : [first.subarray(part.length), ...others]
      }
      bytes -= piece.length
      return piece
    },
  }
}
