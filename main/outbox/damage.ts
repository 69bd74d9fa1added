/** Which file of a mail is not what it was at Send, so that it can be named. Reads, and repairs nothing. */

import type { Problem } from '../../shared/problem.ts'
import type { Recipe } from '../mime/recipe.ts'
import { isWhole } from './salvage.ts'

/** After the bytes of a mail were found to be others: its first attachment that is, or `bytes-changed` where none is. */
export async function nameDamage(recipe: Recipe, openPath: (sha256: string) => string): Promise<Problem> {
  for (const { name, sha256 } of recipe.attachments) {
    if (!(await isWhole(openPath(sha256), sha256))) return { kind: 'attachment-unreadable', name }
  }
  return { kind: 'bytes-changed' }
}
