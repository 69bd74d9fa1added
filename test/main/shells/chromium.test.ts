/** The Chromium shell on the machine's real browser: the bridge, the walls against real listeners, the way out. */

import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import type { Frame, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ChromiumShell, openChromiumShell, ShellRefused } from '../../../main/shells/chromium.ts'
import { claimInstance, tellFirstInstance } from '../../../main/shells/one-instance.ts'
import { fail } from '../../../shared/problem.ts'
import { buildPreload, type FakeApp, fakeApp, removeFolder, temporaryFolder, writeFiles } from './house.ts'

let house: string
let preloadFile: string
let rendererDir: string
beforeAll(async () => {
  house = temporaryFolder()
  preloadFile = await buildPreload(house)
  rendererDir = writeFiles(join(house, 'renderer'), {
    'index.html':
      '<!doctype html><title>Todoke</title><p id="said"></p><script type="module" src="/page.js"></script>',
    'page.js': `
      const bridge = window.todoke
      delete window.todoke
      window.bridge = bridge
      window.heard = []
      bridge.on(event => window.heard.push(event))
      document.getElementById('said').textContent = 'the page is here'`,
  })
})
afterAll(() => removeFolder(house))

let dataDir: string
let app: FakeApp
let shell: ChromiumShell | null = null
function begin(): void {
  dataDir = temporaryFolder()
  app = fakeApp()
}
async function end(): Promise<void> {
  await shell?.close()
  shell = null
  removeFolder(dataDir)
}

/** A browser is slow to start: where a test leaves it as it found it, the next one has it too, on a fresh page. */
function shareOneShell(): () => Promise<ChromiumShell> {
  beforeAll(begin)
  afterAll(end)
  return async () => {
    if (shell === null) return open()
    await shell.page.reload()
    await untilTrue(shell.page, 'window.bridge !== undefined')
    app.calls.length = 0
    return shell
  }
}

async function open(): Promise<ChromiumShell> {
  shell = await openChromiumShell({
    dataDir,
    headless: true,
    preloadFile,
    rendererDir,
    createApp: app.create,
  })
  await shell.page.waitForFunction(() => document.getElementById('said')?.textContent === 'the page is here')
  return shell
}

/** Waits for a condition of the page. (Its policy forbids to wait inside of it: that would evaluate text.) */
async function untilTrue(page: Page, condition: string): Promise<void> {
  await expect.poll(() => page.evaluate(condition).catch(() => false), { timeout: 10_000 }).toBe(true)
}

/** A call through the bridge the page took. */
function callFrom(frame: Frame, method: string, args: unknown[]): Promise<unknown> {
  return frame.evaluate(`bridge.call(${JSON.stringify(method)}, ${JSON.stringify(args)})`)
}

describe('the page and its bridge', () => {
  const open = shareOneShell()
  test('calls, hears events, and finds nothing else of ours on its window', async () => {
    const { page } = await open()
    const reply = await callFrom(page.mainFrame(), 'drafts.get', ['届'])
    expect(reply).toEqual({ ok: true, value: { method: 'drafts.get', args: ['届'] } })
    app.events.emit('drafts.changed', { draftIds: ['d1'] })
    await untilTrue(page, 'heard.length > 0')
    expect(await page.evaluate('heard')).toEqual([{ name: 'drafts.changed', payload: { draftIds: ['d1'] } }])
    expect(await page.evaluate('Object.keys(window).filter(name => /todoke/i.test(name))')).toEqual([])
  })

  test('a page loaded anew has its bridge again, and hears what happened meanwhile', async () => {
    const { page } = await open()
    app.events.emit('settings.changed', {})
    await untilTrue(page, 'heard.length === 1')
    await page.reload()
    await untilTrue(page, 'window.bridge !== undefined')
    app.events.emit('outbox.changed', { itemIds: ['m1'] })
    await untilTrue(page, 'heard.some(event => event.name === "outbox.changed")')
  })

  test('a bug behind a call is an answer, and the next call is answered', async () => {
    const { page } = await open()
    expect(await callFrom(page.mainFrame(), 'test.throw', [])).toMatchObject({ ok: false })
    expect(await callFrom(page.mainFrame(), 'app.info', [])).toMatchObject({ ok: true })
  })

  test("a mail's frame shows its mail, has no bridge and is not listened to", async () => {
    const { page } = await open()
    await page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<p>a letter</p>'
      document.body.append(frame)
    })
    await page.frameLocator('iframe').getByText('a letter').waitFor()
    const frame = page.frames()[1] as Frame
    expect(await frame.evaluate('[typeof todoke, typeof todokePipe]')).toEqual(['undefined', 'undefined'])
    // The raw binding of the driver lies in every frame: what comes through it is looked at on our side.
    const raw = `__playwright__binding__controller__.callBinding('todokePipe', 'call', '["app.info",[]]')`
    await expect(frame.evaluate(raw)).rejects.toThrow('not for you')
    expect(app.calls).toEqual([])
    await page.evaluate(raw)
    expect(app.calls).toEqual([['app.info', []]])
  })
})

