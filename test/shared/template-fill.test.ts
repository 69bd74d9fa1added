import { describe, expect, test } from 'vitest'
import type { Address } from '../../shared/model.ts'
import { fieldWord, fillTemplate, isKnownField, KNOWN_FIELDS } from '../../shared/template-fill.ts'

const own = { name: '山田 花子', address: 'hanako@yamada.example', organisation: 'Studio Yamada' }
const now = new Date(2026, 10, 24, 9, 30).getTime()
const haruka: Address = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }

function filled(text: string, to: readonly Address[] = [haruka], writer: typeof own | null = own): string {
  return fillTemplate({ subject: '', text, html: null }, { to, own: writer, now }).text
}

describe('a template', () => {
  test.each([
    ['Dear {{name}},', 'Dear Aoki Haruka,'],
    ['Dear {{ First_Name }},', 'Dear Haruka,'],
    ['{{last name}} {{E-Mail}}', 'Aoki haruka@aoki.example'],
    ['{{my name}}, {{my organisation}} <{{my address}}>', '山田 花子, Studio Yamada <hanako@yamada.example>'],
    ['{{date}} and {{日付}}', 'November 24, 2026 and 2026年11月24日'],
    ['{{ＮＡＭＥ}}', 'Aoki Haruka'],
  ])('writes %s as it is known', (text, letter) => {
    expect(filled(text)).toBe(letter)
  })

  test.each([
    ['a field that nobody knows', '{{order number}}', [haruka]],
    ['the reader, where nobody is a recipient yet', '{{name}} {{address|you}}', []],
    [
      'the reader, where several are recipients',
      '{{氏名}}様',
      [haruka, { name: 'Ben', address: 'b@x.example' }],
    ],
    ['the name of somebody who has none', '{{name}}', [{ name: '', address: 'info@museum.example' }]],
    [
      'a family name that cannot be told from the whole',
      '{{姓}}様',
      [{ name: '佐藤健二', address: 's@x.example' }],
    ],
  ])('leaves %s as it is written', (_what, text, to) => {
    expect(filled(text, to)).toBe(text)
  })

  test('puts what stands in for it where somebody has no name', () => {
    expect(filled('Hello {{name|there}}', [{ name: '', address: 'info@museum.example' }])).toBe('Hello there')
    expect(filled('Hello {{name|there}}', [{ name: 'a@b.example', address: 'a@b.example' }])).toBe(
      'Hello there',
    )
  })

  test('without an identity leaves what is the writer’s', () => {
    expect(filled('{{my name}}', [haruka], null)).toBe('{{my name}}')
  })

  test('fills its html and its subject the same way, and a name cannot become html', () => {
    const letter = fillTemplate(
      { subject: 'For {{name}}', text: '{{name}}', html: '<p>{{name}}</p>' },
      { to: [{ name: '<b>Tom & Co</b>', address: 't@x.example' }], own, now },
    )
    expect(letter).toEqual({
      subject: 'For <b>Tom & Co</b>',
      text: '<b>Tom & Co</b>',
      html: '<p>&lt;b&gt;Tom &amp; Co&lt;/b&gt;</p>',
    })
  })
})

test.each([
  ['佐藤 健二', '佐藤', '健二'],
  ['佐藤　健二 様', '佐藤', '健二'],
  ['García, José', 'García', 'José'],
  ['Ben Carter', 'Carter', 'Ben'],
  ['Anna Maria Rossi', 'Rossi', 'Anna'],
  ['Sato Kenji', 'Sato', 'Kenji'],
])('%s is of the family %s and is called %s', (name, last, first) => {
  expect(filled('{{姓}}/{{名}}', [{ name, address: 'x@x.example' }])).toBe(`${last}/${first}`)
})

test('every known field has a word in both languages, and is known by it', () => {
  for (const language of ['en', 'ja'] as const) {
    const words = KNOWN_FIELDS.map(field => fieldWord(field, language))
    expect(new Set(words).size).toBe(KNOWN_FIELDS.length)
    expect(words.every(isKnownField)).toBe(true)
  }
  expect(isKnownField('order number')).toBe(false)
})
