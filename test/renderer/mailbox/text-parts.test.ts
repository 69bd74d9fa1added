import { describe, expect, test } from 'vitest'
import { blocksOfText, partsOfLine, piecesOfText } from '../../../renderer/mailbox/text-parts.ts'

const links = (line: string) => partsOfLine(line).flatMap(part => (part.kind === 'link' ? part.url : []))

describe('links in a text mail', () => {
  test('end before the full stop and the bracket of the sentence', () => {
    expect(links('See https://example.org/a, or (https://example.org/b).')).toEqual([
      'https://example.org/a',
      'https://example.org/b',
    ])
  })

  test('keep a bracket that they opened', () => {
    expect(links('https://example.org/wiki/Mail_(art) is long')).toEqual([
      'https://example.org/wiki/Mail_(art)',
    ])
  })

  test('end before Japanese punctuation', () => {
    expect(links('詳細はhttps://example.org/plan。ご確認ください')).toEqual(['https://example.org/plan'])
    expect(links('詳細は「https://example.org/plan」です。')).toEqual(['https://example.org/plan'])
    expect(links('詳細は https://example.org/plan。')).toEqual(['https://example.org/plan'])
  })

  test('an address is written to', () => {
    expect(links('Ask office@bau.example.')).toEqual(['mailto:office@bau.example'])
  })

  test('nothing but http, https and addresses becomes a link', () => {
    expect(links('javascript:alert(1) file:///etc/passwd data:text/html,x')).toEqual([])
  })

  test('all text of the line is kept, in order', () => {
    const line = 'a https://example.org/x b@c.example d'
    expect(
      partsOfLine(line)
        .map(part => part.text)
        .join(''),
    ).toBe(line)
  })
})

describe('quotations', () => {
  test('are told apart by depth, with or without spaces between the marks', () => {
    const blocks = blocksOfText('new\n> one\n> > two\n>> two\n\nend')
    expect(blocks.map(block => [block.depth, block.lines.length])).toEqual([
      [0, 1],
      [1, 1],
      [2, 2],
      [0, 2],
    ])
  })

  test('a line that merely contains a mark is not quoted', () => {
    expect(blocksOfText('a > b')[0]?.depth).toBe(0)
  })
})

describe('a long text in pieces', () => {
  const long = {
    lines: '> x\n'.repeat(20_000),
    'one word': 'a'.repeat(200_000),
    'one word of emoji': `a${'😀'.repeat(100_000)}`,
    addresses: 'a@b.c '.repeat(20_000),
    links: 'https://a.b/ '.repeat(20_000),
  }
  test.each(Object.entries(long))(
    'of %s holds all of it, and no piece more than is quickly drawn',
    (_name, text) => {
      const pieces = piecesOfText(text)
      expect(pieces.join('') === text).toBe(true)
      expect(pieces.length).toBeGreaterThan(1)
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(40_000)
        expect(piece.split('\n').length).toBeLessThanOrEqual(1_002)
        expect(partsOfLine(piece).length).toBeLessThanOrEqual(1_000)
        expect(piece.isWellFormed()).toBe(true)
      }
    },
  )

  test('of usual length is one', () => {
    expect(piecesOfText('Dear Sara,\nsee you in March.')).toEqual(['Dear Sara,\nsee you in March.'])
    expect(piecesOfText('')).toEqual([])
  })
})
