import { describe, expect, test } from 'vitest'
import { searchAll, searchedFolders, wordsOf } from '../../../main/mailbox/imap-search.ts'
import { allOf } from '../../../main/mailbox/imap-word.ts'
import type { StoredFolder } from '../../../main/mailbox/mailbox-rows.ts'
import type { FolderRole } from '../../../shared/model.ts'
import { fail, ok } from '../../../shared/problem.ts'
import { parseSearch } from '../../../shared/search-query.ts'

const folder = (id: number, role: FolderRole | null): StoredFolder => ({
  id,
  accountId: 'a',
  path: `f${id}`,
  name: `f${id}`,
  role,
  isLocal: false,
  uidValidity: '1',
  uidNext: 1,
  highestModseq: null,
  delimiter: '/',
  isSubscribed: true,
  isContainer: false,
})
const query = (text: string) =>
  parseSearch(text, { now: 0, folders: [{ id: '2', name: 'f2', role: null }], accounts: [] })

test('several words are one question; none is everything', () => {
  expect(allOf([])).toEqual({ all: true })
  expect(allOf([{ text: 'a' }])).toEqual({ text: 'a' })
  expect(allOf([{ text: 'a' }, { not: { text: 'b' } }])).toEqual({
    not: { or: [{ not: { text: 'a' } }, { not: { not: { text: 'b' } } }] },
  })
})

test('a server is asked for words and states, and for nothing where the rows here know as much', () => {
  expect(wordsOf(query('a "b c" to:d -e is:unread'))).toEqual([
    { text: 'a' },
    { text: 'b c' },
    { or: [{ to: 'd' }, { cc: 'd' }] },
    { not: { text: 'e' } },
    { seen: false },
  ])
  for (const text of ['has:attachment', 'after:2026', 'file:plan from:x'])
    expect(wordsOf(query(text))).toEqual([])
})

describe('where a server is asked', () => {
  const all = [folder(1, 'inbox'), folder(2, null), folder(3, 'all'), folder(4, 'flagged')]
  const ids = (folders: StoredFolder[]) => folders.map(({ id }) => id)
  test('one folder of everything is enough', () => {
    expect(ids(searchedFolders(all, query('x'), null))).toEqual([3])
    expect(ids(searchedFolders(all.slice(0, 2), query('x'), null))).toEqual([1, 2])
  })
  test('a folder that is asked for is asked itself, one that is not wanted is not', () => {
    expect(ids(searchedFolders(all, query('x in:f2'), null))).toEqual([2])
    expect(ids(searchedFolders(all, query('x'), ['1']))).toEqual([1])
    expect(ids(searchedFolders(all.slice(0, 2), query('x -in:f2'), null))).toEqual([1])
  })
})

test('an account whose server cannot be asked is named, and the others answer', async () => {
  const found = await searchAll([
    { accountId: 'a', ask: async () => ok({ messageIds: ['1'], unlisted: 2 }) },
    { accountId: 'b', ask: async () => fail({ kind: 'offline' }) },
    { accountId: 'c', ask: async () => ok({ messageIds: ['3'], unlisted: 1 }) },
  ])
  expect(found).toEqual(ok({ messageIds: ['1', '3'], unlisted: 3, unreachable: ['b'] }))
})