/** Listens on loopback with TCP and UDP on ports of its own and counts who comes. */
async function listeners() {
  const came: string[] = []
  const tcp = createServer(socket => {
    came.push('tcp')
    socket.on('error', () => {})
    socket.end('HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n')
  })
  const udp = createSocket('udp4', () => void came.push('udp'))
  tcp.listen(0, '127.0.0.1')
  udp.bind(0, '127.0.0.1')
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
  const tcpPort = (tcp.address() as { port: number }).port
  return {
    tcpPort,
    udpPort: udp.address().port,
    /** All that came before a connection of our own, which is last. Forgets them. */
    async all() {
      await once(connect(tcpPort, '127.0.0.1').resume(), 'close')
      return came.splice(0).slice(0, -1)
    },
    close() {
      tcp.close()
      udp.close()
    },
  }
}

/** Everything a page can try to reach the ports with; resolves when each try has ended. */
function attack({ tcpPort, udpPort }: { tcpPort: number; udpPort: number }): string {
  return `(async () => {
    const hosts = ['127.0.0.1:${tcpPort}', 'localhost:${tcpPort}', '[::1]:${tcpPort}']
    // A policy may end a try without any event: then it has had its time.
    const either = (target, ...names) =>
      Promise.race([
        ...names.map(name => new Promise(done => target.addEventListener(name, done, { once: true }))),
        new Promise(done => setTimeout(done, 1500)),
      ])
    const element = (tag, facts) => {
      const it = Object.assign(document.createElement(tag), facts)
      const end = either(it, 'load', 'error', 'loadedmetadata')
      document.body.append(it)
      return end
    }
    const tries = hosts.flatMap(host => {
      const url = 'http://' + host + '/leak'
      const request = new XMLHttpRequest()
      const ended = either(request, 'loadend')
      try { request.open('GET', url); request.send() } catch { return [] }
      let socket, events
      try { socket = either(new WebSocket('ws://' + host + '/'), 'open', 'close', 'error') } catch {}
      try { events = either(new EventSource(url), 'open', 'error') } catch {}
      navigator.sendBeacon(url, 'x')
      return [
        ended, socket, events,
        Promise.race([either(window), fetch(url, { mode: 'no-cors' }).catch(() => {})]),
        Promise.race([either(window), fetch(url, { keepalive: true, method: 'POST' }).catch(() => {})]),
        element('img', { src: url }), element('script', { src: url }), element('iframe', { src: url }),
        element('video', { src: url }), element('object', { data: url }), element('embed', { src: url }),
        ...['stylesheet', 'prefetch', 'preload', 'preconnect', 'dns-prefetch', 'modulepreload', 'icon', 'manifest']
          .map(rel => element('link', { rel, href: url, as: 'image' })),
      ]
    })
    const peer = new RTCPeerConnection({ iceServers: [
      { urls: 'stun:127.0.0.1:${udpPort}' },
      { urls: 'turn:127.0.0.1:${udpPort}?transport=udp', username: 'u', credential: 'c' },
      { urls: 'turn:127.0.0.1:${tcpPort}?transport=tcp', username: 'u', credential: 'c' },
    ] })
    peer.createDataChannel('x')
    const gathered = new Promise(done => { peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done() })
    await peer.setLocalDescription(await peer.createOffer())
    await Promise.all(tries)
    await Promise.race([gathered, new Promise(done => setTimeout(done, 5000))])
    const candidates = peer.localDescription.sdp.split('\\n').filter(line => line.startsWith('a=candidate')).length
    peer.close()
    return candidates
  })()`
}

