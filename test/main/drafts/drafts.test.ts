import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Calls, createDoor } from '../../../main/call.ts'
import { type Db, openDatabase } from '../../../main/db.ts'
import { draftCalls } from '../../../main/drafts/draft-calls.ts'
import { createDrafts, type Drafts } from '../../../main/drafts/drafts.ts'
import { createSpool, type Spool } from '../../../main/drafts/spool.ts'
import { createEventHub } from '../../../main/events.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { AnyEvent, Method } from '../../../shared/api.ts'
import type { Account, Draft, DraftContent, Identity } from '../../../shared/model.ts'
import { fail, type Result } from '../../../shared/problem.ts'
import { manualClock } from '../../support/manual-clock.ts'

let folder: string
let db: Db
let spool: Spool
let clock: ReturnType<typeof manualClock>
let events: AnyEvent[]
let accounts: Pick<Account, 'id' | 'identity' | 'identities'>[]
let defaultAccountId: string | null
let writesPlain = false

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

function open(): Drafts {
  db = value(openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations }))
  const hub = createEventHub()
  hub.listen(event => events.push(event))
  return createDrafts({
    db,
    spool,
    clock,
    emit: hub.emit,
    accounts: { list: () => accounts as Account[] },
    readMessage: async () => fail({ kind: 'not-found', what: 'message' }),
    preferences: () => ({ language: 'en', defaultAccountId, writesPlain }),
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-drafts-'))
  clock = manualClock()
  spool = createSpool(join(folder, 'spool'), clock)
  events = []
  accounts = ['one', 'two'].map(id => ({ id, identity: { name: '', address: `${id}@todoke.test` } }))
  defaultAccountId = null
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const typed: DraftContent = {
  accountId: 'one',
  to: [
    { name: '森 遥', address: 'haruka@todoke.test' },
    { name: '', address: 'not yet an addr' },
  ],
  cc: [],
  bcc: [{ name: '', address: 'secret@todoke.test' }],
  subject: '見積もりの件',
  text: 'こんにちは\n> alt\nNeu\u0000',
}

async function upload(text: string, name = 'a.txt'): Promise<string> {
  const { fileToken } = value(await spool.begin(name, 'text/plain', Buffer.byteLength(text)))
  value(await spool.append(fileToken, 0, Buffer.from(text)))
  return fileToken
}

const empty = { kind: 'empty', accountId: null } as const

describe('a new draft', () => {
  const usual: Identity = {
    id: 'sales',
    name: 'Sales',
    address: 'sales@todoke.test',
    replyTo: [],
    organisation: '',
    copiesSelf: false,
    signature: { text: 'Sales', html: '<p><em>Sales</em></p>' },
    isUsual: true,
  }

  test('begins with the usual identity of its account and its signature', async () => {
    accounts = [{ id: 'one', identity: { name: '', address: 'one@todoke.test' }, identities: [usual] }]
    const drafts = open()
    expect(value(await drafts.create(empty))).toMatchObject({
      identityId: 'sales',
      text: '\n\n-- \nSales',
      html: '<p><br></p>\n<p><br></p>\n<p>--&nbsp;</p>\n<p><em>Sales</em></p>',
    })
    writesPlain = true
    expect(value(await drafts.create(empty))).toMatchObject({ text: '\n\n-- \nSales', html: null })
    writesPlain = false
  })
})

describe('a draft', () => {
  test('is kept with all that was typed, also when the program ends', async () => {
    const drafts = open()
    const draft = value(await drafts.create(empty))
    expect(draft).toMatchObject({ revision: 1, accountId: 'one', to: [], text: '', references: [] })
    clock.advance(2_000)
    expect(drafts.save(draft.id, 1, typed)).toEqual({
      ok: true,
      value: { revision: 2, savedAt: clock.now() },
    })
    db.close()
    expect(open().get(draft.id)).toEqual({
      ...draft,
      ...typed,
      html: undefined,
      revision: 2,
      savedAt: clock.now(),
    })
  })

  test('begins with formats, or without where the person writes plain text', async () => {
    const drafts = open()
    expect(value(await drafts.create(empty)).html).toBe('')
    writesPlain = true
    expect(value(await drafts.create(empty)).html).toBeNull()
    writesPlain = false
  })

  test('keeps beside its text what the editor can take back, for as long as it is the same text', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    expect(drafts.undo(id)).toBeNull()
    value(drafts.save(id, 1, typed, 'steps'))
    expect(drafts.undo(id)).toBe('steps')
    expect(drafts.save(id, 1, typed, 'other steps').ok).toBe(false)
    expect(drafts.undo(id)).toBe('steps')
    value(drafts.save(id, 2, { ...typed, text: 'from elsewhere' }))
    expect(drafts.undo(id)).toBeNull()
    value(drafts.save(id, 3, typed, 'new steps'))
    const [, , oldest] = value(drafts.history(id))
    value(drafts.restoreVersion(id, 4, oldest?.id ?? 0))
    expect(drafts.undo(id)).toBeNull()
    drafts.discard(id)
    expect(db.all('SELECT * FROM draft_undo')).toEqual([])
  })

  test('has pictures within its text, named by their Content-ID', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    value(await drafts.attach(id, await upload('a picture', 'a.png'), 'one@todoke.invalid'))
    value(await drafts.attach(id, await upload('a file')))
    expect(drafts.get(id)?.attachments.map(({ contentId }) => contentId)).toEqual([
      'one@todoke.invalid',
      undefined,
    ])
    const attach = draftCalls(drafts)['drafts.attach'].args
    for (const contentId of ['', 'a b', 'a"b', 'a>b', 'a\r\nX: y', 'a%22b', 'x'.repeat(300)]) {
      expect(attach.safeParse([id, 'token', contentId]).success, contentId).toBe(false)
    }
    expect(attach.safeParse([id, 'token', 'one@todoke.invalid']).success).toBe(true)
    expect(attach.safeParse([id, 'token']).success).toBe(true)
  })

  test('begins on the account that is chosen, preferred, first, or none yet', async () => {
    const drafts = open()
    const begin = async (accountId: string | null) =>
      value(await drafts.create({ kind: 'empty', accountId })).accountId
    expect(await begin('two')).toBe('two')
    defaultAccountId = 'two'
    expect(await begin(null)).toBe('two')
    defaultAccountId = 'gone'
    expect(await begin(null)).toBe('one')
    accounts = []
    expect(await begin(null)).toBe('')
  })

  test('saved on an older revision conflicts and stays as it is', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    value(drafts.save(id, 1, typed))
    expect(drafts.save(id, 1, { ...typed, text: 'older window' })).toEqual({
      ok: false,
      problem: { kind: 'conflict', what: 'draft', revision: 2 },
    })
    expect(drafts.get(id)?.text).toBe(typed.text)
  })

  test('opens and is saved although its account was removed', async () => {
    const drafts = open()
    const { id } = value(await drafts.create({ kind: 'empty', accountId: 'two' }))
    accounts = []
    expect(drafts.get(id)?.accountId).toBe('two')
    expect(drafts.save(id, 1, { ...typed, accountId: 'two' }).ok).toBe(true)
    expect(drafts.countOf('two')).toBe(1)
  })

  test('that is gone says so', () => {
    expect(open().save('nope', 1, typed)).toEqual({
      ok: false,
      problem: { kind: 'not-found', what: 'draft' },
    })
  })

  test('that answers a mail which cannot be read is not begun', async () => {
    const drafts = open()
    const answer = await drafts.create({ kind: 'reply', messageId: 'm', all: false })
    expect(answer).toMatchObject({ problem: { kind: 'not-found', what: 'message' } })
    expect(drafts.list()).toEqual([])
  })

  test('is announced on each change', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    drafts.save(id, 1, typed)
    drafts.save(id, 1, typed)
    drafts.discard(id)
    drafts.discard(id)
    const payload = { draftIds: [id] }
    expect(events).toEqual([
      { name: 'drafts.changed', payload },
      { name: 'drafts.saved', payload },
      { name: 'drafts.changed', payload },
    ])
  })

  test('answers instead of throwing when the database cannot write', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    db.run('PRAGMA query_only = ON')
    expect(drafts.save(id, 1, typed)).toMatchObject({ ok: false, problem: { kind: 'disk' } })
    expect(await drafts.create(empty)).toMatchObject({ ok: false, problem: { kind: 'disk' } })
    db.run('PRAGMA query_only = OFF')
    expect(drafts.save(id, 1, typed).ok).toBe(true)
  })
})

