/**
 * What is left of a mail whose stored form is damaged: enough to show it and to save it as a file, never to send it.
 * Pure but for reading the spool; repairs nothing.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type Address, USUAL_OPTIONS } from '../../shared/model.ts'
import { parseRecipe, type Recipe } from '../mime/recipe.ts'

/** Every part that can still be read; where nothing can, the stored text itself is the text of the mail. */
export function salvageRecipe(stored: string, messageId: string): Recipe {
  const parts = recordOf(stored)
  const text = (value: unknown) => (typeof value === 'string' ? value.toWellFormed() : '')
  const isAddress = (value: unknown): value is Address =>
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'address' in value &&
    typeof value.address === 'string'
  const people = (value: unknown) => (Array.isArray(value) ? value.filter(isAddress) : [])
  const base: Recipe = {
    version: 2,
    from: isAddress(parts?.from) ? parts.from : { name: '', address: '' },
    to: people(parts?.to),
    cc: people(parts?.cc),
    bcc: people(parts?.bcc),
    subject: text(parts?.subject),
    text: parts === null ? text(stored) : text(parts.text),
    html: typeof parts?.html === 'string' ? parts.html : null,
    replyTo: people(parts?.replyTo),
    organisation: text(parts?.organisation),
    options: USUAL_OPTIONS,
    date: typeof parts?.date === 'number' && Number.isFinite(parts.date) ? parts.date : 0,
    messageId,
    boundary: 'salvaged',
    references: [],
    attachments: [],
  }
  // Attachments one by one: each is whole, or it is not one.
  for (const attachment of Array.isArray(parts?.attachments) ? parts.attachments : []) {
    const read = parseRecipe({ ...base, attachments: [attachment] })
    if (read.ok) base.attachments.push(...read.value.attachments)
  }
  return base
}

function recordOf(stored: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(stored)
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

/** The mail with only those attachments whose bytes are what they were, and the names of the others. */
export async function withoutDamaged(
  recipe: Recipe,
  openPath: (sha256: string) => string,
): Promise<{ recipe: Recipe; leftOut: string[] }> {
  const attachments: Recipe['attachments'] = []
  const leftOut: string[] = []
  for (const attachment of recipe.attachments) {
    if (await isWhole(openPath(attachment.sha256), attachment.sha256)) attachments.push(attachment)
    else leftOut.push(attachment.name)
  }
  return { recipe: { ...recipe, attachments }, leftOut }
}

/** Whether the file holds what its name says. */
export async function isWhole(path: string, sha256: string): Promise<boolean> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk)
  } catch {
    return false
  }
  return hash.digest('hex') === sha256
}
