import { describe, expect, test } from 'vitest'
import { isBearable } from '../../../main/mime/html-tree.ts'

describe('html that a page can show without standing still', () => {
  test.each([
    ['a letter', '<p>Hello</p>'],
    ['a price list of a thousand rows', `<table>${'<tr><td>a<td>b<td>c<td>d'.repeat(1_000)}</table>`],
    ['a hundred answers within one another', '<div><blockquote>x'.repeat(100)],
    ['a newsletter of tables in tables', '<table><tr><td>'.repeat(20)],
    ['a picture of 5 MB within it', `<img src="data:image/png;base64,${'A'.repeat(5_000_000)}">`],
  ])('%s is', (_name, html) => expect(isBearable(html)).toBe(true))

  test.each([
    ['elements', '<b>x</b>'.repeat(20_000)],
    ['tags', '<'.repeat(100_000)],
    ['tables within tables', '<table><tr><td>'.repeat(40)],
    ['elements within elements', '<div>'.repeat(2_000)],
    // Each paragraph opens all of them again: 40,000 elements of 600 tags.
    [
      'elements that a few open tags make',
      `<p>${Array.from({ length: 200 }, (_, at) => `<b id=${at}>`).join('')}${'<p>x'.repeat(200)}`,
    ],
    ['attributes', `<p ${Array.from({ length: 500 }, (_, at) => `a${at}`).join(' ')}>`],
    ['style in one element', `<p style="${'color:red;'.repeat(5_000)}">`],
    ['style sheets', `<style>${'p{color:red}'.repeat(50_000)}</style>`],
  ])('too many %s are not', (_name, html) => expect(isBearable(html)).toBe(false))
})