describe('a draft that a window writes', () => {
  const begun = async () => {
    const drafts = open()
    const { id } = value(await drafts.create({ kind: 'empty', accountId: null }))
    await drafts.claim(id, 'first', false)
    return { drafts, id }
  }

  test('is saved by no other window and by no program without one, and stays as it is', async () => {
    const { drafts, id } = await begun()
    value(drafts.save(id, 1, typed, null, 'first'))
    const elsewhere = { ok: false, problem: { kind: 'written-elsewhere' } }
    expect(drafts.save(id, 2, { ...typed, text: 'other' }, null, 'second')).toEqual(elsewhere)
    expect(drafts.save(id, 2, { ...typed, text: 'other' })).toEqual(elsewhere)
    const [newest] = value(drafts.history(id))
    expect(drafts.restoreVersion(id, 2, newest?.id ?? 0, 'second')).toEqual(elsewhere)
    expect(drafts.get(id)).toMatchObject({ ...typed, revision: 2 })
  })

  test('goes over with its last words, and an older text is not saved over them', async () => {
    const { drafts, id } = await begun()
    events = []
    const taken = drafts.claim(id, 'second', true)
    expect(events).toEqual([{ name: 'writers.changed', payload: { draftIds: [id] } }])
    expect(await drafts.claim(id, 'first', false)).toBe('wanted')
    value(drafts.save(id, 1, { ...typed, text: 'last words' }, null, 'first'))
    expect(drafts.release(id, 'first')).toEqual({ released: true })
    expect(await taken).toBe('you')
    expect(drafts.save(id, 1, typed, null, 'second')).toMatchObject({ problem: { kind: 'conflict' } })
    expect(drafts.get(id)?.text).toBe('last words')
    expect(drafts.save(id, 2, typed, null, 'first')).toMatchObject({ problem: { kind: 'written-elsewhere' } })
  })

  test('can be sent and discarded elsewhere, and its window is told which', async () => {
    const { drafts, id } = await begun()
    const other = value(await drafts.create({ kind: 'empty', accountId: null }))
    drafts.discard(id)
    db.transaction(() => drafts.removeWithin(other.id))
    expect(await drafts.claim(id, 'first', false)).toBe('discarded')
    expect(await drafts.claim(other.id, 'first', true)).toBe('sent')
  })

  test('is nobody’s once the program ended, however it ended', async () => {
    const { id } = await begun()
    db.close()
    const again = open()
    expect(await again.claim(id, 'second', false)).toBe('you')
  })
})

