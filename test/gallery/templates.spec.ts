/** Templates and snippets in a real browser: put in, filled in, called by their name, and kept from a mail. */

import { expect, type Locator, type Page } from '@playwright/test'
import type { Draft } from '../../shared/model.ts'
import type { TemplateInput } from '../../shared/template.ts'
import { inputMethod } from './input-hands.ts'
import { openLetter, saved, textOf } from './letter-hands.ts'
import { type GalleryPage, test } from './open-gallery.ts'
import { sampleTemplates } from './sample-templates.ts'

const haruka = { name: 'Aoki Haruka', address: 'haruka@aoki.example' }

/** A letter with a cursor in it, beside templates that are kept already. */
async function letterWith(gallery: GalleryPage, letter: Partial<Draft> = {}): Promise<Locator> {
  const text = await openLetter(gallery, { subject: '', to: [haruka], html: '', ...letter })
  await gallery.page.evaluate(templates => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) throw new Error('no gallery')
    bridge.world.templates = [...templates]
    bridge.emit({ name: 'templates.changed', payload: { templateIds: [] } })
  }, sampleTemplates)
  await text.click()
  return text
}

const called = (page: Page) => page.getByRole('listbox', { name: 'Snippets' })

async function fromMenu(page: Page, entry: string): Promise<Locator> {
  await page.getByRole('button', { name: 'More for this mail' }).click()
  await page.getByRole('menuitem', { name: entry }).click()
  return page.getByRole('dialog')
}

async function insertDialog(page: Page): Promise<Locator> {
  const dialog = await fromMenu(page, 'Insert a template…')
  await expect(dialog.getByRole('combobox')).toBeFocused()
  return dialog
}
const saveDialog = (page: Page) => fromMenu(page, 'Save as a template…')

test.describe('a snippet', () => {
  test('is called by its name, chosen with a key, and taken back by one undo', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await page.keyboard.type('Hello. ;t')
    await expect(called(page).getByRole('option')).toHaveText([/thanks/, /times/])
    await page.keyboard.type('h')
    await expect(called(page).getByRole('option')).toHaveText([/thanks/])
    await page.keyboard.press('Enter')
    await expect(called(page)).toHaveCount(0)
    await expect(text).toHaveText('Hello. Thank you very much for your quick answer.')
    await expect(text.locator('em')).toHaveText('quick')
    await page.keyboard.type(' And more')
    await page.keyboard.press('Control+z')
    await expect(text).toHaveText('Hello. Thank you very much for your quick answer.')
    await page.keyboard.press('Control+z')
    await expect(text).toHaveText('Hello. ;th')
    await expect(called(page)).toHaveCount(0)
  })

  test('is chosen with the arrows and Tab, or with the mouse, and the text keeps the focus', async ({
    gallery,
  }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await page.keyboard.type(';t')
    await page.keyboard.press('ArrowDown')
    await expect(called(page).getByRole('option', { selected: true })).toContainText('times')
    await expect(text).toHaveAttribute('aria-activedescendant', /.+/)
    await page.keyboard.press('Tab')
    await expect(text).toHaveText('The studio is open Tuesday to Saturday, 10:00 to 18:00.')
    await page.keyboard.press('Enter')
    await page.keyboard.type(';addr')
    await called(page).getByRole('option').click()
    await expect(text).toBeFocused()
    await expect(text).toContainText('Studio Yuki')
  })

  test('is left as typed by Escape, which closes the list and not the mail', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await page.keyboard.type(';th')
    await expect(called(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(called(page)).toHaveCount(0)
    await page.keyboard.type('a')
    await expect(called(page)).toHaveCount(0)
    await page.keyboard.press('Enter')
    await page.keyboard.type('next')
    await expect(text.locator('p')).toHaveText([';tha', 'next'])
  })

  for (const typed of [
    'a;th',
    '&amp;th',
    'x = 1;th',
    ';nobody',
    '; th',
    ';',
    ';;th',
    'https://a.example/;th',
  ]) {
    test(`is not called by ${typed}`, async ({ gallery }) => {
      const { page } = gallery
      const text = await letterWith(gallery)
      await page.keyboard.type(typed)
      await expect(text).toHaveText(typed)
      await expect(called(page)).toHaveCount(0)
      // Enter is a new line, as always.
      await page.keyboard.press('Enter')
      await expect(text.locator('p')).toHaveCount(2)
    })
  }

  for (const typed of ['；ｔｈ', '(;th', 'です。；th', 'です；th', '「;th', ';TH']) {
    test(`is called by ${typed}`, async ({ gallery }) => {
      const { page } = gallery
      await letterWith(gallery)
      for (const letter of typed) await page.keyboard.insertText(letter)
      await expect(called(page).getByRole('option')).toHaveText([/thanks/])
    })
  }

  test('is not called by a paste, by undo, or by the cursor that comes along', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await text.evaluate(element => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', ';th')
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    await expect(text).toHaveText(';th')
    await expect(called(page)).toHaveCount(0)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('ArrowRight')
    await expect(called(page)).toHaveCount(0)
  })

  test('in plain text is put in as words', async ({ gallery }) => {
    const { page } = gallery
    await letterWith(gallery, { html: null, text: '' })
    await page.keyboard.type('Hello ;than')
    await page.keyboard.press('Enter')
    expect(await saved(page)).toMatchObject({
      html: null,
      text: 'Hello Thank you very much for your quick answer.',
    })
  })

  test('is no matter while an input method composes, and is called when the word is settled', async ({
    gallery,
  }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    const ime = await inputMethod(page)
    for (const step of ['；', '；い', '；いつ']) {
      await ime.compose(step)
      await expect(called(page)).toHaveCount(0)
    }
    // Keys of the conversion are not taken: arrows and Enter are the input method's.
    await ime.compose('；いつも', 'ArrowDown')
    await ime.compose('；いつも', 'Enter')
    await expect(called(page)).toHaveCount(0)
    await ime.commit('；いつも')
    await expect(text).toHaveText('；いつも')
    await expect(called(page).getByRole('option')).toHaveText([/いつも/])
    // The list is open, and another word is composed: its Enter settles the word and chooses nothing.
    await ime.compose('の', 'KeyN')
    await expect(called(page)).toHaveCount(0)
    await ime.commit('の')
    await expect(text).toHaveText('；いつもの')
    await page.keyboard.press('Backspace')
    await page.keyboard.press('Enter')
    await expect(text).toHaveText('いつもお世話になっております。Yuki Tanakaです。')
  })
})

