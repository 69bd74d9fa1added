/**
 * The window without Electron: Node and the machine's own Chromium, driven over a private pipe; no port is opened. The
 * page comes from a made-up origin, every other request of it is refused, and its calls come in by a binding.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Frame, type Page, type Route } from 'playwright-core'
import type { Result } from '../../shared/problem.ts'
import type { App } from '../app.ts'
import type { Host } from '../host.ts'
import { BINDING, bridgeScript, chromiumFlags, PAGE_ORIGIN, prepareProfile } from './chromium-page.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import { findChromium } from './find-chromium.ts'
import { type SecondStart, tellFirstInstance } from './one-instance.ts'
import { claimDataDir, openApp, projectRoot } from './open-app.ts'
import { parseShellOptions, shellLanguage, systemLanguage } from './options.ts'
import { createPageFiles, type PageFiles } from './page-files.ts'
import { messageOf, type Served, serve } from './serve.ts'
import { sayProblem, wordsIn } from './words.ts'

export type ChromiumShellOptions = {
  dataDir: string
  isPractice?: boolean
  /** No window on the screen: tests and the tour. */
  headless?: boolean
  /** The machine's browser where nothing is said. */
  executablePath?: string
  /** The built page and preload; out/ where nothing is said. */
  rendererDir?: string
  preloadFile?: string
  savesTo?: string
  systemLanguage?: string
  createApp?: (host: Host) => Promise<Result<App>>
}

export type ChromiumShell = {
  page: Page
  context: BrowserContext
  app: App
  /** Closes the window and stops the program; done when both have ended. */
  close(): Promise<void>
  /** Resolves when the program has ended, whoever closed it, with the mails that wait for the next start. */
  closed: Promise<{ held: number }>
}

export type ShellRefusal =
  | { kind: 'no-browser' }
  | { kind: 'not-built' }
  | { kind: 'browser-failed'; detail: string }
  | { kind: 'problem'; problem: Parameters<typeof sayProblem>[0] }

/** Why no window opened. The entry says it in words; a test sees it thrown. */
export class ShellRefused extends Error {
  readonly refusal: ShellRefusal
  constructor(refusal: ShellRefusal) {
    super(`the window did not open: ${JSON.stringify(refusal)}`)
    this.refusal = refusal
  }
}

/** Opens the program in a Chromium window with the page loaded and the app started. Throws `ShellRefused`. */
export async function openChromiumShell(options: ChromiumShellOptions): Promise<ChromiumShell> {
  const parts = findParts(options)
  let onSecondStart = (_start: SecondStart) => {}
  let onQuit = () => {}
  const claim = await claimDataDir(options.dataDir, start => onSecondStart(start))
  if (!claim.ok) throw new ShellRefused({ kind: 'problem', problem: claim.problem })
  // Both take their time, and side by side they take half of it.
  const launching = launch(parts.executablePath, claim.value.dataDir, options.headless ?? false)
  launching.catch(() => {})
  const opened = await openApp(claim.value, {
    shell: 'chromium',
    isPractice: options.isPractice ?? false,
    savesTo: options.savesTo,
    systemLanguage: options.systemLanguage,
    quit: () => onQuit(),
    createApp: options.createApp,
  })
  if (!opened.ok) {
    await closeLaunched(launching)
    throw new ShellRefused({ kind: 'problem', problem: opened.problem })
  }
  const { app, close } = opened.value
  const events = createEventQueue()
  const served = serve(app, events.add)
  try {
    const starting = app.start()
    starting.catch(() => {})
    const context = await launching
    const page = await openPage(context, parts, { served, events })
    onSecondStart = start => void comeToFront(page, app, start)
    // From here on the window may be closed at any moment, also while the app still starts.
    const shell = shellOver(context, page, app, async () => {
      served.close()
      events.close()
      await close()
    })
    onQuit = () => void shell.close()
    await starting
    return shell
  } catch (error) {
    await closeLaunched(launching)
    await close()
    throw new ShellRefused({ kind: 'browser-failed', detail: firstLine(messageOf(error)) })
  }
}

type Parts = { executablePath: string; files: PageFiles; preload: string }

/** The browser and the built page, or why there is none. */
function findParts(options: ChromiumShellOptions): Parts {
  const executablePath = options.executablePath ?? findChromium()
  if (executablePath === null) throw new ShellRefused({ kind: 'no-browser' })
  const preloadFile = options.preloadFile ?? join(projectRoot, 'out', 'preload', 'preload.cjs')
  const rendererDir = options.rendererDir ?? join(projectRoot, 'out', 'renderer')
  if (!existsSync(preloadFile) || !existsSync(join(rendererDir, 'index.html'))) {
    throw new ShellRefused({ kind: 'not-built' })
  }
  const files = createPageFiles(rendererDir, PAGE_ORIGIN)
  return { executablePath, files, preload: readFileSync(preloadFile, 'utf8') }
}

async function closeLaunched(launching: Promise<BrowserContext>): Promise<void> {
  const context = await launching.catch(() => null)
  await context?.close().catch(() => {})
}