describe('a draft that a newer version of the program wrote', () => {
  test('is listed, is refused with that reason, and stays as it is to the last byte', async () => {
    const drafts = open()
    const { id } = value(await drafts.create({ kind: 'empty', accountId: null }))
    value(drafts.save(id, 1, typed))
    db.run(`UPDATE draft SET content = replace(content, '{"version":1', '{"version":2,"mood":"calm"')`)
    const row = () => db.get('SELECT * FROM draft WHERE id = ?', id)
    const before = row()
    const [version] = value(drafts.history(id))
    const newer = { ok: false, problem: { kind: 'draft-newer' } }
    const call = createDoor(draftCalls(drafts) as Calls<Method>, () => {}).call
    expect(await call('drafts.get', [id])).toEqual(newer)
    expect(drafts.save(id, 2, typed)).toEqual(newer)
    expect(drafts.restoreVersion(id, 2, version?.id ?? 0)).toEqual(newer)
    expect(drafts.split(id, 2, [])).toEqual(newer)
    expect(await drafts.attach(id, await upload('abc'))).toEqual(newer)
    expect(drafts.list()).toMatchObject([{ id, subject: typed.subject }])
    expect(row()).toEqual(before)
    expect(drafts.discard(id)).toEqual({ discarded: true })
  })

  test('is one whose version is higher; those of the first days named none', async () => {
    const drafts = open()
    const { id } = value(await drafts.create({ kind: 'empty', accountId: null }))
    value(drafts.save(id, 1, typed))
    db.run(`UPDATE draft SET content = replace(content, '{"version":1,', '{')`)
    expect(drafts.get(id)).toMatchObject(typed)
    expect(drafts.save(id, 2, typed)).toMatchObject({ ok: true })
  })
})

