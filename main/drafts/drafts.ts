/**
 * Owns what is being written: drafts with revisions, their attachments, and how an answer begins.
 * Refuses to lose or to overwrite: a save on an older revision changes nothing.
 */

import { randomUUID } from 'node:crypto'
import { contentIdOf } from '../../shared/letter-html.ts'
import type {
  Account,
  Address,
  Draft,
  DraftAttachment,
  DraftContent,
  DraftHead,
  DraftStart,
  DraftVersion,
  Language,
  Message,
} from '../../shared/model.ts'
import { assertNever, fail, ok, type Result } from '../../shared/problem.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { type AnswerStart, forwardOf, replyTo } from './answer.ts'
import { createDraftCopies, type DraftCopies, type KeepDraftCopy } from './draft-copies.ts'
import { createDraftHistory, type DraftState } from './draft-history.ts'
import { createDraftStore } from './draft-store.ts'
import { splitDraft } from './split.ts'
import type { Spool } from './spool.ts'

export type DraftsDeps = {
  db: Db
  spool: Pick<Spool, 'finish' | 'read'>
  accounts: { list(): Account[] }
  /** Left out, no draft is copied to a server. */
  keepCopy?: KeepDraftCopy
  clock: Clock
  emit: Emit
  /** The mail that is answered. */
  readMessage(messageId: string): Promise<Result<Message>>
  /** Asked each time a draft begins, as settings change while the program runs. */
  preferences(): { language: Language; defaultAccountId: string | null }
  /** IANA name for the dates in quotes; left out, the machine's own. */
  timeZone?: string
}

export type Drafts = {
  /** Last saved first. */
  list(): DraftHead[]
  get(draftId: string): Draft | null
  create(start: DraftStart): Promise<Result<Draft>>
  save(
    draftId: string,
    revision: number,
    content: DraftContent,
    undo?: string | null,
  ): Result<{ revision: number; savedAt: number }>
  /** What the editor could take back when the draft was saved as it is now. */
  undo(draftId: string): string | null
  /** Every saved state, newest first. */
  history(draftId: string): Result<DraftVersion[]>
  version(draftId: string, versionId: number): Result<DraftState>
  /** Brings a state back as the newest one. */
  restoreVersion(draftId: string, revision: number, versionId: number): Result<Draft>
  discard(draftId: string): { discarded: boolean }
  /** Takes an uploaded file to the draft; it is synced to the disk before this answers. */
  attach(draftId: string, fileToken: string, contentId?: string): Promise<Result<DraftAttachment>>
  detach(draftId: string, attachmentId: string): { detached: boolean }
  /** A piece of an attached file, for a page that makes a picture smaller. */
  readAttachment(draftId: string, attachmentId: string, offset: number): Promise<Result<Uint8Array>>
  /** One draft becomes several, or nothing is changed; see `splitDraft`. The first is the draft itself. */
  split(draftId: string, revision: number, groups: string[][]): Result<Draft[]>
  /** For `outbox.send`, inside its `db.transaction`: the draft goes as the mail comes. Announces nothing. */
  removeWithin(draftId: string): boolean
  /** For `outbox.edit`, joins a transaction of the caller: a mail taken back is a draft again. */
  restore(content: DraftContent, attachments: Omit<DraftAttachment, 'id'>[], references: string[]): Draft
  /** SHA-256 of every file that a draft has or had, for `spool.sweep`. */
  hashes(): string[]
  countOf(accountId: string): number
  copies: Pick<DraftCopies, 'start' | 'stop'>
}

