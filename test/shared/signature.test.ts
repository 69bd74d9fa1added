import { describe, expect, test } from 'vitest'
import { ownWords } from '../../shared/own-words.ts'
import { beginLetter, begunWith, isOnlySignature, signatureBlock, worded } from '../../shared/signature.ts'

const plain = { text: 'Yuki Tanaka\nAozora  Ltd', html: null }
const rich = { text: 'Yuki', html: '<p><strong>Yuki</strong></p>' }
const quote = { text: 'Bo wrote:\n> words', html: '<p>Bo wrote:</p>\n<blockquote>words</blockquote>' }
const FREE = '<p><br></p>'

describe('the block of a signature', () => {
  test('begins with two hyphens and a space where it closes the letter, in both forms', () => {
    expect(signatureBlock(plain, true)).toEqual({
      text: '-- \nYuki Tanaka\nAozora  Ltd',
      html: '<p>--&nbsp;</p>\n<p>Yuki Tanaka</p>\n<p>Aozora&nbsp; Ltd</p>',
    })
  })

  test('has no mark where something stands below it that a reader would lose with it', () => {
    expect(signatureBlock(rich, false)).toEqual({ text: 'Yuki', html: '<p><strong>Yuki</strong></p>' })
  })

  test('is text in a letter, whatever it looks like', () => {
    expect(signatureBlock({ text: '<b>&', html: null }, false).html).toBe('<p>&lt;b&gt;&amp;</p>')
  })

  test('is none where it says nothing', () => {
    expect(worded({ text: ' \n', html: '<p> </p>' })).toBeNull()
  })
})

describe('a letter begins', () => {
  test('empty where there is no signature, else with room above it', () => {
    expect(beginLetter({ quote: null, signature: null })).toEqual({ text: '', html: '' })
    expect(beginLetter({ quote: null, signature: rich })).toEqual({
      text: '\n\n-- \nYuki',
      html: [FREE, FREE, '<p>--&nbsp;</p>', rich.html].join('\n'),
    })
  })

  test('with the signature under the answer and the quote below', () => {
    const { text, html } = beginLetter({ quote, signature: rich })
    expect(text).toBe('\n\nYuki\n\nBo wrote:\n> words\n')
    expect(html).toBe([FREE, FREE, rich.html, FREE, quote.html].join('\n'))
  })

  test('with the signature at the end of everything', () => {
    expect(beginLetter({ quote, signature: rich, signatures: 'at-end' }).text).toBe(
      '\n\nBo wrote:\n> words\n\n-- \nYuki',
    )
  })

  test('with the quote above, and the signature below the answer whatever is said of it', () => {
    for (const signatures of ['at-end', 'under-answer'] as const) {
      expect(beginLetter({ quote, signature: rich, quotes: 'above', signatures }).text).toBe(
        'Bo wrote:\n> words\n\n\n\n-- \nYuki',
      )
    }
  })
})

test('words that a link brings stand above the signature, in both forms, and where there is none', () => {
  const signed = beginLetter({ quote: null, signature: rich })
  expect(begunWith('Hello\n1 < 2', signed)).toEqual({
    text: 'Hello\n1 < 2\n\n-- \nYuki',
    html: ['<p>Hello</p>', '<p>1 &lt; 2</p>', FREE, '<p>--&nbsp;</p>', rich.html].join('\n'),
  })
  expect(begunWith('Hello', { text: '', html: '' })).toEqual({ text: 'Hello', html: '<p>Hello</p>' })
  expect(begunWith('Hello', { text: '\n\n-- \nYuki', html: null })).toEqual({
    text: 'Hello\n\n-- \nYuki',
    html: null,
  })
  expect(begunWith('', signed)).toEqual(signed)
})

describe('a letter of nothing but the signature', () => {
  const { text } = beginLetter({ quote: null, signature: plain })

  test('is known, with and without its mark, also where an editor dropped a space', () => {
    expect(isOnlySignature(text, plain)).toBe(true)
    expect(isOnlySignature('\nYuki Tanaka \nAozora  Ltd\n', plain)).toBe(true)
  })

  test('is none once a word is written, or where there is no signature', () => {
    expect(isOnlySignature(`Hello${text}`, plain)).toBe(false)
    expect(isOnlySignature(text, null)).toBe(false)
    expect(isOnlySignature('', plain)).toBe(false)
  })

  test('has no words of its own, also where it holds a list', () => {
    const listed = {
      text: 'Yuki\n- attached: nothing',
      html: '<p>Yuki</p><ul><li>attached: nothing</li></ul>',
    }
    for (const signature of [plain, rich, listed]) {
      for (const closes of [true, false]) {
        const block = signatureBlock(signature, closes)
        const { lines } = ownWords({ text: block.text, html: `${FREE}\n${block.html}` }, signature)
        expect(lines.join('')).toBe('')
      }
    }
  })
})
