/**
 * The attachments of a draft: files that were uploaded, files of mails, files that lie in the spool already. Each change
 * is one transaction with the history of the draft. Refuses to read a mail or a file itself.
 */

import { randomUUID } from 'node:crypto'
import type { DraftAttachment } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Db } from '../db.ts'
import type { TakenFile } from './answer-files.ts'
import type { DraftStore } from './draft-store.ts'
import { fileOfMail, type MailAttachmentDeps } from './mail-attachment.ts'
import type { Spool } from './spool.ts'

export type Attaching = {
  /** Takes an uploaded file to the draft; it is synced to the disk before this answers. */
  attach(draftId: string, fileToken: string, contentId?: string): Promise<Result<DraftAttachment>>
  /** The same for one file of a mail; `partId` null is the mail itself. */
  attachFromMail(draftId: string, messageId: string, partId: string | null): Promise<Result<DraftAttachment>>
  /** Files that lie in the spool already; a picture whose Content-ID the draft has is there. Answers those that were added. */
  attachSpooled(draftId: string, files: readonly TakenFile[]): Result<DraftAttachment[]>
  detach(draftId: string, attachmentId: string): { detached: boolean }
  /** A piece of an attached file, for a page that makes a picture smaller. */
  readAttachment(draftId: string, attachmentId: string, offset: number): Promise<Result<Uint8Array>>
  /** The same of a file of a saved state. */
  readVersionFile(
    draftId: string,
    versionId: number,
    attachmentId: string,
    offset: number,
  ): Promise<Result<Uint8Array>>
}

export type AttachingDeps = {
  db: Db
  store: DraftStore
  spool: Pick<Spool, 'finish' | 'read'>
  readMessage: MailAttachmentDeps['readMessage']
  /** Left out, no mail gives a file. */
  takeFiles: MailAttachmentDeps['takeFiles'] | undefined
  /** Null where there is no such state. */
  filesOfVersion(draftId: string, versionId: number): readonly DraftAttachment[] | null
  /** Of drafts.ts: one transaction that changes a draft, its new state in the history, and what others are told. */
  changing<T>(draftId: string, change: () => Result<T>): Result<T>
  remember(draftId: string): void
  announce(draftId: string): void
}

export function createAttaching(deps: AttachingDeps): Attaching {
  const { db, store, spool, readMessage, filesOfVersion, changing, remember, announce } = deps
  const { takeFiles = async () => fail({ kind: 'not-found', what: 'attachment' }) } = deps

  /** `take` puts a file into the spool. */
  const attachTaken = async (
    draftId: string,
    take: () => Promise<Result<TakenFile>>,
  ): Promise<Result<DraftAttachment>> => {
    if (store.revisionOf(draftId) === null) return fail({ kind: 'not-found', what: 'draft' })
    const file = await take()
    if (!file.ok) return file
    // The draft may have been sent or discarded while the disk was busy; the spool sweeps up then.
    if (store.revisionOf(draftId) === null) return fail({ kind: 'not-found', what: 'draft' })
    const attachment: DraftAttachment = { id: randomUUID(), ...file.value }
    const attached = changing(draftId, () => {
      store.attach(draftId, attachment)
      remember(draftId)
      return ok(attachment)
    })
    if (attached.ok) announce(draftId)
    return attached
  }

  return {
    attach: (draftId, fileToken, contentId) =>
      attachTaken(draftId, async () => {
        const file = await spool.finish(fileToken)
        return file.ok && contentId !== undefined ? ok({ ...file.value, contentId }) : file
      }),

    attachFromMail(draftId, messageId, partId) {
      return attachTaken(draftId, () => fileOfMail({ readMessage, takeFiles }, messageId, partId))
    },

    attachSpooled(draftId, files) {
      const attached = changing(draftId, (): Result<DraftAttachment[]> => {
        const draft = store.get(draftId)
        if (draft === null) return fail({ kind: 'not-found', what: 'draft' })
        const known = new Set(draft.attachments.map(({ contentId }) => contentId))
        const fresh = files
          .filter(({ contentId }) => contentId === undefined || !known.has(contentId))
          .map(file => ({ ...file, id: randomUUID() }))
        for (const attachment of fresh) store.attach(draftId, attachment)
        if (fresh.length > 0) remember(draftId)
        return ok(fresh)
      })
      if (attached.ok && attached.value.length > 0) announce(draftId)
      return attached
    },

    detach(draftId, attachmentId) {
      if (store.isNewer(draftId)) return { detached: false }
      const detached = db.transaction(() => {
        const isGone = store.detach(draftId, attachmentId)
        if (isGone) remember(draftId)
        return isGone
      })
      if (detached) announce(draftId)
      return { detached }
    },

    async readVersionFile(draftId, versionId, attachmentId, offset) {
      const file = filesOfVersion(draftId, versionId)?.find(({ id }) => id === attachmentId)
      return file === undefined
        ? fail({ kind: 'not-found', what: 'attachment' })
        : spool.read(file.sha256, offset)
    },

    async readAttachment(draftId, attachmentId, offset) {
      const attachment = store.get(draftId)?.attachments.find(({ id }) => id === attachmentId)
      if (attachment === undefined) return fail({ kind: 'not-found', what: 'attachment' })
      return spool.read(attachment.sha256, offset)
    },
  }
}
