/** Owns the tables draft, draft_attachment and draft_undo. Private to drafts.ts; refuses to know what a draft means. */

import { cutText } from '../../shared/cut-text.ts'
import type { DraftAnswer } from '../../shared/draft-start.ts'
import type { Draft, DraftAttachment, DraftContent, DraftHead } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'

/** Characters of text read for a list row. */
const PREVIEW_SOURCE = 600
const PREVIEW_LENGTH = 140
/** What a draft is stored as. A program that stores more counts it up; one that knows less leaves such drafts alone. */
const STORED_VERSION = 1
const NAMED_VERSION = /^\{"version":(\d+)/

export type DraftStore = ReturnType<typeof createDraftStore>

export function createDraftStore(db: Db) {
  const attachmentsOf = (draftId: string): DraftAttachment[] =>
    db
      .all(
        'SELECT id, name, type, bytes, sha256, content_id FROM draft_attachment WHERE draft_id = ? ORDER BY position',
        draftId,
      )
      .map(attachmentOf)

  return {
    heads(): DraftHead[] {
      return db
        .all(
          `SELECT id, account_id, saved_at,
             json_extract(content, '$.to') AS recipients, json_extract(content, '$.subject') AS subject,
             substr(json_extract(content, '$.text'), 1, ${PREVIEW_SOURCE}) AS text,
             (SELECT count(*) FROM draft_attachment WHERE draft_id = draft.id
               AND (content_id IS NULL OR json_extract(content, '$.html') IS NULL)) AS attachments
           FROM draft ORDER BY saved_at DESC, id`,
        )
        .map(headOf)
    },

    get(draftId: string): Draft | null {
      const row = db.get('SELECT * FROM draft WHERE id = ?', draftId)
      return row === undefined || isNewer(String(row.content)) ? null : draftOf(row, attachmentsOf(draftId))
    },

    /** A newer version of the program wrote it: what it says cannot be told whole, so `get` gives none of it. */
    isNewer(draftId: string): boolean {
      const row = db.get('SELECT substr(content, 1, 30) AS start FROM draft WHERE id = ?', draftId)
      return row !== undefined && isNewer(String(row.start))
    },

    revisionOf(draftId: string): number | null {
      const row = db.get('SELECT revision FROM draft WHERE id = ?', draftId)
      return row === undefined ? null : Number(row.revision)
    },

    insert(draft: Draft): void {
      db.run(
        `INSERT INTO draft (id, account_id, revision, content, thread_references, answers, created_at, saved_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        draft.id,
        draft.accountId,
        draft.revision,
        contentJson(draft),
        JSON.stringify(draft.references),
        draft.answers === null || draft.answers === undefined ? null : JSON.stringify(draft.answers),
        draft.createdAt,
        draft.savedAt,
      )
      for (const attachment of draft.attachments) this.attach(draft.id, attachment)
    },

    /** False where the draft is no longer on `revision`; nothing is changed then. */
    update(draftId: string, revision: number, content: DraftContent, savedAt: number): boolean {
      const { changes } = db.run(
        `UPDATE draft SET account_id = ?, content = ?, revision = revision + 1, saved_at = ?
         WHERE id = ? AND revision = ?`,
        content.accountId,
        contentJson(content),
        savedAt,
        draftId,
        revision,
      )
      return changes === 1
    },

    /** What the editor can take back of the draft as it is now; null where there is nothing. */
    undoOf(draftId: string): string | null {
      const row = db.get(
        `SELECT record FROM draft_undo JOIN draft ON draft.id = draft_undo.draft_id
         WHERE draft.id = ? AND draft.revision = draft_undo.revision`,
        draftId,
      )
      return row === undefined ? null : String(row.record)
    },

    keepUndo(draftId: string, revision: number, record: string | null): void {
      if (record === null) db.run('DELETE FROM draft_undo WHERE draft_id = ?', draftId)
      else db.run('INSERT OR REPLACE INTO draft_undo VALUES (?, ?, ?)', draftId, revision, record)
    },

    remove(draftId: string): boolean {
      return db.run('DELETE FROM draft WHERE id = ?', draftId).changes === 1
    },

    attach(draftId: string, attachment: DraftAttachment): void {
      db.run(
        `INSERT INTO draft_attachment (id, draft_id, position, name, type, bytes, sha256, content_id)
         VALUES (?, ?, (SELECT coalesce(max(position), 0) + 1 FROM draft_attachment WHERE draft_id = ?), ?, ?, ?, ?, ?)`,
        attachment.id,
        draftId,
        draftId,
        attachment.name,
        attachment.type,
        attachment.bytes,
        attachment.sha256,
        attachment.contentId ?? null,
      )
    },

    /** All attachments at once, as another state of the draft has them. */
    replaceAttachments(draftId: string, attachments: readonly DraftAttachment[]): void {
      db.run('DELETE FROM draft_attachment WHERE draft_id = ?', draftId)
      for (const attachment of attachments) this.attach(draftId, attachment)
    },

    detach(draftId: string, attachmentId: string): boolean {
      return (
        db.run('DELETE FROM draft_attachment WHERE draft_id = ? AND id = ?', draftId, attachmentId)
          .changes === 1
      )
    },

    countOf(accountId: string): number {
      return Number(db.get('SELECT count(*) AS n FROM draft WHERE account_id = ?', accountId)?.n)
    },
  }
}

type StoredContent = Omit<DraftContent, 'accountId'> & {
  /** Comes first, to be read without the rest; left out it is 1, as in the drafts of the first days. */
  version?: number
}

const isNewer = (content: string): boolean => Number(NAMED_VERSION.exec(content)?.[1] ?? 1) > STORED_VERSION

/** The account has its own column. */
function contentJson({ to, cc, bcc, subject, text, html, identityId, options }: DraftContent): string {
  const stored: StoredContent = {
    version: STORED_VERSION,
    to,
    cc,
    bcc,
    subject,
    text,
    html,
    identityId,
    options,
  }
  return JSON.stringify(stored)
}

function draftOf(row: Row, attachments: DraftAttachment[]): Draft {
  const { version: _, ...content } = JSON.parse(String(row.content)) as StoredContent
  return {
    ...content,
    id: String(row.id),
    accountId: String(row.account_id),
    revision: Number(row.revision),
    createdAt: Number(row.created_at),
    savedAt: Number(row.saved_at),
    references: JSON.parse(String(row.thread_references)) as string[],
    attachments,
    answers: row.answers === null ? null : (JSON.parse(String(row.answers)) as DraftAnswer),
  }
}

function attachmentOf(row: Row): DraftAttachment {
  return {
    id: String(row.id),
    name: String(row.name),
    type: String(row.type),
    bytes: Number(row.bytes),
    sha256: String(row.sha256),
    ...(row.content_id === null ? {} : { contentId: String(row.content_id) }),
  }
}

function headOf(row: Row): DraftHead {
  return {
    id: String(row.id),
    accountId: String(row.account_id),
    to: JSON.parse(String(row.recipients)) as DraftHead['to'],
    subject: String(row.subject),
    preview: previewOf(String(row.text)),
    savedAt: Number(row.saved_at),
    attachments: Number(row.attachments),
  }
}

/** The writer's own words in one line: quoted lines are left out unless there is nothing else. */
export function previewOf(whole: string): string {
  const text = cutText(whole, PREVIEW_SOURCE)
  const own = text.replace(/^>.*$/gm, '').replace(/\s+/g, ' ').trim()
  const line = own === '' ? text.replace(/\s+/g, ' ').trim() : own
  return [...line].slice(0, PREVIEW_LENGTH).join('')
}
