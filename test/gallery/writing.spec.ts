/** The writing surface in a real browser: what is typed, pasted and composed, and what of it is saved. */

import { expect, type Locator, type Page } from '@playwright/test'
import { emptied, newLetter, openLetter, paste, saved, textOf } from './letter-hands.ts'
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

test.describe('undo', () => {
  test('goes on after the letter was closed and opened again, and so does redo', async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    await page.keyboard.type('First line')
    await page.keyboard.press('Enter')
    await page.keyboard.type('a **bold** word')
    await page.keyboard.press('Enter')
    await page.keyboard.type('- item')
    const before = (await saved(page)).html
    const again = await reopened(page)
    await expect(again).toContainText('item')
    await again.focus()
    const seen = [before]
    for (let count = 0; count < 20; count += 1) {
      await page.keyboard.press('Control+z')
      const html = await again.innerHTML()
      if (html === seen.at(-1)) break
      seen.push(html)
    }
    await expect(again).toHaveText('')
    expect(seen.length).toBeGreaterThan(3)
    for (let count = 0; count < 20; count += 1) await page.keyboard.press('Control+Shift+z')
    expect((await saved(page, 1)).html).toBe(before)
  })

  test('what was undone can be redone after the letter was opened again', async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    await page.keyboard.type('one')
    await page.keyboard.press('Enter')
    await page.keyboard.type('two **three** four')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    const before = (await saved(page)).html
    const again = await reopened(page)
    await again.focus()
    for (let count = 0; count < 5; count += 1) await page.keyboard.press('Control+Shift+z')
    await expect(again).toHaveText(/two three four/)
    expect(before).not.toContain('four')
  })

  test('is offered of no other text than the one it belongs to', async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    await page.keyboard.type('mine')
    await saved(page)
    await page.evaluate(() => {
      const bridge = window.gallery?.bridge
      const draft = bridge?.world.drafts.find(({ text }) => text === 'mine')
      if (draft !== undefined) Object.assign(draft, { text: 'theirs', html: '<p>theirs</p>' })
    })
    const again = await reopened(page)
    await again.focus()
    await page.keyboard.press('Control+z')
    await expect(again).toHaveText('theirs')
  })
})

test.describe('plain text', () => {
  test('is written line by line as it is, and asks before formats are lost', async ({ gallery }) => {
    const { page } = gallery
    const text = await newLetter(gallery)
    await page.keyboard.type('**bold** here')
    await page.getByRole('button', { name: 'Plain text' }).click()
    const question = page.getByRole('dialog', { name: 'Go on in plain text?' })
    await question.getByRole('button', { name: 'Keep the formats' }).click()
    await expect(text.locator('strong')).toHaveText('bold')
    await page.getByRole('button', { name: 'Plain text' }).click()
    await question.getByRole('button', { name: 'Plain text' }).click()
    await expect(text.locator('strong')).toHaveCount(0)
    await expect(text).toBeFocused()
    await page.keyboard.press('Control+End')
    await expect.poll(() => page.evaluate(() => getSelection()?.focusOffset)).toBeGreaterThan(0)
    await page.evaluate(() => new Promise(requestAnimationFrame))
    await page.keyboard.type('\n**not bold**')
    // The switch and the question saved too: what counts is what is saved at last.
    await expect.poll(() => saved(page)).toMatchObject({ html: null, text: 'bold here\n**not bold**' })
  })

  test('loses nothing by lists and quotes, and asks nothing', async ({ gallery }) => {
    const { page } = gallery
    await openLetter(gallery, {
      html: '<p>Yes.</p><blockquote type="cite"><p>Friday?</p></blockquote><ul><li>one</li></ul>',
      text: '',
    })
    await page.getByRole('button', { name: 'Plain text' }).click()
    expect(await saved(page)).toMatchObject({ html: null, text: 'Yes.\n> Friday?\n- one\n' })
    await page.getByRole('button', { name: 'With formats' }).click()
    await expect(textOf(page).locator('blockquote')).toHaveText('Friday?')
  })
})

test('a letter that is opened again keeps widths, spans, the first number of a list and the mark of a quote', async ({
  gallery,
}) => {
  const html =
    '<p>x<img src="cid:a@b" alt="" width="120" height="40"></p><ol start="3"><li>three</li></ol>' +
    '<table><tbody><tr><td colspan="2">wide</td></tr><tr><td>a</td><td>b</td></tr></tbody></table>' +
    '<blockquote type="cite"><p>Friday?</p></blockquote><p><br></p>'
  const letter = await openLetter(gallery, { html, text: '' })
  await letter.click({ position: { x: 20, y: 20 } })
  await gallery.page.keyboard.press('Control+Home')
  await gallery.page.keyboard.type('y')
  expect((await saved(gallery.page)).html).toBe(html.replace('<p>x', '<p>yx'))
})

