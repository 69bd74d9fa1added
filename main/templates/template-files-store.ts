/** The SQL of the files and pictures that templates keep (table template_file); their bytes lie in the spool. */

import type { DraftAttachment } from '../../shared/model.ts'
import type { Db, Row } from '../db.ts'

export function createTemplateFilesStore(db: Db) {
  return {
    of: (templateId: string): DraftAttachment[] =>
      db.all('SELECT * FROM template_file WHERE template_id = ? ORDER BY position', templateId).map(fileOf),

    /** Within the transaction of a save. */
    replaceWithin(templateId: string, files: readonly DraftAttachment[]): void {
      db.run('DELETE FROM template_file WHERE template_id = ?', templateId)
      for (const [position, file] of files.entries()) {
        db.run(
          'INSERT INTO template_file VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          file.id,
          templateId,
          position,
          file.name,
          file.type,
          file.bytes,
          file.sha256,
          file.contentId ?? null,
        )
      }
    },

    remove: (templateId: string, fileId: string): boolean =>
      db.run('DELETE FROM template_file WHERE template_id = ? AND id = ?', templateId, fileId).changes === 1,

    hashes: (): string[] =>
      db.all('SELECT DISTINCT sha256 FROM template_file').map(({ sha256 }) => String(sha256)),
  }
}

function fileOf(row: Row): DraftAttachment {
  return {
    id: String(row.id),
    name: String(row.name),
    type: String(row.type),
    bytes: Number(row.bytes),
    sha256: String(row.sha256),
    ...(row.content_id === null ? {} : { contentId: String(row.content_id) }),
  }
}
