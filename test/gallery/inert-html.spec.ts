/** HTML mail is inert: nothing leaves, nothing runs, nothing navigates; and what is good in it is still shown. */

import { expect } from '@playwright/test'
import { hostileMails } from './hostile-mails.ts'
import { type GalleryPage, test } from './open-gallery.ts'

declare global {
  interface Window {
    hasRun?: boolean
  }
}

const FRAME = 'article iframe'

/** Puts a mail into the open gallery page and opens it. */
async function show(gallery: GalleryPage, html: string, mark: string): Promise<void> {
  await gallery.page.evaluate(unsafeHtml => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) throw new Error('no gallery')
    bridge.world.messages['in-6'] = { unsafeHtml, text: 'plain', inlineImages: {} }
    bridge.emit({ name: 'message.changed', payload: { messageIds: ['in-6'] } })
  }, `<p>${mark}</p>${html}`)
  await expect(gallery.page.locator(FRAME)).toHaveCount(1)
  // The mark stands first: some of these mails swallow all that follows them.
  await expect(gallery.page.frameLocator(FRAME).getByText(mark)).toBeVisible()
}

test('no hostile mail fetches, runs, opens or navigates anything', async ({ gallery }) => {
  test.setTimeout(240_000)
  const { page } = gallery
  const alarms: string[] = []
  page.on('dialog', dialog => {
    alarms.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.context().on('page', opened => alarms.push(`window: ${opened.url()}`))
  page.on('framenavigated', frame => {
    if (!/^(https:\/\/gallery\.invalid\/|about:(srcdoc|blank))/.test(frame.url()))
      alarms.push(`went to ${frame.url()}`)
  })
  await gallery.open('message', 'html')
  for (const [index, [name, html]] of Object.entries(hostileMails).entries()) {
    await show(gallery, html, `Mail number ${index}.`)
    const letter = page.frameLocator(FRAME)
    const link = letter.locator('#go')
    if ((await link.count()) > 0)
      await link
        .first()
        .click({ force: true, timeout: 2000 })
        .catch(() => undefined)
    await letter
      .locator('body')
      .hover({ position: { x: 30, y: 30 }, force: true, timeout: 2000 })
      .catch(() => undefined)
    const state = await page.evaluate(() => {
      const inner = document.querySelector<HTMLIFrameElement>('article iframe')?.contentDocument
      return {
        hasRun: window.hasRun === true,
        forbidden: [
          ...(inner?.querySelectorAll(
            'script,form,input,button,iframe,object,embed,svg,math,video,audio,base,link,[href],[srcset],[background],[onerror],[onload]',
          ) ?? []),
        ].map(e => e.outerHTML.slice(0, 120)),
        remote:
          /.{60}(?:url\(|evil\.example\/x\.(?:png|css)).{60}/s.exec(
            inner?.documentElement.outerHTML ?? '',
          )?.[0] ?? null,
      }
    })
    expect(state, name).toEqual({ hasRun: false, forbidden: [], remote: null })
    expect(gallery.leaks, name).toEqual([])
    expect(alarms, name).toEqual([])
  }
})

test('the fourth wall is not needed: without any sanitising the frame alone runs nothing', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('message', 'html')
  const attributes = await page.locator(FRAME).evaluate(frame => ({
    sandbox: frame.getAttribute('sandbox'),
    csp: (frame as HTMLIFrameElement).contentDocument
      ?.querySelector('meta[http-equiv]')
      ?.getAttribute('content'),
  }))
  expect(attributes.sandbox).toBe('allow-same-origin')
  expect(attributes.csp).toContain("default-src 'none'")
  await page.evaluate(() => {
    const inner = document.querySelector<HTMLIFrameElement>('article iframe')?.contentDocument
    const script = inner?.createElement('script')
    if (script === undefined || inner === null || inner === undefined) throw new Error('no frame')
    script.textContent = 'parent.hasRun = true'
    inner.body.append(script)
    inner.body.insertAdjacentHTML(
      'beforeend',
      '<img src="https://evil.example/y.png"><img src=x onerror="parent.hasRun=true">',
    )
  })
  await page.waitForTimeout(300)
  expect(await page.evaluate(() => window.hasRun === true)).toBe(false)
  expect(gallery.leaks).toEqual([])
})

test('what was left out is counted and said, and inline images are shown', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('message', 'html')
  await expect(page.getByText('2 pictures from the internet were not loaded')).toBeVisible()
  await expect(page.getByText('1 invisible picture that only reports reading stays out')).toBeVisible()
  const letter = page.frameLocator(FRAME)
  await expect(letter.getByRole('heading', { name: 'Your proof is ready' })).toBeVisible()
  expect(
    await letter.locator('img').evaluateAll(images => images.map(i => (i as HTMLImageElement).naturalWidth)),
  ).toEqual([120])
  await expect(letter.getByText('Autumn prices')).toBeVisible()
})

test('pictures from the internet come when they are asked for, as data, and the tracker never', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('message', 'html')
  const asked = () =>
    page.evaluate(
      () => window.gallery?.bridge.calls.filter(({ method }) => method === 'pictures.fetch').length,
    )
  expect(await asked()).toBe(0)
  await gallery.open('message', 'pictures-here')
  await expect(page.getByText('Pictures were loaded from the internet')).toBeVisible()
  expect(await asked()).toBe(1)
  const images = page.frameLocator(FRAME).locator('img')
  expect(await images.evaluateAll(all => all.map(one => (one as HTMLImageElement).naturalWidth))).toEqual([
    120, 1,
  ])
  expect(await images.nth(1).getAttribute('src')).toMatch(/^data:image\/png/)
  const paper = await page.frameLocator(FRAME).locator('html').innerHTML()
  expect(paper).toContain('url("data:image/gif;base64,')
  expect(paper).not.toContain('track.example')
  expect(gallery.leaks).toEqual([])
})

test('a sender is trusted with one click, loaded from then on, and asked about again with another', async ({
  gallery,
}) => {
  const { page } = gallery
  await gallery.open('message', 'html')
  await page.getByRole('button', { name: 'Always from this sender' }).click()
  await page.getByRole('button', { name: 'Ask again for this sender' }).click()
  await expect(page.getByRole('button', { name: 'Always from this sender' })).toHaveCount(0)
  expect(await page.evaluate(() => window.gallery?.bridge.world.trustedSenders)).toEqual([])
})

test('where the settings say never, nothing offers to load', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('message', 'pictures-never')
  await expect(page.getByText('4 remote parts were not loaded')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Load pictures' })).toHaveCount(0)
})

test('a link shows its true host and leaves only through the program', async ({ gallery }) => {
  const { page } = gallery
  await gallery.open('message', 'html')
  const link = page.frameLocator(FRAME).getByText('tell us by Friday')
  await link.hover()
  await expect(page.getByText('Leads to print.example')).toBeVisible()
  await link.click()
  const opened = () =>
    page.evaluate(() =>
      window.gallery?.bridge.calls.filter(c => c.method === 'app.openLink').map(c => c.args[0]),
    )
  expect(await opened()).toEqual(['https://print.example/proof/20981'])
  await link.focus()
  await page.keyboard.press('Enter')
  expect(await opened()).toHaveLength(2)
  expect(gallery.leaks).toEqual([])
})

test('a link whose text names another host is called out', async ({ gallery }) => {
  await gallery.open('message', 'html')
  await show(gallery, '<a href="https://evil.example/login">www.bank.example</a>', 'Dear customer')
  await gallery.page.frameLocator(FRAME).getByText('www.bank.example').hover()
  await expect(gallery.page.getByText('Shows another address, but leads to evil.example')).toBeVisible()
})
