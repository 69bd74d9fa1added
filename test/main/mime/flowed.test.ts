/** format=flowed: written by us, read by us and by a decoder of somebody else. */

import fc from 'fast-check'
import libmime from 'libmime'
import { describe, expect, test } from 'vitest'
import { readFlowed, widthOf, writeFlowed } from '../../../main/mime/flowed.ts'

const isDelSp = (type: string) => type.endsWith('; delsp=yes')
const readBack = (text: string) => {
  const { body, type } = writeFlowed(text)
  return readFlowed(body, isDelSp(type))
}
const others = (text: string) => {
  const { body, type } = writeFlowed(text)
  return libmime.decodeFlowed(body, isDelSp(type)).replaceAll('\r\n', '\n')
}

const JAPANESE =
  'いつもお世話になっております。株式会社サンプルの田中です。先日ご依頼いただいたお見積りの件ですが、「特急対応」の場合は別途費用が発生いたします。ご了承ください。よろしくお願い申し上げます。'
const ENGLISH =
  'It was a bright cold day in April, and the clocks were striking thirteen, which nobody in the house had expected, least of all the clockmaker.'

describe('the columns of a line', () => {
  test.each([
    ['ascii', 'abc', 3],
    ['Japanese is two columns a character', '日本語', 6],
    ['half-width kana is one', 'ｱｲｳ', 3],
    ['an accent that is set on takes none', 'e\u0301', 1],
    ['an emoji is two', '🙂', 2],
  ])('%s', (_, text, columns) => expect(widthOf(text)).toBe(columns))
})

describe('what is written', () => {
  test('English breaks between words and names no DelSp', () => {
    const { body, type } = writeFlowed(ENGLISH)
    expect(type).toBe('text/plain; charset=utf-8; format=flowed')
    expect(body.split('\r\n')).toEqual([
      'It was a bright cold day in April, and the clocks were striking ',
      'thirteen, which nobody in the house had expected, least of all the clockmaker.',
    ])
  })

  test('Japanese breaks between characters, not before a 。 and not after a 「', () => {
    const { body, type } = writeFlowed(JAPANESE)
    expect(type).toBe('text/plain; charset=utf-8; format=flowed; delsp=yes')
    const lines = body.split('\r\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) {
      expect(widthOf(line)).toBeLessThanOrEqual(78)
      expect(line).not.toMatch(/^[。、」]|「 $/)
    }
    expect(readBack(JAPANESE)).toBe(JAPANESE)
  })

  test('a long address is broken only where DelSp brings it back', () => {
    const text = `See https://example.org/${'a'.repeat(200)} for more`
    const { body, type } = writeFlowed(text)
    expect(isDelSp(type)).toBe(true)
    expect(Math.max(...body.split('\r\n').map(widthOf))).toBeLessThanOrEqual(78)
    expect(readBack(text)).toBe(text)
    expect(others(text)).toBe(text)
  })

  test('a quote keeps its depth on every line', () => {
    const text = `>> ${ENGLISH}\n> ${ENGLISH}\nMine`
    const lines = writeFlowed(text).body.split('\r\n')
    expect(lines.map(line => /^>*/.exec(line)?.[0])).toEqual(['>>', '>>', '>>', '>', '>', '>', ''])
    expect(readBack(text)).toBe(text)
    expect(others(text)).toBe(text)
  })

  test('the signature separator goes out untouched, also in a quote', () => {
    const text = 'Hello\n-- \nYuki\n> -- \n> Bob'
    expect(writeFlowed(text).body).toBe('Hello\r\n-- \r\nYuki\r\n> -- \r\n> Bob')
    expect(readBack(text)).toBe(text)
  })

  test.each([
    ['From the start', ' From the start'],
    [' indented', '  indented'],
    ['>no quote', ' >no quote'],
    ['> > an older quote', '> > an older quote'],
  ])('%j is stuffed to %j', (text, body) => {
    expect(writeFlowed(text).body).toBe(body)
    expect(readBack(text)).toBe(text)
    expect(others(text)).toBe(text)
  })

  test('a line of code of 78 columns is not touched', () => {
    const text = `${'x = y; '.repeat(11)}z`
    expect(text).toHaveLength(78)
    expect(writeFlowed(text).body).toBe(text)
  })

  test('no character is cut: pairs, families, flags and accents stay whole', () => {
    for (const sign of ['👨‍👩‍👧‍👦', '🇯🇵', 'e\u0301', '𠮷', '👍🏽', 'が'.normalize('NFD')]) {
      const text = sign.repeat(120)
      for (const line of writeFlowed(text).body.split('\r\n')) {
        expect(line.replaceAll(sign, '').trim()).toBe('')
      }
      expect(readBack(text)).toBe(text)
    }
  })
})

describe('whatever is written comes back exactly', () => {
  const word = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom(
      '日本語の文章',
      '--',
      '-- ',
      ' ',
      '  ',
      '>',
      '> ',
      '>>',
      'From ',
      'a'.repeat(90),
      '。」',
      '\u3000',
    ),
    fc.string({ maxLength: 30 }),
  )
  const line = fc.array(word, { maxLength: 40 }).map(words => words.join(' '))
  const dense = fc.array(word, { maxLength: 40 }).map(words => words.join(''))
  const text = fc
    .array(fc.oneof(line, dense, fc.constantFrom('', '-- ', '> ', '>')), { maxLength: 6 })
    .map(lines => lines.join('\n').replaceAll('\r', '').toWellFormed())

  test('read by ourselves, on lines of at most 78 columns', () => {
    fc.assert(
      fc.property(text, written => {
        const { body, type } = writeFlowed(written)
        expect(readFlowed(body, isDelSp(type))).toBe(written)
        for (const one of body.split('\r\n')) {
          if ((/^>*/.exec(one)?.[0].length ?? 0) < 40) expect(widthOf(one)).toBeLessThanOrEqual(78)
        }
      }),
      { numRuns: 1500 },
    )
  })

  test('read by the decoder of mailparser', () => {
    // That decoder shows marks of a quote as they came and knows no line that ends in a space.
    const plain = text.map(written =>
      written
        .replace(/ +$/gm, '')
        .replace(/^[ >]+/gm, '')
        .replace(/[> ]{9,}/g, ''),
    )
    fc.assert(
      fc.property(plain, written => {
        expect(others(`a\n${written}\nz`)).toBe(`a\n${written}\nz`)
      }),
      { numRuns: 800 },
    )
  })
})

test('a line of 100,000 characters is wrapped in a moment', () => {
  const long = JAPANESE.repeat(1100)
  expect(readBack(long)).toBe(long)
})
