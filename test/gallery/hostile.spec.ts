/**
 * Over 400 html vectors through the sinks of html: reading, printing, reply and forward, draft. A browser of its own
 * with every way out watched: HTTP and TCP by a listener that all host names lead to, DNS by Chromium's own network log.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { type Browser, chromium, expect, type Page } from '@playwright/test'
import { TooDeep } from '../../main/mime/html-tree.ts'
import { letterOf, writeLetter } from '../../main/mime/letter.ts'
import { seenLetter } from '../../main/mime/quotable.ts'
import { findChromium } from '../../main/shells/find-chromium.ts'
import { remoteVectors, scriptVectors } from '../support/hostile-vectors.ts'
import { hostileMails } from './hostile-mails.ts'
import { hostilePastes } from './hostile-pastes.ts'
import { ORIGIN, test } from './open-gallery.ts'

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
/** Without TLS, so that nothing is held back for being mixed. */
const BARE = 'http://bare.invalid'

type Watch = {
  page: Page
  /** Closes the browser and says who was looked up, connected to and asked. */
  end(): Promise<{ dns: string[]; tcp: number; http: string[] }>
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** The gallery in a browser where every other host name is this machine, and nothing is held back. */
async function openWatched(folder: string): Promise<Watch> {
  const seen = { tcp: 0, http: [] as string[] }
  const server = createServer((request, answer) => {
    seen.http.push(`${request.headers.host}${request.url}`)
    answer.end()
  })
  server.on('connection', () => {
    seen.tcp += 1
  })
  const port = await listen(server)
  const logs = mkdtempSync(join(tmpdir(), 'todoke-netlog-'))
  const log = join(logs, 'net.json')
  const executablePath = findChromium()
  const browser: Browser = await chromium.launch({
    ...(executablePath !== null && { executablePath }),
    chromiumSandbox: process.getuid?.() !== 0,
    args: [
      `--log-net-log=${log}`,
      '--net-log-capture-mode=Everything',
      '--disable-features=LocalNetworkAccessChecks',
      // Whom Chromium itself looks for is nobody.
      `--host-resolver-rules=MAP *.example 127.0.0.1:${port},MAP * ~NOTFOUND`,
    ],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  // Only ours is answered here; all else goes out and is seen.
  await page.route(
    url => url.origin === ORIGIN || url.origin === BARE,
    route => {
      const { origin, pathname } = new URL(route.request().url())
      if (origin === BARE) return route.fulfill({ body: '<!doctype html><body>', contentType: 'text/html' })
      const path = join(folder, pathname === '/' ? 'index.html' : pathname)
      return route.fulfill({ body: readFileSync(path), contentType: TYPES[extname(path)] ?? 'image/svg+xml' })
    },
  )
  return {
    page,
    async end() {
      await browser.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      const names =
        readFileSync(log, 'latin1').match(/[a-z\d-]+\.(?:remote|evil)\.example|evil\.example/g) ?? []
      rmSync(logs, { recursive: true, force: true })
      return { dns: [...new Set(names)].sort(), ...seen }
    },
  }
}

const scripts = { ...scriptVectors(), ...hostileMails, ...hostilePastes }
const remote = remoteVectors(index => `http://r${index}.remote.example`)
const vectors = [...Object.values(scripts), ...remote]

/** As the composer's letter is kept; what is nested too deep is not kept at all. */
function draftOf(html: string): string {
  try {
    return writeLetter(letterOf(html, { pictures: new Set() }))
  } catch (error) {
    if (error instanceof TooDeep) return ''
    throw error
  }
}

type Shown = { ran: string; forbidden: string[]; safe: string[] }

/** Shows mail after mail in the reading pane, touches what is in it, and keeps what was made of each. */
async function read(page: Page, mails: string[]): Promise<Shown> {
  return page.evaluate(async all => {
    const bridge = window.gallery?.bridge
    if (bridge === undefined) throw new Error('no gallery')
    const shown: Shown = { ran: '', forbidden: [], safe: [] }
    const frame = () => document.querySelector<HTMLIFrameElement>('article iframe')
    const turn = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
    for (const [index, unsafeHtml] of all.entries()) {
      const mark = `mail number ${index}.`
      bridge.world.messages['in-6'] = {
        unsafeHtml: `<p>${mark}</p>${unsafeHtml}`,
        text: 'x',
        inlineImages: {},
      }
      bridge.emit({ name: 'message.changed', payload: { messageIds: ['in-6'] } })
      let inner: Document | null = null
      for (let tries = 0; tries < 500; tries += 1) {
        inner = frame()?.contentDocument ?? null
        if (inner?.readyState === 'complete' && inner.body?.textContent?.includes(mark) === true) break
        inner = null
        await turn()
      }
      if (inner === null) {
        shown.forbidden.push(`not shown: ${unsafeHtml.slice(0, 100)}`)
        continue
      }
      for (const element of inner.querySelectorAll<HTMLElement>('#go, [data-url], [tabindex]')) {
        element.focus()
        for (const type of [
          'mouseover',
          'mousedown',
          'mouseup',
          'click',
          'auxclick',
          'dblclick',
          'input',
          'paste',
        ])
          element.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true }))
      }
      await turn()
      for (const element of inner.querySelectorAll('*')) {
        const names = [...element.attributes].map(({ name }) => name)
        const isBad =
          /^(?:script|form|input|button|select|textarea|iframe|frame|object|embed|applet|svg|math|video|audio|base|link|template|slot|dialog)$/i.test(
            element.localName,
          ) ||
          names.some(name =>
            /^on|^(?:href|srcset|background|action|formaction|ping|poster|srcdoc)$/i.test(name),
          )
        if (isBad) shown.forbidden.push(`${index}: ${element.outerHTML.slice(0, 120)}`)
      }
      shown.safe.push(inner.body.outerHTML.replace(/^<body/, '<div').replace(/body>$/, 'div>'))
    }
    shown.ran = String((window as { hasRun?: unknown }).hasRun ?? '')
    return shown
  }, mails)
}