test.describe('a template', () => {
  test('is put in with what is known, Tab goes through the fields, and Send asks about the rest', async ({
    gallery,
  }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    const dialog = await insertDialog(page)
    await page.keyboard.type('off')
    await expect(dialog.getByRole('option')).toHaveText([/Offer/])
    await expect(dialog.getByRole('region', { name: 'What is inserted' })).toContainText('Dear Aoki Haruka')
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(text).toBeFocused()
    await expect(text.locator('.letter-field')).toHaveText(['{{date of the enquiry}}', '{{price}}'])
    await page.keyboard.type('Monday')
    await page.keyboard.press('Tab')
    await page.keyboard.type('¥40,000')
    await expect(text.locator('.letter-field')).toHaveCount(0)
    // Nothing is left: Tab is Tab again.
    await page.keyboard.press('Tab')
    await expect(text).not.toBeFocused()
    const draft = await saved(page)
    expect(draft.subject).toBe('Our offer for {{project}}')
    expect(draft.html).toContain('enquiry of Monday. We can do the photographs for <strong>¥40,000</strong>.')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(page.getByRole('dialog')).toContainText('{{project}}')
  })

  test('goes back and forth between its fields, and never keeps the Tab key', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await insertDialog(page)
    await page.keyboard.press('Enter')
    const chosen = () => page.evaluate(() => String(getSelection()))
    await expect.poll(chosen).toBe('{{date of the enquiry}}')
    await page.keyboard.press('Tab')
    await expect.poll(chosen).toBe('{{price}}')
    await page.keyboard.press('Shift+Tab')
    await expect.poll(chosen).toBe('{{date of the enquiry}}')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await expect(text).not.toBeFocused()
  })

  test('is taken back by one undo, its subject too, and comes again with redo', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery)
    await page.keyboard.type('Before. ')
    await insertDialog(page)
    await page.keyboard.press('Enter')
    const subject = page.getByRole('textbox', { name: 'Subject' })
    await expect(subject).toHaveValue('Our offer for {{project}}')
    await expect(text).toContainText('Before. Dear Aoki Haruka,')
    await page.keyboard.press('Control+z')
    await expect(text).toHaveText('Before. ')
    await expect(subject).toHaveValue('')
    await page.keyboard.press('Control+Shift+z')
    await expect(text).toContainText('Best regards')
    await expect(subject).toHaveValue('Our offer for {{project}}')
  })

  test('leaves a subject alone unless it is told to replace it', async ({ gallery }) => {
    const { page } = gallery
    await letterWith(gallery, { subject: 'Mine' })
    const subject = page.getByRole('textbox', { name: 'Subject' })
    await insertDialog(page)
    await page.keyboard.press('Enter')
    await expect(subject).toHaveValue('Mine')
    const dialog = await insertDialog(page)
    await dialog.getByRole('checkbox', { name: /Mine/ }).check()
    await dialog.getByRole('button', { name: 'Insert', exact: true }).click()
    await expect(subject).toHaveValue('Our offer for {{project}}')
  })

  test('stands above the quote of an answer, where the cursor is', async ({ gallery }) => {
    const { page } = gallery
    const text = await letterWith(gallery, {
      subject: 'Re: Photos',
      html: '<p><br></p><p><br></p><p>On Monday, Aoki Haruka wrote:</p><blockquote type="cite"><p>Is {{this}} yours?</p></blockquote>',
    })
    await page.keyboard.press('Control+Home')
    await insertDialog(page)
    await page.keyboard.press('Enter')
    // What another one wrote is no field of ours.
    await expect(text.locator('.letter-field')).toHaveText(['{{date of the enquiry}}', '{{price}}'])
    const { html } = await saved(page)
    expect(html).toMatch(/^<p>Dear Aoki Haruka,.*Yuki Tanaka<\/p>.*wrote:<\/p><blockquote type="cite">/)
  })

  test('that is chosen before the editor is there comes with its text', async ({ gallery }) => {
    await gallery.open('template-composer', 'inserted')
    await expect(textOf(gallery.page)).toContainText('Best regards')
  })

  test('keeps all its fields in a letter to many', async ({ gallery }) => {
    const { page } = gallery
    await gallery.open('merge', 'strip')
    await page.evaluate(templates => {
      const bridge = window.gallery?.bridge
      if (bridge === undefined) throw new Error('no gallery')
      bridge.world.templates = [...templates]
      bridge.emit({ name: 'templates.changed', payload: { templateIds: [] } })
    }, sampleTemplates)
    await textOf(page).click()
    await insertDialog(page)
    await page.keyboard.press('Enter')
    await expect(textOf(page)).toContainText('Dear {{name}},')
  })
})

