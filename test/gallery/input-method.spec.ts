/** Writing with an input method: what is composed is text and nothing else, until a key is a key again. */

import { expect, type Page } from '@playwright/test'
import { inputMethod } from './input-hands.ts'
import { newLetter, saved, textOf } from './letter-hands.ts'
import { test } from './open-gallery.ts'

const calls = (page: Page, method: string) =>
  page.evaluate(name => window.gallery?.bridge.calls.filter(call => call.method === name).length ?? 0, method)

test('a word is composed, converted and settled in the text, and nothing is sent', async ({ gallery }) => {
  const { page } = gallery
  await newLetter(gallery)
  const ime = await inputMethod(page)
  for (const step of ['に', 'にほ', 'にほん', 'にほんご']) await ime.compose(step)
  for (const candidate of ['日本語', '二本後', '日本語']) await ime.compose(candidate, 'ArrowDown')
  await ime.compose('日本語', 'Enter')
  await ime.commit('日本語')
  await ime.compose('です')
  await ime.commit('です')
  expect((await saved(page)).html).toBe('<p>日本語です</p>')
  expect(await calls(page, 'outbox.send')).toBe(0)
  await expect(page.locator('section[data-size]')).toHaveCount(1)
})

test('the composed word stays in the same text node: nobody renders it anew', async ({ gallery }) => {
  const { page } = gallery
  const text = await newLetter(gallery)
  const ime = await inputMethod(page)
  await ime.compose('に')
  await text.evaluate(element => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    Object.assign(window, { composed: walker.nextNode() })
  })
  for (const step of ['にほ', 'にほん', '日本']) await ime.compose(step)
  const same = await text.evaluate(element => {
    const { composed } = window as unknown as { composed: Node }
    return element.contains(composed) && composed.textContent === '日本'
  })
  expect(same).toBe(true)
  await ime.commit('日本')
  await expect(text).toHaveText('日本')
})

for (const [name, composed] of [
  ['bold', '**太字**'],
  ['a list', '- '],
  ['a numbered list', '1. '],
  ['a quote', '> '],
  ['code', '`コード`'],
  ['a link', '[会社](https://a.example/)'],
  ['an address', 'https://a.example/ '],
] as const) {
  test(`what is composed never becomes ${name}`, async ({ gallery }) => {
    const { page } = gallery
    await newLetter(gallery)
    const ime = await inputMethod(page)
    await ime.compose(composed)
    await ime.commit(composed)
    // The rules of the editor act a moment after a composition.
    await page.evaluate(() => new Promise(resolve => setTimeout(() => requestAnimationFrame(resolve))))
    const { html, text } = await saved(page)
    expect(text).toBe(composed)
    expect(html).not.toMatch(/<(?:strong|ul|ol|blockquote|code|a) ?/)
  })
}

test('after a composition, a key is a key again', async ({ gallery }) => {
  const { page } = gallery
  await newLetter(gallery)
  const ime = await inputMethod(page)
  await ime.compose('ほん')
  await ime.commit('本')
  await page.keyboard.type(' **now** ')
  expect((await saved(page)).html).toBe('<p>本 <strong>now</strong>&nbsp;</p>')
})

test('settling a word with Enter in the recipients makes no chip and in the subject moves nothing', async ({
  gallery,
}) => {
  const { page } = gallery
  await newLetter(gallery)
  const ime = await inputMethod(page)
  const to = page.locator('section[data-size] input').first()
  await to.focus()
  const chips = await page.getByRole('button', { name: /^Remove / }).count()
  await ime.compose('さとう')
  await ime.compose('佐藤', 'Enter')
  await ime.commit('佐藤')
  await expect(to).toBeFocused()
  await expect(to).toHaveValue('佐藤')
  expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(chips)
  const subject = page.getByRole('textbox', { name: 'Subject' })
  await subject.focus()
  await ime.compose('けんめい')
  await ime.compose('件名', 'Enter')
  await ime.commit('件名')
  await expect(subject).toBeFocused()
  await expect(subject).toHaveValue('件名')
  await expect(textOf(page)).toHaveText('')
  expect(await calls(page, 'outbox.send')).toBe(0)
})
