/**
 * Owns what is being written: drafts with revisions, and how an answer begins. Their attachments are attaching.ts.
 * Refuses to lose or to overwrite: a save on an older revision changes nothing.
 */

import { randomUUID } from 'node:crypto'
import type { DraftAnswer, DraftStart } from '../../shared/draft-start.ts'
import type { DraftWriter } from '../../shared/draft-writer.ts'
import { MAIN_IDENTITY, usualIdentityOf } from '../../shared/identity.ts'
import type {
  Account,
  Draft,
  DraftAttachment,
  DraftContent,
  DraftHead,
  DraftVersion,
  Language,
  Settings,
} from '../../shared/model.ts'
import { assertNever, fail, ok, type Result } from '../../shared/problem.ts'
import { beginLetter } from '../../shared/signature.ts'
import { type Db, problemOfDbError } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import type { FilesWanted } from '../mime/mail-files.ts'
import { type AnswerInput, type AnswerStart, editAsNew, forwardOf, redirectOf, replyTo } from './answer.ts'
import { filesFor, type TakenFile } from './answer-files.ts'
import type { AnsweredSource } from './answer-people.ts'
import { type Attaching, createAttaching } from './attaching.ts'
import { createDraftCopies, type DraftCopies, type KeepDraftCopy } from './draft-copies.ts'
import { createDraftHistory, type DraftState } from './draft-history.ts'
import { createDraftStore } from './draft-store.ts'
import { createDraftWriters } from './draft-writers.ts'
import type { Freezing } from './frozen-draft.ts'
import { splitDraft } from './split.ts'
import type { Spool } from './spool.ts'

export type DraftsDeps = {
  db: Db
  spool: Pick<Spool, 'finish' | 'read'>
  accounts: { list(): Account[] }
  /** Left out, no draft is copied to a server. */
  keepCopy?: KeepDraftCopy
  /** Freezes long letters where that holds nobody up. */
  freezeElsewhere?: Freezing['elsewhere'] | undefined
  clock: Clock
  emit: Emit
  /** The mail that is answered. */
  readMessage(messageId: string): Promise<Result<AnsweredSource>>
  /** Puts files of that mail, or its source, into the spool. Left out, an answer takes none along. */
  takeFiles?: (messageId: string, wanted: FilesWanted) => Promise<Result<TakenFile[]>>
  /** A mail of the outbox as it was written. */
  sentMail?: (itemId: string) => Result<SentMail>
  /** Asked each time a draft begins, as settings change while the program runs. */
  preferences(): {
    language: Language
    defaultAccountId: string | null
    /** New mails and replies without formats. */
    writesPlain?: boolean
  } & Partial<Pick<Settings, 'quotes' | 'signatures'>>
  /** IANA name for the dates in quotes; left out, the machine's own. */
  timeZone?: string
}

/** What was written once, for another draft of it. */
export type SentMail = {
  content: DraftContent
  attachments: Omit<DraftAttachment, 'id'>[]
  references: string[]
  answers: DraftAnswer | null
}

export type Drafts = Attaching & {
  /** Last saved first. */
  list(): DraftHead[]
  /** Null also where a newer version of the program wrote it. */
  get(draftId: string): Draft | null
  /** A newer version of the program wrote it: nothing of it is changed here. */
  isNewer(draftId: string): boolean
  create(start: DraftStart): Promise<Result<Draft>>
  save(
    draftId: string,
    revision: number,
    content: DraftContent,
    undo?: string | null,
    windowId?: string | null,
  ): Result<{ revision: number; savedAt: number }>
  /** What the editor could take back when the draft was saved as it is now. */
  undo(draftId: string): string | null
  /** Every saved state, newest first. */
  history(draftId: string): Result<DraftVersion[]>
  version(draftId: string, versionId: number): Result<DraftState>
  /** Brings a state back as the newest one. */
  restoreVersion(
    draftId: string,
    revision: number,
    versionId: number,
    windowId?: string | null,
  ): Result<Draft>
  discard(draftId: string): { discarded: boolean }
  /** One draft becomes several, or nothing is changed; see `splitDraft`. The first is the draft itself. */
  split(draftId: string, revision: number, groups: string[][]): Result<Draft[]>
  /** For `outbox.send`, inside its `db.transaction`: the draft goes as the mail comes. Announces nothing. */
  removeWithin(draftId: string): boolean
  /** For `outbox.edit`, joins a transaction of the caller: a mail taken back is a draft again. */
  restore(
    content: DraftContent,
    attachments: Omit<DraftAttachment, 'id'>[],
    references: string[],
    answers?: DraftAnswer | null,
  ): Draft
  /** SHA-256 of every file that a draft has or had, for `spool.sweep`. */
  hashes(): string[]
  countOf(accountId: string): number
  /** How a window stands to the draft; with `takes` it writes from now on. */
  claim(draftId: string, windowId: string, takes: boolean): Promise<DraftWriter>
  /** The window writes it no longer. */
  release(draftId: string, windowId: string): { released: boolean }
  copies: Pick<DraftCopies, 'start' | 'stop'>
}