describe('the list', () => {
  test('cuts no sign in two in its preview, wherever the text is cut', async () => {
    const drafts = open()
    const { id } = value(await drafts.create({ kind: 'empty', accountId: null }))
    for (const [round, spaces] of [596, 597, 598, 599].entries()) {
      const text = `a${' '.repeat(spaces)}😀 and more`
      value(drafts.save(id, round + 1, { ...typed, text }))
      expect(drafts.list()[0]?.preview).toSatisfy((preview: string) => preview.isWellFormed())
    }
    value(drafts.save(id, 5, { ...typed, subject: 'x\ud83d', text: '\ude00 x' }))
    expect(drafts.get(id)?.id).toBe(id)
  })

  test('shows the last saved first, with the own words as preview', async () => {
    const drafts = open()
    const first = value(await drafts.create(empty))
    clock.advance(1000)
    const second = value(await drafts.create(empty))
    clock.advance(1000)
    value(drafts.save(first.id, 1, typed))
    value(await drafts.attach(first.id, await upload('x')))
    expect(drafts.list().map(({ id }) => id)).toEqual([first.id, second.id])
    expect(drafts.list()[0]).toEqual({
      id: first.id,
      accountId: 'one',
      to: typed.to,
      subject: '見積もりの件',
      preview: 'こんにちは Neu',
      savedAt: clock.now(),
      attachments: 1,
    })
  })
})

describe('attachments', () => {
  test('keep their order, go one by one, and go with the draft', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    const [a, b] = [
      value(await drafts.attach(id, await upload('aaa', 'a.txt'))),
      value(await drafts.attach(id, await upload('b', '図面.png'))),
    ]
    expect(drafts.get(id)?.attachments).toEqual([a, b])
    expect(b).toMatchObject({ name: '図面.png', type: 'text/plain', bytes: 1 })
    expect(drafts.hashes().sort()).toEqual([a.sha256, b.sha256].sort())
    expect(drafts.detach(id, a.id)).toEqual({ detached: true })
    expect(drafts.detach(id, a.id)).toEqual({ detached: false })
    expect(drafts.get(id)?.attachments).toEqual([b])
    drafts.discard(id)
    expect(drafts.hashes()).toEqual([])
  })

  test('of one draft are not detached through another', async () => {
    const drafts = open()
    const one = value(await drafts.create(empty))
    const two = value(await drafts.create(empty))
    const attachment = value(await drafts.attach(one.id, await upload('x')))
    expect(drafts.detach(two.id, attachment.id)).toEqual({ detached: false })
  })

  test('do not come to a draft that is gone, nor by a token that is none', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    expect(await drafts.attach(id, 'nope')).toMatchObject({ problem: { kind: 'not-found', what: 'file' } })
    expect(await drafts.attach('nope', await upload('x'))).toMatchObject({
      problem: { kind: 'not-found', what: 'draft' },
    })
  })
})

describe('for the outbox', () => {
  test('a draft goes only if the transaction around it is committed', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    expect(() =>
      db.transaction(() => {
        drafts.removeWithin(id)
        throw new Error('disk')
      }),
    ).toThrow('disk')
    expect(drafts.get(id)).not.toBeNull()
    db.transaction(() => drafts.removeWithin(id))
    expect(drafts.get(id)).toBeNull()
  })

  test('a mail taken back is the same draft again, with its files', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    const { id: _, ...file } = value(await drafts.attach(id, await upload('x')))
    db.transaction(() => drafts.removeWithin(id))
    const restored: Draft = drafts.restore(typed, [file], ['root@x', 'parent@x'])
    expect(drafts.get(restored.id)).toEqual(restored)
    expect(restored).toMatchObject({ ...typed, references: ['root@x', 'parent@x'], attachments: [file] })
  })
})