/** Drafts over the desk's database. A draft whose account is gone still opens and can be saved. */
export function createDrafts(deps: DraftsDeps): Drafts {
  const { db, spool, accounts, clock, emit, readMessage, preferences } = deps
  const store = createDraftStore(db)
  const history = createDraftHistory(db)
  const copies = createDraftCopies({
    db,
    clock,
    drafts: {
      get: store.get,
      ids: () => store.heads().map(({ id }) => id),
      newestVersion: history.newest,
    },
    account: accountId => accounts.list().find(({ id }) => id === accountId) ?? null,
    keep: deps.keepCopy ?? null,
  })
  const announce = (draftId: string) => {
    emit('drafts.changed', { draftIds: [draftId] })
    copies.touched(draftId)
  }

  const insert = (
    content: DraftContent,
    references: string[],
    attachments: Omit<DraftAttachment, 'id'>[],
  ): Draft => {
    const now = clock.now()
    const draft: Draft = {
      ...content,
      id: randomUUID(),
      revision: 1,
      createdAt: now,
      savedAt: now,
      references,
      attachments: attachments.map(attachment => ({ ...attachment, id: randomUUID() })),
    }
    db.transaction(() => {
      store.insert(draft)
      remember(draft.id)
    })
    announce(draft.id)
    return draft
  }

  /** Within the transaction of a change: the draft as it is now joins its history. */
  const remember = (draftId: string): void => {
    const draft = store.get(draftId)
    if (draft === null) return
    const { id: _, revision, savedAt, createdAt: __, references: ___, attachments, ...content } = draft
    history.appendWithin(draftId, revision, savedAt, { content, attachments })
  }

  /** One transaction that changes a draft; what the disk refuses was not done, in memory neither. */
  const changing = <T>(draftId: string, change: () => Result<T>): Result<T> =>
    answering(() => {
      try {
        return db.transaction(change)
      } catch (error) {
        history.forget(draftId)
        throw error
      }
    })

  /** Why nothing was changed on `revision`. */
  const refusal = (draftId: string): Result<never> => {
    const current = store.revisionOf(draftId)
    return current === null
      ? fail({ kind: 'not-found', what: 'draft' })
      : fail({ kind: 'conflict', what: 'draft', revision: current })
  }

  const usualAccount = (): string => {
    const { defaultAccountId } = preferences()
    const all = accounts.list()
    return (all.find(account => account.id === defaultAccountId) ?? all[0])?.id ?? ''
  }

  const begin = async (start: DraftStart): Promise<Result<AnswerStart>> => {
    if (start.kind === 'empty') {
      const accountId = start.accountId ?? usualAccount()
      return ok({ content: { accountId, to: [], cc: [], bcc: [], subject: '', text: '' }, references: [] })
    }
    const found = await readMessage(start.messageId)
    if (!found.ok) return found
    const input = {
      message: found.value,
      accounts: accounts.list(),
      language: preferences().language,
      ...(deps.timeZone === undefined ? {} : { timeZone: deps.timeZone }),
    }
    switch (start.kind) {
      case 'reply':
        return ok(replyTo(input, start.all))
      case 'forward':
        return ok(forwardOf(input))
      default:
        return assertNever(start)
    }
  }

  return {
    list: () => store.heads(),
    get: draftId => store.get(draftId),

    async create(start) {
      const begun = await begin(start)
      if (!begun.ok) return begun
      return answering(() => ok(insert(begun.value.content, begun.value.references, [])))
    },

    save(draftId, revision, content, undo = null) {
      const savedAt = clock.now()
      const saved = changing(draftId, () => {
        if (!store.update(draftId, revision, content, savedAt)) return refusal(draftId)
        store.keepUndo(draftId, revision + 1, undo)
        remember(draftId)
        return ok({ revision: revision + 1, savedAt })
      })
      if (saved.ok) announce(draftId)
      return saved
    },

    undo: draftId => store.undoOf(draftId),

    history: draftId =>
      store.revisionOf(draftId) === null
        ? fail({ kind: 'not-found', what: 'draft' })
        : ok(history.versions(draftId)),

    version(draftId, versionId) {
      const state = history.state(draftId, versionId)
      return state === null ? fail({ kind: 'not-found', what: 'draft' }) : ok(state)
    },

    restoreVersion(draftId, revision, versionId) {
      const state = history.state(draftId, versionId)
      if (state === null) return fail({ kind: 'not-found', what: 'draft' })
      const restored = changing(draftId, (): Result<Draft> => {
        if (!store.update(draftId, revision, state.content, clock.now())) return refusal(draftId)
        store.replaceAttachments(draftId, state.attachments)
        remember(draftId)
        return ok(store.get(draftId) as Draft)
      })
      if (restored.ok) announce(draftId)
      return restored
    },

    discard(draftId) {
      const discarded = store.remove(draftId)
      history.forget(draftId)
      if (discarded) announce(draftId)
      return { discarded }
    },

    async attach(draftId, fileToken, contentId) {
      if (store.revisionOf(draftId) === null) return fail({ kind: 'not-found', what: 'draft' })
      const file = await spool.finish(fileToken)
      if (!file.ok) return file
      // The draft may have been sent or discarded while the disk was busy; the spool sweeps up then.
      if (store.revisionOf(draftId) === null) return fail({ kind: 'not-found', what: 'draft' })
      const attachment = { id: randomUUID(), ...file.value, ...(contentId !== undefined && { contentId }) }
      const attached = changing(draftId, () => {
        store.attach(draftId, attachment)
        remember(draftId)
        return ok(attachment)
      })
      if (attached.ok) announce(draftId)
      return attached
    },

    detach(draftId, attachmentId) {
      const detached = db.transaction(() => {
        const isGone = store.detach(draftId, attachmentId)
        if (isGone) remember(draftId)
        return isGone
      })
      if (detached) announce(draftId)
      return { detached }
    },

    async readAttachment(draftId, attachmentId, offset) {
      const attachment = store.get(draftId)?.attachments.find(({ id }) => id === attachmentId)
      if (attachment === undefined) return fail({ kind: 'not-found', what: 'attachment' })
      return spool.read(attachment.sha256, offset)
    },

    split(draftId, revision, groups) {
      const split = changing(draftId, (): Result<Draft[]> => {
        const draft = store.get(draftId)
        if (draft?.revision !== revision) return refusal(draftId)
        const parts = splitDraft(draft, groups, clock.now())
        if (parts === null) return fail({ kind: 'invalid', field: 'groups', reason: 'shape' })
        for (const part of parts) {
          if (part.id === draftId) {
            store.update(draftId, revision, part, part.savedAt)
            store.replaceAttachments(draftId, part.attachments)
          } else store.insert(part)
          remember(part.id)
        }
        return ok(parts)
      })
      if (split.ok) emit('drafts.changed', { draftIds: split.value.map(({ id }) => id) })
      return split
    },

    removeWithin(draftId) {
      history.forget(draftId)
      const isRemoved = store.remove(draftId)
      copies.touched(draftId)
      return isRemoved
    },
    restore: (content, attachments, references) => insert(content, references, attachments),
    hashes: () => history.hashes(),
    countOf: accountId => store.countOf(accountId),
    copies,
  }
}

