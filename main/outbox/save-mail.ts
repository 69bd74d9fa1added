/**
 * A mail as an .eml file where the person wants it; with its Bcc, as it is their own copy. A damaged one is saved as far
 * as it can be read. Never overwrites a file.
 */

import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fail, ok, type Problem, type Result } from '../../shared/problem.ts'
import type { Recipe } from '../mime/recipe.ts'
import { mailStream, problemOfWriting } from '../mime/write-mail.ts'
import { withoutDamaged } from './salvage.ts'

/** Asks where; null where the person turned away. `leftOut` names the attachments that are damaged or gone. */
export async function saveMail(
  recipe: Recipe,
  openPath: (sha256: string) => string,
  ask: (suggestedName: string) => Promise<string | null>,
): Promise<Result<{ savedAs: string | null; leftOut: string[] }>> {
  const path = await ask(`${fileNameOf(recipe.subject)}.eml`)
  if (path === null) return ok({ savedAs: null, leftOut: [] })
  const { recipe: readable, leftOut } = await withoutDamaged(recipe, openPath)
  try {
    await pipeline(
      mailStream(readable, { for: 'sent-copy', openPath }),
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    )
    return ok({ savedAs: path, leftOut })
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
