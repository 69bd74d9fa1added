/**
 * What is in a folder that was dropped or picked: all files under it but those that a system hides. Refuses to follow a
 * symbolic link: the browser names none, neither to a drop nor to a picker.
 */

import { fail, ok, type Result } from '../../shared/problem.ts'

/** `path` from the folder on, its name first, parts joined by a slash. */
export type FolderFile = { path: string; file: File }
export type LookedFolder = { files: readonly FolderFile[]; bytes: number }

/** What a zip file of the old kind holds, which every program reads. */
export const MOST_ZIP_BYTES = 0xffff_ffff
export const MOST_ZIP_FILES = 0xffff

const CLUTTER = /^(?:\..*|thumbs\.db|desktop\.ini|__macosx)$/i
const isHidden = (path: string) => path.split('/').some((part, depth) => depth > 0 && CLUTTER.test(part))

/** The files in the order of their paths; `empty` where there is none to send, `too-big` where no zip file holds them. */
export async function lookThrough(look: () => Promise<readonly FolderFile[]>): Promise<Result<LookedFolder>> {
  const all = await look().catch(() => null)
  if (all === null) return fail({ kind: 'attachment-unreadable', name: '' })
  const files = all
    .filter(({ path }) => !isHidden(path))
    .toSorted((left, right) => (left.path < right.path ? -1 : 1))
  if (files.length === 0) return fail({ kind: 'invalid', field: 'folder', reason: 'empty' })
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
  if (bytes > MOST_ZIP_BYTES || files.length > MOST_ZIP_FILES) {
    return fail({ kind: 'too-big', bytes, limit: MOST_ZIP_BYTES })
  }
  return ok({ files, bytes })
}

/** Of a drop. Throws where something in it cannot be read. */
export async function filesUnder(folder: FileSystemDirectoryEntry): Promise<FolderFile[]> {
  const found: FolderFile[] = []
  const open: FileSystemEntry[] = [folder]
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const path = entry.fullPath.replace(/^\//, '')
    if (isHidden(path)) continue
    if (entry.isDirectory) open.push(...(await entriesOf(entry as FileSystemDirectoryEntry)))
    else found.push({ path, file: await fileOf(entry as FileSystemFileEntry) })
    if (found.length > MOST_ZIP_FILES) break
  }
  return found
}

/** Of a picker of folders: each file knows its way from the folder on. */
export function pickedFolder(files: readonly File[]): { name: string; files: FolderFile[] } | null {
  const name = files[0]?.webkitRelativePath.split('/')[0] ?? ''
  if (name === '') return null
  return { name, files: files.map(file => ({ path: file.webkitRelativePath, file })) }
}

/** A reader gives a hundred at a time, and nothing at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}

const fileOf = (entry: FileSystemFileEntry) =>
  new Promise<File>((resolve, reject) => entry.file(resolve, reject))
