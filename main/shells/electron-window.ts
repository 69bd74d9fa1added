/** The window of the Electron shell: where it stood last time, its menus, what it does when its page dies. */

import { readFileSync } from 'node:fs'
import type { ContextMenuParams, MenuItemConstructorOptions, Rectangle } from 'electron'
import type { Language } from '../../shared/model.ts'
import { writeFileAtomically } from './atomic-file.ts'
import type { ElectronModule, Window } from './electron-module.ts'
import { PAGE_ORIGIN, webPreferences } from './electron-walls.ts'
import { wordsIn } from './words.ts'

export type WindowPlace = { bounds: Rectangle | null; isMaximized: boolean }

const FIRST_SIZE = { width: 1280, height: 800 }
const SMALLEST_SIZE = { minWidth: 420, minHeight: 480 }
/** --paper of the look, so that nothing flashes before the page is there. */
const PAPER = { light: '#faf7f2', dark: '#161412' }
const MOST_RELOADS = 3

export type WindowOptions = { preload: string; placeFile: string; icon: string; platform: NodeJS.Platform }

/** Opens the window on the page. It shows itself when the page is painted. */
export function openWindow(electron: ElectronModule, options: WindowOptions): Window {
  const { BrowserWindow, app, nativeTheme, screen } = electron
  const place = readPlace(options.placeFile)
  const isOnScreen = place.bounds !== null && isVisible(place.bounds, screen.getAllDisplays())
  const window = new BrowserWindow({
    ...FIRST_SIZE,
    ...(isOnScreen ? place.bounds : {}),
    ...SMALLEST_SIZE,
    show: false,
    title: 'Todoke',
    icon: options.icon,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? PAPER.dark : PAPER.light,
    webPreferences: webPreferences(options.preload, options.platform, app.isPackaged),
  })
  if (place.isMaximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  const remember = () => {
    const now: WindowPlace = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }
    writeFileAtomically(options.placeFile, JSON.stringify(now))
  }
  window.on('close', remember)
  window.on('session-end', remember)
  window.webContents.on('context-menu', (_event, params) => popUpEditing(electron, params))
  reviveDeadPage(window)
  void window.loadURL(`${PAGE_ORIGIN}/`)
  return window
}

/** A page that dies is loaded again, a few times; the program behind it goes on all the while. */
function reviveDeadPage(window: Window): void {
  let reloads = 0
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed() || reloads === MOST_RELOADS) return
    reloads += 1
    void window.loadURL(`${PAGE_ORIGIN}/`)
  })
}

/** What cannot be read is no place: the window opens as at the first start. */
export function readPlace(file: string): WindowPlace {
  try {
    const place = JSON.parse(readFileSync(file, 'utf8')) as Partial<WindowPlace>
    const { bounds } = place
    const numbers = bounds ? [bounds.x, bounds.y, bounds.width, bounds.height] : []
    const isWhole = numbers.length === 4 && numbers.every(Number.isSafeInteger)
    return { bounds: isWhole && bounds ? bounds : null, isMaximized: place.isMaximized === true }
  } catch {
    return { bounds: null, isMaximized: false }
  }
}

/** Enough of it to take hold of: a screen may have been unplugged meanwhile. */
export function isVisible(bounds: Rectangle, displays: { workArea: Rectangle }[]): boolean {
  return displays.some(({ workArea }) => {
    const width =
      Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x)
    const height =
      Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y)
    return width >= 200 && height >= 100
  })
}

/** Calls the window to the front. */
export function showWindow(window: Window): void {
  if (window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** The program's menu: standard roles, which bring the keys for copy and paste that macOS has only there. */
export function menuTemplate(
  language: Language,
  platform: NodeJS.Platform,
  isPackaged: boolean,
): MenuItemConstructorOptions[] {
  const { menu } = wordsIn(language)
  const view: MenuItemConstructorOptions[] = [
    ...(isPackaged ? [] : [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ]
  return [
    platform === 'darwin' ? { role: 'appMenu' } : { label: menu.file, submenu: [{ role: 'quit' }] },
    { role: 'editMenu', label: menu.edit },
    { label: menu.view, submenu: view },
    { role: 'windowMenu', label: menu.window },
  ]
}

function popUpEditing(
  electron: ElectronModule,
  { isEditable, editFlags, selectionText }: ContextMenuParams,
): void {
  if (!isEditable && selectionText.trim() === '') return
  const editing: MenuItemConstructorOptions[] = [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { role: 'pasteAndMatchStyle', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ]
  electron.Menu.buildFromTemplate(isEditable ? editing : [{ role: 'copy' }, { role: 'selectAll' }]).popup()
}
