/**
 * The program in Electron: one instance, one window, one app, and a quit that leaves no submission half done. Takes the
 * electron module as an argument, so that tests can watch every move; the walls are electron-walls.ts.
 */

import { join } from 'node:path'
import type { Language } from '../../shared/model.ts'
import type { Problem, Result } from '../../shared/problem.ts'
import { type App, createApp } from '../app.ts'
import { type Host, systemClock } from '../host.ts'
import { makePrivateDirectory } from './atomic-file.ts'
import type { ElectronModule, Window } from './electron-module.ts'
import { openElectronSecrets } from './electron-secrets.ts'
import { isOurSender, PAGE_ORIGIN, raiseProgramWalls, raiseSessionWalls } from './electron-walls.ts'
import { menuTemplate, openWindow, showWindow, type WindowOptions } from './electron-window.ts'
import { claimInstance, type Instance, type SecondStart, tellFirstInstance } from './one-instance.ts'
import { parseShellOptions, type ShellOptions, shellLanguage } from './options.ts'
import { isOpenable, plainFileName, unusedPath } from './outside.ts'
import { createPageFiles } from './page-files.ts'
import { type Served, serve } from './serve.ts'
import { openSettingsFile, type Store, type StoreOptions } from './settings-file.ts'
import { sayProblem, wordsIn } from './words.ts'

export type ElectronShellOptions = {
  /** The built program: holds main/, preload/ and renderer/. */
  outDir: string
  icon: string
  /** Without the program's own name. */
  argv: string[]
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  openStore: (options: StoreOptions) => Store
  sortingRoomUrl: URL
  createApp?: (host: Host) => Promise<Result<App>>
}

/** Runs until the program quits. What has to be said before `ready` is said before the first await. */
export async function runElectronShell(
  electron: ElectronModule,
  options: ElectronShellOptions,
): Promise<void> {
  const { app } = electron
  const asked = parseShellOptions(options.argv, options.env)
  app.setName('Todoke')
  // Chromium's own files lie apart from the data, and Electron's lock is per data directory.
  app.setPath('userData', join(asked.dataDir, 'electron'))
  raiseProgramWalls(electron)
  const made = makePrivateDirectory(asked.dataDir)
  const second: SecondStart = { mailto: asked.mailto }
  if (!app.requestSingleInstanceLock(second)) return app.quit()
  let onSecondStart: (start: SecondStart) => void = () => {}
  listenForStarts(electron, start => onSecondStart(start))
  await app.whenReady()
  const language = shellLanguage(app.getPreferredSystemLanguages()[0] ?? 'en')
  const refuse = (problem: Problem) => {
    electron.dialog.showErrorBox('Todoke', sayProblem(problem, language))
    app.exit(1)
  }
  if (!made.ok) return refuse(made.problem)
  const instance = await claimInstance(asked.dataDir, start => onSecondStart(start))
  if (!instance.ok) {
    // Another shell has this directory: Chromium's, or one on lines.
    if (await tellFirstInstance(asked.dataDir, second)) return app.exit(0)
    return refuse(instance.problem)
  }
  const opened = await (options.createApp ?? createApp)(hostOf(electron, options, asked))
  if (!opened.ok) {
    instance.value.release()
    return refuse(opened.problem)
  }
  const inside = { program: opened.value, instance: instance.value, language }
  onSecondStart = openDesk(electron, options, asked, inside)
  await opened.value.start()
  if (asked.mailto !== null) onSecondStart(second)
}

/** The ways another start reaches this one: Electron's lock, and on macOS a link that is opened. */
function listenForStarts({ app }: ElectronModule, onStart: (start: SecondStart) => void): void {
  app.on('second-instance', (_event, argv, _directory, start) => onStart(parseSecondStart(start, argv)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    onStart({ mailto: url })
  })
}

function parseSecondStart(start: unknown, argv: string[]): SecondStart {
  const mailto = (start as { mailto?: unknown } | null)?.mailto
  if (typeof mailto === 'string') return { mailto }
  return { mailto: parseShellOptions(argv.slice(1)).mailto }
}

