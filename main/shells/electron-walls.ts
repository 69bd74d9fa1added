/**
 * The walls of the Electron shell, point by point of Electron's security checklist: what a page may load, ask for, open,
 * and who may speak to the program. Everything is refused here that is not named.
 */

import type { IpcMainInvokeEvent, WebContents, WebPreferences } from 'electron'
import type { Contents, ElectronModule, Session } from './electron-module.ts'
import type { PageFiles } from './page-files.ts'

export const SCHEME = 'todoke'
export const PAGE_ORIGIN = `${SCHEME}://app`

/** The renderer of every window of ours. Written out, although most are today's defaults: a default is not a promise. */
export function webPreferences(
  preload: string,
  platform: NodeJS.Platform,
  isPackaged: boolean,
): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    devTools: !isPackaged,
    // macOS checks by itself; elsewhere Chromium would fetch its dictionaries from the network.
    spellcheck: platform === 'darwin',
  }
}

/** Before `ready`, as it is said once for the whole program. */
export function raiseProgramWalls(electron: ElectronModule): void {
  electron.protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, codeCache: true },
    },
  ])
  electron.app.enableSandbox()
  // The program's own connections are Node's. Chromium's network has nowhere to go.
  electron.app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')
  electron.app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', 'disable_non_proxied_udp')
  electron.app.commandLine.appendSwitch('dns-prefetch-disable')
  electron.app.commandLine.appendSwitch('no-pings')
  electron.app.on('web-contents-created', (_event, contents) => wallIn(contents))
}

/** No page goes anywhere, opens anything or holds another page, whoever made it. */
function wallIn(contents: WebContents): void {
  const refuse = (event: { preventDefault(): void }) => event.preventDefault()
  contents.on('will-navigate', refuse)
  contents.on('will-redirect', refuse)
  contents.on('will-frame-navigate', details => {
    // A mail is shown in a frame by srcdoc; nothing else is ever loaded into one.
    if (details.url !== 'about:srcdoc' && details.url !== 'about:blank') details.preventDefault()
  })
  contents.on('will-attach-webview', refuse)
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** What the page may load and ask for; after `ready`. */
export function raiseSessionWalls(session: Session, files: PageFiles, isPackaged: boolean): void {
  session.protocol.handle(SCHEME, async request => {
    const { status, headers, body } = await files.answer(request.method, request.url)
    return new Response(new Uint8Array(body), { status, headers })
  })
  session.webRequest.onBeforeRequest(({ url, resourceType }, callback) => {
    callback({ cancel: !mayLoad(url, resourceType, isPackaged) })
  })
  // To put a text on the clipboard is a click on "copy"; nothing that can be asked for is given.
  const isCopying = (permission: string, origin: string) =>
    permission === 'clipboard-sanitized-write' && isOurUrl(origin)
  session.setPermissionRequestHandler((_contents, permission, callback, { requestingUrl, isMainFrame }) => {
    callback(isMainFrame && isCopying(permission, requestingUrl))
  })
  session.setPermissionCheckHandler((_contents, permission, origin, { isMainFrame }) => {
    return isMainFrame && isCopying(permission, origin)
  })
  session.setDevicePermissionHandler(() => false)
  session.setSpellCheckerDictionaryDownloadURL(`${PAGE_ORIGIN}/no-dictionaries/`)
  // The page gives nothing to save: files leave by the program, under a checked name.
  session.on('will-download', event => event.preventDefault())
}

/** Our own files, and pictures and faces the page holds as bytes. Developer tools only where they can be opened. */
export function mayLoad(url: string, resourceType: string, isPackaged: boolean): boolean {
  if (isOurUrl(url)) return true
  if (url.startsWith('data:')) return resourceType === 'image' || resourceType === 'font'
  if (url.startsWith('blob:')) return resourceType === 'image' && url.startsWith(`blob:${PAGE_ORIGIN}/`)
  return url.startsWith('devtools:') && !isPackaged
}

/** By its parts, not by its beginning: `todoke://app.example` is somebody else. */
export function isOurUrl(url: string): boolean {
  try {
    const { protocol, host, username, password } = new URL(url)
    return protocol === `${SCHEME}:` && host === 'app' && username === '' && password === ''
  } catch {
    return false
  }
}

/** Only the main frame of our own page in our own window may call. A frame that has gone is nobody. */
export function isOurSender(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  contents: Contents,
): boolean {
  const { sender, senderFrame } = event
  if (senderFrame === null || sender !== contents) return false
  return senderFrame.parent === null && isOurUrl(senderFrame.url)
}
