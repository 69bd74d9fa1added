/** A mail as an .eml file where the person wants it; with its Bcc, as it is their own copy. Never overwrites a file. */

import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import { problemOfWriting, type Recipe, writeMail } from '../mime/write-mail.ts'

/** Asks where; null where the person turned away. */
export async function saveMail(
  recipe: Recipe,
  openPath: (sha256: string) => string,
  ask: (suggestedName: string) => Promise<string | null>,
): Promise<Result<{ savedAs: string | null }>> {
  const path = await ask(`${fileNameOf(recipe.subject)}.eml`)
  if (path === null) return ok({ savedAs: null })
  try {
    await pipeline(
      writeMail(recipe, { for: 'sent-copy', openPath }),
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    )
    return ok({ savedAs: path })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') await rm(path, { force: true }).catch(() => {})
    return fail(problemOfSaving(error, code))
  }
}

function fileNameOf(subject: string): string {
  const clean = subject.replace(
    /[\\/:*?"<>|\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    ' ',
  )
  return [...clean.trim()].slice(0, 80).join('').replace(/^\.+/, '') || 'mail'
}

function problemOfSaving(error: unknown, code: string | undefined): Problem {
  if (code === 'ENOSPC' || code === 'EDQUOT') return { kind: 'disk-full' }
  if (code !== undefined) return { kind: 'disk', detail: code }
  return problemOfWriting(error)
}