/** Drafts over the desk's database. A draft whose account is gone still opens and can be saved. */
export function createDrafts(deps: DraftsDeps): Drafts {
  const { db, spool, accounts, clock, emit, readMessage, preferences } = deps
  const store = createDraftStore(db)
  const history = createDraftHistory(db)
  const writers = createDraftWriters(clock, draftId => emit('writers.changed', { draftIds: [draftId] }))
  const copies = createDraftCopies({
    db,
    clock,
    drafts: {
      get: store.get,
      isNewer: store.isNewer,
      ids: () => store.heads().map(({ id }) => id),
      newestVersion: history.newest,
    },
    account: accountId => accounts.list().find(({ id }) => id === accountId) ?? null,
    keep: deps.keepCopy ?? null,
    freezeElsewhere: deps.freezeElsewhere,
  })
  const announce = (draftId: string, name: 'drafts.changed' | 'drafts.saved' = 'drafts.changed') => {
    emit(name, { draftIds: [draftId] })
    copies.touched(draftId)
  }

  const insert = (
    content: DraftContent,
    references: string[],
    attachments: Omit<DraftAttachment, 'id'>[],
    answers: DraftAnswer | null = null,
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
      answers,
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
    const {
      id: _,
      revision,
      savedAt,
      createdAt: __,
      references: ___,
      attachments,
      answers: ____,
      ...content
    } = draft
    history.appendWithin(draftId, revision, savedAt, { content, attachments })
  }

  /** One transaction that changes a draft; what the disk refuses was not done, in memory neither. */
  const changing = <T>(draftId: string, change: () => Result<T>): Result<T> =>
    answering(() => {
      if (store.isNewer(draftId)) return fail({ kind: 'draft-newer' })
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

  const newMail = (accountId: string): AnswerStart => {
    const account = accounts.list().find(({ id }) => id === accountId)
    const identity = account === undefined ? null : usualIdentityOf(account)
    const { text, html } = beginLetter({ quote: null, signature: identity?.signature ?? null })
    const content = {
      accountId,
      to: [],
      cc: [],
      bcc: [],
      subject: '',
      text,
      html: preferences().writesPlain === true ? null : html,
      ...(identity === null || identity.id === MAIN_IDENTITY ? {} : { identityId: identity.id }),
    }
    return { content, references: [], answers: null }
  }

  type Begun = AnswerStart & { files: Omit<DraftAttachment, 'id'>[] }

  const begin = async (start: DraftStart): Promise<Result<Begun>> => {
    if (start.kind === 'empty') return ok({ ...newMail(start.accountId ?? usualAccount()), files: [] })
    if (start.kind === 'resend') {
      const sent = deps.sentMail?.(start.itemId) ?? fail({ kind: 'not-found', what: 'mail' })
      if (!sent.ok) return sent
      const { content, references, attachments, answers } = sent.value
      return ok({ content, references, answers, files: attachments })
    }
    const found = await readMessage(start.messageId)
    if (!found.ok) return found
    const { writesPlain = false, defaultAccountId: _, ...wishes } = preferences()
    const isPlain = writesPlain && start.kind === 'reply'
    const message = { ...found.value, id: start.messageId, ...(isPlain && { html: null }) }
    const input = {
      message,
      accounts: accounts.list(),
      ...wishes,
      ...(deps.timeZone === undefined ? {} : { timeZone: deps.timeZone }),
    }
    const begun = startOf(start, input)
    const wanted = filesFor(start, message, begun.content)
    if (wanted === null || deps.takeFiles === undefined) return ok({ ...begun, files: [] })
    const taken = await deps.takeFiles(start.messageId, wanted)
    return taken.ok ? ok({ ...begun, files: taken.value }) : taken
  }

  return {
    list: () => store.heads(),
    get: draftId => store.get(draftId),
    isNewer: draftId => store.isNewer(draftId),

    async create(start) {
      const begun = await begin(start)
      if (!begun.ok) return begun
      const { content, references, files, answers } = begun.value
      return answering(() => ok(insert(content, references, files, answers)))
    },

    save(draftId, revision, content, undo = null, windowId = null) {
      if (!writers.mayWrite(draftId, windowId)) return fail({ kind: 'written-elsewhere' })
      const savedAt = clock.now()
      const saved = changing(draftId, () => {
        if (!store.update(draftId, revision, content, savedAt)) return refusal(draftId)
        store.keepUndo(draftId, revision + 1, undo)
        remember(draftId)
        return ok({ revision: revision + 1, savedAt })
      })
      if (saved.ok) announce(draftId, 'drafts.saved')
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

    restoreVersion(draftId, revision, versionId, windowId = null) {
      if (!writers.mayWrite(draftId, windowId)) return fail({ kind: 'written-elsewhere' })
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
      if (discarded) writers.end(draftId, 'discarded')
      if (discarded) announce(draftId)
      return { discarded }
    },

    ...createAttaching({
      db,
      store,
      spool,
      readMessage,
      takeFiles: deps.takeFiles,
      filesOfVersion: (draftId, versionId) => history.state(draftId, versionId)?.attachments ?? null,
      changing,
      remember,
      announce,
    }),

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
      writers.end(draftId, 'sent')
      copies.touched(draftId)
      return isRemoved
    },
    restore: (content, attachments, references, answers = null) =>
      insert(content, references, attachments, answers),
    hashes: () => history.hashes(),
    countOf: accountId => store.countOf(accountId),

    async claim(draftId, windowId, takes) {
      const isThere = () => store.revisionOf(draftId) !== null
      if (!isThere()) return writers.endOf(draftId)
      const writer = takes ? await writers.takeOver(draftId, windowId) : writers.claim(draftId, windowId)
      // It may have been sent while its writer was asked for it.
      return isThere() ? writer : writers.endOf(draftId)
    },

    release: (draftId, windowId) => ({ released: writers.release(draftId, windowId) }),
    copies,
  }
}

type AnswerKind = Exclude<DraftStart, { kind: 'empty' | 'resend' }>

function startOf(start: AnswerKind, input: AnswerInput): AnswerStart {
  switch (start.kind) {
    case 'reply':
      return replyTo(input, start.all)
    case 'forward':
      return forwardOf(input, start.as ?? 'inline')
    case 'edit-as-new':
      return editAsNew(input)
    case 'redirect':
      return redirectOf(input)
    default:
      return assertNever(start)
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
