// Electron as the shell sees it, recording every move. Typed from Electron's own declarations through ElectronModule:
// a name Electron does not have, or an argument of a wrong type, does not compile. It has no window and no network.

import { EventEmitter } from 'node:events'
import type * as Electron from 'electron'
import type { Contents, ElectronModule, Session, Window } from '../../main/shells/electron-module.ts'

type Listener = (...args: never[]) => void
type CallHandler = (event: Electron.IpcMainInvokeEvent, ...args: unknown[]) => unknown
type SessionHandlers = {
  scheme: string
  serve: (request: Request) => Response | Promise<Response>
  beforeRequest: Parameters<Session['webRequest']['onBeforeRequest']>[0]
  permissionRequest: NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>
  permissionCheck: NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>
  device: NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>
  dictionaryUrl: string
}

/** What Electron's emitters return is never used by us, so their many overloads need no repeating. */
function emitterMethods(emitter: EventEmitter) {
  const listen = (event: string, listener: Listener): never => {
    emitter.on(event, listener as (...args: unknown[]) => void)
    return undefined as never
  }
  const once = (event: string, listener: Listener): never => {
    emitter.once(event, listener as (...args: unknown[]) => void)
    return undefined as never
  }
  return { on: listen, once }
}

/** An event of Electron that remembers whether it was prevented. */
export function preventable(): { defaultPrevented: boolean; preventDefault(): void } {
  const event = {
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    },
  }
  return event
}

export type ContentsDouble = Contents & {
  emitter: EventEmitter
  sent: [string, ...unknown[]][]
  openWindow: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null
  webRtcPolicy: string | null
  mainFrame: { url: string; parent: null }
}

function contentsDouble(): ContentsDouble {
  const emitter = new EventEmitter()
  const contents: ContentsDouble = {
    ...emitterMethods(emitter),
    emitter,
    sent: [],
    openWindow: null,
    webRtcPolicy: null,
    mainFrame: { url: 'todoke://app/', parent: null },
    send: (channel, ...args) => void contents.sent.push([channel, ...args]),
    setWindowOpenHandler(handler) {
      contents.openWindow = handler
    },
    setWebRTCIPHandlingPolicy(policy) {
      contents.webRtcPolicy = policy
    },
  }
  return contents
}

export type WindowDouble = Window & {
  options: Electron.BrowserWindowConstructorOptions
  emitter: EventEmitter
  webContents: ContentsDouble
  loaded: string[]
  steps: string[]
  isHeldMinimized: boolean
  bounds: Electron.Rectangle
}

function windowDouble(options: Electron.BrowserWindowConstructorOptions): WindowDouble {
  const emitter = new EventEmitter()
  const step = (name: string) => () => void window.steps.push(name)
  const window: WindowDouble = {
    ...emitterMethods(emitter),
    options,
    emitter,
    webContents: contentsDouble(),
    loaded: [],
    steps: [],
    isHeldMinimized: false,
    bounds: { x: 10, y: 20, width: 1000, height: 700 },
    async loadURL(url) {
      window.loaded.push(url)
    },
    show: step('show'),
    hide: step('hide'),
    focus: step('focus'),
    restore: step('restore'),
    maximize: step('maximize'),
    destroy: step('destroy'),
    isMinimized: () => window.isHeldMinimized,
    isMaximized: () => window.steps.includes('maximize'),
    isDestroyed: () => window.steps.includes('destroy'),
    getNormalBounds: () => window.bounds,
  }
  return window
}

export type ElectronDoubleOptions = {
  isFirstInstance?: boolean
  isPackaged?: boolean
  language?: string
  downloads?: string
  /** null: the system can seal nothing. */
  storageBackend?: ReturnType<Electron.SafeStorage['getSelectedStorageBackend']> | null
  workAreas?: Electron.Rectangle[]
  /** What the person answers to "quit?" and where they save. */
  quitAnswer?: Promise<number>
  savePath?: string
}

export type ElectronDouble = {
  electron: ElectronModule
  app: EventEmitter
  windows: WindowDouble[]
  session: Partial<SessionHandlers> & { emitter: EventEmitter }
  /** In the order in which they happened. */
  steps: string[]
  schemes: Electron.CustomScheme[]
  switches: Record<string, string | undefined>
  paths: Record<string, string>
  errorBoxes: string[]
  questions: Electron.MessageBoxOptions[]
  saveQuestions: Electron.SaveDialogOptions[]
  openedOutside: string[]
  menus: Electron.MenuItemConstructorOptions[][]
  /** A call as the page makes it; the sender is the main frame of the window where nothing else is said. */
  call(text: unknown, from?: { sender?: unknown; senderFrame?: unknown }): Promise<unknown>
  /** Resolves with the code of app.exit, or 'quit'. */
  ended: Promise<number | 'quit'>
}

