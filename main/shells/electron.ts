/** Electron's entry: gives the real Electron and electron-store to the shell. Nothing else; out/main/electron.js is it. */

import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import electron from 'electron'
import ElectronStore from 'electron-store'
import { runElectronShell } from './electron-shell.ts'

// No top-level await: Electron is not ready before this module has been evaluated to its end.
runElectronShell(electron, {
  outDir: resolve(import.meta.dirname, '..'),
  icon: resolve(import.meta.dirname, '..', '..', 'build', 'icon.png'),
  argv: process.argv.slice(1),
  env: process.env,
  platform: process.platform,
  openStore: options => new ElectronStore<Record<string, unknown>>(options),
  sortingRoomUrl: pathToFileURL(join(import.meta.dirname, 'sorting-room.js')),
}).catch(error => {
  console.error('bug', 'electron shell', error)
  electron.app.exit(1)
})
