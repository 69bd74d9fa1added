/**
 * All that this house uses of Electron, as types only: the real module fits in, and so does the recording double of the
 * tests. A name that Electron does not have does not compile here.
 */

import type * as Electron from 'electron'

export type Contents = Pick<
  Electron.WebContents,
  'on' | 'send' | 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy'
>

export type Window = Pick<
  Electron.BrowserWindow,
  | 'on'
  | 'once'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'restore'
  | 'maximize'
  | 'destroy'
  | 'isMinimized'
  | 'isMaximized'
  | 'isDestroyed'
  | 'getNormalBounds'
> & { webContents: Contents }

type OnBeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void

export type Session = Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setSpellCheckerDictionaryDownloadURL'
> & {
  protocol: Pick<Electron.Protocol, 'handle'>
  webRequest: { onBeforeRequest(listener: OnBeforeRequest): void }
  on: Electron.Session['on']
}

export type ElectronModule = {
  app: Pick<
    Electron.App,
    | 'on'
    | 'whenReady'
    | 'requestSingleInstanceLock'
    | 'enableSandbox'
    | 'setName'
    | 'setPath'
    | 'getPath'
    | 'getVersion'
    | 'getPreferredSystemLanguages'
    | 'isPackaged'
    | 'quit'
    | 'exit'
  > & { commandLine: Pick<Electron.CommandLine, 'appendSwitch'> }
  BrowserWindow: new (options: Electron.BrowserWindowConstructorOptions) => Window
  Menu: {
    buildFromTemplate(template: Electron.MenuItemConstructorOptions[]): Pick<Electron.Menu, 'popup'>
    setApplicationMenu(menu: Pick<Electron.Menu, 'popup'> | null): void
  }
  dialog: {
    showMessageBox(options: Electron.MessageBoxOptions): Promise<Electron.MessageBoxReturnValue>
    showSaveDialog(options: Electron.SaveDialogOptions): Promise<Electron.SaveDialogReturnValue>
    showErrorBox(title: string, content: string): void
  }
  ipcMain: Pick<Electron.IpcMain, 'handle'>
  nativeTheme: Pick<Electron.NativeTheme, 'shouldUseDarkColors'>
  protocol: Pick<Electron.Protocol, 'registerSchemesAsPrivileged'>
  safeStorage: Pick<
    Electron.SafeStorage,
    'isEncryptionAvailable' | 'encryptString' | 'decryptString' | 'getSelectedStorageBackend'
  >
  screen: { getAllDisplays(): Pick<Electron.Display, 'workArea'>[] }
  session: { defaultSession: Session }
  shell: Pick<Electron.Shell, 'openExternal'>
}
