import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createEventHub } from '../../../main/events.ts'
import { deskMigrations } from '../../../main/schema.ts'
import { createTemplates, type Templates } from '../../../main/templates/templates.ts'
import type { AnyEvent } from '../../../shared/api.ts'
import type { DraftAttachment } from '../../../shared/model.ts'
import { ok, type Result } from '../../../shared/problem.ts'
import type { TemplateInput } from '../../../shared/template.ts'
import { manualClock } from '../../support/manual-clock.ts'

let db: Db
let events: AnyEvent[]
let templates: Templates
let attachedTo: Record<string, DraftAttachment[]>

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

beforeEach(() => {
  db = value(openDatabase(':memory:', { durability: 'full', migrations: deskMigrations }))
  const hub = createEventHub()
  events = []
  hub.listen(event => events.push(event))
  attachedTo = {}
  templates = createTemplates({
    db,
    clock: manualClock(),
    emit: hub.emit,
    drafts: {
      files: draftId => attachedTo[draftId] ?? null,
      attach: (_draftId, files) => ok([...files]),
    },
    readFile: async (sha256, offset) => ok(Buffer.from(`${sha256}@${offset}`)),
  })
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

const aFile = (id: string, sha256: string, contentId?: string): DraftAttachment => ({
  id,
  name: `${id}.png`,
  type: 'image/png',
  bytes: 3,
  sha256: sha256.repeat(64),
  ...(contentId !== undefined && { contentId }),
})

test('a template keeps the files and pictures of a letter, and a change of its words leaves them', () => {
  attachedTo.letter = [aFile('plan', 'a'), aFile('logo', 'b', 'logo@todoke.invalid'), aFile('other', 'c')]
  const saved = value(
    templates.save(input({ files: { draftId: 'letter', attachmentIds: ['plan', 'logo'] } })),
  )
  expect(saved.files).toMatchObject([{ name: 'plan.png' }, { contentId: 'logo@todoke.invalid' }])
  // Its own, whatever becomes of the draft.
  expect(saved.files.map(({ id }) => id)).not.toContain('plan')
  attachedTo = {}
  value(templates.save(input({ id: saved.id, text: 'anew' })))
  expect(templates.list()[0]?.files).toEqual(saved.files)
  expect(value(templates.attach(saved.id, 'draft'))).toEqual(saved.files)
  expect(templates.hashes().toSorted()).toEqual(['a'.repeat(64), 'b'.repeat(64)])
})

test('a copy has files of its own, and a template that is brought back has its files again', () => {
  attachedTo.letter = [aFile('plan', 'a')]
  const first = value(templates.save(input({ files: { draftId: 'letter', attachmentIds: ['plan'] } })))
  const copy = value(templates.save(input({ name: 'copy', files: { templateId: first.id } })))
  templates.remove(first.id)
  expect(templates.list()).toMatchObject([{ id: copy.id, files: [{ name: 'plan.png' }] }])
  templates.remove(copy.id)
  expect(templates.hashes()).toEqual([])
  const back = value(templates.save(input({ files: { templateId: first.id } })))
  expect(back.files).toMatchObject([{ name: 'plan.png', sha256: 'a'.repeat(64) }])
})

test('one file is read in pieces and taken off', async () => {
  attachedTo.letter = [aFile('plan', 'a'), aFile('list', 'b')]
  const { id, files } = value(
    templates.save(input({ files: { draftId: 'letter', attachmentIds: ['plan', 'list'] } })),
  )
  const [plan] = files
  expect(String(value(await templates.read(id, plan?.id ?? '', 7)))).toBe(`${'a'.repeat(64)}@7`)
  expect(await templates.read(id, 'nope', 0)).toMatchObject({ problem: { kind: 'not-found' } })
  expect(templates.removeFile(id, plan?.id ?? '')).toEqual({ removed: true })
  expect(templates.list()[0]?.files).toMatchObject([{ name: 'list.png' }])
})

test('a file that the draft does not have, and files for a snippet, are not kept', () => {
  attachedTo.letter = [aFile('plan', 'a')]
  expect(
    templates.save(input({ files: { draftId: 'letter', attachmentIds: ['plan', 'nope'] } })),
  ).toMatchObject({ problem: { kind: 'not-found', what: 'attachment' } })
  const files = { draftId: 'letter', attachmentIds: ['plan'] }
  expect(value(templates.save(input({ kind: 'snippet', name: 's', files }))).files).toEqual([])
})
