/**
 * The walls around the page in a Chromium: which flags and preferences it starts with, and the script that gives the
 * page its bridge. Only texts and lists; chromium.ts acts on them.
 */

import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A made-up place: .invalid is promised never to exist (RFC 2606), and https makes it a secure context. */
export const PAGE_ORIGIN = 'https://todoke.invalid'

/** No bridge is in the window for longer than the init script runs. */
export const BINDING = 'todokePipe'

export type StartOptions = { isRoot: boolean; isFirstStart: boolean }

/** Beside what Playwright gives itself (no extensions, no sync, no component updates, no first run). */
export function chromiumFlags({ isRoot, isFirstStart }: StartOptions): string[] {
  return [
    // An empty page first: the made-up one can only be opened once its route is there.
    '--app=data:text/html,<title>Todoke</title>',
    // No name and no address leads anywhere, for the page and for the browser's own services.
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--dns-prefetch-disable',
    '--no-pings',
    '--disable-domain-reliability',
    '--disable-client-side-phishing-detection',
    '--disable-notifications',
    '--disk-cache-size=1',
    '--class=todoke',
    ...(isFirstStart ? ['--window-size=1280,800'] : []),
    // Chromium refuses to run as root with its sandbox; --test-type spares the bar that says so.
    ...(isRoot ? ['--no-sandbox', '--test-type'] : []),
  ]
}

/** What can only be said as a preference of the profile. Written before the first start; later ones are the profile's. */
const PREFERENCES = {
  alternate_error_pages: { enabled: false },
  autofill: { enabled: false, profile_enabled: false, credit_card_enabled: false },
  browser: { check_default_browser: false, enable_spellchecking: false },
  credentials_enable_service: false,
  dns_prefetching: { enabled: false },
  incognito: { mode_availability: 1 },
  net: { network_prediction_options: 2 },
  payments: { can_make_payment_enabled: false },
  profile: {
    password_manager_enabled: false,
    default_content_setting_values: { notifications: 2, geolocation: 2, media_stream: 2, popups: 2 },
  },
  safebrowsing: { enabled: false },
  search: { suggest_enabled: false },
  signin: { allowed: false, allowed_on_next_startup: false },
  spellcheck: { use_spelling_service: false, dictionaries: [] },
  translate: { enabled: false },
  webrtc: { ip_handling_policy: 'disable_non_proxied_udp' },
}

/** Makes the profile of a first start. False where it is already there. */
export function prepareProfile(profile: string): boolean {
  const file = join(profile, 'Default', 'Preferences')
  if (existsSync(file)) return false
  mkdirSync(join(profile, 'Default'), { recursive: true, mode: 0o700 })
  writeFileSync(file, JSON.stringify(PREFERENCES), { mode: 0o600 })
  return true
}

/**
 * The preload bundle of Electron, in a function that gives it the two parts of `electron` it uses. Only the main frame
 * of our page gets it: a mail's frame gets nothing.
 */
export function bridgeScript(preloadBundle: string): string {
  return `(() => {
  const pipe = globalThis.${BINDING}
  delete globalThis.${BINDING}
  if (globalThis.top !== globalThis || location.origin !== ${JSON.stringify(PAGE_ORIGIN)}) return
  const contextBridge = {
    exposeInMainWorld(name, api) {
      Object.defineProperty(globalThis, name, { value: Object.freeze(api), configurable: true })
    },
  }
  const ipcRenderer = {
    invoke: (_channel, text) => pipe('call', text),
    async on(_channel, listener) {
      // Ends with the page or with the program, whichever goes first.
      try {
        for (;;) for (const text of await pipe('events')) listener(null, text)
      } catch {}
    },
  }
  const module = { exports: {} }
  const require = name => {
    if (name === 'electron') return { contextBridge, ipcRenderer }
    throw new Error('not here: ' + name)
  }
  ;((require, module, exports) => {
${preloadBundle}
})(require, module, module.exports)
})()`
}
