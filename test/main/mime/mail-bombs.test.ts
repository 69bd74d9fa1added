import { describe, expect, test } from 'vitest'
import { readQuotable } from '../../../main/mime/quotable.ts'
import { readMail, readMailAsSource, scanHead } from '../../../main/mime/read-mail.ts'
import { searchTextOf } from '../../../main/mime/search-text.ts'
import { mailBombs } from '../../support/mail-bombs.ts'

test('there are twenty-one kinds', () => {
  expect(Object.keys(mailBombs)).toHaveLength(21)
})

describe.each(Object.keys(mailBombs))('%s', name => {
  const source = mailBombs[name]?.() ?? Buffer.alloc(0)

  test('is listed with its sender, a subject of bearable length, and is searched', () => {
    const row = scanHead(source)
    expect(row.from.address).toBe('bomb@evil.example')
    expect(row.subject).not.toBe('')
    expect(row.subject.length).toBeLessThanOrEqual(2_000)
    expect(row.preview.length).toBeLessThanOrEqual(320)
    expect(searchTextOf(source).text.length).toBeLessThanOrEqual(400_000)
  })

  test('is read, in part where it must be, and so is its source', async () => {
    const read = await readMail(source)
    const shown = [read.text, ...read.attachments.map(({ name }) => name)].join(' ')
    // Not `toMatch`: what a failure would print is long.
    expect(/words|A=A=A|attachment-1\.eml/.test(shown)).toBe(true)
    expect(read.text.length).toBeLessThanOrEqual(2_000_000)
    expect(read.to.length + read.cc.length).toBeLessThanOrEqual(2_001)
    // No page could show one of them without standing still.
    expect(read.unsafeHtml).toBeNull()
    expect(readMailAsSource(source)).toMatchObject({ from: read.from, isDamaged: true })
  })

  test('can be answered', async () => {
    expect((await readQuotable(source)).text.length).toBeLessThanOrEqual(400_010)
  })
})