describe('a draft that is too big', () => {
  test('becomes several in one transaction, which are there after the program was opened again', async () => {
    let drafts = open()
    const { id } = value(await drafts.create(empty))
    value(drafts.save(id, 1, typed))
    const a = value(await drafts.attach(id, await upload('a', 'a.jpg')))
    const b = value(await drafts.attach(id, await upload('b', 'b.jpg')))
    const parts = value(drafts.split(id, 2, [[a.id], [b.id]]))
    db.close()
    drafts = open()
    expect(drafts.list()).toHaveLength(2)
    for (const part of parts) expect(drafts.get(part.id)).toEqual(part)
    expect(parts.map(({ attachments }) => attachments.map(({ name }) => name))).toEqual([
      ['a.jpg'],
      ['b.jpg'],
    ])
    expect(drafts.hashes().sort()).toEqual([a.sha256, b.sha256].sort())
  })

  test('is left as it is where the deal is none or another window saved it', async () => {
    const drafts = open()
    const { id } = value(await drafts.create(empty))
    const a = value(await drafts.attach(id, await upload('a')))
    const before = drafts.get(id)
    expect(drafts.split(id, 1, [[a.id], ['x']])).toMatchObject({
      problem: { kind: 'invalid', field: 'groups' },
    })
    expect(drafts.split(id, 7, [[a.id], ['x']])).toMatchObject({ problem: { kind: 'conflict' } })
    expect(drafts.split('nope', 1, [])).toMatchObject({ problem: { kind: 'not-found' } })
    expect(drafts.get(id)).toEqual(before)
    expect(drafts.list()).toHaveLength(1)
  })
})

test('an attached file is read back in pieces, and only from its own draft', async () => {
  const drafts = open()
  const one = value(await drafts.create(empty))
  const two = value(await drafts.create(empty))
  const text = 'todoke '.repeat(36_000)
  const { id } = value(await drafts.attach(one.id, await upload(text)))
  const door = createDoor(draftCalls(drafts) as Calls<Method>, () => {})
  let read = Buffer.alloc(0)
  for (;;) {
    const reply = await door.call('drafts.readAttachment', [one.id, id, read.length])
    const { base64 } = value(reply as Result<{ base64: string }>)
    expect(base64.length).toBeLessThanOrEqual(256 * 1024)
    if (base64 === '') break
    read = Buffer.concat([read, Buffer.from(base64, 'base64')])
  }
  expect(read.toString()).toBe(text)
  expect(await door.call('drafts.readAttachment', [two.id, id, 0])).toMatchObject({
    problem: { kind: 'not-found', what: 'attachment' },
  })
  expect(await door.call('drafts.readAttachment', [one.id, id, -1])).toMatchObject({
    problem: { kind: 'invalid' },
  })
})

test('the calls check their arguments and answer in the shape of the contract', async () => {
  const drafts = open()
  const door = createDoor(draftCalls(drafts) as Calls<Method>, () => {})
  const created = await door.call('drafts.create', [empty])
  expect(created).toMatchObject({ ok: true, value: { revision: 1 } })
  const { id } = (created as { value: Draft }).value
  expect(await door.call('drafts.save', [id, 1, typed])).toMatchObject({ ok: true, value: { revision: 2 } })
  expect(await door.call('drafts.get', [id])).toMatchObject({ ok: true, value: typed })
  expect(await door.call('drafts.list', [])).toMatchObject({ ok: true, value: [{ id }] })
  for (const [method, args] of [
    ['drafts.save', [id, 1, { ...typed, to: 'a@b' }]],
    ['drafts.save', [id, '1', typed]],
    ['drafts.create', [{ kind: 'steal', messageId: 'x' }]],
    ['drafts.get', [{}]],
  ] as const) {
    expect(await door.call(method, args)).toMatchObject({ ok: false, problem: { kind: 'invalid' } })
  }
  expect(await door.call('drafts.discard', [id])).toEqual({ ok: true, value: { discarded: true } })
  expect(await door.call('drafts.get', [id])).toMatchObject({ problem: { kind: 'not-found' } })
})

test('a file that was taken off is still read from the version that had it, and from no other', async () => {
  const drafts = open()
  const { id } = value(await drafts.create({ kind: 'empty', accountId: 'one' }))
  const picture = value(await drafts.attach(id, await upload('a picture', 'a.png'), 'one@todoke.invalid'))
  const [newest] = value(drafts.history(id))
  drafts.detach(id, picture.id)
  const [without] = value(drafts.history(id))
  const read = (versionId = 0) => drafts.readVersionFile(id, versionId, picture.id, 0)
  expect(String(value(await read(newest?.id)))).toBe('a picture')
  expect(await read(without?.id)).toMatchObject({ problem: { kind: 'not-found', what: 'attachment' } })
  expect(await read(-1)).toMatchObject({ problem: { kind: 'not-found', what: 'attachment' } })
})
