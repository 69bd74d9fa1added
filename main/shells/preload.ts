/**
 * The page's side of the pipe, one bundle for both windows: Electron's preload, and in Chromium an init script with
 * a small stand-in for `electron`. Knows no method and no event by name; no Electron object gets past it.
 */

import { contextBridge, ipcRenderer } from 'electron'
import type { AnyEvent, Bridge } from '../../shared/api.ts'

const listeners = new Set<(event: AnyEvent) => void>()

ipcRenderer.on('todoke:event', (_event: unknown, text: string) => {
  const event = JSON.parse(text) as AnyEvent
  for (const listener of listeners) {
    try {
      listener(event)
    } catch (error) {
      // One view's bug must not keep the others from hearing.
      console.error(error)
    }
  }
})

const bridge: Bridge = {
  async call(method, args) {
    try {
      return JSON.parse(await ipcRenderer.invoke('todoke:call', JSON.stringify([method, args])))
    } catch (error) {
      return { ok: false, problem: { kind: 'internal', detail: String(error) } }
    }
  },
  on(listener) {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
    }
  },
}

contextBridge.exposeInMainWorld('todoke', bridge)
