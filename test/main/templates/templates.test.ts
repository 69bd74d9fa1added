import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { deskMigrations } from '../../../main/schema.ts'
import { createTemplates, type Templates } from '../../../main/templates/templates.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import type { Result } from '../../../shared/problem.ts'
import type { TemplateInput } from '../../../shared/template.ts'
import { manualClock } from '../../support/manual-clock.ts'

let db: Db
let events: AnyEvent[]
let templates: Templates

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

beforeEach(() => {
  db = value(openDatabase(':memory:', { durability: 'full', migrations: deskMigrations }))
  const hub = createEventHub()
  events = []
  hub.listen(event => events.push(event))
  templates = createTemplates({ db, clock: manualClock(), emit: hub.emit })
})
afterEach(() => db.close())

const input = (change: Partial<TemplateInput> = {}): TemplateInput => ({
  id: null,
  kind: 'template',
  name: '見積もり',
  subject: 'お見積もり {{会社名}}様',
  text: '{{氏名}}様',
  html: '<p>{{氏名}}様</p>',
  ...change,
})

test('templates come before snippets, each by name, as they were written last', () => {
  const { id } = value(templates.save(input()))
  value(templates.save(input({ kind: 'snippet', name: 'sig', subject: '' })))
  value(templates.save(input({ name: 'Answer' })))
  value(templates.save(input({ id, name: 'Zusage', html: null })))
  expect(templates.list().map(({ kind, name, html }) => [kind, name, html])).toEqual([
    ['template', 'Answer', '<p>{{氏名}}様</p>'],
    ['template', 'Zusage', null],
    ['snippet', 'sig', '<p>{{氏名}}様</p>'],
  ])
  expect(templates.remove(id)).toEqual({ removed: true })
  expect(templates.remove(id)).toEqual({ removed: false })
  expect(events.map(({ name }) => name)).toEqual(Array(5).fill('templates.changed'))
})

test('a name is one of its kind, in whatever case and width; a template and a snippet may share it', () => {
  value(templates.save(input({ kind: 'snippet', name: 'Sig' })))
  expect(templates.save(input({ kind: 'snippet', name: 'ｓｉｇ' }))).toMatchObject({
    problem: { kind: 'invalid', field: 'name', reason: 'twice' },
  })
  expect(templates.save(input({ kind: 'template', name: 'sig' })).ok).toBe(true)
})

test.each<[string, Partial<TemplateInput>, object]>([
  ['without a name', { name: '  ' }, { kind: 'invalid', field: 'name', reason: 'missing' }],
  [
    'of a snippet with a space in its name',
    { kind: 'snippet', name: 'a b' },
    { kind: 'invalid', reason: 'space' },
  ],
  ['of a snippet with a semicolon', { kind: 'snippet', name: 'a；b' }, { kind: 'invalid', reason: 'space' }],
  ['with a subject of two lines', { subject: 'a\r\nBcc: b' }, { kind: 'forbidden-character' }],
  ['that is gone', { id: 'gone' }, { kind: 'not-found', what: 'template' }],
])('one %s is refused and changes nothing', (_name, change, problem) => {
  expect(templates.save(input(change))).toMatchObject({ ok: false, problem })
  expect(templates.list()).toEqual([])
})