/** A full or broken disk is an answer to the writer, who keeps the text in the window; anything else thrown is a bug. */
function answering<T>(work: () => Result<T>): Result<T> {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error) || !('errcode' in error)) throw error
    return fail(problemOfDbError(error, 'desk.db'))
  }
}

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

const contentIdShape = z.string().refine(contentId => contentIdOf(`cid:${contentId}`) === contentId)

const attachmentGroups: z.ZodType<string[][]> = z.array(z.array(z.string().max(100)).max(1_000)).max(100)

const draftStart: z.ZodType<DraftStart> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('empty'), accountId: z.string().nullable() }),
  z.object({ kind: z.literal('reply'), messageId: z.string(), all: z.boolean() }),
  z.object({ kind: z.literal('forward'), messageId: z.string() }),
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
  | 'drafts.detach'
  | 'drafts.readAttachment'
  | 'drafts.split'
> {
  return {
    'drafts.list': { args: z.tuple([]), run: () => ok(drafts.list()) },
    'drafts.create': { args: z.tuple([draftStart]), run: start => drafts.create(start) },
    'drafts.get': {
      args: z.tuple([z.string()]),
      run: draftId => {
        const draft = drafts.get(draftId)
        return draft === null ? fail({ kind: 'not-found', what: 'draft' }) : ok(draft)
      },
    },
    'drafts.save': {
      args: z.tuple([z.string(), z.int().positive(), draftContent, z.string().max(LONGEST_UNDO).nullish()]),
      run: (draftId, revision, content, undo) => drafts.save(draftId, revision, content, undo),
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
      args: z.tuple([z.string(), z.int().positive(), z.int()]),
      run: (draftId, revision, versionId) => drafts.restoreVersion(draftId, revision, versionId),
    },
    'drafts.discard': { args: z.tuple([z.string()]), run: draftId => ok(drafts.discard(draftId)) },
    'drafts.attach': {
      args: z.tuple([z.string(), z.string(), contentIdShape.optional()]),
      run: (draftId, fileToken, contentId) => drafts.attach(draftId, fileToken, contentId),
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
    'drafts.split': {
      args: z.tuple([z.string(), z.int().positive(), attachmentGroups]),
      run: (draftId, revision, groups) => drafts.split(draftId, revision, groups),
    },
  }
}