test.describe('pictures', () => {
  test('are shown at once, attached by Content-ID, resized and described, and there again later', async ({
    gallery,
  }) => {
    const { page } = gallery
    const text = await newLetter(gallery)
    await page.keyboard.type('See: ')
    await pastePicture(page)
    const picture = text.locator('.letter-picture img')
    await expect(picture).toHaveJSProperty('naturalWidth', 640)
    const contentId = /cid:([^"]+)/.exec((await saved(page)).html ?? '')?.[1]
    // The text may be saved while the file is still coming.
    await expect
      .poll(() =>
        page.evaluate(() =>
          window.gallery?.bridge.calls
            .filter(({ method }) => method === 'drafts.attach')
            .map(({ args }) => args[2]),
        ),
      )
      .toEqual([contentId])
    await expect(page.getByRole('list', { name: 'Attachments' })).toHaveCount(0)
    await picture.click()
    await page.getByRole('textbox', { name: 'Description' }).fill('A "red" square')
    await page.getByRole('spinbutton', { name: 'Width' }).fill('200')
    await page.getByRole('spinbutton', { name: 'Width' }).press('Enter')
    await picture.click()
    await page.keyboard.press('Alt+ArrowRight')
    const { html } = await saved(page, 1)
    expect(html).toBe(
      `<p>See: <img src="cid:${contentId}" alt="A &quot;red&quot; square" width="216" height="108"></p>`,
    )
    const again = await reopened(page)
    await expect(again.locator('.letter-picture img')).toHaveJSProperty('naturalWidth', 640)
    expect(gallery.leaks).toEqual([])
  })
})

test.describe('unusual letters', () => {
  test('a line of 100,000 characters, emoji of many parts and half of one', async ({ gallery }) => {
    const { page } = gallery
    const line = `${'0123456789'.repeat(10_000)}👩‍👩‍👧‍👦🇯🇵`
    await newLetter(gallery)
    await paste(page, { 'text/plain': line })
    await page.keyboard.type('!')
    const letter = await saved(page)
    expect(letter.text).toBe(`${line}!`)
    expect(letter.html).toBe(`<p>${line}!</p>`)
    const before = await emptied(page)
    await paste(page, { 'text/plain': 'half \ud83d of one' })
    expect((await saved(page, before)).text.isWellFormed()).toBe(true)
  })

  test('a full disk keeps the text in the window and says so', async ({ gallery }) => {
    const { page } = gallery
    const text = await newLetter(gallery)
    await page.evaluate(() => window.gallery?.bridge.answer('drafts.save', { kind: 'disk-full' }))
    await page.keyboard.type('Do not lose me')
    await expect(page.getByText('Not saved, tries again')).toBeVisible()
    await expect(text).toHaveText('Do not lose me')
    await text.focus()
    await page.keyboard.type(', please')
    await expect(text).toHaveText('Do not lose me, please')
  })

  test('an answer that was opened and not written in is nothing to keep', async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    await page.keyboard.press('Escape')
    await expect(page.locator('section[data-size]')).toHaveCount(0)
    const discarded = await page.evaluate(() =>
      window.gallery?.bridge.calls.some(({ method }) => method === 'drafts.discard'),
    )
    expect(discarded).toBe(true)
  })
})

/** Closes the composer and opens its draft again from the notice. */
async function reopened(page: Page): Promise<Locator> {
  await textOf(page).focus()
  await page.keyboard.press('Escape')
  await expect(page.locator('section[data-size]')).toHaveCount(0)
  await page.getByRole('button', { name: 'Open again' }).click()
  await expect(textOf(page)).toBeVisible()
  return textOf(page)
}

async function pastePicture(page: Page): Promise<void> {
  await textOf(page).evaluate(async element => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 320 })
    canvas.getContext('2d')?.fillRect(0, 0, 640, 320)
    const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
    const clipboardData = new DataTransfer()
    clipboardData.items.add(new File([blob ?? ''], 'image.png', { type: 'image/png' }))
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  })
}

for (const [mode, line] of [
  ['with formats', 'all work and no play makes a dull day, '.repeat(2_565).slice(0, 100_000)],
  ['with formats, without a space', '😀'.repeat(50_000)],
  ['in plain text', 'お世話になっております。'.repeat(8_334).slice(0, 100_000)],
] as const) {
  test(`a line of 100,000 characters is saved as it is, ${mode}`, async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    const isPlain = mode === 'in plain text'
    if (isPlain) await page.getByRole('button', { name: 'Plain text' }).click()
    await textOf(page).click()
    await paste(page, { 'text/plain': line })
    await page.keyboard.press('Control+End')
    await page.keyboard.type('end')
    const expected = { text: `${line}end`, html: isPlain ? null : `<p>${line}end</p>` }
    await expect.poll(() => saved(page)).toMatchObject(expected)
  })
}