describe('the walls', () => {
  const open = shareOneShell()
  test('nothing a page tries reaches a listener, also where its policy is taken away', async () => {
    const { page, context } = await open()
    const ears = await listeners()
    await page.evaluate(attack(ears))
    expect(await ears.all()).toEqual([])
    const session = await context.newCDPSession(page)
    await session.send('Page.setBypassCSP', { enabled: true })
    await page.reload()
    await untilTrue(page, 'window.bridge !== undefined')
    await page.evaluate(attack(ears))
    expect(await ears.all()).toEqual([])
    await session.send('Page.setBypassCSP', { enabled: false })
    ears.close()
  })

  test('the page stays where it is', async () => {
    const { page } = await open()
    for (const url of ['https://example.com/', 'http://127.0.0.1:1/', 'https://todoke.invalid.example/']) {
      await page.evaluate(`window.stays = true; location.href = ${JSON.stringify(url)}`)
      await page.evaluate(
        `(() => { const f = document.createElement('form'); f.action = ${JSON.stringify(url)}; document.body.append(f); f.submit() })()`,
      )
    }
    expect(await page.evaluate('window.stays')).toBe(true)
    expect(page.url()).toBe('https://todoke.invalid/')
  })

  test('a page that leaves for an empty place is brought back', async () => {
    const { page } = await open()
    await page.evaluate(`location.href = 'about:blank'`)
    await page.waitForURL('https://todoke.invalid/')
    await untilTrue(page, 'window.bridge !== undefined')
  })

  test('a second window is closed at once', async () => {
    const { page, context } = await open()
    const opened = context.waitForEvent('page')
    await page.evaluate(`void window.open('about:blank')`)
    const other = await opened
    if (!other.isClosed()) await other.waitForEvent('close')
    expect(context.pages()).toEqual([page])
  })

  test('the page is served under its policy and may ask for nothing but to copy', async () => {
    const { page } = await open()
    const answer = await page.reload()
    const headers = answer?.headers() ?? {}
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    const states = await page.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'clipboard-read',
        'clipboard-write',
      ]
      const asked = names.map(name => navigator.permissions.query({ name: name as 'camera' }))
      return (await Promise.all(asked)).map(status => status.state)
    })
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied', 'denied', 'granted'])
    const workers = await page.evaluate(async () => {
      await navigator.serviceWorker.register('/page.js').catch(() => {})
      return (await navigator.serviceWorker.getRegistrations()).length
    })
    expect(workers).toBe(0)
  })

  test('the browser listens on no port', async () => {
    await open()
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ')
    const commands = children.map(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '))
    const browser = commands.find(command => command.includes('--app=data:'))
    expect(browser).toContain('--remote-debugging-pipe')
    expect(browser).not.toContain('--remote-debugging-port')
  })
})

