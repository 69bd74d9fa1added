/**
 * Owns the letters and snippets that are written again and again (table template). Refuses two of a kind under one
 * name: a snippet is called by it.
 */

import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '../../shared/problem.ts'
import type { Template, TemplateInput } from '../../shared/template.ts'
import { type Calls, z } from '../call.ts'
import { type Db, problemOfDbError, type Row } from '../db.ts'
import type { Emit } from '../events.ts'
import type { Clock } from '../host.ts'

/** What ends the name of a snippet where it is typed. */
const NEVER_IN_A_SNIPPET = /[\s;；]/u

export type Templates = ReturnType<typeof createTemplates>

export function createTemplates({ db, clock, emit }: { db: Db; clock: Clock; emit: Emit }) {
  const announce = (templateId: string) => emit('templates.changed', { templateIds: [templateId] })

  return {
    /** Templates, then snippets, each by name. */
    list: (): Template[] => db.all('SELECT * FROM template ORDER BY kind DESC, name_key').map(templateOf),

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
      const template: Template = { ...input, id, name, changedAt: clock.now() }
      try {
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
      } catch (error) {
        if (!(error instanceof Error) || !('errcode' in error)) throw error
        return fail(problemOfDbError(error, 'desk.db'))
      }
      announce(id)
      return ok(template)
    },

    remove(templateId: string): { removed: boolean } {
      const removed = db.run('DELETE FROM template WHERE id = ?', templateId).changes === 1
      if (removed) announce(templateId)
      return { removed }
    },
  }
}

function keyOf(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

function templateOf(row: Row): Template {
  return {
    id: String(row.id),
    kind: row.kind === 'snippet' ? 'snippet' : 'template',
    name: String(row.name),
    subject: String(row.subject),
    text: String(row.text),
    html: row.html === null ? null : String(row.html),
    changedAt: Number(row.changed_at),
  }
}

const templateInput: z.ZodType<TemplateInput> = z.object({
  id: z.string().max(100).nullable(),
  kind: z.enum(['template', 'snippet']),
  name: z.string().max(200),
  subject: z.string().max(10_000),
  text: z.string().max(2_000_000),
  html: z.string().max(4_000_000).nullable(),
})

export function templateCalls(
  templates: Templates,
): Calls<'templates.list' | 'templates.save' | 'templates.remove'> {
  return {
    'templates.list': { args: z.tuple([]), run: () => ok(templates.list()) },
    'templates.save': { args: z.tuple([templateInput]), run: input => templates.save(input) },
    'templates.remove': {
      args: z.tuple([z.string().max(100)]),
      run: templateId => ok(templates.remove(templateId)),
    },
  }
}