function launch(executablePath: string, dataDir: string, headless: boolean): Promise<BrowserContext> {
  const profile = join(dataDir, 'chromium')
  const isRoot = process.platform !== 'win32' && process.getuid?.() === 0
  const isFirstStart = prepareProfile(profile)
  return chromium.launchPersistentContext(profile, {
    executablePath,
    headless,
    args: chromiumFlags({ isRoot, isFirstStart }),
    ignoreDefaultArgs: ['--enable-automation', 'about:blank'],
    chromiumSandbox: !isRoot,
    // A window of a person, not of a test: its size, theme and motion are the system's.
    viewport: null,
    colorScheme: null,
    reducedMotion: null,
    forcedColors: null,
    contrast: null,
    acceptDownloads: false,
    serviceWorkers: 'block',
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

type Pipe = { served: Served; events: EventQueue }

async function openPage(context: BrowserContext, { files, preload }: Parts, pipe: Pipe): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage())
  // Copying a transcript is a click of the person; everything else that can be asked for is denied with this.
  await context.grantPermissions(['clipboard-write'], { origin: PAGE_ORIGIN })
  await context.route(
    () => true,
    route => serveRoute(route, files),
  )
  await context.exposeBinding(BINDING, ({ frame }, kind: unknown, text: unknown) =>
    answerBinding(frame, page, pipe, kind, text),
  )
  await context.addInitScript({ content: bridgeScript(preload) })
  // One page is all there is: what a key of the browser or a link opens beside it is closed at once.
  context.on('page', other => void other.close().catch(() => {}))
  const openIt = () => page.goto(`${PAGE_ORIGIN}/`, { waitUntil: 'commit' })
  // The window is being closed with mails unfinished: it stays, and the page asks in words of its own.
  page.on('dialog', dialog => void dialog.dismiss().catch(() => {}))
  page.on('crash', () => void openIt().catch(() => {}))
  page.on('framenavigated', frame => {
    if (frame === page.mainFrame() && !files.isOurs(frame.url())) void openIt().catch(() => {})
  })
  await openIt()
  return page
}

async function serveRoute(route: Route, files: PageFiles): Promise<void> {
  const request = route.request()
  try {
    // 'aborted' leaves the page where it is; another word would show the browser's own error page.
    if (!files.isOurs(request.url())) return await route.abort('aborted')
    await route.fulfill(await files.answer(request.method(), request.url()))
  } catch {
    // The page has gone meanwhile.
  }
}

/** Only the main frame of our own page is listened to. */
async function answerBinding(
  frame: Frame,
  page: Page,
  { served, events }: Pipe,
  kind: unknown,
  text: unknown,
): Promise<string | string[]> {
  if (frame !== page.mainFrame() || !frame.url().startsWith(`${PAGE_ORIGIN}/`)) throw new Error('not for you')
  return kind === 'events' ? events.next() : served.answer(text)
}

async function comeToFront(page: Page, app: App, { mailto }: SecondStart): Promise<void> {
  await page.bringToFront().catch(() => {})
  if (mailto !== null) await app.door.call('app.openLink', [mailto])
}

function shellOver(context: BrowserContext, page: Page, app: App, stop: () => Promise<void>): ChromiumShell {
  let ending: Promise<{ held: number }> | null = null
  const stopAll = async () => {
    await context.close().catch(() => {})
    // Asked before the stop: a stopped app answers nothing. What is being sent, the stop waits for.
    const { held } = app.unfinished()
    await stop()
    return { held }
  }
  const end = () => {
    ending ??= stopAll()
    return ending
  }
  const closed = new Promise<{ held: number }>((resolve, reject) => {
    const onGone = () => end().then(resolve, reject)
    page.once('close', onGone)
    context.once('close', onGone)
    if (page.isClosed()) onGone()
  })
  closed.catch(() => {})
  return { page, context, app, closed, close: () => end().then(() => {}) }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text
}

/** Opens the window and gives the exit code when it has been closed. `argv` is without the program and its script. */
export async function runChromium(
  argv: string[],
  parts: Pick<ChromiumShellOptions, 'preloadFile' | 'rendererDir'> = {},
): Promise<number> {
  const options = parseShellOptions(argv)
  const language = shellLanguage(systemLanguage())
  const words = wordsIn(language)
  const asked = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
  try {
    const shell = await openChromiumShell({ ...options, ...parts, headless: options.isHeadless })
    if (options.mailto !== null) await shell.app.door.call('app.openLink', [options.mailto])
    void asked.then(shell.close)
    const { held } = await shell.closed
    if (held > 0) console.error(words.quitHeld(held))
    return 0
  } catch (error) {
    if (!(error instanceof ShellRefused)) throw error
    const { refusal } = error
    if (refusal.kind === 'problem' && refusal.problem.kind === 'already-running') {
      const isThere = await tellFirstInstance(options.dataDir, { mailto: options.mailto })
      console.error(isThere ? words.calledToFront : words.alreadyRunning)
      return isThere ? 0 : 1
    }
    console.error(sayRefusal(refusal, language))
    return 1
  }
}

function sayRefusal(refusal: ShellRefusal, language: ReturnType<typeof shellLanguage>): string {
  const words = wordsIn(language)
  switch (refusal.kind) {
    case 'no-browser':
      return words.noBrowser
    case 'not-built':
      return words.notBuilt
    case 'browser-failed':
      return words.browserFailed(refusal.detail)
    case 'problem':
      return sayProblem(refusal.problem, language)
  }
}

if (import.meta.main) process.exit(await runChromium(process.argv.slice(2)))
