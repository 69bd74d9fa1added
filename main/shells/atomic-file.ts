/** Writes a small file so that after a crash it is the old one or the new one, never half of one, and only ours to read. */

import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { messageOf } from './serve.ts'

/** Mode 0600. Answers `disk-full` or `disk`. */
export function writeFileAtomically(file: string, bytes: Uint8Array | string): Result<true> {
  const draft = `${file}.${process.pid}.new`
  try {
    const handle = openSync(draft, 'w', 0o600)
    try {
      writeSync(handle, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
    syncDirectory(dirname(file))
    return ok(true)
  } catch (error) {
    rmSync(draft, { force: true })
    return fail(problemOfFileError(error))
  }
}

/** The name in the directory is on the disk too. Windows knows no such thing. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** What a thrown file error means. */
export function problemOfFileError(error: unknown): Problem {
  const code = (error as { code?: unknown }).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'disk-full' }
  return { kind: 'disk', detail: messageOf(error) }
}

/** Makes a folder that only its owner may enter. */
export function makePrivateDirectory(directory: string): Result<true> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return ok(true)
  } catch (error) {
    return fail(problemOfFileError(error))
  }
}