test.describe('kept from a mail', () => {
  const templatesOf = (page: Page) => page.evaluate(() => window.gallery?.bridge.world.templates ?? [])

  test('a template is its own words, without quote, signature, and a picture that has no file', async ({
    gallery,
  }) => {
    const { page } = gallery
    await letterWith(gallery, {
      subject: 'Our prices',
      text: 'Dear {{name}},\n\nhere is our list.\n\nOn Monday, Aoki Haruka wrote:\n> What does it cost?\n-- \nYuki, Studio',
      html:
        '<p>Dear {{name}},</p><p><br></p><p>here is our <strong>list</strong><img src="cid:a@b" alt="">.</p><p><br></p>' +
        '<p>On Monday, Aoki Haruka wrote:</p><blockquote type="cite"><p>What does it cost?</p></blockquote>' +
        '<p>--&nbsp;</p><p>Yuki, Studio</p>',
    })
    const dialog = await saveDialog(page)
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused()
    await expect(dialog.getByRole('textbox', { name: 'Name' })).toHaveValue('Our prices')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dialog).toHaveCount(0)
    const kept = (await templatesOf(page)).find(({ name }) => name === 'Our prices')
    expect(kept).toMatchObject({
      kind: 'template',
      subject: 'Our prices',
      text: 'Dear {{name}},\n\nhere is our list.',
      html: '<p>Dear {{name}},</p><p><br></p><p>here is our <strong>list</strong>.</p>',
    })
  })

  test('a name that is taken is said, and the one that has it can be replaced', async ({ gallery }) => {
    const { page } = gallery
    await letterWith(gallery, { subject: '', text: 'Many thanks.', html: '<p>Many thanks.</p>' })
    const dialog = await saveDialog(page)
    await dialog.getByText('Snippet', { exact: true }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('two words')
    await page.keyboard.press('Enter')
    await expect(dialog).toContainText('no space and no semicolon')
    await dialog.getByRole('textbox', { name: 'Name' }).fill('THANKS')
    await page.keyboard.press('Enter')
    await expect(dialog).toContainText('There is one of this name already.')
    expect((await templatesOf(page)).filter(({ text }) => text === 'Many thanks.')).toHaveLength(0)
    await dialog.getByRole('button', { name: 'Replace it' }).click()
    await expect(dialog).toHaveCount(0)
    expect((await templatesOf(page)).filter(({ kind }) => kind === 'snippet')).toHaveLength(4)
    expect((await templatesOf(page)).find(({ id }) => id === 'thanks')?.text).toBe('Many thanks.')
  })
})

