import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { must } from '../mailbox/receiving-bench.ts'
import { createHouse, type House, NOW } from './house.ts'

const houses: House[] = []
function house(...args: Parameters<typeof createHouse>): House {
  const made = createHouse(...args)
  houses.push(made)
  return made
}
afterEach(() => {
  for (const made of houses.splice(0)) made.close()
})

function file(here: House, text: string): string {
  const path = join(here.folder, 'given.csv')
  writeFileSync(path, text)
  return path
}

const ROWS = 'Name,E-mail\n田中 優希,yuki@example.jp\nHaruka,haruka@example.org\nNobody,\n'

describe('an import', () => {
  test('tells what would come, what is known and what cannot be read, and takes nothing yet', async () => {
    const here = house()
    here.put('sent', { to: ['haruka@example.org'] })
    await here.count()
    const preview = must(await here.people.readImport(file(here, ROWS)))
    expect(preview).toMatchObject({
      format: 'csv',
      fresh: 1,
      known: 1,
      unreadable: { count: 1, lines: [{ line: 4, text: 'Nobody' }] },
      sample: [{ name: '田中 優希', address: 'yuki@example.jp' }],
    })
    expect(here.suggested('田中')).toEqual([])
    expect(here.people.knows(['yuki@example.jp'])[0]?.isKept).toBe(false)
  })

  test('brings everybody at once, and its names are used for those who were known by their address', async () => {
    const here = house()
    here.put('sent', { to: ['haruka@example.org'] })
    await here.count()
    const { importId } = must(await here.people.readImport(file(here, ROWS)))
    here.people.warm()
    expect(must(await here.people.import(importId))).toEqual({ added: 1, renewed: 1 })
    await here.settled()
    expect(here.suggested('田中')).toEqual(['yuki@example.jp'])
    expect(here.people.suggest('haruka', 5)).toMatchObject([
      { address: { name: 'Haruka' }, lastMailedAt: NOW },
    ])
    expect(here.people.knows(['yuki@example.jp'])[0]?.isKept).toBe(true)
  })

  test('that was cut off shows nobody, and is cleared away at the next start', async () => {
    const here = house()
    here.desk.run('INSERT INTO contact_import (begun_at) VALUES (1)')
    here.desk.run(`INSERT INTO contact VALUES ('cut@x.example', 1, 'cut@x.example', 'Cut', '')`)
    here.people.warm()
    await here.settled()
    expect(here.suggested('cut')).toEqual([])
    await here.people.catchUp()
    expect(here.desk.all('SELECT * FROM contact')).toEqual([])
    expect(here.desk.all('SELECT * FROM contact_import')).toEqual([])
  })

  test('of a file without contacts changes nothing and says so', async () => {
    const here = house()
    const read = await here.people.readImport(file(here, 'Date,Amount\n1,2\n'))
    expect(read).toMatchObject({ ok: false, problem: { kind: 'invalid', reason: 'no-contacts' } })
    expect(await here.people.import('another')).toMatchObject({ ok: false, problem: { kind: 'not-found' } })
  })

  test('of 5,000 rows comes whole, and those who were mailed stay in front', async () => {
    const here = house()
    here.put('sent', { to: ['p4999@x.example'] })
    await here.count()
    const rows = Array.from({ length: 5_000 }, (_, at) => `Person ${at},p${at}@x.example`)
    const { importId } = must(await here.people.readImport(file(here, `Name,E-mail\n${rows.join('\n')}`)))
    must(await here.people.import(importId))
    const { total, people } = await here.people.list('', 0, 2)
    expect(total).toBe(5_000)
    expect(people[0]?.address).toEqual({ name: 'Person 4999', address: 'p4999@x.example' })
  })
})

describe('a name kept by hand', () => {
  test('wins over mails and over every import, and finds its address by the reading', async () => {
    const here = house()
    here.put('inbox', { from: 'Y. <yuki@example.jp>' })
    await here.count()
    must(here.people.keep({ name: '田中 優希', address: 'yuki@example.jp' }, 'たなか ゆうき'))
    const { importId } = must(await here.people.readImport(file(here, 'Name,E-mail\nYuki,yuki@example.jp\n')))
    must(await here.people.import(importId))
    await here.settled()
    here.people.warm()
    await here.settled()
    expect(here.people.suggest('タナカ', 5)).toMatchObject([{ address: { name: '田中 優希' } }])
  })

  test('brings a forgotten address back', async () => {
    const here = house()
    here.put('sent', { to: ['yuki@example.jp'], daysAgo: 1 })
    await here.count()
    here.people.forget('yuki@example.jp')
    must(here.people.keep({ name: 'Yuki', address: 'yuki@example.jp' }, ''))
    here.people.warm()
    await here.settled()
    expect(here.suggested('yuki')).toEqual(['yuki@example.jp'])
  })
})

describe('a group', () => {
  const members = [
    { name: 'Haruka', address: 'haruka@example.org' },
    { name: '', address: 'weber@bau.example' },
    { name: 'Again', address: 'HARUKA@example.org' },
  ]

  test('is suggested by any word of its name, keeps the order of its members, and takes each once', () => {
    const here = house()
    const saved = must(here.people.saveGroup({ id: null, name: ' Saturday  readers ', members }))
    expect(saved.name).toBe('Saturday readers')
    expect(here.people.suggest('read', 5)).toEqual([
      { kind: 'group', id: saved.id, name: 'Saturday readers', members: members.slice(0, 2) },
    ])
    expect(here.people.knows(['weber@bau.example'])[0]?.isKept).toBe(true)
  })

  test('with a Japanese name is found by a part of it', () => {
    const here = house()
    must(here.people.saveGroup({ id: null, name: '見積もりの担当', members }))
    expect(here.suggested('担当')).toEqual(['[見積もりの担当]'])
  })

  test('is changed under its id and goes when it is removed', () => {
    const here = house()
    const { id } = must(here.people.saveGroup({ id: null, name: 'Readers', members }))
    must(here.people.saveGroup({ id, name: 'Listeners', members: members.slice(1, 2) }))
    expect(here.people.groups()).toEqual([{ id, name: 'Listeners', members: members.slice(1, 2) }])
    expect(here.people.removeGroup(id)).toEqual({ removed: true })
    expect(here.people.groups()).toEqual([])
  })

  test('without a name, or with what is no address, is refused', () => {
    const here = house()
    expect(here.people.saveGroup({ id: null, name: ' ', members })).toMatchObject({ ok: false })
    const wrong = [{ name: '', address: 'nobody' }]
    expect(here.people.saveGroup({ id: null, name: 'X', members: wrong })).toMatchObject({ ok: false })
    expect(here.people.groups()).toEqual([])
  })
})

test('everybody but lists and machines is exported, and never over a file that is there', async () => {
  const here = house()
  here.put('sent', { to: ['田中 優希 <yuki@example.jp>'] })
  here.put('inbox', { from: 'News <news@x.example>', isBulk: true })
  await here.count()
  const { savedAs, people } = must(await here.people.export('vcard'))
  expect(people).toBe(1)
  expect(readFileSync(savedAs ?? '', 'utf8')).toContain('FN:田中 優希\r\nEMAIL:yuki@example.jp\r\n')
  expect(await here.people.export('vcard')).toMatchObject({ ok: false, problem: { kind: 'disk' } })
  const csv = must(await here.people.export('csv'))
  expect(readFileSync(csv.savedAs ?? '', 'utf8')).toBe(
    '\ufeffName,Phonetic Name,E-mail Address\r\n田中 優希,,yuki@example.jp\r\n',
  )
})