describe('opening and closing', () => {
  beforeEach(begin)
  afterEach(end)
  test('closing the window stops the program, waits for a last reply, and frees the directory', async () => {
    const shell = await open()
    let reply: () => void = () => {}
    app.lastReply = new Promise(resolve => {
      reply = resolve
    })
    await shell.page.close()
    expect((await claimInstance(dataDir, () => {})).ok).toBe(false)
    reply()
    await shell.closed
    expect(app.steps).toEqual(['start', 'stop', 'stopped'])
    const next = await claimInstance(dataDir, () => {})
    expect(next.ok).toBe(true)
    if (next.ok) next.value.release()
  })

  test('closing twice is closing once', async () => {
    const shell = await open()
    await Promise.all([shell.close(), shell.close(), shell.closed])
    expect(app.steps).toEqual(['start', 'stop', 'stopped'])
  })

  test('a second start is refused, and calls the first with its link', async () => {
    await open()
    const second = openChromiumShell({
      dataDir,
      headless: true,
      preloadFile,
      rendererDir,
      createApp: app.create,
    })
    await expect(second).rejects.toMatchObject({
      refusal: { kind: 'problem', problem: { kind: 'already-running' } },
    })
    expect(await tellFirstInstance(dataDir, { mailto: 'mailto:a@b.test' })).toBe(true)
    await expect.poll(() => app.calls).toContainEqual(['app.openLink', ['mailto:a@b.test']])
  })

  test('the data directory and the profile are for their owner only', async () => {
    removeFolder(dataDir)
    await open()
    expect(statSync(dataDir).mode & 0o077).toBe(0)
    expect(app.host?.info).toMatchObject({
      shell: 'chromium',
      secrets: 'key-file',
      isPractice: false,
      dataDir,
    })
    expect(existsSync(join(dataDir, 'chromium', 'Default', 'Preferences'))).toBe(true)
  })

  test.each([
    ['no built page', { rendererDir: '/nowhere' }, 'not-built'],
    ['a browser that is none', { executablePath: '/bin/false' }, 'browser-failed'],
  ] as const)('with %s it refuses, and leaves the directory free', async (_what, wrong, kind) => {
    const shell = openChromiumShell({
      dataDir,
      headless: true,
      preloadFile,
      rendererDir,
      createApp: app.create,
      ...wrong,
    })
    const refused = await shell.then(
      () => null,
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(ShellRefused)
    expect((refused as ShellRefused).refusal.kind).toBe(kind)
    mkdirSync(dataDir, { recursive: true })
    const next = await claimInstance(dataDir, () => {})
    expect(next.ok).toBe(true)
    if (next.ok) next.value.release()
  })

  test('data that cannot be opened opens no window', async () => {
    app.create = async () => fail({ kind: 'database-newer', file: 'desk.db' })
    const shell = openChromiumShell({
      dataDir,
      headless: true,
      preloadFile,
      rendererDir,
      createApp: app.create,
    })
    await expect(shell).rejects.toMatchObject({ refusal: { problem: { kind: 'database-newer' } } })
  })
})

describe('the program as a process', () => {
  beforeEach(begin)
  afterEach(end)

  /** The entry as it is, on the page of these tests and the real app. */
  function start(...words: string[]) {
    const module = resolve(import.meta.dirname, '../../../main/shells/chromium.ts')
    writeFiles(house, {
      'entry.mjs': `import { runChromium } from ${JSON.stringify(module)}
        process.exit(await runChromium(process.argv.slice(2), ${JSON.stringify({ preloadFile, rendererDir })}))`,
    })
    const child = spawn('node', [join(house, 'entry.mjs'), '--headless', '--data', dataDir, ...words], {
      env: { ...process.env, LANG: 'ja_JP.UTF-8', LC_ALL: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let errors = ''
    child.stderr.on('data', chunk => {
      errors += chunk
    })
    return { child, exit: once(child, 'close').then(([code]) => ({ code, errors })) }
  }

  test('a second start calls the first to the front and ends with 0; the first ends in order when asked', async () => {
    const first = start()
    await expect.poll(() => tellFirstInstance(dataDir, { mailto: null }), { timeout: 20_000 }).toBe(true)
    const second = await start().exit
    expect(second).toEqual({
      code: 0,
      errors: 'Todoke はすでに起動しています。開いているウィンドウを前面に出しました。\n',
    })
    first.child.kill('SIGTERM')
    expect(await first.exit).toEqual({ code: 0, errors: '' })
  })

  test('where no browser can be found it says what to install, and ends with 1', async () => {
    process.env.TODOKE_CHROMIUM = '/nowhere/chromium'
    const started = start()
    delete process.env.TODOKE_CHROMIUM
    const { code, errors } = await started.exit
    expect(code).toBe(1)
    expect(errors).toContain('sudo apt-get install chromium')
  })
})