/** Puts html into a page without any wall: whatever was left in it runs and fetches here. */
async function mount(page: Page, all: string[]): Promise<string> {
  return page.evaluate(async given => {
    const turn = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)))
    // Some at a time, each in a box of its own.
    for (let from = 0; from < given.length; from += 20) {
      const boxes = given.slice(from, from + 20).map(html => {
        const box = document.createElement('div')
        box.innerHTML = html
        return box
      })
      document.body.replaceChildren(...boxes)
      for (const element of document.body.querySelectorAll<HTMLElement>('a,[tabindex],#go')) {
        element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }))
        element.addEventListener('click', event => event.preventDefault())
        if (/^javascript:/i.test(element.getAttribute('href') ?? ''))
          return `a link that runs: ${element.outerHTML.slice(0, 100)}`
        element.click()
      }
      await turn()
    }
    return String((window as { hasRun?: unknown }).hasRun ?? '')
  }, all)
}

test('there are at least 300 scripts and 79 ways to fetch', () => {
  expect(Object.keys(scripts).length).toBeGreaterThanOrEqual(300)
  expect(new Set(remote).size).toBeGreaterThanOrEqual(79)
})

test('the watch sees a look-up, a connection and a request, and a script that runs', async ({
  galleryFolder,
}) => {
  const { page, end } = await openWatched(galleryFolder)
  await page.goto(`${BARE}/`)
  const ran = await mount(page, [
    '<img src=x: onerror="top.hasRun=\'control\'">',
    '<img src="http://picture.remote.example/x">',
    '<link rel=dns-prefetch href="//looked-up.remote.example">',
  ])
  await expect
    .poll(() => page.evaluate(() => String((window as { hasRun?: unknown }).hasRun)))
    .toBe('control')
  expect(ran === '' || ran === 'control').toBe(true)
  await page.evaluate(() => fetch('http://control.remote.example/x', { mode: 'no-cors' }))
  const { dns, tcp, http } = await end()
  expect(dns).toContain('control.remote.example')
  expect(tcp).toBeGreaterThan(0)
  expect(http).toContain('control.remote.example/x')
})

test('whatever the mail: executed 0, fetched 0, looked up 0, over reading, printing, reply, forward and draft', async ({
  galleryFolder,
}) => {
  test.setTimeout(240_000)
  const { page, end } = await openWatched(galleryFolder)
  const alarms: string[] = []
  page.on('dialog', dialog => {
    alarms.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.context().on('page', opened => alarms.push(`window ${opened.url()}`))
  page.on('framenavigated', frame => {
    if (!/^(?:https?:\/\/(?:gallery|bare)\.invalid\/|about:(?:srcdoc|blank))/.test(frame.url()))
      alarms.push(`went to ${frame.url()}`)
  })
  const readingPage = `${ORIGIN}/?view=message&state=html&theme=light&lang=en`
  await page.goto(readingPage)
  await page.locator('article iframe').waitFor()
  const shown = await read(page, vectors)
  expect(shown.forbidden).toEqual([])
  expect(shown.ran).toBe('')
  await page.emulateMedia({ media: 'print' })
  const printed = await read(page, vectors.slice(-remote.length))
  expect({ ran: printed.ran, forbidden: printed.forbidden }).toEqual({ ran: '', forbidden: [] })
  await page.pdf()
  await page.emulateMedia({ media: 'screen' })

  // Behind the first wall alone, in a page that would run and fetch anything.
  await page.goto(`${BARE}/`)
  expect(await mount(page, shown.safe)).toBe('')
  const quoted = vectors.map(html => writeLetter(seenLetter(html, new Set()) ?? []))
  expect(await mount(page, quoted)).toBe('')
  const drafts = vectors.map(draftOf)
  expect(await mount(page, drafts)).toBe('')
  expect(alarms).toEqual([])

  const { dns, tcp, http } = await end()
  expect({ dns, http, tcp }).toEqual({ dns: [], http: [], tcp: 0 })
  console.info(
    `hostile html: ${Object.keys(scripts).length} scripts and ${remote.length} remote vectors over reading, printing, ` +
      'reply, forward and draft: executed 0, fetched 0, connected 0, looked up 0',
  )
})
