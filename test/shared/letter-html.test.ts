/** What a letter may consist of: links that leave by http, https and mailto alone, pictures of the letter alone. */

import { describe, expect, test } from 'vitest'
import {
  contentIdOf,
  isLetterAttribute,
  isLetterLink,
  LETTER_ELEMENTS,
  LETTER_SYNONYMS,
  LETTER_VOID,
  namedContentIds,
} from '../../shared/letter-html.ts'

describe('the elements of a letter', () => {
  test('none of them runs, loads, frames or styles anything', () => {
    const foreign = [
      'script',
      'style',
      'iframe',
      'object',
      'embed',
      'svg',
      'math',
      'form',
      'link',
      'meta',
      'base',
    ]
    for (const tag of foreign) expect(LETTER_ELEMENTS[tag]).toBeUndefined()
    const attributes = Object.values(LETTER_ELEMENTS).flat()
    expect(attributes.filter(name => /^on|style|class|srcset|background/.test(name))).toEqual([])
  })

  test('every element without an end tag is a known one', () => {
    for (const tag of LETTER_VOID) expect(LETTER_ELEMENTS[tag]).toBeDefined()
  })

  test('what other programs write becomes an element of a letter', () => {
    for (const tag of Object.values(LETTER_SYNONYMS)) expect(LETTER_ELEMENTS[tag]).toBeDefined()
  })

  test('an attribute is known only on the elements that have it', () => {
    expect(isLetterAttribute('img', 'src', 'cid:a@b')).toBe(true)
    expect(isLetterAttribute('p', 'src', 'cid:a@b')).toBe(false)
    expect(isLetterAttribute('img', 'onerror', 'x')).toBe(false)
    expect(isLetterAttribute('constructor', 'name', 'x')).toBe(false)
  })

  test('a size is a small whole number', () => {
    for (const width of ['1', '640', '9999']) expect(isLetterAttribute('img', 'width', width)).toBe(true)
    for (const width of ['-1', '1e3', '100%', '640px', '10000', ''])
      expect(isLetterAttribute('img', 'width', width)).toBe(false)
  })
})

test.each([
  'https://example.org/a?b=c&d#e',
  'http://例え.jp/道',
  'mailto:a@example.org?subject=x',
  'HTTPS://EXAMPLE.ORG',
])('%s is a link of a letter', href => {
  expect(isLetterLink(href)).toBe(true)
})

test.each([
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  ' https://example.org',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://x/y',
  'ftp://example.org',
  '//example.org',
  '/path',
  'https://',
  'https:example.org',
  'https://example.org/"onclick="x',
  'https://example.org/<script>',
  'https:\\\\example.org',
  'mailto:',
  '',
  `https://example.org/${'a'.repeat(9_000)}`,
])('%j is none', href => {
  expect(isLetterLink(href)).toBe(false)
})

test('a picture of a letter is named by its Content-ID', () => {
  expect(contentIdOf('cid:img-1@todoke.invalid')).toBe('img-1@todoke.invalid')
  for (const src of [
    'https://x/y.png',
    'data:image/png;base64,AA',
    'cid:',
    'cid:a"b',
    'cid:a b',
    'blob:x',
    '',
  ])
    expect(contentIdOf(src)).toBeNull()
})

test('the pictures that html names are found', () => {
  const html =
    '<p>cid:no<img src="cid:a@x" width="10"></p><img alt="&gt;" src="cid:b&amp;%63@x"><a href="cid:d">'
  expect([...namedContentIds(html)]).toEqual(['a@x', 'b&c@x'])
})
