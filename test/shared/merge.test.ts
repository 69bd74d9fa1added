import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  fieldsOf,
  guessColumns,
  type MergeColumns,
  type MergeTable,
  type MergeTemplate,
  mergeFaults,
  mergeRow,
} from '../../shared/merge.ts'

const table: MergeTable = {
  columns: ['メール', '氏名', 'Company', 'Amount'],
  rows: [
    ['haruka@example.co.jp', '森 遥', 'Müller & Söhne', '1,200'],
    ['bob@example.org', 'Bob', '', '15'],
    ['', 'Nobody', 'X', '1'],
    ['not an address', 'Odd', 'X', '1'],
    ['BOB@example.org', 'Bob again', 'X', '1'],
  ],
}
const columns: MergeColumns = { address: 0, name: 1 }
const template: MergeTemplate = {
  subject: 'Offer for {{Company|you}}',
  text: '{{氏名}}様\n\nYour amount: {{amount}}',
  html: null,
}

describe('a template', () => {
  test('names its fields once, wherever they stand, in whatever case and width', () => {
    expect(fieldsOf(template)).toEqual(['Company', '氏名', 'amount'])
    expect(fieldsOf({ subject: '{{Ａmount}}', text: '{{amount}} {{ AMOUNT }}', html: null })).toEqual([
      'Ａmount',
    ])
  })

  test('with html names those of the html, written as html writes them', () => {
    expect(fieldsOf({ subject: '', text: '{{x}}', html: '<p>{{R&amp;D}} {{a&nbsp;b}}</p>' })).toEqual([
      'R&D',
      'a b',
    ])
  })

  test('has no field over a line or through an element', () => {
    expect(fieldsOf({ subject: '{{a\nb}}', text: '', html: '{{<b>x</b>}} {{}} {x}' })).toEqual([])
  })
})

const onlyMail: MergeColumns = { address: 0, name: null }

describe('a row', () => {
  test('fills every field and is addressed by name', () => {
    expect(mergeRow(template, table, columns, 0)).toEqual({
      to: [{ name: '森 遥', address: 'haruka@example.co.jp' }],
      subject: 'Offer for Müller & Söhne',
      text: '森 遥様\n\nYour amount: 1,200',
      html: null,
    })
  })

  test('with an empty cell takes what the writer named for it, else leaves the field and has a fault', () => {
    const [, bob] = table.rows as [string[], string[]]
    const one = { ...table, rows: [bob] }
    expect(mergeRow(template, one, columns, 0).subject).toBe('Offer for you')
    expect(mergeFaults(template, one, columns).size).toBe(0)
    const strict = { ...template, subject: 'Offer for {{Company}}' }
    expect(mergeRow(strict, one, columns, 0).subject).toBe('Offer for {{Company}}')
    expect([...mergeFaults(strict, one, columns)]).toEqual([[0, [{ kind: 'empty-field', field: 'Company' }]]])
    const unknown = { ...template, text: '{{Surname}} {{surname|x}}' }
    expect([...mergeFaults(unknown, one, columns)]).toEqual([[0, [{ kind: 'no-column', field: 'Surname' }]]])
  })

  test('puts a cell into html as text, whatever it holds', () => {
    const hostile: MergeTable = {
      columns: ['mail', 'x'],
      rows: [['a@b.test', '<img src=x onerror=alert(1)> & "q"\r\nsecond']],
    }
    const html = '<p title="{{x}}">{{x}}</p>'
    const mail = mergeRow({ subject: '{{x}}', text: '{{x}}', html }, hostile, onlyMail, 0)
    const text = '&lt;img src=x onerror=alert(1)&gt; &amp; &quot;q&quot;<br>second'
    expect(mail.html).toBe(`<p title="${text}">${text}</p>`)
    expect(mail.subject).toBe('<img src=x onerror=alert(1)> & "q" second')
    expect(mail.text).toBe('<img src=x onerror=alert(1)> & "q"\r\nsecond')
  })

  test('never fills a field that came out of a cell', () => {
    const tricky: MergeTable = { columns: ['mail', 'x', 'y'], rows: [['a@b.test', '{{y}}', 'secret']] }
    expect(mergeRow({ subject: '', text: '{{x}}', html: null }, tricky, onlyMail, 0).text).toBe('{{y}}')
  })

  test('with several addresses goes to them all in one mail, each once, under their own names', () => {
    const many: MergeTable = {
      columns: ['to', 'name'],
      rows: [['Ann <ann@x.test>; bob@x.test, ANN@x.test', 'Both']],
    }
    expect(mergeRow(template, many, { address: 0, name: 1 }, 0).to).toEqual([
      { name: 'Ann', address: 'ann@x.test' },
      { name: '', address: 'bob@x.test' },
    ])
  })

  test('of dollar signs and braces comes out as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), cell => {
        const one: MergeTable = { columns: ['mail', 'x'], rows: [['a@b.test', cell]] }
        const letter = { subject: '', text: 'a {{x}} b', html: null }
        const isEmpty = cell.trim() === ''
        expect(mergeRow(letter, one, onlyMail, 0).text).toBe(isEmpty ? letter.text : `a ${cell.trim()} b`)
        expect(mergeFaults(letter, one, onlyMail).size).toBe(isEmpty ? 1 : 0)
      }),
    )
  })
})

test('the faults of a table name each row that cannot go, and an address that comes twice', () => {
  expect([...mergeFaults(template, table, columns)]).toEqual([
    [2, [{ kind: 'no-address' }]],
    [3, [{ kind: 'bad-address', text: 'not an address' }]],
    [4, [{ kind: 'address-twice', address: 'BOB@example.org', row: 1 }]],
  ])
})

test.each<[string[], string[], MergeColumns | null]>([
  [['メール', '氏名'], ['a@b.test', '森'], { address: 0, name: 1 }],
  [['Name', 'E-mail 1 - Value'], ['Bob', 'a@b.test'], { address: 1, name: 0 }],
  [['x', 'y'], ['Bob', 'a@b.test'], { address: 1, name: null }],
  [['address', 'mail'], ['1 Main Street', 'a@b.test'], { address: 1, name: null }],
  [['x', 'y'], ['1', '2'], null],
])('of the columns %j with %j it is %j', (names, row, expected) => {
  expect(guessColumns({ columns: names, rows: [row] })).toEqual(expected)
})

test('a line of 100,000 braces takes no time to speak of', () => {
  const braces = '{'.repeat(100_000)
  expect(fieldsOf({ subject: braces, text: `${'{{a'.repeat(30_000)}`, html: null })).toEqual([])
})