function hostOf(electron: ElectronModule, options: ElectronShellOptions, asked: ShellOptions): Host {
  const { app, dialog, shell } = electron
  const { dataDir, isPractice } = asked
  const { settings, problem } = openSettingsFile(dataDir, systemClock.now(), options.openStore)
  const { secrets, kept } = openElectronSecrets(electron, dataDir, options.platform)
  return {
    info: {
      shell: 'electron',
      version: app.getVersion(),
      secrets: kept,
      isPractice,
      dataDir,
      systemLanguage: app.getPreferredSystemLanguages()[0] ?? 'en',
      settingsProblem: problem,
    },
    dataDir,
    clock: systemClock,
    secrets,
    settings,
    sortingRoomUrl: options.sortingRoomUrl,
    async openExternal(url) {
      if (!isOpenable(url)) throw new Error('this kind of link is not opened')
      await shell.openExternal(url)
    },
    async saveAs(suggestedName) {
      const defaultPath = unusedPath(app.getPath('downloads'), plainFileName(suggestedName))
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath })
      if (canceled || filePath === '') return null
      // Also where the person said "replace": an older file is never written over.
      return unusedPath(join(filePath, '..'), filePath.slice(join(filePath, '..').length + 1))
    },
  }
}

type Inside = { program: App; instance: Instance; language: Language }

/** The window with its pipe, and the way out. Gives what a second start does. */
function openDesk(
  electron: ElectronModule,
  options: ElectronShellOptions,
  asked: ShellOptions,
  inside: Inside,
): (start: SecondStart) => void {
  const { app, ipcMain, Menu, session } = electron
  const files = createPageFiles(join(options.outDir, 'renderer'), PAGE_ORIGIN)
  raiseSessionWalls(session.defaultSession, files, app.isPackaged)
  let window: Window | null = null
  const served = serve(inside.program, text => {
    if (window !== null && !window.isDestroyed()) window.webContents.send('todoke:event', text)
  })
  ipcMain.handle('todoke:call', (event, text: unknown) => {
    if (window === null || !isOurSender(event, window.webContents)) throw new Error('not for you')
    return served.answer(text)
  })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(inside.language, options.platform, app.isPackaged)),
  )
  const quitting = createQuit(electron, { ...inside, served, hide: () => window?.hide() })
  const open = () => {
    window = openWindow(electron, windowOptions(options, asked))
    window.on('close', event => {
      // On macOS a program lives on without a window; elsewhere its window is the program.
      if (options.platform !== 'darwin') quitting.ask(event)
    })
    window.on('closed', () => {
      window = null
    })
  }
  const show = () => (window === null ? open() : showWindow(window))
  app.on('activate', show)
  app.on('before-quit', quitting.ask)
  app.on('window-all-closed', () => {
    // A listener of ours keeps Electron from quitting by itself.
  })
  open()
  return ({ mailto }) => {
    show()
    if (mailto !== null) void inside.program.door.call('app.openLink', [mailto])
  }
}

function windowOptions(
  { outDir, icon, platform }: ElectronShellOptions,
  { dataDir }: ShellOptions,
): WindowOptions {
  const preload = join(outDir, 'preload', 'preload.cjs')
  return { preload, icon, platform, placeFile: join(dataDir, 'window.json') }
}

type Ending = Inside & { served: Served; hide(): void }

/** Asks when mails are unfinished, lets a running submission reach its reply, and ends once. */
function createQuit(
  electron: ElectronModule,
  { program, served, instance, language, hide }: Ending,
): { ask(event: { preventDefault(): void }): void } {
  let state: 'open' | 'asking' | 'ending' = 'open'
  const askAndEnd = async () => {
    const unfinished = program.unfinished()
    if (
      unfinished.sending + unfinished.held + unfinished.files > 0 &&
      !(await askToQuit(electron, unfinished, language))
    ) {
      state = 'open'
      return
    }
    state = 'ending'
    hide()
    served.close()
    await program.stop().catch(error => console.error('bug', 'stop', error))
    instance.release()
    electron.app.exit(0)
  }
  return {
    ask(event) {
      event.preventDefault()
      if (state !== 'open') return
      state = 'asking'
      void askAndEnd()
    },
  }
}

async function askToQuit(
  electron: ElectronModule,
  { sending, held, files }: ReturnType<App['unfinished']>,
  language: Language,
): Promise<boolean> {
  const words = wordsIn(language)
  const sentences = [
    ...(sending > 0 ? [words.quitSending(sending)] : []),
    ...(held > 0 ? [words.quitHeld(held)] : []),
    ...(files > 0 ? [words.quitFiles(files)] : []),
  ]
  const { response } = await electron.dialog.showMessageBox({
    type: 'question',
    message: words.quitTitle,
    detail: sentences.join('\n'),
    buttons: [words.quit, words.stay],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}