test.describe('the view of templates', () => {
  const saves = (page: Page) =>
    page.evaluate(() =>
      (window.gallery?.bridge.calls ?? [])
        .filter(({ method }) => method === 'templates.save')
        .map(({ args }) => args[0] as TemplateInput),
    )
  const row = (page: Page, name: string) => page.getByRole('button', { name })
  const nameOf = (page: Page) => page.getByRole('textbox', { name: 'Name' })

  test('keeps what is typed when another one is opened, without a button', async ({ gallery }) => {
    const { page } = gallery
    await gallery.open('templates', 'full')
    await page.getByRole('textbox', { name: 'Text of the template' }).click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' and the studio')
    await nameOf(page).fill('Our offer')
    await row(page, ';thanks').click()
    await expect.poll(async () => (await saves(page)).at(-1)?.text).toContain('{{my name}} and the studio')
    expect((await saves(page)).at(-1)).toMatchObject({ id: 'Offer', name: 'Our offer' })
    await row(page, 'Our offer').click()
    await expect(page.getByRole('textbox', { name: 'Text of the template' })).toContainText('and the studio')
  })

  test('says that a name is taken, and keeps the rest under the last one', async ({ gallery }) => {
    const { page } = gallery
    await gallery.open('templates', 'full')
    await page.getByRole('textbox', { name: 'Subject' }).fill('Another subject')
    await nameOf(page).fill('見積書の送付')
    await expect(page.getByText('Another one has this name.')).toBeVisible()
    await expect.poll(async () => (await saves(page)).at(-1)?.name).toBe('Offer')
    expect((await saves(page)).at(-1)?.subject).toBe('Another subject')
    await nameOf(page).fill('')
    await expect(page.getByText('It needs a name.')).toBeVisible()
    await nameOf(page).fill('Offers')
    await expect(page.getByText('It needs a name.')).toHaveCount(0)
    await expect(page.getByRole('heading', { name: 'Offers' })).toBeVisible()
  })

  test('makes a new one, a copy, deletes it and brings it back', async ({ gallery }) => {
    const { page } = gallery
    await gallery.open('templates', 'full')
    await page.getByRole('button', { name: 'New' }).click()
    await page.getByRole('menuitem', { name: 'New snippet' }).click()
    await expect(nameOf(page)).toBeFocused()
    await page.keyboard.type('bye')
    await page.getByRole('textbox', { name: 'Text of the template' }).click()
    await page.keyboard.type('See you soon, ')
    await page.getByRole('button', { name: 'Insert a field' }).click()
    await page.getByRole('menuitem', { name: 'Your name' }).click()
    await expect(page.getByRole('note')).toContainText('Filled in by itself: my name')
    await page.getByRole('button', { name: 'Duplicate' }).click()
    await expect(nameOf(page)).toHaveValue('bye-copy')
    await page.getByRole('button', { name: 'Delete' }).click()
    await expect(row(page, ';bye-copy')).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(nameOf(page)).toHaveValue('bye-copy')
    expect((await saves(page)).at(-1)).toMatchObject({ kind: 'snippet', text: 'See you soon, {{my name}}' })
  })
})
