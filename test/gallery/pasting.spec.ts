/** What is pasted, dropped or read from a draft: it runs nothing, asks for nothing, and only a letter is saved of it. */

import { expect } from '@playwright/test'
import { isLetterAttribute, LETTER_ELEMENTS } from '../../shared/letter-html.ts'
import { hostileMails } from './hostile-mails.ts'
import { hostilePastes } from './hostile-pastes.ts'
import { drop, elementsOf, emptied, newLetter, openLetter, paste, saved, textOf } from './letter-hands.ts'
import { test } from './open-gallery.ts'
import { WORD_DOCUMENT } from './word-document.ts'

const vectors = { ...hostileMails, ...hostilePastes }

test('there are enough of them', () => {
  expect(Object.keys(vectors).length).toBeGreaterThanOrEqual(60)
})

for (const [way, bring] of [
  ['pasted', paste],
  ['dropped', drop],
] as const) {
  test(`nothing that is ${way} runs, asks for anything or is saved`, async ({ gallery }) => {
    test.setTimeout(300_000)
    const { page } = gallery
    const alarms: string[] = []
    page.on('dialog', dialog => {
      alarms.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.context().on('page', opened => alarms.push(`window: ${opened.url()}`))
    // What is thrown while pasting would leave the letter clean for the wrong reason.
    page.on('pageerror', error => alarms.push(String(error)))
    page.on('framenavigated', frame => alarms.push(`went to ${frame.url()}`))
    await newLetter(gallery)
    alarms.length = 0
    for (const [name, html] of Object.entries(vectors)) {
      const before = await emptied(page)
      await page.keyboard.type('Mark.')
      await bring(page, { 'text/html': html })
      const { html: letter } = await saved(page, before)
      // A drop may fall into the middle of it.
      expect(letter, name).toMatch(/M[\s\S]*k\./)
      const unknown = (await elementsOf(page, letter ?? '')).flatMap(({ tag, attributes }) => [
        ...(Object.hasOwn(LETTER_ELEMENTS, tag) ? [] : [tag]),
        ...attributes
          .filter(([attribute, value]) => !isLetterAttribute(tag, attribute, value))
          .map(attribute => `${tag} ${attribute.join('=')}`),
      ])
      expect(unknown, name).toEqual([])
      const shown = await textOf(page).evaluate(element =>
        [
          ...element.querySelectorAll(
            'script,style,iframe,object,embed,form,input,svg,math,video,link,meta,base',
          ),
        ]
          .map(({ outerHTML }) => outerHTML)
          .concat(
            [...element.querySelectorAll('*')].flatMap(({ attributes }) =>
              [...attributes]
                .map(({ name: attribute }) => attribute)
                .filter(attribute => /^on/.test(attribute)),
            ),
          )
          .concat(
            [...element.querySelectorAll('img')]
              .map(({ src }) => src)
              .filter(src => !/^(?:blob:https:\/\/gallery|$)/.test(src)),
          ),
      )
      expect(shown, name).toEqual([])
      expect(await page.evaluate(() => (window as { hasRun?: boolean }).hasRun === true), name).toBe(false)
      expect(gallery.leaks, name).toEqual([])
      expect(alarms, name).toEqual([])
    }
  })
}

test('a draft whose html is not ours opens as a letter and runs nothing', async ({ gallery }) => {
  const html = Object.values(vectors).join('\n<p>next</p>\n')
  const text = await openLetter(gallery, { html, text: 'x' })
  await expect(text).toContainText('next')
  await text.click()
  await gallery.page.keyboard.type('Mark.')
  const { html: letter } = await saved(gallery.page)
  const elements = await elementsOf(gallery.page, letter ?? '')
  expect(elements.filter(({ tag }) => !Object.hasOwn(LETTER_ELEMENTS, tag))).toEqual([])
  const attributes = elements.flatMap(element =>
    element.attributes.map(attribute => [element.tag, ...attribute] as const),
  )
  expect(attributes.filter(([tag, name, value]) => !isLetterAttribute(tag, name, value))).toEqual([])
  expect(await gallery.page.evaluate(() => (window as { hasRun?: boolean }).hasRun === true)).toBe(false)
  expect(gallery.leaks).toEqual([])
})

test.describe('what is pasted keeps its structure and loses its styling', () => {
  for (const [name, html, expected] of [
    [
      'from a page',
      '<h1 style="color:red">Plan</h1><p class=x>One <b>two</b> <span style="font-size:40px">three</span></p><p>Four</p>',
      '<h1>Plan</h1><p>One <strong>two</strong> three</p><p><br></p><p>Four</p>',
    ],
    [
      'from Word: paragraphs, empty ones and bold',
      '<p class=MsoNormal>Dear<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><b style="mso-bidi-font-weight:normal">Yes</b></p>',
      '<p>Dear</p><p><br></p><p><strong>Yes</strong></p>',
    ],
    [
      'from Word: lists',
      '<p class=MsoListParagraphCxSpFirst style="mso-list:l0 level1 lfo1"><![if !supportLists]><span style="font-family:Symbol"><span style="mso-list:Ignore">·<span style="font:7pt">&nbsp;&nbsp; </span></span></span><![endif]>one</p>' +
        '<p class=MsoListParagraphCxSpMiddle style="mso-list:l0 level2 lfo1"><![if !supportLists]><span style="mso-list:Ignore">a)<span>&nbsp;</span></span><![endif]>inner</p>' +
        '<p class=MsoListParagraphCxSpLast style="mso-list:l0 level1 lfo1"><![if !supportLists]><span style="mso-list:Ignore">·</span><![endif]>two</p><p class=MsoNormal>End</p>',
      '<ul><li>one<ol><li>inner</li></ol></li><li>two</li></ul><p>End</p>',
    ],
    [
      'from a document of Google',
      '<b style="font-weight:normal" id="docs-internal-guid-1"><p dir="ltr" style="margin-top:0pt;margin-bottom:0pt"><span style="font-weight:700">Bold</span><span style="font-style:italic"> leaning</span></p><p dir="ltr" style="margin:0"><span>Plain</span></p></b>',
      '<p><strong>Bold</strong><em> leaning</em></p><p>Plain</p>',
    ],
    [
      'a table',
      '<table border=1 style="width:900px"><thead><tr><th bgcolor=red>Room</th><th>Price</th></tr></thead><tbody><tr><td>Hall</td><td align=right>¥18,000</td></tr></tbody></table>',
      '<table><tbody><tr><th>Room</th><th>Price</th></tr><tr><td>Hall</td><td>¥18,000</td></tr></tbody></table>',
    ],
    [
      'a link',
      '<a href="https://a.example/?a=1&amp;b=2" target=_blank>here</a>',
      '<p><a href="https://a.example/?a=1&amp;b=2">here</a></p>',
    ],
    [
      'lines of divs',
      '<div>one</div><div>two<br></div><div><br></div><div>three</div>',
      '<p>one</p><p>two</p><p><br></p><p>three</p>',
    ],
    ['a remote picture', '<p>a <img src="https://evil.example/x.png" alt="chart"> b</p>', '<p>a chart b</p>'],
    ['right to left', '<p>שלום עולם</p>', '<p dir="rtl">שלום עולם</p>'],
    ['code', '<pre>a\n  b</pre>', '<pre>a\n  b</pre>'],
  ] as const) {
    test(name, async ({ gallery }) => {
      await newLetter(gallery)
      await paste(gallery.page, { 'text/html': html, 'text/plain': 'x' })
      const { html: letter } = await saved(gallery.page)
      expect(letter?.replace(/<p><br><\/p>$/, '')).toBe(expected)
      expect(gallery.leaks).toEqual([])
    })
  }
})

test('a whole Word document is pasted with its headings, lists and table, and nothing else of it', async ({
  gallery,
}) => {
  await newLetter(gallery)
  await paste(gallery.page, { 'text/html': WORD_DOCUMENT, 'text/plain': 'x' })
  const { html } = await saved(gallery.page)
  expect(html).toBe(
    '<h1>Offer for the hall</h1><h1>Autumn meeting</h1>' +
      '<p>We meet in Kyoto, <strong>on Friday</strong> 😀.</p><p><br></p>' +
      '<ul><li>tea<ul><li>green</li></ul></li><li>cake</li></ul><ol><li>come</li><li>go</li></ol>' +
      '<p>Then</p><ol start="3"><li>rest</li></ol><h2>Prices</h2>' +
      '<table><tbody><tr><td><strong>Room</strong></td><td>Price</td></tr>' +
      '<tr><td>Hall</td><td>18,000円</td></tr></tbody></table>' +
      '<p>See <a href="https://a.example/plan">the plan</a>.<s>old</s> page 3</p>',
  )
  expect(gallery.leaks).toEqual([])
})

test('plain words are pasted line by line, and nothing in them is a format', async ({ gallery }) => {
  await newLetter(gallery)
  const words = 'one\n\n**two** <b>\n> three\r\n  four  spaces\tand a tab'
  await paste(gallery.page, { 'text/plain': words })
  const letter = await saved(gallery.page)
  expect(letter.text).toBe(words.replace('\r\n', '\n'))
  expect(letter.html).toMatch(
    /^<p>one<\/p><p><br><\/p><p>\*\*two\*\* &lt;b&gt;<\/p><p>&gt; three<\/p><p>&nbsp; four&nbsp; spaces/,
  )
})

test('Ctrl+Shift+V pastes what was copied as plain words', async ({ gallery }) => {
  const { page } = gallery
  await newLetter(gallery)
  await page.keyboard.type('**bold** here')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.evaluate(() => getSelection()?.isCollapsed)).toBe(true)
  await page.evaluate(() => new Promise(requestAnimationFrame))
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Shift+v')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+v')
  const { html } = await saved(page)
  expect(html).toBe('<p><strong>bold</strong> here</p><p>bold here</p><p><strong>bold</strong> here</p>')
})
