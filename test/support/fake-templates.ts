/** Templates as the program keeps them, for the fake bridge: in their order, and two of a kind never under one name. */

import type { AnyEvent, Handlers } from '../../shared/api.ts'
import type { Draft } from '../../shared/model.ts'
import { fail, ok } from '../../shared/problem.ts'
import type { Template } from '../../shared/template.ts'

export type TemplateWorld = { templates: Template[]; drafts: Draft[] }

const keyOf = (name: string) => name.normalize('NFKC').trim().toLowerCase()
const orderOf = ({ kind, name }: Template) => `${kind === 'template' ? 0 : 1}${keyOf(name)}`

export function templateHandlers(world: TemplateWorld, emit: (event: AnyEvent) => void) {
  let serial = 0
  const changed = (id: string) => emit({ name: 'templates.changed', payload: { templateIds: [id] } })
  return {
    'templates.list': () => ok(world.templates),
    'templates.save': input => {
      const refused = (reason: string) => fail({ kind: 'invalid', field: 'name', reason })
      if (input.name.trim() === '') return refused('missing')
      if (input.kind === 'snippet' && /[\s;；]/u.test(input.name)) return refused('space')
      const others = world.templates.filter(({ id }) => id !== input.id)
      if (others.some(({ kind, name }) => kind === input.kind && keyOf(name) === keyOf(input.name)))
        return refused('twice')
      serial += 1
      const { files: from } = input
      const all =
        from === undefined
          ? world.templates.find(({ id }) => id === input.id)?.files
          : 'templateId' in from
            ? world.templates.find(({ id }) => id === from.templateId)?.files
            : world.drafts
                .find(({ id }) => id === from.draftId)
                ?.attachments.filter(({ id }) => from.attachmentIds.includes(id))
      const saved: Template = {
        ...input,
        id: input.id ?? `template-${serial}`,
        files: all ?? [],
        changedAt: Date.now(),
      }
      world.templates = [...others, saved].sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1))
      changed(saved.id)
      return ok(saved)
    },
    'templates.attach': (templateId, draftId) => {
      const fresh = (world.templates.find(({ id }) => id === templateId)?.files ?? []).map((file, index) => ({
        ...file,
        id: `${templateId}-${draftId}-${index}`,
      }))
      world.drafts = world.drafts.map(draft =>
        draft.id === draftId ? { ...draft, attachments: [...draft.attachments, ...fresh] } : draft,
      )
      return ok(fresh)
    },
    'templates.readFile': () => fail({ kind: 'not-found', what: 'file' }),
    'templates.removeFile': (templateId, fileId) => {
      world.templates = world.templates.map(template =>
        template.id === templateId
          ? { ...template, files: template.files.filter(({ id }) => id !== fileId) }
          : template,
      )
      changed(templateId)
      return ok({ removed: true })
    },
    'templates.remove': templateId => {
      world.templates = world.templates.filter(({ id }) => id !== templateId)
      changed(templateId)
      return ok({ removed: true })
    },
  } satisfies Partial<Handlers>
}
