/** The Electron shell against the recording double: every point of the security checklist, and the way in and out. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Electron from 'electron'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runElectronShell } from '../../../main/shells/electron-shell.ts'
import { claimInstance } from '../../../main/shells/one-instance.ts'
import { fail } from '../../../shared/problem.ts'
import {
  type ElectronDouble,
  type ElectronDoubleOptions,
  electronDouble,
  preventable,
} from '../../support/electron-double.ts'
import { type FakeApp, fakeApp, fakeStore, removeFolder, temporaryFolder, writeFiles } from './house.ts'

const root = join(import.meta.dirname, '..', '..', '..')
let folder: string
let dataDir: string

beforeEach(() => {
  folder = temporaryFolder()
  dataDir = join(folder, 'data')
  writeFiles(join(folder, 'out', 'renderer'), { 'index.html': '<title>Todoke</title>', 'a.js': '1' })
})
const releases: (() => void)[] = []
afterEach(() => {
  for (const release of releases.splice(0)) release()
  removeFolder(folder)
})

type Opened = ElectronDouble & { fake: FakeApp }

async function open(
  options: ElectronDoubleOptions & { argv?: string[]; platform?: NodeJS.Platform; fake?: FakeApp } = {},
): Promise<Opened> {
  const double = electronDouble(options)
  const fake = options.fake ?? fakeApp()
  await runElectronShell(double.electron, {
    outDir: join(folder, 'out'),
    icon: join(folder, 'icon.png'),
    argv: ['--data', dataDir, ...(options.argv ?? [])],
    env: {},
    platform: options.platform ?? 'linux',
    openStore: fakeStore,
    sortingRoomUrl: pathToFileURL(join(folder, 'out/main/sorting-room.js')),
    createApp: fake.create,
  })
  if (double.windows.length > 0) {
    releases.push(() => {
      // Frees the directory of a shell the test left open.
      double.app.emit('before-quit', preventable())
    })
  }
  return Object.assign(double, { fake })
}

function only<T>(list: T[]): T {
  expect(list).toHaveLength(1)
  return list[0] as T
}

function emitPreventable(emitter: NodeJS.EventEmitter, name: string, facts: object = {}): boolean {
  const event = Object.assign(preventable(), facts)
  emitter.emit(name, event, facts)
  return event.defaultPrevented
}

describe('the security checklist of Electron', () => {
  test('the page runs sandboxed, isolated and without Node, webview or insecure content', async () => {
    const { windows, steps } = await open()
    expect(only(windows).options.webPreferences).toMatchObject({
      preload: join(folder, 'out', 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: false,
      spellcheck: false,
    })
    expect(steps).toContain('sandbox')
    expect(steps.indexOf('sandbox')).toBeLessThan(steps.indexOf('ready'))
  })

  test('the page comes from a standard, secure scheme of our own, said before ready', async () => {
    const { schemes, steps, windows } = await open()
    const { scheme, privileges } = only(schemes)
    expect(scheme).toBe('todoke')
    expect(privileges).toMatchObject({ standard: true, secure: true })
    expect(privileges?.bypassCSP).toBeUndefined()
    expect(privileges?.allowServiceWorkers).toBeUndefined()
    expect(steps).toContain('schemes')
    expect(steps.indexOf('schemes')).toBeLessThan(steps.indexOf('ready'))
    expect(only(windows).loaded).toEqual(['todoke://app/'])
  })

  test('the page is served with a policy that allows nothing from elsewhere, and nosniff', async () => {
    const { session } = await open()
    expect(session.scheme).toBe('todoke')
    const answer = await session.serve?.(new Request('todoke://app/'))
    expect(answer?.status).toBe(200)
    expect(await answer?.text()).toBe('<title>Todoke</title>')
    const policy = answer?.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("connect-src 'none'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
    expect(answer?.headers.get('x-content-type-options')).toBe('nosniff')
    expect((await session.serve?.(new Request('todoke://app/../package.json')))?.status).toBe(404)
    expect((await session.serve?.(new Request('todoke://app/%2e%2e%2fmain.js')))?.status).toBe(404)
    expect((await session.serve?.(new Request('todoke://elsewhere/')))?.status).toBe(403)
  })

  test.each([
    ['todoke://app/a.js', 'script', true],
    ['data:image/png;base64,AA', 'image', true],
    ['blob:todoke://app/1', 'image', true],
    ['data:text/html,x', 'subFrame', false],
    ['data:text/javascript,1', 'script', false],
    ['blob:https://example.com/1', 'image', false],
    ['blob:todoke://app/1', 'script', false],
    ['https://example.com/pixel.png', 'image', false],
    ['http://127.0.0.1:1/', 'xhr', false],
    ['wss://example.com/', 'webSocket', false],
    ['file:///etc/passwd', 'xhr', false],
    ['todoke://app.example.com/', 'image', false],
    ['todoke://user@app/', 'image', false],
    ['devtools://devtools/x.js', 'script', false],
  ] as const)(
    'a request of the page for %s as %s is let through: %s',
    async (url, resourceType, isLetThrough) => {
      const { session } = await open()
      const answer = await new Promise<Electron.CallbackResponse>(resolve => {
        session.beforeRequest?.({ url, resourceType } as Electron.OnBeforeRequestListenerDetails, resolve)
      })
      expect(answer).toEqual({ cancel: !isLetThrough })
    },
  )

  test('no name leads anywhere for Chromium, and WebRTC has no way out', async () => {
    const { switches, windows } = await open()
    expect(switches['host-resolver-rules']).toBe('MAP * ~NOTFOUND')
    expect(switches['force-webrtc-ip-handling-policy']).toBe('disable_non_proxied_udp')
    expect(only(windows).webContents.webRtcPolicy).toBe('disable_non_proxied_udp')
  })

  test('every permission is denied, but for writing a copied text from our own main frame', async () => {
    const { session } = await open()
    const asked = (permission: string, requestingUrl: string, isMainFrame = true) =>
      new Promise<boolean>(resolve => {
        session.permissionRequest?.({} as Electron.WebContents, permission as 'media', resolve, {
          requestingUrl,
          isMainFrame,
        } as Electron.PermissionRequest)
      })
    const checked = (permission: string, origin: string, isMainFrame = true) =>
      session.permissionCheck?.(null, permission as 'media', origin, {
        isMainFrame,
      } as Electron.PermissionCheckHandlerHandlerDetails)
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
    ]) {
      expect(await asked(permission, 'todoke://app/')).toBe(false)
      expect(checked(permission, 'todoke://app/')).toBe(false)
    }
    expect(await asked('clipboard-sanitized-write', 'todoke://app/')).toBe(true)
    expect(checked('clipboard-sanitized-write', 'todoke://app/')).toBe(true)
    expect(await asked('clipboard-sanitized-write', 'todoke://app/', false)).toBe(false)
    expect(checked('clipboard-sanitized-write', 'https://example.com')).toBe(false)
    expect(session.device?.({} as Electron.DevicePermissionHandlerHandlerDetails)).toBe(false)
  })

  test('navigation, redirects, new windows, webviews and downloads are refused', async () => {
    const { windows, session } = await open()
    const { webContents } = only(windows)
    expect(emitPreventable(webContents.emitter, 'will-navigate', { url: 'https://example.com' })).toBe(true)
    expect(emitPreventable(webContents.emitter, 'will-navigate', { url: 'todoke://app/?x' })).toBe(true)
    expect(emitPreventable(webContents.emitter, 'will-redirect', { url: 'todoke://app/' })).toBe(true)
    expect(emitPreventable(webContents.emitter, 'will-attach-webview')).toBe(true)
    expect(emitPreventable(webContents.emitter, 'will-frame-navigate', { url: 'https://example.com' })).toBe(
      true,
    )
    expect(emitPreventable(webContents.emitter, 'will-frame-navigate', { url: 'about:srcdoc' })).toBe(false)
    expect(webContents.openWindow?.({ url: 'https://example.com' } as Electron.HandlerDetails)).toEqual({
      action: 'deny',
    })
    expect(emitPreventable(session.emitter, 'will-download')).toBe(true)
  })

  test('contents that we did not make are walled in too', async () => {
    const double = await open()
    const stranger = electronDouble()
    const window = new stranger.electron.BrowserWindow({})
    double.app.emit('web-contents-created', preventable(), window.webContents)
    const contents = only(stranger.windows).webContents
    expect(contents.openWindow?.({ url: 'todoke://app/' } as Electron.HandlerDetails)).toEqual({
      action: 'deny',
    })
    expect(emitPreventable(contents.emitter, 'will-navigate', { url: 'todoke://app/' })).toBe(true)
  })

  test('a call is taken only from the main frame of our page in our window', async () => {
    const { call, fake, windows } = await open()
    const text = JSON.stringify(['settings.get', []])
    expect(JSON.parse(String(await call(text)))).toEqual({
      ok: true,
      value: { method: 'settings.get', args: [] },
    })
    const contents = only(windows).webContents
    const strangers = [
      { senderFrame: null },
      { senderFrame: { url: 'https://example.com/', parent: null } },
      { senderFrame: { url: 'todoke://app.example.com/', parent: null } },
      { senderFrame: { url: 'file:///todoke://app/', parent: null } },
      { senderFrame: { url: 'about:srcdoc', parent: contents.mainFrame } },
      { senderFrame: { url: 'todoke://app/', parent: contents.mainFrame } },
      { sender: {} },
    ]
    for (const stranger of strangers) await expect(call(text, stranger)).rejects.toThrow('not for you')
    expect(fake.calls).toHaveLength(1)
  })

  test('dictionaries are not fetched from anybody', async () => {
    const { session } = await open({ platform: 'darwin' })
    expect(session.dictionaryUrl).toBe('todoke://app/no-dictionaries/')
  })

  test('there is no remote module among the packages', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    expect(Object.keys({ ...dependencies, ...devDependencies })).not.toContain('@electron/remote')
  })

  test('the packaged program has its fuses blown', () => {
    const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8')
    for (const [fuse, value] of Object.entries({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })) {
      expect(config).toMatch(new RegExp(`^ {2}${fuse}: ${value}$`, 'm'))
    }
  })

  test('only checked links are opened outside', async () => {
    const { fake, openedOutside } = await open()
    await fake.host?.openExternal('https://example.com/?a=1&b=2')
    await fake.host?.openExternal('mailto:weber@todoke.test')
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/x', 'https://a b/', 'x']) {
      await expect(fake.host?.openExternal(url)).rejects.toThrow()
    }
    expect(openedOutside).toEqual(['https://example.com/?a=1&b=2', 'mailto:weber@todoke.test'])
  })
})

describe('one instance', () => {
  test('a second start ends at once and opens nothing', async () => {
    const double = await open({ isFirstInstance: false })
    expect(await double.ended).toBe('quit')
    expect(double.windows).toEqual([])
    expect(double.fake.host).toBeNull()
  })

  test('a second start calls the window to the front and hands over its mailto link', async () => {
    const { app, windows, fake } = await open()
    const window = only(windows)
    window.isHeldMinimized = true
    app.emit('second-instance', preventable(), ['todoke'], '/', { mailto: 'mailto:a@b.test' })
    expect(window.steps).toEqual(['restore', 'show', 'focus'])
    expect(fake.calls).toEqual([['app.openLink', ['mailto:a@b.test']]])
  })

  test('the mailto link of the first start is opened when the program stands', async () => {
    const { fake } = await open({ argv: ['mailto:a@b.test'] })
    expect(fake.steps).toEqual(['start'])
    expect(fake.calls).toEqual([['app.openLink', ['mailto:a@b.test']]])
  })

  test('where another shell has the data directory, it is called to the front and this one ends', async () => {
    mkdirSync(dataDir, { recursive: true })
    const starts: unknown[] = []
    const other = await claimInstance(dataDir, start => starts.push(start))
    if (!other.ok) throw new Error('not claimed')
    const double = await open({ argv: ['mailto:a@b.test'] })
    expect(await double.ended).toBe(0)
    expect(starts).toEqual([{ mailto: 'mailto:a@b.test' }])
    expect(double.windows).toEqual([])
    other.value.release()
  })
})

describe('quitting', () => {
  test('closing the window stops the program before it exits', async () => {
    const { windows, fake, ended } = await open()
    expect(emitPreventable(only(windows).emitter, 'close')).toBe(true)
    expect(await ended).toBe(0)
    expect(fake.steps).toEqual(['start', 'stop', 'stopped'])
  })

  test('it is asked when mails are unfinished, and "stay" leaves everything as it is', async () => {
    const { app, fake, questions, windows, steps } = await open({
      quitAnswer: Promise.resolve(1),
      language: 'ja-JP',
    })
    fake.unfinishedMails = { sending: 1, held: 2 }
    expect(emitPreventable(app, 'before-quit')).toBe(true)
    await new Promise(resolve => setImmediate(resolve))
    expect(only(questions)).toMatchObject({ cancelId: 1, defaultId: 1, buttons: ['終了する', '終了しない'] })
    expect(only(questions).detail).toContain('2 通')
    expect(fake.steps).toEqual(['start'])
    expect(steps).not.toContain('exit')
    expect(only(windows).steps).not.toContain('hide')
    fake.unfinishedMails = { sending: 0, held: 0 }
  })

  test('it is asked while a file is still on its way to a draft', async () => {
    const { app, fake, questions, steps } = await open({ quitAnswer: Promise.resolve(1), language: 'en' })
    fake.unfinishedMails = { sending: 0, held: 0, files: 1 }
    expect(emitPreventable(app, 'before-quit')).toBe(true)
    await new Promise(resolve => setImmediate(resolve))
    expect(only(questions).detail).toBe('One file is still being attached. The draft is kept without it.')
    expect(steps).not.toContain('exit')
    fake.unfinishedMails = { sending: 0, held: 0 }
  })

  test('a running submission reaches its reply before the program exits', async () => {
    const { app, fake, windows, ended, steps } = await open({ quitAnswer: Promise.resolve(0) })
    let reply: () => void = () => {}
    fake.lastReply = new Promise(resolve => {
      reply = resolve
    })
    fake.unfinishedMails = { sending: 1, held: 0 }
    app.emit('before-quit', preventable())
    await new Promise(resolve => setImmediate(resolve))
    expect(fake.steps).toEqual(['start', 'stop'])
    expect(only(windows).steps).toContain('hide')
    // Asking again, however often, does not shorten it.
    expect(emitPreventable(app, 'before-quit')).toBe(true)
    expect(steps).not.toContain('exit')
    reply()
    expect(await ended).toBe(0)
    expect(fake.steps).toEqual(['start', 'stop', 'stopped'])
  })

  test('on macOS the window closes and the program stays, to open another', async () => {
    const { app, windows, fake } = await open({ platform: 'darwin' })
    expect(emitPreventable(only(windows).emitter, 'close')).toBe(false)
    only(windows).emitter.emit('closed')
    app.emit('window-all-closed')
    expect(fake.steps).toEqual(['start'])
    app.emit('activate')
    expect(windows).toHaveLength(2)
  })
})

describe('what the host gives', () => {
  test.each([
    ['gnome_libsecret', 'linux', 'os-keychain'],
    ['basic_text', 'linux', 'os-weak'],
    ['basic_text', 'darwin', 'os-keychain'],
    [null, 'linux', 'key-file'],
  ] as const)('passwords sealed by %s on %s are called %s', async (storageBackend, platform, kept) => {
    const { fake } = await open({ storageBackend, platform })
    expect(fake.host?.info).toMatchObject({ shell: 'electron', secrets: kept, settingsProblem: null })
    expect(fake.host?.secrets.set('smtp:1', 'geheim')).toEqual({ ok: true, value: true })
    expect(fake.host?.secrets.get('smtp:1')).toEqual({ ok: true, value: 'geheim' })
  })

  test('a damaged settings file is kept aside and told', async () => {
    writeFiles(dataDir, { 'settings.json': '{"theme": "da' })
    const { fake } = await open()
    expect(fake.host?.info.settingsProblem).toMatchObject({ kind: 'settings-corrupt' })
    expect(fake.host?.settings.get('theme')).toBeUndefined()
  })

  test('a file is never saved over another, whatever the dialog says', async () => {
    const downloads = join(folder, 'downloads')
    writeFiles(downloads, { 'letter.eml': 'old' })
    const { fake, saveQuestions } = await open({ downloads, savePath: join(downloads, 'letter.eml') })
    expect(await fake.host?.saveAs('letter.eml')).toBe(join(downloads, 'letter (2).eml'))
    expect(only(saveQuestions).defaultPath).toBe(join(downloads, 'letter (2).eml'))
  })

  test('a person who turns away saves nothing', async () => {
    const { fake } = await open({ downloads: join(folder, 'downloads') })
    expect(await fake.host?.saveAs('letter.eml')).toBeNull()
  })

  test('practice has a place of its own', async () => {
    const { fake, paths } = await open({ argv: ['--practice'] })
    expect(fake.host?.dataDir).toBe(join(dataDir, 'practice'))
    expect(fake.host?.info.isPractice).toBe(true)
    expect(paths.userData).toBe(join(dataDir, 'practice', 'electron'))
  })

  test('data that cannot be opened is said in words, and the program ends with 1', async () => {
    const fake = fakeApp()
    fake.create = async () => fail({ kind: 'database-newer', file: 'desk.db' })
    const { errorBoxes, ended, windows } = await open({ fake })
    expect(await ended).toBe(1)
    expect(only(errorBoxes)).toContain('newer version')
    expect(windows).toEqual([])
  })
})

describe('the window', () => {
  test('it opens where it stood, and remembers where it stands', async () => {
    const bounds = { x: 100, y: 50, width: 900, height: 640 }
    writeFiles(dataDir, { 'window.json': JSON.stringify({ bounds, isMaximized: true }) })
    const { windows, ended } = await open()
    const window = only(windows)
    expect(window.options).toMatchObject({ ...bounds, show: false })
    expect(window.steps).toContain('maximize')
    window.bounds = { x: 1, y: 2, width: 800, height: 600 }
    window.emitter.emit('close', preventable())
    await ended
    expect(JSON.parse(readFileSync(join(dataDir, 'window.json'), 'utf8')).bounds).toEqual(window.bounds)
  })

  test.each([
    ['a screen that is gone', JSON.stringify({ bounds: { x: 5000, y: 0, width: 900, height: 640 } })],
    ['nonsense', '{"bounds":{"x":"a"}}'],
    ['half a file', '{"bou'],
  ])('with a remembered place of %s it opens as at the first start', async (_what, text) => {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(join(dataDir, 'window.json'), text)
    const { windows } = await open()
    expect(only(windows).options).toMatchObject({ width: 1280, height: 800 })
    expect(only(windows).options.x).toBeUndefined()
  })

  test('it shows itself when the page is painted', async () => {
    const { windows } = await open()
    expect(only(windows).steps).toEqual([])
    only(windows).emitter.emit('ready-to-show')
    expect(only(windows).steps).toEqual(['show'])
  })

  test('events go to the page as text on one channel', async () => {
    const { windows, fake } = await open()
    fake.events.emit('drafts.changed', { draftIds: ['d1'] })
    expect(only(windows).webContents.sent).toEqual([
      ['todoke:event', '{"name":"drafts.changed","payload":{"draftIds":["d1"]}}'],
    ])
  })

  test('a page that dies is loaded again, three times and no more', async () => {
    const { windows } = await open()
    const { webContents, loaded } = only(windows)
    webContents.emitter.emit('render-process-gone', preventable(), { reason: 'clean-exit' })
    expect(loaded).toHaveLength(1)
    for (let crash = 0; crash < 5; crash += 1) {
      webContents.emitter.emit('render-process-gone', preventable(), { reason: 'crashed' })
    }
    expect(loaded).toHaveLength(4)
  })

  test('the menu has the standard editing roles, and tools of developers only where they belong', async () => {
    const roles = (double: ElectronDouble) => JSON.stringify(double.menus[0])
    const packaged = await open({ language: 'ja' })
    expect(roles(packaged)).toContain('"role":"editMenu","label":"編集"')
    expect(roles(packaged)).not.toContain('toggleDevTools')
    packaged.app.emit('before-quit', preventable())
    await packaged.ended
    const source = await open({ isPackaged: false, platform: 'darwin' })
    expect(roles(source)).toContain('"role":"appMenu"')
    expect(roles(source)).toContain('toggleDevTools')
  })
})
