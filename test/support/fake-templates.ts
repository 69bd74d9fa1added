/** Templates as the program keeps them, for the fake bridge: in their order, and two of a kind never under one name. */

import type { AnyEvent, Handlers } from '../../shared/api.ts'
import { fail, ok } from '../../shared/problem.ts'
import type { Template } from '../../shared/template.ts'

export type TemplateWorld = { templates: Template[] }

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
      const saved: Template = { ...input, id: input.id ?? `template-${serial}`, changedAt: Date.now() }
      world.templates = [...others, saved].sort((left, right) => (orderOf(left) < orderOf(right) ? -1 : 1))
      changed(saved.id)
      return ok(saved)
    },
    'templates.remove': templateId => {
      world.templates = world.templates.filter(({ id }) => id !== templateId)
      changed(templateId)
      return ok({ removed: true })
    },
  } satisfies Partial<Handlers>
}
