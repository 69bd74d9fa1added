/** The page's way to the drafts: what a call may carry, and what it runs. */

import type { DraftStart } from '../../shared/draft-start.ts'
import { contentIdOf } from '../../shared/letter-html.ts'
import type { Address, DraftContent } from '../../shared/model.ts'
import { fail, ok } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import type { Drafts } from './drafts.ts'

const addresses: z.ZodType<Address[]> = z
  .array(z.object({ name: z.string().max(2_000), address: z.string().max(2_000) }))
  .max(5_000)

const draftContent: z.ZodType<DraftContent> = z.object({
  accountId: z.string().max(100),
  to: addresses,
  cc: addresses,
  bcc: addresses,
  subject: z.string().max(100_000),
  text: z.string().max(20_000_000),
  html: z.string().max(40_000_000).nullish(),
  identityId: z.string().max(100).optional(),
  options: z
    .object({
      priority: z.enum(['high', 'normal', 'low']),
      wantsReadReceipt: z.boolean(),
      wantsReport: z.boolean(),
      requiresTls: z.boolean(),
    })
    .optional(),
})

/** Characters of what the editor can take back. */
const LONGEST_UNDO = 1_000_000

/** What a window calls itself; it makes it up anew each time it is loaded. */
const windowShape = z.string().min(1).max(100)

const contentIdShape = z.string().refine(contentId => contentIdOf(`cid:${contentId}`) === contentId)

const attachmentGroups: z.ZodType<string[][]> = z.array(z.array(z.string().max(100)).max(1_000)).max(100)

const draftStart: z.ZodType<DraftStart> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty'), accountId: z.string().nullable() }),
  z.object({ kind: z.literal('reply'), messageId: z.string(), all: z.boolean() }),
  z.object({
    kind: z.literal('forward'),
    messageId: z.string(),
    as: z.enum(['inline', 'attachment']).optional(),
  }),
  z.object({ kind: z.literal('edit-as-new'), messageId: z.string() }),
  z.object({ kind: z.literal('redirect'), messageId: z.string() }),
  z.object({ kind: z.literal('resend'), itemId: z.string() }),
])

export function draftCalls(
  drafts: Drafts,
): Calls<
  | 'drafts.list'
  | 'drafts.create'
  | 'drafts.get'
  | 'drafts.save'
  | 'drafts.undo'
  | 'drafts.history'
  | 'drafts.version'
  | 'drafts.restoreVersion'
  | 'drafts.discard'
  | 'drafts.attach'
  | 'drafts.attachFromMail'
  | 'drafts.detach'
  | 'drafts.readAttachment'
  | 'drafts.readVersionFile'
  | 'drafts.split'
  | 'drafts.claim'
  | 'drafts.release'
> {
  return {
    'drafts.list': { args: z.tuple([]), run: () => ok(drafts.list()) },
    'drafts.create': { args: z.tuple([draftStart]), run: start => drafts.create(start) },
    'drafts.get': {
      args: z.tuple([z.string()]),
      run: draftId => {
        const draft = drafts.get(draftId)
        if (draft !== null) return ok(draft)
        return fail(drafts.isNewer(draftId) ? { kind: 'draft-newer' } : { kind: 'not-found', what: 'draft' })
      },
    },
    'drafts.save': {
      args: z.tuple([
        z.string(),
        z.int().positive(),
        draftContent,
        z.string().max(LONGEST_UNDO).nullish(),
        windowShape.optional(),
      ]),
      run: (draftId, revision, content, undo, windowId) =>
        drafts.save(draftId, revision, content, undo, windowId),
    },
    'drafts.undo': {
      args: z.tuple([z.string()]),
      run: draftId => ok({ undo: drafts.undo(draftId) }),
    },
    'drafts.history': { args: z.tuple([z.string()]), run: draftId => drafts.history(draftId) },
    'drafts.version': {
      args: z.tuple([z.string(), z.int()]),
      run(draftId, versionId) {
        const found = drafts.version(draftId, versionId)
        return found.ok ? ok({ ...found.value.content, attachments: found.value.attachments }) : found
      },
    },
    'drafts.restoreVersion': {
      args: z.tuple([z.string(), z.int().positive(), z.int(), windowShape.optional()]),
      run: (draftId, revision, versionId, windowId) =>
        drafts.restoreVersion(draftId, revision, versionId, windowId),
    },
    'drafts.discard': { args: z.tuple([z.string()]), run: draftId => ok(drafts.discard(draftId)) },
    'drafts.attach': {
      args: z.tuple([z.string(), z.string(), contentIdShape.optional()]),
      run: (draftId, fileToken, contentId) => drafts.attach(draftId, fileToken, contentId),
    },
    'drafts.attachFromMail': {
      args: z.tuple([z.string(), z.string(), z.string().max(100).nullable()]),
      run: (draftId, messageId, partId) => drafts.attachFromMail(draftId, messageId, partId),
    },
    'drafts.detach': {
      args: z.tuple([z.string(), z.string()]),
      run: (draftId, attachmentId) => ok(drafts.detach(draftId, attachmentId)),
    },
    'drafts.readAttachment': {
      args: z.tuple([z.string(), z.string(), z.int().nonnegative()]),
      async run(draftId, attachmentId, offset) {
        const piece = await drafts.readAttachment(draftId, attachmentId, offset)
        return piece.ok ? ok({ base64: Buffer.from(piece.value).toString('base64') }) : piece
      },
    },
    'drafts.readVersionFile': {
      args: z.tuple([z.string(), z.int(), z.string(), z.int().nonnegative()]),
      async run(draftId, versionId, attachmentId, offset) {
        const piece = await drafts.readVersionFile(draftId, versionId, attachmentId, offset)
        return piece.ok ? ok({ base64: Buffer.from(piece.value).toString('base64') }) : piece
      },
    },
    'drafts.split': {
      args: z.tuple([z.string(), z.int().positive(), attachmentGroups]),
      run: (draftId, revision, groups) => drafts.split(draftId, revision, groups),
    },
    'drafts.claim': {
      args: z.tuple([z.string(), windowShape, z.enum(['ask', 'take'])]),
      run: async (draftId, windowId, how) =>
        ok({ writer: await drafts.claim(draftId, windowId, how === 'take') }),
    },
    'drafts.release': {
      args: z.tuple([z.string(), windowShape]),
      run: (draftId, windowId) => ok(drafts.release(draftId, windowId)),
    },
  }
}
