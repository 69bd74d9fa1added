import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Db, openDatabase } from '../../../main/db.ts'
import { createDrafts, type Drafts } from '../../../main/drafts/drafts.ts'
import { createSpool, type Spool } from '../../../main/drafts/spool.ts'
import { createEventHub } from '../../../main/events.ts'
import { deskMigrations } from '../../../main/schema.ts'
import type { DraftContent } from '../../../shared/model.ts'
import { fail, type Result } from '../../../shared/problem.ts'
import { manualClock } from '../../support/manual-clock.ts'

let folder: string
let db: Db
let spool: Spool
const clock = manualClock()

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem))
  return result.value
}

function open(): Drafts {
  db = value(openDatabase(join(folder, 'desk.db'), { durability: 'full', migrations: deskMigrations }))
  return createDrafts({
    db,
    spool,
    clock,
    emit: createEventHub().emit,
    accounts: { list: () => [] },
    readMessage: async () => fail({ kind: 'not-found', what: 'message' }),
    preferences: () => ({ language: 'en', defaultAccountId: null }),
  })
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'todoke-history-'))
  spool = createSpool(join(folder, 'spool'), clock)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const content = (text: string): DraftContent => ({
  accountId: 'one',
  to: [],
  cc: [],
  bcc: [],
  subject: '件名',
  text,
})

async function begin(drafts: Drafts): Promise<string> {
  return value(await drafts.create({ kind: 'empty', accountId: 'one' })).id
}

async function attach(drafts: Drafts, draftId: string, text: string) {
  const { fileToken } = value(await spool.begin('a.txt', 'text/plain', Buffer.byteLength(text)))
  value(await spool.append(fileToken, 0, Buffer.from(text)))
  return value(await drafts.attach(draftId, fileToken))
}

describe('the history of a draft', () => {
  test('gives back every text that was ever saved, also after the program ended', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 80 }),
        async texts => {
          let drafts = open()
          const draftId = await begin(drafts)
          for (const [index, text] of texts.entries()) {
            const { revision } = value(drafts.save(draftId, index + 1, content(text)))
            // A new run reads what this one remembers.
            if (revision % 7 === 0) {
              db.close()
              drafts = open()
            }
          }
          const distinct = ['', ...texts].filter((text, index, all) => text !== all[index - 1])
          const saved = value(drafts.history(draftId)).toReversed()
          const read = saved.map(({ id }) => value(drafts.version(draftId, id)).content.text)
          expect(read.slice(read.length - distinct.length + 1)).toEqual(distinct.slice(1))
          db.close()
        },
      ),
      { numRuns: 25 },
    )
    open()
  })

  test('of a long letter grows by what is typed, not by the letter', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    const letter = '拝啓 '.repeat(20_000)
    for (let word = 1; word <= 200; word += 1) {
      value(drafts.save(draftId, word, content(`${letter}${'あ'.repeat(word)} 敬具`)))
    }
    const stored = db.get('SELECT sum(length(text)) AS characters FROM draft_version')?.characters
    expect(Number(stored)).toBeLessThan(6 * letter.length)
    expect(value(drafts.history(draftId))).toHaveLength(201)
  })

  test('never cuts a surrogate pair, which is no text to the database', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    for (const [index, text] of ['😀😁', '😁', '😂', '𠮷野家', '𠮾野家'].entries())
      value(drafts.save(draftId, index + 1, content(text)))
    const texts = value(drafts.history(draftId)).map(
      ({ id }) => value(drafts.version(draftId, id)).content.text,
    )
    expect(texts).toEqual(['𠮾野家', '𠮷野家', '😂', '😁', '😀😁', ''])
  })

  test('brings a version back as the newest, its attachments included, and keeps what was there', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    value(drafts.save(draftId, 1, content('with the file')))
    const file = await attach(drafts, draftId, 'abc')
    const [withFile] = value(drafts.history(draftId))
    drafts.detach(draftId, file.id)
    value(drafts.save(draftId, 2, content('all deleted by mistake')))

    const restored = value(drafts.restoreVersion(draftId, 3, withFile?.id ?? 0))
    expect(restored).toMatchObject({ text: 'with the file', revision: 4, attachments: [file] })
    expect(drafts.get(draftId)).toEqual(restored)
    const texts = value(drafts.history(draftId)).map(({ preview, attachments }) => [preview, attachments])
    expect(texts).toEqual([
      ['with the file', 1],
      ['all deleted by mistake', 0],
      // A file that comes or goes changes no words.
      ['', 0],
      ['', 1],
      ['with the file', 0],
      ['', 0],
    ])
  })

  test('keeps the files of older versions in the spool, for as long as the draft', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    const file = await attach(drafts, draftId, 'abc')
    drafts.detach(draftId, file.id)
    expect(drafts.hashes()).toEqual([file.sha256])
    drafts.discard(draftId)
    expect(drafts.hashes()).toEqual([])
  })

  test('is not changed by a version that is brought back on an older revision, or is not there', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    value(drafts.save(draftId, 1, content('mine')))
    const [newest] = value(drafts.history(draftId))
    expect(drafts.restoreVersion(draftId, 1, newest?.id ?? 0)).toMatchObject({
      problem: { kind: 'conflict', revision: 2 },
    })
    expect(drafts.restoreVersion(draftId, 2, 999)).toMatchObject({ problem: { kind: 'not-found' } })
    const other = await begin(drafts)
    expect(drafts.version(other, newest?.id ?? 0)).toMatchObject({ problem: { kind: 'not-found' } })
    expect(drafts.history('gone')).toMatchObject({ problem: { kind: 'not-found' } })
    expect(value(drafts.history(draftId))).toHaveLength(2)
  })

  test('on a full disk says so, and the next save with room is kept in full', async () => {
    const drafts = open()
    const draftId = await begin(drafts)
    db.run(`PRAGMA max_page_count = ${db.get('PRAGMA page_count')?.page_count}`)
    expect(drafts.save(draftId, 1, content('x'.repeat(500_000)))).toMatchObject({
      problem: { kind: 'disk-full' },
    })
    expect(drafts.get(draftId)?.text).toBe('')
    db.run('PRAGMA max_page_count = 1000000')
    value(drafts.save(draftId, 1, content('x'.repeat(500_001))))
    const [newest] = value(drafts.history(draftId))
    expect(value(drafts.version(draftId, newest?.id ?? 0)).content.text).toHaveLength(500_001)
  })
})