export function electronDouble(options: ElectronDoubleOptions = {}): ElectronDouble {
  const emitter = new EventEmitter()
  const sessionEmitter = new EventEmitter()
  let end: (code: number | 'quit') => void = () => {}
  let callHandler: CallHandler | null = null
  const double: ElectronDouble = {
    electron: { ...appPart(), ...windowPart(), ...systemPart() },
    app: emitter,
    windows: [],
    session: { emitter: sessionEmitter },
    steps: [],
    schemes: [],
    switches: {},
    paths: {},
    errorBoxes: [],
    questions: [],
    saveQuestions: [],
    openedOutside: [],
    menus: [],
    async call(text, from = {}) {
      const contents = double.windows.at(-1)?.webContents
      const event = { sender: contents, senderFrame: contents?.mainFrame, ...from }
      if (callHandler === null) throw new Error('nobody listens')
      return callHandler(event as Electron.IpcMainInvokeEvent, text)
    },
    ended: new Promise(resolve => {
      end = resolve
    }),
  }

  function appPart(): Pick<ElectronModule, 'app' | 'protocol' | 'ipcMain' | 'session'> {
    return {
      app: {
        ...emitterMethods(emitter),
        isPackaged: options.isPackaged ?? true,
        commandLine: {
          appendSwitch(name, value) {
            double.switches[name] = value
          },
        },
        async whenReady() {
          double.steps.push('ready')
        },
        requestSingleInstanceLock() {
          double.steps.push('lock')
          return options.isFirstInstance ?? true
        },
        enableSandbox: () => void double.steps.push('sandbox'),
        setName: () => {},
        setPath(name, path) {
          double.paths[name] = path
        },
        getPath: name => (name === 'downloads' ? (options.downloads ?? '') : (double.paths[name] ?? '')),
        getVersion: () => '0.1.0',
        getPreferredSystemLanguages: () => [options.language ?? 'en-GB'],
        quit() {
          double.steps.push('quit')
          end('quit')
        },
        exit(code) {
          double.steps.push('exit')
          end(code ?? 0)
        },
      },
      protocol: {
        registerSchemesAsPrivileged(schemes) {
          double.steps.push('schemes')
          double.schemes.push(...schemes)
        },
      },
      ipcMain: {
        handle(channel, handler) {
          if (channel !== 'todoke:call' || callHandler !== null) throw new Error(`no channel ${channel}`)
          callHandler = handler
        },
      },
      session: { defaultSession: sessionPart() },
    }
  }

  function sessionPart(): Session {
    return {
      ...emitterMethods(sessionEmitter),
      protocol: {
        handle(scheme, handler) {
          Object.assign(double.session, { scheme, serve: handler })
        },
      },
      webRequest: {
        onBeforeRequest(listener) {
          double.session.beforeRequest = listener
        },
      },
      setPermissionRequestHandler(handler) {
        if (handler) double.session.permissionRequest = handler
      },
      setPermissionCheckHandler(handler) {
        if (handler) double.session.permissionCheck = handler
      },
      setDevicePermissionHandler(handler) {
        if (handler) double.session.device = handler
      },
      setSpellCheckerDictionaryDownloadURL(url) {
        double.session.dictionaryUrl = url
      },
    }
  }

  function windowPart(): Pick<
    ElectronModule,
    'BrowserWindow' | 'Menu' | 'dialog' | 'screen' | 'nativeTheme'
  > {
    return {
      BrowserWindow: class {
        constructor(windowOptions: Electron.BrowserWindowConstructorOptions) {
          double.steps.push('window')
          const window = windowDouble(windowOptions)
          double.windows.push(window)
          emitter.emit('web-contents-created', preventable(), window.webContents)
          // biome-ignore lint/correctness/noConstructorReturn: the double is the window.
          return window
        }
      } as ElectronModule['BrowserWindow'],
      Menu: {
        buildFromTemplate(template) {
          double.menus.push(template)
          return { popup: () => void double.steps.push('popup') }
        },
        setApplicationMenu: () => {},
      },
      dialog: {
        async showMessageBox(question) {
          double.questions.push(question)
          return { response: (await options.quitAnswer) ?? 0, checkboxChecked: false }
        },
        async showSaveDialog(question) {
          double.saveQuestions.push(question)
          return { canceled: options.savePath === undefined, filePath: options.savePath ?? '' }
        },
        showErrorBox: (title, content) => void double.errorBoxes.push(`${title}: ${content}`),
      },
      screen: {
        getAllDisplays: () =>
          (options.workAreas ?? [{ x: 0, y: 0, width: 1920, height: 1080 }]).map(workArea => ({ workArea })),
      },
      nativeTheme: { shouldUseDarkColors: false },
    }
  }

  function systemPart(): Pick<ElectronModule, 'safeStorage' | 'shell'> {
    return {
      safeStorage: {
        isEncryptionAvailable: () => options.storageBackend !== null,
        getSelectedStorageBackend: () => options.storageBackend ?? 'gnome_libsecret',
        // Not a seal, but what comes out is not what went in.
        encryptString: text => Buffer.from(Buffer.from(text).map(byte => byte ^ 0x5a)),
        decryptString: sealed => Buffer.from(sealed.map(byte => byte ^ 0x5a)).toString(),
      },
      shell: {
        async openExternal(url) {
          double.openedOutside.push(url)
        },
      },
    }
  }

  return double
}
