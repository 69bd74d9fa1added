import { describe, expect, test } from 'vitest'
import { isEmptySearch, parseSearch, type SearchQuery } from '../../shared/search-query.ts'

const day = (year: number, month: number, date: number) => new Date(year, month - 1, date).getTime()
const world = {
  now: new Date(2026, 10, 24, 15, 30).getTime(),
  folders: [
    { id: '1', name: 'INBOX', role: 'inbox' as const },
    { id: '2', name: 'Sent Messages', role: 'sent' as const },
    { id: '3', name: 'Deleted', role: 'trash' as const },
    { id: '4', name: '請求書', role: null },
    { id: '5', name: 'Museum', role: null },
  ],
  accounts: [
    { id: 'a', label: 'Work', address: 'yuki@example.co.jp' },
    { id: 'b', label: '個人', address: 'yuki@home.example' },
  ],
}
const parse = (text: string) => parseSearch(text, world)

/** `from:sato*` is a word of From that may still grow, `-"a b"` an excluded phrase. */
function shown({ terms }: SearchQuery): string[] {
  return terms.map(({ field, text, isPhrase, isExcluded, isUnfinished }) => {
    const quoted = isPhrase ? `"${text}"` : text
    return `${isExcluded ? '-' : ''}${field === 'any' ? '' : `${field}:`}${quoted}${isUnfinished ? '*' : ''}`
  })
}

describe('words of a question', () => {
  test.each<[string, string[]]>([
    ['invoice', ['invoice*']],
    ['invoice ', ['invoice']],
    ['invoice november', ['invoice', 'november*']],
    ['請求書　十一月', ['請求書', '十一月*']],
    ['"site visit" ', ['"site visit"']],
    ['“site visit”', ['"site visit"']],
    ['"site vis', ['"site vis"']],
    ['-draft ', ['-draft']],
    ['－下書き ', ['-下書き']],
    ['-"old text" new ', ['-"old text"', 'new']],
    ['- ', []],
    ['a - b ', ['a', 'b']],
    ['well-known ', ['well-known']],
    ['from:sato ', ['from:sato']],
    ['FROM:Sato ', ['from:Sato']],
    ['ｆｒｏｍ：佐藤 ', ['from:佐藤']],
    ['差出人：佐藤 ', ['from:佐藤']],
    ['from:"Sato Kenji"', ['from:"Sato Kenji"']],
    ['-from:news ', ['-from:news']],
    ['to:weber subject:schedule ', ['to:weber', 'subject:schedule']],
    ['宛先:weber 件名:予定 ', ['to:weber', 'subject:予定']],
    ['file:report ', ['file:report']],
    ['from: ', ['from:']],
    ['from:', ['from:*']],
    ['fro', ['fro*']],
    ['from:: ', ['from::']],
    ['has:wings ', ['has:wings']],
    ['is:', ['is:*']],
    ['is:unre', ['is:unre*']],
    ['before:someday ', ['before:someday']],
    ['before:2026-02-30 ', ['before:2026-02-30']],
    ['in:nowhere ', ['in:nowhere']],
    ['account:nobody ', ['account:nobody']],
    ['https://example.com/a ', ['https://example.com/a']],
    ['10:30 ', ['10:30']],
    ['"', []],
    ['""', []],
    ['" "', []],
    [':', []],
    ['::: -- "" () ', []],
    ['', []],
    ['　 ', []],
    ['\u0000\ud800 ', []],
    ['a'.repeat(100), []],
  ])('%j', (text, terms) => {
    expect(shown(parse(text))).toEqual(terms)
  })
})

describe('conditions of a question', () => {
  test.each<[string, Partial<SearchQuery>]>([
    ['has:attachment', { hasAttachments: true }],
    ['has:添付', { hasAttachments: true }],
    ['添付:あり', { hasAttachments: true }],
    ['-has:attachments', { hasAttachments: false }],
    ['is:unread', { isUnread: true }],
    ['is:未読', { isUnread: true }],
    ['状態：既読', { isUnread: false }],
    ['is:read', { isUnread: false }],
    ['-is:unread', { isUnread: false }],
    ['is:flagged', { isFlagged: true }],
    ['after:2026-11-01', { after: day(2026, 11, 1) }],
    ['after:2026/11', { after: day(2026, 11, 1) }],
    ['after:2026', { after: day(2026, 1, 1) }],
    ['after:2026年11月1日', { after: day(2026, 11, 1) }],
    ['after:11/20', { after: day(2026, 11, 20) }],
    ['after:12/20', { after: day(2025, 12, 20) }],
    ['after:yesterday', { after: day(2026, 11, 23) }],
    ['以降:昨日', { after: day(2026, 11, 23) }],
    ['after:7d', { after: day(2026, 11, 17) }],
    ['after:2w', { after: day(2026, 11, 10) }],
    ['after:3か月', { after: day(2026, 8, 24) }],
    ['before:1y', { before: day(2025, 11, 24) }],
    ['before:今日', { before: day(2026, 11, 24) }],
    ['-before:2026-11-01', { after: day(2026, 11, 1) }],
    ['after:2026-11-01 after:2026-10-01', { after: day(2026, 11, 1) }],
    ['in:inbox', { folderIds: ['1'] }],
    ['in:受信トレイ', { folderIds: ['1'] }],
    ['in:ゴミ箱', { folderIds: ['3'] }],
    ['フォルダ:請求書', { folderIds: ['4'] }],
    ['in:mus', { folderIds: ['5'] }],
    ['in:"Sent Messages"', { folderIds: ['2'] }],
    ['-in:trash', { notFolderIds: ['3'] }],
    ['in:inbox in:sent', { folderIds: ['1', '2'] }],
    ['account:work', { accountIds: ['a'] }],
    ['account:home.example', { accountIds: ['b'] }],
    ['アカウント:個人', { accountIds: ['b'] }],
    ['-account:work', { notAccountIds: ['a'] }],
  ])('%s', (text, conditions) => {
    expect(parse(text)).toEqual({ ...parse(''), ...conditions })
  })

  test('a question of marks alone asks nothing; a condition alone does', () => {
    for (const text of ['', ' ', '"', '-', '...', '「」']) expect(isEmptySearch(parse(text))).toBe(true)
    for (const text of ['a', '件', 'is:unread', 'in:inbox', 'before:2026']) {
      expect(isEmptySearch(parse(text))).toBe(false)
    }
  })
})
