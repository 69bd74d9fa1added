/** The writing surface in a real browser: what is typed, pasted and composed, and what of it is saved. */

import { expect } from '@playwright/test'
import { newLetter, saved } from './letter-hands.ts'
import { test } from './open-gallery.ts'

test.describe('Markdown', () => {
  for (const [name, typed, html, words] of [
    ['bold', '**now** or later', '<p><strong>now</strong> or later</p>', 'now or later'],
    ['italic', '*now* or later', '<p><em>now</em> or later</p>', 'now or later'],
    ['code', '`a < b` it is', '<p><code>a &lt; b</code> it is</p>', 'a < b it is'],
    ['a list', '- one\ntwo', '<ul><li>one</li><li>two</li></ul><p><br></p>', '- one\n- two\n'],
    ['a numbered list', '1. one\ntwo', '<ol><li>one</li><li>two</li></ol><p><br></p>', '1. one\n2. two\n'],
    ['a quote', '> said', '<blockquote><p>said</p></blockquote><p><br></p>', '> said\n'],
    ['a heading', '## Plan', '<h2>Plan</h2><p><br></p>', 'Plan\n'],
    ['a block of code', '```\na\nb', '<pre>a\nb</pre><p><br></p>', 'a\nb\n'],
    [
      'a link',
      '[us](https://a.example/b) it is',
      '<p><a href="https://a.example/b">us</a> it is</p>',
      'us it is',
    ],
    [
      'an address',
      'see https://a.example/b ok',
      '<p>see <a href="https://a.example/b">https://a.example/b</a> ok</p>',
      'see https://a.example/b ok',
    ],
    ['a file name, which is none', 'see plan.zip ok', '<p>see plan.zip ok</p>', 'see plan.zip ok'],
  ] as const) {
    test(`${name} is made while typing`, async ({ gallery }) => {
      await newLetter(gallery)
      for (const [index, line] of typed.split('\n').entries()) {
        if (index > 0) await gallery.page.keyboard.press('Enter')
        await gallery.page.keyboard.type(line)
      }
      expect(await saved(gallery.page)).toMatchObject({ html, text: words })
    })
  }
})
