/**
 * Owns the letters and snippets that are written again and again (table template). Refuses two of a kind under one
 * name: a snippet is called by it.
 */

import { randomUUID } from 'node:crypto'
import type { DraftAttachment } from '../../shared/model.ts'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Template, TemplateInput } from '../../shared/template.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError, type Row } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'
import { createTemplateFilesStore } from './template-files-store.ts'

/** What ends the name of a snippet where it is typed. */
const NEVER_IN_A_SNIPPET = /[\s;；]/u

export type Templates = ReturnType<typeof createTemplates>

export type TemplatesDeps = {
  db: Db
  clock: Clock
  emit: Emit
  drafts: {
    /** Null where there is no such draft. */
    files(draftId: string): DraftAttachment[] | null
    attach(draftId: string, files: readonly DraftAttachment[]): Result<DraftAttachment[]>
  }
  readFile(sha256: string, offset: number): Promise<Result<Uint8Array>>
}

export function createTemplates({ db, clock, emit, drafts, readFile }: TemplatesDeps) {
  const files = createTemplateFilesStore(db)
  /** Of templates that went since the start: whoever brings one back names its files by it. */
  const removed = new Map<string, DraftAttachment[]>()
  const announce = (templateId: string) => emit('templates.changed', { templateIds: [templateId] })

  /** The files that it has after a save; of another owner they are the same bytes under ids of their own. */
  const filesFor = ({ kind, files: from }: TemplateInput, id: string): Result<DraftAttachment[]> => {
    if (kind === 'snippet') return ok([])
    if (from === undefined) return ok(files.of(id))
    const anew = (all: readonly DraftAttachment[]) => ok(all.map(file => ({ ...file, id: randomUUID() })))
    if ('templateId' in from) return anew(removed.get(from.templateId) ?? files.of(from.templateId))
    const attached = drafts.files(from.draftId)
    if (attached === null) return fail({ kind: 'not-found', what: 'draft' })
    const chosen = attached.filter(file => from.attachmentIds.includes(file.id))
    return chosen.length === new Set(from.attachmentIds).size
      ? anew(chosen)
      : fail({ kind: 'not-found', what: 'attachment' })
  }

  return {
    /** Templates, then snippets, each by name. */
    list: (): Template[] =>
      db
        .all('SELECT * FROM template ORDER BY kind DESC, name_key')
        .map(row => templateOf(row, files.of(String(row.id)))),

    save(input: TemplateInput): Result<Template> {
      const name = input.name.normalize('NFC').trim()
      if (name === '') return fail({ kind: 'invalid', field: 'name', reason: 'missing' })
      if (/[\r\n\0]/.test(name + input.subject)) return fail({ kind: 'forbidden-character', field: 'name' })
      if (input.kind === 'snippet' && NEVER_IN_A_SNIPPET.test(name))
        return fail({ kind: 'invalid', field: 'name', reason: 'space' })
      const id = input.id ?? randomUUID()
      const key = keyOf(name)
      const other = db.get(
        'SELECT id FROM template WHERE kind = ? AND name_key = ? AND id <> ?',
        input.kind,
        key,
        id,
      )
      if (other !== undefined) return fail({ kind: 'invalid', field: 'name', reason: 'twice' })
      const isKnown = db.get('SELECT id FROM template WHERE id = ?', id) !== undefined
      if (input.id !== null && !isKnown) return fail({ kind: 'not-found', what: 'template' })
      const kept = filesFor(input, id)
      if (!kept.ok) return kept
      const template: Template = { ...input, id, name, files: kept.value, changedAt: clock.now() }
      try {
        db.transaction(() => {
          db.run(
            `INSERT INTO template (id, kind, name, name_key, subject, text, html, changed_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name, name_key = excluded.name_key,
             subject = excluded.subject, text = excluded.text, html = excluded.html, changed_at = excluded.changed_at`,
            id,
            template.kind,
            name,
            key,
            template.subject,
            template.text,
            template.html,
            template.changedAt,
          )
          files.replaceWithin(id, template.files)
        })
      } catch (error) {
        if (!(error instanceof Error) || !('errcode' in error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
      announce(id)
      return ok(template)
    },

    /** Its files and pictures join a draft. */
    attach(templateId: string, draftId: string): Result<DraftAttachment[]> {
      if (db.get('SELECT id FROM template WHERE id = ?', templateId) === undefined)
        return fail({ kind: 'not-found', what: 'template' })
      return drafts.attach(draftId, files.of(templateId))
    },

    async read(templateId: string, fileId: string, offset: number): Promise<Result<Uint8Array>> {
      const file = files.of(templateId).find(({ id }) => id === fileId)
      return file === undefined ? fail({ kind: 'not-found', what: 'file' }) : readFile(file.sha256, offset)
    },

    removeFile(templateId: string, fileId: string): { removed: boolean } {
      const isRemoved = files.remove(templateId, fileId)
      if (isRemoved) announce(templateId)
      return { removed: isRemoved }
    },

    /** SHA-256 of every file of every template, for `spool.sweep`. */
    hashes: () => files.hashes(),

    remove(templateId: string): { removed: boolean } {
      const kept = files.of(templateId)
      const isRemoved = db.run('DELETE FROM template WHERE id = ?', templateId).changes === 1
      if (isRemoved) removed.set(templateId, kept)
      if (isRemoved) announce(templateId)
      return { removed: isRemoved }
    },
  }
}

function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function templateOf(row: Row, files: DraftAttachment[]): Template {
  return {
    id: String(row.id),
    kind: row.kind === 'snippet' ? 'snippet' : 'template',
    name: String(row.name),
    subject: String(row.subject),
    text: String(row.text),
    html: row.html === null ? null : String(row.html),
    files,
    changedAt: Number(row.changed_at),
  }
}

const id = z.string().max(100)

const templateInput: z.ZodType<TemplateInput> = z.object({
  id: z.string().max(100).nullable(),
  kind: z.enum(['template', 'snippet']),
  name: z.string().max(200),
  subject: z.string().max(10_000),
  text: z.string().max(2_000_000),
  html: z.string().max(4_000_000).nullable(),
  files: z
    .union([z.object({ draftId: id, attachmentIds: z.array(id).max(1_000) }), z.object({ templateId: id })])
    .optional(),
})

export function templateCalls(
  templates: Templates,
): Calls<
  | 'templates.list'
  | 'templates.save'
  | 'templates.attach'
  | 'templates.readFile'
  | 'templates.removeFile'
  | 'templates.remove'
> {
  return {
    'templates.list': { args: z.tuple([]), run: () => ok(templates.list()) },
    'templates.save': { args: z.tuple([templateInput]), run: input => templates.save(input) },
    'templates.attach': {
      args: z.tuple([id, id]),
      run: (templateId, draftId) => templates.attach(templateId, draftId),
    },
    'templates.readFile': {
      args: z.tuple([id, id, z.int().nonnegative()]),
      async run(templateId, fileId, offset) {
        const piece = await templates.read(templateId, fileId, offset)
        return piece.ok ? ok({ base64: Buffer.from(piece.value).toString('base64') }) : piece
      },
    },
    'templates.removeFile': {
      args: z.tuple([id, id]),
      run: (templateId, fileId) => ok(templates.removeFile(templateId, fileId)),
    },
    'templates.remove': {
      args: z.tuple([z.string().max(100)]),
      run: templateId => ok(templates.remove(templateId)),
    },
  }
}
