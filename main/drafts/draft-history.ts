/**
 * Owns the tables draft_version and draft_file: every saved state of a draft, appended, never edited; most are kept as
 * the difference to the one before. Private to drafts.ts; refuses to know what a state means.
 */

import type { DraftAttachment, DraftContent, DraftVersion } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'
import { changedWords } from './changed-words.ts'

/** All that a version brings back. */
export type DraftState = { content: DraftContent; attachments: DraftAttachment[] }

/** A text as a change of the one before: what stands between its first `head` and its last `tail` UTF-16 units. */
type Splice = { head: number; tail: number; text: string }

/** So many differences are replayed at most to read a version. */
const MOST_SPLICES = 60

export type DraftHistory = ReturnType<typeof createDraftHistory>

export function createDraftHistory(db: Db) {
  /** The last state of each draft that was saved in this run, so that a save reads nothing. */
  const last = new Map<string, { text: string; splices: number; content: DraftContent }>()

  const lastOf = (draftId: string) => {
    const known = last.get(draftId)
    if (known !== undefined) return known
    const read = textUpTo(draftId, Number.MAX_SAFE_INTEGER)
    return read === null ? null : { ...read, content: (JSON.parse(read.text) as DraftState).content }
  }

  const textUpTo = (draftId: string, versionId: number): { text: string; splices: number } | null => {
    const rows = db.all(
      `SELECT is_whole, head, tail, text FROM draft_version
       WHERE draft_id = ?1 AND id <= ?2 AND id >=
         (SELECT max(id) FROM draft_version WHERE draft_id = ?1 AND id <= ?2 AND is_whole = 1)
       ORDER BY id`,
      draftId,
      versionId,
    )
    if (rows.length === 0) return null
    let text = ''
    for (const row of rows) text = spliced(text, spliceOf(row))
    return { text, splices: rows.length - 1 }
  }

  const stateOf = (draftId: string, versionId: number): DraftState | null => {
    const known = db.get('SELECT id FROM draft_version WHERE draft_id = ? AND id = ?', draftId, versionId)
    const found = known === undefined ? null : textUpTo(draftId, versionId)
    return found === null ? null : (JSON.parse(found.text) as DraftState)
  }

  return {
    /** Inside the transaction that saves the draft. A state that is the last one already is not kept twice. */
    appendWithin(draftId: string, revision: number, savedAt: number, state: DraftState): void {
      const text = JSON.stringify(state)
      const before = lastOf(draftId)
      if (before?.text === text) return
      const change = before === null ? null : spliceBetween(before.text, text)
      const isWhole =
        before === null ||
        change === null ||
        before.splices >= MOST_SPLICES ||
        change.text.length > text.length / 2
      const stored = isWhole ? { head: 0, tail: 0, text } : change
      db.run(
        `INSERT INTO draft_version
           (draft_id, revision, saved_at, is_whole, head, tail, text, preview, characters, attachments)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        draftId,
        revision,
        savedAt,
        Number(isWhole),
        stored.head,
        stored.tail,
        stored.text,
        changedWords(before?.content ?? null, state.content),
        state.content.text.length,
        state.attachments.length,
      )
      for (const { sha256 } of state.attachments) {
        db.run('INSERT OR IGNORE INTO draft_file (draft_id, sha256) VALUES (?, ?)', draftId, sha256)
      }
      last.set(draftId, { text, splices: isWhole ? 0 : before.splices + 1, content: state.content })
    },

    /** Newest first. */
    versions(draftId: string): DraftVersion[] {
      return db
        .all(
          `SELECT id, saved_at, preview, characters, attachments FROM draft_version
           WHERE draft_id = ? ORDER BY id DESC`,
          draftId,
        )
        .map(row => ({
          id: Number(row.id),
          savedAt: Number(row.saved_at),
          preview: String(row.preview),
          characters: Number(row.characters),
          attachments: Number(row.attachments),
        }))
    },

    state: stateOf,

    /** Grows with every change of the draft, its attachments included; 0 where none was kept yet. */
    newest(draftId: string): number {
      return Number(db.get('SELECT max(id) AS id FROM draft_version WHERE draft_id = ?', draftId)?.id ?? 0)
    },

    /** A transaction was rolled back or the draft is gone: what is remembered is read again. */
    forget(draftId: string): void {
      last.delete(draftId)
    },

    /** SHA-256 of every file that some version names. */
    hashes(): string[] {
      return db.all('SELECT DISTINCT sha256 FROM draft_file').map(row => String(row.sha256))
    },
  }
}

const spliceOf = (row: Row): Splice =>
  row.is_whole === 1
    ? { head: 0, tail: 0, text: String(row.text) }
    : { head: Number(row.head), tail: Number(row.tail), text: String(row.text) }

function spliced(before: string, { head, tail, text }: Splice): string {
  return before.slice(0, head) + text + before.slice(before.length - tail)
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff

/** Never between the two halves of a surrogate pair: half of one is no UTF-8 to the database. */
function spliceBetween(before: string, after: string): Splice {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before.charCodeAt(head) === after.charCodeAt(head)) head += 1
  if (head > 0 && isHigh(after.charCodeAt(head - 1))) head -= 1
  let tail = 0
  while (
    tail < most - head &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1
  }
  if (tail > 0 && isHigh(after.charCodeAt(after.length - tail - 1))) tail -= 1
  return { head, tail, text: after.slice(head, after.length - tail) }
}
