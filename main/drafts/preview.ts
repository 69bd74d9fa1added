/**
 * What would be sent if the draft left now: its mail is frozen and written by the same code, and read here. Refuses to
 * keep anything of it: Message-ID, date and boundaries are made anew at Send, so that the first two are left out.
 */

import { readFile } from 'node:fs/promises'
import type { Account, Draft, MailPreview } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { readHeaders } from '../mime/read-mail.ts'
import type { Recipe } from '../mime/recipe.ts'
import { problemOfWriting, wireWords, writeMail } from '../mime/write-mail.ts'
import { type Freezing, frozenDraft } from './frozen-draft.ts'

export type PreviewDeps = {
  drafts: { get(draftId: string): Draft | null }
  accounts: { get(accountId: string): Account | null }
  freezing: (accountId: string) => Freezing
  now: () => number
}

/** Bytes of pictures that are shown within the letter. */
const MOST_PICTURES = 6_000_000
const MADE_AT_SEND = new Set(['message-id', 'date'])

export async function previewOf(
  { drafts, accounts, freezing, now }: PreviewDeps,
  draftId: string,
  revision: number,
): Promise<Result<MailPreview>> {
  const draft = drafts.get(draftId)
  if (draft === null) return fail({ kind: 'not-found', what: 'draft' })
  if (draft.revision !== revision) return fail({ kind: 'conflict', what: 'draft', revision: draft.revision })
  const account = accounts.get(draft.accountId)
  if (account === null) return fail({ kind: 'not-found', what: 'account' })
  const means = freezing(account.id)
  const recipe = await frozenDraft(draft, account, now(), means)
  let bytes = 0
  let head: Buffer | null = null
  try {
    for await (const chunk of writeMail(recipe, { for: 'wire', openPath: means.openPath })) {
      head ??= chunk
      bytes += chunk.length
    }
  } catch (error) {
    return fail(problemOfWriting(error))
  }
  const headers = readHeaders(head ?? Buffer.alloc(0)).filter(
    ([name]) => !MADE_AT_SEND.has(name.toLowerCase()),
  )
  return ok({
    ...(await wireWords(recipe)),
    headers,
    bytes,
    inlineImages: await picturesOf(recipe, means.openPath),
  })
}

async function picturesOf(
  { attachments }: Recipe,
  openPath: (sha256: string) => string,
): Promise<Record<string, string>> {
  const pictures: Record<string, string> = {}
  let left = MOST_PICTURES
  for (const { contentId, type, bytes, sha256 } of attachments) {
    if (contentId === undefined || bytes > left) continue
    left -= bytes
    pictures[contentId] = `data:${type};base64,${await readFile(openPath(sha256), 'base64')}`
  }
  return pictures
}

export function previewCalls(deps: PreviewDeps): Calls<'drafts.preview'> {
  return {
    'drafts.preview': {
      args: z.tuple([z.string(), z.int().positive()]),
      run: (draftId, revision) => previewOf(deps, draftId, revision),
    },
  }
}
